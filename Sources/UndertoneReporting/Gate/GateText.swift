// The gate's report for people: verdict first, then what blocks it, then what holds, each with its evidence.

import UndertoneText

/// Writes the text report. Clauses, evidence and notes are cut at fixed numbers, and a line says how many were cut.
func writeGateText(_ report: GateReport, style: TextStyle, to output: inout some TextOutputStream) {
    let page = GateTextPage(ink: style.ink, width: style.columns)
    let ink = page.ink
    output.write((report.passed ? ink.green("PASSED") : ink.red("FAILED")) + "  " + ink.bold(report.summary) + "\n")
    let groups = report.groups
    for group in groups.prefix(GateTextPage.mostGroups) { page.write(group, to: &output) }
    let rest = groups.dropFirst(GateTextPage.mostGroups)
    if !rest.isEmpty {
        output.write("\n" + ink.more(rest.reduce(0) { $0 + $1.names.count }, "clause") + "\n")
    }
    if !report.notes.isEmpty {
        output.write("\n" + ink.bold("Notes") + "\n")
        for note in report.notes.prefix(GateTextPage.mostNotes) {
            page.write(words(visible(note)), indent: 2, to: &output)
        }
        let cut = report.notes.count - GateTextPage.mostNotes
        if cut > 0 { output.write(ink.more(cut, "note") + "\n") }
    }
    output.write("\n")
    for (name, value) in report.origins {
        output.write("  \(ink.dim(padded(name, 9)))  \(visible(value, limit: 1000))\n")
    }
}

private struct GateTextPage {
    static let mostGroups = 60
    static let mostEvidence = 8
    static let mostNotes = 20

    let ink: Ink
    let width: Int

    func write(_ group: GateReport.Group, to output: inout some TextOutputStream) {
        let clause = group.clause
        let mark: String
        switch clause.status {
        case .fail: mark = ink.red("✗")
        case .notKnown: mark = clause.isAllowed ? ink.yellow("?") : ink.red("?")
        case .pass: mark = ink.green("✓")
        }
        let outcome = clause.status == .pass ? "" : "  " + ink.dim(clause.outcome)
        output.write("\n  \(mark) \(ink.bold(group.title))  \(clause.subject.title)\(outcome)\n")
        write(words(visible(clause.detail)), indent: 6, to: &output)
        for evidence in clause.evidence.prefix(GateTextPage.mostEvidence) {
            write(evidence.pieces, indent: 6, label: ink.dim(padded(evidence.kind.rawValue, 11)), to: &output)
            guard let digest = evidence.sha256 else { continue }
            output.write(String(repeating: " ", count: 19) + ink.dim("sha256 " + visible(digest, limit: 64)) + "\n")
        }
        let cut = clause.evidence.count - GateTextPage.mostEvidence
        if cut > 0 { output.write(ink.more(cut, indent: 6) + "\n") }
        if clause.status != .pass, let mend = clause.mend {
            write(words(visible(mend)), indent: 6, label: ink.cyan(padded("mend", 11)), to: &output)
        }
    }

    /// Pieces behind a label of eleven columns or none, on as many lines as they need, each beginning in one column.
    func write(_ pieces: [String], indent: Int, label: String? = nil, to output: inout some TextOutputStream) {
        let start = String(repeating: " ", count: indent)
        let further = label == nil ? start : start + String(repeating: " ", count: 13)
        // Names and digests stay whole, so that they can be copied.
        let lines = wrapped(pieces, within: width - further.utf8.count, dividing: false)
        for (index, line) in lines.enumerated() {
            let front = index == 0 ? start + (label.map { $0 + "  " } ?? "") : further
            output.write(trimmed(front + line) + "\n")
        }
    }
}
