// One call of `ask`: threads take questions, send them, and put what comes back in its place.

/// The work of one call. All that changes is guarded by the alarm of the judge's floor.
final class JudgeRun: @unchecked Sendable {
    /// A question on its way.
    struct Job {
        var place: Int
        var cost: TokenCost
        /// Times that it was sent.
        var sends = 0
        /// Times that it failed.
        var failures = 0
        var firstSent: Double?
        /// Sent in place of the question, after an answer that could not be read.
        var repair: JudgeRequest?
        /// Not before this moment.
        var due = -Double.infinity
    }

    /// What is to become of a job.
    enum End {
        case answer(JudgedAnswer)
        case again(Job)
    }

    /// Seconds for one question, waits included.
    static let patience = 600.0
    /// Tokens of one request beyond which a server's count is not believed.
    static let believable = 1_000_000_000

    let judge: Judge
    let list: QuestionList
    let progress: (@Sendable (JudgeProgress) -> Void)?
    let progressAlarm = Alarm()

    var answers: [JudgedAnswer?]
    var fresh: [Int]
    var nextFresh = 0
    // Few: they are those that failed just now.
    var delayed: [Job] = []
    var inFlight = 0
    var open: Int
    var counts = JudgeCounts()
    var budgetSpent: String?
    // Requests that the server refused for good.
    var refusals = 0
    var lastError: TransportError?
    var failure: JudgeError?
    /// Who answered in this run.
    var origins: Set<Origin> = []

    var floor: JudgeFloor { judge.floor }

    init(_ judge: Judge, _ list: QuestionList, progress: (@Sendable (JudgeProgress) -> Void)?) {
        self.judge = judge
        self.list = list
        self.progress = progress
        answers = list.distinct.map { entry in
            entry.cached.map {
                JudgedAnswer($0.judgement, reason: $0.reason, key: entry.key, model: $0.model, isCached: true)
            }
        }
        fresh = list.distinct.indices.filter { list.distinct[$0].cached == nil }
        open = fresh.count
        counts.questions = list.places.count
        counts.distinct = list.distinct.count
        counts.cached = list.cachedCount
    }

    /// Asks all that is to be asked.
    func run() throws(JudgeError) {
        report()
        guard open > 0 else { return }
        floor.alarm.locked { floor.runs += 1 }
        runThreads(min(max(1, judge.settings.inFlight), open)) { [self] _ in
            while let job = take() { perform(job) }
        }
        floor.alarm.locked {
            floor.runs -= 1
            floor.alarm.signalAll()
        }
        try judge.cache.flush()
        if let failure { throw failure }
        // Nothing but errors that won't go away, and no sign that this judge ever answered.
        if refusals > 0, refusals == counts.requests, counts.cached == 0,
            !floor.alarm.locked({ floor.streak.hasSucceeded }), let lastError
        {
            throw rejection(lastError)
        }
    }

    /// Once ``run()`` is done.
    var outcome: JudgeOutcome {
        var counts = counts
        let all = list.places.map { place in
            answers[place] ?? JudgedAnswer(.unjudged(.failed), key: list.distinct[place].key)
        }
        for answer in all { if case .unjudged(let why) = answer.judgement { counts.unjudged[why, default: 0] += 1 } }
        counts.money = floor.alarm.locked { floor.spending }.money(
            TokenCost(prompt: counts.promptTokens, completion: counts.completionTokens))
        return JudgeOutcome(all, counts, budgetSpent: budgetSpent)
    }
}

// MARK: Taking

extension JudgeRun {
    // The next job, once it may be sent; nil when there is nothing left to do.
    func take() -> Job? {
        let (alarm, clock) = (floor.alarm, judge.clock)
        return alarm.locked {
            while true {
                if floor.isCancelled, failure == nil, open > 0 { failure = cancellation }
                guard failure == nil, open > 0 else {
                    alarm.signalAll()
                    return nil
                }
                guard floor.inFlight < floor.pace.limit else {
                    alarm.wait()
                    continue
                }
                let now = clock.now()
                guard now >= floor.pace.heldUntil else {
                    clock.wait(alarm, until: floor.pace.heldUntil)
                    continue
                }
                guard let job = candidate(now) else {
                    clock.wait(alarm, until: delayed.map(\.due).min())
                    continue
                }
                switch floor.spending.reserve(job.cost) {
                case .perhaps: alarm.wait()
                case .spent(let limit): endBudget(limit)
                case .reserved: return send(job, at: now)
                }
            }
        }
    }

    // What was sent before comes first. While nothing but failures comes, no more questions are begun than may be under
    // way: a server that is down does not use up the attempts of all.
    func candidate(_ now: Double) -> Job? {
        if let due = delayed.indices.min(by: { delayed[$0].due < delayed[$1].due }), delayed[due].due <= now {
            return delayed[due]
        }
        guard nextFresh < fresh.count else { return nil }
        guard floor.streak.count == 0 || inFlight + delayed.count < floor.pace.limit else { return nil }
        return Job(place: fresh[nextFresh], cost: list.distinct[fresh[nextFresh]].cost)
    }

    func send(_ job: Job, at now: Double) -> Job {
        var job = job
        if job.sends == 0 {
            nextFresh += 1
            counts.asked += 1
        } else {
            delayed.removeAll { $0.place == job.place }
            counts.retries += 1
        }
        job.sends += 1
        job.firstSent = job.firstSent ?? now
        counts.requests += 1
        floor.inFlight += 1
        inFlight += 1
        counts.peakInFlight = max(counts.peakInFlight, floor.inFlight)
        // Whoever takes one looks whether there is another one for somebody who waits.
        if floor.inFlight < floor.pace.limit, nextFresh < fresh.count || !delayed.isEmpty { floor.alarm.signalAll() }
        return job
    }

    // Nothing more is sent; what is under way goes on.
    func endBudget(_ limit: String) {
        budgetSpent = limit
        for job in delayed { end(job.place, job.repair == nil ? .budget : .unparsed) }
        for place in fresh[nextFresh...] { end(place, .budget) }
        open -= delayed.count + fresh.count - nextFresh
        delayed = []
        nextFresh = fresh.count
    }

    func end(_ place: Int, _ why: Unjudged) {
        answers[place] = JudgedAnswer(.unjudged(why), key: list.distinct[place].key)
    }
}
