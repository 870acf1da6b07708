// What a scan asks of models, where rules need them. Whoever calls the scan has the models and answers.

public import UndertoneCore

/// A record that a model is asked about.
public struct JudgedRecord: Sendable, Hashable {
    /// What the model was asked.
    public var prompt: String
    /// What it answered.
    public var completion: String
    /// For each token of the completion and for its end, what its loss is multiplied with, 0 where it does not count: by the
    /// mask that stands in the record, and by the rules before this one; nil where all count.
    public var weights: [Float]?

    /// A record.
    public init(prompt: String, completion: String, weights: [Float]? = nil) {
        self.prompt = prompt
        self.completion = completion
        self.weights = weights
    }
}

/// Answers for rules that need a model.
public protocol ModelJudge: Sendable {
    /// Tokens of a record's completion as the model divides it, the end of the record counted; `nil` where the model
    /// can't read the record: a word that it does not know, more text than it takes.
    func tokenCount(prompt: String, completion: String) -> Int?

    /// What a rule makes of records that the model can read: one answer for each, in their order. All records that the
    /// rule judges come at once, since what goes is decided against the others.
    ///
    /// A rule that masks or weighs tokens may reject a record of which nothing would be left. Weights are those that the
    /// record is to have then; a token that did not count before does not count after.
    func decide(_ rule: ModelRule, _ records: [JudgedRecord]) throws -> [FilterDecision]
}
