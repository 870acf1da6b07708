// A curve: amounts from left to right, what came of them from bottom to top, with intervals and single runs.

package import UndertoneStatistics
import UndertoneText

/// Points that are joined by a line. Amounts are above 0 and stand on a logarithmic axis.
package struct CurvePlot: Sendable {
    /// What came of an amount.
    package struct Point: Sendable {
        package var amount: Double
        package var value: Double
        package var interval: Interval?
        /// What single runs gave.
        package var dots: [Double]

        package init(amount: Double, value: Double, interval: Interval?, dots: [Double]) {
            self.amount = amount
            self.value = value
            self.interval = interval
            self.dots = dots
        }
    }

    /// In the order of their amounts.
    package var points: [Point]
    /// What it shows, for those who can't see it; any text.
    package var title: String
    /// All its figures in words; any text.
    package var description: String
    /// How an amount is written.
    package var amount: @Sendable (Double) -> String
    /// How a value is written.
    package var tick: @Sendable (_ value: Double, _ decimals: Int) -> String

    package init(
        points: [Point], title: String, description: String, amount: @escaping @Sendable (Double) -> String,
        tick: @escaping @Sendable (_ value: Double, _ decimals: Int) -> String
    ) {
        self.points = points.sorted { $0.amount < $1.amount }
        self.title = title
        self.description = description
        self.amount = amount
        self.tick = tick
    }

    /// Writes the picture.
    package func write(to output: inout some TextOutputStream) {
        let across = PlotScale(covering: points.map(\.amount), kind: .logarithmic, extent: 18...92)
        let up = PlotScale(
            covering: points.map(\.value) + [0],
            reaching: points.flatMap { $0.dots + ($0.interval.map { [$0.low, $0.high] } ?? []) }, extent: 6...84)
        func x(_ amount: Double) -> String { percentage(across.place(of: amount)) }
        func y(_ value: Double) -> String { percentage(90 - up.place(of: value)) }
        output.write("<svg class=\"curve\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">")
        output.write("<title>\(xmlText(title))</title><desc>\(xmlText(description, limit: 2_000))</desc>")
        let (values, decimals) = up.ticks(4)
        for value in values {
            let isZero = abs(value) < 1e-12
            output.write("<line class=\"\(isZero ? "zero" : "grid")\" x1=\"0\" x2=\"100%\" y1=\"\(y(value))\" ")
            output.write("y2=\"\(y(value))\"/><text x=\"0\" y=\"\(y(value))\" dy=\"-4\">")
            output.write("\(xmlText(tick(value, decimals), limit: 20))</text>")
        }
        for (point, next) in zip(points, points.dropFirst()) {
            output.write("<line class=\"path\" x1=\"\(x(point.amount))\" y1=\"\(y(point.value))\" ")
            output.write("x2=\"\(x(next.amount))\" y2=\"\(y(next.value))\"/>")
        }
        let shown = PlotScale.labelled(points.map { across.place(of: $0.amount) }, gap: 14)
        for (point, isLabelled) in zip(points, shown) {
            if let interval = point.interval, !interval.low.isNaN, !interval.high.isNaN {
                output.write("<line class=\"range\" x1=\"\(x(point.amount))\" x2=\"\(x(point.amount))\" ")
                output.write("y1=\"\(y(interval.low))\" y2=\"\(y(interval.high))\"/>")
            }
            for dot in point.dots where up.holds(dot) {
                let place = percentage(across.place(of: point.amount) + 1.6)
                output.write(PlotMark.runDrawn(x: place, y: y(dot)))
            }
            output.write(PlotMark.disc.drawn(x: x(point.amount), y: y(point.value)))
            guard isLabelled else { continue }
            output.write("<text x=\"\(x(point.amount))\" y=\"97%\" text-anchor=\"middle\">")
            output.write("\(xmlText(amount(point.amount), limit: 20))</text>")
        }
        output.write("</svg>\n")
    }
}
