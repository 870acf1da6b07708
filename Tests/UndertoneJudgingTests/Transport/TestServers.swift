// Servers and programs beside the tests, which end with them.

import Foundation
import Testing

@testable import UndertoneJudging

/// A program that serves until this object, or the process of the tests, ends.
final class ServingProgram: Sendable {
    // Started as judging programs are: signals as usual, a group of its own, nothing inherited but the three pipes.
    private let process: CommandProcess

    /// Starts a program that is found in PATH, or by its path.
    ///
    /// - Parameters:
    ///   - environment: variables beside, or in place of, those of the tests.
    ///   - endsWithInput: whether it ends by itself when its standard input does; else a shell sees to it, and what the
    ///     program writes is dropped.
    init(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], endsWithInput: Bool = true
    ) throws {
        let keeper = endsWithInput ? #"exec "$@" 2>/dev/null"# : #""$@" </dev/null >/dev/null 2>&1 & cat; kill -9 $!"#
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        process = try CommandProcess(["sh", "-c", keeper, "sh", name] + arguments, environment: variables)
    }

    deinit { process.end(grace: 0) }

    /// Whether it has not ended by itself.
    var isRunning: Bool { !process.hasEnded }

    /// What it writes first, up to a line end; a minute at most.
    func firstLine() -> String {
        var line: [UInt8] = []
        var ready = pollfd(fd: process.output, events: Int16(POLLIN), revents: 0)
        while poll(&ready, 1, 60_000) == 1 {
            var byte: UInt8 = 0
            guard read(process.output, &byte, 1) == 1, byte != UInt8(ascii: "\n") else { break }
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}

/// A port of this machine that was free a moment ago.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    try #require(isBound, "there is no free port")
    return UInt16(bigEndian: address.sin_port)
}

/// What the tests need of the machine.
enum Machine {
    /// The folder with judges in Python.
    static let judges = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("python/judges").path

    /// Whether there is Python to run them.
    static let hasPython = ends("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"])

    /// Whether certificates can be made.
    static let hasOpenSSL = ends("openssl", ["version"])

    /// Whether a program runs and ends well.
    private static func ends(_ name: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

/// The server of `python/judges/faulty_judge.py`, whose words for what it does are the scripts here.
final class FaultyJudge: Sendable {
    // Not a failed expectation, which only counts for the first test that has it.
    private struct NoPort: Error {}

    private let program: ServingProgram
    private let base: String

    init(_ arguments: String..., scheme: String = "http") throws {
        program = try ServingProgram("python3", [Machine.judges + "/faulty_judge.py", "--port", "0"] + arguments)
        let words = program.firstLine().split(separator: " ")
        guard words.count == 2, let port = UInt16(words[1]) else { throw NoPort() }
        base = "\(scheme)://127.0.0.1:\(port)"
    }

    /// One for all tests that count nothing but their own requests.
    static let shared = Result { try FaultyJudge() }

    /// Where the script of `--script` runs.
    var address: String { base + "/v1" }

    /// Where another script runs, from its start for each label.
    func address(_ script: String, label: String = UUID().uuidString) -> String { "\(base)/s/\(script)/\(label)/v1" }

    /// Requests that an address had.
    func requests(_ address: String) throws -> Int {
        let counts = try stats()["requests"] as? [String: Int]
        return try #require(counts)[String(address.dropFirst(base.count))] ?? 0
    }

    /// What happened since the start.
    func stats() throws -> [String: Any] {
        let curl = Process()
        curl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = "import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())"
        curl.arguments = ["python3", "-c", script, base + "/stats"]
        let output = Pipe()
        curl.standardOutput = output
        try curl.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        curl.waitUntilExit()
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
}

/// A folder of its own, removed in the end.
final class TestFolder {
    let path = NSTemporaryDirectory() + "undertone-judging-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs `body` on `count` threads at once and gives what each brings, in their order.
func gather<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Value) -> [Value] {
    let places = Places<Value>()
    for index in 0..<count {
        Thread {
            let value = body(index)
            places.condition.withLock {
                places.values[index] = value
                places.condition.signal()
            }
        }.start()
    }
    return places.condition.withLock {
        while places.values.count < count { places.condition.wait() }
        return (0..<count).compactMap { places.values[$0] }
    }
}

private final class Places<Value>: @unchecked Sendable {
    let condition = NSCondition()
    var values: [Int: Value] = [:]
}
