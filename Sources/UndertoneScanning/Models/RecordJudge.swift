// What a scan asks of judges, where rules need them. Whoever calls the scan has the judges and answers.

package import UndertoneCore
package import UndertoneRecords
package import UndertoneReporting

/// What a judge answered about one record.
package enum JudgeAnswer: Sendable, Hashable {
    /// 0 to 100.
    case score(Double)
    /// One of the words that stand for no score.
    case escape(String)
    /// No score could be had, and why: `unparsed`, `budget`, …
    case unjudged(String)
}

/// What judges answered to one rule.
package struct JudgeAnswers: Sendable {
    /// An answer, and what is known of how it came about.
    package struct Answer: Sendable {
        /// The answer.
        package var answer: JudgeAnswer
        /// What the judge gave as its reason; any text.
        package var reason: String?
        /// Under which key the answer is kept.
        package var key: String

        package init(_ answer: JudgeAnswer, reason: String? = nil, key: String = "") {
            self.answer = answer
            self.reason = reason
            self.key = key
        }
    }

    /// One for each record, in their order.
    package var answers: [Answer]
    /// Who was asked, how often, and what it cost.
    package var effort: ScanReport.Judging.Effort

    package init(_ answers: [Answer], _ effort: ScanReport.Judging.Effort) {
        self.answers = answers
        self.effort = effort
    }
}

/// Answers for rules of kind `judge`.
package protocol RecordJudge: Sendable {
    /// Puts a rule's question about each record.
    func ask(_ rule: JudgeRule, _ id: RuleID, _ records: [RecordTexts]) throws -> JudgeAnswers
}

/// What a judge said of a record of a scan.
package struct ScanJudgement: Sendable {
    /// The input, as the user named it.
    package var path: String
    /// From 1; the number of the element in a JSON array.
    package var line: Int
    /// The rule that asked.
    package var rule: RuleID
    /// What was answered.
    package var answer: JudgeAnswers.Answer
    /// Whether the rule met the record by it.
    package var isMet: Bool
}
