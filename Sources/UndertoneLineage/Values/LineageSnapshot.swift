// A part of a catalogue as one value: what exports, pictures and policies look at.

/// A file in which a node was seen.
public struct Location: Sendable, Hashable {
    /// Whose content it is.
    public var node: NodeID
    /// Relative to the folder that holds `.undertone`, where the file lies below it; else absolute.
    public var path: String
    /// When it was seen there last, RFC 3339.
    public var seenAt: String

    /// A file.
    public init(node: NodeID, path: String, seenAt: String) {
        self.node = node
        self.path = path
        self.seenAt = seenAt
    }
}

/// A model or drop was found to carry something bad; all that descends from it is suspect until the taint is lifted.
public struct Taint: Sendable, Equatable {
    /// Its number in this catalogue.
    public var id: Int64
    /// What was found bad.
    public var node: NodeID
    /// What was found.
    public var reason: String
    /// Who said so.
    public var by: String
    /// When, RFC 3339.
    public var at: String
    /// Who lifted it, when and why; `nil` while it stands.
    public var lifted: Lifting?

    /// A taint was taken back.
    public struct Lifting: Sendable, Equatable {
        /// Who.
        public var by: String
        /// When, RFC 3339.
        public var at: String
        /// Why.
        public var reason: String

        /// A taint was taken back.
        public init(by: String, at: String, reason: String) {
            self.by = by
            self.at = at
            self.reason = reason
        }
    }

    /// A taint that stands.
    public init(id: Int64, node: NodeID, reason: String, by: String, at: String, lifted: Lifting? = nil) {
        self.id = id
        self.node = node
        self.reason = reason
        self.by = by
        self.at = at
        self.lifted = lifted
    }
}

/// Somebody answers for a node.
public struct Approval: Sendable, Equatable {
    /// Its number in this catalogue.
    public var id: Int64
    /// What was approved.
    public var node: NodeID
    /// In which role: `safety`.
    public var role: String
    /// Who.
    public var by: String
    /// When, RFC 3339.
    public var at: String
    /// Why.
    public var reason: String
    /// The approval as a signed statement (a DSSE envelope, JSON), where it was signed.
    public var envelope: String?

    /// An approval.
    public init(
        id: Int64, node: NodeID, role: String, by: String, at: String, reason: String, envelope: String? = nil
    ) {
        self.id = id
        self.node = node
        self.role = role
        self.by = by
        self.at = at
        self.reason = reason
        self.envelope = envelope
    }
}

/// How often one version of a rule met a record in one scan.
public struct RecordedRule: Sendable, Equatable {
    /// The scan.
    public var scan: NodeID
    /// `pack/name`.
    public var rule: String
    /// SHA-256 of the rule's canonical form: the version of the rule.
    public var digest: String
    /// `flag`, `reject` or `fail`.
    public var action: String
    /// Records that it met.
    public var hits: Int

    /// A tally.
    public init(scan: NodeID, rule: String, digest: String, action: String, hits: Int) {
        self.scan = scan
        self.rule = rule
        self.digest = digest
        self.action = action
        self.hits = hits
    }
}

/// Nodes, the edges between them, and what is said of them.
public struct LineageSnapshot: Sendable, Equatable {
    /// Ordered by id, each once.
    public var nodes: [Node]
    /// Edges with both ends in ``nodes``, ordered by source, target, relation.
    public var edges: [Edge]
    /// Files of the nodes.
    public var locations: [Location]
    /// Taints of the nodes, lifted ones too.
    public var taints: [Taint]
    /// Approvals of the nodes.
    public var approvals: [Approval]
    /// Rules of the scans among the nodes.
    public var rules: [RecordedRule]
    /// Reviews of the drops among the nodes, unfinished ones too; those of one drop the oldest first.
    public var reviews: [Review]

    /// A part of a catalogue.
    public init(
        nodes: [Node] = [], edges: [Edge] = [], locations: [Location] = [], taints: [Taint] = [],
        approvals: [Approval] = [], rules: [RecordedRule] = [], reviews: [Review] = []
    ) {
        self.nodes = nodes
        self.edges = edges
        self.locations = locations
        self.taints = taints
        self.approvals = approvals
        self.rules = rules
        self.reviews = reviews
    }

    /// The node of that id. O(log n).
    public subscript(id: NodeID) -> Node? {
        var low = 0
        var high = nodes.count
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < nodes.count && nodes[low].id == id ? nodes[low] : nil
    }
}
