import Foundation
import Testing

/// A new folder, removed with all that is in it.
final class ScratchFolder: Sendable {
    private let folder: URL

    init() {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("undertone-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.path + "/" + name }

    /// Writes a file, and makes the folder that it is in.
    func write(_ name: String, _ text: String) {
        makeFolder((name as NSString).deletingLastPathComponent)
        if !FileManager.default.createFile(atPath: path(name), contents: Data(text.utf8)) {
            Issue.record("\(name) can't be written")
        }
    }

    func makeFolder(_ name: String) {
        try? FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }

    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
    }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }
}
