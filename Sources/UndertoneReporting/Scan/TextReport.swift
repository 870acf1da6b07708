// The report for people: verdict first, then figures, then the rules and a few findings of each.

import UndertoneCore
import UndertoneStatistics
import UndertoneText

/// Writes the text report.
///
/// Everything is bounded: rules, findings, inputs and notes are cut at a fixed number, and a line says how many were cut.
func writeTextReport(_ report: ScanReport, style: TextStyle, to output: inout some TextOutputStream) {
    let page = TextPage(report: report, ink: style.ink, width: style.columns)
    page.writeVerdict(to: &output)
    page.writeCounts(to: &output)
    page.writeRules(to: &output)
    page.writeFindings(to: &output)
    page.writeInputs(to: &output)
    page.writeOutputs(to: &output)
    page.writeNotes(to: &output)
}

/// A report, and the page that it is written on.
struct TextPage {
    let report: ScanReport
    let ink: Ink
    let width: Int

    private static let mostRules = 40
    private static let mostClauses = 20
    private static let mostInputs = 10
    private static let mostNotes = 20

    func writeVerdict(to output: inout some TextOutputStream) {
        output.write(report.passed ? ink.green("PASSED") : ink.red("FAILED"))
        output.write("  " + ink.bold(report.summary) + "\n")
        // The headline has the first cause.
        let causes = report.causes.dropFirst()
        let held = report.clauses.filter(\.passed).map { ScanReport.Cause(clause: $0) }
        for cause in causes.prefix(TextPage.mostClauses) {
            output.write("  \(ink.red("✗")) \(cause.subject)  \(cause.detail)\n")
        }
        for clause in held.prefix(TextPage.mostClauses) {
            output.write("  \(ink.green("✓")) \(clause.subject)  \(ink.dim(clause.detail))\n")
        }
        let cut = max(causes.count - TextPage.mostClauses, 0) + max(held.count - TextPage.mostClauses, 0)
        if cut > 0 { output.write(ink.more(cut) + "\n") }
    }

    func writeCounts(to output: inout some TextOutputStream) {
        let rate = report.rejectRate
        let rows: [(label: String, count: Int, remark: String)] = [
            ("records", report.records, ""),
            ("kept", report.kept, ""),
            (
                "rejected", report.rejected,
                report.records == 0
                    ? ""
                    : "95 % interval \(fixed(rate.interval.low * 100, decimals: 2)) to "
                        + "\(fixed(rate.interval.high * 100, decimals: 2)) %, n = \(grouped(report.records))"
            ),
            ("flagged", report.flagged, "kept all the same"),
            ("malformed", report.malformed, "could not be read; part of the rejected"),
            ("suppressed", report.suppressed, "let pass by the baseline"),
            ("masked", report.masks?.records ?? 0, report.masks?.share ?? ""),
        ]
        output.write("\n")
        let digits = rows.map { grouped($0.count).utf8.count }.max() ?? 0
        for (index, row) in rows.enumerated() where index < 3 || row.count > 0 {
            let share = index == 0 ? "" : percent(row.count, of: report.records)
            let figures = padded(grouped(row.count), digits, right: true) + "  " + padded(share, 8, right: true)
            let line = "  " + padded(row.label, 10) + "  " + figures
            let remark = row.remark.isEmpty ? "" : "  " + ink.dim(row.remark)
            output.write((index == 0 ? trimmed(line) : line) + remark + "\n")
        }
        if report.blankLines > 0 {
            output.write(ink.dim("  \(counted(report.blankLines, "blank line")) passed over") + "\n")
        }
        output.write("  " + ink.dim(pace) + "\n")
        for judging in report.judging {
            let judge = visible(judging.effort.models.first ?? judging.judge, limit: 80)
            output.write("  \(visible(judging.rule, limit: 120)), judge \(judge): \(judging.sentence)\n")
            output.write("  " + ink.dim(judging.cost) + "\n")
        }
    }

    private var pace: String {
        var text = "\(byteCount(report.bytes)) in \(duration(report.seconds))"
        guard report.seconds.isFinite, report.seconds > 0.0005 else { return text }
        let bytes = Double(report.bytes) / report.seconds
        let records = Double(report.records) / report.seconds
        if bytes < 1e15 { text += ", \(byteCount(Int(bytes)))/s" }
        if records < 1e15 { text += ", \(grouped(Int(records))) records/s" }
        return text
    }

    func writeRules(to output: inout some TextOutputStream) {
        let hit = hitRules
        let quiet = report.rules.count - hit.count
        output.write("\n" + ink.bold("Rules") + "\n")
        let rows = hit.prefix(TextPage.mostRules).map { report.rules[$0] }
        if !rows.isEmpty {
            let ids = rows.map { clipped(visible($0.id, limit: 120), to: 40) }
            let hits = max(rows.map { grouped($0.hits).utf8.count }.max() ?? 0, 7)
            let idWidth = max(ids.map(displayWidth).max() ?? 0, 4)
            let used = 2 + hits + 2 + 8 + 2 + 6 + 2 + idWidth + 2
            output.write(
                ink.dim(
                    "  " + padded("records", hits, right: true) + "  " + padded("share", 8, right: true) + "  action  "
                        + padded("rule", idWidth) + "  what it finds") + "\n")
            for (rule, id) in zip(rows, ids) {
                let share = percent(rule.hits, of: report.records)
                let figures = padded(grouped(rule.hits), hits, right: true) + "  " + padded(share, 8, right: true)
                let action = ink.action(rule.action, padded(visible(rule.action, limit: 6), 6))
                let text = clipped(visible(rule.description), to: max(width - used, 24))
                output.write(trimmed("  \(figures)  \(action)  \(padded(id, idWidth))  \(text)") + "\n")
            }
        }
        if hit.count > rows.count {
            output.write(ink.dim("  … \(counted(hit.count - rows.count, "more rule")) with findings") + "\n")
        }
        if quiet > 0 {
            let what = hit.isEmpty ? counted(quiet, "rule") : counted(quiet, "other rule")
            output.write(ink.dim("  \(what) met nothing") + "\n")
        }
    }

    /// Rules that met something: those that fail the gate first, then those that reject, most records first.
    var hitRules: [Int] {
        let gravity = { (index: Int) in Action(name: report.rules[index].action)?.rawValue ?? 0 }
        return report.rules.indices.filter { report.rules[$0].hits > 0 }
            .sorted { (gravity($1), report.rules[$1].hits, $0) < (gravity($0), report.rules[$0].hits, $1) }
    }

    func writeInputs(to output: inout some TextOutputStream) {
        guard !report.inputs.isEmpty else { return }
        // Those with a problem first: they are what a reader must see.
        let order = report.inputs.filter { $0.problem != nil } + report.inputs.filter { $0.problem == nil }
        let shown = order.prefix(TextPage.mostInputs)
        let isShort = report.inputs.count <= 3
        output.write("\n" + ink.bold("Inputs") + "\n")
        writeFiles(
            shown.map { input in
                FileRow(
                    label: "", path: input.path == "-" ? "standard input" : input.path, records: input.records,
                    bytes: input.bytes,
                    kind: input.compression == "none" ? input.format : "\(input.format), \(input.compression)",
                    sha256: input.sha256, problem: input.problem)
            }, wholeDigests: isShort, to: &output)
        let rest = order.dropFirst(shown.count)
        if !rest.isEmpty {
            let records = counted(rest.reduce(0) { $0 + $1.records }, "record")
            output.write(ink.dim("  … \(counted(rest.count, "more input")), \(records)") + "\n")
        }
    }

    func writeOutputs(to output: inout some TextOutputStream) {
        guard !report.outputs.isEmpty else { return }
        output.write("\n" + ink.bold("Outputs") + "\n")
        writeFiles(
            report.outputs.prefix(TextPage.mostInputs).map { file in
                FileRow(
                    label: file.role, path: file.path, records: file.records, bytes: file.bytes,
                    kind: file.compression == "none" ? "" : file.compression, sha256: file.sha256, problem: nil)
            }, wholeDigests: report.outputs.count <= 3, to: &output)
    }

    func writeNotes(to output: inout some TextOutputStream) {
        guard !report.notes.isEmpty else { return }
        output.write("\n" + ink.bold("Notes") + "\n")
        for note in report.notes.prefix(TextPage.mostNotes) { output.write("  \(visible(note))\n") }
        let cut = report.notes.count - TextPage.mostNotes
        if cut > 0 { output.write(ink.more(cut, "note") + "\n") }
    }
}

/// One line of a list of files.
struct FileRow {
    var label: String
    var path: String
    var records: Int
    var bytes: Int
    var kind: String
    var sha256: String?
    var problem: String?
}

extension TextPage {
    private func writeFiles(_ rows: [FileRow], wholeDigests: Bool, to output: inout some TextOutputStream) {
        let paths = rows.map { clippedInFront(visible($0.path, limit: 1000), to: max(width / 2, 40)) }
        let labels = rows.map(\.label.utf8.count).max() ?? 0
        let pathWidth = paths.map(displayWidth).max() ?? 0
        let records = rows.map { counted($0.records, "record").utf8.count }.max() ?? 0
        for (row, path) in zip(rows, paths) {
            var line = "  "
            if labels > 0 { line += padded(visible(row.label, limit: 20), labels) + "  " }
            line += padded(path, pathWidth) + "  " + padded(counted(row.records, "record"), records, right: true)
            line += "  " + padded(byteCount(row.bytes), 8, right: true) + "  " + ink.dim(visible(row.kind, limit: 40))
            let digest = row.sha256.map { visible($0, limit: 64) }
            if let digest, !wholeDigests { line += "  " + ink.dim("sha256 \(digest.prefix(12))…") }
            output.write(trimmed(line) + "\n")
            if let digest, wholeDigests { output.write(ink.dim("    sha256 \(digest)") + "\n") }
            if let problem = row.problem { output.write("    " + ink.red("✗ " + visible(problem)) + "\n") }
        }
    }
}

extension Ink {
    /// An action in its colour.
    func action(_ name: String, _ text: String) -> String {
        switch name {
        case "fail": red(text)
        case "reject": darkRed(text)
        case "flag": yellow(text)
        default: text
        }
    }
}
