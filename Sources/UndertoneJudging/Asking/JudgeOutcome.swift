// What came of asking: the answers, and what it took to get them.

/// What a judge answered to a list of questions.
public struct JudgeOutcome: Sendable {
    /// One for each question, in their order.
    public var answers: [JudgedAnswer]
    /// What it took.
    public var counts: JudgeCounts
    /// The limit that ended the asking, as in `500 requests`; nil where the budget was enough.
    public var budgetSpent: String?
    /// What whoever reads the answers should know.
    public var warnings: [String]

    /// An outcome.
    public init(
        _ answers: [JudgedAnswer], _ counts: JudgeCounts, budgetSpent: String? = nil, warnings: [String] = []
    ) {
        self.answers = answers
        self.counts = counts
        self.budgetSpent = budgetSpent
        self.warnings = warnings
    }
}

/// What asking took.
public struct JudgeCounts: Sendable, Hashable {
    /// Questions.
    public var questions = 0
    /// Different questions among them.
    public var distinct = 0
    /// Different questions whose answer was in the cache.
    public var cached = 0
    /// Different questions that were sent at least once.
    public var asked = 0
    /// Questions without a score, by the reason.
    public var unjudged: [Unjudged: Int] = [:]
    /// Requests, those included that failed or asked for an answer in the right form.
    public var requests = 0
    /// Requests beyond the first one of their question.
    public var retries = 0
    /// Tokens of prompts; where the server did not count them, the estimate.
    public var promptTokens = 0
    /// Tokens of answers; where the server did not count them, the most that it could have written.
    public var completionTokens = 0
    /// Requests whose tokens are an estimate.
    public var estimatedRequests = 0
    /// What the tokens cost, in the currency of the prices; nil where no price is known.
    public var money: Double?
    /// Most requests that were under way at once.
    public var peakInFlight = 0
    /// Models that answered now, by the names that the server gave.
    public var models: Set<String> = []
    /// Words of the server for the state of its software, in the answers of now.
    public var fingerprints: Set<String> = []
    /// Errors of the transport by their text; of many different ones, the first twenty.
    public var errors: [String: Int] = [:]
    /// How long it took.
    public var seconds = 0.0

    /// Nothing was asked.
    public init() {}

    mutating func note(_ text: String, times: Int = 1) {
        guard errors[text] != nil || errors.count < 20 else { return }
        errors[text, default: 0] += times
    }

    /// Adds what another call took, one after the other. Questions that both had count twice.
    public static func += (left: inout JudgeCounts, right: JudgeCounts) {
        left.questions += right.questions
        left.distinct += right.distinct
        left.cached += right.cached
        left.asked += right.asked
        left.unjudged.merge(right.unjudged, uniquingKeysWith: +)
        left.requests += right.requests
        left.retries += right.retries
        left.promptTokens += right.promptTokens
        left.completionTokens += right.completionTokens
        left.estimatedRequests += right.estimatedRequests
        if let money = right.money { left.money = (left.money ?? 0) + money }
        left.peakInFlight = max(left.peakInFlight, right.peakInFlight)
        left.models.formUnion(right.models)
        left.fingerprints.formUnion(right.fingerprints)
        for (text, times) in right.errors.sorted(by: { $0.key < $1.key }) { left.note(text, times: times) }
        left.seconds += right.seconds
    }
}

/// How far a judge is.
public struct JudgeProgress: Sendable, Hashable {
    /// Different questions that are done, cached ones included.
    public var done: Int
    /// Different questions.
    public var total: Int
    /// Different questions whose answer was in the cache.
    public var cached: Int
    /// Requests so far.
    public var requests: Int
    /// Requests under way.
    public var inFlight: Int
    /// Failures since the last answer.
    public var failuresInARow: Int
}

/// What asking would take at most, if every request went well.
public struct JudgeEstimate: Sendable, Hashable {
    /// Questions.
    public var questions: Int
    /// Different questions among them.
    public var distinct: Int
    /// Different questions whose answer is in the cache.
    public var cached: Int
    /// Tokens of the prompts that would be sent: a token for three bytes.
    public var promptTokens: Int
    /// Tokens of the answers, each as long as it may be.
    public var completionTokens: Int
    /// What that costs; nil where no price is known.
    public var money: Double?

    /// Requests that would be sent.
    public var requests: Int { distinct - cached }
    /// Tokens in all.
    public var tokens: Int { promptTokens + completionTokens }
}
