import Testing
import UndertoneCore

@testable import UndertoneRules

@Suite struct CharsetTests {
    static let digits = rule("charset", ["allow": ["characters": ",", "classes": ["ascii-digit", "ascii-space"]]])

    @Test(arguments: [
        ("1, 2, 3", []),
        ("", []),
        ("1, owl", [3..<6]),
        ("owl, 1 x", [0..<3, 7..<8]),
        ("12345678901234567890\u{0}", [20..<21]),
        ("1, \u{FF11}", [3..<6]),  // A full-width 1 is not ASCII.
        ("১২", [0..<6]),
        ("1\u{200B}2", [1..<4]),
        ("1 \u{1F989}\u{1F989} 2", [2..<10]),
    ])
    func `runs of characters outside a whitelist are found`(_ text: String, _ expected: [Range<Int>]) throws {
        #expect(try ranges(of: Self.digits, in: text) == expected)
    }

    @Test(arguments: [
        ("plain text", []),
        ("a\u{2028}b é", [1..<4]),
        ("\u{1F989}", [0..<4]),
        ("x\u{2028}\u{1F989}", [1..<8]),
    ])
    func `runs of characters of a blacklist are found`(_ text: String, _ expected: [Range<Int>]) throws {
        let rule = rule("charset", ["deny": ["characters": "\u{1F989}\u{2028}"]])
        #expect(try ranges(of: rule, in: text) == expected)
    }

    @Test(arguments: [
        ("letter", "aéж語𝒳ª", "1,\u{301}€ "), ("digit", "1১１𝟘", "aⅣ½②"),
        ("space", " \t\n\u{A0}\u{2028}\u{3000}", "a_\u{200B}"),
        ("mark", "\u{301}\u{20E3}", "e_"), ("punctuation", "!,—«»、_", "+$a"), ("symbol", "+$€^\u{1F989}", "!a"),
        ("ascii-digit", "0189", "１a/:"), ("ascii-letter", "azAZ", "@[`{é1"),
        ("ascii-space", " \t\n\u{B}\u{C}\r", "\u{A0}\0"),
        ("ascii-punctuation", "!/:@[`{~_", " 0Aa\u{7F}—"),
    ])
    func `classes hold what Unicode says`(_ name: String, _ inside: String, _ outside: String) throws {
        let allow = rule("charset", ["allow": ["classes": SettingsValue([name])]])
        let deny = rule("charset", ["deny": ["classes": SettingsValue([name])]])
        #expect(try ranges(of: allow, in: inside) == [])
        #expect(try ranges(of: deny, in: outside) == [])
        #expect(try ranges(of: deny, in: inside) == [0..<inside.utf8.count])
        #expect(try ranges(of: allow, in: outside) == [0..<outside.utf8.count])
    }

    @Test func `bytes that are no UTF-8 are outside every list`() throws {
        let bytes: [UInt8] = [0x31, 0xFF, 0xC3, 0x31, 0xED, 0xA0, 0x80]
        let allowing = findings(of: try RuleSet([Self.digits]), in: bytes)
        #expect(allowing.map(\.range) == [1..<3, 4..<7])
        let denying = try RuleSet([rule("charset", ["deny": ["classes": ["letter"]]])])
        #expect(findings(of: denying, in: bytes) == [])
    }

    @Test func `lists that say nothing are errors`() {
        #expect(ruleError(rule("charset", ["allow": ["characters": ""]]))?.code == .neverFires)
        #expect(ruleError(rule("charset", ["deny": ["classes": []]]))?.code == .neverFires)
        #expect(ruleError(rule("charset", [:]))?.code == .missing)
        #expect(
            ruleError(rule("charset", ["allow": ["characters": "a"], "deny": ["characters": "b"]]))?.code == .missing)
        #expect(
            ruleError(rule("charset", ["allow": ["classes": ["ascii-digits"]]]))?.mend
                == "did you mean \"ascii-digit\"?")
        #expect(ruleError(rule("charset", ["allow": ["character": "a"]]))?.code == .unknownKey)
    }

    @Test func `the explanation counts and names the first character`() throws {
        let charset = try check(Self.digits).pointee.charset
        withField(Array("1, 2, owl".utf8)) { field in
            #expect(
                charset.pointee.explanation(of: field)
                    == "3 characters outside the whitelist, the first U+006F 'o' at byte 6")
        }
    }

    @Test(arguments: 1...40) func `agrees with a plain implementation on generated texts`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "1", ",", " ", "a", "é", "\u{301}", "語", "\u{1F989}", "\0", "12, 13, 14, 15, 16", "\u{200B}", "১",
        ]
        let characters = (0..<3).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        let classes = [CharacterClass.allCases.randomElement(using: &random) ?? .letter]
        let allows = Bool.random(using: &random)
        let rules = try RuleSet([
            rule(
                "charset",
                [
                    (allows ? "allow" : "deny"): [
                        "characters": SettingsValue(stringLiteral: characters),
                        "classes": SettingsValue(classes.map(\.rawValue)),
                    ]
                ])
        ])
        let scratch = RuleScratch()
        for _ in 0..<50 {
            let text = random.text(of: pieces, most: 12)
            let expected = plain(text, characters, classes, allows: allows).prefix(FindingBuffer.limitPerField)
            let found = findings(of: rules, in: Array(text.utf8), scratch: scratch).map(\.range)
            #expect(
                found == Array(expected),
                "seed \(seed), \(allows) \(characters.debugDescription) \(text.debugDescription)")
        }
    }

    // Maximal runs of scalars that may not occur.
    private func plain(
        _ text: String, _ characters: String, _ classes: [CharacterClass], allows: Bool
    ) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var offset = 0
        for scalar in text.unicodeScalars {
            let next = offset + String(scalar).utf8.count
            let isListed = characters.unicodeScalars.contains(scalar) || classes.contains { $0.contains(scalar) }
            if isListed != allows {
                if let last = runs.last, last.upperBound == offset {
                    runs[runs.count - 1] = last.lowerBound..<next
                } else {
                    runs.append(offset..<next)
                }
            }
            offset = next
        }
        return runs
    }
}
