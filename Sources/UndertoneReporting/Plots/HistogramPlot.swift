// How values are spread: the shares of one set upwards, those of a second one downwards, so that nobody needs colours
// to tell them apart.

import UndertoneText

/// Bins of equal width.
package struct HistogramPlot: Sendable {
    /// A set of values.
    package struct Series: Sendable {
        /// What it is; any text.
        package var name: String
        /// Values in each bin.
        package var counts: [Int]

        package init(_ name: String, counts: [Int]) {
            self.name = name
            self.counts = counts
        }
    }

    /// Where the first bin begins.
    package var low: Double
    /// Where the last bin ends.
    package var high: Double
    /// Upwards.
    package var upper: Series
    /// Downwards.
    package var lower: Series?
    /// What it shows, for those who can't see it; any text.
    package var title: String
    /// How a number of the axis is written.
    package var tick: @Sendable (_ value: Double, _ decimals: Int) -> String

    package init(
        low: Double, high: Double, upper: Series, lower: Series? = nil, title: String,
        tick: @escaping @Sendable (_ value: Double, _ decimals: Int) -> String
    ) {
        self.low = low
        self.high = high
        self.upper = upper
        self.lower = lower
        self.title = title
        self.tick = tick
    }

    /// Writes the picture.
    package func write(to output: inout some TextOutputStream) {
        let series = [upper] + (lower.map { [$0] } ?? [])
        let shares = series.map { series in
            let sum = series.counts.reduce(0, +)
            return series.counts.map { sum == 0 ? 0 : Double(max($0, 0)) / Double(sum) }
        }
        let most = max(shares.joined().max() ?? 0, 1e-12)
        // The axis at the foot, or in the middle with the second set hanging from it; 8 % of the height for the ticks.
        let (base, room) = lower == nil ? (90.0, 80.0) : (48.0, 40.0)
        output.write("<svg class=\"histogram\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">")
        output.write("<title>\(xmlText(title))</title><desc>\(xmlText(description, limit: 1_000))</desc>")
        for (index, shares) in shares.enumerated() {
            let width = 94 / Double(max(shares.count, 1))
            for (bin, share) in shares.enumerated() where share > 0 {
                let height = max(share / most * room, 0.4)
                output.write("<rect class=\"\(index == 0 ? "bar" : "bar hollow")\" ")
                output.write("x=\"\(percentage(3 + Double(bin) * width))\" ")
                output.write("y=\"\(percentage(index == 0 ? base - height : base))\" ")
                output.write("width=\"\(percentage(width * 0.92))\" height=\"\(percentage(height))\"/>")
            }
            output.write("<text x=\"3%\" y=\"\(index == 0 ? "6%" : "88%")\">")
            output.write("\(index == 0 ? "▲" : "▼") \(xmlText(series[index].name, limit: 60))</text>")
        }
        let (start, end) = (percentage(3), percentage(97))
        output.write("<line class=\"zero\" x1=\"\(start)\" x2=\"\(end)\" ")
        output.write("y1=\"\(percentage(base))\" y2=\"\(percentage(base))\"/>")
        let scale = PlotScale(covering: [low, high])
        let (values, decimals) = scale.ticks(4)
        let places = values.map(scale.place)
        for (place, value) in zip(places, values) {
            let anchor = place < 6 ? "start" : place > 94 ? "end" : "middle"
            output.write("<line class=\"tick\" x1=\"\(percentage(place))\" x2=\"\(percentage(place))\" ")
            output.write("y1=\"92%\" y2=\"94%\"/><text x=\"\(percentage(place))\" y=\"99%\" text-anchor=\"\(anchor)\">")
            output.write("\(xmlText(tick(value, decimals), limit: 20))</text>")
        }
        output.write("</svg>\n")
    }

    private var description: String {
        ([upper] + (lower.map { [$0] } ?? [])).map { series in
            "\(series.name): \(grouped(series.counts.reduce(0, +))) values"
        }.joined(separator: "; ")
    }
}
