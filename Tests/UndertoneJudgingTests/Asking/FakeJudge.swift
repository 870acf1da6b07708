// A server that is none, a reading of answers in one word, and a clock that jumps: what the tests of asking share.

import Foundation
import Synchronization
import Testing
import UndertoneCore

@testable import UndertoneJudging

/// Answers from a closure, and remembers who asked what and when.
final class FakeTransport: JudgeTransport {
    struct Call {
        var text: String
        var at: Double
    }

    struct State {
        var calls: [Call] = []
        var inFlight = 0
        var peak = 0
    }

    typealias Script = @Sendable (JudgeRequest, Int) -> Result<JudgeReply, TransportError>

    let address: String
    private let state = Mutex(State())
    private let clock: JudgeClock
    private let microseconds: UInt32
    private let script: Script

    init(
        at address: String = "http://127.0.0.1:1/v1", clock: JudgeClock = .system, microseconds: UInt32 = 0,
        _ script: @escaping Script = { request, _ in .success(.good(request)) }
    ) {
        self.address = address
        self.clock = clock
        self.microseconds = microseconds
        self.script = script
    }

    var calls: [Call] { state.withLock { $0.calls } }
    var peak: Int { state.withLock { $0.peak } }

    func send(_ request: JudgeRequest, timeout: Double) throws(TransportError) -> JudgeReply {
        let number = state.withLock { state in
            state.calls.append(Call(text: request.messages[0].content, at: clock.now()))
            state.inFlight += 1
            state.peak = max(state.peak, state.inFlight)
            return state.calls.count - 1
        }
        if microseconds > 0 { usleep(microseconds) }
        defer { state.withLock { $0.inFlight -= 1 } }
        return try script(request, number).get()
    }
}

extension JudgeReply {
    /// The score that the question wants: `question 7` is worth 7.
    static func good(_ request: JudgeRequest) -> JudgeReply {
        let number = request.messages[0].content.split(separator: " ").last.flatMap { Int($0) } ?? 0
        return JudgeReply(content: "\(number % 101)")
    }
}

/// A number is a score, ESCAPE an escape, NO a refusal; what ended with `length` is cut off; all else is nothing.
struct WordReading: AnswerReading {
    func request(for question: JudgeQuestion, _ settings: JudgeSettings) -> JudgeRequest {
        var request = JudgeRequest(model: settings.model, messages: question.messages)
        request.temperature = settings.temperature
        request.seed = settings.seed
        request.maxTokens = settings.maxTokens
        return request
    }

    func repair(_ request: JudgeRequest, after reply: JudgeReply, to question: JudgeQuestion) -> JudgeRequest {
        var request = request
        request.messages += [.init(.assistant, reply.content), .init(.user, "a number")]
        return request
    }

    func read(
        _ reply: JudgeReply, to question: JudgeQuestion, _ settings: JudgeSettings
    ) -> (judgement: Judgement, reason: String?)? {
        if reply.finishReason == "length" { return (.unjudged(.cutOff), nil) }
        switch reply.content {
        case "ESCAPE": return (.escape("ESCAPE"), "so it is")
        case "NO": return (.unjudged(.refused), nil)
        default: return Double(reply.content).map { (.score($0), "because") }
        }
    }
}

/// A clock that goes where it is waited for.
final class TestClock: Sendable {
    private let moment = Mutex(1000.0)

    var now: Double { moment.withLock { $0 } }
    func advance(_ seconds: Double) { moment.withLock { $0 += seconds } }

    var clock: JudgeClock {
        JudgeClock(
            now: { self.now }, date: { Int(self.now) },
            skip: { to in self.moment.withLock { $0 = max($0, to) } })
    }
}

func question(_ text: String) -> JudgeQuestion { JudgeQuestion([.init(.user, text)], answer: .number) }

func questions(_ count: Int) -> [JudgeQuestion] { (0..<count).map { question("question \($0)") } }

func settings(_ change: (inout JudgeSettings) -> Void = { _ in }) -> JudgeSettings {
    var settings = JudgeSettings(name: "test", door: .endpoint("http://127.0.0.1:1/v1"), model: "model-2026")
    settings.maxTokens = 10
    change(&settings)
    return settings
}

func judge(
    _ settings: JudgeSettings, _ transport: FakeTransport, _ cache: JudgeCache, clock: JudgeClock = .system
) -> Judge {
    Judge(settings, transport, reading: WordReading(), cache: cache, clock: clock, seed: 1)
}

/// A folder of its own, gone afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "/undertone-asking-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

func withCache(_ body: (JudgeCache) throws -> Void) throws {
    try withFolder { try body(JudgeCache($0 + "/sub/judge.sqlite")) }
}

/// The error that `body` throws.
func judgeError(_ body: () throws -> Void) -> JudgeError? {
    do {
        try body()
        return nil
    } catch {
        return error as? JudgeError
    }
}
