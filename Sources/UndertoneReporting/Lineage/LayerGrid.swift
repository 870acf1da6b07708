// The layers of a picture: boxes and bends side by side, ordered so that few lines cross, placed so that lines are short.

/// Layers of slots. The first slots are the boxes, by number; the others are bends of edges that pass a layer.
struct LayerGrid {
    private let boxes: Int
    private var layerOf: [Int]
    private var rows: [[Int]]
    private var above: [[Int]]
    private var below: [[Int]]

    private static let orderSweeps = 24
    private static let placeSweeps = 12

    init(layers: [Int]) {
        boxes = layers.count
        layerOf = layers
        rows = Array(repeating: [], count: (layers.max() ?? -1) + 1)
        for (box, layer) in layers.enumerated() { rows[layer].append(box) }
        above = Array(repeating: [], count: boxes)
        below = Array(repeating: [], count: boxes)
    }

    func isBend(_ slot: Int) -> Bool { slot >= boxes }

    func layer(of slot: Int) -> Int { layerOf[slot] }

    /// Draws an edge down from one box to another: the bends that it needs, from top to bottom.
    mutating func connect(_ source: Int, _ target: Int) -> [Int] {
        var chain: [Int] = []
        var last = source
        for layer in (layerOf[source] + 1)..<max(layerOf[target], layerOf[source] + 1) {
            let bend = layerOf.count
            layerOf.append(layer)
            rows[layer].append(bend)
            above.append([last])
            below.append([])
            below[last].append(bend)
            chain.append(bend)
            last = bend
        }
        below[last].append(target)
        above[target].append(last)
        return chain
    }

    /// Orders every layer by the middle of its neighbours in the layer before, down and up again, and keeps the order
    /// with the fewest crossings.
    mutating func order() {
        var best = rows
        var fewest = crossings()
        for sweep in 0..<LayerGrid.orderSweeps where fewest > 0 {
            let goesDown = sweep % 2 == 0
            var place = places()
            for step in rows.indices {
                let layer = goesDown ? step : rows.count - 1 - step
                let neighbours = goesDown ? above : below
                let keys = rows[layer].map { slot -> Double in
                    let around = neighbours[slot]
                    guard !around.isEmpty else { return Double(place[slot]) }
                    return Double(around.reduce(0) { $0 + place[$1] }) / Double(around.count)
                }
                // Ties turn round in every second pair of sweeps, which gets out of some dead ends.
                let turns = sweep % 4 > 1
                let order = rows[layer].indices.sorted {
                    (keys[$0], turns ? -$0 : $0) < (keys[$1], turns ? -$1 : $1)
                }
                rows[layer] = order.map { rows[layer][$0] }
                for (index, slot) in rows[layer].enumerated() { place[slot] = index }
            }
            let now = crossings()
            if now < fewest { (best, fewest) = (rows, now) }
        }
        rows = best
    }

    private func places() -> [Int] {
        var place = [Int](repeating: 0, count: layerOf.count)
        for row in rows { for (index, slot) in row.enumerated() { place[slot] = index } }
        return place
    }

    /// Pairs of lines that cross, counted layer by layer with a binary indexed tree (Barth, Jünger and Mutzel, 2002).
    func crossings() -> Int {
        let place = places()
        var total = 0
        for (row, next) in zip(rows, rows.dropFirst()) {
            var tree = [Int](repeating: 0, count: next.count + 1)
            var seen = 0
            for slot in row {
                let ends = below[slot].map { place[$0] }.sorted()
                for end in ends {
                    var index = end + 1
                    var before = 0
                    while index > 0 {
                        before += tree[index]
                        index -= index & -index
                    }
                    total += seen - before
                }
                for end in ends {
                    var index = end + 1
                    while index <= next.count {
                        tree[index] += 1
                        index += index & -index
                    }
                }
                seen += ends.count
            }
        }
        return total
    }

    /// The horizontal middle of every slot: as near to the middle of its neighbours as its layer's order leaves room.
    func place(_ metrics: LayeredLayout.Metrics) -> [Double] {
        var x = [Double](repeating: 0, count: layerOf.count)
        for row in rows {
            var left = 0.0
            for (index, slot) in row.enumerated() {
                if index > 0 { left += distance(row[index - 1], slot, metrics) }
                x[slot] = left
            }
            let middle = left / 2
            for slot in row { x[slot] -= middle }
        }
        for sweep in 0..<LayerGrid.placeSweeps {
            let goesDown = sweep % 2 == 0
            // The last two look both ways, so that parents end up above the middle of their children.
            let looksBothWays = sweep >= LayerGrid.placeSweeps - 2
            for step in rows.indices {
                let row = rows[goesDown ? step : rows.count - 1 - step]
                var wishes = row.map { slot -> (x: Double, weight: Double) in
                    var sum = 0.0
                    var weight = 0.0
                    for (neighbours, counts) in [(above[slot], goesDown), (below[slot], !goesDown)]
                    where counts || looksBothWays {
                        for other in neighbours {
                            // Two bends of one edge: a straight line matters more than a short one.
                            let pull = isBend(slot) && isBend(other) ? 8.0 : isBend(slot) || isBend(other) ? 2.0 : 1.0
                            sum += pull * x[other]
                            weight += pull
                        }
                    }
                    return weight > 0 ? (sum / weight, weight) : (x[slot], 0.1)
                }
                var offset = 0.0
                var offsets = [0.0]
                for index in row.indices.dropFirst() {
                    offset += distance(row[index - 1], row[index], metrics)
                    offsets.append(offset)
                }
                for index in row.indices { wishes[index].x -= offsets[index] }
                for (index, value) in LayerGrid.ascending(wishes).enumerated() {
                    x[row[index]] = value + offsets[index]
                }
            }
        }
        let leftmost = x.indices.map { x[$0] - (isBend($0) ? 0 : metrics.boxWidth / 2) }.min() ?? 0
        return x.map { $0 - leftmost + metrics.margin }
    }

    private func distance(_ left: Int, _ right: Int, _ metrics: LayeredLayout.Metrics) -> Double {
        switch (isBend(left), isBend(right)) {
        case (false, false): metrics.boxWidth + metrics.gap
        case (true, true): metrics.bendGap
        default: metrics.boxWidth / 2 + metrics.bendGap
        }
    }

    /// The ascending values nearest to the wishes in weighted least squares: pool adjacent violators. O(n).
    private static func ascending(_ wishes: [(x: Double, weight: Double)]) -> [Double] {
        var pools: [(sum: Double, weight: Double, count: Int)] = []
        for wish in wishes {
            var pool = (sum: wish.x * wish.weight, weight: wish.weight, count: 1)
            while let last = pools.last, last.sum / last.weight > pool.sum / pool.weight {
                pool = (last.sum + pool.sum, last.weight + pool.weight, last.count + pool.count)
                pools.removeLast()
            }
            pools.append(pool)
        }
        return pools.flatMap { pool in repeatElement(pool.sum / pool.weight, count: pool.count) }
    }
}
