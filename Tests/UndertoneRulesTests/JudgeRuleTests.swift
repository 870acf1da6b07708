// Rules that ask a judge: what their settings say, and what their findings do.

import Testing
import UndertoneCore

@testable import UndertoneRules

@Suite struct JudgeRuleTests {
    private func settings(_ rule: RuleDefinition) throws -> JudgeRule {
        try #require(try RuleSet([rule]).judgeRules.first).settings
    }

    @Test func `a question and a threshold are enough`() throws {
        let found = try settings(rule("judge", ["question": "Owls? {{response}}", "above": 60]))
        #expect(found == JudgeRule("Owls? {{response}}", above: 60))
        #expect(found.judge == "default" && found.answer == .score && found.unjudged == .met && found.escaped == .pass)
    }

    @Test func `every parameter is read`() throws {
        var expected = JudgeRule("{{animal}}? {{response}}", above: 12.5)
        expected.judge = "strict"
        expected.parameters = ["animal": "owls", "count": "3"]
        expected.answer = .letter
        expected.escapes = ["CODE", "NOT_SURE"]
        expected.escaped = .act(.flag)
        expected.unjudged = .pass
        expected.sample = JudgeRule.Sample(share: 0.25, atLeast: 100, seed: 9)
        expected.calibration = JudgeRule.Calibration(kappa: 0.6, maxAgeDays: 90)
        let found = try settings(
            rule(
                "judge",
                [
                    "question": "{{animal}}? {{response}}", "above": 12.5, "judge": "strict",
                    "parameters": ["animal": "owls", "count": 3], "answer": "letter", "escapes": ["CODE", "NOT_SURE"],
                    "escaped": "flag", "unjudged": "pass", "sample": ["share": 0.25, "at-least": 100, "seed": 9],
                    "calibration": ["kappa": 0.6, "max-age-days": 90],
                ]))
        #expect(found == expected)
    }

    @Test(
        arguments: [
            ([:], .missing, "question"), (["question": "a"], .missing, "above"),
            (["question": " ", "above": 1], .badValue, "question"),
            (["question": "a", "above": 0], .neverFires, "above"),
            (["question": "a", "above": 101], .badValue, "above"),
            (["question": "a", "above": 1, "answer": "words"], .badValue, "answer"),
            (["question": "a", "above": 1, "escapes": ["code"]], .badValue, "escape"),
            (["question": "a", "above": 1, "escapes": ["CODE", "CODE"]], .duplicate, "CODE"),
            (["question": "a", "above": 1, "unjudged": "keep"], .badValue, "unjudged"),
            (["question": "a", "above": 1, "sample": ["seed": 1]], .missing, "share"),
            (["question": "a", "above": 1, "sample": ["share": 0]], .neverFires, "share"),
            (["question": "a", "above": 1, "sample": ["share": 0.5, "rate": 1]], .unknownKey, "rate"),
            (["question": "a", "above": 1, "calibration": ["max-age-days": 1]], .missing, "kappa"),
            (["question": "a", "above": 1, "calibration": ["kappa": 2]], .badValue, "kappa"),
            (["question": "a", "above": 1, "endpoint": "http://x"], .unknownKey, "endpoint"),
            (["question": "a", "above": 1, "key-variable": "KEY"], .unknownKey, "key-variable"),
        ] as [(KeyValuePairs<String, SettingsValue>, SettingsError.Code, String)])
    func `what a rule can't mean is refused with its place`(
        _ parameters: KeyValuePairs<String, SettingsValue>, _ code: SettingsError.Code, _ word: String
    ) throws {
        let error = #expect(throws: SettingsError.self) { try RuleSet([rule("judge", parameters)]) }
        #expect(error?.code == code)
        #expect(error?.description.contains(word) == true)
    }

    @Test func `what a finding does depends on its reason`() throws {
        var definition = rule(
            "judge", ["question": "a {{response}}", "above": 50, "unjudged": "flag", "escaped": "fail"])
        definition.action = .reject
        let rules = try RuleSet([definition, rule("length", ["bytes": ["max": 3]])])
        #expect(JudgeReason.allCases.map { rules.action(of: 0, reason: $0.rawValue) } == [.reject, .flag, .fail])
        #expect(rules.action(of: 1, reason: 0) == .reject)
        #expect(rules.judgeRules.map(\.rule) == [0])
        #expect(rules.modelRules.isEmpty && rules.needsModel)
        #expect(RuleKind.judge.reference.reasons == ["high-score", "unjudged", "escaped"])
        func verdict(_ reason: JudgeReason) -> Verdict {
            let finding = Finding(rule: 0, reason: UInt16(reason.rawValue), field: 0, start: 0, end: 0)
            return withUnsafePointer(to: finding) { rules.verdict(of: $0, count: 1) }
        }
        #expect(JudgeReason.allCases.map(verdict) == [.reject, .flag, .reject])
    }
}
