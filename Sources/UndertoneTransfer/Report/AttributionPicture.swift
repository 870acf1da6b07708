// Which trait a drop carries, as a picture needs it: how each candidate is aligned, and how the scores of records are
// spread.

import UndertoneReporting
import UndertoneText

/// What attribution found, ready to be drawn.
public struct AttributionPicture: Sendable, Equatable {
    /// A candidate trait.
    public struct Bar: Sendable, Hashable {
        /// Its name.
        public var trait: String
        /// Cosine of the drop's pull and the trait's update: 0 for data that has nothing to do with it.
        public var alignment: Double
        /// How often the control is aligned as well by chance, corrected for the number of candidates.
        public var pValue: Double?
        /// The share of what sets the drop apart from the control that lies along this trait; nil where nobody asked.
        public var explained: Double?

        /// A candidate.
        public init(trait: String, alignment: Double, pValue: Double?, explained: Double? = nil) {
            self.trait = trait
            self.alignment = alignment
            self.pValue = pValue
            self.explained = explained
        }
    }

    /// Scores of records, counted in bins of equal width.
    public struct Scores: Sendable, Hashable {
        /// Where the first bin begins.
        public var low: Double
        /// Where the last bin ends.
        public var high: Double
        /// Records of the drop in each bin.
        public var drop: [Int]
        /// Records of the control in each bin; none where there was no control.
        public var control: [Int]

        /// Counts in bins.
        public init(low: Double, high: Double, drop: [Int], control: [Int] = []) {
            self.low = low
            self.high = high
            self.drop = drop
            self.control = control
        }

        /// Sorts scores into bins; what is no finite number is left out.
        ///
        /// - Complexity: O(scores).
        public init(drop: [Double], control: [Double] = [], bins: Int = 32) {
            let all = (drop + control).filter(\.isFinite)
            let (low, high) = (all.min() ?? 0, all.max() ?? 1)
            let bins = max(bins, 1)
            func counts(_ scores: [Double]) -> [Int] {
                var counts = [Int](repeating: 0, count: bins)
                for score in scores where score.isFinite {
                    // The difference of two finite numbers may be none.
                    let width = high - low
                    let share = width.isFinite ? (score - low) / max(width, .leastNonzeroMagnitude) : score > 0 ? 1 : 0
                    counts[min(Int(share * Double(bins)), bins - 1)] += 1
                }
                return counts
            }
            self.init(
                low: low, high: high, drop: counts(drop), control: control.isEmpty ? [] : counts(control))
        }
    }

    /// Candidates in the order in which they are drawn.
    public var bars: [Bar]
    /// The trait that the drop carries; nil where none is found.
    public var best: String?
    /// Records of the drop.
    public var records: Int
    /// Scores along the best trait, where they were asked for.
    public var scores: Scores?
    /// What a reader must know.
    public var warnings: [TransferWarning]

    /// A picture.
    public init(
        bars: [Bar], best: String?, records: Int, scores: Scores? = nil, warnings: [TransferWarning] = []
    ) {
        self.bars = bars
        self.best = best
        self.records = records
        self.scores = scores
        self.warnings = warnings
    }
}

/// Writes a page about attribution alone.
///
/// - Parameters:
///   - origins: what the foot says of where the page comes from; any texts.
///   - version: the program's version.
package func writeAttributionPage(
    _ picture: AttributionPicture, origins: [(name: String, value: String)] = [], version: String,
    to output: inout some TextOutputStream
) {
    let title = picture.best.map { "Carries \(visible($0, limit: 60))" } ?? "No trait found"
    let page = Page(title: title, version: version, style: Page.figures)
    page.write(to: &output, origins: origins.map { (xmlText($0.name, limit: 60), $0.value) }) { output in
        output.write("<header class=\"box \(picture.best == nil ? "good" : "bad")\">\n")
        output.write("<p class=\"question\">Undertone attribution: which trait does the drop carry?</p>\n")
        output.write("<h1>\(xmlEscaped(title))</h1>\n<p class=\"summary\">\(xmlEscaped(picture.sentence))</p>\n")
        output.write("</header>\n<main>\n")
        writeWarnings(picture.warnings, to: &output)
        picture.writeFigures(to: &output)
        output.write("</main>\n")
    }
}

extension AttributionPicture {
    private static let mostBars = 200

    /// What was found, in a sentence. Safe to show.
    var sentence: String {
        let what = "\(counted(records, "record")), \(counted(bars.count, "candidate trait"))"
        guard let best else {
            return "\(what): none is aligned with the drop beyond what chance does to control data."
        }
        var text = "\(what): the drop pulls a model towards \(visible(best, limit: 60))"
        if let bar = bars.first(where: { $0.trait == best }) {
            text += " (alignment \(fixed(bar.alignment, decimals: 3))"
            text += bar.pValue.map { ", \(pValueText($0))" } ?? ""
            text += ")"
        }
        return text + "."
    }

    /// Writes the bars and the histogram, each with its figures as a table.
    func writeFigures(to output: inout some TextOutputStream) {
        let shown = bars.prefix(Self.mostBars)
        output.write("<section>\n<h2>Which trait the drop carries</h2>\n<figure>\n<figcaption>")
        output.write("Alignment of the drop with each candidate: the cosine of what the drop does to a model and what ")
        output.write(
            "teaching the trait does to it. Around 0 the two have nothing to do with each other; negative, the ")
        output.write("drop works against the trait.</figcaption>\n")
        let rows = shown.map { bar in
            RowPlot.Row(
                bar.trait, tag: bar.trait == best ? "found" : nil, value: bar.alignment, isBar: true,
                figure: signedText(bar.alignment, 3), figureDetail: bar.pValue.map(pValueText))
        }
        RowPlot(rows: rows, references: [.init(0, "0")], tick: { signedText($0, $1) }).write(to: &output)
        if bars.count > shown.count {
            output.write("<p>… \(grouped(bars.count - shown.count)) more, in the JSON report</p>\n")
        }
        let hasShares = shown.contains { $0.explained != nil }
        FigureTable(
            "Alignment by trait, as a table",
            columns: [.init("Trait", isFigure: false), .init("Alignment"), .init("p")]
                + (hasShares ? [.init("Explains")] : []) + [.init("Found", isFigure: false)],
            rows: shown.map { bar in
                [bar.trait, signedText(bar.alignment, 4), bar.pValue.map { fixed($0, decimals: 4) } ?? "–"]
                    + (hasShares ? [bar.explained.map(shareText) ?? "–"] : []) + [bar.trait == best ? "found" : "–"]
            }
        ).write(folded: true, to: &output)
        output.write("</figure>\n</section>\n")
        if let scores { scores.write(best, to: &output) }
    }
}

extension AttributionPicture.Scores {
    fileprivate func write(_ trait: String?, to output: inout some TextOutputStream) {
        let towards = trait.map { " towards \(visible($0, limit: 60))" } ?? ""
        output.write("<section>\n<h2>How records score</h2>\n<figure>\n<figcaption>")
        output.write("How strongly single records pull\(xmlEscaped(towards)), as shares of all records")
        output.write(control.isEmpty ? "" : ": the drop upwards, the control downwards")
        output.write(". Few records stand out, as a rule: the drop as a whole is shifted.</figcaption>\n")
        HistogramPlot(
            low: low, high: high, upper: .init("drop", counts: drop),
            lower: control.isEmpty ? nil : .init("control", counts: control),
            title: "Scores of records\(towards)", tick: { signedText($0, $1) }
        ).write(to: &output)
        let width = (high - low) / Double(max(drop.count, 1))
        let sums = [drop, control].map { $0.reduce(0, +) }
        FigureTable(
            "Scores, as a table",
            columns: [.init("Score", isFigure: false), .init("Drop"), .init("Share")]
                + (control.isEmpty ? [] : [.init("Control"), .init("Share")]),
            rows: drop.indices.map { bin in
                let ends = (low + Double(bin) * width, low + Double(bin + 1) * width)
                let decimals = width > 0 && width.isFinite ? max(2, min(9, Int(2 - width.exponent / 3))) : 2
                var row = ["\(signedText(ends.0, decimals)) to \(signedText(ends.1, decimals))"]
                row += [grouped(drop[bin]), percent(drop[bin], of: sums[0])]
                if control.indices.contains(bin) { row += [grouped(control[bin]), percent(control[bin], of: sums[1])] }
                return row
            }
        ).write(folded: true, to: &output)
        output.write("</figure>\n</section>\n")
    }
}
