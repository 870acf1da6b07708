// What a server refuses for good: all of it, or single questions.

import Testing
import UndertoneCore

@testable import UndertoneJudging

@Suite struct RefusalTests {
    @Test(arguments: [1, 2, 1000])
    func `a wrong key ends it at once`(_ count: Int) throws {
        try withCache { cache in
            let transport = FakeTransport { _, _ in
                .failure(TransportError(.lasting, "the server answered 401", mend: "check the key in JUDGE_KEY"))
            }
            let error = judgeError { _ = try judge(settings(), transport, cache).ask(questions(count)) }
            #expect(error?.code == .rejected)
            #expect(error?.problem.contains("401") == true)
            #expect(error?.mend == "check the key in JUDGE_KEY")
            #expect(transport.calls.count <= 11)
        }
    }

    @Test func `what the server can't do ends it at once`() throws {
        try withCache { cache in
            let transport = FakeTransport { _, _ in .failure(TransportError(.unsupported, "no log-probabilities")) }
            let judge = judge(settings { $0.inFlight = 1 }, transport, cache)
            #expect(judgeError { _ = try judge.ask(questions(10)) }?.code == .rejected)
            #expect(transport.calls.count == 1)
        }
    }

    @Test func `one question that the server refuses is not asked twice and ends nothing`() throws {
        try withCache { cache in
            let transport = FakeTransport { request, _ in
                request.messages[0].content == "question 0"
                    ? .failure(TransportError(.lasting, "the server answered 400")) : .success(.good(request))
            }
            let outcome = try judge(settings { $0.inFlight = 1 }, transport, cache).ask(questions(20))
            #expect(outcome.answers[0].judgement == .unjudged(.failed))
            #expect(outcome.counts.requests == 20)
            #expect(outcome.answers.dropFirst().allSatisfy { $0.judgement.score != nil })
        }
    }

    @Test func `records that the server refuses for good end no second run`() throws {
        try withCache { cache in
            let transport = FakeTransport { request, number in
                request.messages[0].content.hasSuffix("5")
                    ? .failure(TransportError(.lasting, "the server answered 400")) : .success(.good(request))
            }
            let settings = settings { $0.inFlight = 1 }
            for asked in [300, 30, 30] {
                let before = transport.calls.count
                let outcome = try judge(settings, transport, cache).ask(questions(300))
                #expect(outcome.counts.unjudged == [.failed: 30])
                #expect(transport.calls.count - before == asked)
            }
        }
    }

    @Test func `a key that is still wrong ends the second run too`() throws {
        try withCache { cache in
            let transport = FakeTransport { _, _ in .failure(TransportError(.lasting, "the server answered 401")) }
            for count in [1, 1, 1000, 1000, 1000] {
                let before = transport.calls.count
                #expect(
                    judgeError { _ = try judge(settings(), transport, cache).ask(questions(count)) }?.code == .rejected)
                #expect(transport.calls.count - before < 60)
            }
        }
    }

    @Test func `a key that is taken away on the way ends it`() throws {
        try withCache { cache in
            let transport = FakeTransport { request, number in
                number < 50 ? .success(.good(request)) : .failure(TransportError(.lasting, "the server answered 401"))
            }
            #expect(judgeError { _ = try judge(settings(), transport, cache).ask(questions(2000)) }?.code == .rejected)
            #expect(transport.calls.count <= 50 + 20 + 64)
        }
    }
}
