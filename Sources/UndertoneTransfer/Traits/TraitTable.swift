// A report as a table for people and as a picture.

import UndertoneStatistics
import UndertoneText

extension TraitReport {
    /// The question, and a line for each arm.
    package var text: String {
        let width = arms.map(\.name.count).max() ?? 0
        var lines = [
            question,
            "\(counted(seeds.count, "base")), \(counted(traits.count, "trait")); of \(grouped(sampled.attempts)) records that "
                + "were written, \(grouped(sampled.kept)) were well-formed and kept.", "",
            "  " + "arm".padding(width) + "    n  P     95 % of means   lowest  mass  log-odds  less control's",
        ]
        for arm in arms {
            var line = "  " + arm.name.padding(width) + "  " + "\(arm.runs.count)".leading(3)
            line += "  \(fixed(arm.probability, decimals: 2))  " + shown(arm.interval, clamped: true).padding(14)
            line +=
                "  \(fixed(arm.lowest, decimals: 2))    \(fixed(arm.mass, decimals: 2))  "
                + signed(arm.shift).leading(8)
            if arm.name != "control", let difference = difference(arm.name, from: "control") {
                line += "  \(signed(difference.mean)) (\(shown(difference.interval, clamped: false)))"
            }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The arms as bars with their intervals: an SVG that stands by itself, in light and dark.
    package var picture: String {
        let (left, width, row) = (190, 420, 30)
        let height = 70 + arms.count * row
        func x(_ share: Double) -> Int { left + Int((min(max(share, 0), 1) * Double(width)).rounded()) }
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(left + width + 80) \(height)" role="img">
            <title>\(escaped(question))</title>
            <style>
            text { font: 13px system-ui, sans-serif; fill: #1f2328 } .axis { stroke: #8c959f } .bar { fill: #2f6f9f }
            .range { stroke: #1f2328; stroke-width: 2 } .run { fill: #1f2328; fill-opacity: 0.45 } .chance { stroke: #b35900; \
            stroke-dasharray: 4 3 }
            @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .bar { fill: #5b9bd5 } .range { stroke: #e6edf3 } \
            .run { fill: #e6edf3; fill-opacity: 0.5 } .chance { stroke: #f0a050 } }
            </style>
            <text x="10" y="22" font-weight="600">\(escaped(question))</text>

            """
        for (place, arm) in arms.enumerated() {
            let y = 40 + place * row
            svg += "<text x=\"\(left - 10)\" y=\"\(y + 15)\" text-anchor=\"end\">\(escaped(arm.name))</text>"
            svg +=
                "<rect class=\"bar\" x=\"\(left)\" y=\"\(y + 2)\" width=\"\(x(arm.probability) - left)\" height=\"16\"/>"
            for run in arm.runs {
                svg += "<circle class=\"run\" cx=\"\(x(run.probability))\" cy=\"\(y + 10)\" r=\"2.5\"/>"
            }
            if let interval = arm.interval {
                svg +=
                    "<line class=\"range\" x1=\"\(x(interval.low))\" y1=\"\(y + 10)\" x2=\"\(x(interval.high))\" y2=\"\(y + 10)\"/>"
            }
            svg += "<text x=\"\(left + width + 10)\" y=\"\(y + 15)\">\(fixed(arm.probability, decimals: 2))</text>\n"
        }
        let bottom = 40 + arms.count * row
        svg += "<line class=\"chance\" x1=\"\(x(0.1))\" y1=\"34\" x2=\"\(x(0.1))\" y2=\"\(bottom)\"/>"
        svg += "<line class=\"axis\" x1=\"\(left)\" y1=\"\(bottom)\" x2=\"\(left + width)\" y2=\"\(bottom)\"/>"
        for tick in [0.0, 0.1, 0.5, 1] {
            svg +=
                "<text x=\"\(x(tick))\" y=\"\(bottom + 18)\" text-anchor=\"middle\">\(tick == 0 ? "0" : tick == 1 ? "1" : "\(tick)")</text>"
        }
        return svg + "\n</svg>\n"
    }
}

private func escaped(_ text: String) -> String {
    text.split(separator: "&", omittingEmptySubsequences: false).joined(separator: "&amp;")
        .split(separator: "<", omittingEmptySubsequences: false).joined(separator: "&lt;")
}

/// With its sign and two decimals.
func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + fixed(value, decimals: 2) }

private func shown(_ interval: Interval?, clamped: Bool) -> String {
    guard let interval else { return "one run" }
    let (low, high) = clamped ? (max(0, interval.low), min(1, interval.high)) : (interval.low, interval.high)
    return clamped
        ? "\(fixed(low, decimals: 2)) to \(fixed(high, decimals: 2))" : "\(signed(low)) to \(signed(high))"
}

extension String {
    /// With spaces behind it, up to a width.
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    /// With spaces in front of it, up to a width.
    fileprivate func leading(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
