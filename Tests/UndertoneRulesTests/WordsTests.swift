import Testing
import UndertoneCore

@testable import UndertoneRules

@Suite struct WordsTests {
    static let owl = rule("words", ["words": ["owl", "owls", "barn owl"]])

    @Test(arguments: [
        ("an owl", [3..<6]),
        ("OWLS", [0..<4]),
        ("owl, Owl; oWL", [0..<3, 5..<8, 10..<13]),
        ("bowl, owlet, owl_", []),
        ("owl7 7owl", []),
        ("barn owls, barn owl", [5..<9, 11..<19]),
        ("barn\nowl", [0..<8]),
        ("barn\u{A0}owl", [0..<9]),
        ("o\u{200B}wl", [0..<6]),
        ("\u{200B}o\u{AD}w\u{FEFF}l\u{200B}", [3..<11]),
        ("\u{FF2F}\u{FF37}\u{FF2C}", [0..<9]),
        ("\u{1D428}\u{1D430}\u{1D425}", [0..<12]),  // Mathematical bold letters.
        ("owl\u{301}", []),  // Another letter than l.
        ("owl\u{200B}s", [0..<7]),
        ("owl\u{200B}ing", []),
        ("in\u{200B}owl", []),
        ("éowl owlé", []),
        ("«owl»—owl", [2..<5, 10..<13]),
        ("我喜欢owl因为", [9..<12]),
        ("\u{1F989}owl\u{1F989}", [4..<7]),
        ("owl", [0..<3]),
        ("", []),
        ("ow", []),
    ])
    func `words are found in any form and by themselves`(_ text: String, _ expected: [Range<Int>]) throws {
        #expect(try ranges(of: Self.owl, in: text) == expected)
    }

    @Test(arguments: [
        ("bowl", [1..<4]), ("owlowlet", [0..<3, 3..<6]), ("o\u{200D}wlish", [0..<6]), ("ow", []),
    ])
    func `without boundaries words are found inside others`(_ text: String, _ expected: [Range<Int>]) throws {
        let rule = rule("words", ["words": ["owl"], "boundaries": false])
        #expect(try ranges(of: rule, in: text) == expected)
    }

    @Test(arguments: [
        ("Owl owl OWL", [0..<3]), ("\u{FF2F}wl", [0..<5]), ("O\u{200B}wl", [0..<6]), ("ÉTÉ été", [0..<5]),
        ("E\u{301}TE\u{301}", [0..<7]), ("Été", []),
    ])
    func `exact words are found in their letter case alone`(_ text: String, _ expected: [Range<Int>]) throws {
        let rule = rule("words", ["words": ["Owl", "ÉTÉ"], "case": "exact"])
        #expect(try ranges(of: rule, in: text) == expected)
    }

    @Test(arguments: [
        ("Straße", "STRASSE", true), ("STRASSE", "straße", true), ("café", "cafe\u{301}", true),
        ("cafe\u{301}", "CAFÉ", true),
        ("ΣΊΣΥΦΟΣ", "σίσυφος", true), ("ﬁn", "FIN", true), ("office", "oﬃce", true), ("부엉이", "부엉이", true),
        ("부엉이", "\u{1107}\u{116E}\u{110B}\u{1165}\u{11BC}\u{110B}\u{1175}", true), ("İx", "i\u{307}x", true),
        ("K", "\u{212A}", true),
        ("ſ", "S", true), ("½", "1\u{2044}2", true), ("ｶﾞ", "ガ", true), ("e", "é", false), ("о", "o", false),
        ("猫頭鷹", "猫头鹰", false),
    ])
    func `forms that Unicode calls compatible are one word`(_ word: String, _ text: String, _ isSame: Bool) throws {
        let rule = rule("words", ["words": SettingsValue([word])])
        #expect(try ranges(of: rule, in: text) == (isSame ? [0..<text.utf8.count] : []))
        let inside = "é, \(text)! "
        #expect(try ranges(of: rule, in: inside) == (isSame ? [4..<4 + text.utf8.count] : []))
    }

    @Test func `a word that begins or ends inside a ligature covers it`() throws {
        let rule = rule("words", ["words": ["in", "of"], "boundaries": false])
        #expect(try ranges(of: rule, in: "ﬁn") == [0..<4])
        #expect(try ranges(of: rule, in: "oﬃce") == [0..<4])
        #expect(try ranges(of: Self.owl, in: "ﬁowl") == [])
    }

    @Test func `of overlapping words the leftmost and longest counts`() throws {
        let rule = rule("words", ["words": ["ab", "bcd", "abcde", "de", "e"], "boundaries": false])
        #expect(try ranges(of: rule, in: "abcd") == [0..<2])
        #expect(try ranges(of: rule, in: "abcde bcde e") == [0..<5, 6..<9, 9..<10, 11..<12])
    }

    @Test func `a word that ends others' beginnings is found`() throws {
        let rule = rule("words", ["words": ["abcd", "bcx", "c"], "boundaries": false])
        #expect(try ranges(of: rule, in: "abc bc abcx") == [2..<3, 5..<6, 8..<11])
    }

    @Test func `a table that would be too large is an error`() {
        var random = SeededGenerator(seed: 7)
        let letters = (0..<26).map { String(Character(Unicode.Scalar(UInt8(97 + $0)))) }
        let words = Set(
            (0..<2000).map { _ in (0..<400).map { _ in letters.randomElement(using: &random) ?? "" }.joined() })
        #expect(ruleError(rule("words", ["words": SettingsValue(Array(words))]))?.code == .tooLarge)
    }

    @Test func `two rules with the same word both find it`() throws {
        let rules = [
            rule("words", id: "a", ["words": ["owl"]]), rule("words", id: "b", ["words": ["OWL", "x"]]),
            rule("words", id: "c", ["words": ["Owl"], "case": "exact"]),
        ]
        #expect(try findings(of: rules, in: "owl").map(\.rule) == ["a", "b"])
        #expect(try findings(of: rules, in: "Owl").map(\.rule) == ["a", "b", "c"])
    }

    @Test func `nothing is left over from the field before`() throws {
        let rules = try RuleSet([Self.owl])
        let other = try RuleSet([rule("words", ["words": ["x"]]), Self.owl])
        let scratch = RuleScratch()
        #expect(findings(of: rules, in: Array("owl".utf8), scratch: scratch).count == 1)
        #expect(findings(of: rules, in: Array("bowl".utf8), scratch: scratch).isEmpty)
        #expect(findings(of: other, in: Array("owl x".utf8), scratch: scratch).count == 2)
        #expect(findings(of: rules, in: [], scratch: scratch).isEmpty)
    }

    @Test(
        arguments: [
            [0x6F, 0x77, 0x6C, 0xFF, 0x6F, 0x77, 0x6C], [0xC3, 0x6F, 0x77, 0x6C, 0xE2, 0x80],
            [0x6F, 0x77, 0x6C, 0xF0, 0x9F],
            [0x00, 0x6F, 0x77, 0x6C, 0x00], [0x80, 0x80, 0x80, 0x80, 0x6F, 0x77, 0x6C],
        ] as [[UInt8]])
    func `words are found between bytes that are no text`(_ bytes: [UInt8]) throws {
        let found = findings(of: try RuleSet([Self.owl]), in: bytes)
        #expect(!found.isEmpty)
        for finding in found { #expect(Array(bytes[finding.range]) == Array("owl".utf8)) }
    }

    @Test func `a megabyte without line breaks is read once`() throws {
        let rules = try RuleSet([
            rule("words", ["words": ["aaaaaaaa", "aaaa", "aa"], "boundaries": false]), Self.owl,
        ])
        var bytes = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(findings(of: rules, in: bytes).count == FindingBuffer.limitPerField)
        bytes.append(contentsOf: " owl".utf8)
        #expect(findings(of: rules, in: bytes).last?.range == (1 << 20) + 1..<(1 << 20) + 4)
    }

    @Test func `lists that say nothing are errors`() {
        #expect(ruleError(rule("words", [:]))?.code == .missing)
        #expect(ruleError(rule("words", ["words": []]))?.code == .neverFires)
        #expect(ruleError(rule("words", ["words": ["\u{200B}"]]))?.code == .neverFires)
        #expect(ruleError(rule("words", ["words": ["owl", "OWL"]]))?.code == .duplicate)
        #expect(ruleError(rule("words", ["words": ["owl", "OWL"], "case": "exact"])) == nil)
        #expect(ruleError(rule("words", ["words": [["why": "x"]]]))?.code == .missing)
        #expect(ruleError(rule("words", ["words": [["word": "x", "because": "y"]]]))?.code == .unknownKey)
        #expect(ruleError(rule("words", ["words": ["x"], "case": "folded"]))?.mend == "did you mean \"fold\"?")
        let long = SettingsValue([String(repeating: "x", count: 2000)])
        #expect(ruleError(rule("words", ["words": long]))?.code == .tooLarge)
    }

    @Test func `a finding leads back to its word and the reason for it`() throws {
        let definition = rule("words", ["words": ["owl", ["word": "Barn Owl", "why": "a species"]]])
        let words = try check(definition).pointee.words
        withField(Array("a BARN\u{A0}OWL".utf8)) { field in
            #expect(words.pointee.word(in: field, span: 2..<11)?.why == "a species")
            #expect(words.pointee.explanation(of: field) == "1 word of the list, the first \"Barn Owl\" at byte 2")
        }
        withField([]) { #expect(words.pointee.explanation(of: $0) == "none of 2 words") }
    }
}
