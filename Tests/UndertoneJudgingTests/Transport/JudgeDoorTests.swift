// The way to a judge, from its description.

import Foundation
import Testing
import UndertoneJudging

@Suite struct JudgeDoorTests {
    @Test func `an endpoint is asked over HTTP, a command is run`() throws {
        let server = JudgeSettings(name: "a", door: .endpoint("http://127.0.0.1:1/v1/"), model: "m")
        #expect(try server.transport().address == "http://127.0.0.1:1/v1")
        let program = JudgeSettings(name: "a", door: .command(["/bin/judge"]), model: "m")
        #expect(try program.transport().address.hasPrefix("command:judge#"))
    }

    @Test(
        "a key that is named must be there",
        arguments: [JudgeSettings.Door.endpoint("http://127.0.0.1:1/v1"), .command(["/bin/judge"])])
    func missingKey(door: JudgeSettings.Door) throws {
        var judge = JudgeSettings(name: "a", door: door, model: "m")
        judge.keyVariable = "UNDERTONE_NO_SUCH_KEY"
        let error = try #require(throws: TransportError.self) { try judge.transport() }
        #expect(error.kind == .lasting)
        #expect(error.description.contains("UNDERTONE_NO_SUCH_KEY"))
        judge.keyVariable = nil
        _ = try judge.transport()
    }

    @Test func `a key is held to the same rules, and not shown`() throws {
        var judge = JudgeSettings(name: "a", door: .endpoint("http://api.example.com/v1"), model: "m")
        judge.keyVariable = "PATH"
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])
        let error = try #require(throws: TransportError.self) { try judge.transport() }
        #expect(error.message.contains("in clear"))
        #expect(!error.description.contains(path))
    }

    @Test(.enabled(if: Machine.hasPython, "there is no python3 for the program"))
    func `a program finds its key in its environment`() throws {
        // A shell that stands in for Python has variables of its own.
        let names = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }.keys.sorted()
        let taken = ["PATH", "HOME", "LANG", "PY", "BASH", "_"]
        let name = try #require(names.first { name in !taken.contains { name.hasPrefix($0) } })
        let command = ["python3", Machine.judges + "/faulty_command.py", "env"]
        var judge = JudgeSettings(name: "a", door: .command(command), model: "m")
        judge.keyVariable = name
        let request = JudgeRequest(model: "m", messages: [.init(.user, "?")])
        let seen = try judge.transport().send(request, timeout: 60).content
        #expect(seen.split(separator: " ").contains { $0 == name })
    }
}
