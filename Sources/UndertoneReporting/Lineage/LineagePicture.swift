// A lineage as one value, ready to be shown; every way to show it is a function of this.

/// Nodes and edges of a lineage for people. All its texts are untrusted.
///
/// Nodes with the id of an earlier one, and edges with an end that is no node, are passed over by every writer.
public struct LineagePicture: Sendable {
    /// An entry of the catalogue.
    public struct Node: Sendable, Identifiable {
        /// Its number in the catalogue.
        public var id: Int64
        /// `model`, `drop`, `scan`, …
        public var kind: String
        /// Its name.
        public var title: String
        /// What matters most about it, in a few words: `base, 7.6 billion weights`.
        public var subtitle: String
        /// What is known of it.
        public var details: [LineageFact]
        /// Why it is tainted, nearest first; empty where it isn't.
        public var taints: [TaintMark]
        /// Who answers for it.
        public var approvals: [ApprovalMark]

        /// An entry.
        public init(
            id: Int64, kind: String, title: String, subtitle: String = "", details: [LineageFact] = [],
            taints: [TaintMark] = [], approvals: [ApprovalMark] = []
        ) {
            self.id = id
            self.kind = kind
            self.title = title
            self.subtitle = subtitle
            self.details = details
            self.taints = taints
            self.approvals = approvals
        }

        /// Whether it is tainted, and by what.
        public var taintState: TaintState { TaintState(taints) }
    }

    /// How one node came from another.
    public struct Edge: Sendable {
        /// What was there before.
        public var source: Int64
        /// What came of it.
        public var target: Int64
        /// How: `teacher`, `trained-on`, …
        public var label: String

        /// An edge.
        public init(source: Int64, target: Int64, label: String) {
            self.source = source
            self.target = target
            self.label = label
        }
    }

    /// What the picture shows: `Lineage of owls.jsonl`.
    public var title: String
    /// The program's version, for the foot of a page.
    public var version: String
    /// The entries.
    public var nodes: [Node]
    /// How they came from each other.
    public var edges: [Edge]
    /// The node that was asked about, if it was one.
    public var focus: Int64?
    /// Things worth saying: what was left out.
    public var notes: [String]

    /// A picture.
    public init(
        title: String, version: String = "", nodes: [Node] = [], edges: [Edge] = [], focus: Int64? = nil,
        notes: [String] = []
    ) {
        self.title = title
        self.version = version
        self.nodes = nodes
        self.edges = edges
        self.focus = focus
        self.notes = notes
    }
}

/// Something known of an entry.
public struct LineageFact: Sendable, Equatable {
    /// What: `sha256`, `records`.
    public var name: String
    /// Its value, written for people.
    public var value: String

    /// A fact.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A taint that stands on an entry, and the way it came.
public struct TaintMark: Sendable, Equatable {
    /// One stop on the way.
    public struct Step: Sendable, Equatable {
        /// The entry's name.
        public var title: String
        /// How it came from the stop before: `teacher`; `nil` for the first one.
        public var label: String?

        /// A stop.
        public init(_ title: String, by label: String? = nil) {
            self.title = title
            self.label = label
        }
    }

    /// What was found.
    public var reason: String
    /// Who said so.
    public var by: String
    /// When, RFC 3339.
    public var at: String
    /// From what was found bad to the entry itself, both included; one stop where the entry itself was found bad.
    public var path: [Step]

    /// A taint.
    public init(reason: String, by: String, at: String, path: [Step]) {
        self.reason = reason
        self.by = by
        self.at = at
        self.path = path
    }

    /// Whether the entry itself was found bad.
    public var isOwn: Bool { path.count <= 1 }
}

/// Somebody answers for an entry.
public struct ApprovalMark: Sendable, Equatable {
    /// In which role: `safety`.
    public var role: String
    /// Who.
    public var by: String
    /// When, RFC 3339.
    public var at: String
    /// Why.
    public var reason: String

    /// An approval.
    public init(role: String, by: String, at: String, reason: String = "") {
        self.role = role
        self.by = by
        self.at = at
        self.reason = reason
    }
}

/// Whether an entry is tainted.
public enum TaintState: String, Sendable {
    /// No taint stands on it.
    case none
    /// It was found bad itself.
    case itself
    /// It descends from something that was found bad.
    case inherited

    init(_ taints: [TaintMark]) {
        self = taints.isEmpty ? .none : taints.contains(where: \.isOwn) ? .itself : .inherited
    }
}
