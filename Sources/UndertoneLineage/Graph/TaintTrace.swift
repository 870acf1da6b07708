// Taint flows to all that descends from what was found bad; the path is the reason.

/// Why a node is tainted.
public struct TaintTrace: Sendable, Equatable {
    /// A taint that stands.
    public let taint: Taint
    /// A shortest way from what was found bad to the node; it has no edges where that is the node itself.
    public let path: LineagePath

    /// Whether the node itself was found bad.
    public var isOwn: Bool { path.relations.isEmpty }
}

/// All that a taint reaches.
public struct TaintSpread: Sendable {
    /// The taint.
    public let taint: Taint
    /// What descends from what was found bad, which is itself not among it. Empty where the taint was lifted.
    public let reach: Reach

    private let wave: Wave?

    init(_ taint: Taint, in graph: LineageGraph) {
        self.taint = taint
        guard taint.lifted == nil, let start = graph.index(of: taint.node) else {
            reach = Reach(graph: graph, order: [-1], distances: [0])
            wave = nil
            return
        }
        let wave = Wave(from: start, over: graph.forward, through: .all, hasTrail: true)
        reach = Reach(graph: graph, order: wave.order, distances: wave.distances)
        self.wave = wave
    }

    /// Why the taint is on that node; `nil` where it isn't. O(length of the path · log edges).
    public func trace(to node: NodeID) -> TaintTrace? {
        let graph = reach.graph
        guard let wave, let end = graph.index(of: node), wave.hasMet(end) else { return nil }
        var nodes = [node]
        var relations: [Relation] = []
        var index = end
        while wave.cameFrom[Int(index)] != index {
            let before = wave.cameFrom[Int(index)]
            relations.append(graph.relation(from: before, to: index, .all))
            nodes.append(graph.id(before))
            index = before
        }
        let path = LineagePath(nodes: nodes.reversed(), relations: relations.reversed())
        return TaintTrace(taint: taint, path: path)
    }
}

extension LineageGraph {
    /// The standing taints on the node and on all that it came from, nearest first, then by the taint's number. Lifted
    /// ones are passed over.
    ///
    /// - Complexity: O(nodes + edges + taints · length of the paths), in one walk.
    public func taintedBy(_ node: NodeID, taints: some Sequence<Taint>) -> [TaintTrace] {
        let standing = taints.filter { $0.lifted == nil }
        guard !standing.isEmpty, let start = index(of: node) else { return [] }
        let wave = Wave(from: start, over: backward, through: .all, hasTrail: true)
        return standing.compactMap { taint in
            guard let place = index(of: taint.node), wave.hasMet(place) else { return nil }
            return TaintTrace(taint: taint, path: path(from: place, along: wave, .all))
        }.sorted {
            ($0.path.relations.count, $0.taint.id) < ($1.path.relations.count, $1.taint.id)
        }
    }

    /// What the taint reaches, with a reason for each; nothing where it was lifted.
    public func spread(of taint: Taint) -> TaintSpread { TaintSpread(taint, in: self) }
}
