// Sending one question, and what becomes of its answer.

import UndertoneText

extension JudgeRun {
    func perform(_ job: Job) {
        let entry = list.distinct[job.place]
        let request = job.repair ?? judge.reading.request(for: entry.question, judge.settings)
        let sent = judge.clock.now()
        var reply: JudgeReply?
        var error: TransportError?
        do throws(TransportError) {
            reply = try judge.transport.send(request, timeout: judge.settings.timeout)
        } catch let problem {
            error = problem
        }
        let latency = judge.clock.now() - sent
        do throws(JudgeError) {
            if let reply {
                try succeed(job, entry, request, reply, latency)
            } else if let error {
                try fail(job, entry, error, sent: sent, latency)
            }
        } catch {
            // The cache can't be written: what would be paid for would be lost.
            floor.alarm.locked { stop(error) }
        }
        report()
    }

    func succeed(
        _ job: Job, _ entry: QuestionList.Distinct, _ request: JudgeRequest, _ reply: JudgeReply, _ latency: Double
    ) throws(JudgeError) {
        let known = { (tokens: Int?) in tokens.map { min(max(0, $0), JudgeRun.believable) } }
        let used = TokenCost(
            prompt: known(reply.promptTokens) ?? job.cost.prompt,
            completion: known(reply.completionTokens) ?? job.cost.completion)
        var row = row(job, entry, latency, .attempt(kind: "unparsed", message: nil))
        row.reply = reply
        row.reply?.promptTokens = known(reply.promptTokens)
        row.reply?.completionTokens = known(reply.completionTokens)
        let model = reply.model.map { bounded($0, CacheEntry.nameLimit) }
        let fingerprint = reply.fingerprint.map { bounded($0, CacheEntry.nameLimit) }
        var ending: End
        var read = judge.reading.read(reply, to: entry.question, judge.settings)
        if case .score(let score)? = read?.judgement, !(0...100 ~= score) { read = nil }
        if let read {
            let reason = read.reason.map { bounded($0, CacheEntry.reasonLimit) }
            ending = .answer(JudgedAnswer(read.judgement, reason: reason, key: entry.key, model: model))
            switch read.judgement {
            case .score, .escape, .unjudged(.refused): row.content = .answer(read.judgement, reason: reason)
            case .unjudged(.cutOff): row.content = .attempt(kind: "cut-off", message: nil)
            case .unjudged: break
            }
        } else if job.repair == nil, job.sends < judge.settings.attempts {
            var again = job
            let repair = judge.reading.repair(request, after: reply, to: entry.question)
            again.repair = repair
            again.cost = repair.worstCase
            ending = .again(again)
        } else {
            ending = .answer(JudgedAnswer(.unjudged(.unparsed), key: entry.key, model: model))
        }
        let isWritten = Result { () throws(JudgeError) in try judge.cache.write(row) }
        floor.alarm.locked {
            floor.pace.succeeded()
            floor.streak.succeeded()
            if reply.promptTokens == nil || reply.completionTokens == nil { counts.estimatedRequests += 1 }
            if let model { counts.models.insert(model) }
            if let fingerprint { counts.fingerprints.insert(fingerprint) }
            origins.insert(Origin(model: model, fingerprint: fingerprint))
            finish(job, used, ending)
        }
        try isWritten.get()
    }

    func fail(
        _ job: Job, _ entry: QuestionList.Distinct, _ error: TransportError, sent: Double, _ latency: Double
    ) throws(JudgeError) {
        let text = visible(error.message, limit: 300)
        let isWritten = Result { () throws(JudgeError) in
            try judge.cache.write(row(job, entry, latency, .attempt(kind: error.kind.name, message: text)))
        }
        floor.alarm.locked {
            let now = judge.clock.now()
            var again = job
            again.failures += 1
            again.due = now + floor.pace.failed(error.kind, at: now, failures: again.failures)
            counts.note(text)
            lastError = error
            if error.kind.isLasting { refusals += 1 }
            // What was refused before, in a run that went on, says nothing about the others: a record that is too long
            // for the model, for one. What is kept is not asked again, so that such questions are alone next time.
            let isKnown = error.kind == .lasting && entry.wasRefused
            if !isKnown, floor.streak.failed(error.kind, sent: sent, at: now) {
                stop(error.kind.isLasting ? rejection(error) : exhaustion(error))
            }
            let isOver =
                error.kind.isLasting || job.sends >= judge.settings.attempts
                || again.due - (job.firstSent ?? now) > JudgeRun.patience
            // What was refused at the door cost nothing; of the rest nobody knows.
            let used = error.kind.isFree ? TokenCost() : job.cost
            if !error.kind.isFree { counts.estimatedRequests += 1 }
            finish(job, used, isOver ? .answer(JudgedAnswer(.unjudged(.failed), key: entry.key)) : .again(again))
        }
        try isWritten.get()
    }

    func row(
        _ job: Job, _ entry: QuestionList.Distinct, _ latency: Double, _ content: CacheEntry.Content
    ) -> CacheEntry {
        CacheEntry(
            key: entry.key, address: judge.transport.address, requestedModel: judge.settings.model, content: content,
            reply: nil, attempts: job.sends, created: judge.clock.date(), latency: latency)
    }

    func finish(_ job: Job, _ used: TokenCost, _ ending: End) {
        floor.spending.settle(job.cost, used: used)
        counts.promptTokens += used.prompt
        counts.completionTokens += used.completion
        floor.inFlight -= 1
        inFlight -= 1
        switch ending {
        case .answer(let answer):
            answers[job.place] = answer
            open -= 1
        case .again(let job) where budgetSpent == nil: delayed.append(job)
        case .again(let job):
            end(job.place, job.repair == nil ? .budget : .unparsed)
            open -= 1
        }
        // Somebody may wait for the end, for the moment of a repetition, or, of another run, for the room.
        if open == 0 || !delayed.isEmpty || floor.runs > 1 { floor.alarm.signalAll() }
    }
}

extension TransportError.Kind {
    /// As the cache names it.
    var name: String {
        switch self {
        case .tooMany: "too-many"
        case .passing: "passing"
        case .timeout: "timeout"
        case .lasting: "lasting"
        case .unsupported: "unsupported"
        }
    }

    /// Whether it won't go away by itself.
    var isLasting: Bool { self == .lasting || self == .unsupported }

    /// Whether no tokens were used.
    var isFree: Bool {
        switch self {
        case .tooMany, .lasting, .unsupported: true
        case .passing, .timeout: false
        }
    }
}
