// The gate's report in JUnit XML, as build servers show it.

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
    output.write("\(xmlDeclaration)<testsuites name=\"undertone gate\" \(figures(of: clauses))>\n")
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
    guard clause.status != .pass else { return writeJUnitCase(suite, clause.name, nil, to: &output) }
    let detail = (clause.status == .notKnown ? "not known: " : "") + visible(clause.detail)
    var lines = clause.evidence.prefix(50).map { evidence in
        "\(evidence.kind.rawValue): \(evidence.line)"
            + (evidence.sha256.map { " sha256 \(visible($0, limit: 64))" } ?? "")
    }
    if let mend = clause.mend { lines.append("mend: \(visible(mend))") }
    let outcome = (clause.blocks ? "failure" : "skipped", detail, lines.joined(separator: "\n"))
    writeJUnitCase(suite, clause.name, outcome, to: &output)
}
