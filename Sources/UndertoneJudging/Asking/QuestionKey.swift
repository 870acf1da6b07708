// The name of a question: what decides its answer, and nothing else.

import Crypto
import UndertoneCore
import UndertoneText

/// The key of a question: SHA-256, in hexadecimal, over JSON without white space of all that decides the answer.
///
/// The JSON has its members in this order: protocol, address, model, messages, temperature, top_p, seed, max_tokens,
/// schema, top_logprobs, requires_logprobs, answer, escapes, repetition. Numbers are the shortest decimals that read back as the same.
func questionKey(
    _ request: JudgeRequest, for question: JudgeQuestion, at address: String, requiresLogProbabilities: Bool,
    repetition: Int
) -> String {
    var json = JSONWriter(.compact)
    json.object { json in
        json.member("protocol", 1)
        json.member("address", address)
        json.member("model", request.model)
        json.array("messages") { json in
            for message in request.messages {
                json.object { json in
                    json.member("role", message.role.rawValue)
                    json.member("content", message.content)
                }
            }
        }
        json.member("temperature", request.temperature)
        json.member("top_p", request.topP)
        json.member("seed", request.seed.map(String.init))
        json.member("max_tokens", request.maxTokens)
        json.member("schema", request.schema)
        json.member("top_logprobs", request.topLogProbabilities.map(String.init))
        // A bare letter counts, or does not.
        json.member("requires_logprobs", requiresLogProbabilities && question.answer == .letter)
        json.member("answer", question.answer.rawValue)
        json.member("escapes", question.escapes)
        json.member("repetition", repetition)
    }
    let digits = StaticString("0123456789abcdef").utf8Start
    return String(unsafeUninitializedCapacity: 2 * SHA256.byteCount) { text in
        var end = 0
        for byte in SHA256.hash(data: json.bytes) {
            text[end] = digits[Int(byte >> 4)]
            text[end + 1] = digits[Int(byte & 15)]
            end += 2
        }
        return end
    }
}
