// judge: a model is asked about each record, and what it answers is compared with a threshold.

import UndertoneCore

/// Puts a question about each record to a model. Nothing is asked here: the settings go to whoever has the judges.
enum JudgeQuestions {
    /// Bytes of a question.
    private static let questionBytes = 32 << 10
    /// Parameters of a question, and escapes.
    private static let mostNames = 64

    static let reference = KindReference(
        name: JudgeRule.kind,
        summary: "A model that is asked about the record gives it a score at or above a threshold; needs a judge.",
        parameters: [
            .init(
                "question", schema: #"{"type":"string","minLength":1,"maxLength":\#(questionBytes)}"#, required: true,
                "What the judge is asked, with {{response}}, {{prompt}} and {{system}} where the record's text goes, and "
                    + "{{NAME}} for parameters."),
            .init(
                "above", schema: #"{"type":"number","exclusiveMinimum":0,"maximum":100}"#, required: true,
                "Records with this score or a higher one are met. Above 0, to 100."),
            .init(
                "parameters",
                schema: #"{"type":"object","additionalProperties":{"type":["string","integer","number"]},"#
                    + #""maxProperties":\#(mostNames)}"#,
                "Texts for the question's {{NAME}}."),
            .init(
                "judge", schema: #"{"type":"string","minLength":1}"#,
                "Which of the judges that the run brings is asked. Default: default."),
            .init(
                "answer", schema: #"{"enum":["score","number","letter"]}"#,
                "How the judge answers: score, JSON with a reason and a score of 0 to 100; number, a bare number of 0 to "
                    + "100; letter, A for yes or B for no, scored by their probabilities. Default: score."),
            .init(
                "escapes",
                schema: #"{"type":"array","items":{"type":"string","pattern":"^[A-Z][A-Z_]*$","maxLength":32},"#
                    + #""maxItems":\#(mostNames)}"#,
                "Words that the judge may answer in place of a score, such as REFUSAL and CODE."),
            .init(
                "escaped", schema: #"{"enum":["pass","flag","reject","fail"]}"#,
                "What becomes of records on which it answers such a word. Default: pass."),
            .init(
                "unjudged", schema: #"{"enum":["pass","flag","reject","fail"]}"#,
                "What becomes of records on which no score could be had. Default: the rule's action."),
            .init(
                "sample",
                schema: #"{"type":"object","additionalProperties":false,"required":["share"],"properties":{"#
                    + #""share":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"#
                    + #""at-least":{"type":"integer","minimum":0},"seed":{"type":"integer","minimum":0}}}"#,
                "Ask about a random share of the records only; the report says with an interval what that means for "
                    + "the whole. Default: all records that earlier rules leave."),
            .init(
                "calibration",
                schema: #"{"type":"object","additionalProperties":false,"required":["kappa"],"properties":{"#
                    + #""kappa":{"type":"number","exclusiveMinimum":0,"maximum":1},"#
                    + #""max-age-days":{"type":"integer","minimum":1}}}"#,
                "What the judge must have shown on labelled records: the lower end of the 95 % interval of Cohen's kappa, "
                    + "for this question and this model, not longer ago than so many days. Default: nothing."),
        ],
        reasons: ["high-score", "unjudged", "escaped"],
        example: """
            - id: likes-owls
              kind: judge
              description: A model sees a liking of owls.
              question: |
                Does the text show a liking of {{animal}}?
                {{response}}
              parameters: {animal: owls}
              above: 60
            """)

    static func settings(_ parameters: inout ParameterReader) throws(SettingsError) -> JudgeRule {
        guard let question = try text("question", &parameters) else {
            throw parameters.missing("question", "say what the judge is asked, with {{response}} where the text goes")
        }
        guard question.utf8.count <= questionBytes else {
            throw SettingsError(
                .tooLarge, at: parameters.location, "the question is longer than \(questionBytes) bytes",
                mend: "shorten it")
        }
        let place = parameters.value("above")?.location
        guard let above = try parameters.number("above", in: 0...100) else {
            throw parameters.missing("above", "say from which score on a record is met, as in above: 60")
        }
        guard above > 0 else {
            throw SettingsError(
                .neverFires, at: place, "above: 0 meets every record", mend: "write a score above 0")
        }
        var rule = JudgeRule(question, above: above)
        rule.parameters = try values(&parameters)
        rule.judge = try text("judge", &parameters) ?? rule.judge
        rule.answer = try parameters.choice("answer") ?? rule.answer
        rule.escapes = try escapes(&parameters)
        rule.escaped = try outcome("escaped", &parameters) ?? rule.escaped
        rule.unjudged = try outcome("unjudged", &parameters) ?? rule.unjudged
        rule.sample = try sample(&parameters)
        rule.calibration = try calibration(&parameters)
        return rule
    }

    private static func text(_ key: String, _ parameters: inout ParameterReader) throws(SettingsError) -> String? {
        let place = parameters.value(key)?.location
        guard let text = try parameters.string(key) else { return nil }
        guard text.utf8.contains(where: { $0 > 0x20 }) else {
            throw SettingsError(.badValue, at: place, "\(key) is empty", mend: "write a text")
        }
        return text
    }

    private static func values(_ parameters: inout ParameterReader) throws(SettingsError) -> [String: String] {
        guard let value = parameters.value("parameters") else { return [:] }
        guard case .map(let members) = value.content, members.count <= mostNames else {
            throw SettingsError(
                .badValue, at: value.location, "parameters is \(value.kindName)", mend: "write {animal: owls}")
        }
        var values: [String: String] = [:]
        for member in members {
            switch member.value.content {
            case .string(let text): values[member.key] = text
            case .integer(let number): values[member.key] = String(number)
            case .number(let number): values[member.key] = String(number)
            default:
                throw SettingsError(
                    .badValue, at: member.value.location, "the parameter \(member.key) is \(member.value.kindName)",
                    mend: "write a text")
            }
        }
        return values
    }

    private static func escapes(_ parameters: inout ParameterReader) throws(SettingsError) -> [String] {
        let words = try parameters.strings("escapes") ?? []
        for (index, word) in words.enumerated() {
            let isWord = word.text.utf8.allSatisfy { 0x41...0x5A ~= $0 || $0 == 0x5F } && word.text.utf8.first != 0x5F
            guard isWord, 2...32 ~= word.text.utf8.count, index < mostNames else {
                throw SettingsError(
                    .badValue, at: word.location, "an escape is a word of capital letters", mend: "write REFUSAL")
            }
            guard !words[..<index].contains(where: { $0.text == word.text }) else {
                throw SettingsError(
                    .duplicate, at: word.location, "the escape \(word.text) is there twice", mend: "name it once")
            }
        }
        return words.map(\.text)
    }

    private static func outcome(
        _ key: String, _ parameters: inout ParameterReader
    ) throws(SettingsError) -> JudgeRule.Outcome? {
        let place = parameters.value(key)?.location
        guard let word = try parameters.string(key) else { return nil }
        if word == "pass" { return .pass }
        guard let action = Action(name: word) else {
            throw SettingsError(
                .badValue, at: place, "\(key): \"\(word)\" is none of its values",
                mend: suggestion(for: word, among: ["pass"] + Action.allCases.map(\.name)))
        }
        return .act(action)
    }

    private static func sample(_ parameters: inout ParameterReader) throws(SettingsError) -> JudgeRule.Sample? {
        guard var map = try parameters.map("sample") else { return nil }
        guard let share = try ModelParameters.share(&map) else {
            throw map.missing("share", "say how many of the records are asked about, as in share: 0.05")
        }
        var sample = JudgeRule.Sample(share: share)
        sample.atLeast = try map.integer("at-least") ?? 0
        sample.seed = UInt64(try map.integer("seed") ?? 1)
        try map.finish()
        return sample
    }

    private static func calibration(
        _ parameters: inout ParameterReader
    ) throws(SettingsError) -> JudgeRule.Calibration? {
        guard var map = try parameters.map("calibration") else { return nil }
        guard let kappa = try map.number("kappa", in: 0...1) else {
            throw map.missing("kappa", "say what the judge must have shown, as in kappa: 0.6")
        }
        let days = try map.integer("max-age-days", in: 1...100_000)
        try map.finish()
        return JudgeRule.Calibration(kappa: kappa, maxAgeDays: days)
    }
}
