// Random lineages, and the same questions answered by brute force.

import UndertoneLineage

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers for the same seed, everywhere.
struct GraphRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
}

func graphID(_ number: Int) -> NodeID { NodeID(rawValue: Int64(number)) }

/// A small lineage, kept as a plain list.
struct PlainLineage {
    var nodes: [(id: NodeID, kind: NodeKind)] = []
    var edges: [Edge] = []

    /// Up to 14 nodes with gaps between their ids, and edges that only lead upwards unless cycles are wanted.
    init(seed: UInt64, cycles: Bool) {
        var random = GraphRandom(state: seed)
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
