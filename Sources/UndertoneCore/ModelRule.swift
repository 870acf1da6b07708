// What a rule asks of a model: the settings of rule kinds that look at a record through one.

/// A rule that needs a model, as a pack writes it. Whoever runs the rules brings the models.
public struct ModelRule: Sendable, Hashable {
    /// How records or tokens are chosen.
    public enum Method: String, Sendable, CaseIterable {
        /// Drops the share of records that push most towards the trait.
        case score
        /// Masks the share of tokens that the teacher finds likeliest against the base.
        case top
        /// Masks from the top until the drop's mean log-ratio is that of the control.
        case balanced
        /// Weighs tokens by e^(−λ · log-ratio), λ such that the drop's weighted mean log-ratio is that of the control.
        case reweighted
        /// Masks tokens at random, the likelier the higher their log-ratio, until its mean is that of the control: what
        /// reweighting is for trainers that know masks only.
        case thinned
        /// Masks tokens where teacher and base would have said different things.
        case divergence
    }

    /// How.
    public var method: Method
    /// A trait set, shipped or a file: `animals`.
    public var traitSet: String
    /// The names of the traits to remove; without any those that a run looks for, or all of the set.
    public var traits: [String]
    /// The base, a file; nil for the one that a run gives.
    public var base: String?
    /// A drop of the base, a file; nil for the one that a run gives.
    public var reference: String?
    /// The teacher that wrote the drop: a file, or ``givenTeacher``; nil for teachers of one's own.
    public var teacher: String?
    /// How many teachers of one's own are averaged.
    public var teachers = 4
    /// The share that is dropped or masked; nil where the method finds it.
    public var share: Double?
    /// Seed of teachers of one's own.
    public var seed: UInt64 = 1

    /// A rule for those traits.
    public init(_ method: Method, traitSet: String, traits: [String]) {
        self.method = method
        self.traitSet = traitSet
        self.traits = traits
    }
}

extension ModelRule {
    /// The word for the teacher that an experiment has made itself.
    public static let givenTeacher = "given"

    /// The names of the rule kinds that ask the models which a trait passes between.
    public static let kinds = ["record-score", "token-mask"]
}
