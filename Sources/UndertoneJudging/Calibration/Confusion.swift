// What a judge decided against what people said.

public import UndertoneStatistics

/// Decided items by label and decision.
public struct Confusion: Sendable, Hashable {
    /// Labelled 1 and met.
    public var truePositives = 0
    /// Labelled 0 and met.
    public var falsePositives = 0
    /// Labelled 1 and not met.
    public var falseNegatives = 0
    /// Labelled 0 and not met.
    public var trueNegatives = 0

    /// No item.
    public init() {}

    /// Counts an item.
    public mutating func add(label: Bool, isMet: Bool) {
        switch (label, isMet) {
        case (true, true): truePositives += 1
        case (false, true): falsePositives += 1
        case (true, false): falseNegatives += 1
        case (false, false): trueNegatives += 1
        }
    }

    /// All items.
    public var n: Int { positives + negatives }
    /// Items labelled 1.
    public var positives: Int { truePositives + falseNegatives }
    /// Items labelled 0.
    public var negatives: Int { falsePositives + trueNegatives }
    /// Items that the judge met.
    public var met: Int { truePositives + falsePositives }

    /// Items by label (rows: 0, 1) and decision (columns: not met, met).
    public var table: [[Int]] { [[trueNegatives, falsePositives], [falseNegatives, truePositives]] }
    /// Cohen's κ; nil where label and judge know one class only, the same one.
    public var kappa: Agreement? { cohenKappa(table) }
    /// Gwet's AC1.
    public var ac1: Agreement? { gwetAC1(table) }
    /// The share that judge and label agree on.
    public var accuracy: CountedShare { CountedShare(truePositives + trueNegatives, of: n) }
    /// The share of the positives that is met.
    public var sensitivity: CountedShare { CountedShare(truePositives, of: positives) }
    /// The share of the negatives that is not.
    public var specificity: CountedShare { CountedShare(trueNegatives, of: negatives) }
    /// The share of the items that is labelled 1.
    public var prevalence: CountedShare { CountedShare(positives, of: n) }

    /// The share of a whole drop that has what is asked for, from the share that the judge met in a sample of it, with
    /// what is known of the judge's errors: ``UndertoneStatistics/correctedPrevalence(found:tested:hits:positives:rejections:negatives:)``.
    public func correctedShare(met: Int, of judged: Int) -> RatioEstimate? {
        correctedPrevalence(
            found: met, tested: judged, hits: truePositives, positives: positives, rejections: trueNegatives,
            negatives: negatives)
    }
}

/// A share as its two counts.
public struct CountedShare: Sendable, Hashable {
    /// How many.
    public var part: Int
    /// Of how many.
    public var whole: Int

    /// A share.
    public init(_ part: Int, of whole: Int) {
        self.part = part
        self.whole = whole
    }

    /// From 0 to 1; NaN of nothing.
    public var value: Double { whole > 0 ? Double(part) / Double(whole) : .nan }
    /// Wilson's 95 % interval.
    public var interval: Interval { wilsonInterval(successes: part, trials: whole) }
}
