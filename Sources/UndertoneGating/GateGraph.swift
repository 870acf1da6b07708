// The gate's questions to a lineage: what is at this path, who wrote this, where did its weights begin.

import UndertoneLineage

/// A snapshot, its graph, and what the gate looks up in it. It remembers where weights began, which the files of a drop
/// ask again and again.
final class GateGraph {
    let snapshot: LineageSnapshot
    let lineage: LineageGraph
    private let drops: [String: Node]
    private let dropsByPath: [String: Set<NodeID>]
    private let models: [String: [Node]]
    private let tainted: Set<NodeID>
    private var beginnings: [NodeID: Beginning] = [:]

    init(_ snapshot: LineageSnapshot) throws(LineageError) {
        self.snapshot = snapshot
        lineage = try LineageGraph(snapshot)
        let all = snapshot.nodes.filter { $0.kind == .drop }
        drops = Dictionary(all.compactMap { drop in drop.digest.map { ($0, drop) } }) { first, _ in first }
        var places = all.map { (path: $0.name, drop: $0.id) }
        for location in snapshot.locations where snapshot[location.node]?.kind == .drop {
            places.append((location.path, location.node))
        }
        dropsByPath = Dictionary(grouping: places, by: \.path).mapValues { Set($0.map(\.drop)) }
        models = Dictionary(grouping: snapshot.nodes.filter { $0.kind == .model }, by: \.name)
        tainted = Set(snapshot.taints.filter { $0.lifted == nil }.map(\.node))
    }

    subscript(id: NodeID) -> Node? { snapshot[id] }

    /// What leads to a node by one of these relations.
    func sources(of id: NodeID, _ relations: Relation...) -> [Node] {
        lineage.edges(into: id).filter { relations.contains($0.relation) }.compactMap { self[$0.source] }
    }

    /// What a node leads to by that relation.
    func targets(of id: NodeID, _ relation: Relation) -> [Node] {
        lineage.edges(from: id).filter { $0.relation == relation }.compactMap { self[$0.target] }
    }

    // MARK: - Finding

    /// The drop of that content.
    func drop(sha256: String) -> Node? { drops[sha256] }

    /// Drops that were seen at that path, whatever their content.
    func drops(seenAt path: String) -> [Node] {
        (dropsByPath[path] ?? []).sorted().compactMap { snapshot[$0] }
    }

    enum Found {
        case node(Node)
        case none
        case several(Int)
    }

    /// The model of that name, or else the only one whose digest begins so (eight digits at least).
    func model(named name: String) -> Found {
        var found = models[name] ?? []
        if found.isEmpty, name.utf8.count >= 8, name.utf8.count <= 64, name.allSatisfy({ $0.isHexDigit && $0.isASCII })
        {
            let digits = name.lowercased()
            found = snapshot.nodes.filter { $0.kind == .model && $0.digest?.hasPrefix(digits) ?? false }
        }
        guard let first = found.first else { return .none }
        return found.count == 1 ? .node(first) : .several(found.count)
    }

    // MARK: - Taint

    /// The taints that stand on a node and on what it comes from, nearest first; and how many ancestors it has.
    func taints(on id: NodeID) -> (traces: [TaintTrace], ancestors: Reach) {
        let ancestors = lineage.ancestors(of: id)
        // Most are clean, and for those one walk is enough.
        let isClean = !tainted.contains(id) && !ancestors.contains { tainted.contains($0.id) }
        return (isClean ? [] : lineage.taintedBy(id, taints: snapshot.taints), ancestors)
    }

    // MARK: - Teachers

    struct Authors {
        /// Models that wrote the data.
        var teachers: [Node] = []
        /// Generations without a teacher, and drops of which nobody said where they come from.
        var undeclared: [Node] = []
    }

    private static let writing = RelationSet([Relation.generated, .derived, .kept, .rejected, .scanned])

    /// Who wrote a drop, through filters, mixtures and conversions.
    func authors(of drop: NodeID) -> Authors {
        var authors = Authors()
        var seen: Set<NodeID> = []
        for node in withAncestors(drop, GateGraph.writing) {
            switch node.kind {
            case .generation:
                let teachers = sources(of: node.id, .teacher)
                if teachers.isEmpty { authors.undeclared.append(node) }
                authors.teachers += teachers.filter { seen.insert($0.id).inserted }
            case .drop where sources(of: node.id, .generated, .derived, .kept, .rejected).isEmpty:
                authors.undeclared.append(node)
            default: break
            }
        }
        return authors
    }

    // MARK: - Bases

    struct Beginning {
        /// Models whose weights began as random numbers.
        var bases: [Node] = []
        /// Models of which nobody said where their weights began.
        var undeclared: [Node] = []
        /// What the weights went through on the way.
        var trainings: [NodeID] = []
    }

    /// Where the weights of a model began.
    func beginning(of model: NodeID) -> Beginning {
        if let known = beginnings[model] { return known }
        var beginning = Beginning()
        for node in withAncestors(model, .weights) {
            guard case .model(let facts) = node.facts else {
                if node.kind == .training { beginning.trainings.append(node.id) }
                continue
            }
            if facts.isBase {
                beginning.bases.append(node)
            } else if sources(of: node.id, .base, .trained).isEmpty {
                beginning.undeclared.append(node)
            }
        }
        beginnings[model] = beginning
        return beginning
    }

    /// A base that both have: the same entry, or two with the same weights.
    func sharedBase(_ left: Beginning, _ right: Beginning) -> Node? {
        // A model without a declared base is still the same as itself.
        let others = right.bases + right.undeclared
        return (left.bases + left.undeclared).first { base in
            others.contains { other in
                other.id == base.id || same(base.digest, other.digest)
                    || same(fingerprint(of: base), fingerprint(of: other))
            }
        }
    }

    private func withAncestors(_ id: NodeID, _ relations: RelationSet) -> [Node] {
        ([id] + lineage.ancestors(of: id, through: relations).map(\.id)).compactMap { self[$0] }
    }

    private func fingerprint(of node: Node) -> String? {
        if case .model(let facts) = node.facts { facts.fingerprint } else { nil }
    }

    private func same(_ left: String?, _ right: String?) -> Bool { left != nil && left == right }
}
