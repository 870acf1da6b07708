// The gate's report as Markdown, for the summary page of a step of GitHub Actions.

import UndertoneText

/// Writes GitHub-flavoured Markdown: the verdict, a table of all clauses, and the evidence of those that do not hold.
///
/// Text from data stands in HTML `<code>` elements with every character of Markdown as a numeric reference, so that it
/// can't become a link, an image, a mention or a row of its own. At most 200 clauses; GitHub takes 1 MiB of a step.
func writeGateSummary(_ report: GateReport, to output: inout some TextOutputStream) {
    output.write("## Undertone gate: \(report.passed ? "passed ✅" : "failed ❌")\n\n")
    output.write(markdownText(report.summary) + "\n\n")
    let clauses = report.clausesByWeight
    if !clauses.isEmpty {
        output.write("| | clause | about | what was found |\n|---|---|---|---|\n")
        for clause in clauses.prefix(mostClauses) {
            let cells = [
                clause.sign, markdownCode(visible(clause.name, limit: 120)), markdownText(clause.subject.title),
                markdownText(visible(clause.detail)),
            ]
            output.write("| " + cells.joined(separator: " | ") + " |\n")
        }
        if clauses.count > mostClauses {
            output.write("\n\(counted(clauses.count - mostClauses, "more clause")) not shown.\n")
        }
    }
    for group in report.groups.prefix(mostClauses) where group.clause.status != .pass {
        let clause = group.clause
        output.write("\n### \(clause.sign) \(markdownCode(group.title)) ")
        output.write("\(markdownText(clause.subject.title))\n\n\(markdownText(visible(clause.detail)))\n\n")
        for evidence in clause.evidence.prefix(mostEvidence) {
            let digest = evidence.sha256.map { " sha256 " + markdownCode(visible($0, limit: 64)) } ?? ""
            output.write("- \(evidence.kind.rawValue): \(markdownCode(evidence.line))\(digest)\n")
        }
        let cut = clause.evidence.count - mostEvidence
        if cut > 0 { output.write("- … \(grouped(cut)) more\n") }
        if let mend = clause.mend { output.write("- **mend:** \(markdownText(visible(mend)))\n") }
    }
    if !report.notes.isEmpty {
        output.write("\n### Notes\n\n")
        for note in report.notes.prefix(20) { output.write("- \(markdownText(visible(note)))\n") }
    }
    let origins = report.origins.map { "\($0.name) \(markdownCode(visible($0.value, limit: 300)))" }
    output.write("\n<sub>\(origins.joined(separator: " · "))</sub>\n")
}

private let mostClauses = 200
private let mostEvidence = 8

extension GateReport.Clause {
    fileprivate var sign: String {
        switch status {
        case .fail: "❌"
        case .notKnown: isAllowed ? "⚠️" : "❓"
        case .pass: "✅"
        }
    }
}
