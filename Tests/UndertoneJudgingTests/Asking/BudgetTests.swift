// Budgets: exactly enough, one short, and many threads that race for the last of it.

import Testing
import UndertoneCore

@testable import UndertoneJudging

@Suite struct BudgetTests {
    // "question N" of ten to twelve bytes is 4 tokens, the answer 10 at most.
    private static let worst = 14

    private func ask(
        _ count: Int, used: (prompt: Int, completion: Int)? = nil, _ change: (inout JudgeSettings) -> Void
    ) throws -> (JudgeOutcome, FakeTransport) {
        let transport = FakeTransport(microseconds: 100) { request, _ in
            var reply = JudgeReply.good(request)
            if let used { (reply.promptTokens, reply.completionTokens) = (used.prompt, used.completion) }
            return .success(reply)
        }
        var result: JudgeOutcome?
        try withCache { cache in
            result = try judge(settings(change), transport, cache).ask(
                (0..<count).map { question("question \($0 % 10) \($0 / 10)") })
        }
        return (try #require(result), transport)
    }

    @Test(arguments: [(20, 20, 0), (20, 19, 1), (20, 0, 20), (20, 21, 0), (20, -1, 20)])
    func `requests: exactly enough, one short, none`(_ count: Int, _ limit: Int, _ left: Int) throws {
        let (outcome, transport) = try ask(count) { $0.budget.requests = limit }
        #expect(transport.calls.count == count - left)
        #expect(outcome.counts.unjudged[.budget, default: 0] == left)
        #expect(outcome.budgetSpent == (left == 0 ? nil : "\(limit) requests"))
        #expect(outcome.answers.count { $0.judgement.score != nil } == count - left)
    }

    @Test(arguments: [(10 * worst, 10), (10 * worst - 1, 9), (worst - 1, 0), (0, 0)])
    func `tokens: exactly enough, one short, none, where the server counts nothing`(_ limit: Int, _ sent: Int) throws {
        let (outcome, transport) = try ask(10) { $0.budget.tokens = limit }
        #expect(transport.calls.count == sent)
        #expect(outcome.counts.promptTokens + outcome.counts.completionTokens == sent * BudgetTests.worst)
        #expect(outcome.counts.estimatedRequests == sent)
        #expect(outcome.budgetSpent == (sent == 10 ? nil : "\(limit) tokens"))
    }

    @Test func `what an answer did not use is there for others`() throws {
        // Each uses 3 of 14; the last one that fits begins while 14 are left.
        let (outcome, transport) = try ask(100, used: (2, 1)) { $0.budget.tokens = 100 }
        #expect(transport.calls.count == (100 - BudgetTests.worst) / 3 + 1)
        #expect(outcome.counts.promptTokens + outcome.counts.completionTokens <= 100)
        #expect(outcome.counts.estimatedRequests == 0)
    }

    @Test(arguments: [0.1 * 30, 0.1 * 30 - 1e-6])
    func `money: exactly enough and a hair short`(_ limit: Double) throws {
        // 10 tokens of answer at 10,000 a million are 0.1.
        let (outcome, transport) = try ask(40, used: (4, 10)) {
            $0.price = .init(input: 0, output: 10_000)
            $0.budget.money = limit
        }
        #expect(transport.calls.count == (limit == 0.1 * 30 ? 30 : 29))
        #expect((outcome.counts.money ?? 0) <= limit + 1e-9)
        #expect(outcome.budgetSpent?.contains("money") == true)
    }

    @Test func `a limit of money without prices is an error before anything is sent`() throws {
        try withCache { cache in
            let transport = FakeTransport()
            let judge = judge(settings { $0.budget.money = 1 }, transport, cache)
            #expect(judgeError { _ = try judge.ask(questions(1)) }?.code == .settings)
            #expect(judgeError { _ = try judge.estimate(questions(1)) }?.code == .settings)
            #expect(transport.calls.isEmpty)
        }
    }

    @Test func `no price, no sum of money`() throws {
        #expect(try ask(1, used: (1, 1)) { _ in }.0.counts.money == nil)
    }

    @Test func `64 threads never spend more than there is`() throws {
        for limit in [500, 1000, 1001] {
            let (outcome, transport) = try ask(300, used: (4, 10)) { $0.budget.tokens = limit }
            #expect(transport.calls.count == limit / BudgetTests.worst)
            #expect(outcome.counts.promptTokens + outcome.counts.completionTokens <= limit)
        }
    }

    @Test func `cached answers cost nothing, even where nothing is left`() throws {
        try withCache { cache in
            _ = try judge(settings(), FakeTransport(), cache).ask(questions(5))
            let transport = FakeTransport()
            let outcome = try judge(settings { $0.budget.requests = 0 }, transport, cache).ask(questions(8))
            #expect(transport.calls.isEmpty)
            #expect(outcome.answers.prefix(5).allSatisfy { $0.judgement.score != nil })
            #expect(outcome.answers.suffix(3).allSatisfy { $0.judgement == .unjudged(.budget) })
        }
    }

    @Test func `the budget is that of the judge, not of one call`() throws {
        try withCache { cache in
            let transport = FakeTransport()
            let judge = judge(settings { $0.budget.requests = 7 }, transport, cache)
            let outcomes = [try judge.ask(questions(5)), try judge.ask(questions(10))]
            #expect(outcomes[0].budgetSpent == nil)
            #expect(outcomes[1].counts.unjudged == [.budget: 3])
            #expect(transport.calls.count == 7)
        }
    }

    @Test func `repetitions count, and a repair that can't be paid leaves it unparsed`() throws {
        try withCache { cache in
            let transport = FakeTransport { _, _ in .success(JudgeReply(content: "hm")) }
            let outcome = try judge(settings { $0.budget.requests = 1 }, transport, cache).ask([question("a")])
            #expect(transport.calls.count == 1)
            #expect(outcome.answers[0].judgement == .unjudged(.unparsed))
        }
    }

    @Test func `what is refused at the door costs no tokens, what is lost on the way may`() throws {
        for (kind, isFree) in [(TransportError.Kind.tooMany(after: nil), true), (.timeout, false)] {
            try withCache { cache in
                let time = TestClock()
                let transport = FakeTransport { request, number in
                    number < 3 ? .failure(TransportError(kind, "no")) : .success(.good(request))
                }
                let judge = judge(settings { $0.budget.tokens = 30 }, transport, cache, clock: time.clock)
                let outcome = try judge.ask([question("a question")])
                #expect(outcome.answers[0].judgement == (isFree ? .score(0) : .unjudged(.budget)))
                #expect(transport.calls.count == (isFree ? 4 : 2))
            }
        }
    }

    @Test func `a server that counts absurdly breaks nothing`() throws {
        let (outcome, transport) = try ask(30, used: (.max, .max)) { _ in }
        #expect(transport.calls.count == 30)
        #expect(outcome.counts.promptTokens == 30_000_000_000)
        let (negative, _) = try ask(3, used: (-5, .min)) { _ in }
        #expect(negative.counts.promptTokens == 0 && negative.counts.completionTokens == 0)
    }
}
