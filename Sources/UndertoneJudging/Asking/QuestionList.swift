// The questions of one call: equal ones together, each with its key, its worst case and what the cache knows.

/// Questions as they are asked.
struct QuestionList {
    /// A question that is unlike all others of the list.
    struct Distinct {
        var question: JudgeQuestion
        var key: String
        var cost: TokenCost
        var cached: CachedAnswer?
        /// Whether the server refused it in an earlier run.
        var wasRefused = false
    }

    /// Each question once.
    private(set) var distinct: [Distinct] = []
    /// For each question of the caller, its place in ``distinct``.
    private(set) var places: [Int] = []

    /// Questions that the cache answers.
    var cachedCount: Int { distinct.count { $0.cached != nil } }
    var isAllCached: Bool { distinct.allSatisfy { $0.cached != nil } }

    init(_ questions: [JudgeQuestion], _ judge: Judge, repetition: Int, refresh: Bool) throws(JudgeError) {
        let settings = judge.settings
        guard settings.budget.money == nil || settings.price != nil else {
            throw JudgeError(
                .settings, "judge \(settings.name) has a limit of money and no prices",
                mend: "say what a million tokens cost, or limit tokens or requests")
        }
        let address = judge.transport.address
        var known: [String: Int] = [:]
        known.reserveCapacity(questions.count)
        places.reserveCapacity(questions.count)
        for question in questions {
            let request = judge.reading.request(for: question, settings)
            let key = questionKey(
                request, for: question, at: address, requiresLogProbabilities: settings.requiresLogProbabilities,
                repetition: repetition)
            if let place = known[key] {
                places.append(place)
                continue
            }
            known[key] = distinct.count
            places.append(distinct.count)
            distinct.append(Distinct(question: question, key: key, cost: request.worstCase))
        }
        guard !refresh else { return }
        let answers = try judge.cache.answers(distinct.map(\.key))
        for place in distinct.indices { distinct[place].cached = answers[distinct[place].key] }
        let refused = try judge.cache.refused(distinct.filter { $0.cached == nil }.map(\.key))
        guard !refused.isEmpty else { return }
        for place in distinct.indices { distinct[place].wasRefused = refused.contains(distinct[place].key) }
    }
}
