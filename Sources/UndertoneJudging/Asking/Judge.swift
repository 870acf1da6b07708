// A judge: takes questions, gives answers, asks nobody twice.
//
//     let judge = Judge(settings, transport, reading: answers, cache: try JudgeCache(".undertone/judge.sqlite"))
//     let outcome = try judge.ask(questions)
//
// Questions whose answer is in the cache cost nothing; the others are sent, many at once, as fast as the server likes and
// as far as the budget goes.

/// A model that is asked about records. Used from any thread.
///
/// The pace and the budget are those of the judge's whole life: one run of the program makes one judge and asks it as often
/// as it likes.
public final class Judge: Sendable {
    /// How it is asked, and what it may cost.
    public let settings: JudgeSettings
    let transport: any JudgeTransport
    let reading: any AnswerReading
    let cache: JudgeCache
    let clock: JudgeClock
    let floor: JudgeFloor

    /// A judge; nothing is sent before it is asked.
    ///
    /// - Parameters:
    ///   - reading: what is sent for a question, and what an answer means.
    ///   - clock: real time, or that of a test.
    ///   - seed: of the jitter of waits; nil: another one each time, so that several processes don't come back at once.
    public init(
        _ settings: JudgeSettings, _ transport: any JudgeTransport, reading: any AnswerReading, cache: JudgeCache,
        clock: JudgeClock = .system, seed: UInt64? = nil
    ) {
        self.settings = settings
        self.transport = transport
        self.reading = reading
        self.cache = cache
        self.clock = clock
        floor = JudgeFloor(settings, seed: seed ?? .random(in: 0 ... .max))
    }

    /// Asks, and waits for all answers.
    ///
    /// Equal questions are asked once. A question that no answer comes to is ``Unjudged``, and so are those that the budget
    /// does not reach.
    ///
    /// - Parameters:
    ///   - repetition: another one is another question to the same effect, to see whether a judge repeats itself.
    ///   - refresh: asks anew what the cache knows, and keeps the new answers in place of the old ones.
    ///   - progress: called after each question, one call at a time, from any thread.
    /// - Throws: ``JudgeError`` where it makes no sense to go on. What was answered until then is in the cache: whoever asks
    ///   the same again sends only the rest.
    public func ask(
        _ questions: [JudgeQuestion], repetition: Int = 0, refresh: Bool = false,
        progress: (@Sendable (JudgeProgress) -> Void)? = nil
    ) throws(JudgeError) -> JudgeOutcome {
        let began = clock.now()
        let list = try QuestionList(questions, self, repetition: repetition, refresh: refresh)
        // Who answered before this run; what it adds itself must not count.
        let before = list.isAllCached ? [] : try cache.origins(settings.model, at: transport.address)
        let run = JudgeRun(self, list, progress: progress)
        try run.run()
        var outcome = run.outcome
        outcome.counts.seconds = clock.now() - began
        if let warning = AliasWarning.text(settings.model, before: before, now: run.origins) {
            outcome.warnings.append(warning)
        }
        return outcome
    }

    /// What asking would take. Sends nothing.
    public func estimate(
        _ questions: [JudgeQuestion], repetition: Int = 0, refresh: Bool = false
    ) throws(JudgeError) -> JudgeEstimate {
        let list = try QuestionList(questions, self, repetition: repetition, refresh: refresh)
        let cost = list.distinct.reduce(TokenCost()) { $1.cached == nil ? $0 + $1.cost : $0 }
        return JudgeEstimate(
            questions: questions.count, distinct: list.distinct.count, cached: list.cachedCount,
            promptTokens: cost.prompt, completionTokens: cost.completion, money: Spending(settings).money(cost))
    }

    /// Ends all asking, now and later: requests that are under way are waited for and kept, no other is sent. From any
    /// thread, but not from inside a signal handler.
    public func cancel() {
        floor.alarm.locked {
            floor.isCancelled = true
            floor.alarm.signalAll()
        }
    }
}

/// What all that ask one judge share.
final class JudgeFloor: @unchecked Sendable {
    /// Guards everything here and all runs of the judge.
    let alarm = Alarm()
    var pace: Pace
    var spending: Spending
    var streak = FailureStreak()
    var inFlight = 0
    var runs = 0
    var isCancelled = false

    init(_ settings: JudgeSettings, seed: UInt64) {
        pace = Pace(most: settings.inFlight, seed: seed)
        spending = Spending(settings)
    }
}
