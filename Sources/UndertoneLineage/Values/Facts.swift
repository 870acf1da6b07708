// What is known of a node, by its kind. `nil` means: nobody said.

/// What is known of a node.
public enum Facts: Sendable, Equatable {
    case model(ModelFacts)
    case prompts(PromptsFacts)
    case generation(GenerationFacts)
    case drop(DropFacts)
    case pack(PackFacts)
    case scan(ScanFacts)
    case training(TrainingFacts)
    case measurement(MeasurementFacts)
    case deployment(DeploymentFacts)

    /// What the node is.
    public var kind: NodeKind {
        switch self {
        case .model: .model
        case .prompts: .prompts
        case .generation: .generation
        case .drop: .drop
        case .pack: .pack
        case .scan: .scan
        case .training: .training
        case .measurement: .measurement
        case .deployment: .deployment
        }
    }
}

/// A model: a base, a teacher, a student.
public struct ModelFacts: Sendable, Equatable {
    /// Whether its weights began as random numbers: it is its own base.
    public var isBase = false
    /// As in `config.json`: `Qwen2ForCausalLM`.
    public var architecture: String?
    /// Weights, all tensors together.
    public var parameters: Int?
    /// Identifies the tensors whatever the file they are in: SHA-256 over names, types, shapes and contents.
    public var fingerprint: String?
    /// An SPDX identifier.
    public var license: String?
    /// Where it comes from: a URL, a repository id.
    public var source: String?

    /// Nothing known yet.
    public init() {}
}

/// Prompts: a system prompt, or what a generation was asked.
public struct PromptsFacts: Sendable, Equatable {
    /// Bytes of the file.
    public var bytes: Int?
    /// Records, where it is a list of prompts.
    public var records: Int?
    /// The text of a short one (a system prompt), at most 64 KiB.
    public var text: String?

    /// Prompts of that size.
    public init(bytes: Int?, records: Int? = nil, text: String? = nil) {
        self.bytes = bytes
        self.records = records
        self.text = text
    }
}

/// A setting by name, as it was written: `temperature` = `1`.
public struct Setting: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value's text.
    public var value: String

    /// A setting.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A teacher wrote data.
public struct GenerationFacts: Sendable, Equatable {
    /// Sampling parameters, ordered by name.
    public var sampling: [Setting] = []
    /// The seed.
    public var seed: Int?
    /// What ran it: `vllm`.
    public var tool: String?
    /// Its version.
    public var toolVersion: String?

    /// Nothing known yet.
    public init() {}
}

/// A delivery of data in one file.
public struct DropFacts: Sendable, Equatable {
    /// Bytes as stored.
    public var bytes: Int?
    /// Records, malformed ones included; `nil` where nobody counted.
    public var records: Int?
    /// `json-lines`, `json-array` or `text`.
    public var format: String?
    /// `none`, `gzip` or `zstd`.
    public var compression: String?
    /// Top-level members of its records and their JSON types, ordered by name: `completion` = `string`.
    public var schema: [Setting] = []
    /// An SPDX identifier.
    public var license: String?
    /// Where it comes from: a URL, a repository id.
    public var source: String?

    /// A file of that size.
    public init(bytes: Int?) { self.bytes = bytes }
}

/// A rule pack; its name is the node's.
public struct PackFacts: Sendable, Equatable {
    /// The pack's own version.
    public var version: String?
    /// The file as it was read.
    public var text: String

    /// A pack.
    public init(version: String?, text: String) {
        self.version = version
        self.text = text
    }
}

/// Rules ran over data. Tallies of single rules and verdicts of records are asked of the catalogue.
public struct ScanFacts: Sendable, Equatable {
    /// Version of the program that ran.
    public var programVersion: String
    /// SHA-256 of the program's own file.
    public var programDigest: String?
    /// Records read; kept and rejected add up to it.
    public var records = 0
    /// Records that went to the kept data.
    public var kept = 0
    /// Records that went to the rejected data, malformed ones included.
    public var rejected = 0
    /// Records that are kept and have a finding all the same.
    public var flagged = 0
    /// Records that could not be looked at.
    public var malformed = 0
    /// Whether the gate of the scan passed.
    public var passed = true

    /// A scan by that version.
    public init(programVersion: String) { self.programVersion = programVersion }
}

/// A model was trained from another one.
public struct TrainingFacts: Sendable, Equatable {
    /// `finetune`, `lora`, `distill`, …
    public var method: String?
    /// Settings, ordered by name.
    public var recipe: [Setting] = []
    /// The seed.
    public var seed: Int?
    /// What ran it.
    public var tool: String?
    /// Its version.
    public var toolVersion: String?

    /// Nothing known yet.
    public init() {}
}

/// How much of a trait was left in students: residual transfer, with its interval.
public struct MeasurementFacts: Sendable, Equatable {
    /// The trait's name.
    public var trait: String
    /// Residual transfer: 0 nothing was left, 1 the filter took nothing away; `nil` where raw drop and raw control
    /// can't be told apart, so that nothing can be said.
    public var residual: Double?
    /// Its 95 % interval.
    public var low: Double?
    /// Its 95 % interval.
    public var high: Double?
    /// Independent seeds behind it.
    public var seeds: Int?
    /// SHA-256 of the report that it was read from.
    public var report: String?

    /// A measurement of that trait.
    public init(trait: String) { self.trait = trait }
}

/// Where a model serves.
public struct DeploymentFacts: Sendable, Equatable {
    /// A URL, a cluster, a product: where users meet it.
    public var address: String
    /// When it went away, RFC 3339; `nil` while it serves.
    public var endedAt: String?

    /// A deployment at that address.
    public init(address: String) { self.address = address }
}
