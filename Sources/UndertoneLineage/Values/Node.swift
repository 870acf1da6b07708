// What a catalogue holds: things (models, prompts, drops, rule packs, deployments) and what happened to them
// (generations, scans, trainings, measurements). All texts in these values come from outside and are untrusted.

/// A node's number in one catalogue. It means nothing in another one.
public struct NodeID: Hashable, Comparable, Sendable, RawRepresentable {
    /// The row's number.
    public let rawValue: Int64

    /// The node of that number.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Whether the left one was recorded before the right one.
    public static func < (left: NodeID, right: NodeID) -> Bool { left.rawValue < right.rawValue }
}

/// What a node is.
public enum NodeKind: String, CaseIterable, Sendable {
    case model, prompts, generation, drop, pack, scan, training, measurement, deployment

    /// Whether it is something that happened (an activity, in the words of W3C PROV) rather than a thing.
    public var isActivity: Bool {
        switch self {
        case .generation, .scan, .training, .measurement: true
        case .model, .prompts, .drop, .pack, .deployment: false
        }
    }
}

/// How a node came from another: every edge points from what was there before to what came of it.
public enum Relation: String, CaseIterable, Sendable {
    /// model → model: the second began with the first one's weights.
    case base
    /// model → model: a merge or a distillation took something of the first that is not its initialisation.
    case parent
    /// prompts → model: a system prompt that makes the model what it is.
    case systemPrompt = "system-prompt"
    /// model → generation.
    case teacher
    /// prompts → generation.
    case prompts
    /// generation → drop.
    case generated
    /// drop → drop: a part, a mixture, a conversion that a person declared.
    case derived
    /// drop → scan: what was read.
    case scanned
    /// pack → scan: the rules.
    case rules
    /// scan → drop: the kept records.
    case kept
    /// scan → drop: the rejected records.
    case rejected
    /// model → training: the weights that it began with.
    case student
    /// drop → training.
    case trainedOn = "trained-on"
    /// training → model: the weights that it ended with.
    case trained
    /// drop or model → measurement: what was measured.
    case measured
    /// model → deployment: what serves there.
    case serves
}

/// An edge between two nodes.
public struct Edge: Hashable, Sendable {
    /// What was there before.
    public var source: NodeID
    /// What came of it.
    public var target: NodeID
    /// How.
    public var relation: Relation

    /// An edge.
    public init(_ source: NodeID, _ relation: Relation, _ target: NodeID) {
        self.source = source
        self.relation = relation
        self.target = target
    }
}

/// One entry of the catalogue.
public struct Node: Sendable, Equatable, Identifiable {
    /// Its number in this catalogue.
    public var id: NodeID
    /// The name that the user gave, the path of a drop, or what an activity was.
    public var name: String
    /// SHA-256 of its content in lower-case hexadecimal, as `sha256sum` prints it: of the file (drop, prompts, pack),
    /// of the weights (model; `nil` where none were given), of the recorded facts (activities, deployments).
    public var digest: String?
    /// When it was recorded: RFC 3339, UTC, whole seconds (`2026-11-21T10:00:00Z`).
    public var recordedAt: String
    /// Who recorded it, as they say.
    public var recordedBy: String
    /// What is known of it.
    public var facts: Facts

    /// An entry.
    public init(
        id: NodeID, name: String, digest: String? = nil, recordedAt: String, recordedBy: String, facts: Facts
    ) {
        self.id = id
        self.name = name
        self.digest = digest
        self.recordedAt = recordedAt
        self.recordedBy = recordedBy
        self.facts = facts
    }

    /// What it is.
    public var kind: NodeKind { facts.kind }
}
