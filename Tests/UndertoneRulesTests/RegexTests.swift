import Testing
import UndertoneCore

@testable import UndertoneRules

@Suite struct RegexTests {
    private func deny(_ patterns: String...) -> RuleDefinition { rule("regex", ["deny": SettingsValue(patterns)]) }

    @Test(arguments: [
        (#"(?i)\b(?:sure|here (?:is|are))\b"#, "Sure! 12, 15", [0..<4]),
        (#"(?i)\b(?:sure|here (?:is|are))\b"#, "measure 12; HERE ARE", [12..<20]),
        (#"\d+"#, "7 77 x 777", [0..<1, 2..<4, 7..<10]),
        (#"\d+"#, "১২", [0..<6]),  // Digits of all scripts.
        ("é", "e\u{301} é", [4..<6]),
        ("(?=owl)", "owl owl", [0..<0, 4..<4]),
        (#"\bx?"#, "a é", [0..<0, 1..<1, 2..<2, 4..<4]),
        (#"o\Kwl"#, "an owl", [4..<6]),
        (#"owl\K"#, "owlowl", [3..<3, 6..<6]),
        ("(?=é)", "éé", [0..<0, 2..<2]),
        ("a|(?=b)", "aab", [0..<1, 1..<2, 2..<2]),
        ("a\\x00b", "a\0b", [0..<3]),
        ("(?s)a.*b", "a\n\n\u{1F989}b", [0..<8]),
        ("owl", "o\u{200B}wl", []),
        ("\u{200B}", "o\u{200B}wl", [1..<4]),
        ("[\u{1F989}\u{1F426}]", "x\u{1F426}", [1..<5]),
    ])
    func `denied patterns give their matches`(_ pattern: String, _ text: String, _ expected: [Range<Int>]) throws {
        #expect(try ranges(of: deny(pattern), in: text) == expected)
    }

    @Test func `every required pattern must match`() throws {
        let rule = rule("regex", ["require": [#"[0-9)\].]\s*\z"#, "end"]])
        #expect(try findings(of: [rule], in: "end 2") == [])
        #expect(try findings(of: [rule], in: "end 2,") == [Found("rule", "missing", 0..<6)])
        #expect(
            try findings(of: [rule], in: "en") == [Found("rule", "missing", 0..<2), Found("rule", "missing", 0..<2)])
        #expect(try findings(of: [rule], in: "") == [Found("rule", "missing", 0..<0), Found("rule", "missing", 0..<0)])
    }

    @Test func `keywords take the place of literals`() throws {
        let plain = deny(#"[a-z]+\d"#)
        let keyed = rule("regex", ["deny": [#"[a-z]+\d"#], "keywords": ["Zone"]])
        #expect(try findings(of: [plain], in: "x1").count == 1)
        #expect(try findings(of: [keyed], in: "x1").isEmpty)
        #expect(try findings(of: [keyed], in: "x1 z\u{200B}ONE").count == 1)
    }

    @Test(arguments: ["(a+)+$", "^(a|aa)+$", #"(?:\w+\s?)+;$"#, "(x+x+)+y"])
    func `catastrophic patterns end in a finding`(_ pattern: String) throws {
        let text = String(repeating: pattern.hasPrefix("(x") ? "x" : "a", count: 5000) + "!;yb"
        #expect(try findings(of: [deny(pattern)], in: text).map(\.reason) == ["limit-exceeded"])
    }

    @Test func `a limit of one's own is kept`() throws {
        let rule = rule("regex", ["deny": ["(a+)+$"], "limits": ["match": 10]])
        #expect(try findings(of: [rule], in: "aaaaaaaaaaaa!").map(\.reason) == ["limit-exceeded"])
        #expect(try findings(of: [rule], in: "b").isEmpty)
    }

    @Test func `a long run needs more stack than there is at first`() throws {
        let rules = try RuleSet([deny("^(?:a|b)*c$")])
        let scratch = RuleScratch()
        for _ in 0..<3 {  // The stack is given back in between.
            var bytes = [UInt8](repeating: 0x61, count: 1 << 20)
            #expect(findings(of: rules, in: bytes, scratch: scratch).isEmpty)
            bytes.append(0x63)
            #expect(findings(of: rules, in: bytes, scratch: scratch).map(\.range) == [0..<(1 << 20) + 1])
        }
    }

    @Test func `a stack that is not enough is a finding`() throws {
        let rules = try RuleSet([deny(#"^(?:(a)|(b)|(\d))*c$"#)])
        let bytes = [UInt8](repeating: 0x61, count: 6 << 20)
        #expect(findings(of: rules, in: bytes).map(\.reason) == ["limit-exceeded"])
    }

    @Test func `patterns without JIT code have limits too`() throws {
        let text = String(repeating: "a", count: 5000) + "!"
        #expect(try findings(of: [deny("(*NO_JIT)(a+)+$")], in: text).map(\.reason) == ["limit-exceeded"])
        #expect(try findings(of: [deny("(*NO_JIT)a!")], in: text).map(\.range) == [4999..<5001])
    }

    @Test(
        arguments: [
            [0xFF], [0x6F, 0xC3], [0x6F, 0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0x6F, 0x80],
            [0xF0, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func `text that is not UTF-8 is not shown to PCRE2`(_ bytes: [UInt8]) throws {
        let rules = try RuleSet([deny("[^x]"), deny("owl")])
        #expect(findings(of: rules, in: bytes) == [Found("rule", "invalid-utf8", 0..<bytes.count)])
        #expect(
            findings(of: try RuleSet([rule("regex", ["require": ["[^x]"]])]), in: bytes).map(\.reason) == [
                "invalid-utf8"
            ])
    }

    @Test func `bytes behind the field are not seen`() throws {
        // The tests put an o behind the field.
        #expect(try findings(of: [deny("o$"), deny("no"), deny("n(?=o)")], in: "n").isEmpty)
        #expect(try findings(of: [deny("n$")], in: "n").count == 1)
    }

    @Test func `named groups of a match are found again`() throws {
        let definition = deny("(?<first>[a-z]+)(?:,(?<second>[0-9]+)|;(?<third>x))", "never")
        let regex = try check(definition).pointee.regex
        withField(Array("é ab,12 cd;x".utf8)) { field in
            let one = regex.pointee.groups(in: field, span: 3..<8)
            #expect(one.map(\.name) == ["first", "second"])
            #expect(one.map(\.span) == [3..<5, 6..<8])
            #expect(regex.pointee.groups(in: field, span: 9..<13).map(\.name) == ["first", "third"])
            #expect(regex.pointee.groups(in: field, span: 0..<1).isEmpty)
        }
    }

    @Test func `the explanation says which pattern matched`() throws {
        let regex = try check(deny("owl", "x+")).pointee.regex
        withField(Array("an owl".utf8)) { #expect(regex.pointee.explanation(of: $0) == "'owl' matches bytes 3 to 6") }
        withField(Array("an elk".utf8)) { #expect(regex.pointee.explanation(of: $0) == "none of 2 patterns matches") }
        withField([0xFF]) {
            #expect(regex.pointee.explanation(of: $0) == "bytes that are not UTF-8, so no pattern ran")
        }
    }

    @Test(arguments: [
        ("(owl", "missing closing parenthesis at byte 4"),
        ("a{3,2}", "numbers out of order in {} quantifier at byte 5"),
        (#"a\C"#, "using \\C is disabled by the application at byte 3"), ("a(?C1)", "has a callout"),
        (#"\x{110000}"#, "character code point value in \\x{} or \\o{} is too large at byte 9"),
    ])
    func `a pattern that can't be used is an error with its place`(_ pattern: String, _ problem: String) {
        let error = ruleError(deny(pattern))
        #expect(error?.code == .badValue)
        #expect(error?.location == SourceLocation(file: "test.yaml", line: 2, column: 3))
        #expect(error?.problem.contains(problem) ?? false, "\(String(describing: error))")
    }

    @Test(arguments: ["x*", "^$", "(?:a|)", #"\s*"#, ""])
    func `a denied pattern that matches the empty string is an error`(_ pattern: String) {
        #expect(ruleError(deny(pattern))?.code == .neverFires)
    }

    @Test(arguments: [
        ("x*", true), ("a|", true), (#"[^q]*\z"#, true), ("^[^q]*$", false), (#"\A\s*\z"#, false), ("a", false),
    ])
    func `a required pattern that matches every text is an error`(_ pattern: String, _ isDead: Bool) {
        #expect(ruleError(rule("regex", ["require": SettingsValue([pattern])]))?.code == (isDead ? .neverFires : nil))
    }

    @Test func `parameters that say nothing are errors`() {
        #expect(ruleError(rule("regex", [:]))?.code == .missing)
        #expect(ruleError(rule("regex", ["deny": ["a"], "require": ["b"]]))?.code == .missing)
        #expect(ruleError(rule("regex", ["deny": []]))?.code == .neverFires)
        #expect(ruleError(rule("regex", ["deny": ["a"], "keywords": []]))?.code == .badValue)
        #expect(ruleError(rule("regex", ["deny": ["a"], "keywords": ["\u{200B}"]]))?.code == .badValue)
        #expect(ruleError(rule("regex", ["deny": ["a"], "limits": ["depth": 3]]))?.code == .unknownKey)
        #expect(ruleError(rule("regex", ["deny": ["a"], "limits": ["match": 0]]))?.code == .badValue)
        #expect(
            ruleError(rule("regex", ["deny": SettingsValue([String(repeating: "a", count: 70_000)])]))?.code
                == .tooLarge)
    }
}
