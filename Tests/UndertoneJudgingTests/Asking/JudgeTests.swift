// Asking: order, equal questions, the cache, answers that are none.

import Synchronization
import Testing
import UndertoneCore

@testable import UndertoneJudging

@Suite struct JudgeTests {
    @Test func `64 threads, answers in the order of the questions`() throws {
        try withCache { cache in
            let transport = FakeTransport(microseconds: 3000)
            let outcome = try judge(settings(), transport, cache).ask(questions(600))
            #expect(outcome.answers.map(\.judgement) == (0..<600).map { .score(Double($0 % 101)) })
            #expect(outcome.answers.allSatisfy { !$0.isCached && $0.reason == "because" })
            #expect(outcome.counts.requests == 600)
            #expect(outcome.counts.asked == 600)
            #expect(outcome.counts.retries == 0)
            #expect((transport.peak...64).contains(outcome.counts.peakInFlight))
            #expect(transport.peak > 8 && transport.peak <= 64)
        }
    }

    @Test func `no more are under way than the settings allow`() throws {
        try withCache { cache in
            let transport = FakeTransport(microseconds: 500)
            _ = try judge(settings { $0.inFlight = 3 }, transport, cache).ask(questions(60))
            #expect(transport.peak <= 3)
        }
    }

    @Test func `equal questions are asked once`() throws {
        try withCache { cache in
            let transport = FakeTransport()
            let outcome = try judge(settings(), transport, cache).ask(
                [question("a 1"), question("b 2"), question("a 1"), question("a 1")])
            #expect(transport.calls.count == 2)
            #expect(outcome.answers.map(\.judgement) == [.score(1), .score(2), .score(1), .score(1)])
            #expect(outcome.counts.questions == 4)
            #expect(outcome.counts.distinct == 2)
        }
    }

    @Test func `texts that only look equal are two questions`() throws {
        // Swift takes é and e with an accent for equal.
        try withCache { cache in
            let transport = FakeTransport()
            _ = try judge(settings(), transport, cache).ask([question("\u{E9} 1"), question("e\u{301} 1")])
            #expect(transport.calls.count == 2)
        }
    }

    @Test func `no question, no request`() throws {
        try withCache { cache in
            let transport = FakeTransport()
            let outcome = try judge(settings(), transport, cache).ask([])
            #expect(outcome.answers.isEmpty && transport.calls.isEmpty)
        }
    }

    @Test func `a second run sends nothing and gives the same`() throws {
        try withFolder { folder in
            let first = try judge(
                settings(),
                FakeTransport { request, number in
                    var reply = JudgeReply.good(request)
                    if request.messages[0].content == "question 3" { reply.content = "ESCAPE" }
                    if request.messages[0].content == "question 4" { reply.content = "NO" }
                    reply.model = "model-2026-x"
                    return .success(reply)
                }, JudgeCache(folder + "/c.sqlite")
            ).ask(questions(50))
            let transport = FakeTransport()
            let second = try judge(settings(), transport, JudgeCache(folder + "/c.sqlite")).ask(questions(50))
            #expect(transport.calls.isEmpty)
            #expect(second.counts.cached == 50)
            #expect(second.answers.allSatisfy { $0.isCached })
            #expect(second.answers[3].judgement == .escape("ESCAPE"))
            #expect(second.answers[4].judgement == .unjudged(.refused))
            #expect(second.counts.unjudged == [.refused: 1])
            #expect(
                second.answers.map { [$0.key, $0.reason, $0.model] }
                    == first.answers.map { [$0.key, $0.reason, $0.model] })
            #expect(second.answers.map(\.judgement) == first.answers.map(\.judgement))
        }
    }

    @Test func `another repetition is another question`() throws {
        try withCache { cache in
            let transport = FakeTransport()
            let judge = judge(settings(), transport, cache)
            _ = try judge.ask(questions(5))
            _ = try judge.ask(questions(5), repetition: 1)
            #expect(transport.calls.count == 10)
            _ = try judge.ask(questions(5), repetition: 1)
            #expect(transport.calls.count == 10)
        }
    }

    @Test func `refreshing asks anew and keeps the new answers`() throws {
        try withCache { cache in
            let transport = FakeTransport { _, number in .success(JudgeReply(content: number == 0 ? "10" : "20")) }
            let judge = judge(settings(), transport, cache)
            let first = try judge.ask([question("a")])
            #expect(first.answers[0].judgement == .score(10))
            let second = try judge.ask([question("a")], refresh: true)
            #expect(second.answers[0].judgement == .score(20))
            let third = try judge.ask([question("a")])
            #expect(third.answers[0].judgement == .score(20) && third.answers[0].isCached)
            #expect(try cache.answer(third.answers[0].key)?.judgement == .score(20))
        }
    }

    @Test func `an answer that makes no sense is asked for once more, in other words`() throws {
        try withCache { cache in
            let transport = FakeTransport { request, _ in
                .success(JudgeReply(content: request.messages.count == 3 ? "55" : "well, you see"))
            }
            let outcome = try judge(settings(), transport, cache).ask([question("a")])
            #expect(outcome.answers[0].judgement == .score(55))
            #expect(outcome.counts.requests == 2 && outcome.counts.retries == 1)
            #expect(try cache.stats().attempts == ["unparsed": 1])
        }
    }

    @Test(arguments: ["well, you see", "101", "-1", "nan", "inf", ""])
    func `what makes no sense twice is unjudged and asked again next time`(_ text: String) throws {
        try withCache { cache in
            let transport = FakeTransport { _, number in .success(JudgeReply(content: number < 2 ? text : "5")) }
            let judge = judge(settings(), transport, cache)
            let outcome = try judge.ask([question("a")])
            #expect(outcome.answers[0].judgement == .unjudged(.unparsed))
            #expect(outcome.counts.unjudged == [.unparsed: 1])
            #expect(transport.calls.count == 2)
            #expect(try judge.ask([question("a")]).answers[0].judgement == .score(5))
        }
    }

    @Test func `what is cut off is unjudged and asked again next time`() throws {
        try withCache { cache in
            let transport = FakeTransport { _, number in
                var reply = JudgeReply(content: "5")
                if number == 0 { reply.finishReason = "length" }
                return .success(reply)
            }
            let judge = judge(settings(), transport, cache)
            let first = try judge.ask([question("a")])
            #expect(first.answers[0].judgement == .unjudged(.cutOff))
            #expect(try cache.stats().attempts == ["cut-off": 1])
            #expect(try judge.ask([question("a")]).answers[0].judgement == .score(5))
        }
    }

    @Test func `one judge may be asked from many threads`() throws {
        try withCache { cache in
            let transport = FakeTransport(microseconds: 300)
            let judge = judge(settings { $0.inFlight = 16 }, transport, cache)
            let wrong = Mutex(0)
            runThreads(4) { thread in
                let asked = (0..<100).map { question("from \(thread) \($0)") }
                let outcome = try? judge.ask(asked)
                let isRight = outcome?.answers.map(\.judgement) == (0..<100).map { .score(Double($0)) }
                if !isRight { wrong.withLock { $0 += 1 } }
            }
            #expect(wrong.withLock { $0 } == 0)
            #expect(transport.calls.count == 400)
            #expect(transport.peak <= 16)
        }
    }

    @Test func `progress goes up to the end`() throws {
        try withCache { cache in
            let judge = judge(settings(), FakeTransport(), cache)
            _ = try judge.ask(questions(3))
            let seen = Mutex<[JudgeProgress]>([])
            _ = try judge.ask(questions(40)) { state in seen.withLock { $0.append(state) } }
            let states = seen.withLock { $0 }
            #expect(states.first?.done == 3 && states.first?.cached == 3)
            #expect(states.last?.done == 40 && states.last?.total == 40)
            #expect(zip(states, states.dropFirst()).allSatisfy { $0.done <= $1.done })
        }
    }

    @Test func `counts of several calls add up`() throws {
        try withCache { cache in
            let transport = FakeTransport { request, number in
                var reply = JudgeReply(content: number == 0 ? "hm" : "5")
                (reply.promptTokens, reply.completionTokens, reply.model) = (3, 2, "m\(number)")
                return number == 1 ? .failure(TransportError(.passing(after: 0), "503")) : .success(reply)
            }
            let settings = settings { $0.price = .init(input: 1_000_000, output: 0) }
            let judge = judge(settings, transport, cache)
            var counts = JudgeCounts()
            counts += try judge.ask(questions(1)).counts
            counts += try judge.ask(questions(3)).counts
            #expect(counts.questions == 4 && counts.distinct == 4 && counts.cached == 1 && counts.asked == 3)
            #expect(counts.requests == 5 && counts.retries == 2 && counts.peakInFlight >= 1)
            #expect(counts.models == ["m0", "m2", "m3", "m4"] && counts.errors == ["503": 1])
            // The lost one keeps its worst case, for nobody knows.
            #expect(counts.estimatedRequests == 1 && counts.completionTokens == 4 * 2 + 10)
            #expect(counts.money == Double(counts.promptTokens))
        }
    }

    @Test func `an estimate counts and sends nothing`() throws {
        try withCache { cache in
            let transport = FakeTransport()
            let judge = judge(settings { $0.price = .init(input: 1000, output: 100_000) }, transport, cache)
            _ = try judge.ask([question("a 1")])
            // 10 bytes are 4 tokens; an answer has 10.
            let estimate = try judge.estimate([question("a 1"), question("ten bytes!"), question("ten bytes!")])
            #expect(estimate.questions == 3 && estimate.distinct == 2 && estimate.cached == 1)
            #expect(estimate.requests == 1)
            #expect(estimate.promptTokens == 4 && estimate.completionTokens == 10 && estimate.tokens == 14)
            #expect(abs((estimate.money ?? 0) - 1.004) < 1e-9)
            #expect(try judge.estimate([question("a 1")], refresh: true).cached == 0)
            #expect(transport.calls.count == 1)
        }
    }
}

@Suite struct QuestionKeyTests {
    @Test func `a key changes with all that decides an answer`() {
        let plain = JudgeRequest(model: "m", messages: [.init(.user, "hello")])
        func key(
            _ change: (inout JudgeRequest) -> Void = { _ in }, at address: String = "http://a", repetition: Int = 0,
            answer: JudgeRule.Answer = .score, escapes: [String] = [], requires: Bool = false
        ) -> String {
            var request = plain
            change(&request)
            return questionKey(
                request, for: JudgeQuestion(request.messages, answer: answer, escapes: escapes), at: address,
                requiresLogProbabilities: requires, repetition: repetition)
        }
        let keys = [
            key(), key({ $0.model = "n" }), key({ $0.messages[0].content = "hellO" }),
            key({ $0.messages[0].role = .system }), key({ $0.messages.append(.init(.user, "hello")) }),
            key({ $0.temperature = 0.5 }), key({ $0.topP = 0.5 }), key({ $0.seed = 1 }), key({ $0.seed = 2 }),
            key({ $0.maxTokens = 301 }), key({ $0.schema = "{}" }), key({ $0.topLogProbabilities = 20 }),
            key(at: "http://b"), key(repetition: 1), key(answer: .number), key(escapes: ["CODE"]),
            key(escapes: ["CODE", "B"]), key(answer: .letter), key(answer: .letter, requires: true),
        ]
        #expect(Set(keys).count == keys.count)
        #expect(key() == key())
        #expect(key(requires: true) == key())
        #expect(keys.allSatisfy { $0.utf8.count == 64 })
    }

    @Test func `a key stays what it is`() {
        // Written down, since another one would have every answer asked for again. Computed with sha256sum.
        var request = JudgeRequest(model: "m", messages: [.init(.user, "h\u{E9}")])
        request.seed = 1
        #expect(
            questionKey(
                request, for: JudgeQuestion(request.messages, answer: .score, escapes: ["CODE"]), at: "http://a",
                requiresLogProbabilities: false, repetition: 0)
                == "313c44f27625eccf30f12293d2f0d3164679335c95a9aecb2e44735b11a042f9")
    }
}
