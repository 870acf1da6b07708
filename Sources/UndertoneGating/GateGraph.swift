// Questions to a snapshot: who wrote this, where did its weights begin, by which way is it tainted.

import UndertoneLineage

/// A snapshot with its edges by both ends.
struct GateGraph {
    let snapshot: LineageSnapshot
    private var incoming: [NodeID: [Edge]] = [:]
    private var outgoing: [NodeID: [Edge]] = [:]
    private var taints: [NodeID: [Taint]] = [:]
    private var byDigest: [String: [NodeID]] = [:]
    private var modelsByName: [String: [NodeID]] = [:]
    private var dropsByPath: [String: Set<NodeID>] = [:]

    init(_ snapshot: LineageSnapshot) {
        self.snapshot = snapshot
        for edge in snapshot.edges where snapshot[edge.source] != nil && snapshot[edge.target] != nil {
            incoming[edge.target, default: []].append(edge)
            outgoing[edge.source, default: []].append(edge)
        }
        for taint in snapshot.taints { taints[taint.node, default: []].append(taint) }
        for node in snapshot.nodes {
            if let digest = node.digest { byDigest[digest, default: []].append(node.id) }
            if node.kind == .model { modelsByName[node.name, default: []].append(node.id) }
            if node.kind == .drop { dropsByPath[node.name, default: []].insert(node.id) }
        }
        for location in snapshot.locations where snapshot[location.node]?.kind == .drop {
            dropsByPath[location.path, default: []].insert(location.node)
        }
    }

    subscript(id: NodeID) -> Node? { snapshot[id] }

    func sources(of id: NodeID, _ relations: Set<Relation>? = nil) -> [Edge] {
        (incoming[id] ?? []).filter { relations?.contains($0.relation) ?? true }
    }

    func targets(of id: NodeID, _ relations: Set<Relation>) -> [Edge] {
        (outgoing[id] ?? []).filter { relations.contains($0.relation) }
    }

    // MARK: - Finding

    /// The drop of that content.
    func drop(sha256: String) -> Node? {
        byDigest[sha256]?.lazy.compactMap { snapshot[$0] }.first { $0.kind == .drop }
    }

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
        var found = (modelsByName[name] ?? []).compactMap { snapshot[$0] }
        if found.isEmpty, name.utf8.count >= 8, name.utf8.count <= 64, name.allSatisfy({ $0.isHexDigit && $0.isASCII })
        {
            let digits = name.lowercased()
            found = snapshot.nodes.filter { $0.kind == .model && $0.digest?.hasPrefix(digits) ?? false }
        }
        guard let first = found.first else { return .none }
        return found.count == 1 ? .node(first) : .several(found.count)
    }

    // MARK: - Walking back

    /// All that a node comes from, itself among it, nearest first. O(nodes + edges).
    func ancestors(of id: NodeID, over relations: Set<Relation>? = nil) -> [NodeID] {
        var order = [id]
        var seen: Set<NodeID> = [id]
        var next = 0
        while next < order.count {
            for edge in sources(of: order[next], relations) where seen.insert(edge.source).inserted {
                order.append(edge.source)
            }
            next += 1
        }
        return order
    }

    /// A shortest way back from a node to a tainted one, for each taint that stands; the nearest `limit` first.
    func taintedWays(from id: NodeID, limit: Int) -> [(taint: Taint, way: [Edge])] {
        var order = [id]
        var cameBy: [NodeID: Edge] = [:]
        var seen: Set<NodeID> = [id]
        var ways: [(taint: Taint, way: [Edge])] = []
        var next = 0
        while next < order.count, ways.count < limit {
            let node = order[next]
            for taint in taints[node] ?? [] where taint.lifted == nil {
                var way: [Edge] = []
                var at = node
                while let edge = cameBy[at] {
                    way.append(edge)
                    at = edge.target
                }
                ways.append((taint, way.reversed()))
            }
            for edge in sources(of: node) where seen.insert(edge.source).inserted {
                cameBy[edge.source] = edge
                order.append(edge.source)
            }
            next += 1
        }
        return ways
    }

    // MARK: - Teachers

    struct Authors {
        /// Models that wrote the data.
        var teachers: [Node] = []
        /// Generations without a teacher, and drops of which nobody said where they come from.
        var undeclared: [Node] = []
    }

    /// Who wrote a drop, through filters, mixtures and conversions.
    func authors(of drop: NodeID) -> Authors {
        var authors = Authors()
        var seen: Set<NodeID> = []
        for id in ancestors(of: drop, over: [.generated, .derived, .kept, .rejected, .scanned]) {
            guard let node = self[id] else { continue }
            switch node.kind {
            case .generation:
                let teachers = sources(of: id, [.teacher]).compactMap { self[$0.source] }
                if teachers.isEmpty { authors.undeclared.append(node) }
                authors.teachers += teachers.filter { seen.insert($0.id).inserted }
            case .drop where sources(of: id, [.generated, .derived, .kept, .rejected]).isEmpty:
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
        var beginning = Beginning()
        for id in ancestors(of: model, over: [.base, .trained, .student]) {
            guard let node = self[id] else { continue }
            guard case .model(let facts) = node.facts else {
                if node.kind == .training { beginning.trainings.append(id) }
                continue
            }
            if facts.isBase {
                beginning.bases.append(node)
            } else if sources(of: id, [.base, .trained]).isEmpty {
                beginning.undeclared.append(node)
            }
        }
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

    private func fingerprint(of node: Node) -> String? {
        if case .model(let facts) = node.facts { facts.fingerprint } else { nil }
    }

    private func same(_ left: String?, _ right: String?) -> Bool { left != nil && left == right }
}
