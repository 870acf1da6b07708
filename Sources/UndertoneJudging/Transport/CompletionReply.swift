// Chat completions as servers answer them, read into a reply.

import UndertoneText

extension JudgeReply {
    /// How much JSON is read of an answer.
    static let limits = JSONValue.Limits(bytes: HTTPHandle.bodyLimit, depth: 64, values: 200_000)

    /// Reads the body of an answer to `POST …/chat/completions`.
    ///
    /// - Throws: ``TransportError``, passing, where it is no JSON or has no choice in it. Nothing of the body is in the error.
    init(completion body: [UInt8], requestID: String? = nil) throws(TransportError) {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: body, limits: JudgeReply.limits)
        } catch {
            throw TransportError(.passing(after: nil), "the server's answer is no JSON: \(error)")
        }
        guard let choice = json["choices"]?.array?.first, let message = choice["message"], message.object != nil else {
            throw TransportError(
                .passing(after: nil), "the server's answer has no choice in it",
                mend: "the address must be that of an OpenAI-compatible server")
        }
        switch message["content"] {
        case nil, .null: self.init(content: "")
        case .string(let text): self.init(content: text)
        case .array(let parts): self.init(content: parts.compactMap { $0["text"]?.string }.joined())
        default: throw TransportError(.passing(after: nil), "the content of the server's answer is no text")
        }
        finishReason = choice["finish_reason"]?.string.map(JudgeReply.short)
        if let refusal = message["refusal"], refusal != .null, refusal != .string("") {
            content = ""
            finishReason = "refusal"
        }
        model = json["model"]?.string.map(JudgeReply.short)
        fingerprint = json["system_fingerprint"]?.string.map(JudgeReply.short)
        promptTokens = JudgeReply.tokens(json["usage"]?["prompt_tokens"])
        completionTokens = JudgeReply.tokens(json["usage"]?["completion_tokens"])
        self.requestID = (requestID ?? json["id"]?.string).map(JudgeReply.short)
        let first = choice["logprobs"]?["content"]?.array?.first
        alternatives = (first?["top_logprobs"]?.array ?? []).prefix(64).compactMap {
            JudgeReply.alternative($0["token"], $0["logprob"])
        }
    }

    /// A token with its log-probability; `nil` where it is none. What rounding put above 0 becomes 0.
    static func alternative(_ token: JSONValue?, _ logProbability: JSONValue?) -> Alternative? {
        guard let token = token?.string, let number = logProbability?.double, number.isFinite, number <= 1e-3 else {
            return nil
        }
        return Alternative(token, min(number, 0))
    }

    /// A count of tokens; `nil` for what can't be one.
    static func tokens(_ value: JSONValue?) -> Int? {
        guard let count = value?.integer, count >= 0, count <= 1_000_000_000 else { return nil }
        return count
    }

    /// Names are short; what is longer is cut.
    static func short(_ text: String) -> String { String(text.unicodeScalars.prefix(200)) }
}
