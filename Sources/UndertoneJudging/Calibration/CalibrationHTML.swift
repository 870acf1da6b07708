// A calibration as one page: the verdict, what a reader must know, figures with intervals, and two curves.

import UndertoneReporting
import UndertoneStatistics
import UndertoneText

extension CalibrationReport {
    /// Writes a page without script.
    ///
    /// - Parameters:
    ///   - demand: what the lower end of κ must reach.
    ///   - version: the program's.
    package func writeHTML(
        demand: Double = Calibration.usualKappa, version: String, to output: inout some TextOutputStream
    ) {
        let (word, sentence) = headline(demand)
        let page = Page(title: "Judge: \(word.lowercased())", version: version, style: Page.figures)
        let shown = origins.map { (name: $0.name, value: $0.value) }
        page.write(to: &output, origins: shown) { output in
            output.write("<header class=\"box \(passes(demand) ? "good" : "bad")\">\n<p class=\"question\">Undertone ")
            output.write("judge: does it decide as people do?</p>\n<h1>\(xmlEscaped(word))</h1>\n")
            output.write("<p class=\"summary\">\(xmlEscaped(sentence))</p>\n")
            output.write("<p class=\"summary\">\(xmlEscaped(countsText))</p>\n</header>\n<main>\n")
            writeWarnings(to: &output)
            writeAgreement(demand, to: &output)
            writeConfusion(to: &output)
            writeCurves(to: &output)
            writeMeanings(to: &output)
            output.write("</main>\n")
        }
    }

    private func writeWarnings(to output: inout some TextOutputStream) {
        guard !warnings.isEmpty else { return }
        output.write("<section>\n<h2>Before you believe it</h2>\n")
        for warning in warnings {
            output.write("<article class=\"box warn\">\n<p><span class=\"tag\">\(xmlText(warning.code))</span> ")
            output.write("\(xmlText(warning.problem))</p>\n<p><b>Mend</b> \(xmlText(warning.mend))</p>\n</article>\n")
        }
        output.write("</section>\n")
    }

    private func writeAgreement(_ demand: Double, to output: inout some TextOutputStream) {
        output.write("<section>\n<h2>How far it agrees with the labels</h2>\n<figure>\n<figcaption>")
        output.write("Each figure with its 95 % interval. The dashed line is what the lower end of κ must reach.")
        output.write("</figcaption>\n")
        RowPlot(
            rows: figures.map {
                RowPlot.Row(
                    $0.name, detail: $0.meaning + ($0.counts.map { ", \($0)" } ?? ""), value: $0.value,
                    interval: $0.interval, figure: $0.text, figureDetail: $0.range)
            },
            references: [
                .init(demand, fixed(demand, decimals: 2), isDashed: true), .init(0, "0"), .init(1, "1"),
            ],
            hasTicks: false, tick: { value, _ in fixed(value, decimals: 2) }
        ).write(to: &output)
        FigureTable(
            "Figures, as a table",
            columns: [.init("Figure", isFigure: false), .init("Value"), .init("95 %"), .init("Counts")],
            rows: figures.map { [$0.name, $0.text, $0.range ?? "–", $0.counts ?? "–"] }
                + scoreFigures.map { [$0.name, $0.text, "–", "–"] }
        ).write(folded: true, to: &output)
        output.write("</figure>\n</section>\n")
    }

    private func writeConfusion(to output: inout some TextOutputStream) {
        output.write("<section>\n<h2>What it decided</h2>\n")
        let met = fixed(threshold, decimals: threshold == threshold.rounded() ? 0 : 2)
        FigureTable(
            "Items by label and decision; met is a score of \(met) and more",
            columns: [.init("", isFigure: false)] + ["Met", "Not met", "Escaped", "Unjudged"].map { .init($0) },
            rows: [
                [
                    "Labelled 1", grouped(confusion.truePositives), grouped(confusion.falseNegatives),
                    grouped(escaped.positives), grouped(unjudged.positives),
                ],
                [
                    "Labelled 0", grouped(confusion.falsePositives), grouped(confusion.trueNegatives),
                    grouped(escaped.negatives), grouped(unjudged.negatives),
                ],
            ]
        ).write(to: &output)
        if escaped.all > 0 {
            output.write("<p>Escaped items are counted among those \(meetsEscaped ? "met" : "not met") too.</p>\n")
        }
        output.write("</section>\n")
    }

    private func writeCurves(to output: inout some TextOutputStream) {
        output.write("<section>\n<h2>What its scores are worth</h2>\n<figure>\n<figcaption>")
        output.write("First, the shares met at every threshold, with the one that is used; the diagonal is chance. ")
        output.write("Then what was labelled 1 where about one score was given, with 95 % intervals; on the diagonal, ")
        output.write("a score is a probability.</figcaption>\n")
        let area = auroc.map { "AUROC \(fixed($0.value, decimals: 2))" } ?? "no AUROC"
        let (alarms, hits) = (1 - confusion.specificity.value, confusion.sensitivity.value)
        SquarePlot(
            path: curvePoints, marks: alarms.isNaN || hits.isNaN ? [] : [.init(alarms, hits)],
            title: "Receiver operating characteristic", description: area, across: "of those labelled 0, met",
            up: "of those labelled 1, met"
        ).write(to: &output)
        let points = bins.compactMap { bin in
            bin.stated.flatMap { stated in bin.share.map { SquarePlot.Point(stated, $0, interval: bin.interval) } }
        }
        SquarePlot(
            path: points, marks: points, title: "Reliability",
            description: points.map { "\(fixed($0.across, decimals: 2)): \(fixed($0.up, decimals: 2))" }
                .joined(separator: "; "),
            across: "mean score / 100", up: "labelled 1"
        ).write(to: &output)
        FigureTable(
            "Reliability, as a table",
            columns: [.init("Score", isFigure: false)]
                + ["Items", "Mean score", "Labelled 1", "95 %"].map { .init($0) },
            rows: bins.filter { $0.count > 0 }.map { bin in
                [
                    "\(Int((bin.range.low * 100).rounded())) to \(Int((bin.range.high * 100).rounded()))",
                    grouped(bin.count), fixed((bin.stated ?? .nan) * 100, decimals: 1),
                    fixed(bin.share ?? .nan, decimals: 2),
                    "\(fixed(bin.interval.low, decimals: 2)) to \(fixed(bin.interval.high, decimals: 2))",
                ]
            }
        ).write(folded: true, to: &output)
        output.write("</figure>\n</section>\n")
    }

    /// The curve with so few points that a picture shows them all.
    private var curvePoints: [SquarePlot.Point] {
        let step = max(1, curve.count / 400)
        return curve.enumerated().filter { $0.offset.isMultiple(of: step) || $0.offset == curve.count - 1 }
            .map { .init($0.element.falsePositives, $0.element.truePositives) }
    }

    private func writeMeanings(to output: inout some TextOutputStream) {
        output.write("<section>\n<h2>How to read it</h2>\n<dl class=\"words\">\n")
        let words = [
            (
                "κ",
                "Cohen's kappa: 0 is what chance gives two raters with these habits, 1 is full agreement. It falls where "
                    + "nearly all items are of one class; AC1 does not."
            ),
            (
                "AUROC",
                "The chance that an item labelled 1 gets a higher score than one labelled 0. It knows no threshold."
            ),
            (
                "Chosen threshold",
                "The one with the greatest κ on one half of the items; its figures are those of the other "
                    + "half."
            ),
            ("Unjudged", "No score could be had. Such items count nowhere else."),
        ]
        for (word, meaning) in words {
            output.write("<div><dt>\(word)</dt><dd>\(xmlEscaped(meaning))</dd></div>\n")
        }
        output.write("</dl>\n</section>\n")
    }
}
