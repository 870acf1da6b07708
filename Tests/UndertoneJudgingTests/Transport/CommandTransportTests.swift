// Questions to programs that answer, fail or lie.

import Foundation
import Testing

@testable import UndertoneJudging

private let prompt = "what stands in the record"

private func request(_ text: String = prompt) -> JudgeRequest {
    JudgeRequest(model: "judge", messages: [.init(.system, "You judge."), .init(.user, text)])
}

private func echo(_ arguments: String...) throws -> CommandTransport {
    try CommandTransport(["python3", Machine.judges + "/echo_judge.py"] + arguments)
}

private func faulty(
    _ arguments: String..., environment: [String] = [], startSeconds: Double = 60
) throws -> CommandTransport {
    try CommandTransport(
        ["python3", Machine.judges + "/faulty_command.py"] + arguments, environment: environment,
        startSeconds: startSeconds)
}

private func error(_ transport: CommandTransport, _ text: String = prompt, timeout: Double = 20) throws
    -> TransportError
{
    let error = try #require(throws: TransportError.self) { try transport.send(request(text), timeout: timeout) }
    #expect(!error.description.contains(prompt))
    return error
}

@Suite(.enabled(if: Machine.hasPython, "there is no python3 for the programs")) struct CommandTransportTests {
    @Test func `an answer comes with all that the program says of it`() throws {
        let transport = try echo()
        #expect(transport.program == nil)
        let reply = try transport.send(request("an owl"), timeout: 20)
        #expect(reply.content == "an owl")
        #expect(reply.finishReason == "stop")
        #expect(reply.model == "echo-1")
        #expect(reply.fingerprint == "echo 1")
        #expect(reply.promptTokens == 2)
        #expect(reply.completionTokens == 2)
        #expect(transport.program == "echo 1")
    }

    @Test func `a schema and log-probabilities are asked for`() throws {
        let transport = try echo()
        var scored = request("an owl")
        // Line ends of the schema must not end the line.
        scored.schema = "{\n\"type\": \"object\"\n}"
        #expect(try transport.send(scored, timeout: 20).content == #"{"reason": "owl: yes", "score": 90}"#)
        var lettered = request("a cat")
        lettered.topLogProbabilities = 5
        let reply = try transport.send(lettered, timeout: 20)
        #expect(reply.alternatives == [.init("B", log(0.9)), .init("A", log(0.1))])
    }

    @Test func `64 threads each get the answer to their own question, in whatever order answers come`() throws {
        let questions = (0..<64).map { "question \($0)\nand \u{2028} a second line" }
        let transport = try faulty("reversed=64")
        let answers = gather(64) { index in
            Result { try transport.send(request(questions[index]), timeout: 60).content }
        }
        #expect(answers.map { try? $0.get() } == questions, "\(answers)")
    }

    @Test func `a megabyte of question goes through a pipe that holds less`() throws {
        let text = String(repeating: "owl ", count: 250_000)
        #expect(try faulty("reversed=1").send(request(text), timeout: 60).content == text)
    }

    @Test func `a program that ends is started again, three times at most`() throws {
        let transport = try faulty("crash=1")
        var outcomes: [String] = []
        for _ in 0..<10 {
            switch Result(catching: { () throws(TransportError) in try transport.send(request(), timeout: 20) }) {
            case .success: outcomes.append("answer")
            case .failure(let error): outcomes.append(error.kind == .passing(after: nil) ? "passing" : "\(error.kind)")
            }
        }
        let runs = Array(repeating: ["answer", "passing"], count: 4).flatMap(\.self)
        #expect(outcomes == runs + ["lasting", "lasting"])
    }

    @Test("a program that says nothing is a time-out", arguments: ["silent", "deaf", "mute"])
    func silence(script: String) throws {
        let transport = try faulty(script)
        #expect(try error(transport, timeout: 1).kind == .timeout)
        // More than the pipe holds.
        #expect(try error(transport, String(repeating: "x", count: 1 << 20), timeout: 0.5).kind != .lasting)
    }

    @Test func `a program that does not greet in time is started again and then given up`() throws {
        let transport = try faulty("mute", startSeconds: 0.1)
        for _ in 0...CommandTransport.restarts { #expect(try error(transport).kind == .passing(after: nil)) }
        let error = try error(transport)
        #expect(error.kind == .lasting)
        #expect(error.message.contains("greet"))
    }

    @Test func `another protocol is not spoken`() throws {
        #expect(try error(faulty("protocol")).kind == .lasting)
    }

    @Test func `lines that are no answers are passed over`() throws {
        let transport = try faulty("garbage")
        for _ in 0..<20 { #expect(try transport.send(request(), timeout: 20).content == prompt) }
    }

    @Test("a program that floods is ended", arguments: ["noise", "giant"])
    func flood(script: String) throws {
        #expect(try error(faulty(script)).kind == .passing(after: nil))
    }

    @Test func `an error of the program passes where it says so, and its text is not shown`() throws {
        #expect(try error(faulty("retry", "--secret", "PATH", environment: [])).kind == .passing(after: nil))
        #expect(try error(faulty("error")).kind == .lasting)
        #expect(try error(faulty("hollow")).kind == .passing(after: nil))
    }

    @Test func `a second answer to one question is passed over`() throws {
        let transport = try faulty("twice")
        for number in 0..<20 { #expect(try transport.send(request("\(number)"), timeout: 20).content == "\(number)") }
    }

    @Test func `the program sees the variables that it is given, and no other`() throws {
        let allowed: Set = ["PATH", "HOME", "LANG"]
        // Python sets LC_CTYPE for itself where there is no better one.
        func seen(_ names: [String]) throws -> Set<String> {
            let text = try faulty("env", environment: names).send(request(), timeout: 20).content
            return Set(text.split(separator: " ").map(String.init)).subtracting(["LC_CTYPE"])
        }
        // A shell that stands in for Python may add variables of its own.
        let plain = try seen([])
        let mine = Set(ProcessInfo.processInfo.environment.keys).subtracting(allowed).subtracting(plain)
        let other = try #require(mine.sorted().first { !$0.hasPrefix("PY") && !$0.hasPrefix("_") })
        #expect(plain.contains("PATH"))
        #expect(!plain.contains(other))
        #expect(try seen([other, "UNDERTONE_IS_NOT_SET"]) == plain.union([other]))
    }

    @Test func `what it complains about is kept short, without keys`() throws {
        let home = try #require(ProcessInfo.processInfo.environment["HOME"])
        let transport = try faulty("complain", "--secret", "HOME", environment: ["HOME"])
        _ = try transport.send(request(), timeout: 20)
        for _ in 0..<200 where !transport.log.contains("line 9999") { usleep(50_000) }
        #expect(transport.log.contains("line 9999 •••"))
        #expect(!transport.log.contains(home))
        #expect(transport.log.utf8.count <= CommandLog.limit)
    }

    @Test func `what it leaves behind ends with it`() throws {
        let transport = try faulty("child")
        #expect(try error(transport).kind == .passing(after: nil))
        transport.close()
        #expect(try error(transport).kind == .lasting)
    }

    @Test func `closing ends the questions under way`() throws {
        let transport = try faulty("silent")
        let answers = gather(2) { index in
            if index == 0 { return try? error(transport, timeout: 60).kind }
            while transport.program == nil { usleep(10_000) }
            transport.close()
            return nil
        }
        #expect(answers[0] != nil)
        #expect(answers[0] != .timeout)
        transport.close()
    }

    @Test func `a program that is not there is lasting`() throws {
        let transport = try CommandTransport(["/no/such/program", "secret-argument"])
        let error = try error(transport)
        #expect(error.kind == .lasting)
        #expect(error.mend != nil)
        #expect(!error.description.contains("secret"))
        #expect(throws: TransportError.self) { try CommandTransport([]) }
        #expect(throws: TransportError.self) { try CommandTransport([""]) }
    }

    @Test func `the address tells commands apart and shows no argument`() throws {
        let first = try CommandTransport(["/usr/bin/judge", "--key", "secret"]).address
        #expect(first.hasPrefix("command:judge#"))
        #expect(!first.contains("secret"))
        #expect(try CommandTransport(["/usr/bin/judge", "--key", "secret"]).address == first)
        #expect(try CommandTransport(["/usr/bin/judge", "--key", "other"]).address != first)
        #expect(try CommandTransport(["/usr/bin/judge", "--keysecret"]).address != first)
    }
}

@Suite struct CommandLogTests {
    @Test func `a secret is never shown, wherever the log is cut`() {
        let secret = "sk-0123456789"
        for offset in 0..<40 {
            var log = CommandLog(hiding: [secret, "", "ab"])
            log.append(String(repeating: "x", count: offset).utf8)
            for _ in 0..<1000 { log.append("\(secret)|".utf8) }
            #expect(!log.text.contains("0123456789"))
            #expect(!log.text.contains("456789"))
            #expect(log.text.hasSuffix("•••|"))
            log.append(secret.utf8.prefix(9))
            #expect(log.text.hasSuffix("•••|•••"))
            #expect(log.text.utf8.count <= CommandLog.limit)
        }
    }
}
