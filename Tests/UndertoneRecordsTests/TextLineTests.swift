// Lines of plain text: each is a record, and what can't be text is malformed.

import Testing
import UndertoneCore
import UndertoneRecords

@Suite struct TextLineTests {
    private func read(_ bytes: [UInt8], _ plan: FieldPlan = FieldPlan()) -> Reading {
        RecordParser(plan: plan).reading(bytes, isText: true)
    }

    private func read(_ text: String) -> Reading { read(Array(text.utf8)) }

    @Test(
        arguments: [
            ("", [], 0), ("\n", [], 1), ("\n\n\n", [], 3), ("1", ["1"], 0), ("1\n", ["1"], 0), ("1\n2", ["1", "2"], 0),
            ("1\r\n2\r\n", ["1", "2"], 0), ("1\r\n\r\n2", ["1", "2"], 1), ("1\r", ["1"], 0), ("1\r\r\n", ["1\r"], 0),
            ("\r\n", [], 1), ("\r", [], 1), (" \t\r\n \n", [], 2), ("a\rb\n", ["a\rb"], 0), (" 1 \n", [" 1 "], 0),
            ("\u{A0}\n", ["\u{A0}"], 0), ("\u{85}\u{2028}\u{2029}\n", ["\u{85}\u{2028}\u{2029}"], 0),
            ("\u{B}\n\u{C}\n", ["\u{B}", "\u{C}"], 0),
            ("{\"completion\":\"1\"}\n", ["{\"completion\":\"1\"}"], 0), ("\"\n\\\n", ["\"", "\\"], 0),
            ("\u{FEFF}1\n", ["\u{FEFF}1"], 0), ("é\n語\n🦉", ["é", "語", "🦉"], 0), ("\u{1}\u{7F}\n", ["\u{1}\u{7F}"], 0),
        ] as [(String, [String], Int)])
    func `a line is a record, without its line end, and white space alone is none`(
        _ text: String, _ expected: [String], _ blank: Int
    ) {
        let reading = read(text)
        #expect(reading.records.flatMap(\.texts) == expected)
        #expect(reading.records.allSatisfy { $0.malformed == nil && $0.fields.count == 1 })
        #expect(reading.blank == blank)
        #expect(reading.lines == expected.count + blank)
        #expect(reading.records.allSatisfy { $0.fields.first?.pointer == "" && $0.fields.first?.source == 0 })
    }

    @Test func `lines are numbered with the blank ones, and their bytes are all but the line feed`() {
        let reading = read("1\r\n\n \n22\n\r\n3")
        #expect(reading.records.map(\.line) == [1, 4, 6])
        #expect(reading.records.map(\.start) == [0, 6, 11])
        #expect(reading.records.map(\.count) == [2, 2, 1])
        #expect(reading.records.map(\.texts) == [["1"], ["22"], ["3"]])
    }

    @Test func `a NUL byte makes a line malformed, at its place`() {
        let reading = read("12\n1\u{0}2\n\u{0}\n  \u{0}\r\n3\u{0}")
        #expect(reading.records.map(\.malformed) == [nil, .nulByte, .nulByte, .nulByte, .nulByte])
        #expect(reading.breaks == [0, 1, 0, 2, 1])
        #expect(reading.blank == 0)
    }

    @Test(
        arguments: [[0x80], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF, 0xFE], [0xC0, 0x8A]]
            as [[UInt8]])
    func `bytes that are no UTF-8 spoil their own line`(_ bytes: [UInt8]) {
        let good = Array("1, 2\n".utf8)
        let reading = read(good + [0x31] + bytes + [0x0D, 0x0A] + good + bytes)
        #expect(reading.records.map(\.malformed) == [nil, .invalidUTF8, nil, .invalidUTF8])
        #expect(reading.breaks == [0, 1, 0, 0])
        #expect(reading.records.map(\.texts.count) == [1, 0, 1, 0])
    }

    @Test func `a character that a line feed cuts in two belongs to neither line`() {
        let reading = read([0xC3, 0x0A, 0xA9, 0x0A, 0xC3, 0xA9])
        #expect(reading.records.map(\.malformed) == [.invalidUTF8, .invalidUTF8, nil])
    }

    @Test func `a line is what the model wrote, and an assistant's turn for rules that ask for one`() {
        let plan = FieldPlan([.response, .role("assistant"), .role("user")])
        let reading = read(Array("1\n".utf8), plan)
        #expect(reading.records.first?.fields.first?.tags == [.response, .any, plan.roles[0].tag])
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func `generated lines are divided as by a plain split`(
        _ seed: UInt64
    ) {
        var random = SeededGenerator(seed: seed)
        let pieces =
            ["\n", "\n", "\r\n", "\r", " ", "\t", "1", "é", "\u{0}", "\u{A0}", "text"].map { Array($0.utf8) } + [
                [0xFF], [0xC3],
            ]
        for _ in 0..<300 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                bytes += pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            let reading = read(bytes)
            var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            if lines.last?.isEmpty ?? false { lines.removeLast() }
            let note: Comment = "seed \(seed): \(bytes)"
            #expect(reading.lines == lines.count, note)
            let expected = lines.enumerated().filter { !$0.element.allSatisfy { [0x20, 0x09, 0x0D].contains($0) } }
            #expect(reading.records.map(\.line) == expected.map { $0.offset + 1 }, note)
            #expect(reading.blank == lines.count - expected.count, note)
            for (record, line) in zip(reading.records, expected) {
                let text = line.element.last == 0x0D ? line.element.dropLast() : line.element
                let fault: Malformation? =
                    text.contains(0) ? .nulByte : String(validating: text, as: UTF8.self) == nil ? .invalidUTF8 : nil
                #expect(record.malformed == fault, note)
                #expect(record.fields.map(\.bytes) == (fault == nil ? [Array(text)] : []), note)
            }
        }
    }
}
