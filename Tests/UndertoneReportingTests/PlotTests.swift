// Plots and tables of pages: where things lie, what is said in words, and that nothing of the data becomes markup.

import Testing
import UndertoneReporting
import UndertoneStatistics

private func row(_ name: String, _ value: Double?, _ low: Double, _ high: Double, dots: [Double] = []) -> RowPlot.Row {
    RowPlot.Row(
        name, tag: name, detail: name, value: value, interval: Interval(low: low, high: high), dots: dots,
        figure: name, figureDetail: name)
}

private func plot(_ rows: [RowPlot.Row]) -> RowPlot {
    RowPlot(
        rows: rows, references: [.init(0, "zero"), .init(1, "one", isDashed: true)],
        band: Interval(low: -0.3, high: 0.3), tick: { "\($0) \($1)" })
}

private func page(_ write: (inout String) -> Void) throws -> XMLPage {
    var text = ""
    Page(title: "t", version: "", style: Page.figures).write(to: &text) { write(&$0) }
    return try XMLPage(text)
}

/// What no picture may hold: places that are no numbers.
private func isDrawable(_ page: XMLPage) -> Bool {
    page.elements.allSatisfy { element in
        element.attributes.values.allSatisfy { !$0.contains("nan") && !$0.contains("inf") }
    }
}

private let extremes: [Double] = [0, -0.0, 1e-300, -1e300, 1e300, .greatestFiniteMagnitude, 1, 0.3, .infinity, .nan]

@Suite struct PlotScaleTests {
    @Test func `the ends of what is covered lie at the ends of the picture, and order is kept`() {
        let scale = PlotScale(covering: [-2, 3, 8])
        #expect(scale.place(of: -2) == 3 && scale.place(of: 8) == 97 && scale.place(of: 3) == 50)
        #expect(scale.place(of: -50) == 3 && scale.place(of: 50) == 97 && !scale.holds(50))
    }

    @Test func `a wild interval does not press all else into a corner`() {
        let scale = PlotScale(covering: [0, 1], reaching: [-1e9, 1.5])
        #expect(scale.low == -1 && scale.high == 1.5)
    }

    @Test func `a logarithmic axis gives equal ratios equal distances`() {
        let scale = PlotScale(covering: [10, 1_000], kind: .logarithmic, extent: 0...100)
        #expect(abs(scale.place(of: 100) - 50) < 1e-9)
    }

    @Test("any numbers give an axis whose places and ticks are finite", arguments: extremes, extremes)
    func finite(first: Double, second: Double) {
        for kind in [PlotScale.Kind.linear, .logarithmic] {
            let scale = PlotScale(covering: [first, second], reaching: [second, -first], kind: kind)
            #expect(scale.low < scale.high)
            for value in extremes { #expect((0...100).contains(scale.place(of: value))) }
            let ticks = scale.ticks()
            #expect(ticks.values.allSatisfy(\.isFinite) && ticks.values.count < 20 && ticks.decimals >= 0)
        }
    }

    @Test("ticks are round, lie on the axis, and leave room for their labels", arguments: 1...60)
    func ticks(step: Int) {
        let high = 0.0007 * Double(step * step * step)
        let scale = PlotScale(covering: [-high / 3, high])
        let (values, decimals) = scale.ticks()
        #expect(values.count >= 2 && values.allSatisfy { $0 >= scale.low * 1.001 && $0 <= scale.high * 1.001 })
        for (value, next) in zip(values, values.dropFirst()) {
            #expect(scale.place(of: next) - scale.place(of: value) > 15)
        }
        var unit = 1.0
        for _ in 0..<decimals { unit *= 10 }
        for value in values { #expect(abs((value * unit).rounded() - value * unit) < 1e-6, "\(value) \(decimals)") }
    }

    @Test func `of labels that touch, the first one stays`() {
        #expect(PlotScale.labelled([10, 14, 30, 22, 90], gap: 10) == [true, false, true, false, true])
    }
}

@Suite struct RowPlotTests {
    @Test func `every row says in words what its picture shows`() throws {
        let found = try page { plot([row("a", 0.5, 0.25, 2, dots: [0.4, 0.6])]).write(to: &$0) }
        let title = try #require(found.elements.first { $0.name == "title" && $0.text.hasPrefix("a:") })
        #expect(title.text == "a: a, a, a; runs 0.4 2, 0.6 2")
        let picture = try #require(found.elements.first { $0.attributes["class"] == "track" })
        #expect(picture.attributes["role"] == "img")
    }

    @Test func `an interval that goes on beyond the picture is said to`() throws {
        let found = try page { plot([row("a", 0.5, -.infinity, 2)]).write(to: &$0) }
        #expect(found.elements.contains { $0.name == "title" && $0.text.hasSuffix("lies beyond the picture") })
    }

    @Test func `one row has one dot for each run, and many rows have the axis at both ends`() throws {
        let one = try page { plot([row("a", 0, -1, 1, dots: [0.1, 0.2, 0.3])]).write(to: &$0) }
        #expect(one.elements.filter { $0.attributes["class"] == "run" }.count == 3)
        #expect(one.elements.filter { $0.attributes["class"] == "axis" }.count == 1)
        let many = try page { plot((0..<30).map { row("\($0)", 0, -1, 1) }).write(to: &$0) }
        #expect(many.elements.filter { $0.attributes["class"] == "axis" }.count == 2)
        #expect(many.elements.filter { $0.name == "li" }.count == 30)
    }

    @Test func `bars begin at zero on either side`() throws {
        let rows = [("up", 2.0), ("down", -2.0)].map { RowPlot.Row($0.0, value: $0.1, isBar: true, figure: "") }
        let found = try page { RowPlot(rows: rows, references: [], tick: { "\($0) \($1)" }).write(to: &$0) }
        let bars = found.elements.filter { $0.attributes["class"] == "bar" }
        #expect(
            bars.map { $0.attributes["x"] } == ["50%", "3%"] && bars.allSatisfy { $0.attributes["width"] == "47%" })
    }

    @Test("extreme figures are drawn somewhere", arguments: extremes)
    func extreme(value: Double) throws {
        let rows = [row("a", value, -value.magnitude, value.magnitude, dots: [value, 0]), row("b", nil, value, value)]
        let found = try page { output in
            plot(rows).write(to: &output)
            CurvePlot(
                points: [
                    .init(amount: value, value: value, interval: nil, dots: [value]),
                    .init(
                        amount: 10, value: 1, interval: Interval(low: -value.magnitude, high: value.magnitude), dots: []
                    ),
                ], title: "", description: "", amount: { "\($0.isNaN)" }, tick: { "\($0.isNaN) \($1)" }
            ).write(to: &output)
            HistogramPlot(
                low: -value.magnitude, high: value.magnitude, upper: .init("u", counts: [0, 5, -3]),
                lower: .init("l", counts: []), title: "", tick: { "\($0.isNaN) \($1)" }
            ).write(to: &output)
        }
        #expect(isDrawable(found))
    }
}

@Suite struct FigurePageTests {
    @Test("hostile text in a plot or table is only ever text", arguments: hostileTexts.map(\.why))
    func hostile(why: String) throws {
        let text = try #require(hostileTexts.first { $0.why == why }).text
        let found = try page { output in
            plot([row(text, 1, 0, 2)]).write(to: &output)
            HistogramPlot(
                low: 0, high: 1, upper: .init(text, counts: [1]), lower: .init(text, counts: [2]), title: text,
                tick: { _, _ in text }
            ).write(to: &output)
            CurvePlot(
                points: [.init(amount: 1, value: 1, interval: nil, dots: [])], title: text, description: text,
                amount: { _ in text }, tick: { _, _ in text }
            ).write(to: &output)
            FigureTable(text, columns: [.init(text, isFigure: false), .init(text)], rows: [[text, text]])
                .write(folded: true, to: &output)
        }
        let known: Set = [
            "html", "head", "meta", "title", "style", "body", "footer", "p", "ul", "li", "span", "b", "i", "small",
            "svg",
            "rect", "line", "path", "text", "desc", "div", "details", "summary", "table", "caption", "thead", "tbody",
            "tr", "th", "td",
        ]
        #expect(Set(found.elements.map(\.name)).isSubset(of: known))
        let handlers = found.elements.flatMap(\.attributes.keys).filter {
            $0.hasPrefix("on") || $0 == "style" || $0 == "href"
        }
        #expect(handlers.isEmpty)
    }

    @Test func `a table names its rows and columns, and has a cell for each figure`() throws {
        let table = FigureTable(
            "Sums", columns: [.init("Name", isFigure: false), .init("Sum")], rows: [["a", "1"], ["b", "2"]])
        let found = try page { table.write(to: &$0) }
        #expect(found.elements.filter { $0.name == "td" }.map(\.text) == ["1", "2"])
        #expect(found.elements.filter { $0.attributes["scope"] == "row" }.map(\.text) == ["a", "b"])
        #expect(found.elements.filter { $0.attributes["scope"] == "col" }.map(\.text) == ["Name", "Sum"])
        #expect(!found.elements.contains { $0.name == "details" })
    }

    @Test func `signs differ in their shape, not only in colour`() {
        #expect(Set(PlotMark.allCases.map(\.inline)).count == PlotMark.allCases.count)
        #expect(!PlotMark.allCases.map(\.inline).contains(PlotMark.runInline))
    }

    @Test func `shares of a histogram fill their half, whatever the counts`() throws {
        let found = try page { output in
            HistogramPlot(
                low: 0, high: 1, upper: .init("u", counts: [1, 0, 3]), lower: .init("l", counts: [300, 100, 0]),
                title: "", tick: { "\($0) \($1)" }
            ).write(to: &output)
        }
        func heights(_ style: String) -> [String?] {
            found.elements.filter { $0.attributes["class"] == style }.map { $0.attributes["height"] }
        }
        #expect(heights("bar") == ["13.33%", "40%"] && heights("bar hollow") == ["40%", "13.33%"])
    }
}

@Suite struct SquarePlotTests {
    @Test func `both axes go from 0 to 1, and nothing is drawn beyond them`() throws {
        let points = [(0.0, 0.0), (0.5, 0.25), (1, 1)].map { SquarePlot.Point($0.0, $0.1) }
        let mark = SquarePlot.Point(0.5, 0.5, interval: Interval(low: -3, high: 7))
        let square = SquarePlot(
            path: points, marks: [mark], title: "<t>", description: "&", across: "x", up: "\u{202E}")
        var text = ""
        square.write(to: &text)
        #expect(text.contains("points=\"34.0,264.0 152.0,205.0 270.0,28.0\""))
        #expect(text.contains("y1=\"264.0\" y2=\"28.0\"") && text.contains("&lt;t&gt;") && !text.contains("\u{202E}"))
        let drawn = try page { square.write(to: &$0) }
        #expect(isDrawable(drawn))
    }

    @Test func `numbers that can't be drawn do no harm`() throws {
        for x in extremes {
            let points = extremes.map { SquarePlot.Point(x, $0, interval: Interval(low: $0, high: x)) }
            let drawn = try page {
                SquarePlot(path: points, marks: points, title: "", description: "", across: "", up: "").write(to: &$0)
            }
            #expect(isDrawable(drawn))
            #expect(drawn.elements.allSatisfy { $0.attributes.values.allSatisfy { !$0.contains("–") } })
        }
    }
}
