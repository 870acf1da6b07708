// Annotations for GitHub Actions: workflow commands on standard output, a few of each level, then the totals.

import UndertoneText

/// Writes workflow commands, `::error file=…,line=…,col=…,title=…::…`: `fail` is an error, `reject` a warning, `flag` a
/// notice. At most ten of a level, which is what GitHub shows of a step; causes of a failed gate come before findings.
/// A last plain line has the totals.
///
/// Source: docs.github.com, "Workflow commands for GitHub Actions"; escapes as the runner undoes them.
func writeGitHubReport(_ report: ScanReport, to output: inout some TextOutputStream) {
    var left = [Level.error: Annotation.mostOfLevel, .warning: Annotation.mostOfLevel, .notice: Annotation.mostOfLevel]
    for cause in report.causes.prefix(Annotation.mostOfLevel) {
        Annotation(level: "error", title: "undertone", message: cause.text).write(to: &output)
        left[.error, default: 0] -= 1
    }
    var shown = 0
    for sample in report.samples {
        guard let rule = report.rule(of: sample) else { continue }
        let level = Level(action: rule.action)
        guard left[level, default: 0] > 0 else { continue }
        left[level, default: 0] -= 1
        shown += 1
        write(sample, rule, level, of: report, to: &output)
    }
    output.write("undertone: \(report.passed ? "PASSED" : "FAILED")  \(report.totals)")
    if let leftOut = report.leftOut(shown: shown) { output.write("; \(leftOut)") }
    output.write("\n")
}

private enum Level: String {
    case error, warning, notice

    init(action: String) {
        switch action {
        case "fail": self = .error
        case "flag": self = .notice
        default: self = .warning
        }
    }
}

private func write(
    _ sample: ScanReport.Sample, _ rule: ScanReport.RuleTally, _ level: Level, of report: ScanReport,
    to output: inout some TextOutputStream
) {
    var place: Annotation.Place?
    if let path = report.input(of: sample)?.path, path != "-" {
        // Annotations show no column; a byte column is near enough where nobody counted characters.
        place = Annotation.Place(
            path: path, line: sample.line, column: (sample.characterColumns ?? sample.columns)?.lowerBound)
    }
    var message = visible(rule.description)
    if !sample.reason.isEmpty { message += " (\(visible(sample.reason, limit: 120)))" }
    if !sample.excerpt.isEmpty { message += "\n" + sample.markedExcerpt() }
    Annotation(level: level.rawValue, place: place, title: visible(rule.id, limit: 120), message: message)
        .write(to: &output)
}
