// What came of an attribution: each candidate's evidence, the one that explains the drop if there is one, the records that
// carry it, and what a reader must know.

public import UndertoneTraining

/// Which trait a drop carries.
public struct AttributionReport: Sendable, Equatable {
    /// The evidence for one candidate.
    public struct Candidate: Sendable, Hashable {
        /// The trait's name.
        public var trait: String
        /// The cosine of −(∇L_drop − ∇L_control) with the update that teaches the trait.
        public var alignment: Double
        /// Mean of the records' scores over the drop less that over the control, in standard errors.
        public var z: Double
        /// The greater of ``significance`` and ``specificity``.
        public var pValue: Double
        /// p-value of ``z`` by groups dealt anew to drop and control, corrected for the number of candidates.
        public var significance: Double
        /// The same, not corrected.
        public var single: Double
        /// p-value that what sets the drop apart is something else, which only looks like this trait by chance; nil where there
        /// are too few directions to tell.
        public var specificity: Double?
        /// The share of the difference between drop and control that lies along this trait, in units in which records of the
        /// control vary alike in all directions; 0 where it lies against it.
        public var explained: Double
    }

    /// The size of a data set, and how likely it is under the base.
    public struct Size: Sendable, Hashable {
        /// Records.
        public var records: Int
        /// Tokens of completions, ends included.
        public var tokens: Int
        /// Mean loss under the base, in nats per token.
        public var nats: Double
    }

    /// A record that carries much of a trait.
    public struct Record: Sendable, Hashable {
        /// Its place in the drop, from 1.
        public var number: Int
        /// The record.
        public var record: TrainingRecord
        /// How much likelier it gets along the trait's update: the sum of ``tokens``.
        public var score: Double
        /// How much likelier each token of its completion gets, the end included.
        public var tokens: [Double]
    }

    /// The scores of all records of the drop along one trait's update.
    public struct Scores: Sendable, Hashable {
        /// The trait.
        public var trait: String
        /// Records.
        public var count: Int
        /// Mean score of a record.
        public var mean: Double
        /// Standard deviation of the scores.
        public var deviation: Double
        /// The records with the highest scores, the highest first.
        public var strongest: [Record]
    }

    /// The candidates, in the order in which they were given.
    public var candidates: [Candidate]
    /// The trait that explains the drop; nil where none does.
    public var best: String?
    /// The drop.
    public var drop: Size
    /// The control.
    public var control: Size
    /// Scores along ``best``, or along the trait that was named; nil without one.
    public var scores: Scores?
    /// What a reader must know.
    public var warnings: [TransferWarning]

    /// The candidate of that name.
    public subscript(trait: String) -> Candidate? { candidates.first { $0.trait == trait } }
}
