// Which relations a walk through the lineage follows.

/// A set of relations.
public struct RelationSet: OptionSet, Hashable, Sendable {
    /// One bit for each relation.
    public let rawValue: UInt32

    /// The set of those bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The set of those relations.
    public init(_ relations: some Sequence<Relation>) {
        rawValue = relations.reduce(0) { $0 | 1 << UInt32($1.number) }
    }

    /// Every relation.
    public static let all = RelationSet(Relation.allCases)
    /// Those along which weights are handed on: from a base to what was trained from it.
    public static let weights = RelationSet([Relation.base, .student, .trained])

    /// Whether the relation is in the set.
    public func contains(_ relation: Relation) -> Bool { has(relation.number) }

    @inline(__always)
    func has(_ number: UInt8) -> Bool { rawValue & (1 << UInt32(truncatingIfNeeded: number)) != 0 }
}

extension Relation {
    /// Its place among all relations: what a graph stores for an edge.
    var number: UInt8 {
        switch self {
        case .base: 0
        case .parent: 1
        case .systemPrompt: 2
        case .teacher: 3
        case .prompts: 4
        case .generated: 5
        case .derived: 6
        case .scanned: 7
        case .rules: 8
        case .kept: 9
        case .rejected: 10
        case .student: 11
        case .trainedOn: 12
        case .trained: 13
        case .measured: 14
        case .serves: 15
        }
    }

    static let numbered = allCases.sorted { $0.number < $1.number }
}

extension NodeKind {
    /// Its place among all kinds: what a graph stores for a node.
    var number: UInt8 {
        switch self {
        case .model: 0
        case .prompts: 1
        case .generation: 2
        case .drop: 3
        case .pack: 4
        case .scan: 5
        case .training: 6
        case .measurement: 7
        case .deployment: 8
        }
    }

    static let numbered = allCases.sorted { $0.number < $1.number }
}
