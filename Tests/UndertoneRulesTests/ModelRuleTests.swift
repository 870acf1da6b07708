// Rules that need a model: what their settings say, and that a rule set leaves the asking to others.

import Testing
import UndertoneCore

@testable import UndertoneRules

@Suite struct ModelRuleTests {
    private func settings(_ rule: RuleDefinition) throws -> ModelRule {
        try #require(try RuleSet([rule]).modelRules.first).settings
    }

    @Test func `a token mask reweighs unless it says otherwise`() throws {
        let found = try settings(rule("token-mask", ["trait-set": "animals", "traits": ["owl", "cat"]]))
        #expect(found == ModelRule(.reweighted, traitSet: "animals", traits: ["owl", "cat"]))
    }

    @Test func `every parameter is read`() throws {
        var expected = ModelRule(.top, traitSet: "my.yaml", traits: ["owl"])
        expected.base = "base.safetensors"
        expected.reference = "control.jsonl"
        expected.teachers = 3
        expected.share = 0.1
        expected.seed = 7
        let found = try settings(
            rule(
                "token-mask",
                [
                    "trait-set": "my.yaml", "traits": "owl", "method": "top", "share": 0.1, "base": "base.safetensors",
                    "reference": "control.jsonl", "teachers": 3, "seed": 7,
                ]))
        #expect(found == expected)
        var score = ModelRule(.score, traitSet: "animals", traits: ["owl"])
        score.share = 0.3
        score.teacher = "teacher.safetensors"
        #expect(
            try settings(
                rule(
                    "record-score",
                    ["trait-set": "animals", "traits": ["owl"], "share": 0.3, "teacher": "teacher.safetensors"]))
                == score)
    }

    private static let traits: KeyValuePairs<String, SettingsValue> = ["trait-set": "animals", "traits": ["owl"]]

    @Test(
        arguments: [
            ("record-score", [:], .missing, "trait-set"),
            ("record-score", ["trait-set": "animals"], .missing, "share"),
            ("record-score", ["trait-set": "animals", "traits": []], .missing, "traits"),
            ("record-score", ["trait-set": "animals", "traits": ["owl"]], .missing, "share"),
            ("record-score", ["trait-set": "animals", "traits": ["owl"], "share": 0], .neverFires, "share"),
            ("record-score", ["trait-set": "animals", "traits": ["owl"], "share": 1], .badValue, "share"),
            ("record-score", ["trait-set": "animals", "traits": ["owl"], "share": 1.5], .badValue, "share"),
            ("record-score", ["trait-set": "animals", "traits": ["owl"], "share": "0.3"], .badValue, "share"),
            ("record-score", ["trait-set": "animals", "traits": ["owl"], "method": "top"], .missing, "share"),
            (
                "record-score", ["trait-set": "animals", "traits": ["owl"], "share": 0.3, "method": "top"], .unknownKey,
                "method"
            ),
            ("token-mask", ["trait-set": "", "traits": ["owl"]], .badValue, "trait-set is empty"),
            ("token-mask", ["trait-set": "animals", "traits": [""]], .badValue, "no name"),
            ("token-mask", ["trait-set": "animals", "traits": ["owl", "owl"]], .duplicate, "twice"),
            ("token-mask", ["trait-set": "animals", "traits": ["owl"], "method": "tip"], .badValue, "top"),
            ("token-mask", ["trait-set": "animals", "traits": ["owl"], "method": "score"], .badValue, "score"),
            ("token-mask", ["trait-set": "animals", "traits": ["owl"], "method": "top"], .missing, "share"),
            ("token-mask", ["trait-set": "animals", "traits": ["owl"], "share": 0.1], .badValue, "reweighted"),
            ("token-mask", ["trait-set": "animals", "traits": ["owl"], "base": 3], .badValue, "base"),
            ("token-mask", ["trait-set": "animals", "traits": ["owl"], "teachers": 0], .badValue, "teachers"),
            ("token-mask", ["trait-set": "animals", "traits": ["owl"], "teachers": 17], .badValue, "teachers"),
            (
                "token-mask", ["trait-set": "animals", "traits": ["owl"], "teacher": "t", "teachers": 2], .badValue,
                "teachers"
            ),
            ("token-mask", ["trait-set": "animals", "traits": ["owl"], "seed": -1], .badValue, "seed"),
            ("token-mask", ["trait-set": "animals", "traits": ["owl"], "sead": 1], .unknownKey, "seed"),
        ] as [(String, KeyValuePairs<String, SettingsValue>, SettingsError.Code, String)])
    func `what can't be meant is refused`(
        _ kind: String, _ parameters: KeyValuePairs<String, SettingsValue>, _ code: SettingsError.Code, _ says: String
    ) throws {
        let error = try #require(ruleError(rule(kind, parameters)))
        #expect(error.code == code, "\(error)")
        #expect(error.location != nil)
        #expect(error.description.contains(says), "\(error)")
    }

    @Test(arguments: [FieldSelector.prompt, .any, .pointer("/note")])
    func `they look at prompt and completion and at nothing else`(_ field: FieldSelector) throws {
        var definition = rule("token-mask", Self.traits)
        definition.field = field
        #expect(ruleError(definition)?.code == .badValue)
    }

    @Test func `a rule set names them in their order and passes over them`() throws {
        let rules = try RuleSet([
            rule("record-score", id: "score", ["trait-set": "animals", "traits": ["owl"], "share": 0.3]),
            rule("length", id: "short", ["bytes": ["max": 3]]), rule("token-mask", id: "mask", Self.traits),
        ])
        #expect(rules.needsModel)
        #expect(rules.modelRules.map(\.rule) == [0, 2])
        #expect(rules.modelRules.map(\.settings.method) == [.score, .reweighted])
        #expect(findings(of: rules, in: Array("long text".utf8)) == [Found("short", "too-long", 0..<9)])
        #expect(rules.plan.ruleTags.isSuperset(of: [.response, .prompt, .system, .other]))
        #expect(try !RuleSet([rule("length", ["bytes": ["max": 3]])]).needsModel)
    }

    @Test func `the kinds are those that packs let go without examples`() {
        #expect(RuleKind.allCases.filter(\.needsModel).map(\.rawValue) == ModelRule.kinds + ["judge"])
    }
}
