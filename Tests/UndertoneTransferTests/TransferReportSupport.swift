// Golden files and well-formedness for the tests of reports.

import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The text of `fixtures/reports/<name>`. With `RECORD_SNAPSHOTS=1`, or where there is no such file, it is written from
/// `made`, and the test fails all the same, so that nobody takes a recording for a pass.
func goldenText(
    _ name: String, sourceLocation: SourceLocation = #_sourceLocation, made: () -> String
) throws -> String {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("fixtures/reports/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != "1",
        let wanted = try? String(contentsOf: file, encoding: .utf8)
    {
        return wanted
    }
    try Data(made().utf8).write(to: file)
    Issue.record("recorded \(name); look at it, then run again", sourceLocation: sourceLocation)
    return made()
}

/// Compares `text` with `fixtures/reports/<name>`.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let wanted = try goldenText(name, sourceLocation: sourceLocation) { text }
    guard text != wanted else { return }
    let lines = zip(text.components(separatedBy: "\n"), wanted.components(separatedBy: "\n")).enumerated()
    let place = lines.first { $0.element.0 != $0.element.1 }.map { "line \($0.offset + 1):\n\($0.element)" }
    Issue.record("\(name) differs in \(place ?? "its length")", sourceLocation: sourceLocation)
}

/// Whether an XML parser can read a page.
func expectWellFormed(_ page: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let parser = XMLParser(data: Data(page.utf8))
    let isWellFormed = parser.parse()
    #expect(isWellFormed, "line \(parser.lineNumber)", sourceLocation: sourceLocation)
}
