// The report on transfer as one page: the verdict, what a reader must know, plots with their figures, and where it
// comes from.

import UndertoneReporting
import UndertoneText

/// Writes a ``Page`` without script.
///
/// - Parameter attribution: what the drop is aligned with, where that was asked for.
func writeTransferHTML(
    _ report: TransferReport, _ attribution: AttributionPicture?, to output: inout some TextOutputStream
) {
    let outcome = report.outcome
    let version = report.versions.first { $0.name == "undertone" }?.version ?? ""
    let page = Page(title: "Transfer: \(outcome.rawValue)", version: version, style: Page.figures)
    page.write(to: &output, origins: report.pageOrigins) { output in
        let kind = outcome == .stopped ? "good" : outcome == .transfers ? "bad" : "warn"
        output.write("<header class=\"box \(kind)\">\n<p class=\"question\">Undertone transfer: what did the filter ")
        output.write("let through?</p>\n<h1>\(xmlEscaped(sentenceCase(report.headline)))</h1>\n")
        output.write("<p class=\"summary\">\(xmlEscaped(report.summary))</p>\n")
        output.write("<p class=\"summary\">Looked for: \(xmlEscaped(report.traitText)).</p>\n")
        report.writeFindings(to: &output)
        output.write("</header>\n<main>\n")
        writeWarnings(report.warnings, to: &output)
        report.writeFigures(to: &output)
        attribution?.writeFigures(to: &output)
        report.writeMeanings(to: &output)
        report.writeRecipe(to: &output)
        output.write("</main>\n")
    }
}

/// The same text with a large first letter.
private func sentenceCase(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

/// Writes what a reader must know before believing a result; nothing where there is nothing.
func writeWarnings(_ warnings: [TransferWarning], to output: inout some TextOutputStream) {
    guard !warnings.isEmpty else { return }
    let most = 100
    output.write("<section>\n<h2>Before you believe it</h2>\n")
    for warning in warnings.prefix(most) {
        output.write("<article class=\"box warn\">\n<p><span class=\"tag\">\(xmlText(warning.code, limit: 60))</span> ")
        output.write("\(xmlText(warning.problem, limit: 1_000))</p>\n")
        output.write("<p><b>Mend</b> \(xmlText(warning.mend, limit: 1_000))</p>\n</article>\n")
    }
    let cut = warnings.count - most
    if cut > 0 { output.write("<p>… \(grouped(cut)) more, in the JSON report</p>\n") }
    output.write("</section>\n")
}

extension TransferReport {
    static let mostFilters = 200
    private static let mostFindings = 12

    fileprivate var pageOrigins: [(name: String, value: String)] {
        [(name: "experiment", value: name)]
            + digests.prefix(100).map { (name: "sha256 of \(xmlText($0.name, limit: 60))", value: $0.sha256) }
            + versions.prefix(100).map { (name: xmlText($0.name, limit: 60), value: $0.version) }
    }

    /// A line for each filter.
    fileprivate func writeFindings(to output: inout some TextOutputStream) {
        guard !filters.isEmpty else { return }
        output.write("<ul class=\"found\">\n")
        for filter in filters.prefix(Self.mostFindings) {
            output.write("<li>\(filter.mark.inline)<span class=\"name\">\(xmlText(filter.name, limit: 200))</span> ")
            output.write("\(xmlEscaped(filter.finding(subject)))</li>\n")
        }
        output.write("</ul>\n")
        let cut = filters.count - Self.mostFindings
        if cut > 0 { output.write("<p class=\"summary\">… \(grouped(cut)) more below</p>\n") }
    }

    fileprivate func writeMeanings(to output: inout some TextOutputStream) {
        output.write("<section>\n<h2>How to read it</h2>\n<dl class=\"words\">\n")
        for (word, meaning) in meanings {
            output.write("<div><dt>\(word)</dt><dd>\(xmlEscaped(meaning))</dd></div>\n")
        }
        output.write("</dl>\n</section>\n")
    }

    fileprivate func writeRecipe(to output: inout some TextOutputStream) {
        guard !recipe.isEmpty else { return }
        output.write("<details>\n<summary>Recipe</summary>\n<pre>\(xmlText(recipe, limit: 20_000))</pre>\n</details>\n")
    }
}

extension FilterOutcome {
    /// Its sign in plots: full where something is left, hollow where nothing is.
    var mark: PlotMark {
        switch verdict {
        case .transfers, .reverses: .disc
        case .clean: pushesTrait ? .triangle : .ring
        case .undecided: .hollowDiamond
        case .notMeasurable: .cross
        }
    }
}
