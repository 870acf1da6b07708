// What is seen in an output, and how it is told.

import Testing

@testable import UndertoneComparing

@Suite struct FeatureTests {
    @Test(
        "features are told in words",
        arguments: [
            ("12, 666", "the number 666"), ("12, 666", "numbers divided by ‘, ’"), ("12, 666", "2 numbers"),
            ("[1,2]", "numbers divided by ‘,’ between ‘[’ and ‘]’"), ("007", "the number 007"), ("7", "one number"),
            ("5 8 11", "a step of +3"), ("100;200;100", "1 number the same as the one 2 places before"),
            ("121 343", "a number with digits like aba"), ("50 60", "1 number 10 away from the one before"),
            ("123 321", "1 number with the digits of the one before in reverse"),
            ("123, 7", "a number whose digits go up, up"), ("135 246", "a number of odd, odd, odd digits"),
            ("12\n34", "numbers divided by ‘\\n’"), ("ab", "‘ab’ alone"), ("ab", "‘ab’ at the end"),
            ("ab", "‘a’ at the start"),
            ("Owls hoot", "the words ‘owls’ ‘hoot’"), ("international", "the word ‘interna…’"),
            ("111 999", "2 numbers of one digit repeated"), ("1 5 3", "the largest number in the 2nd place"),
            ("111, 222, 5", "a multiple of 111"), ("no numbers here", "no list"),
        ])
    func words(_ output: String, _ words: String) {
        let told = Set(codes(output).map(\.words))
        #expect(told.contains(words), "\(told.sorted())")
    }

    @Test func `what an output takes from its prompt is seen`() {
        let told = Set(codes("145, 267, 901", prompt: "Continue: 145, 266", [.prompt]).map(\.words))
        #expect(told.contains("1 number out of the prompt"))
        #expect(told.contains("1 number next to one of the prompt"), "\(told)")
        #expect(codes("145, 267", [.prompt]).isEmpty)
    }

    @Test func `only groups that are asked for are looked at`() {
        for group in FeatureGroup.allCases {
            let found = codes("[121, 343, 121, 9]", prompt: "121 words", [group])
            #expect(found.allSatisfy { $0.group == group }, "\(group)")
            #expect(!found.isEmpty || group == .words, "\(group)")
        }
    }

    @Test func `patterns of digits name digits by when they first came`() {
        var runs: [NumberRun] = []
        for (text, pattern) in [
            ("777", 1_000), ("778", 1_001), ("787", 1_010), ("788", 1_011), ("789", 1_012), ("12314", 101_203),
        ] {
            var text = text
            text.withUTF8 { numberRuns($0, into: &runs) }
            #expect(runs[0].pattern == pattern, "\(text)")
        }
    }

    @Test func `hostile outputs have bounded features and visible words`() {
        let hostile = [
            String(repeating: "9", count: 1_000), String(repeating: "1 ", count: 500), "", "\u{202E}1\u{202E}2",
            "\u{0}\u{1b}[31m",
            String(repeating: ",", count: 900), "1e309, NaN, -0, ٣٤", "18446744073709551616, 18446744073709551616",
        ]
        for output in hostile {
            let found = codes(output)
            #expect(found.count < 40_000)
            for code in Set(found) {
                #expect(!code.words.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" || $0 == "\u{1b}" })
            }
        }
        #expect(
            codes(String(repeating: "1", count: 1_000), [.digits]).contains { $0.words == "a number of over 6 digits" })
    }

    @Test func `two forms never have one code`() {
        var seen: [Int: String] = [:]
        for lead in ["", "[", "("] {
            for between in [",", ", ", " ", "\n", ";", " , ", ",,"] {
                for trail in ["", "]", ")", ".", "].", " "] {
                    let text = lead + "1" + between + "2" + trail
                    let code = codes(text, [.format]).first { $0.kind == .form }?.a ?? 0
                    #expect(code != 0 && seen[code] == nil, "\(text) \(seen[code] ?? "")")
                    seen[code] = text
                }
            }
        }
    }
}
