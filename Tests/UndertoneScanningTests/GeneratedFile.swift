// Files of the repository that the program writes: a test compares, a flag rewrites, a person reads the difference.

import Foundation
import Testing

/// The repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// Compares a file of the repository with what the program writes now. With `RECORD_SNAPSHOTS=1`, or where there is no
/// such file, it is written, and the test fails all the same, so that nobody takes a recording for a pass.
func expectGenerated(_ text: String, at path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = repository.appendingPathComponent(path)
    let written = try? String(contentsOf: file, encoding: .utf8)
    if let written, ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != "1" {
        #expect(
            written == text, "\(path) is not what the program writes; RECORD_SNAPSHOTS=1 writes it anew",
            sourceLocation: sourceLocation)
        return
    }
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("\(path) was written; read it and run the test again", sourceLocation: sourceLocation)
}
