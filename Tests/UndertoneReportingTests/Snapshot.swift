// Golden files: what a report looked like when a person last looked at it.

import Foundation
import Testing

/// The repository's `fixtures` folder.
let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("fixtures")

/// Compares `text` with `fixtures/reports/<name>`. With `RECORD_SNAPSHOTS=1`, or where there is no such file, it is
/// written, and the test fails all the same, so that nobody takes a recording for a pass.
func expectSnapshot(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = fixtures.appendingPathComponent("reports").appendingPathComponent(name)
    let wanted = try? String(contentsOf: file, encoding: .utf8)
    let mustRecord = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
    if let wanted, !mustRecord {
        guard text != wanted else { return }
        let lines = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            wanted.split(separator: "\n", omittingEmptySubsequences: false))
        let first = lines.enumerated().first { $0.element.0 != $0.element.1 }
        let place =
            first.map { "line \($0.offset + 1):\n  is     \($0.element.0)\n  wanted \($0.element.1)" } ?? "its length"
        Issue.record("\(name) differs in \(place)", sourceLocation: sourceLocation)
        return
    }
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("recorded \(name); look at it, then run again", sourceLocation: sourceLocation)
}
