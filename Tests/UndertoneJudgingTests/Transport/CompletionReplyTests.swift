// Answers of servers, read.

import Testing

@testable import UndertoneJudging

@Suite struct CompletionReplyTests {
    private func reply(_ message: String, _ more: String = "") throws -> JudgeReply {
        let json = #"{"id":"chat-1","choices":[{"finish_reason":"stop","message":\#(message)\#(more)}]}"#
        return try JudgeReply(completion: Array(json.utf8))
    }

    @Test func `content may be text, parts of text or nothing`() throws {
        #expect(try reply(#"{"content":"yes"}"#).content == "yes")
        #expect(try reply(#"{"content":[{"type":"text","text":"y"},{"type":"image"},{"text":"es"}]}"#).content == "yes")
        #expect(try reply(#"{"content":null}"#).content == "")
        #expect(try reply(#"{}"#).content == "")
        #expect(try reply(#"{"content":"yes"}"#).requestID == "chat-1")
    }

    @Test func `a refusal has no content, whatever stands beside it`() throws {
        let refusal = try reply(#"{"content":"{\"score\":0}","refusal":"no"}"#)
        #expect(refusal.content == "")
        #expect(refusal.finishReason == "refusal")
        #expect(try reply(#"{"content":"yes","refusal":null}"#).finishReason == "stop")
    }

    @Test(
        "what is no completion is passing, and nothing of it is shown",
        arguments: [
            "", "secret", "[]", "{}", #"{"choices":"secret"}"#, #"{"choices":["secret"]}"#,
            #"{"choices":[{"message":"secret"}]}"#, #"{"choices":[{"message":{"content":7}}]}"#,
            #"{"choices":[],"choices":[{"message":{"content":"secret"}}]}"#, "\u{FEFF}{}",
            #"{"choices":[{"message":{"content":"\ud800 secret"}}]}"#,
        ])
    func noCompletion(body: String) throws {
        let error = try #require(throws: TransportError.self) { try JudgeReply(completion: Array(body.utf8)) }
        #expect(error.kind == .passing(after: nil))
        #expect(!error.description.contains("secret"))
    }

    @Test func `log-probabilities that can't be are left out`() throws {
        let tops =
            #"[{"token":"A","logprob":0.0000001},{"token":"B","logprob":-2},{"token":"C","logprob":3},"#
            + #"{"token":7,"logprob":-1},{"token":"D"},{"token":"E","logprob":"-1"},7]"#
        let reply = try reply(#"{"content":"A"}"#, #","logprobs":{"content":[{"top_logprobs":\#(tops)}]}"#)
        #expect(reply.alternatives == [.init("A", 0), .init("B", -2)])
        for none in ["null", "{}", #"{"content":[]}"#, #"{"content":[{}]}"#, "7"] {
            #expect(try self.reply(#"{"content":"A"}"#, #","logprobs":\#(none)"#).alternatives.isEmpty)
        }
    }

    @Test func `counts that can't be are not known, and names are short`() throws {
        let long = String(repeating: "x", count: 5_000)
        let json =
            #"{"choices":[{"message":{"content":""},"finish_reason":"\#(long)"}],"model":"\#(long)","#
            + #""system_fingerprint":7,"usage":{"prompt_tokens":-1,"completion_tokens":1e300}}"#
        let reply = try JudgeReply(completion: Array(json.utf8), requestID: long)
        #expect(reply.promptTokens == nil)
        #expect(reply.completionTokens == nil)
        #expect(reply.model?.count == 200)
        #expect(reply.finishReason?.count == 200)
        #expect(reply.requestID?.count == 200)
        #expect(reply.fingerprint == nil)
    }
}
