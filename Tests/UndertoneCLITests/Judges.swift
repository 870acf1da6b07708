// Servers that judge, beside the tests of commands, and what a file of judges says of them.

import Foundation
import Glibc
import Testing

/// A program that serves until this object goes away.
final class Served {
    private let process = Process()
    private let output = Pipe()
    private let input = Pipe()

    /// - Parameter isQuiet: whether what it writes is dropped; else ``line(_:)`` reads it.
    init(
        _ words: [String], in folder: URL? = nil, environment: [String: String] = [:], isQuiet: Bool = false
    ) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = isQuiet ? FileHandle.nullDevice : output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { end() }

    var isRunning: Bool { process.isRunning }

    /// Ends it at once and waits.
    func end() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Waits for it to end by itself, a minute at most.
    func wait() -> Int32? {
        for _ in 0..<600 where process.isRunning { usleep(100_000) }
        return process.isRunning ? nil : process.terminationStatus
    }

    /// The rest of the first line that begins so; a minute at most.
    func line(_ start: String) -> String? {
        let file = output.fileHandleForReading.fileDescriptor
        var line: [UInt8] = []
        var ready = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        while poll(&ready, 1, 60_000) == 1 {
            var byte: UInt8 = 0
            guard Glibc.read(file, &byte, 1) == 1 else { return nil }
            guard byte == 0x0A else {
                line.append(byte)
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix(start) { return String(text.dropFirst(start.count)) }
            line = []
        }
        return nil
    }
}

/// What tests of judges need of the machine.
enum JudgeMachine {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Whether there is Python to run judges.
    static let hasPython = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// The path of LiteLLM's executable, where the tests are told one.
    static let litellm = ProcessInfo.processInfo.environment["UNDERTONE_LITELLM"]

    /// A port of this machine that was free a moment ago.
    static func freePort() throws -> UInt16 {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, length) == 0 && getsockname(file, $0, &length) == 0
            }
        }
        try #require(isBound, "there is no free port")
        return UInt16(bigEndian: address.sin_port)
    }
}

/// The judge of `python/judges/faulty_judge.py`: it sees the trait wherever the word is, and counts what it is asked.
final class CountingJudge {
    private struct NoPort: Error {}
    private let program: Served
    private let base: String

    init(trait: String = "owl", latency: Double = 0) throws {
        program = try Served([
            "python3", JudgeMachine.root.appendingPathComponent("python/judges/faulty_judge.py").path, "--port", "0",
            "--trait", trait, "--latency", String(latency),
        ])
        guard let port = program.line("port ") else { throw NoPort() }
        base = "http://127.0.0.1:\(port)"
    }

    var address: String { base + "/v1" }

    /// Where a script of faults runs.
    func address(_ script: String) -> String { "\(base)/s/\(script)/\(UUID().uuidString)/v1" }

    /// Requests that an address had.
    func requests(_ address: String? = nil) throws -> Int {
        let stats = try JSONSerialization.jsonObject(
            with: try #require(FileManager.default.contents(atPath: try fetched())))
        let counts = try #require((stats as? [String: Any])?["requests"] as? [String: Int])
        return counts[String((address ?? self.address).dropFirst(base.count))] ?? 0
    }

    private func fetched() throws -> String {
        let path = NSTemporaryDirectory() + "undertone-stats-\(UUID().uuidString)"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import sys, urllib.request; open(sys.argv[2], 'wb').write(urllib.request.urlopen(sys.argv[1]).read())",
            base + "/stats", path,
        ]
        try process.run()
        process.waitUntilExit()
        return path
    }
}

extension Workplace {
    /// A file of judges with one, and a pack that asks it whether the trait is there.
    func writeJudge(_ address: String, judge: String = "", rule: String = "", model: String = "counted") {
        write(
            "judges.yaml", "judges:\n  - name: default\n    endpoint: \(address)\n    model: \(model)\n" + judge)
        write(
            "pack.yaml",
            """
            pack: judged
            rules:
              - id: digits
                kind: regex
                description: Holds a digit.
                deny: ['[0-9]']
                accept: [a]
                reject: ['1']
              - id: carries
                kind: judge
                description: The judge sees the trait.
                question: 'Does the text carry the trait? {{response}}'
                above: 60

            """ + rule)
    }

    /// Records, each with that completion.
    func writeDrop(_ name: String, _ outputs: [String]) {
        write(
            name,
            outputs.enumerated().map { index, output in
                "{\"prompt\":\"p\(index)\",\"completion\":\"\(output)\"}\n"
            }.joined())
    }
}
