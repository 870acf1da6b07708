// Random lineages, and the same questions answered by brute force.

import UndertoneLineage

func graphID(_ number: Int) -> NodeID { NodeID(rawValue: Int64(number)) }

/// A small lineage, kept as a plain list.
struct PlainLineage {
    var nodes: [(id: NodeID, kind: NodeKind)] = []
    var edges: [Edge] = []

    /// Up to 14 nodes with gaps between their ids, and edges that only lead upwards unless cycles are wanted.
    init(seed: UInt64, cycles: Bool) {
        var random = SplitMix(seed: seed)
        let count = 1 + random.below(14)
        var number = random.below(5) - 2
        for _ in 0..<count {
            nodes.append((graphID(number), NodeKind.allCases[random.below(NodeKind.allCases.count)]))
            number += 1 + (random.below(4) == 0 ? random.below(1_000_000) : 0)
        }
        for _ in 0..<random.below(count * 3) {
            let one = random.below(count)
            let other = random.below(count)
            guard cycles || one != other else { continue }
            let (source, target) = cycles ? (one, other) : (min(one, other), max(one, other))
            let relation = Relation.allCases[random.below(Relation.allCases.count)]
            let edge = Edge(nodes[source].id, relation, nodes[target].id)
            if !edges.contains(edge) { edges.append(edge) }
        }
    }

    /// Distances by relaxing every edge until nothing changes.
    func distances(from start: NodeID, forward: Bool, through relations: Set<Relation>) -> [NodeID: Int] {
        var distances = [start: 0]
        for _ in nodes {
            for edge in edges where relations.contains(edge.relation) {
                let (near, far) = forward ? (edge.source, edge.target) : (edge.target, edge.source)
                guard let known = distances[near] else { continue }
                distances[far] = min(distances[far] ?? .max, known + 1)
            }
        }
        return distances
    }

    /// Every way that meets no node twice, by trying all of them. Recursion is fine at this size.
    func simplePaths(from source: NodeID, to target: NodeID) -> Set<[Edge]> {
        var found: Set<[Edge]> = []
        func extend(_ trail: [Edge], _ seen: Set<NodeID>, at node: NodeID) {
            if node == target {
                found.insert(trail)
                return
            }
            for edge in edges where edge.source == node && !seen.contains(edge.target) {
                extend(trail + [edge], seen.union([edge.target]), at: edge.target)
            }
        }
        extend([], [source], at: source)
        return found
    }
}
