// A square in which both axes go from 0 to 1, with its diagonal: curves of true and false shares, and of stated and found
// ones.

package import UndertoneStatistics
import UndertoneText

/// A path and marks between 0 and 1. It has its size in pixels, so that a step to the right and one up look the same; two
/// of them stand beside each other where there is room.
package struct SquarePlot: Sendable {
    /// A place, with an interval upwards.
    package struct Point: Sendable {
        package var across: Double
        package var up: Double
        package var interval: Interval?

        package init(_ across: Double, _ up: Double, interval: Interval? = nil) {
            self.across = across
            self.up = up
            self.interval = interval
        }
    }

    /// Joined in their order.
    package var path: [Point]
    /// Drawn as signs, with their intervals.
    package var marks: [Point]
    /// What it shows, for those who can't see it; any text.
    package var title: String
    /// Its figures in words; any text.
    package var description: String
    /// What goes from left to right; any text.
    package var across: String
    /// What goes up; any text.
    package var up: String

    package init(
        path: [Point], marks: [Point], title: String, description: String, across: String, up: String
    ) {
        self.path = path
        self.marks = marks
        self.title = title
        self.description = description
        self.across = across
        self.up = up
    }

    /// Writes the picture.
    package func write(to output: inout some TextOutputStream) {
        // Of 310 by 310; the left and the lower edge have the axes' labels.
        let (left, top, side) = (34.0, 28.0, 236.0)
        // What is no number stands at 0; no picture may hold it.
        func within(_ value: Double) -> Double { value.isNaN ? 0 : min(max(value, 0), 1) }
        func x(_ value: Double) -> String { fixed(left + within(value) * side, decimals: 1) }
        func y(_ value: Double) -> String { fixed(top + (1 - within(value)) * side, decimals: 1) }
        output.write("<svg width=\"310\" height=\"310\" viewBox=\"0 0 310 310\" role=\"img\" ")
        output.write("xmlns=\"http://www.w3.org/2000/svg\"><title>\(xmlText(title))</title>")
        output.write("<desc>\(xmlText(description, limit: 2_000))</desc>")
        output.write("<text x=\"\(x(0))\" y=\"14\">\(xmlText(up, limit: 60))</text>")
        for (value, label) in [(0.0, "0"), (0.25, ""), (0.5, "0.5"), (0.75, ""), (1.0, "1")] {
            output.write("<line class=\"\(value == 0 ? "zero" : "grid")\" x1=\"\(x(0))\" x2=\"\(x(1))\" ")
            output.write("y1=\"\(y(value))\" y2=\"\(y(value))\"/>")
            output.write("<line class=\"\(value == 0 ? "zero" : "grid")\" x1=\"\(x(value))\" x2=\"\(x(value))\" ")
            output.write("y1=\"\(y(0))\" y2=\"\(y(1))\"/>")
            guard !label.isEmpty else { continue }
            output.write("<text x=\"\(x(0))\" dx=\"-6\" y=\"\(y(value))\" dy=\"4\" text-anchor=\"end\">\(label)</text>")
            output.write("<text x=\"\(x(value))\" y=\"\(y(0))\" dy=\"17\" text-anchor=\"middle\">\(label)</text>")
        }
        output.write("<text x=\"\(x(0.5))\" y=\"\(y(0))\" dy=\"36\" text-anchor=\"middle\">")
        output.write("\(xmlText(across, limit: 60))</text>")
        output.write("<line class=\"dashed\" x1=\"\(x(0))\" y1=\"\(y(0))\" x2=\"\(x(1))\" y2=\"\(y(1))\"/>")
        if path.count > 1 {
            let places = path.map { "\(x($0.across)),\(y($0.up))" }.joined(separator: " ")
            output.write("<polyline class=\"path\" fill=\"none\" points=\"\(places)\"/>")
        }
        for mark in marks {
            if let interval = mark.interval {
                output.write("<line class=\"range\" x1=\"\(x(mark.across))\" x2=\"\(x(mark.across))\" ")
                output.write("y1=\"\(y(interval.low))\" y2=\"\(y(interval.high))\"/>")
            }
            output.write(PlotMark.disc.drawn(x: x(mark.across), y: y(mark.up)))
        }
        output.write("</svg>\n")
    }
}
