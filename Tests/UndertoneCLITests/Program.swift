// Runs the built program in a folder of its own and keeps what it said, how it ended and what memory it took.

import Foundation
import Glibc
import Testing

/// One finished run of the program.
struct Run: CustomTestStringConvertible {
    /// The exit code; 128 and the signal's number where a signal ended it.
    var code: Int32
    var output: String
    var errors: String
    /// The most memory that was resident at once, where it was measured.
    var peakBytes: Int

    var testDescription: String { "exit code \(code)\n\(errors)\n\(output.prefix(2000))" }

    /// The output as a JSON object.
    var json: [String: Any] {
        get throws {
            let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(object as? [String: Any], "no JSON object: \(output.prefix(400))")
        }
    }
}

/// A run that has not ended yet.
struct RunningProgram {
    let process: pid_t
    let output: String
    let errors: String

    /// Waits for the end. A run of more than a minute is ended, so that a program that hangs fails a test and not all.
    func end(measuresMemory: Bool = false) -> Run {
        var status: Int32 = 0
        var waits = 0
        var peak = 0
        while waitpid(process, &status, WNOHANG) == 0 {
            if measuresMemory { peak = max(peak, peakBytes) }
            if waits == 60_000 { kill(process, SIGKILL) }
            waits += 1
            usleep(1000)
        }
        let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
        return Run(
            code: code, output: String(decoding: contents(output) ?? [], as: UTF8.self),
            errors: String(decoding: contents(errors) ?? [], as: UTF8.self), peakBytes: peak)
    }

    // The kernel's own high-water mark. Not ru_maxrss, which begins with that of the process that started this one.
    private var peakBytes: Int {
        let status = String(decoding: contents("/proc/\(process)/status") ?? [], as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }
}

/// The built program, which stands beside the bundle of these tests.
enum Program {
    static let path: String = {
        // `swift test` runs the bundle itself, or a helper that is given its path.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        let folder =
            bundle.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(".build/debug")
        return folder.appendingPathComponent("undertone").path
    }()
}

/// A new folder, removed with all that is in it; the program runs in it.
final class Workplace {
    let folder: URL
    /// Variables that the program has beside those of the tests.
    var environment: [String: String] = [:]
    private var runs = 0

    init() {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("undertone-cli-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        folderOfRuns = folder.appendingPathComponent(".runs")
        try? FileManager.default.createDirectory(at: folderOfRuns, withIntermediateDirectories: true)
    }

    private let folderOfRuns: URL

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) -> String {
        if !FileManager.default.createFile(atPath: path(name), contents: Data(bytes)) {
            Issue.record("\(name) can't be written")
        }
        return name
    }

    @discardableResult
    func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }

    func read(_ name: String) -> [UInt8]? { contents(path(name)) }

    func text(_ name: String) -> String { String(decoding: read(name) ?? [], as: UTF8.self) }

    func lines(_ name: String) -> [Substring] { text(name).split(separator: "\n") }

    /// Rejected data, line by line and without the records themselves, which Foundation may not be able to read.
    func rejected(_ name: String = "rejected.jsonl") throws -> [[String: Any]] {
        try lines(name).map { line in
            let head = line.range(of: #","record":"#).map { line[..<$0.lowerBound] + "}" } ?? line
            return try #require(try JSONSerialization.jsonObject(with: Data(head.utf8)) as? [String: Any])
        }
    }

    func json(_ name: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(read(name) ?? [])) as? [String: Any])
    }

    func makeFolder(_ name: String) {
        try? FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }

    /// Names in the folder, hidden ones too.
    var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { $0 != ".runs" }.sorted()
    }

    /// Whether an output was left half-written.
    var hasLeftovers: Bool { names.contains { $0.contains(".partial") } }

    /// Starts the program.
    func start(_ arguments: [String], input: String = "/dev/null", output: String? = nil) -> RunningProgram {
        launch(Program.path, arguments, input: input, output: output)
    }

    /// Runs the program to its end.
    func run(_ arguments: String..., input: String = "/dev/null", output: String? = nil) -> Run {
        start(arguments, input: input, output: output).end()
    }

    /// Runs the program to its end.
    func run(_ arguments: [String], input: String = "/dev/null") -> Run { start(arguments, input: input).end() }

    /// Runs lines of shell in which `$0` is the program.
    func shell(_ script: String) -> Run { launch("/bin/sh", ["-c", script, Program.path], input: "/dev/null").end() }

    private func launch(
        _ program: String, _ arguments: [String], input: String, output: String? = nil
    ) -> RunningProgram {
        runs += 1
        let outputPath = output ?? folderOfRuns.appendingPathComponent("\(runs).out").path
        let errorPath = folderOfRuns.appendingPathComponent("\(runs).err").path
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errorPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        // The shell changes the folder and becomes the program.
        let process = spawn(
            ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder.path, program] + arguments, &actions,
            environment: environment)
        return RunningProgram(process: process, output: outputPath, errors: errorPath)
    }
}

/// Starts a program at the head of a group of its own, with signals as usual: the test program ignores or blocks some that
/// others should see.
func spawn(
    _ words: [String], _ actions: inout posix_spawn_file_actions_t, environment: [String: String] = [:]
) -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
        &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    let copies = words.map { strdup($0) }
    let settings = variables.map { strdup($0) }
    defer { for copy in copies + settings { free(copy) } }
    var process = pid_t()
    let problem = posix_spawn(&process, words[0], &actions, &attributes, copies + [nil], settings + [nil])
    if problem != 0 { Issue.record("\(words[0]) can't be started: \(String(cString: strerror(problem)))") }
    return process
}

/// All bytes of a file, or `nil` if there is none.
func contents(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: path).map { Array($0) } }

/// Bytes that a failed test doesn't print by the thousand.
struct Bytes: Equatable, CustomTestStringConvertible {
    let bytes: [UInt8]?

    init(_ bytes: [UInt8]?) { self.bytes = bytes }

    var testDescription: String {
        guard let bytes else { return "no file" }
        return "\(bytes.count) bytes (\(String(decoding: bytes.prefix(200), as: UTF8.self).debugDescription)…)"
    }
}

extension [String: Any] {
    /// A member that is a whole number.
    func number(_ key: String) -> Int? { self[key] as? Int }

    func string(_ key: String) -> String? { self[key] as? String }

    /// A member that is a list of objects.
    func objects(_ key: String) -> [[String: Any]] { self[key] as? [[String: Any]] ?? [] }

    /// Hits of a rule in a JSON report.
    func hits(_ rule: String) -> Int? { objects("rules").first { $0.string("id") == rule }?.number("hits") }

    /// The reasons of a line of rejected data, as `rule reason`.
    var reasons: [String] { objects("findings").map { "\($0.string("rule") ?? "") \($0.string("reason") ?? "")" } }

    /// The answer of a clause of the gate in a JSON report.
    func clause(_ name: String) -> Bool? { objects("gate").first { $0.string("clause") == name }?["passed"] as? Bool }
}
