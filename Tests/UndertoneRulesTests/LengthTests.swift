import Testing
import UndertoneCore

@testable import UndertoneRules

@Suite struct LengthTests {
    @Test(arguments: [
        ("bytes", "", 0), ("bytes", "é1", 3), ("characters", "é1", 2), ("characters", "e\u{301}\u{1F989}", 3),
        ("lines", "", 0), ("lines", "a", 1), ("lines", "a\n", 1), ("lines", "a\nb", 2), ("lines", "\n\n", 2),
        ("lines", "a\r\nb\r\n", 2), ("items", "1, 2, 3", 3), ("items", "", 0), ("items", " , ;\n", 0),
        ("items", "1,2;3\n4,", 4),
        ("items", "1 2 3", 1), ("items", "\u{3000},\u{A0}1", 1), ("items", "a,,b", 2), ("items", "owl", 1),
    ])
    func `sizes are counted as documented`(_ measure: String, _ text: String, _ size: Int) throws {
        let whole = 0..<text.utf8.count
        func found(_ bounds: SettingsValue) throws -> [Found] {
            try findings(of: [rule("length", ["\(measure)": bounds])], in: text)
        }
        let value = SettingsValue(integerLiteral: size)
        #expect(try found(["min": value, "max": value]) == [])
        #expect(try found(["min": SettingsValue(integerLiteral: size + 1)]) == [Found("rule", "too-short", whole)])
        if size > 0 {
            #expect(try found(["max": SettingsValue(integerLiteral: size - 1)]) == [Found("rule", "too-long", whole)])
        }
    }

    @Test func `every measure out of bounds is a finding`() throws {
        let rule = rule("length", ["bytes": ["max": 3], "items": ["min": 3], "lines": ["min": 1]])
        #expect(try findings(of: [rule], in: "1, 2").map(\.reason) == ["too-long", "too-short"])
    }

    @Test func `item separators can be chosen`() throws {
        let rule = rule("length", ["items": ["max": 2], "item-separators": "、|"])
        #expect(try findings(of: [rule], in: "1、2|3").count == 1)
        #expect(try findings(of: [rule], in: "1,2,3").isEmpty)
    }

    @Test func `a megabyte of continuation bytes is counted`() throws {
        let rules = try RuleSet([rule("length", ["characters": ["min": 1], "lines": ["max": 1], "items": ["max": 1]])])
        let bytes = [UInt8](repeating: 0x80, count: 1 << 20)
        #expect(findings(of: rules, in: bytes).map(\.reason) == ["too-short"])
    }

    @Test func `bounds that say nothing are errors`() {
        #expect(ruleError(rule("length", [:]))?.code == .missing)
        #expect(ruleError(rule("length", ["bytes": [:]]))?.code == .missing)
        #expect(ruleError(rule("length", ["bytes": ["min": 0]]))?.code == .neverFires)
        #expect(ruleError(rule("length", ["bytes": ["min": 3, "max": 2]]))?.code == .neverFires)
        #expect(ruleError(rule("length", ["bytes": ["max": -1]]))?.code == .badValue)
        #expect(ruleError(rule("length", ["bytes": ["max": 1], "item-separators": ","]))?.code == .missing)
        #expect(ruleError(rule("length", ["bites": ["max": 1]]))?.code != nil)
    }

    @Test func `the explanation gives the sizes`() throws {
        let definition = rule("length", ["bytes": ["max": 1], "characters": ["max": 1], "items": ["max": 1]])
        let length = try check(definition).pointee.length
        withField(Array("é, 1".utf8)) { field in
            #expect(length.pointee.explanation(of: field) == "5 bytes, 4 characters, 2 items")
        }
    }
}
