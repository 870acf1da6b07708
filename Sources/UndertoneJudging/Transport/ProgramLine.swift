// The lines that go to a judging program and come back (docs/judge-protocol.md).

import UndertoneText

/// What a program says of itself first.
struct CommandGreeting: Sendable, Hashable {
    /// Its name.
    var name: String
    /// Its version.
    var version: String
}

/// One line of a program.
enum ProgramLine {
    /// Bytes of a line at most.
    static let limit = 1 << 20
    /// The version of the protocol that is spoken here.
    static let version = 1

    /// An answer to the request of that number.
    case answer(id: Int, Result<JudgeReply, TransportError>)
    /// `{"protocol":1,"name":…,"version":…}`; nil: a version that is not spoken here.
    case greeting(CommandGreeting?)
    /// Anything else.
    case noise

    /// Reads a line.
    init(_ line: some Collection<UInt8>) {
        let limits = JSONValue.Limits(bytes: ProgramLine.limit, depth: 64, values: 200_000)
        guard let json = try? JSONValue(parsing: line, limits: limits) else {
            self = .noise
            return
        }
        if let id = json["id"]?.integer {
            self = .answer(id: id, ProgramLine.answer(json))
        } else if let version = json["protocol"] {
            let known = version == .integer(ProgramLine.version)
            let greeting = CommandGreeting(
                name: JudgeReply.short(json["name"]?.string ?? ""),
                version: JudgeReply.short(json["version"]?.string ?? ""))
            self = .greeting(known ? greeting : nil)
        } else {
            self = .noise
        }
    }

    private static func answer(_ json: JSONValue) -> Result<JudgeReply, TransportError> {
        if let error = json["error"], error != .null {
            // Its message may hold anything; it goes to the log by way of standard error, if the program wants that.
            let isPassing = error["retryable"]?.boolean == true
            return .failure(
                TransportError(isPassing ? .passing(after: nil) : .lasting, "the program could not answer"))
        }
        guard let content = json["content"]?.string else {
            return .failure(TransportError(.passing(after: nil), "the program's answer has no content"))
        }
        var reply = JudgeReply(content: content)
        reply.finishReason = json["finish_reason"]?.string.map(JudgeReply.short)
        reply.model = json["model"]?.string.map(JudgeReply.short)
        reply.promptTokens = JudgeReply.tokens(json["usage"]?["prompt_tokens"])
        reply.completionTokens = JudgeReply.tokens(json["usage"]?["completion_tokens"])
        reply.alternatives = (json["alternatives"]?.array ?? []).prefix(64).compactMap { pair in
            guard let pair = pair.array, pair.count == 2 else { return nil }
            return JudgeReply.alternative(pair[0], pair[1])
        }
        return .success(reply)
    }
}

extension JudgeRequest {
    /// The request as a line, with its end.
    ///
    /// - Throws: ``TransportError``, lasting, where the schema is no JSON.
    func line(id: Int) throws(TransportError) -> [UInt8] {
        let schema = try parsedSchema()
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("id", id)
            json.member("model", model)
            json.array("messages") { json in write(messages, to: &json) }
            if let schema {
                json.key("schema")
                schema.write(to: &json)
            }
            json.object("parameters") { json in
                json.member("temperature", temperature)
                json.member("top_p", topP)
                if let seed { json.member("seed", seed) }
                json.member("max_tokens", maxTokens)
                if let topLogProbabilities { json.member("top_logprobs", topLogProbabilities) }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}
