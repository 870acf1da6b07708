// The question which of two texts carries a trait.

public import UndertoneCore

/// A question about two texts, `{{first}}` and `{{second}}`, that is answered by a letter: A for the first, B for the second.
///
/// What ``PromptTemplate`` says of data holds here too.
public struct PairwiseTemplate: Sendable, Hashable {
    private let template: PromptTemplate

    /// A question with `{{first}}`, `{{second}}` and `{{NAME}}` for each of `parameters`.
    ///
    /// - Parameters:
    ///   - escapes: words that may be answered in place of a letter.
    ///   - location: where the question stands, for errors.
    /// - Throws: ``SettingsError``, as for ``PromptTemplate``, and where one of the two texts is not shown.
    public init(
        _ question: String, parameters: [String: String] = [:], escapes: [String] = [],
        at location: SourceLocation? = nil
    ) throws(SettingsError) {
        template = try PromptTemplate(
            question, parameters, AnswerForm(answer: .letter, escapes: escapes, subject: .pair), location)
    }

    /// What is asked about two records; nil where both together are over the limit.
    public func question(
        first: JudgeData, second: JudgeData, limit: Int = 2 * PromptTemplate.dataLimit
    ) -> JudgeQuestion? {
        template.render(limit: limit) { $0 == .first ? first.responses : $0 == .second ? second.responses : [] }
            .map { JudgeQuestion($0, answer: .letter, escapes: template.form.escapes) }
    }
}
