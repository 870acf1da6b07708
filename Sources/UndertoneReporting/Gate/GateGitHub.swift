// The gate's report as annotations of GitHub Actions.

import UndertoneText

/// Writes workflow commands at the places of the policy: what blocks is an error, what is not known and may be is a
/// warning. At most ten of a level, which is what GitHub shows of a step. A last plain line has the verdict.
func writeGateGitHub(_ report: GateReport, to output: inout some TextOutputStream) {
    let groups = report.groups
    let blocking = groups.filter { $0.clause.blocks }
    let allowed = groups.filter { $0.clause.status == .notKnown && $0.clause.isAllowed }
    for (level, groups) in [("error", blocking), ("warning", allowed)] {
        for group in groups.prefix(Annotation.mostOfLevel) { write(group, level, of: report, to: &output) }
    }
    if report.clauses.isEmpty {
        Annotation(level: "error", title: "undertone gate", message: "nothing was checked").write(to: &output)
    }
    let cut = max(blocking.count - Annotation.mostOfLevel, 0) + max(allowed.count - Annotation.mostOfLevel, 0)
    output.write("undertone gate: \(report.passed ? "PASSED" : "FAILED")  \(report.summary)")
    output.write((cut > 0 ? "; \(grouped(cut)) more not shown here" : "") + "\n")
}

private func write(
    _ group: GateReport.Group, _ level: String, of report: GateReport, to output: inout some TextOutputStream
) {
    let clause = group.clause
    var message = "\(clause.subject.title) (\(clause.outcome)): \(visible(clause.detail))"
    for evidence in clause.evidence where evidence.kind == .path { message += "\n" + evidence.line }
    if let mend = clause.mend { message += "\nmend: \(visible(mend))" }
    let place = clause.place.map { Annotation.Place(path: report.policy, line: $0.line, column: $0.column) }
    Annotation(level: level, place: place, title: "undertone gate: " + group.title, message: message)
        .write(to: &output)
}
