// Annotations for GitHub Actions: workflow commands on standard output, a few of each level, then the totals.

import UndertoneText

/// Writes workflow commands, `::error file=…,line=…,col=…,title=…::…`: `fail` is an error, `reject` a warning, `flag` a
/// notice. At most ten of a level, which is what GitHub shows of a step; causes of a failed gate come before findings.
/// A last plain line has the totals.
///
/// Source: docs.github.com, "Workflow commands for GitHub Actions"; escapes as the runner undoes them.
func writeGitHubReport(_ report: ScanReport, to output: inout some TextOutputStream) {
    var left = [Level.error: mostOfLevel, .warning: mostOfLevel, .notice: mostOfLevel]
    for cause in report.causes.prefix(mostOfLevel) {
        output.write("::error title=undertone::\(commandData(cause.text))\n")
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

/// `text` as the message of a workflow command: one line, which the runner turns back into `text`.
package func commandData(_ text: String) -> String { commandEscaped(text, alsoSeparators: false) }

/// `text` as the value of a workflow command's property.
package func commandProperty(_ text: String) -> String { commandEscaped(text, alsoSeparators: true) }

private let mostOfLevel = 10

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
    output.write("::\(level.rawValue) ")
    if let path = report.input(of: sample)?.path, path != "-" {
        output.write("file=\(commandProperty(visible(path, limit: 1000))),line=\(sample.line)")
        // Annotations show no column; a byte column is near enough where nobody counted characters.
        if let columns = sample.characterColumns ?? sample.columns { output.write(",col=\(columns.lowerBound)") }
        output.write(",")
    }
    output.write("title=\(commandProperty(visible(rule.id, limit: 120)))::")
    var message = visible(rule.description)
    if !sample.reason.isEmpty { message += " (\(visible(sample.reason, limit: 120)))" }
    if !sample.excerpt.isEmpty { message += "\n" + sample.markedExcerpt() }
    output.write(commandData(message) + "\n")
}

private func commandEscaped(_ text: String, alsoSeparators: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "%": escaped += "%25"
        case "\r": escaped += "%0D"
        case "\n": escaped += "%0A"
        case ":" where alsoSeparators: escaped += "%3A"
        case "," where alsoSeparators: escaped += "%2C"
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return escaped
}
