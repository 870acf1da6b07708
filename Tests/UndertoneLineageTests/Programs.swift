// Programs beside the tests.

import Foundation

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
