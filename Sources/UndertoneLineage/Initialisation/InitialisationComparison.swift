// The answer to "do these two models share an initialisation?", with all that it stands on.

/// How to compare.
public struct InitialisationOptions: Sendable, Equatable {
    /// Threads of the matrix products.
    public var threads = 1
    /// Units of a layer that are matched at most; the sample is fixed by the seed and the layer's size.
    public var unitLimit = 2048
    /// Layers that are looked at at most, evenly spread.
    public var layerLimit = 64
    /// Seed of the sample and of the order in which ties are settled.
    public var seed: UInt64 = 1
    /// The answer is yes at or below this p-value. The tests are exact, so this is the risk of calling strangers kin.
    public var yesBelow = 1e-6
    /// The answer is no above this p-value, where a test had power. Between the two nothing is claimed.
    public var noAbove = 1e-3

    /// The defaults.
    public init() {}
}

/// A rank correlation and its p-value.
public struct RankCorrelation: Sendable, Equatable {
    /// Spearman's ρ, from −1 to 1.
    public var rho: Double
    /// Natural logarithm of the one-sided p-value.
    public var logPValue: Double
}

/// What one layer says.
public struct LayerEvidence: Sendable, Equatable {
    /// `layers.3.mlp`; from the files, untrusted.
    public var place: String
    /// Hidden units that were matched.
    public var units: Int
    /// Hidden units of the layer.
    public var unitsOfLayer: Int
    /// The matching by the up projection against the identity.
    public var identity: RankCorrelation
    /// The matching by the up projection against that by the second matrix; `nil` where the first test decided.
    public var permuted: RankCorrelation?
    /// Units on whose partner both matchings agree.
    public var agreements: Int?
}

/// A test over the whole model.
public struct IndependenceTest: Sendable, Equatable {
    /// What is tested.
    public enum Kind: String, Sendable, CaseIterable {
        /// Hidden units stand where they stood.
        case units
        /// Hidden units were permuted: both matrices find the same permutation.
        case permutedUnits = "permuted-units"
        /// Dimensions of the embedding stand where they stood.
        case embedding
        /// Dimensions of the values in attention stand where they stood.
        case values
    }

    /// What is tested.
    public var kind: Kind
    /// Natural logarithm of the p-value, by Fisher's method over ``parts``.
    public var logPValue: Double
    /// Layers, heads or matrices that it stands on.
    public var parts: Int
    /// Units that were matched, all parts together.
    public var units: Int
    /// For `permutedUnits`: the share of the pairs on which both matchings agree among those on which they would for a
    /// permuted copy.
    public var agreement: Double?

    /// Units below which a test that finds nothing means little. With 128, a measured correlation of 0.41 is enough for a
    /// p-value of 1e-6, where kin have nearly 1. A choice, not a calibrated bound.
    public static let leastUnits = 128

    /// Whether there are at least ``leastUnits``, so that finding nothing means something.
    public var hasPower: Bool { units >= IndependenceTest.leastUnits }
}

/// One of the two models, as far as it was looked at.
public struct ComparedModel: Sendable, Equatable {
    /// The path that was asked for.
    public var path: String
    /// From `config.json`, untrusted.
    public var architecture: String?
    /// SHA-256 of `tokenizer.json`.
    public var tokenizerDigest: String?
    /// Weights, all tensors together.
    public var parameters: Int
    /// Bytes of all tensors.
    public var bytes: Int
    /// Hidden layers that were found.
    public var hiddenLayers: Int
}

/// The answer, the reason, and the evidence.
public struct InitialisationComparison: Sendable, Equatable {
    /// Whether both models began as the same random numbers.
    public enum Verdict: String, Sendable { case yes, no, unknown }

    /// Why.
    public enum Reason: String, Sendable, CaseIterable {
        /// All tensors are the same, bit for bit.
        case sameWeights = "same-weights"
        /// At least half of the weights are the same, bit for bit.
        case sameTensors = "same-tensors"
        /// Some learned matrices are the same, bit for bit.
        case sharedTensors = "shared-tensors"
        /// The hidden units match each other in order.
        case sameUnits = "same-units"
        /// The hidden units match each other in one permutation.
        case permutedUnits = "permuted-units"
        /// The dimensions of the embeddings match each other in order.
        case sameEmbedding = "same-embedding"
        /// The dimensions of the values in attention match each other in order.
        case sameValues = "same-values"
        /// The tests had power and found nothing.
        case independent
        /// No two matrices of the same name have the same shape.
        case otherShapes = "other-shapes"
        /// The p-value is low, and not low enough.
        case borderline
        /// Units are alike beyond chance, and too few of them for a copy.
        case alikeUnits = "alike-units"
        /// Too few units to say anything.
        case tooFewUnits = "too-few-units"
        /// Nothing in the models could be tested.
        case nothingComparable = "nothing-comparable"
        /// A model is only an adapter.
        case onlyAdapters = "only-adapters"
        /// The weights are quantised.
        case quantised
    }

    /// The answer.
    public var verdict: Verdict
    /// Why.
    public var reason: Reason
    /// The answer in a sentence or two.
    public var explanation: String
    /// Natural logarithm of the p-value that the answer stands on; `nil` where it stands on none.
    public var logPValue: Double?
    /// The tests that were made.
    public var tests: [IndependenceTest]
    /// The layers, in order.
    public var layers: [LayerEvidence]
    /// What else was seen, as clauses.
    public var evidence: [String]
    /// The model that was named first.
    public var first: ComparedModel
    /// The other one.
    public var second: ComparedModel
    /// Bytes of weights that were read, of both.
    public var bytesRead: Int
}
