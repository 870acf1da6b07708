// What a classifier says of two drops, or why it says nothing.

import UndertoneStatistics
package import UndertoneText

/// How the classifier is made and questioned.
public struct ClassifierSettings: Sendable, Hashable {
    /// Outputs of a side that are looked at; of more, a uniform sample.
    public var most = 25_000
    /// Bytes of the outputs of a side that are looked at, which bounds time and memory where outputs are long.
    public var mostBytes = 6_000_000
    /// Parts of the data, each held out once.
    public var folds = 5
    /// Whether answers to one prompt are held out together.
    public var keepsPromptsTogether = true
    /// Sizes of bags.
    public var bagSizes = [8, 16]
    /// Ways to divide records into bags, which are averaged.
    public var bagDivisions = 20
    /// Of labels, for the p-value.
    public var permutations = 999
    /// What is looked at; prompts only where every record has one.
    public var groups = Set(FeatureGroup.allCases)
    /// What a wrong record costs, against the penalty on weights; above 0.
    public var cost = 0.015
    /// Outputs that a feature must be in.
    public var leastRows = 3
    /// Features that are told.
    public var toldFeatures = 12
    /// Of folds, bags, permutations and the order of learning.
    public var seed: UInt64 = 0
    /// 1 is right too: the result does not depend on it.
    public var threads = 2

    /// The settings that the figures in docs/classifier.md were measured with.
    public init() {}
}

/// Why nothing can be said.
public enum ClassifierUnsaid: Sendable, Hashable {
    /// A side has no outputs.
    case emptySide(isDrop: Bool)
    /// Too few different outputs on a side: `found` of `needed`.
    case tooFew(isDrop: Bool, found: Int, needed: Int)
    /// All outputs of both sides are one and the same.
    case allIdentical
    /// Prompts link nearly all outputs, so that they can't be held out separately.
    case inseparable(parts: Int, needed: Int)
    /// No feature is in enough outputs.
    case noFeatures

    /// A word for machines.
    public var id: String {
        switch self {
        case .emptySide: "empty-side"
        case .tooFew: "too-few"
        case .allIdentical: "all-identical"
        case .inseparable: "inseparable"
        case .noFeatures: "no-features"
        }
    }

    /// A sentence.
    public var text: String {
        func side(_ isDrop: Bool) -> String { isDrop ? "the drop" : "the reference" }
        switch self {
        case .emptySide(let isDrop):
            return "\(side(isDrop)) has no outputs, so that there is nothing to tell apart"
        case .tooFew(let isDrop, let found, let needed):
            return "\(side(isDrop)) has \(counted(found, "different output")); a classifier needs \(grouped(needed))"
        case .allIdentical:
            return "all outputs of the drop and the reference are the same"
        case .inseparable(let parts, let needed):
            return "outputs and prompts hang together in \(counted(parts, "part")), and \(grouped(needed)) are needed"
        case .noFeatures:
            return "no feature is in enough outputs to learn from"
        }
    }
}

/// A feature that tells the sides apart.
public struct ClassifierFeature: Sendable, Hashable {
    /// What kind of thing it is.
    public var group: FeatureGroup
    /// What it is, in words; text from data is visible and short.
    public var words: String
    /// What it adds to the log-odds of an output in which it is once; above 0 where it speaks for the drop.
    public var weight: Double
    /// Outputs of the drop that have it.
    public var drop: Int
    /// Outputs of the reference that have it.
    public var reference: Int
}

/// How well a classifier tells a drop from a reference, on records that it has not seen.
public struct ClassifierComparison: Sendable {
    /// Outputs that were looked at.
    public var outputs: (drop: Int, reference: Int)
    /// Of those, different ones on their side. Where they are much fewer, intervals are too narrow, since repeats count as
    /// records of their own.
    public var distinct: (drop: Int, reference: Int)
    /// Features that were learned from.
    public var features: Int
    /// Of single records. Where the p-value is above 0.05, standard errors here and of bags are √2 times DeLong's: records
    /// that teach nothing vary together.
    public var record: HeldOutArea
    /// The chance of so large an area where both sides come from one distribution; on the safe side.
    public var pValue: Double
    /// Of bags, by the size asked for.
    public var bags: [BagArea]
    /// What tells most.
    public var told: [ClassifierFeature]
}

/// The answer of the classifier test.
public enum ClassifierResult: Sendable {
    /// It was made, and says this.
    case compared(ClassifierComparison)
    /// It could not be made.
    case unsaid(ClassifierUnsaid)
}

extension ClassifierResult {
    /// Writes the member `classifier`: `auroc`, `interval`, `p_value`, `bags`, `features`; or `unsaid` and why.
    package func write(to json: inout JSONWriter) {
        json.object("classifier") { json in
            switch self {
            case .unsaid(let reason):
                json.member("unsaid", reason.id)
                json.member("reason", reason.text)
            case .compared(let comparison): comparison.write(to: &json)
            }
        }
    }
}

extension ClassifierComparison {
    fileprivate func write(to json: inout JSONWriter) {
        json.object("outputs", inline: true) { json in
            json.member("drop", outputs.drop)
            json.member("reference", outputs.reference)
        }
        json.object("distinct_outputs", inline: true) { json in
            json.member("drop", distinct.drop)
            json.member("reference", distinct.reference)
        }
        json.member("learned_features", features)
        record.write(to: &json)
        json.member("p_value", pValue)
        json.object("bags") { json in
            for bag in bags {
                json.object(String(bag.size), inline: true) { json in
                    json.member("drop", bag.dropBags)
                    json.member("reference", bag.referenceBags)
                    if let area = bag.area {
                        area.write(to: &json)
                    } else {
                        json.member("unsaid", "too-few-bags")
                    }
                }
            }
        }
        json.array("features") { json in
            for feature in told {
                json.object(inline: true) { json in
                    json.member("feature", feature.words)
                    json.member("group", "\(feature.group)")
                    json.member("weight", feature.weight)
                    json.member("drop", feature.drop)
                    json.member("reference", feature.reference)
                }
            }
        }
    }
}

extension HeldOutArea {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("auroc", value)
        json.array("interval", inline: true) { json in
            json.value(interval.low)
            json.value(interval.high)
        }
    }
}
