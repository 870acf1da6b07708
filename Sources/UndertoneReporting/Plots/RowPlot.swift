// A plot of one row for each thing: name, what was found on a common axis, and the figures as text. Names and figures
// are text of the page, so they wrap; only the tracks between them are pictures.

package import UndertoneStatistics
import UndertoneText

/// Rows with intervals, dots or bars on one axis. All texts are untrusted but those that say otherwise.
package struct RowPlot: Sendable {
    /// One thing.
    package struct Row: Sendable {
        /// What it is called.
        package var name: String
        /// A word or two that stand behind the name: `stops it`.
        package var tag: String?
        /// What it is, in a few words.
        package var detail: String?
        /// Where its sign stands; none where it is not finite.
        package var value: Double?
        /// Its interval.
        package var interval: Interval?
        /// What single runs gave.
        package var dots: [Double]
        /// Its sign.
        package var mark: PlotMark
        /// A bar from 0 to the value in place of a sign.
        package var isBar: Bool
        /// The value as text: `+4.50`.
        package var figure: String
        /// More figures, smaller: `+3.90 to +5.10`.
        package var figureDetail: String?

        package init(
            _ name: String, tag: String? = nil, detail: String? = nil, value: Double?, interval: Interval? = nil,
            dots: [Double] = [], mark: PlotMark = .disc, isBar: Bool = false, figure: String,
            figureDetail: String? = nil
        ) {
            self.name = name
            self.tag = tag
            self.detail = detail
            self.value = value
            self.interval = interval
            self.dots = dots
            self.mark = mark
            self.isBar = isBar
            self.figure = figure
            self.figureDetail = figureDetail
        }
    }

    /// A line across all rows.
    package struct Reference: Sendable {
        /// Where.
        package var value: Double
        /// What stands below it: `25 %`.
        package var label: String
        /// Whether it is dashed.
        package var isDashed: Bool

        package init(_ value: Double, _ label: String, isDashed: Bool = false) {
            self.value = value
            self.label = label
            self.isDashed = isDashed
        }
    }

    /// From top to bottom.
    package var rows: [Row]
    /// Lines across, the most important one first; labels that would touch an earlier one are left out.
    package var references: [Reference]
    /// A range that is shaded, and ends in dotted lines.
    package var band: Interval?
    /// How a number of the axis is written.
    package var tick: @Sendable (_ value: Double, _ decimals: Int) -> String
    /// Whether the axis has round numbers beside its references.
    package var hasTicks: Bool

    package init(
        rows: [Row], references: [Reference], band: Interval? = nil, hasTicks: Bool = true,
        tick: @escaping @Sendable (_ value: Double, _ decimals: Int) -> String
    ) {
        self.rows = rows
        self.references = references
        self.band = band
        self.hasTicks = hasTicks
        self.tick = tick
    }

    /// An axis for these rows, and for those of other plots that should have the same.
    package func scale(with others: [Row] = []) -> PlotScale {
        let all = rows + others
        let bounds = band.map { [$0.low, $0.high] } ?? []
        return PlotScale(
            covering: all.compactMap(\.value) + references.map(\.value) + bounds,
            reaching: all.flatMap { $0.dots + ($0.interval.map { [$0.low, $0.high] } ?? []) })
    }

    /// Writes the rows with the axis below them, and above them too where they are many.
    package func write(on scale: PlotScale? = nil, to output: inout some TextOutputStream) {
        let scale = scale ?? self.scale()
        if rows.count > 12 { writeAxis(scale, to: &output) }
        output.write("<ul class=\"rows\">\n")
        for row in rows { write(row, scale, to: &output) }
        output.write("</ul>\n")
        writeAxis(scale, to: &output)
    }
}

extension RowPlot {
    private func write(_ row: Row, _ scale: PlotScale, to output: inout some TextOutputStream) {
        output.write("<li><span class=\"label\">")
        output.write("<b>\(xmlText(row.name, limit: 200))</b>")
        if let tag = row.tag { output.write(" <i>\(xmlText(tag, limit: 40))</i>") }
        if let detail = row.detail { output.write(" <small>\(xmlText(detail, limit: 300))</small>") }
        output.write("</span>\n<svg class=\"track\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">")
        output.write("<title>\(xmlText(title(row, scale), limit: 600))</title>")
        output.write(lines(scale))
        output.write(marks(row, scale))
        output.write("</svg>\n<span class=\"figure\">\(xmlText(row.figure, limit: 60))")
        if let detail = row.figureDetail { output.write(" <small>\(xmlText(detail, limit: 80))</small>") }
        output.write("</span></li>\n")
    }

    private func title(_ row: Row, _ scale: PlotScale) -> String {
        var text = "\(visible(row.name, limit: 200)): \(row.tag.map { "\($0), " } ?? "")\(row.figure)"
        if let detail = row.figureDetail { text += ", \(detail)" }
        if !row.dots.isEmpty {
            let shown = row.dots.prefix(20).map { tick($0, 2) }.joined(separator: ", ")
            text += "; runs \(shown)" + (row.dots.count > 20 ? ", …" : "")
        }
        let ends = (row.interval.map { [$0.low, $0.high] } ?? []) + row.dots
        return ends.allSatisfy(scale.holds) ? text : text + "; some of it lies beyond the picture"
    }

    private func lines(_ scale: PlotScale) -> String {
        var svg = ""
        if let band {
            let (low, high) = (scale.place(of: band.low), scale.place(of: band.high))
            svg += "<rect class=\"band\" x=\"\(percentage(low))\" y=\"0\" width=\"\(percentage(high - low))\" "
            svg += "height=\"100%\"/>"
            for place in [low, high] { svg += line("edge", at: place) }
        }
        for reference in references where scale.holds(reference.value) {
            svg += line(reference.isDashed ? "dashed" : "zero", at: scale.place(of: reference.value))
        }
        return svg
    }

    private func line(_ style: String, at place: Double) -> String {
        let x = percentage(place)
        return "<line class=\"\(style)\" x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" y2=\"100%\"/>"
    }

    private func marks(_ row: Row, _ scale: PlotScale) -> String {
        let level = row.dots.isEmpty ? "50%" : "34%"
        var svg = ""
        if row.isBar, let value = row.value, !value.isNaN {
            let (start, end) = (scale.place(of: 0), scale.place(of: value))
            svg += "<rect class=\"bar\" x=\"\(percentage(min(start, end)))\" y=\"25%\" "
            svg += "width=\"\(percentage(abs(end - start)))\" height=\"50%\"/>"
            return svg
        }
        if let interval = row.interval, !interval.low.isNaN, !interval.high.isNaN {
            let (low, high) = (scale.place(of: interval.low), scale.place(of: interval.high))
            svg += "<line class=\"range\" x1=\"\(percentage(low))\" x2=\"\(percentage(high))\" y1=\"\(level)\" "
            svg += "y2=\"\(level)\"/>"
            svg += end(interval.low, low, level, scale) + end(interval.high, high, level, scale)
        }
        for dot in row.dots where scale.holds(dot) {
            svg += PlotMark.runDrawn(x: percentage(scale.place(of: dot)), y: "72%")
        }
        if let value = row.value, !value.isNaN {
            svg += row.mark.drawn(x: percentage(scale.place(of: value)), y: level)
        }
        return svg
    }

    // A stop where the interval ends, a tip where it goes on beyond the picture.
    private func end(_ value: Double, _ place: Double, _ level: String, _ scale: PlotScale) -> String {
        let path =
            scale.holds(value) ? "M0 -5V5" : value < scale.low ? "M1 -5L-5 0L1 5" : "M-1 -5L5 0L-1 5"
        return "<svg x=\"\(percentage(place))\" y=\"\(level)\" class=\"at\"><path class=\"range\" d=\"\(path)\"/></svg>"
    }

    private func writeAxis(_ scale: PlotScale, to output: inout some TextOutputStream) {
        let (values, decimals) = scale.ticks()
        var labels = references.filter { scale.holds($0.value) }.map { (place: $0.value, text: $0.label) }
        if hasTicks { labels += values.map { (place: $0, text: tick($0, decimals)) } }
        let places = labels.map { scale.place(of: $0.place) }
        output.write("<div class=\"axis\" aria-hidden=\"true\"><svg xmlns=\"http://www.w3.org/2000/svg\">")
        for (index, isShown) in PlotScale.labelled(places, gap: hasTicks ? 13 : 8).enumerated() where isShown {
            let x = percentage(places[index])
            output.write("<line class=\"tick\" x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" y2=\"5\"/>")
            output.write("<text x=\"\(x)\" y=\"18\" text-anchor=\"middle\">")
            output.write("\(xmlText(labels[index].text, limit: 20))</text>")
        }
        output.write("</svg></div>\n")
    }
}
