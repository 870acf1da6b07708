// What of a request a server takes. Servers differ, and say so with 400 or 422.

import UndertoneText

/// The fields of a chat completion that a server does not refuse, as far as is known.
struct CompletionForm: Sendable, Hashable {
    /// How the form of the answer is asked for.
    enum Format: Int, Sendable { case schema, object, none }

    /// Fields that can be left out.
    enum Field: String, Sendable, CaseIterable { case logprobs, seed, temperature, topP = "top_p" }

    /// How the form of the answer is asked for.
    var format = Format.schema
    /// Whether the limit of tokens is called `max_completion_tokens`.
    var isLimitRenamed = false
    /// Fields that are not sent.
    var without: Set<Field> = []

    /// What was given up, for reports.
    var limits: [String] {
        var limits: [String] = []
        switch format {
        case .schema: break
        case .object: limits.append("response_format: json_object in place of json_schema")
        case .none: limits.append("response_format: not sent")
        }
        if isLimitRenamed { limits.append("max_tokens: sent as max_completion_tokens") }
        return limits + Field.allCases.filter(without.contains).map { "\($0.rawValue): not sent" }
    }

    /// What both ask for.
    func merged(_ other: CompletionForm) -> CompletionForm {
        var form = self
        form.format = Format(rawValue: max(format.rawValue, other.format.rawValue)) ?? .none
        form.isLimitRenamed = isLimitRenamed || other.isLimitRenamed
        form.without.formUnion(other.without)
        return form
    }

    /// The form to try next, where the refusal names a field of the request; `nil` where it names none.
    ///
    /// - Parameter refusal: the body of the answer, which is looked at and never shown.
    func less(_ refusal: [UInt8], _ request: JudgeRequest) -> CompletionForm? {
        let steps = steps(request)
        // The servers' own word for the field first; a text could be an echo of the prompt.
        if let json = try? JSONValue(parsing: refusal, limits: JudgeReply.limits) {
            let error = json["error"] ?? json
            for text in [error["param"]?.string, error["message"]?.string, json["message"]?.string] {
                if let text, let form = CompletionForm.first(of: steps, in: Array(text.utf8)) { return form }
            }
            // FastAPI: {"detail": [{"loc": ["body", "seed"], …}]}
            for detail in (json["detail"]?.array ?? []).prefix(32) {
                let names = (detail["loc"]?.array ?? []).prefix(32).compactMap(\.string).joined(separator: " ")
                if let form = CompletionForm.first(of: steps, in: Array(names.utf8)) { return form }
            }
        }
        return CompletionForm.first(of: steps, in: refusal)
    }

    // The words that a refusal may name, with what follows from each.
    private func steps(_ request: JudgeRequest) -> [(word: String, form: CompletionForm)] {
        var steps: [(String, CompletionForm)] = []
        func step(_ words: [String], _ change: (inout CompletionForm) -> Void) {
            var form = self
            change(&form)
            steps += words.map { ($0, form) }
        }
        if request.schema != nil, let next = Format(rawValue: format.rawValue + 1) {
            step(["response_format", "json_schema", "json_object"]) { $0.format = next }
        }
        if !isLimitRenamed { step(["max_tokens", "max_completion_tokens"]) { $0.isLimitRenamed = true } }
        for field in Field.allCases where !without.contains(field) {
            switch field {
            case .logprobs where request.topLogProbabilities == nil, .seed where request.seed == nil: break
            case .logprobs: step(["logprobs", "top_logprobs"]) { $0.without.insert(field) }
            default: step([field.rawValue]) { $0.without.insert(field) }
            }
        }
        return steps
    }

    // The form of the word that stands foremost in the text, as a word of its own.
    private static func first(
        of steps: [(word: String, form: CompletionForm)], in text: [UInt8]
    ) -> CompletionForm? {
        func isPart(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39: true
            default: byte == UInt8(ascii: "_")
            }
        }
        for word in text.split(whereSeparator: { !isPart($0) }) {
            if let step = steps.first(where: { word.elementsEqual($0.word.utf8) }) { return step.form }
        }
        return nil
    }
}

extension JudgeRequest {
    /// The body of `POST …/chat/completions`.
    ///
    /// - Throws: ``TransportError``, lasting, where the schema is no JSON.
    func body(_ form: CompletionForm) throws(TransportError) -> [UInt8] {
        let schema = try parsedSchema()
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("model", model)
            json.array("messages") { json in write(messages, to: &json) }
            if !form.without.contains(.temperature) { json.member("temperature", temperature) }
            if !form.without.contains(.topP) { json.member("top_p", topP) }
            if let seed, !form.without.contains(.seed) { json.member("seed", seed) }
            json.member(form.isLimitRenamed ? "max_completion_tokens" : "max_tokens", maxTokens)
            if let topLogProbabilities, !form.without.contains(.logprobs) {
                json.member("logprobs", true)
                json.member("top_logprobs", topLogProbabilities)
            }
            if let schema, form.format != .none {
                json.object("response_format") { json in
                    json.member("type", form.format == .schema ? "json_schema" : "json_object")
                    guard form.format == .schema else { return }
                    json.object("json_schema") { json in
                        json.member("name", "verdict")
                        json.member("strict", true)
                        json.key("schema")
                        schema.write(to: &json)
                    }
                }
            }
        }
        return json.bytes
    }

    /// The schema as a value.
    ///
    /// - Throws: ``TransportError``, lasting, where it is no JSON.
    func parsedSchema() throws(TransportError) -> JSONValue? {
        guard let schema else { return nil }
        do {
            return try JSONValue(parsing: schema.utf8)
        } catch {
            throw TransportError(.lasting, "the answer's schema is no JSON: \(error)")
        }
    }

    /// The turns as objects.
    func write(_ messages: [Message], to json: inout JSONWriter) {
        for message in messages {
            json.object { json in
                json.member("role", message.role.rawValue)
                json.member("content", message.content)
            }
        }
    }
}
