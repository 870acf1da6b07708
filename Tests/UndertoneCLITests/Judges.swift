// Servers that judge, beside the tests of commands, and what a file of judges says of them.

import Foundation
import Glibc
import Testing

/// A program that serves until this object, or the process of the tests, ends.
final class Served {
    private let process: pid_t
    private let input: Int32
    private let output: Int32

    // What does not end with its standard input is ended by a shell that does; what it writes is dropped.
    private static let keeper = #"""
        cd "$0"
        if [ "$1" = itself ]; then shift; exec "$@" 2>/dev/null; fi
        shift
        "$@" </dev/null >/dev/null 2>&1 &
        cat >/dev/null
        kill -9 $!
        """#

    /// - Parameter endsWithInput: whether it ends by itself when its standard input does.
    init(
        _ words: [String], in folder: URL = FileManager.default.temporaryDirectory,
        environment: [String: String] = [:], endsWithInput: Bool = true
    ) {
        var (input, output): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        pipe(&input)
        pipe(&output)
        for file in input + output { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
        let kept = endsWithInput ? "itself" : "kept"
        process = spawn(
            ["/bin/sh", "-c", Served.keeper, folder.path, kept] + words, &actions, environment: environment)
        close(input[0])
        close(output[1])
        self.input = input[1]
        self.output = output[0]
    }

    /// Ends it at once and waits.
    deinit {
        kill(-process, SIGKILL)
        waitpid(process, nil, 0)
        close(input)
        close(output)
    }

    /// The rest of the first line that begins so; a minute at most.
    func line(_ start: String) -> String? {
        var line: [UInt8] = []
        var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        while poll(&ready, 1, 60_000) == 1 {
            var byte: UInt8 = 0
            guard Glibc.read(output, &byte, 1) == 1 else { return nil }
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

    /// A Python with what `python/review` needs to click through a page, where the tests are told one.
    static let clickingPython = ProcessInfo.processInfo.environment["UNDERTONE_REVIEW_PYTHON"]

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
        program = Served([
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

/// LiteLLM's proxy in front of another judge, as people run it. It takes some 15 seconds to start.
final class JudgeProxy {
    private struct NotThere: Error {}
    /// The key that it wants.
    let key = "sk-" + UUID().uuidString.lowercased()
    let address: String
    private let program: Served

    /// - Parameters:
    ///   - judge: the base address of the judge behind it, which it calls `counted`.
    ///   - place: where its settings are written.
    init(_ judge: String, in place: Workplace) throws {
        let port = try JudgeMachine.freePort()
        let litellm = try #require(JudgeMachine.litellm)
        place.write(
            "litellm.yaml",
            """
            model_list:
              - model_name: counted
                litellm_params: {model: openai/counted, api_base: "\(judge)", api_key: none}
            litellm_settings: {num_retries: 0, telemetry: false}
            general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}
            """)
        address = "http://127.0.0.1:\(port)/v1"
        program = Served(
            [litellm, "--config", place.path("litellm.yaml"), "--host", "127.0.0.1", "--port", String(port)],
            in: place.folder, environment: ["LITELLM_MASTER_KEY": key, "LITELLM_LOCAL_MODEL_COST_MAP": "True"],
            endsWithInput: false)
        let isReady =
            "import sys, urllib.request; "
            + "urllib.request.urlopen('http://127.0.0.1:\(port)/health/liveliness', timeout=5)"
        for _ in 0..<240 {
            let asked = Process()
            asked.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            asked.arguments = ["python3", "-c", isReady]
            asked.standardError = FileHandle.nullDevice
            try asked.run()
            asked.waitUntilExit()
            if asked.terminationStatus == 0 { return }
            usleep(500_000)
        }
        throw NotThere()
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
