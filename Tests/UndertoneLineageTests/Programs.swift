// Programs beside the tests, and a folder for files.

import Foundation
import Testing

/// The openssl program, where it is installed and knows Ed25519.
enum OpenSSL {
    static let isThere = (try? run("genpkey", "-algorithm", "ed25519")) != nil

    /// Runs it; fails if it fails.
    static func run(_ arguments: String...) throws -> [UInt8] { try runProgram("openssl", arguments) }
}

struct ProgramFailed: Error {
    var code: Int32
}

/// Runs a program that is found in PATH and gives what it wrote; its complaints are dropped.
func runProgram(_ name: String, _ arguments: [String], in folder: String? = nil) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ProgramFailed(code: process.terminationStatus) }
    return Array(data)
}

/// A new folder, removed with all that is in it.
final class ScratchFolder: Sendable {
    private let folder: URL

    init() {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("undertone-log-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.path + "/" + name }

    func write(_ name: String, _ text: String) {
        if !FileManager.default.createFile(atPath: path(name), contents: Data(text.utf8)) {
            Issue.record("\(name) can't be written")
        }
    }

    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
    }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }
}

/// The repository's root.
let logRepository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
