// The report on transfer for people: the verdict and what each filter leaves in sentences, then the figures in tables,
// then what a reader must know.

import UndertoneReporting
import UndertoneText

/// Writes the text report. Filters, arms and warnings are cut at fixed numbers, and a line says how many were cut.
func writeTransferText(_ report: TransferReport, style: TextStyle, to output: inout some TextOutputStream) {
    let page = TransferTextPage(report: report, ink: style.ink, width: style.columns)
    page.writeVerdict(to: &output)
    page.writeFilters(to: &output)
    page.writeArms("Arms", report.orderedArms, to: &output)
    page.writeArms("Dose and response", report.doses, to: &output)
    page.writeWarnings(to: &output)
    page.writeMeanings(to: &output)
    page.writeOrigins(to: &output)
}

private struct TransferTextPage {
    static let mostFilters = 60
    static let mostArms = 200
    static let mostWarnings = 20

    let report: TransferReport
    let ink: Ink
    let width: Int

    func writeVerdict(to output: inout some TextOutputStream) {
        let word = report.outcome.rawValue.uppercased()
        let mark = report.outcome == .stopped ? ink.green(word) : ink.red(word)
        write(report.headline, label: (mark, word.count), indent: 0, bold: true, to: &output)
        output.write("\n")
        write(report.summary, to: &output)
        write("Looked for: \(report.traitText).", to: &output)
        if !report.warnings.isEmpty {
            let count = counted(report.warnings.count, "warning")
            write(
                "\(count) below: read \(report.warnings.count == 1 ? "it" : "them") before you believe it.", to: &output
            )
        }
        guard !report.filters.isEmpty else { return }
        output.write("\n")
        for filter in report.filters.prefix(Self.mostFilters) {
            let mark: String
            switch (filter.verdict, filter.pushesTrait) {
            case (.clean, false): mark = ink.green("✓")
            case (.clean, true): mark = ink.red("!")
            case (.transfers, _), (.reverses, _): mark = ink.red("✗")
            case (.undecided, _): mark = ink.yellow("?")
            case (.notMeasurable, _): mark = ink.yellow("–")
            }
            let name = clipped(visible(filter.name, limit: 120), to: width - 4)
            output.write("  \(mark) \(ink.bold(name))\n")
            write(filter.finding(report.subject), indent: 4, to: &output)
        }
        let cut = report.filters.count - Self.mostFilters
        if cut > 0 { output.write(ink.more(cut, "filter") + "\n") }
    }

    func writeFilters(to output: inout some TextOutputStream) {
        guard !report.filters.isEmpty else { return }
        let rows = report.filters.prefix(Self.mostFilters).map { filter in
            [
                visible(filter.name, limit: 120), percent(filter.recordsKept, of: filter.recordsRead),
                percent(filter.tokensKept, of: filter.tokensRead), filter.residual?.text(shareText) ?? "–",
                filter.push.text(signedText) + (filter.pushesTrait ? " !" : ""),
                filter.pValue.map { $0 < 0.001 ? "<0.001" : fixed($0, decimals: 3) } ?? "–",
            ]
        }
        writeTable(
            "Filters", ["filter", "records", "tokens", "left (95 %)", "on control (95 %)", "p"], rows, leading: [3, 4],
            mayDropLast: true, to: &output)
        if report.filters.contains(where: \.pushesTrait) {
            output.write(ink.dim("  ! pushes the trait on data that does not carry it") + "\n")
        }
    }

    func writeArms(_ title: String, _ arms: [TraitArm], to output: inout some TextOutputStream) {
        guard !arms.isEmpty else { return }
        let rows = arms.prefix(Self.mostArms).map { arm in
            [
                visible(arm.name, limit: 120), grouped(arm.runs.count), arm.probabilityText,
                arm.runs.isEmpty ? "–" : fixed(arm.mass, decimals: 2), arm.shiftText,
            ]
        }
        writeTable(title, ["arm", "n", "P (95 %)", "mass", "shift (95 %)"], rows, leading: [2, 4], to: &output)
        let cut = arms.count - Self.mostArms
        if cut > 0 { output.write(ink.more(cut, "arm") + "\n") }
    }

    func writeWarnings(to output: inout some TextOutputStream) {
        guard !report.warnings.isEmpty else { return }
        output.write("\n" + ink.bold("Before you believe it") + "\n")
        for warning in report.warnings.prefix(Self.mostWarnings) {
            let code = visible(warning.code, limit: 60)
            output.write("  \(ink.yellow("!")) \(ink.bold(code))\n")
            write(visible(warning.problem, limit: 1_000), indent: 4, to: &output)
            write(visible(warning.mend, limit: 1_000), label: (ink.cyan("mend"), 4), indent: 4, to: &output)
        }
        let cut = report.warnings.count - Self.mostWarnings
        if cut > 0 { output.write(ink.more(cut, "warning") + "\n") }
    }

    func writeMeanings(to output: inout some TextOutputStream) {
        output.write("\n" + ink.bold("How to read it") + "\n")
        for (word, meaning) in report.meanings {
            write(meaning, label: (ink.dim(padded(word, 10)), 10), indent: 2, to: &output)
        }
    }

    func writeOrigins(to output: inout some TextOutputStream) {
        output.write("\n")
        let rows =
            [("experiment", report.name)] + report.digests.map { ("sha256 " + $0.name, $0.sha256) }
            + report.versions.map { ($0.name, $0.version) }
        let wide = min(rows.map { displayWidth(visible($0.0, limit: 40)) }.max() ?? 0, 24)
        for (name, value) in rows.prefix(40) {
            let name = padded(visible(name, limit: 40), wide)
            output.write(trimmed("  \(ink.dim(name))  \(visible(value, limit: 200))") + "\n")
        }
    }

    /// A text in lines behind a label, all of which begin in one column.
    private func write(
        _ text: String, label: (shown: String, width: Int)? = nil, indent: Int = 0, bold: Bool = false,
        to output: inout some TextOutputStream
    ) {
        let front = String(repeating: " ", count: indent)
        let further = front + String(repeating: " ", count: label.map { $0.width + 2 } ?? 0)
        for (index, line) in wrapped(words(text), within: width - further.utf8.count).enumerated() {
            let start = index == 0 ? front + (label.map { $0.shown + "  " } ?? "") : further
            output.write(trimmed(start + (bold ? ink.bold(line) : line)) + "\n")
        }
    }

    /// Rows in columns; a name that leaves too little room stands on a line of its own.
    ///
    /// - Parameters:
    ///   - leading: columns that are set to the left, beside the first one.
    ///   - mayDropLast: whether the last column goes where the terminal is too narrow for all.
    private func writeTable(
        _ title: String, _ columns: [String], _ rows: [[String]], leading: Set<Int>,
        mayDropLast: Bool = false, to output: inout some TextOutputStream
    ) {
        let widths = columns.indices.map { column in
            max(displayWidth(columns[column]), rows.map { displayWidth($0[column]) }.max() ?? 0)
        }
        let figures = widths.dropFirst().reduce(0) { $0 + $1 + 2 }
        if mayDropLast, width - 2 - figures < min(widths[0], 12) {
            let rows = rows.map { Array($0.dropLast()) }
            return writeTable(title, columns.dropLast(), rows, leading: leading, to: &output)
        }
        let room = min(max(width - 2 - figures, 10), widths[0])
        func line(_ cells: [String]) -> String {
            var line = "  " + padded(cells[0], room)
            for column in 1..<cells.count {
                line += "  " + padded(cells[column], widths[column], right: !leading.contains(column))
            }
            return trimmed(line)
        }
        output.write("\n" + ink.bold(title) + "\n" + ink.dim(line(columns)) + "\n")
        for row in rows {
            guard displayWidth(row[0]) > room else {
                output.write(line(row) + "\n")
                continue
            }
            output.write("  " + clipped(row[0], to: width - 2) + "\n" + line([""] + row.dropFirst()) + "\n")
        }
    }
}
