// Golden files, which the validators of their formats read as well.

import Foundation
import Testing

/// The repository's root.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// Compares `text` with `fixtures/lineage/<name>`. With `RECORD_SNAPSHOTS=1`, or where there is no such file, it is
/// written, and the test fails all the same, so that nobody takes a recording for a pass.
func expectSnapshot(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = repository.appendingPathComponent("fixtures/lineage").appendingPathComponent(name)
    let wanted = try? String(contentsOf: file, encoding: .utf8)
    if let wanted, ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != "1" {
        guard !text.utf8.elementsEqual(wanted.utf8) else { return }
        let lines = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            wanted.split(separator: "\n", omittingEmptySubsequences: false))
        let first = lines.enumerated().first { $0.element.0 != $0.element.1 }
        Issue.record(
            "\(name) differs in line \((first?.offset ?? 0) + 1): \(first.map { "\($0.element)" } ?? "its length")",
            sourceLocation: sourceLocation)
        return
    }
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("recorded \(name); look at it, then run again", sourceLocation: sourceLocation)
}
