// The gate's report for build servers: JUnit XML and annotations of GitHub Actions.

import UndertoneText

/// Writes JUnit XML: a suite for each subject, a case for each clause. What is not known fails its case, or skips it where
/// the policy allows that.
func writeGateJUnit(_ report: GateReport, to output: inout some TextOutputStream) {
    var clauses = report.clauses
    if clauses.isEmpty {
        let subject = GateReport.Subject(.policy, report.policy)
        clauses = [GateReport.Clause("verdict", subject, .fail, detail: "nothing was checked")]
    }
    var subjects: [GateReport.Subject] = []
    var members: [GateReport.Subject: [GateReport.Clause]] = [:]
    for clause in clauses {
        if members[clause.subject] == nil { subjects.append(clause.subject) }
        members[clause.subject, default: []].append(clause)
    }
    output.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"undertone gate\" ")
    output.write(figures(of: clauses) + ">\n")
    for subject in subjects {
        let cases = members[subject] ?? []
        let suite = xmlEscaped(subject.title)
        output.write("  <testsuite name=\"\(suite)\" \(figures(of: cases))>\n")
        for clause in cases { write(clause, suite: suite, to: &output) }
        output.write("  </testsuite>\n")
    }
    output.write("</testsuites>\n")
}

private func figures(of clauses: [GateReport.Clause]) -> String {
    let failures = clauses.filter(\.blocks).count
    let skipped = clauses.filter { $0.status == .notKnown && $0.isAllowed }.count
    return "tests=\"\(clauses.count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\""
}

private func write(_ clause: GateReport.Clause, suite: String, to output: inout some TextOutputStream) {
    output.write("    <testcase classname=\"\(suite)\" name=\"\(xmlEscaped(visible(clause.name)))\"")
    guard clause.status != .pass else { return output.write("/>\n") }
    let element = clause.blocks ? "failure" : "skipped"
    let detail = (clause.status == .notKnown ? "not known: " : "") + visible(clause.detail)
    output.write(">\n      <\(element) message=\"\(xmlEscaped(detail))\">")
    var lines = clause.evidence.prefix(50).map { evidence in
        "\(evidence.kind.rawValue): \(evidence.line)"
            + (evidence.sha256.map { " sha256 \(visible($0, limit: 64))" } ?? "")
    }
    if let mend = clause.mend { lines.append("mend: \(visible(mend))") }
    output.write(xmlEscaped(lines.joined(separator: "\n")) + "</\(element)>\n    </testcase>\n")
}

/// Writes workflow commands at the places of the policy: what blocks is an error, what is not known and may be is a
/// warning. At most ten of a level, which is what GitHub shows of a step. A last plain line has the verdict.
///
/// Source: docs.github.com, "Workflow commands for GitHub Actions".
func writeGateGitHub(_ report: GateReport, to output: inout some TextOutputStream) {
    let groups = report.groups
    let blocking = groups.filter { $0.clause.blocks }
    let allowed = groups.filter { $0.clause.status == .notKnown && $0.clause.isAllowed }
    for (level, groups) in [("error", blocking), ("warning", allowed)] {
        for group in groups.prefix(mostAnnotations) { write(group, level, of: report, to: &output) }
    }
    if report.clauses.isEmpty { output.write("::error title=undertone gate::nothing was checked\n") }
    let cut = max(blocking.count - mostAnnotations, 0) + max(allowed.count - mostAnnotations, 0)
    output.write("undertone gate: \(report.passed ? "PASSED" : "FAILED")  \(report.summary)")
    output.write((cut > 0 ? "; \(grouped(cut)) more not shown here" : "") + "\n")
}

private let mostAnnotations = 10

private func write(
    _ group: GateReport.Group, _ level: String, of report: GateReport, to output: inout some TextOutputStream
) {
    let clause = group.clause
    output.write("::\(level) ")
    if let place = clause.place {
        output.write(
            "file=\(commandProperty(visible(report.policy, limit: 1000))),line=\(place.line),col=\(place.column),")
    }
    output.write("title=\(commandProperty("undertone gate: " + group.title))::")
    var message = "\(clause.subject.title) (\(clause.outcome)): \(visible(clause.detail))"
    for evidence in clause.evidence where evidence.kind == .path { message += "\n" + evidence.line }
    if let mend = clause.mend { message += "\nmend: \(visible(mend))" }
    output.write(commandData(message) + "\n")
}
