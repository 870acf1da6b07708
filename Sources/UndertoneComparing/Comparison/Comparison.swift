// What a comparison found.

import UndertoneStatistics

/// A drop held against a reference.
public struct Comparison: Sendable {
    /// One side.
    public struct Source: Sendable, Hashable {
        /// A file of it.
        public struct File: Sendable, Hashable {
            /// As the user named it.
            public var path: String
            /// SHA-256 of its bytes as stored.
            public var digest: String
        }

        /// Its files.
        public var files: [File]
        /// Records that could be read.
        public var records: Int
        /// Records that could not.
        public var malformed: Int
        /// Texts that a model wrote.
        public var outputs: Int
        /// Outputs that classifier and errors are from.
        public var sampled: Int
    }

    /// A test that can't be made, and why.
    public struct Unsaid: Sendable, Hashable {
        /// The test's name.
        public var name: String
        /// Why, in words.
        public var reason: String
    }

    /// What was looked at.
    public var drop: Source
    /// What it was compared with.
    public var reference: Source
    /// The chance that any test finds a difference where there is none.
    public var significance: Double
    /// Tests of what was counted, in a fixed order.
    public var tests: [ProfileTest] = []
    /// Tests that can't be made.
    public var unsaid: [Unsaid] = []
    /// Whether a classifier tells the two apart.
    public var classifier = ClassifierResult.unsaid(.emptySide(isDrop: true))
    /// Answers to the same prompts, where that was asked for.
    public var paired: PairedResult?
    /// Which of several labelled drops it is most like, where that was asked.
    public var traits: TraitResult?

    init(drop: Source, reference: Source, significance: Double) {
        self.drop = drop
        self.reference = reference
        self.significance = significance
    }

    /// p-values in the order of the tests, so large that the chance of any false alarm among them is kept (Holm).
    public var correctedPValues: [Double] { holm(tests.map(\.pValue)) }

    /// What a corrected p-value, or the classifier's, must not exceed to say that the two differ: half of the significance goes to
    /// the tests and half to the classifier.
    public var bound: Double { significance / 2 }

    /// Tests whose corrected p-value is within the bound.
    public var differences: [ProfileTest] {
        zip(tests, correctedPValues).filter { $1 <= bound }.map(\.0)
    }

    /// The area under the ROC curve of single records, where there is one.
    public var auroc: HeldOutArea? {
        if case .compared(let comparison) = classifier { return comparison.record }
        return nil
    }

    /// What was found in a word.
    public enum Finding: String, Sendable {
        /// A test or the classifier says so.
        case different
        /// Neither does.
        case noDifference = "no-difference"
        /// A side is empty, or nothing could be tested.
        case nothingToSay = "nothing-to-say"
    }

    /// Whether the two differ.
    public var finding: Finding {
        var said = !tests.isEmpty
        if !differences.isEmpty { return .different }
        if case .compared(let comparison) = classifier {
            if comparison.pValue <= bound { return .different }
            said = true
        }
        return said ? .noDifference : .nothingToSay
    }
}

/// A test of one thing that profiles count.
public struct ProfileTest: Sendable, Hashable {
    /// What was computed.
    public enum Kind: Sendable, Hashable {
        /// Pearson's χ² over categories; the effect is Cramér's V.
        case categories(degrees: Int, pooled: Int, jensenShannon: Double, stabilityIndex: Double)
        /// The Kolmogorov–Smirnov distance of numbers, which is the effect too.
        case numbers(wasserstein: Double, at: Double)
    }

    /// A category and its shares.
    public struct Share: Sendable, Hashable {
        /// What it is; visible.
        public var label: String
        /// Its share in the drop.
        public var drop: Double
        /// Its share in the reference.
        public var reference: Double
    }

    /// For machines: `last-digits`.
    public var name: String
    /// For people: `last digits of numbers`.
    public var words: String
    /// What was computed.
    public var kind: Kind
    /// Its statistic.
    public var statistic: Double
    /// The chance of one at least as large where both sides come from one distribution; of things that come in bundles, with the
    /// correction of Rao and Scott.
    public var pValue: Double
    /// How large the difference is, from 0 to 1, however many records there are.
    public var effect: Double
    /// How many things were counted in the drop.
    public var drop: Int
    /// How many in the reference.
    public var reference: Int
    /// By what the variance of shares exceeds that of single draws; 1 for things of which every record has one.
    public var designEffect: Double
    /// The categories with the largest differences of their shares.
    public var shares: [Share] = []
}
