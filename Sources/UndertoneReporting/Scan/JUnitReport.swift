// The JUnit report: the gate's clauses, the rules and the unreadable inputs as test cases, as build servers show them.

import UndertoneText

/// Writes JUnit XML: one test case for each clause of the gate and for each rule, and one for each input that went wrong.
///
/// A rule fails its case where a clause about it failed, or where its action is `fail` and it met something; a rule that
/// merely rejects or flags records passes. At least one case fails whenever the gate said no.
func writeJUnitReport(_ report: ScanReport, to output: inout some TextOutputStream) {
    let problems = report.inputs.filter { $0.problem != nil }
    let failedRules = report.rules.indices.filter { report.failsCase(report.rules[$0]) }
    let failedClauses = report.clauses.filter { !$0.passed }.count
    let needsCase = !report.passed && problems.isEmpty && failedRules.isEmpty && failedClauses == 0
    let clauses = report.clauses.count + (needsCase ? 1 : 0)
    let clauseFailures = failedClauses + (needsCase ? 1 : 0)
    let shownProblems = min(problems.count, mostProblems)
    let time = report.seconds.isFinite ? fixed(report.seconds, decimals: 3).filter { $0 != "," } : "0.000"

    output.write(xmlDeclaration)
    output.write("<testsuites name=\"undertone\" tests=\"\(clauses + report.rules.count + shownProblems)\"")
    output.write(" failures=\"\(clauseFailures + failedRules.count)\" errors=\"\(shownProblems)\" time=\"\(time)\">\n")

    beginSuite("gate", tests: clauses, failures: clauseFailures, to: &output)
    writeProperties(report, to: &output)
    for clause in report.clauses {
        let failure = clause.passed ? nil : ("failure", visible(clause.detail), "")
        writeJUnitCase("undertone.gate", clause.name, failure, to: &output)
    }
    if needsCase { writeJUnitCase("undertone.gate", "verdict", ("failure", "the gate says no", ""), to: &output) }
    output.write("  </testsuite>\n")

    beginSuite("rules", tests: report.rules.count, failures: failedRules.count, to: &output)
    let samples = firstSamples(of: Set(failedRules), in: report)
    for (index, rule) in report.rules.enumerated() {
        let fails = report.failsCase(rule)
        let message = "\(counted(rule.hits, "record")): \(visible(rule.description))"
        writeJUnitCase(
            "undertone.rules", rule.id, fails ? ("failure", message, samples[index, default: ""]) : nil, to: &output)
    }
    output.write("  </testsuite>\n")

    if shownProblems > 0 {
        beginSuite("inputs", tests: shownProblems, errors: shownProblems, to: &output)
        for input in problems.prefix(shownProblems) {
            writeJUnitCase("undertone.inputs", input.path, ("error", visible(input.problem ?? ""), ""), to: &output)
        }
        output.write("  </testsuite>\n")
    }
    output.write("</testsuites>\n")
}

private let mostProblems = 1000
private let mostSamples = 5

extension ScanReport {
    /// Whether a failed clause speaks of the rule, or the rule itself fails the gate.
    fileprivate func failsCase(_ rule: RuleTally) -> Bool {
        failsGate(rule) || clauses.contains { !$0.passed && $0.speaks(of: rule.id) }
    }
}

private func beginSuite(
    _ name: String, tests: Int, failures: Int = 0, errors: Int = 0, to output: inout some TextOutputStream
) {
    output.write("  <testsuite name=\"\(name)\" tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\">\n")
}

private func writeProperties(_ report: ScanReport, to output: inout some TextOutputStream) {
    let figures: [(String, String)] = [
        ("version", visible(report.version, limit: 60)), ("records", "\(report.records)"), ("kept", "\(report.kept)"),
        ("rejected", "\(report.rejected)"), ("flagged", "\(report.flagged)"), ("malformed", "\(report.malformed)"),
    ]
    output.write("    <properties>\n")
    for (name, value) in figures {
        output.write("      <property name=\"\(name)\" value=\"\(xmlEscaped(value))\"/>\n")
    }
    output.write("    </properties>\n")
}

private func firstSamples(of rules: Set<Int>, in report: ScanReport) -> [Int: String] {
    var texts: [Int: String] = [:]
    var counts: [Int: Int] = [:]
    for sample in report.samples where rules.contains(sample.rule) && counts[sample.rule, default: 0] < mostSamples {
        counts[sample.rule, default: 0] += 1
        let place = "\(visible(report.input(of: sample)?.path ?? "?")):\(sample.line)"
        let reason = visible(sample.reason, limit: 120)
        texts[sample.rule, default: ""] += "\(place): \(reason): \(sample.markedExcerpt())\n"
    }
    return texts
}
