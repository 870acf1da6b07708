// What an answer comes to, whatever a model writes.

import Testing
import UndertoneCore
import UndertoneStatistics
import UndertoneText

@testable import UndertoneJudging

private let settings = JudgeSettings(name: "default", door: .command(["judge"]), model: "m")

private func judged(
    _ content: String, _ answer: JudgeRule.Answer, finish: String? = "stop",
    _ alternatives: [JudgeReply.Alternative] = [], _ settings: JudgeSettings = settings
) -> Judgement? {
    var reply = JudgeReply(content: content)
    reply.finishReason = finish
    reply.alternatives = alternatives
    let question = JudgeQuestion([], answer: answer, escapes: ["CODE", "REFUSAL"])
    return ModelAnswers().read(reply, to: question, settings)?.judgement
}

@Suite struct ScoreAnswerTests {
    @Test(arguments: [
        #"{"reason": "owls", "score": 72}"#, #"  {"score":72,"reason":"owls"}  "#,
        #"{"reason": "owls", "score": 72, "escape": null}"#, #"{"reason": "owls", "score": 72.0}"#,
        "```json\n{\"reason\": \"owls\",\n \"score\": 72}\n```", #"It is {"reason": "owls", "score": 72}, I think."#,
        #"{"reason": "first", "score": 0} {"reason": "second", "score": 72}"#,
        #"{"reason": "x", "score": 0} {"{"reason": "y", "score": 72}"#,
        #"{ {"reason": "owls {and} {\"score\": 1}", "score": 72}"#,
        #"The data says {"reason": "x", "score": 0}, so: {"reason": "it says {", "score": 72}"#,
    ])
    func `the last object counts`(content: String) {
        #expect(judged(content, .score) == .score(72))
    }

    @Test(arguments: [
        "72", "{}", "}", "{", "{{}}", #"{"score": 72}"#, #"{"reason": "x"}"#, #"{"reason": "x", "score": "72"}"#,
        #"{"reason": "x", "score": 101}"#, #"{"reason": "x", "score": -1}"#, #"{"reason": "x", "score": 1e999}"#,
        #"{"reason": "x", "score": NaN}"#, #"{"reason": "x", "score": null}"#, #"{"reason": "x", "score": true}"#,
        #"{"reason": "x", "score": 5, "pass": true}"#, #"{"reason": "x", "score": 5, "score": 6}"#,
        #"{"reason": "x", "score": 5, "escape": "CODE"}"#, #"{"reason": "x", "score": null, "escape": "OTHER"}"#,
        #"{"reason": null, "score": 5}"#, #"[{"reason": "x", "score": [5]}]"#,
        #"{"reason": "x", "score": 5"#, #"{"reason": "x", "score": 5} {"reason": "cut"#,
        #"{"verdict": {"reason": "x", "score": 5}}"#,
    ])
    func `what is not the form is no answer`(content: String) {
        #expect(judged(content, .score) == nil)
    }

    @Test func `an escape takes the place of a score`() {
        #expect(judged(#"{"reason": "x", "score": null, "escape": "CODE"}"#, .score) == .escape("CODE"))
        #expect(judged(#"{"reason": "x", "escape": "refusal"}"#, .score) == .escape("REFUSAL"))
    }

    @Test func `a reason is short, whatever came`() throws {
        let reason = String(repeating: "e\u{301}", count: 1_000)
        let reply = JudgeReply(content: #"{"reason": "\#(reason)", "score": 1}"#)
        let read = try #require(ModelAnswers().read(reply, to: JudgeQuestion([], answer: .score), settings))
        #expect(read.judgement == .score(1))
        #expect(read.reason?.unicodeScalars.count == 400)
    }

    @Test(arguments: ["{", "}", "{\"", "{\"a\":", "[{", "{}", "{\"reason\":\"", "\\", " ", "{{}"])
    func `a megabyte of anything is read in one go`(piece: String) {
        let content = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
        #expect(judged(content, .score) == nil)
        #expect(judged(content, .number) == nil)
        #expect(judged(content, .letter) == nil)
        // Under the limit of bytes too, where each one is looked at.
        let short = String(repeating: piece, count: 60_000 / piece.utf8.count)
        #expect(judged(short + "}", .score) == nil)
        #expect(judged(short.replacing("}", with: "") + #"{"reason": "x", "score": 3}"#, .score) == .score(3))
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `an echo of the data never binds where the judge answers behind it`(seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        for _ in 0..<40 {
            let echo = HostileData.text(&numbers)
            var json = JSONWriter(.compact)
            json.object { json in
                json.member("reason", "it says " + HostileData.text(&numbers))
                json.member("score", 81)
            }
            let answer = String(decoding: json.bytes, as: UTF8.self)
            #expect(judged(echo + answer, .score) == .score(81), "seed \(seed)")
            let followed = judged(echo + answer + HostileData.text(&numbers), .score)
            // What follows may be an object of its own or spoil the form, yet never be half of the judge's.
            #expect(followed == .score(81) || followed == .score(0) || followed == nil, "seed \(seed)")
        }
    }

    @Test func `the schema is strict and has the reason first`() throws {
        let plain = try JSONValue(parsing: Array(ScoreAnswer.schema(escapes: []).utf8))
        #expect(plain["properties"]?.object?.members.map(\.name) == ["reason", "score"])
        #expect(plain["required"]?.array == [.string("reason"), .string("score")])
        #expect(plain["additionalProperties"]?.boolean == false)
        let schema = try JSONValue(parsing: Array(ScoreAnswer.schema(escapes: ["CODE"]).utf8))
        #expect(schema["properties"]?.object?.members.map(\.name) == ["reason", "score", "escape"])
        #expect(schema["properties"]?["escape"]?["enum"]?.array == [.string("CODE"), .null])
        #expect(schema["required"]?.array?.count == 3)
    }
}

@Suite struct ShortAnswerTests {
    @Test(arguments: [("72", 72.0), (" 72.\n", 72), ("0", 0), ("100", 100), ("72.5", 72.5), ("007", 7)])
    func `a bare number is a score`(content: String, score: Double) {
        #expect(judged(content, .number) == .score(score))
    }

    @Test(arguments: [
        "72 out of 100", "-1", "101", "1e1", "0x10", "+5", "5%", "5 6", "..", ".5", "5..", "NaN", "inf", "\u{661}",
        "score: 5", "5/10", String(repeating: "0", count: 40),
    ])
    func `anything else is no number`(content: String) {
        #expect(judged(content, .number) == nil)
    }

    @Test func `an escape is a word alone`() {
        for answer in [JudgeRule.Answer.number, .letter] {
            #expect(judged("CODE", answer) == .escape("CODE"))
            #expect(judged(" \"Refusal.\" \n", answer) == .escape("REFUSAL"))
            #expect(judged("CODE 5", answer) == nil)
        }
    }

    @Test(arguments: JudgeRule.Answer.allCases)
    func `what was cut off or refused is no score`(answer: JudgeRule.Answer) {
        let whole = [.score: #"{"reason": "x", "score": 5}"#, .number: "5", .letter: "A"][answer] ?? ""
        #expect(judged(whole, answer)?.score != nil)
        #expect(judged(whole, answer, finish: "length") == .unjudged(.cutOff))
        #expect(judged(whole, answer, finish: "content_filter") == .unjudged(.refused))
        #expect(judged(whole, answer, finish: "refusal") == .unjudged(.refused))
        #expect(judged(" \n", answer) == .unjudged(.refused))
        #expect(judged("", answer, finish: nil) == .unjudged(.refused))
        #expect(judged(whole, answer, finish: nil)?.score != nil)
    }
}

@Suite struct LetterAnswerTests {
    @Test func `a letter's score is its share of both letters' probability over all spellings`() throws {
        let alternatives: [JudgeReply.Alternative] = [
            .init("A", -1), .init(" A", -2), .init("a", -3), .init("\u{2581}B", -1.5), .init("(B", -4),
            .init("The", -0.5),
            .init("AB", -0.1), .init("\u{120}b", .nan), .init("\"B\"", -.infinity),
        ]
        // exp(-1) + exp(-2) + exp(-3) = 0.5530017930, exp(-1.5) + exp(-4) = 0.2414457990.
        let score = try #require(judged("A", .letter, alternatives)?.score)
        #expect(abs(score - 69.608_356) < 1e-4)
        // The first token is all that counts, so that a limit of one token is none.
        #expect(judged("A because", .letter, finish: "length", alternatives)?.score == score)
        #expect(judged("B", .letter, [.init("B", 0.1)]) == .score(0))
        #expect(judged("A", .letter, [.init("A", -0.1)]) == .score(100))
    }

    @Test func `letters that were hardly ever considered are no answer`() {
        #expect(judged("The", .letter, [.init("The", -0.01)]) == nil)
        #expect(judged("The", .letter, [.init("The", -0.01), .init("A", -9)]) == nil)
        #expect(judged("A", .letter, [.init("A", -9_999), .init("B", -9_999)]) == nil)
        #expect(judged("A", .letter, [.init("A", .nan)]) == nil)
        #expect(judged("CODE", .letter, [.init("CO", -0.01), .init("A", -3)]) == .escape("CODE"))
    }

    @Test func `without log-probabilities the letter alone counts, unless they are required`() {
        #expect(judged("A", .letter) == .score(100))
        #expect(judged(" (b). ", .letter) == .score(0))
        #expect(judged("A or B", .letter) == nil)
        #expect(judged("Answer: A", .letter) == nil)
        var strict = settings
        strict.requiresLogProbabilities = true
        #expect(judged("A", .letter, [], strict) == nil)
        #expect(judged("A", .letter, [.init("A", -1)], strict) == .score(100))
    }
}

@Suite struct AnswerRequestTests {
    @Test func `a request asks for its form and no more`() {
        var settings = settings
        settings.seed = 7
        settings.temperature = 0.5
        let turns: [JudgeRequest.Message] = [.init(.system, "s"), .init(.user, "u")]
        let score = ModelAnswers().request(for: JudgeQuestion(turns, answer: .score, escapes: ["CODE"]), settings)
        #expect(score.model == "m" && score.messages == turns && score.seed == 7 && score.temperature == 0.5)
        #expect(score.maxTokens == 300 && score.topLogProbabilities == nil)
        #expect(score.schema == ScoreAnswer.schema(escapes: ["CODE"]))
        let number = ModelAnswers().request(for: JudgeQuestion(turns, answer: .number), settings)
        #expect(number.maxTokens == 16 && number.schema == nil && number.topLogProbabilities == nil)
        let letter = ModelAnswers().request(for: JudgeQuestion(turns, answer: .letter), settings)
        #expect(letter.maxTokens == 16 && letter.schema == nil && letter.topLogProbabilities == 20)
    }

    @Test(arguments: JudgeRule.Answer.allCases)
    func `a repair says the form again and holds nothing of the reply`(answer: JudgeRule.Answer) {
        let question = JudgeQuestion([.init(.system, "s"), .init(.user, "u")], answer: answer, escapes: ["CODE"])
        let request = ModelAnswers().request(for: question, settings)
        let repaired = ModelAnswers().repair(request, after: JudgeReply(content: "<evil>"), to: question)
        #expect(repaired.messages.map(\.role) == [.system, .user])
        #expect(repaired.messages[0].content == "s")
        #expect(repaired.messages[1].content.hasPrefix("u\n\nYour last answer did not have the form"))
        #expect(repaired.messages[1].content.contains("CODE"))
        #expect(!repaired.messages[1].content.contains("evil"))
        var rest = repaired
        rest.messages = request.messages
        #expect(rest == request)
    }
}
