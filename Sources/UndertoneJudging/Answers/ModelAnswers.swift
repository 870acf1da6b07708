// What is sent to a model for a question, and what its answer comes to. Nothing of an answer is trusted.

import UndertoneCore

/// Asks for an answer in its form, and reads it strictly.
///
/// - A reply that stopped at its limit of tokens is ``Unjudged/cutOff``; one that a filter or the model refused, or that is
///   empty, is ``Unjudged/refused``. Where a letter is asked for and log-probabilities are there, only the first token
///   counts, and what became of the rest does not matter.
/// - A form that is met in part is not met: `read` is nil then, and the caller asks once more with `repair`.
/// - A reply of more than ``bytes`` is never read.
public struct ModelAnswers: AnswerReading {
    /// Bytes of a reply at most; tokens of an answer are limited too, so that an honest one has some 2,000.
    public static let bytes = 64 << 10
    /// Characters of a reason that are kept.
    public static let reasonLength = 400
    /// Tokens of an answer that is a number, a letter or a word.
    static let shortAnswer = 16

    /// A reader.
    public init() {}

    /// The turns as they are, with the sampling of `settings`; a schema where an object is asked for; the twenty likeliest
    /// first tokens where a letter is.
    public func request(for question: JudgeQuestion, _ settings: JudgeSettings) -> JudgeRequest {
        var request = JudgeRequest(model: settings.model, messages: question.messages)
        request.temperature = settings.temperature
        request.topP = settings.topP
        request.seed = settings.seed
        switch question.answer {
        case .score:
            request.maxTokens = settings.maxTokens
            request.schema = ScoreAnswer.schema(escapes: question.escapes)
        case .number: request.maxTokens = min(settings.maxTokens, ModelAnswers.shortAnswer)
        case .letter:
            request.maxTokens = min(settings.maxTokens, ModelAnswers.shortAnswer)
            request.topLogProbabilities = 20
        }
        return request
    }

    /// The same turns, with the form said once more at the end of the last one. Nothing of the reply is in it: a reply may
    /// repeat what stands in the data, and many models take no two turns of one speaker.
    public func repair(_ request: JudgeRequest, after reply: JudgeReply, to question: JudgeQuestion) -> JudgeRequest {
        var request = request
        guard let last = request.messages.indices.last else { return request }
        request.messages[last].content += "\n\n" + AnswerForm.repair(question)
        return request
    }

    /// What an answer comes to, as ``ModelAnswers`` says; nil where it does not have the form.
    public func read(
        _ reply: JudgeReply, to question: JudgeQuestion, _ settings: JudgeSettings
    ) -> (judgement: Judgement, reason: String?)? {
        if reply.finishReason == "content_filter" || reply.finishReason == "refusal" {
            return (.unjudged(.refused), nil)
        }
        let text = reply.content.utf8.count <= ModelAnswers.bytes ? trimmed(reply.content) : nil
        if let text, text.isEmpty { return (.unjudged(.refused), nil) }
        let counts = question.answer == .letter && !reply.alternatives.isEmpty
        if reply.finishReason == "length", !counts { return (.unjudged(.cutOff), nil) }
        guard let text else { return nil }
        switch question.answer {
        case .score: return ScoreAnswer.read(text, escapes: question.escapes)
        case .number: return readNumber(text, question.escapes).map { ($0, nil) }
        case .letter: return LetterAnswer.read(text, reply.alternatives, question.escapes, settings).map { ($0, nil) }
        }
    }

    // 72, 72.5 or 72. and nothing else; or an escape.
    private func readNumber(_ text: Substring.UTF8View, _ escapes: [String]) -> Judgement? {
        if let escape = escape(text, among: escapes) { return .escape(escape) }
        let digits = text.last == UInt8(ascii: ".") ? text.dropLast() : text
        guard digits.count <= 16, let first = digits.first, isDigit(first), let last = digits.last, isDigit(last),
            digits.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }),
            let number = Double(String(decoding: digits, as: UTF8.self)), number <= 100
        else { return nil }
        return .score(number)
    }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

/// What is left without white space at both ends.
private func trimmed(_ text: String) -> Substring.UTF8View {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
    var rest = Substring(text).utf8
    rest = rest.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
    return rest
}

/// The escape that an answer consists of: the word alone, capitals or not, in quotes or not, with a full stop or not.
func escape(_ text: Substring.UTF8View, among escapes: [String]) -> String? {
    guard text.count <= 64 else { return nil }
    let around: Set<UInt8> = Set("\"'`*.".utf8)
    var word = text
    while let first = word.first, around.contains(first) { word = word.dropFirst() }
    while let last = word.last, around.contains(last) { word = word.dropLast() }
    let plain = String(decoding: word, as: UTF8.self).lowercased()
    return escapes.first { $0.lowercased() == plain }
}

/// A text's first characters, by code point: one that is drawn as one may have any number of those.
func shortened(_ text: String, to limit: Int = ModelAnswers.reasonLength) -> String {
    var short = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) { short.append(scalar) }
    return String(short)
}
