// What a scan asks of models, where rules need them. Whoever calls the scan has the models and answers.

public import UndertoneCore

/// Answers for rules that need a model.
public protocol ModelJudge: Sendable {
    /// Tokens of a record's completion as the model divides it, the end of the record counted; `nil` where the model
    /// can't read the record: a word that it does not know, more text than it takes.
    func tokenCount(prompt: String, completion: String) -> Int?

    /// What a rule makes of records that the model can read: one answer for each, in their order. All records that the
    /// rule judges come at once, since what goes is decided against the others.
    func decide(
        _ rule: ModelRule, _ records: [(prompt: String, completion: String)]
    ) throws -> [FilterDecision]
}
