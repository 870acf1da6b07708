// The formats of the report on attribution by name. A new one is one function and one case here.

import UndertoneText

/// How the result of an attribution is written down.
package enum AttributionReportFormat: String, CaseIterable, Sendable {
    case text, json, html

    /// The whole report as one text that ends with a line end.
    ///
    /// - Parameters:
    ///   - scores: of records of the drop, for the page's picture of them.
    ///   - versions: what decides the figures.
    ///   - line: the line of a record, by its number.
    package func render(
        _ report: AttributionReport, scores: [Double], versions: [(name: String, version: String)],
        line: (Int) -> Int
    ) -> String {
        switch self {
        case .text: return report.text(line: line)
        case .json:
            var json = JSONWriter()
            json.object { json in
                report.write(to: &json, line: line)
                json.object("versions") { json in
                    for (name, version) in versions { json.member(name, version) }
                }
            }
            return json.text
        case .html:
            let picture = AttributionPicture(
                bars: report.candidates.map {
                    AttributionPicture.Bar(
                        trait: $0.trait, alignment: $0.alignment, pValue: $0.pValue, explained: $0.explained)
                }, best: report.best, records: report.drop.records,
                scores: scores.isEmpty ? nil : AttributionPicture.Scores(drop: scores), warnings: report.warnings)
            var text = ""
            writeAttributionPage(
                picture, origins: versions.map { ($0.name, $0.version) },
                version: versions.first { $0.name == "undertone" }?.version ?? "", to: &text)
            return text
        }
    }
}
