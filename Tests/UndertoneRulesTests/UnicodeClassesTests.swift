import Testing
import UndertoneCore

@testable import UndertoneRules

@Suite struct UnicodeClassesTests {
    static let all = rule("unicode", ["deny": SettingsValue(TextHazard.allCases.map(\.rawValue))])

    @Test(arguments: [
        ("plain text\twith\r\nlines", []),
        ("", []),
        ("o\u{200B}wl", [Found("rule", "invisible", 1..<4)]),
        ("soft\u{AD}hyphen", [Found("rule", "invisible", 4..<6)]),
        ("\u{FEFF}text\u{2060}\u{2061}", [Found("rule", "invisible", 0..<3), Found("rule", "invisible", 7..<13)]),
        ("a\u{202E}b\u{2066}", [Found("rule", "bidi", 1..<4), Found("rule", "bidi", 5..<8)]),
        ("x\u{E0041}\u{E0042}", [Found("rule", "tag", 1..<9)]),
        ("\u{E000}\u{F0000}\u{10FFFD}", [Found("rule", "private-use", 0..<11)]),
        ("a\0b", [Found("rule", "control", 1..<2)]),
        ("0123456789abcdef\u{7F}", [Found("rule", "control", 16..<17)]),
        ("a\u{1B}[31m\u{85}", [Found("rule", "control", 1..<2), Found("rule", "control", 6..<8)]),
        ("a\u{FFFD}", [Found("rule", "replacement", 1..<4)]),
        ("a\u{200B}\u{202E}", [Found("rule", "invisible", 1..<4), Found("rule", "bidi", 4..<7)]),
        ("é語가नमस्ते €\u{1F989}", []),
    ])
    func `hidden and broken characters are found by class`(_ text: String, _ expected: [Found]) throws {
        #expect(try findings(of: [Self.all], in: text) == expected)
    }

    @Test(arguments: [
        "\u{1F469}\u{200D}\u{1F52C}", "\u{1F468}\u{1F3FD}\u{200D}\u{1F4BB}", "\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}",
        "❤\u{FE0F}", "1\u{FE0F}\u{20E3}",
        "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}", "می\u{200C}خواهم", "क्\u{200D}ष",
        "\u{845B}\u{E0100}",
        "☎\u{FE0E}",
    ])
    func `invisible characters at work are let pass`(_ text: String) throws {
        #expect(try findings(of: [Self.all], in: "é \(text) .") == [])
        #expect(try findings(of: [Self.all], in: text) == [])
    }

    @Test(arguments: [
        ("\u{1F989}\u{200D}", "invisible", 4..<7), ("o\u{200D}\u{1F989}", "invisible", 1..<4),
        ("a\u{200C}b", "invisible", 1..<4),
        ("❤\u{FE0F}\u{FE0F}", "invisible", 6..<9), ("1\u{FE0F}", "invisible", 1..<4),
        ("\u{1F989}\u{E0100}\u{E0101}", "invisible", 4..<12),
        ("\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}", "tag", 4..<16), ("a\u{E0067}", "tag", 1..<5),
        ("\u{1F3F4}\u{E0068}\u{E0065}\u{E006C}\u{E006C}\u{E006F}\u{E007F}", "tag", 4..<28),
        ("\u{FE0F}", "invisible", 0..<3),
    ])
    func `invisible characters elsewhere are found`(_ text: String, _ reason: String, _ range: Range<Int>) throws {
        #expect(try findings(of: [Self.all], in: text) == [Found("rule", reason, range)])
    }

    @Test(arguments: [
        ("p\u{430}ypal", [0..<7]), ("an \u{43E}wl", [3..<7]), ("\u{3BF}wl owl", [0..<4]), ("сова owl", []),
        ("USB-порт", []),
        ("Δt μm kΩ λx", []), ("ТЕСТA", [0..<9]), ("o\u{200B}\u{432}l", [0..<7]), ("αβγ", []), ("naïve café", []),
        ("日本語text", []),
        ("e\u{301}\u{430}", [0..<5]), ("о1w", []), ("\u{13AA}BC", [0..<5]),
        ("xx \u{430}b\u{430} y \u{430}b", [3..<8, 11..<14]),
    ])
    func `words of two scripts that look alike are found`(_ text: String, _ expected: [Range<Int>]) throws {
        let rule = rule("unicode", ["deny": ["mixed-script"]])
        #expect(try ranges(of: rule, in: text) == expected)
        #expect(
            try ranges(of: rule, in: "0123456789, " + text) == expected.map { $0.lowerBound + 12..<$0.upperBound + 12 })
    }

    @Test(arguments: [0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF] as [UInt32])
    func `noncharacters are found`(_ value: UInt32) throws {
        let text = try "a" + String(#require(Unicode.Scalar(value)))
        #expect(try findings(of: [Self.all], in: text) == [Found("rule", "noncharacter", 1..<text.utf8.count)])
    }

    @Test func `characters can be excepted`() throws {
        let rule = rule("unicode", ["deny": ["invisible", "mixed-script"], "except": "\u{AD}α"])
        #expect(try ranges(of: rule, in: "soft\u{AD}hyphen TNFα \u{200B}") == [19..<22])
    }

    @Test func `only denied classes are found`() throws {
        let rule = rule("unicode", ["deny": ["bidi"]])
        #expect(try ranges(of: rule, in: "\0\u{200B}\u{E000}\u{FFFD}\u{202A}") == [10..<13])
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0xFE, 0x62], [1..<3]), ([0xC3], [0..<1]), ([0xED, 0xA0, 0x80], [0..<3]),
            ([0xC0, 0x80], [0..<2]),
            ([0xE2, 0x82, 0x61], [0..<2]), ([0xF4, 0x90, 0x80, 0x80, 0x61], [0..<4]), ([0x80], [0..<1]),
            ([0xF0, 0x9F, 0xA6], [0..<3]),
            ([0xC3, 0xA9], []),
        ] as [([UInt8], [Range<Int>])])
    func `bytes that are no UTF-8 are found`(_ bytes: [UInt8], _ expected: [Range<Int>]) throws {
        let found = findings(of: try RuleSet([Self.all]), in: bytes)
        #expect(found.map(\.range) == expected)
        #expect(found.allSatisfy { $0.reason == "invalid-utf8" })
    }

    @Test(arguments: 1...20) func `any bytes are read without harm`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rules = try RuleSet([
            Self.all, rule("words", ["words": ["a", "é", "b c"]]), rule("regex", ["deny": ["ab|é|[^a]b"]]),
            rule("charset", ["allow": ["classes": ["letter", "ascii-space"]]]), rule("length", ["items": ["max": 2]]),
        ])
        let scratch = RuleScratch()
        for _ in 0..<100 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                [0x61, 0x62, 0x20, 0xC3, 0xA9, 0xE2, 0x80, 0x8B, 0xF0, 0x9F, 0xFF, 0xED, 0x00].randomElement(
                    using: &random) ?? UInt8(0)
            }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            withField(bytes) { #expect(isValidUTF8($0.start, count: $0.count) == isValid, "seed \(seed) \(bytes)") }
            let found = findings(of: rules, in: bytes, scratch: scratch)
            for finding in found { #expect(finding.range.upperBound <= bytes.count, "seed \(seed) \(bytes)") }
            let broken = found.contains { $0.reason == "invalid-utf8" }
            if found.filter({ $0.rule == "rule" }).count < FindingBuffer.limitPerField {
                #expect(broken == !isValid, "seed \(seed) \(bytes)")
            }
        }
    }

    @Test func `default-ignorable characters are all hazards`() {
        for value in (UInt32(0)...0x10FFFF) {
            guard let scalar = Unicode.Scalar(value), scalar.properties.isDefaultIgnorableCodePoint else { continue }
            let hazard = TextHazard(of: value)
            #expect(hazard == .invisible || hazard == .bidi || hazard == .tag, "\(String(value, radix: 16))")
            #expect(TextFold.fold.form(of: String(scalar).utf8) == [], "\(String(value, radix: 16))")
        }
    }

    @Test func `reasons are in the order of the classes`() {
        for hazard in TextHazard.allCases {
            #expect(UnicodeClasses.reference.reasons[hazard.index] == hazard.rawValue)
        }
    }

    @Test func `parameters that say nothing are errors`() {
        #expect(ruleError(rule("unicode", [:]))?.code == .missing)
        #expect(ruleError(rule("unicode", ["deny": []]))?.code == .neverFires)
        #expect(ruleError(rule("unicode", ["deny": ["invisble"]]))?.mend == "did you mean \"invisible\"?")
    }

    @Test func `the explanation counts places by class`() throws {
        let unicode = try check(Self.all).pointee.unicode
        withField(Array("a\u{200B}b\u{202E}c\u{200B}".utf8)) { field in
            #expect(
                unicode.pointee.explanation(of: field)
                    == "places by class: invisible 2, bidi 1; the first, U+200B, at byte 1")
        }
    }
}
