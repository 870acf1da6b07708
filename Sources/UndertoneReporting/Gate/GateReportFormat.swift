// The formats of the gate's report by name. A new one is one file with one function, and one case here.

/// How the gate's decision is written down.
package enum GateReportFormat: String, CaseIterable, Sendable {
    case text, json, junit, github, summary, html

    /// Writes a report piece by piece. The text ends with a line end; the same report gives the same text.
    ///
    /// All that comes from data is made harmless on the way, as in ``ReportFormat``.
    ///
    /// - Parameter style: for ``text`` only.
    package func write(_ report: GateReport, style: TextStyle = TextStyle(), to output: inout some TextOutputStream) {
        switch self {
        case .text: writeGateText(report, style: style, to: &output)
        case .json: writeGateJSON(report, to: &output)
        case .junit: writeGateJUnit(report, to: &output)
        case .github: writeGateGitHub(report, to: &output)
        case .summary: writeGateSummary(report, to: &output)
        case .html: writeGateHTML(report, to: &output)
        }
    }

    /// The whole report as one text.
    package func render(_ report: GateReport, style: TextStyle = TextStyle()) -> String {
        var text = ""
        write(report, style: style, to: &text)
        return text
    }
}
