import Testing
import UndertoneText

@testable import UndertoneReporting

@Suite struct LineageLayoutTests {
    private func random(_ seed: UInt64, cycles: Bool) -> (count: Int, edges: [(source: Int, target: Int)]) {
        var random = SplitMix(seed: seed)
        let count = 1 + Int(random.next() % 40)
        let edges = (0..<Int(random.next() % 90)).compactMap { _ -> (source: Int, target: Int)? in
            let (one, other) = (Int(random.next() % UInt64(count)), Int(random.next() % UInt64(count)))
            if cycles { return (one, other) }
            return one == other ? nil : (min(one, other), max(one, other))
        }
        return (count, edges)
    }

    @Test("boxes never overlap, all lie on the page, and lines lead down", arguments: [false, true])
    func places(cycles: Bool) {
        for seed in 0..<150 as Range<UInt64> {
            let (count, edges) = random(seed, cycles: cycles)
            let layout = LayeredLayout(nodes: count, edges: edges)
            let metrics = layout.metrics
            for one in 0..<count {
                let place = layout.places[one]
                #expect(
                    place.x - metrics.boxWidth / 2 >= 0 && place.x + metrics.boxWidth / 2 <= layout.width, "\(seed)")
                #expect(
                    place.y - metrics.boxHeight / 2 >= 0 && place.y + metrics.boxHeight / 2 <= layout.height, "\(seed)")
                for other in 0..<one where layout.places[other].y == place.y {
                    #expect(abs(layout.places[other].x - place.x) > metrics.boxWidth + 1, "seed \(seed)")
                }
            }
            for (index, edge) in edges.enumerated() {
                let (from, to) = (layout.layers[edge.source], layout.layers[edge.target])
                if !cycles { #expect(from < to, "seed \(seed)") }
                if edge.source != edge.target { #expect(from != to, "seed \(seed)") }
                #expect(layout.bends[index].count == max(abs(to - from) - 1, 0), "seed \(seed)")
                let heights = layout.bends[index].map(\.y)
                #expect(heights == (from < to ? heights.sorted() : heights.sorted(by: >)), "seed \(seed)")
            }
        }
    }

    @Test("bends keep clear of boxes")
    func bends() {
        for seed in 0..<100 as Range<UInt64> {
            let (count, edges) = random(seed, cycles: false)
            let layout = LayeredLayout(nodes: count, edges: edges)
            for point in layout.bends.joined() {
                for place in layout.places where place.y == point.y {
                    #expect(abs(place.x - point.x) > layout.metrics.boxWidth / 2, "seed \(seed)")
                }
            }
        }
    }

    @Test("lines are uncrossed where they can be, and crossings are counted right")
    func crossings() {
        // Three pairs, joined upside down.
        var grid = LayerGrid(layers: [0, 0, 0, 1, 1, 1])
        for (source, target) in [(0, 5), (1, 4), (2, 3)] { #expect(grid.connect(source, target).isEmpty) }
        #expect(grid.crossings() == 3)
        grid.order()
        #expect(grid.crossings() == 0)
        // Everything with everything: the crossings of K(3,3) in two layers, which no order changes.
        var full = LayerGrid(layers: [0, 0, 0, 1, 1, 1])
        for source in 0..<3 { for target in 3..<6 { _ = full.connect(source, target) } }
        #expect(full.crossings() == 9)
        full.order()
        #expect(full.crossings() == 9)
    }

    @Test("a chain is a straight line, and what nothing led to stands right above what it led to")
    func straight() {
        let chain = LayeredLayout(nodes: 6, edges: [(0, 1), (1, 2), (2, 3), (3, 4), (5, 4)])
        #expect(chain.layers == [0, 1, 2, 3, 4, 3])
        #expect(Set(chain.places.prefix(4).map { ($0.x * 10).rounded() }).count == 1)
    }

    @Test("edges that would need too many bends go straight")
    func bounded() {
        let count = 1_500
        let chain = (1..<count).map { (source: $0 - 1, target: $0) }
        let long = (0..<100).map { (source: $0, target: count - 1 - $0) }
        let layout = LayeredLayout(nodes: count, edges: chain + long)
        #expect(layout.bends.reduce(0) { $0 + $1.count } <= 20_000)
        #expect(layout.bends.contains { $0.count > 1_000 } && layout.bends.suffix(10).allSatisfy(\.isEmpty))
    }

    @Test("a text that fits is whole, one that doesn't ends in an ellipsis, and no text is wider than its room")
    func fitting() {
        #expect(fitted("owl", to: 100, size: 12) == "owl")
        for (_, text) in hostileTexts {
            let shown = fitted(visible(text), to: 90, size: 12)
            #expect(textWidth(shown, size: 12) < 90.001)
            #expect(shown == visible(text) || shown.hasSuffix("…"))
        }
    }
}
