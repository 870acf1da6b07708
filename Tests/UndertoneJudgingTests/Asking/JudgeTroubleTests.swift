// Asking when things go wrong: failures, patience, ends.

import Glibc
import Synchronization
import Testing
import UndertoneCore
import UndertoneStatistics

@testable import UndertoneJudging

@Suite struct JudgeTroubleTests {
    @Test func `a judge that always times out is given up, with how to go on`() throws {
        try withCache { cache in
            let time = TestClock()
            let transport = FakeTransport(clock: time.clock) { _, _ in
                time.advance(60)
                return .failure(TransportError(.timeout, "no answer in 60 s"))
            }
            let error = judgeError {
                _ = try judge(settings(), transport, cache, clock: time.clock).ask(questions(1000))
            }
            #expect(error?.code == .stopped)
            #expect(error?.problem.contains("no answer in 60 s") == true)
            #expect(error?.mend?.contains("nothing is asked twice") == true)
            #expect((20...28).contains(transport.calls.count))
            let stats = try cache.stats()
            #expect(stats.attempts["timeout"] == transport.calls.count)
            #expect(stats.answers.isEmpty)
        }
    }

    @Test func `a server that is down does not use up the attempts of all questions`() throws {
        try withCache { cache in
            let time = TestClock()
            let transport = FakeTransport(clock: time.clock) { _, _ in
                .failure(TransportError(.passing(after: nil), "connection refused"))
            }
            let judge = judge(settings { $0.attempts = 20 }, transport, cache, clock: time.clock)
            #expect(judgeError { _ = try judge.ask(questions(1000)) }?.code == .stopped)
            #expect(Set(transport.calls.map(\.text)).count <= 8)
        }
    }

    @Test func `broken, then good: all are answered`() throws {
        try withCache { cache in
            let time = TestClock()
            let transport = FakeTransport(clock: time.clock) { request, number in
                number < 19 ? .failure(TransportError(.passing(after: nil), "half a reply")) : .success(.good(request))
            }
            let settings = settings { $0.attempts = 20 }
            let outcome = try judge(settings, transport, cache, clock: time.clock).ask(questions(100))
            #expect(outcome.answers.map(\.judgement) == (0..<100).map { .score(Double($0)) })
            #expect(outcome.counts.requests == 119 && outcome.counts.retries == 19)
            #expect(outcome.counts.errors == ["half a reply": 19])
        }
    }

    @Test func `good, then broken: what was answered is kept`() throws {
        try withCache { cache in
            let time = TestClock()
            let transport = FakeTransport(clock: time.clock) { request, number in
                time.advance(1)
                return number < 50 ? .success(.good(request)) : .failure(TransportError(.timeout, "silence"))
            }
            let broken = judge(settings { $0.inFlight = 4 }, transport, cache, clock: time.clock)
            #expect(judgeError { _ = try broken.ask(questions(200)) }?.code == .stopped)
            let good = FakeTransport()
            let outcome = try judge(settings(), good, cache).ask(questions(200))
            #expect(good.calls.count == 150 && outcome.counts.cached == 50)
            #expect(outcome.answers.allSatisfy { $0.judgement.score != nil })
        }
    }

    @Test func `a server that starts anew within seconds ends nothing`() throws {
        try withCache { cache in
            let time = TestClock()
            let down = Mutex<Double?>(nil)
            let transport = FakeTransport(clock: time.clock) { request, number in
                time.advance(0.01)
                if number == 100 { down.withLock { $0 = time.now + 3 } }
                let isDown = down.withLock { until in until.map { time.now < $0 } ?? false }
                return isDown
                    ? .failure(TransportError(.passing(after: nil), "connection refused")) : .success(.good(request))
            }
            let settings = settings {
                $0.inFlight = 32
                $0.attempts = 20
            }
            let outcome = try judge(settings, transport, cache, clock: time.clock).ask(questions(500))
            #expect(outcome.counts.unjudged.isEmpty)
            #expect(outcome.counts.retries >= 20)
        }
    }

    @Test func `a question that fails for ever ends after all attempts, the others are answered`() throws {
        try withCache { cache in
            let time = TestClock()
            let transport = FakeTransport(clock: time.clock) { request, _ in
                request.messages[0].content == "question 7"
                    ? .failure(TransportError(.passing(after: nil), "the server answered 500"))
                    : .success(.good(request))
            }
            let judge = judge(settings { $0.attempts = 4 }, transport, cache, clock: time.clock)
            let outcome = try judge.ask(questions(50))
            #expect(outcome.answers[7].judgement == .unjudged(.failed))
            #expect(outcome.counts.unjudged == [.failed: 1])
            #expect(transport.calls.count { $0.text == "question 7" } == 4)
            // Not kept, so asked again next time.
            _ = try judge.ask(questions(50))
            #expect(transport.calls.count { $0.text == "question 7" } == 8)
        }
    }

    @Test func `ten minutes are enough for a question`() throws {
        try withCache { cache in
            let time = TestClock()
            let transport = FakeTransport(clock: time.clock) { request, _ in
                guard request.messages[0].content == "question 0" else { return .success(.good(request)) }
                time.advance(250)
                return .failure(TransportError(.timeout, "silence"))
            }
            let settings = settings {
                $0.attempts = 100
                $0.inFlight = 1
            }
            let outcome = try judge(settings, transport, cache, clock: time.clock).ask(questions(2))
            #expect(outcome.answers.map(\.judgement) == [.unjudged(.failed), .score(1)])
            #expect(transport.calls.count { $0.text == "question 0" } == 3)
        }
    }

    @Test(arguments: [(7.0, 7.0), (1e9, 120), (0.25, 0.25)])
    func `nobody sends before the server's patience is back`(_ said: Double, _ kept: Double) throws {
        try withCache { cache in
            let time = TestClock()
            let transport = FakeTransport(clock: time.clock) { request, number in
                number == 3 ? .failure(TransportError(.tooMany(after: said), "429")) : .success(.good(request))
            }
            let judge = judge(settings { $0.inFlight = 1 }, transport, cache, clock: time.clock)
            let outcome = try judge.ask(questions(10))
            let calls = transport.calls
            #expect(calls.count == 11)
            #expect(abs(calls[4].at - calls[3].at - kept) < 1e-9)
            #expect(calls[4].text == calls[3].text)
            #expect(outcome.counts.unjudged.isEmpty)
        }
    }

    @Test func `a server's word about waiting holds for those that are well`() throws {
        try withCache { cache in
            let isKnown = Mutex(false)
            let transport = FakeTransport { request, number in
                if number == 1 { return .failure(TransportError(.tooMany(after: 0.2), "429")) }
                // The first ones are well, but only after the refusal was heard.
                while number < 4, !isKnown.withLock({ $0 }) { usleep(500) }
                return .success(.good(request))
            }
            let judge = judge(settings { $0.inFlight = 4 }, transport, cache)
            let outcome = try judge.ask(questions(20)) { state in
                if state.failuresInARow > 0 { isKnown.withLock { $0 = true } }
            }
            let calls = transport.calls
            #expect(outcome.counts.unjudged.isEmpty && calls.count == 21)
            #expect(calls.dropFirst(4).allSatisfy { $0.at >= calls[1].at + 0.2 })
        }
    }

    @Test func `a storm of 429s is weathered by 64 threads`() throws {
        try withCache { cache in
            let time = TestClock()
            // A bucket of forty requests in five seconds of the clock.
            let bucket = Mutex((window: 0, used: 0))
            let transport = FakeTransport(clock: time.clock) { request, _ in
                time.advance(0.01)
                let isOver = bucket.withLock { bucket in
                    let window = Int(time.now / 5)
                    if window != bucket.window { bucket = (window, 0) }
                    bucket.used += 1
                    return bucket.used > 40
                }
                return isOver ? .failure(TransportError(.tooMany(after: 1), "429")) : .success(.good(request))
            }
            let outcome = try judge(settings { $0.attempts = 50 }, transport, cache, clock: time.clock).ask(
                questions(400))
            #expect(outcome.answers.map(\.judgement) == (0..<400).map { .score(Double($0 % 101)) })
            #expect(outcome.counts.errors["429", default: 0] == outcome.counts.retries)
        }
    }

    @Test func `in real time too, failures are waited for and mended`() throws {
        try withCache { cache in
            let transport = FakeTransport { request, number in
                number % 3 == 0
                    ? .failure(TransportError(.passing(after: 0.005), "503")) : .success(.good(request))
            }
            let outcome = try judge(settings(), transport, cache).ask(questions(60))
            #expect(outcome.counts.unjudged.isEmpty)
            #expect(outcome.counts.retries >= 20)
        }
    }

    @Test func `whoever waits for a server's patience can be interrupted`() throws {
        try withCache { cache in
            let transport = FakeTransport { _, _ in .failure(TransportError(.tooMany(after: 100), "429")) }
            let judge = judge(settings { $0.inFlight = 2 }, transport, cache)
            let error = judgeError {
                _ = try judge.ask(questions(10)) { state in
                    if state.requests > 0, state.inFlight == 0 { judge.cancel() }
                }
            }
            #expect(error?.code == .cancelled)
            #expect(transport.calls.count <= 2)
        }
    }

    @Test func `interrupted in the middle, a second run asks only for the rest`() throws {
        try withFolder { folder in
            let transport = FakeTransport(microseconds: 500)
            let first = judge(settings { $0.inFlight = 8 }, transport, try JudgeCache(folder + "/c.sqlite"))
            let error = judgeError {
                _ = try first.ask(questions(300)) { if $0.done >= 100 { first.cancel() } }
            }
            #expect(error?.code == .cancelled)
            let sent = transport.calls.count
            #expect((100...116).contains(sent))
            #expect(judgeError { _ = try first.ask(questions(301)) }?.code == .cancelled)
            #expect(transport.calls.count == sent)

            let second = try judge(settings(), transport, JudgeCache(folder + "/c.sqlite")).ask(questions(300))
            #expect(second.counts.cached == sent)
            #expect(transport.calls.count == 300)
            #expect(Set(transport.calls.map(\.text)).count == 300)
        }
    }

    @Test func `what a server writes into an error reaches no terminal as it is`() throws {
        try withCache { cache in
            let text = "\u{1B}[31m::error::\u{202E}" + String(repeating: "x", count: 100_000)
            let transport = FakeTransport { _, _ in .failure(TransportError(.lasting, text, mend: text)) }
            let error = judgeError { _ = try judge(settings(), transport, cache).ask(questions(1)) }
            let shown = "\(try #require(error))"
            #expect(!shown.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
            #expect(shown.utf8.count < 2000)
        }
    }

    @Test(arguments: 0..<12)
    func `whatever happens, nothing that was answered is asked again`(_ seed: UInt64) throws {
        try withCache { cache in
            let random = Mutex(SplitMix64(seed: seed))
            let time = TestClock()
            let transport = FakeTransport(clock: time.clock) { request, _ in
                time.advance(0.05)
                switch random.withLock({ UInt8.random(in: 0..<100, using: &$0) }) {
                case ..<50: return .success(.good(request))
                case ..<60: return .success(JudgeReply(content: "hm"))
                case ..<65:
                    var reply = JudgeReply(content: "hm")
                    reply.finishReason = "length"
                    return .success(reply)
                case ..<75: return .failure(TransportError(.timeout, "silence"))
                case ..<85: return .failure(TransportError(.passing(after: nil), "500"))
                case ..<90: return .failure(TransportError(.passing(after: 3), "503"))
                case ..<98: return .failure(TransportError(.tooMany(after: 1), "429"))
                default: return .failure(TransportError(.lasting, "400"))
                }
            }
            let settings = settings {
                $0.inFlight = 16
                $0.attempts = 5
            }
            var answered: Set<String> = []
            var sent: [String: Int] = [:]
            for _ in 0..<4 {
                let before = transport.calls.count
                let outcome = try judge(settings, transport, cache, clock: time.clock).ask(questions(100))
                let calls = transport.calls[before...].map(\.text)
                #expect(answered.isDisjoint(with: calls))
                #expect(calls.count == outcome.counts.requests)
                sent = Dictionary(calls.map { ($0, 1) }, uniquingKeysWith: +)
                #expect(sent.values.allSatisfy { $0 <= 5 })
                #expect(outcome.counts.asked == sent.count)
                #expect(outcome.counts.cached == answered.count)
                for (number, answer) in outcome.answers.enumerated() where answer.judgement.score != nil {
                    #expect(answer.judgement == .score(Double(number)))
                    answered.insert("question \(number)")
                }
                #expect(outcome.counts.unjudged.values.reduce(0, +) == 100 - answered.count)
            }
            #expect(answered.count > 90)
        }
    }

    @Test func `two with one cache at once don't trouble each other`() throws {
        try withFolder { folder in
            let failures = Mutex<[String]>([])
            let caches = try (0..<4).map { _ in try JudgeCache(folder + "/c.sqlite") }
            runThreads(4) { thread in
                do {
                    let judge = judge(settings { $0.inFlight = 8 }, FakeTransport(microseconds: 100), caches[thread])
                    let outcome = try judge.ask(questions(200))
                    if outcome.answers.map(\.judgement) != (0..<200).map({ .score(Double($0 % 101)) }) {
                        failures.withLock { $0.append("wrong answers") }
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
            #expect(try caches[0].stats().answers == ["model-2026": 200])
        }
    }
}
