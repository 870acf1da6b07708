// The gate's report for people: verdict first, then what blocks it, then what holds, each with its evidence.

import UndertoneText

/// Writes the text report. Clauses, evidence and notes are cut at fixed numbers, and a line says how many were cut.
func writeGateText(_ report: GateReport, style: TextStyle, to output: inout some TextOutputStream) {
    let page = GatePage(ink: Ink(on: style.color), width: max(style.width, 60))
    let ink = page.ink
    output.write((report.passed ? ink.green("PASSED") : ink.red("FAILED")) + "  " + ink.bold(report.summary) + "\n")
    let groups = report.groups
    for group in groups.prefix(GatePage.mostGroups) { page.write(group, to: &output) }
    if groups.count > GatePage.mostGroups {
        let more = counted(groups.dropFirst(GatePage.mostGroups).reduce(0) { $0 + $1.names.count }, "more clause")
        output.write("\n" + ink.dim("  … \(more)") + "\n")
    }
    if !report.notes.isEmpty {
        output.write("\n" + ink.bold("Notes") + "\n")
        for note in report.notes.prefix(GatePage.mostNotes) {
            page.write(visible(note).split(separator: " ").map(String.init), "  ", to: &output)
        }
        let cut = report.notes.count - GatePage.mostNotes
        if cut > 0 { output.write(ink.dim("  … \(counted(cut, "more note"))") + "\n") }
    }
    output.write("\n")
    for (name, value) in report.origins {
        output.write("  \(ink.dim(padded(name, 9)))  \(visible(value, limit: 1000))\n")
    }
}

extension GateReport {
    /// Where the verdict comes from, by name.
    var origins: [(name: String, value: String)] {
        var rows = [(name: "policy", value: policy)]
        if let policyDigest { rows.append(("sha256", policyDigest)) }
        rows.append(("lineage", lineage ?? "none"))
        rows.append(("decided", decidedAt))
        rows.append(("version", version))
        return rows
    }
}

private struct GatePage {
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
        let name = ink.bold(group.title)
        output.write("\n  \(mark) \(name)  \(clause.subject.title)\(outcome)\n")
        write(visible(clause.detail).split(separator: " ").map(String.init), "      ", to: &output)
        for evidence in clause.evidence.prefix(GatePage.mostEvidence) {
            write(evidence.words, "      " + ink.dim(padded(evidence.kind.rawValue, 11)) + "  ", to: &output)
            guard let digest = evidence.sha256 else { continue }
            output.write(String(repeating: " ", count: 19) + ink.dim("sha256 " + visible(digest, limit: 64)) + "\n")
        }
        let cut = clause.evidence.count - GatePage.mostEvidence
        if cut > 0 { output.write(ink.dim("      … \(grouped(cut)) more") + "\n") }
        if clause.status != .pass, let mend = clause.mend {
            write(
                visible(mend).split(separator: " ").map(String.init), "      " + ink.cyan(padded("mend", 11)) + "  ",
                to: &output)
        }
    }

    /// Words behind a label, on as many lines as they need; lines after the first begin where the words do.
    func write(_ words: [String], _ label: String, to output: inout some TextOutputStream) {
        let indent = label.contains("\u{1B}") || label.contains { $0 != " " } ? 19 : label.count
        var line = label
        var used = indent
        var isFirst = true
        for var word in words {
            let needed = displayWidth(word)
            if !isFirst, used + 1 + needed > width {
                output.write(trimmed(line) + "\n")
                line = String(repeating: " ", count: indent)
                used = indent
                isFirst = true
                // A word that is harmless in a line may not be where it begins one: `::error::` is a workflow command.
                word = visible(word)
            }
            if !isFirst {
                line += " "
                used += 1
            }
            line += word
            used += needed
            isFirst = false
        }
        output.write(trimmed(line) + "\n")
    }
}

extension GateReport.Evidence {
    /// The evidence in pieces that stay on one line.
    fileprivate var words: [String] {
        steps.isEmpty ? line.split(separator: " ").map(String.init) : wayParts
    }
}
