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
}
