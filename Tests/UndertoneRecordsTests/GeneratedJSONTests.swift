// The reader against a second, plain one, on generated and on broken JSON.

import Testing
import UndertoneCore

@testable import UndertoneRecords

@Suite struct GeneratedJSONTests {
    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func `JSON with a few bytes changed is read as the plain reader reads it`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parser = RecordParser(plan: FieldPlan(), limits: RecordLimits(depth: 12))
        for _ in 0..<100 {
            var lines: [UInt8] = []
            for _ in 0..<Int.random(in: 1...14, using: &random) {
                var line = random.record()
                for _ in 0..<Int.random(in: 0...3, using: &random) where Int.random(in: 0..<3, using: &random) > 0 {
                    random.mutate(&line)
                }
                lines += line + [0x0A]
            }
            if Bool.random(using: &random) { lines.removeLast() }
            compare(parser, lines, "seed \(seed)")
        }
    }

    @Test(arguments: 100...107 as ClosedRange<UInt64>)
    func `random bytes are read as the plain reader reads them`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parser = RecordParser(plan: FieldPlan(), limits: RecordLimits(depth: 12))
        let alphabets: [[UInt8]] = [
            Array(0...255), Array("{}[]\",:\\ \n1a".utf8),
            Array("{[\"\"\"\\\\}]\n,:0u".utf8) + [0, 0x0C, 0x1A, 0xC3, 0xA9],
        ]
        for round in 0..<600 {
            let alphabet = alphabets[round % alphabets.count]
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            compare(parser, bytes, "seed \(seed)")
        }
    }

    @Test(arguments: 200...203 as ClosedRange<UInt64>)
    func `a block may be cut behind any line`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parser = RecordParser(plan: FieldPlan(), limits: RecordLimits(depth: 12))
        for _ in 0..<100 {
            var lines: [[UInt8]] = []
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                var line = random.record()
                if Int.random(in: 0..<4, using: &random) == 0 { random.mutate(&line) }
                if Int.random(in: 0..<10, using: &random) == 0 { line = Array(" \t\r".utf8) }
                lines += (line + [0x0A]).split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
                    .map { $0 + [0x0A] }
            }
            let cuts = lines.reduce(into: [0]) { cuts, line in
                if Bool.random(using: &random) { cuts.append(line.count) } else { cuts[cuts.count - 1] += line.count }
            }
            let whole = parser.reading(lines.flatMap(\.self), firstLine: 5)
            let inPieces = parser.reading(lines.flatMap(\.self), firstLine: 5, blocks: cuts)
            #expect(whole == inPieces, "seed \(seed)")
        }
    }

    private func compare(_ parser: RecordParser, _ bytes: [UInt8], _ note: String) {
        let reading = parser.reading(bytes)
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        #expect(reading.lines == lines.count)
        var records = reading.records[...]
        for (number, line) in lines.enumerated() {
            guard let plain = PlainRecord(Array(line), depthLimit: 12) else { continue }
            let note: Comment = "\(note): \(String(decoding: line, as: UTF8.self).debugDescription)"
            guard let record = records.popFirst() else {
                Issue.record(note)
                return
            }
            #expect(record.line == number + 1, note)
            #expect(record.start == line.startIndex && record.count == line.count, note)
            #expect(isSame(record.malformed, plain.faults), note)
            if plain.faults.isEmpty, record.malformed == nil {
                #expect(record.fields.map(\.bytes) == plain.fields.map(\.bytes), note)
                #expect(record.fields.map(\.source) == plain.fields.map(\.source), note)
                #expect(record.fields.map { $0.tags.contains(.response) } == plain.fields.map(\.isResponse), note)
                #expect(record.fields.allSatisfy { $0.tags.contains(.any) }, note)
            } else {
                #expect(record.fields.isEmpty, note)
            }
        }
        #expect(records.isEmpty, "\(note)")
        #expect(reading.blank == lines.count - reading.records.count)
    }
}

extension SeededGenerator {
    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }

    /// A record of a schema that people have, or of none.
    fileprivate mutating func record() -> [UInt8] {
        let names =
            KnownNames.all.map(\.name) + [
                "completion", "messages", "conversations", "meta", "id", "", "x\\u0020y", "m\\u0065ssages",
            ]
        return Array(object(names: names, depth: 0).utf8)
    }

    private mutating func object(names: [String], depth: Int) -> String {
        let count = Int.random(in: 0...4, using: &self) * (Int.random(in: 0..<40, using: &self) == 0 ? 12 : 1)
        let members = (0..<count).map { index in
            let name =
                Int.random(in: 0..<8, using: &self) == 0 ? pick(names) : pick(names) + (count > 4 ? "\(index)" : "")
            return space() + string(name) + space() + ":" + space() + value(depth: depth + 1)
        }
        return space() + "{" + members.joined(separator: ",") + space() + "}" + space()
    }

    private mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 6 ? 4 : 10), using: &self) {
        case 0...2: return string(text())
        case 3: return pick(["0", "-1.5e3", "true", "false", "null", "12"])
        case 4...6:
            let elements = (0..<Int.random(in: 0...3, using: &self)).map { _ in space() + value(depth: depth + 1) }
            return "[" + elements.joined(separator: space() + ",") + space() + "]"
        default:
            let names =
                KnownNames.messageTexts + KnownNames.messageTrees + KnownNames.labels
                + ["role", "from", "role", "content", "name", "arguments"]
            return Bool.random(using: &self)
                ? "{\"role\":\"\(pick(["user", "assistant", "System", "tool", "gpt", "model", ""]))\",\"content\":"
                    + value(depth: depth + 1) + "}"
                : object(names: names, depth: depth)
        }
    }

    private mutating func text() -> String {
        (0..<Int.random(in: 0...5, using: &self)).map { _ in
            pick([
                "1, 2, 3", "\\\"", "\\\\", "\\n", "\\u0031", "\\ud83e\\uDD89", "é", "🦉", "{", "]", ":", ",", " ", "\\/",
                "a long piece of text that fills more than one step of the reader's first stage", "\\u0000",
            ])
        }.joined()
    }

    private mutating func string(_ text: String) -> String { "\"\(text)\"" }

    private mutating func space() -> String { pick(["", "", "", "", " ", "\t", "\r", "  "]) }

    /// Changes one place of a line.
    fileprivate mutating func mutate(_ line: inout [UInt8]) {
        let pieces =
            [
                "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\r", "\0", " ", "0", "e", "\\u", "\\uD800", "\u{1}",
                "\u{C}", "é",
            ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xA9]]
        let at = Int.random(in: 0...line.count, using: &self)
        switch Int.random(in: 0..<5, using: &self) {
        case 0: line.insert(contentsOf: pick(pieces), at: at)
        case 1 where at < line.count: line.remove(at: at)
        case 2 where at < line.count: line.replaceSubrange(at..<at + 1, with: pick(pieces))
        case 3: line.removeSubrange(at...)
        default:
            let end = Int.random(in: at...line.count, using: &self)
            line.insert(contentsOf: line[at..<end], at: at)
        }
    }
}
