// What a scan asks of models, where rules need them. Whoever calls the scan has the models and answers.

public import UndertoneCore

/// A record that a model is asked about.
public struct JudgedRecord: Sendable, Hashable {
    /// What the model was asked.
    public var prompt: String
    /// What it answered.
    public var completion: String
    /// For each token of the completion and for its end, whether it counts in the loss: by the mask that stands in the
    /// record, and by the rules before this one; nil where all do.
    public var counts: [Bool]?

    /// A record.
    public init(prompt: String, completion: String, counts: [Bool]? = nil) {
        self.prompt = prompt
        self.completion = completion
        self.counts = counts
    }
}

/// What becomes of a record by a rule that needs a model.
public enum ModelDecision: Sendable, Hashable {
    /// It stays as it is.
    case keep
    /// It stays, and only those tokens of its completion count in the loss where it is true; the end is a token too.
    case mask([Bool])
    /// It goes.
    case reject
}

/// Answers for rules that need a model.
public protocol ModelJudge: Sendable {
    /// Tokens of a record's completion as the model divides it, the end of the record counted; `nil` where the model
    /// can't read the record: a word that it does not know, more text than it takes.
    func tokenCount(prompt: String, completion: String) -> Int?

    /// What a rule makes of records that the model can read: one answer for each, in their order. All records that the
    /// rule judges come at once, since what goes is decided against the others.
    ///
    /// A rule that masks tokens may reject a record of which nothing would be left. A token that a mask lets count counts
    /// only where it did before.
    func decide(_ rule: ModelRule, _ records: [JudgedRecord]) throws -> [ModelDecision]
}
