// The formats of the report on transfer by name. A new one is one file with one function, and one case here.

package import UndertoneReporting

/// How the results of a transfer experiment are written down.
package enum TransferReportFormat: String, CaseIterable, Sendable {
    case text, json, html

    /// Writes a report piece by piece. The text ends with a line end; the same report gives the same text.
    ///
    /// All that comes from data is made harmless on the way, as in ``ReportFormat``.
    ///
    /// - Parameters:
    ///   - attribution: what the drop is aligned with; for ``html`` only.
    ///   - style: for ``text`` only.
    package func write(
        _ report: TransferReport, attribution: AttributionPicture? = nil, style: TextStyle = TextStyle(),
        to output: inout some TextOutputStream
    ) {
        switch self {
        case .text: writeTransferText(report, style: style, to: &output)
        case .json: writeTransferJSON(report, to: &output)
        case .html: writeTransferHTML(report, attribution, to: &output)
        }
    }

    /// The whole report as one text.
    package func render(
        _ report: TransferReport, attribution: AttributionPicture? = nil, style: TextStyle = TextStyle()
    ) -> String {
        var text = ""
        write(report, attribution: attribution, style: style, to: &text)
        return text
    }
}
