// A judge held against labels: what it decided, how surely, and how far it can be believed.

public import UndertoneStatistics

/// Calibrations.
public enum Calibration {
    /// Items that a calibration should have, and of each class. Below, intervals are too wide to be of use.
    static let wanted = (items: 200, ofClass: 50)
    /// The lower end of κ that is "substantial" agreement (Landis & Koch, Biometrics 33 (1977) 159), where nobody demands
    /// another one.
    public static let usualKappa = 0.6

    /// Holds judgements against labels.
    ///
    /// - Parameters:
    ///   - judgements: one list for each repetition, with one judgement for each item. The first list is what is reported;
    ///     the others only show how often decisions change. A judgement that is missing counts as failed.
    ///   - threshold: an item is met whose score is at least this.
    ///   - meetsEscaped: whether an escape means that the item is met.
    ///   - seed: of the two halves on which a threshold is chosen and tried.
    public static func report(
        _ labelled: [Labelled], judgements: [[Judgement]], threshold: Double, meetsEscaped: Bool = false,
        source: CalibrationSource, seed: UInt64 = 1
    ) -> CalibrationReport {
        let items = labelled.enumerated().map { place, item in
            CalibrationReport.Item(
                label: item.label,
                answers: judgements.isEmpty
                    ? [.unjudged(.failed)]
                    : judgements.map { $0.indices.contains(place) ? $0[place] : .unjudged(.failed) },
                votes: item.votes.map(\.label))
        }
        return CalibrationReport(
            source: source, items: items, threshold: threshold, meetsEscaped: meetsEscaped, seed: seed)
    }
}

/// All that a calibration found. Its figures follow from its items.
public struct CalibrationReport: Sendable, Hashable {
    /// A labelled item and what the judge answered, without its text.
    public struct Item: Sendable, Hashable {
        /// The label that counts.
        public var label: Bool
        /// What the judge answered, once for each repetition; at least one.
        public var answers: [Judgement]
        /// What people said.
        public var votes: [Bool]

        /// An item.
        public init(label: Bool, answers: [Judgement], votes: [Bool] = []) {
            self.label = label
            self.answers = answers
            self.votes = votes
        }
    }

    /// Items by class.
    public struct ByClass: Sendable, Hashable {
        /// Labelled 1.
        public var positives = 0
        /// Labelled 0.
        public var negatives = 0
        /// Both.
        public var all: Int { positives + negatives }
    }

    /// A threshold that was chosen on one half of the items and tried on the other.
    public struct Choice: Sendable, Hashable {
        /// Halfway between two scores: the one with the greatest κ on the first half, the highest where there are several.
        public var threshold: Double
        /// Items of the first half.
        public var chosenOn: Int
        /// What it decides on the second.
        public var confusion: Confusion
    }

    /// What it was made with.
    public let source: CalibrationSource
    /// All items.
    public let items: [Item]
    /// An item is met whose score is at least this.
    public let threshold: Double
    /// Whether an escape means that an item is met.
    public let meetsEscaped: Bool
    /// Of the two halves.
    public let seed: UInt64

    /// Items by label.
    public private(set) var labelled = ByClass()
    /// Items without a decision.
    public private(set) var unjudged = ByClass()
    /// Items that were answered by an escape.
    public private(set) var escaped = ByClass()
    /// Items with a decision.
    public private(set) var confusion = Confusion()
    /// How well scores tell the classes apart; nil where a class has none.
    public let auroc: AUROC?
    /// The curve whose area that is.
    public let curve: [ROCPoint]
    /// Brier's score, a score of 100 taken for a probability of 1; nil without scores.
    public let brier: Double?
    /// What was labelled 1 where about one score was given.
    public let bins: [ReliabilityBin]
    /// The mean distance of scores from what was labelled 1; nil without scores.
    public let calibrationError: Double?
    /// A threshold for this judge; nil where a half has one class only, or one score.
    public let choice: Choice?
    /// Of the items that were asked about more than once, those whose decision changed; being unjudged counts as one.
    public let flips: CountedShare
    /// Items that two people labelled, by what the first and the second said.
    public let people: Confusion

    /// The report on these items.
    ///
    /// - Complexity: O(items × log items).
    public init(source: CalibrationSource, items: [Item], threshold: Double, meetsEscaped: Bool, seed: UInt64) {
        self.source = source
        self.items = items
        self.threshold = threshold
        self.meetsEscaped = meetsEscaped
        self.seed = seed
        let rule = Decision(threshold: threshold, meetsEscaped: meetsEscaped)
        var stated: [(probability: Double, happened: Bool)] = []
        var (changed, repeated) = (0, 0)
        var people = Confusion()
        for item in items {
            let answer = item.answers.first ?? .unjudged(.failed)
            labelled.count(item.label)
            if case .escape = answer { escaped.count(item.label) }
            if let isMet = rule.isMet(answer) {
                confusion.add(label: item.label, isMet: isMet)
            } else {
                unjudged.count(item.label)
            }
            if let score = answer.score { stated.append((score / 100, item.label)) }
            if item.answers.count > 1 {
                repeated += 1
                changed += Set(item.answers.map(rule.isMet)).count > 1 ? 1 : 0
            }
            if item.votes.count > 1 { people.add(label: item.votes[0], isMet: item.votes[1]) }
        }
        let scores = Dictionary(grouping: stated, by: \.happened).mapValues { $0.map { $0.probability * 100 } }
        auroc = UndertoneStatistics.auroc(positives: scores[true] ?? [], negatives: scores[false] ?? [])
        curve = rocCurve(positives: scores[true] ?? [], negatives: scores[false] ?? [])
        brier = brierScore(stated)
        bins = reliabilityBins(stated)
        calibrationError = UndertoneStatistics.calibrationError(bins)
        flips = CountedShare(changed, of: repeated)
        self.people = people
        choice = ThresholdChoice(items: items, meetsEscaped: meetsEscaped, seed: seed).best
    }

    /// What is kept of it.
    public var record: CalibrationRecord {
        CalibrationRecord(source, threshold: threshold, n: confusion.n, kappa: confusion.kappa)
    }

    /// Whether the lower end of κ is at least that. A judge who always says the same never passes: its κ is 0 or none.
    public func passes(_ kappa: Double = Calibration.usualKappa) -> Bool {
        confusion.kappa.map { $0.interval.low >= kappa } ?? false
    }
}

extension CalibrationReport.ByClass {
    fileprivate mutating func count(_ label: Bool) {
        if label { positives += 1 } else { negatives += 1 }
    }
}

/// How a judgement becomes a decision.
struct Decision {
    var threshold: Double
    var meetsEscaped: Bool

    /// Whether the item is met; nil where there is no decision.
    func isMet(_ judgement: Judgement) -> Bool? {
        switch judgement {
        case .score(let score): score >= threshold
        case .escape: meetsEscaped
        case .unjudged: nil
        }
    }
}
