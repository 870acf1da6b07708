// What a judge is asked, and what its answer comes to.

public import UndertoneCore

/// A question about one record or one pair, ready to be sent: templates are filled in, data is fenced.
public struct JudgeQuestion: Sendable, Hashable {
    /// The turns.
    public var messages: [JudgeRequest.Message]
    /// The form of the answer.
    public var answer: JudgeRule.Answer
    /// Words that stand for no score.
    public var escapes: [String]

    /// A question.
    public init(_ messages: [JudgeRequest.Message], answer: JudgeRule.Answer, escapes: [String] = []) {
        self.messages = messages
        self.answer = answer
        self.escapes = escapes
    }
}

/// What an answer comes to.
public enum Judgement: Sendable, Hashable {
    /// 0 to 100.
    case score(Double)
    /// One of the escapes.
    case escape(String)
    /// No score could be had. A state of its own, never a score.
    case unjudged(Unjudged)

    /// The score, where there is one.
    public var score: Double? { if case .score(let score) = self { score } else { nil } }
}

/// Why there is no score.
public enum Unjudged: String, Sendable, CaseIterable {
    /// What came back is not the form that was asked for, twice.
    case unparsed
    /// The answer was cut off at its limit of tokens.
    case cutOff = "cut-off"
    /// The model would not answer, or a filter of the server stood before it.
    case refused
    /// No answer in time, or none at all, after all attempts.
    case failed
    /// The budget was spent before this question was asked.
    case budget
    /// The record does not fit the question's limit of bytes.
    case tooLong = "too-long"
}

/// A judgement, and what is known of how it came about.
public struct JudgedAnswer: Sendable, Hashable {
    /// What the answer comes to.
    public var judgement: Judgement
    /// What the judge gave as its reason. Nothing of it is trusted.
    public var reason: String?
    /// The cache's key: SHA-256 in hexadecimal over all that decides the answer.
    public var key: String
    /// The model's name as the server gave it.
    public var model: String?
    /// Whether nobody had to be asked.
    public var isCached: Bool

    /// A judgement.
    public init(
        _ judgement: Judgement, reason: String? = nil, key: String, model: String? = nil, isCached: Bool = false
    ) {
        self.judgement = judgement
        self.reason = reason
        self.key = key
        self.model = model
        self.isCached = isCached
    }
}
