// The report formats by name. A new format is one file with one function, and one case here.

/// How a scan's result is written down.
package enum ReportFormat: String, CaseIterable, Sendable {
    case text, json, sarif, junit, github

    /// Writes a report piece by piece. The text ends with a line end; the same report gives the same text.
    ///
    /// All that comes from data is made harmless on the way: no control, bidirectional or invisible character, no
    /// markup and no workflow command of the data reaches the output as such.
    ///
    /// - Parameter style: for ``text`` only.
    /// - Complexity: O(rules + inputs + samples); memory beyond `output` is O(1) for text, JUnit and GitHub
    ///   annotations, and a buffer of 64 KB for JSON and SARIF.
    package func write(_ report: ScanReport, style: TextStyle = TextStyle(), to output: inout some TextOutputStream) {
        switch self {
        case .text: writeTextReport(report, style: style, to: &output)
        case .json: writeJSONReport(report, to: &output)
        case .sarif: writeSARIFReport(report, to: &output)
        case .junit: writeJUnitReport(report, to: &output)
        case .github: writeGitHubReport(report, to: &output)
        }
    }

    /// The whole report as one text.
    package func render(_ report: ScanReport, style: TextStyle = TextStyle()) -> String {
        var text = ""
        write(report, style: style, to: &text)
        return text
    }
}
