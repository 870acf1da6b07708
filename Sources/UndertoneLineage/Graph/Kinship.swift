// What two models have in common: bases, and the nearest common ancestors.

/// What two nodes share along the edges on which weights are handed on.
public struct Kinship: Hashable, Sendable {
    /// Models that both came from (or are) and whose own weights came from no other model: ordered by id.
    public let bases: [NodeID]
    /// Common models with no later common model below them: ordered by id.
    public let nearest: [NodeID]
}

extension LineageGraph {
    /// The bases and the nearest models that both nodes share, following `base`, `student` and `trained` back. A model
    /// counts among its own ancestors. What is no model has none: ask about the teacher of a drop, not the drop.
    ///
    /// - Parameter isBase: whether a model's weights began as random numbers. A shared model that came from no other one
    ///   counts as a base too, since nobody said what its base was.
    public func commonBases(
        of one: NodeID, and other: NodeID, isBase: (NodeID) -> Bool = { _ in false }
    ) -> Kinship {
        guard let one = index(of: one), let other = index(of: other) else { return Kinship(bases: [], nearest: []) }
        let left = Wave(from: one, over: backward, through: .weights)
        let right = Wave(from: other, over: backward, through: .weights)
        let model = NodeKind.model.number
        let common = left.order.filter { right.hasMet($0) && kinds[Int($0)] == model }.sorted()
        let bases = common.filter { node in
            isBase(id(node))
                || !backward.slots(of: node).contains { RelationSet.weights.has(backward.relations[$0]) }
        }
        let above = strictAncestors(of: common)
        return Kinship(bases: bases.map(id), nearest: common.filter { !above[Int($0)] }.map(id))
    }

    // Whatever lies above one of the nodes along the edges of weights, the nodes themselves only where they do.
    private func strictAncestors(of nodes: [Int32]) -> [Bool] {
        var isAbove = [Bool](repeating: false, count: ids.count)
        var open = nodes
        while let node = open.popLast() {
            for slot in backward.slots(of: node) where RelationSet.weights.has(backward.relations[slot]) {
                let end = backward.ends[slot]
                if isAbove[Int(end)] { continue }
                isAbove[Int(end)] = true
                open.append(end)
            }
        }
        return isAbove
    }
}
