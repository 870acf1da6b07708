// Where the boxes of a picture go: layers from top to bottom, few crossings, short lines. After Sugiyama, Tagawa and
// Toda (1981): break cycles, assign layers by longest path, order layers by barycentres, then place each layer.

/// Places for the nodes and bends of a picture, in pixels from its left upper corner.
struct LayeredLayout {
    struct Point: Equatable {
        var x: Double
        var y: Double
    }

    /// Sizes of boxes and gaps.
    struct Metrics {
        var boxWidth = 212.0
        var boxHeight = 66.0
        var gap = 26.0
        /// Between the bends of long edges, and between those and boxes.
        var bendGap = 14.0
        var layerGap = 62.0
        var margin = 24.0
    }

    let metrics: Metrics
    /// The layer of each node, from 0 at the top.
    let layers: [Int]
    /// Middle of each box.
    let places: [Point]
    /// For each edge the points that it passes between its ends, in the direction of the edge.
    let bends: [[Point]]
    let width: Double
    let height: Double

    /// Bends that a picture may have; an edge that would need more goes straight.
    private static let mostBends = 20_000

    /// - Parameter edges: places of nodes; edges from a node to itself are no part of the layout.
    /// - Complexity: O(n + e + bends) for a fixed number of sweeps, with a logarithm for sorting.
    init(nodes count: Int, edges: [(source: Int, target: Int)], metrics: Metrics = Metrics()) {
        self.metrics = metrics
        let downward = LayeredLayout.withoutCycles(count, edges)
        let layers = LayeredLayout.longestPath(count, downward)
        var bends: [[Point]] = edges.map { _ in [] }
        var grid = LayerGrid(layers: layers)
        var budget = LayeredLayout.mostBends
        var chains: [(edge: Int, slots: [Int], isTurned: Bool)] = []
        for (index, edge) in downward.enumerated() where edge.source != edge.target {
            let span = layers[edge.target] - layers[edge.source]
            let needed = span - 1
            guard needed <= budget else { continue }
            budget -= needed
            let slots = grid.connect(edge.source, edge.target)
            chains.append((index, slots, edges[index].source != edge.source))
        }
        grid.order()
        let x = grid.place(metrics)
        let layerCount = (layers.max() ?? -1) + 1
        func y(_ layer: Int) -> Double {
            metrics.margin + metrics.boxHeight / 2 + Double(layer) * (metrics.boxHeight + metrics.layerGap)
        }
        places = (0..<count).map { Point(x: x[$0], y: y(layers[$0])) }
        for chain in chains {
            let points = chain.slots.map { Point(x: x[$0], y: y(grid.layer(of: $0))) }
            bends[chain.edge] = chain.isTurned ? points.reversed() : points
        }
        let rightmost = x.indices.map { x[$0] + (grid.isBend($0) ? 0 : metrics.boxWidth / 2) }.max() ?? 0
        self.layers = layers
        self.bends = bends
        width = rightmost + metrics.margin
        height =
            layerCount == 0
            ? 2 * metrics.margin : y(layerCount - 1) + metrics.boxHeight / 2 + metrics.margin
    }
}

extension LayeredLayout {
    /// The edges, those turned round that lead back to where a walk came from.
    private static func withoutCycles(
        _ count: Int, _ edges: [(source: Int, target: Int)]
    ) -> [(source: Int, target: Int)] {
        var leaving: [[Int]] = Array(repeating: [], count: count)
        var isEntered = [Bool](repeating: false, count: count)
        for (index, edge) in edges.enumerated() where edge.source != edge.target {
            leaving[edge.source].append(index)
            isEntered[edge.target] = true
        }
        var result = edges
        // 0 not seen, 1 on the trail, 2 done.
        var state = [UInt8](repeating: 0, count: count)
        var next = [Int](repeating: 0, count: count)
        let roots = (0..<count).filter { !isEntered[$0] } + (0..<count).filter { isEntered[$0] }
        for root in roots where state[root] == 0 {
            var trail = [root]
            state[root] = 1
            while let node = trail.last {
                guard next[node] < leaving[node].count else {
                    state[node] = 2
                    trail.removeLast()
                    continue
                }
                let index = leaving[node][next[node]]
                next[node] += 1
                let end = edges[index].target
                if state[end] == 1 {
                    result[index] = (end, node)
                } else if state[end] == 0 {
                    state[end] = 1
                    trail.append(end)
                }
            }
        }
        return result
    }

    /// Every node below all that lead to it; what nothing leads to stands right above the first thing it leads to.
    private static func longestPath(_ count: Int, _ edges: [(source: Int, target: Int)]) -> [Int] {
        var leaving: [[Int]] = Array(repeating: [], count: count)
        var missing = [Int](repeating: 0, count: count)
        for edge in edges where edge.source != edge.target {
            leaving[edge.source].append(edge.target)
            missing[edge.target] += 1
        }
        let roots = (0..<count).filter { missing[$0] == 0 }
        var layers = [Int](repeating: 0, count: count)
        var open = roots
        var head = 0
        while head < open.count {
            let node = open[head]
            head += 1
            for end in leaving[node] {
                layers[end] = max(layers[end], layers[node] + 1)
                missing[end] -= 1
                if missing[end] == 0 { open.append(end) }
            }
        }
        for root in roots {
            if let first = leaving[root].map({ layers[$0] }).min() { layers[root] = first - 1 }
        }
        return layers
    }
}
