// The whole lineage in memory, compact: who came from whom, in compressed sparse rows both ways.

/// Nodes and edges of a catalogue, for questions that walk far.
///
/// About 26 bytes a node and 10 bytes an edge. Every question takes O(nodes + edges) time at most and never recurses; ids
/// that are no node of the graph have no ancestors, no descendants and no paths. Walks end on any input, on cycles too.
public struct LineageGraph: Sendable {
    /// The edges seen from one end: those of node `n` are the slots `offsets[n] ..< offsets[n + 1]`.
    struct Rows: Sendable {
        var offsets: [Int32]
        /// The other end of each edge; ascending within a row.
        var ends: [Int32]
        /// ``Relation/number`` of each edge; ascending among edges with the same ends.
        var relations: [UInt8]

        func slots(of node: Int32) -> Range<Int> { Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) }
    }

    /// Ascending, each once.
    let ids: [Int64]
    /// ``NodeKind/number`` of each node.
    let kinds: [UInt8]
    /// From what was there before to what came of it.
    let forward: Rows
    /// From what came to what was there before.
    let backward: Rows

    init(ids: [Int64], kinds: [UInt8], forward: Rows, backward: Rows) {
        self.ids = ids
        self.kinds = kinds
        self.forward = forward
        self.backward = backward
    }

    /// The graph of these nodes and edges, in any order. Of nodes with one id the first counts; edges with an end that is
    /// no node are left out.
    ///
    /// - Throws: ``LineageError`` where there are more than 2³¹ − 2 nodes or edges.
    public init(
        nodes: some Sequence<(id: NodeID, kind: NodeKind)>, edges: some Sequence<Edge>
    ) throws(LineageError) {
        var builder = LineageGraphBuilder()
        for node in nodes { builder.add(node.id, node.kind) }
        for edge in edges { builder.add(edge.source, edge.relation, edge.target) }
        self = try builder.graph()
    }

    /// The graph of a part of a catalogue.
    ///
    /// - Throws: ``LineageError`` where there are more than 2³¹ − 2 nodes or edges.
    public init(_ snapshot: LineageSnapshot) throws(LineageError) {
        try self.init(nodes: snapshot.nodes.lazy.map { (id: $0.id, kind: $0.kind) }, edges: snapshot.edges)
    }

    /// How many nodes there are.
    public var nodeCount: Int { ids.count }
    /// How many edges there are.
    public var edgeCount: Int { forward.ends.count }

    /// Whether there is a node of that id. O(log n).
    public func contains(_ node: NodeID) -> Bool { index(of: node) != nil }

    /// What the node is; `nil` where it is none of the graph. O(log n).
    public func kind(of node: NodeID) -> NodeKind? { index(of: node).map(kind) }

    /// Edges that end at the node, ordered by source, then relation.
    public func edges(into node: NodeID) -> [Edge] {
        guard let index = index(of: node) else { return [] }
        return backward.slots(of: index).map {
            Edge(id(backward.ends[$0]), Relation.numbered[Int(backward.relations[$0])], node)
        }
    }

    /// Edges that begin at the node, ordered by target, then relation.
    public func edges(from node: NodeID) -> [Edge] {
        guard let index = index(of: node) else { return [] }
        return forward.slots(of: index).map {
            Edge(node, Relation.numbered[Int(forward.relations[$0])], id(forward.ends[$0]))
        }
    }
}

extension LineageGraph {
    func id(_ index: Int32) -> NodeID { NodeID(rawValue: ids[Int(index)]) }

    func kind(_ index: Int32) -> NodeKind { NodeKind.numbered[Int(kinds[Int(index)])] }

    func index(of node: NodeID) -> Int32? {
        ids.withUnsafeBufferPointer { place(of: node.rawValue, in: $0) }
    }
}

/// The index of `id` among ascending ids.
func place(of id: Int64, in ids: UnsafeBufferPointer<Int64>) -> Int32? {
    var low = 0
    var high = ids.count
    while low < high {
        let middle = (low + high) / 2
        if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < ids.count && ids[low] == id ? Int32(truncatingIfNeeded: low) : nil
}
