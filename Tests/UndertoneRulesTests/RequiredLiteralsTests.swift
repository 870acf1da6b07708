import Testing
import UndertoneCore

@testable import UndertoneRules

@Suite struct RequiredLiteralsTests {
    @Test(arguments: [
        ("owl", ["owl"]), ("(?i)OWL", ["owl"]), ("[Oo]wls?", ["owl"]), (#"\bowl\b"#, ["owl"]),
        ("owl|bird", ["bird", "owl"]),
        ("(?:owl|bird)s", ["birds", "owls"]), ("(?<a>owl)+ly", ["owlly"]),
        ("a(?:barn|night) owl", ["abarn owl", "anight owl"]),
        (#"\d+ owls"#, [" owls"]), ("owl.*bird", ["bird"]), ("x{2,3}owl", ["xowl"]), ("owl(?=s)", ["owl"]),
        ("owl(?!s)x", ["owlx"]),
        (#"\w+@\w+\.com"#, [".com"]), (#"\w@\w"#, ["@"]), ("Stra\u{DF}e", ["strasse"]), ("o\u{200B}wl", ["owl"]),
        (#"\x{6F}wl\n"#, ["owl "]),
        ("[[:alpha:]]owl", ["owl"]), ("[^]x]owl", ["owl"]), (#"[\]a]owl"#, ["]owl", "aowl"]),
        ("(?i:a)b|cd", ["ab", "cd"]),
    ])
    func `literals are read off common patterns`(_ pattern: String, _ expected: [String]) {
        let found = RequiredLiterals.find(in: pattern).map { String(decoding: $0, as: UTF8.self) }
        #expect(found == expected)
    }

    @Test(arguments: [
        "", ".", "a", "7", "owl|.", "(?:owl)?", "owl|", "(?:owl){0,3}", "(?x) o w l", "(*ACCEPT)owl",
        "owl(*ACCEPT)bird", #"\Qowl\E"#,
        #"(?(1)owl|x)"#, "(?#c)owl", "o{,3}wl", #"\N{U+41}owl"#, #"\g{1}owl"#, "(?R)owl", "[[.a.]]owl", #"[\Qa]\E]owl"#,
        "owl(?C)",
        #"\cAowl"#, "(", "owl)", "[a", "a**",
    ])
    func `what shows no literal or isn't understood gives none`(_ pattern: String) {
        #expect(RequiredLiterals.find(in: pattern) == [])
    }

    @Test func `letters that PCRE2 takes for one in any case have one form`() throws {
        let place = SourceLocation(file: "", line: 1, column: 1)
        let cased = (UInt32(0x41)..<0x1F000).compactMap(Unicode.Scalar.init).filter {
            $0.properties.changesWhenCaseFolded || $0.properties.changesWhenUppercased
                || $0.properties.changesWhenLowercased
        }
        let text = cased.map { String($0) }.joined()
        let memory = PatternMemory()
        for scalar in cased {
            let digits = String(scalar.value, radix: 16)
            let pattern = try RegexPattern("(?i)\\x{\(digits)}", keywords: [], at: place)
            let form = TextFold.fold.form(of: String(scalar).utf8)
            withField(Array(text.utf8)) { field in
                var index = 0
                while case .match(let start, let end) = pattern.search(
                    field, from: .init(index: index), limit: .max, memory)
                {
                    #expect(TextFold.fold.form(of: field.bytes[start..<end]) == form, "\(digits)")
                    index = end
                }
                #expect(index > 0)
            }
        }
    }

    static let pieces = [
        "o", "w", "l", "O", "é", "e\u{301}", "ß", "s", "ſ", "\u{200B}", "K", "\u{212A}", "İ", "ﬁ", " ", "@", "owl", "Σ",
        "ς", "7", "\n", "語",
    ]

    @Test(arguments: 1...80) func `a text that matches holds a literal of its pattern`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let place = SourceLocation(file: "", line: 1, column: 1)
        let memory = PatternMemory()
        for _ in 0..<25 {
            let source = pattern(&random, depth: 3)
            guard let pattern = try? RegexPattern(source, keywords: nil, at: place), !pattern.literals.isEmpty else {
                continue
            }
            for _ in 0..<25 {
                let text = random.text(of: Self.pieces, most: 12)
                withField(Array(text.utf8)) { field in
                    guard case .match = pattern.search(field, from: .init(), limit: 1_000_000, memory) else { return }
                    let folded = TextFold.fold.form(of: text.utf8)
                    let holds = pattern.literals.contains { literal in
                        folded.indices.contains { folded[$0...].starts(with: literal) }
                    }
                    #expect(holds, "seed \(seed): \(source.debugDescription) matches \(text.debugDescription)")
                }
            }
        }
    }

    @Test(arguments: 1...40) func `the prefilter changes no finding`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (filtered, plain): ([RuleDefinition], [RuleDefinition]) = ([], [])
        for id in 0..<20 {
            let source = pattern(&random, depth: 3)
            let list = Bool.random(using: &random) ? "deny" : "require"
            // A comment makes the reader give up, so the pattern runs on every text.
            let both = ["", "(?#)"].map { rule("regex", id: "\(id)", ["\(list)": SettingsValue([$0 + source])]) }
            guard ruleError(both[0]) == nil, ruleError(both[1]) == nil else { continue }
            filtered.append(both[0])
            plain.append(both[1])
        }
        let (fast, slow) = (try RuleSet(filtered), try RuleSet(plain))
        let scratch = RuleScratch()
        for _ in 0..<40 {
            let text = Array(random.text(of: Self.pieces, most: 15).utf8)
            #expect(
                findings(of: fast, in: text, scratch: scratch) == findings(of: slow, in: text, scratch: scratch),
                "seed \(seed) \(String(decoding: text, as: UTF8.self).debugDescription)")
        }
    }

    private func pattern(_ random: inout SeededGenerator, depth: Int) -> String {
        var source = depth == 3 ? ["", "(?i)", "(?i)"].randomElement(using: &random) ?? "" : ""
        for _ in 0..<Int.random(in: 1...4, using: &random) { source += item(&random, depth: depth) }
        return source
    }

    private func item(_ random: inout SeededGenerator, depth: Int) -> String {
        let quantifiers = ["", "", "", "", "?", "*", "+", "{2}", "{0,2}", "{1,3}?", "++", "{0}"]
        let quantifier = quantifiers.randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<(depth > 0 ? 14 : 9), using: &random) {
        case 0..<5: return (Self.pieces.randomElement(using: &random) ?? "") + quantifier
        case 5:
            return ["\\b", "^", "$", "\\K", "(?!w)", "(?=o)", "(?<=o)", "(?<!l)"].randomElement(using: &random) ?? ""
        case 6:
            return (["\\w", ".", "\\d", "\\s", "\\p{L}", "\\x{6f}", "\\@", "\\R"].randomElement(using: &random) ?? "")
                + quantifier
        case 7, 8:
            let classes = [
                "[ow]", "[^o]", "[Ll7]", "[a-o]", "[]o]", "[[:digit:]w]", "[\\]s]", "[o\\-w]", "[ﬁß]", "[é-]",
            ]
            return (classes.randomElement(using: &random) ?? "") + quantifier
        default:
            let open = ["(?:", "(", "(?>", "(?<n>", "(?i:", "(?|", "(?s-i:"].randomElement(using: &random) ?? "("
            var group = open + pattern(&random, depth: depth - 1)
            for _ in 0..<Int.random(in: 0...2, using: &random) { group += "|" + pattern(&random, depth: depth - 1) }
            return group + ")" + quantifier
        }
    }
}
