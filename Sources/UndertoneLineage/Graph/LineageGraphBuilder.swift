// Makes a graph of rows as they come: plain numbers into plain buffers, sorted by counting at the end.

/// Takes nodes and edges one by one, in any order, and makes a ``LineageGraph`` of them.
///
/// O(nodes + edges) where ids come ascending and lie close together, as in a catalogue; else O((n + m) log n). It needs
/// 9 bytes a node and 17 bytes an edge on top of the graph.
struct LineageGraphBuilder: Sendable {
    private var ids: [Int64] = []
    private var kinds: [UInt8] = []
    private var sources: [Int64] = []
    private var targets: [Int64] = []
    private var relations: [UInt8] = []
    private var isAscending = true

    /// Nothing yet.
    init() {}

    /// Makes room, where it is known how many rows will come.
    mutating func reserve(nodes: Int, edges: Int) {
        ids.reserveCapacity(nodes)
        kinds.reserveCapacity(nodes)
        sources.reserveCapacity(edges)
        targets.reserveCapacity(edges)
        relations.reserveCapacity(edges)
    }

    /// A node. Of several with one id the first counts.
    mutating func add(_ node: NodeID, _ kind: NodeKind) {
        if let last = ids.last, last >= node.rawValue { isAscending = false }
        ids.append(node.rawValue)
        kinds.append(kind.number)
    }

    /// An edge. It is left out where one of its ends is no node.
    mutating func add(_ source: NodeID, _ relation: Relation, _ target: NodeID) {
        sources.append(source.rawValue)
        targets.append(target.rawValue)
        relations.append(relation.number)
    }

    /// The graph of what came.
    ///
    /// - Throws: ``LineageError`` where more came than a graph can number.
    consuming func graph() throws(LineageError) -> LineageGraph {
        let most = Int(Int32.max) - 1
        guard ids.count <= most, sources.count <= most else {
            throw LineageError(
                .usage, "a lineage of more than \(most) nodes or edges can't be walked in memory",
                mend: "ask about a part of it")
        }
        if !isAscending { sortNodes() }
        let edges = numberedEdges()
        let byTarget = rows(of: byRelation(edges), count: ids.count)
        // Turned over, rows come out ordered by the other end; so two turns order both.
        let forward = turned(byTarget)
        return LineageGraph(ids: ids, kinds: kinds, forward: forward, backward: turned(forward))
    }
}

extension LineageGraphBuilder {
    private struct NumberedEdges {
        var sources: [Int32]
        var targets: [Int32]
        var relations: [UInt8]
    }

    private mutating func sortNodes() {
        // The first of several with one id stays: the order of arrival breaks ties.
        let order = ids.indices.sorted { (ids[$0], $0) < (ids[$1], $1) }
        var sortedIDs: [Int64] = []
        var sortedKinds: [UInt8] = []
        for index in order where sortedIDs.last != ids[index] {
            sortedIDs.append(ids[index])
            sortedKinds.append(kinds[index])
        }
        (ids, kinds, isAscending) = (sortedIDs, sortedKinds, true)
    }

    // Ids to indices. Where ids lie close together, as in a catalogue, a table is faster than a search.
    private func numberedEdges() -> NumberedEdges {
        var edges = NumberedEdges(sources: [], targets: [], relations: [])
        guard let first = ids.first, let last = ids.last else { return edges }
        edges.sources.reserveCapacity(sources.count)
        edges.targets.reserveCapacity(sources.count)
        edges.relations.reserveCapacity(sources.count)
        let (span, overflow) = last.subtractingReportingOverflow(first)
        var table: [Int32] = []
        if !overflow, span < Int64(ids.count) * 4 {
            table = [Int32](repeating: -1, count: Int(span) + 1)
            for (index, id) in ids.enumerated() { table[Int(id - first)] = Int32(truncatingIfNeeded: index) }
        }
        ids.withUnsafeBufferPointer { ids in
            func number(_ id: Int64) -> Int32 {
                if table.isEmpty { return place(of: id, in: ids) ?? -1 }
                return id >= first && id <= last ? table[Int(id - first)] : -1
            }
            for index in sources.indices {
                let source = number(sources[index])
                let target = number(targets[index])
                guard source >= 0, target >= 0 else { continue }
                edges.sources.append(source)
                edges.targets.append(target)
                edges.relations.append(relations[index])
            }
        }
        return edges
    }

    // By counting: stable and linear.
    private func byRelation(_ edges: NumberedEdges) -> NumberedEdges {
        var next = [Int](repeating: 0, count: 257)
        for relation in edges.relations { next[Int(relation) + 1] += 1 }
        for relation in 1...256 { next[relation] += next[relation - 1] }
        var sorted = edges
        for index in edges.relations.indices {
            let place = next[Int(edges.relations[index])]
            next[Int(edges.relations[index])] += 1
            sorted.sources[place] = edges.sources[index]
            sorted.targets[place] = edges.targets[index]
            sorted.relations[place] = edges.relations[index]
        }
        return sorted
    }

    private func rows(of edges: NumberedEdges, count: Int) -> LineageGraph.Rows {
        var offsets = [Int32](repeating: 0, count: count + 1)
        for target in edges.targets { offsets[Int(target) + 1] += 1 }
        for index in 0..<count { offsets[index + 1] += offsets[index] }
        var next = offsets
        var ends = edges.sources
        var relations = edges.relations
        for index in edges.targets.indices {
            let row = Int(edges.targets[index])
            let place = Int(next[row])
            next[row] += 1
            ends[place] = edges.sources[index]
            relations[place] = edges.relations[index]
        }
        return LineageGraph.Rows(offsets: offsets, ends: ends, relations: relations)
    }

    private func turned(_ rows: LineageGraph.Rows) -> LineageGraph.Rows {
        let count = rows.offsets.count - 1
        var offsets = [Int32](repeating: 0, count: count + 1)
        for end in rows.ends { offsets[Int(end) + 1] += 1 }
        for index in 0..<count { offsets[index + 1] += offsets[index] }
        var next = offsets
        var ends = rows.ends
        var relations = rows.relations
        for row in 0..<count {
            for slot in Int(rows.offsets[row])..<Int(rows.offsets[row + 1]) {
                let end = Int(rows.ends[slot])
                let place = Int(next[end])
                next[end] += 1
                ends[place] = Int32(truncatingIfNeeded: row)
                relations[place] = rows.relations[slot]
            }
        }
        return LineageGraph.Rows(offsets: offsets, ends: ends, relations: relations)
    }
}
