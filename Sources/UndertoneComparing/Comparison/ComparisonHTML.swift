// A comparison as one page: the finding, how far the two can be told apart, and what differs by how much.

import UndertoneReporting
import UndertoneStatistics
import UndertoneText

extension Comparison {
    /// Writes a page without script.
    ///
    /// - Parameter version: the program's.
    package func writeHTML(version: String, to output: inout some TextOutputStream) {
        let page = Page(title: "Comparison: \(headline.word)", version: version, style: Page.figures)
        let origins = [("drop", drop), ("reference", reference)].flatMap { name, source in
            source.files.prefix(20).map { (name: name, value: "\($0.path), sha256 \($0.digest)") }
        }
        page.write(to: &output, origins: origins) { output in
            output.write(
                "<header class=\"box \(finding == .noDifference ? "good" : "warn")\">\n<p class=\"question\">Undertone "
            )
            output.write("compare: is the drop what the reference is?</p>\n<h1>\(xmlEscaped(headline.word))</h1>\n")
            output.write("<p class=\"summary\">\(xmlEscaped(headline.sentence))</p>\n")
            output.write(
                "<p class=\"summary\">\(grouped(drop.records)) records against \(grouped(reference.records))</p>\n")
            output.write("</header>\n<main>\n")
            writeClassifier(to: &output)
            writeTests(to: &output)
            writeUnsaid(to: &output)
            output.write("</main>\n")
        }
    }

    private func writeClassifier(to output: inout some TextOutputStream) {
        output.write("<section>\n<h2>Can they be told apart?</h2>\n")
        defer { output.write("</section>\n") }
        guard case .compared(let found) = classifier else {
            if case .unsaid(let reason) = classifier {
                output.write("<p>Can't be said: \(xmlText(reason.text)).</p>\n")
            }
            return
        }
        func row(_ name: String, _ area: HeldOutArea?) -> RowPlot.Row {
            RowPlot.Row(
                name, value: area?.value, interval: area?.interval,
                figure: area.map { fixed($0.value, decimals: 3) } ?? "too few",
                figureDetail: area.map {
                    "\(fixed($0.interval.low, decimals: 3)) to \(fixed($0.interval.high, decimals: 3))"
                })
        }
        output.write(
            "<figure>\n<figcaption>The area under the ROC curve of a classifier, on records that it has not seen, with "
        )
        output.write(
            "95 % intervals; at 0.5 the two can't be told apart. p \(fixed(found.pValue, decimals: 3)).</figcaption>\n")
        RowPlot(
            rows: [row("single records", found.record)] + found.bags.map { row("bags of \($0.size)", $0.area) },
            references: [.init(0.5, "0.5", isDashed: true), .init(1, "1")], hasTicks: false,
            tick: { value, _ in fixed(value, decimals: 2) }
        ).write(to: &output)
        output.write("</figure>\n")
        FigureTable(
            "What tells most, by outputs that have it",
            columns: [.init("Feature", isFigure: false), .init("Drop"), .init("Reference"), .init("Weight")],
            rows: found.told.map {
                [$0.words, grouped($0.drop), grouped($0.reference), fixed($0.weight, decimals: 3)]
            }
        ).write(to: &output)
    }

    private func writeTests(to output: inout some TextOutputStream) {
        guard !tests.isEmpty else { return }
        let rows = Array(zip(tests, correctedPValues)).sorted { $0.0.effect > $1.0.effect }
        output.write(
            "<section>\n<h2>What differs</h2>\n<figure>\n<figcaption>Effects from 0 to 1: Cramér's V of categories, the "
        )
        output.write(
            "Kolmogorov–Smirnov distance of numbers. They do not grow with the records; p-values are corrected for all "
        )
        output.write("\(tests.count) tests (Holm).</figcaption>\n")
        RowPlot(
            rows: rows.map { test, corrected in
                RowPlot.Row(
                    test.words, tag: corrected <= bound ? nil : "no difference found",
                    detail: test.shares.prefix(2).map(\.sentence).joined(separator: "; "), value: test.effect,
                    isBar: true, figure: fixed(test.effect, decimals: 3), figureDetail: "p \(shownPValue(corrected))")
            }, references: [.init(0, "0")], tick: { value, decimals in fixed(value, decimals: decimals) }
        ).write(to: &output)
        output.write("</figure>\n")
        FigureTable(
            "Tests, as a table",
            columns: [.init("What", isFigure: false)]
                + ["Statistic", "p", "corrected p", "Effect", "Design effect", "Drop", "Reference"].map { .init($0) },
            rows: rows.map { test, corrected in
                [
                    test.words, fixed(test.statistic, decimals: 3), shownPValue(test.pValue), shownPValue(corrected),
                    fixed(test.effect, decimals: 3), fixed(test.designEffect, decimals: 2), grouped(test.drop),
                    grouped(test.reference),
                ]
            }
        ).write(folded: true, to: &output)
        for (test, _) in rows where !test.shares.isEmpty {
            FigureTable(
                "\(test.words), by share",
                columns: [.init("Category", isFigure: false), .init("Drop"), .init("Reference")],
                rows: test.shares.map {
                    [
                        $0.label, "\(fixed($0.drop * 100, decimals: 2)) %",
                        "\(fixed($0.reference * 100, decimals: 2)) %",
                    ]
                }
            ).write(folded: true, to: &output)
        }
        output.write("</section>\n")
    }

    private func writeUnsaid(to output: inout some TextOutputStream) {
        guard !unsaid.isEmpty else { return }
        output.write("<section>\n<h2>What can't be said</h2>\n<ul>\n")
        for each in unsaid { output.write("<li>\(xmlText(each.name)): \(xmlText(each.reason))</li>\n") }
        output.write("</ul>\n</section>\n")
    }
}
