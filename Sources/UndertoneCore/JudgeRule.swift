// What a rule of kind judge asks of a model, as a pack writes it: the question, the form of the answer, and what follows.

/// A question to a judge about each record. Which model answers, where, and with which key is none of the pack's business:
/// whoever runs the rules brings the judges.
public struct JudgeRule: Sendable, Hashable {
    /// The form in which the judge answers.
    public enum Answer: String, Sendable, CaseIterable {
        /// A JSON object with a reason and a score of 0 to 100.
        case score
        /// A number of 0 to 100 and nothing else.
        case number
        /// One letter, A for yes and B for no; its score is 100 times the probability of A against B.
        case letter
    }

    /// What becomes of a record on which the judge gives no score.
    public enum Outcome: Sendable, Hashable {
        /// The record is met, as one with a high score is.
        case met
        /// The record passes the rule.
        case pass
        /// The record is met, with that action.
        case act(Action)
    }

    /// Only some of the records are asked about.
    public struct Sample: Sendable, Hashable {
        /// The share of the records that the other rules leave. Above 0 and below 1.
        public var share: Double
        /// Records that are asked about at least, where there are so many.
        public var atLeast: Int
        /// Which ones.
        public var seed: UInt64

        /// A sample.
        public init(share: Double, atLeast: Int = 0, seed: UInt64 = 1) {
            self.share = share
            self.atLeast = atLeast
            self.seed = seed
        }
    }

    /// What the judge must have shown on labelled records before its answers count.
    public struct Calibration: Sendable, Hashable {
        /// The lower end of the 95 % interval of Cohen's κ must not be below this.
        public var kappa: Double
        /// Days after which a calibration no longer counts; nil: it never ages by itself.
        public var maxAgeDays: Int?

        /// A demand.
        public init(kappa: Double, maxAgeDays: Int? = nil) {
            self.kappa = kappa
            self.maxAgeDays = maxAgeDays
        }
    }

    /// The judge's name among those that a run brings.
    public var judge = "default"
    /// What is asked, with `{{response}}`, `{{prompt}}`, `{{system}}` where data goes and `{{NAME}}` for ``parameters``.
    public var question: String
    /// Values of the template, by name.
    public var parameters: [String: String] = [:]
    /// The form of the answer.
    public var answer = Answer.score
    /// Words that the judge may answer in place of a score, such as CODE and REFUSAL.
    public var escapes: [String] = []
    /// The rule meets a record whose score is at least this, of 0 to 100.
    public var above: Double
    /// What becomes of records that the judge could not be brought to score.
    public var unjudged = Outcome.met
    /// What becomes of records on which it answered one of the ``escapes``.
    public var escaped = Outcome.pass
    /// Which records are asked about; nil: all that earlier rules leave.
    public var sample: Sample?
    /// What the judge must have shown; nil: nothing.
    public var calibration: Calibration?

    /// A question.
    public init(_ question: String, above: Double, unjudged: Outcome = .met) {
        self.question = question
        self.above = above
        self.unjudged = unjudged
    }
}

extension JudgeRule {
    /// The name of the rule kind.
    public static let kind = "judge"
}

extension RuleDefinition {
    /// Whether rules of that kind ask a model. They carry no examples: nothing can show them without one.
    public static func asksModel(_ kind: String) -> Bool { ModelRule.kinds.contains(kind) || kind == JudgeRule.kind }

    /// Whether the rule asks a model.
    public var asksModel: Bool { RuleDefinition.asksModel(kind) }
}
