// How far a node reaches: its ancestors and its descendants, nearest first.

/// The nodes that a walk met, nearest first; of those equally near, in an order that depends on the graph alone. The
/// node that the walk began at is not among them, even where a cycle leads back to it.
public struct Reach: RandomAccessCollection, Sendable {
    /// A node that was met.
    public struct Element: Hashable, Sendable {
        /// The node.
        public let id: NodeID
        /// What it is.
        public let kind: NodeKind
        /// Edges on the shortest way to it; at least 1.
        public let distance: Int
    }

    let graph: LineageGraph
    /// The start, then what was met; −1 stands for a start that is no node.
    let order: [Int32]
    let distances: [Int32]

    /// 0.
    public var startIndex: Int { 0 }
    /// How many were met.
    public var endIndex: Int { order.count - 1 }

    /// The node at that place.
    public subscript(position: Int) -> Element {
        let index = order[position + 1]
        return Element(id: graph.id(index), kind: graph.kind(index), distance: Int(distances[position + 1]))
    }

    /// Those of certain kinds: the drops and models among the descendants of a teacher, for one. O(n).
    public func only(_ kinds: Set<NodeKind>) -> Reach {
        let wanted = NodeKind.numbered.map(kinds.contains)
        let places = order.indices.filter { $0 == 0 || wanted[Int(graph.kinds[Int(order[$0])])] }
        return Reach(graph: graph, order: places.map { order[$0] }, distances: places.map { distances[$0] })
    }
}

extension LineageGraph {
    /// All that the node came from.
    ///
    /// - Parameter relations: the walk follows these only.
    public func ancestors(of node: NodeID, through relations: RelationSet = .all) -> Reach {
        reach(of: node, over: backward, relations)
    }

    /// All that came of the node.
    ///
    /// - Parameter relations: the walk follows these only.
    public func descendants(of node: NodeID, through relations: RelationSet = .all) -> Reach {
        reach(of: node, over: forward, relations)
    }

    private func reach(of node: NodeID, over rows: Rows, _ relations: RelationSet) -> Reach {
        guard let start = index(of: node) else { return Reach(graph: self, order: [-1], distances: [0]) }
        let wave = Wave(from: start, over: rows, through: relations)
        return Reach(graph: self, order: wave.order, distances: wave.distances)
    }
}

/// A breadth-first walk from one node.
struct Wave {
    /// The start, then what was met, nearest first.
    let order: [Int32]
    /// Edges from the start, for each in ``order``.
    let distances: [Int32]
    /// The node from which each node that was met was met, itself for the start. Empty where no trail was wanted; no
    /// value means anything where the node wasn't met.
    let cameFrom: [Int32]
    /// A bit for each node, so that those of a million fit into a fast cache.
    private let met: [UInt64]

    func hasMet(_ node: Int32) -> Bool { met[Int(node) >> 6] & (1 << UInt64(node & 63)) != 0 }

    /// Walks to the end, or until it meets `wanted`.
    ///
    /// - Parameter hasTrail: whether to remember from where each node was met.
    init(
        from start: Int32, over rows: LineageGraph.Rows, through relations: RelationSet, hasTrail: Bool = false,
        until wanted: Int32 = -1
    ) {
        let count = rows.offsets.count - 1
        let followsAll = relations.isSuperset(of: .all)
        var size = 1
        var met = [UInt64](repeating: 0, count: count / 64 + 1)
        met[Int(start) >> 6] |= 1 << UInt64(start & 63)
        var trail = [Int32](repeating: 0, count: hasTrail ? count : 1)
        trail[hasTrail ? Int(start) : 0] = start
        var distances: [Int32] = []
        order = [Int32](unsafeUninitializedCapacity: count) { queue, queued in
            distances = [Int32](unsafeUninitializedCapacity: count) { steps, stepped in
                (queue[0], steps[0]) = (start, 0)
                met.withUnsafeMutableBufferPointer { met in
                    trail.withUnsafeMutableBufferPointer { trail in
                        rows.withBuffers { offsets, ends, kinds in
                            var head = start == wanted ? size : 0
                            while head < size {
                                let node = queue[head]
                                let step = steps[head] &+ 1
                                head &+= 1
                                for slot in Int(offsets[Int(node)])..<Int(offsets[Int(node) &+ 1]) {
                                    let end = ends[slot]
                                    let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: end & 63)
                                    guard met[Int(end) >> 6] & bit == 0 else { continue }
                                    guard followsAll || relations.has(kinds[slot]) else { continue }
                                    met[Int(end) >> 6] |= bit
                                    if hasTrail { trail[Int(end)] = node }
                                    (queue[size], steps[size]) = (end, step)
                                    size &+= 1
                                    if end == wanted { return }
                                }
                            }
                        }
                    }
                }
                stepped = size
            }
            queued = size
        }
        self.distances = distances
        self.met = met
        cameFrom = hasTrail ? trail : []
    }
}

extension LineageGraph.Rows {
    @inline(__always)
    func withBuffers<Result>(
        _ body: (UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        offsets.withUnsafeBufferPointer { offsets in
            ends.withUnsafeBufferPointer { ends in
                relations.withUnsafeBufferPointer { body(offsets, ends, $0) }
            }
        }
    }
}
