// What stands between questions and answers on one side, requests and replies on the other.

/// Turns a question into what is sent and what comes back into a judgement.
public protocol AnswerReading: Sendable {
    /// What is sent for a question.
    func request(for question: JudgeQuestion, _ settings: JudgeSettings) -> JudgeRequest
    /// What is sent once more where the first answer could not be read.
    func repair(_ request: JudgeRequest, after reply: JudgeReply, to question: JudgeQuestion) -> JudgeRequest
    /// What an answer comes to; nil where it does not have the form that was asked for.
    func read(_ reply: JudgeReply, to question: JudgeQuestion, _ settings: JudgeSettings) -> (
        judgement: Judgement, reason: String?
    )?
}
