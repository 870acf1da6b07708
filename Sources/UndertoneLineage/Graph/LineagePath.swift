// How one node came from another: shortest paths, all paths up to a bound, and whether an edge would close a cycle.

/// A way along edges, from what was there before to what came of it.
public struct LineagePath: Hashable, Sendable {
    /// The nodes, both ends included; at least one.
    public let nodes: [NodeID]
    /// How each node but the first came from the one before it: one less than ``nodes``.
    public let relations: [Relation]

    /// The edges of the path.
    public var edges: [Edge] { relations.indices.map { Edge(nodes[$0], relations[$0], nodes[$0 + 1]) } }
}

extension LineageGraph {
    /// A shortest path, the same one for the same graph; `nil` where none leads there. A node has a path without edges
    /// to itself.
    public func path(
        from source: NodeID, to target: NodeID, through relations: RelationSet = .all
    ) -> LineagePath? {
        guard let start = index(of: source), let end = index(of: target) else { return nil }
        // Backwards, because ancestors are few where descendants are many.
        let wave = Wave(from: end, over: backward, through: relations, hasTrail: true, until: start)
        return wave.hasMet(start) ? path(from: start, along: wave, relations) : nil
    }

    /// Paths that meet no node twice, in the order of their nodes' ids, at most `limit`; and whether these are all.
    ///
    /// - Complexity: O(limit · (nodes + edges)) without cycles; with them the search gives up behind a million steps.
    public func paths(
        from source: NodeID, to target: NodeID, limit: Int, through relations: RelationSet = .all
    ) -> (paths: [LineagePath], isComplete: Bool) {
        guard let start = index(of: source), let end = index(of: target) else { return ([], true) }
        let wave = Wave(from: end, over: backward, through: relations)
        guard wave.hasMet(start) else { return ([], true) }
        var found: [LineagePath] = []
        var trail = [(node: start, relation: UInt8(0))]
        var slots = [forward.slots(of: start)]
        var isOnTrail = Set([start])
        var stepsLeft = 1_000_000
        if start == end { return ([LineagePath(nodes: [source], relations: [])], true) }
        while var row = slots.popLast() {
            guard !row.isEmpty else {
                isOnTrail.remove(trail.removeLast().node)
                continue
            }
            let slot = row.removeFirst()
            slots.append(row)
            let next = (node: forward.ends[slot], relation: forward.relations[slot])
            guard wave.hasMet(next.node), relations.has(next.relation), !isOnTrail.contains(next.node) else { continue }
            stepsLeft -= 1
            guard found.count < limit, stepsLeft > 0 else { return (found, false) }
            if next.node == end {
                let whole = trail + [next]
                found.append(
                    LineagePath(
                        nodes: whole.map { id($0.node) },
                        relations: whole.dropFirst().map { Relation.numbered[Int($0.relation)] }))
            } else {
                trail.append(next)
                slots.append(forward.slots(of: next.node))
                isOnTrail.insert(next.node)
            }
        }
        return (found, true)
    }

    /// Whether an edge from `source` to `target` would close a cycle: whether `target` is `source`, or before it.
    public func wouldCloseCycle(from source: NodeID, to target: NodeID) -> Bool {
        if source == target { return true }
        guard let start = index(of: source), let end = index(of: target) else { return false }
        // What is new has no descendants yet, so this usually ends at once.
        return Wave(from: end, over: forward, through: .all, until: start).hasMet(start)
    }

    /// The path from `start` to where the wave, which ran backwards, began.
    func path(from start: Int32, along wave: Wave, _ relations: RelationSet) -> LineagePath {
        var nodes = [id(start)]
        var kinds: [Relation] = []
        var node = start
        while wave.cameFrom[Int(node)] != node {
            let next = wave.cameFrom[Int(node)]
            kinds.append(relation(from: node, to: next, relations))
            nodes.append(id(next))
            node = next
        }
        return LineagePath(nodes: nodes, relations: kinds)
    }

    /// The first allowed relation between two nodes with an edge between them. O(log edges of the source).
    func relation(from source: Int32, to target: Int32, _ relations: RelationSet) -> Relation {
        let row = forward.slots(of: source)
        var low = row.lowerBound
        var high = row.upperBound
        while low < high {
            let middle = (low + high) / 2
            if forward.ends[middle] < target { low = middle + 1 } else { high = middle }
        }
        while low + 1 < row.upperBound, forward.ends[low + 1] == target, !relations.has(forward.relations[low]) {
            low += 1
        }
        return Relation.numbered[Int(forward.relations[low])]
    }
}
