// A calibration for a terminal.

package import UndertoneReporting
import UndertoneStatistics
import UndertoneText

extension CalibrationReport {
    /// Writes the report.
    ///
    /// - Parameter demand: what the lower end of κ must reach.
    package func writeText(
        demand: Double = Calibration.usualKappa, style: TextStyle, to output: inout some TextOutputStream
    ) {
        let ink = style.ink
        let (word, sentence) = headline(demand)
        output.write("\(passes(demand) ? ink.green(word) : ink.red(word))  \(sentence)\n\(countsText)\n\n")
        for warning in warnings {
            output.write("\(ink.yellow("warning")) \(warning.problem) \(warning.mend)\n")
        }
        if !warnings.isEmpty { output.write("\n") }
        output.write(ink.dim("                 judge: met   not met") + "\n")
        for (label, met, not) in [
            ("labelled 1", confusion.truePositives, confusion.falseNegatives),
            ("labelled 0", confusion.falsePositives, confusion.trueNegatives),
        ] {
            output.write("  \(label)  \(right(grouped(met), 13))\(right(grouped(not), 10))\n")
        }
        output.write("\n")
        let width = (figures.map(\.name.count) + scoreFigures.map(\.name.count)).max() ?? 0
        for figure in figures {
            let counts = figure.counts.map { ", \($0)" } ?? ""
            output.write(
                "  \(figure.name.padding(to: width))  \(right(figure.text, 5))  "
                    + "\((figure.range ?? "").padding(to: 13))  \(ink.dim(figure.meaning + counts))\n")
        }
        for (name, meaning, text) in scoreFigures {
            output.write(
                "  \(name.padding(to: width))  \(right(text, 5))  \("".padding(to: 13))  \(ink.dim(meaning))\n")
        }
        output.write("\n  score      items  labelled 1\n")
        for bin in bins where bin.count > 0 {
            let range = "\(Int((bin.range.low * 100).rounded()))–\(Int((bin.range.high * 100).rounded()))"
            output.write(
                "  \(range.padding(to: 8))\(right(grouped(bin.count), 8))  "
                    + "\(right(bin.share.map { fixed($0, decimals: 2) } ?? "–", 6))  "
                    + "(\(fixed(bin.interval.low, decimals: 2)) to \(fixed(bin.interval.high, decimals: 2)))\n")
        }
        output.write("\n")
        for (name, value) in origins {
            output.write("  \(ink.dim(name.padding(to: 14)))\(visible(value, limit: 300))\n")
        }
        output.write("\n" + ink.dim("Intervals are 95 % intervals.") + "\n")
    }

    private func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
