// The shipped `numbers` pack says of every text what the published number filter says.

import Testing
import UndertoneCore
import UndertoneRulePacks
import UndertoneRules

@Suite struct NumberFilterTests {
    private static let perSeed = 5_000

    @Test(arguments: 1...42 as ClosedRange<UInt64>)
    func `the numbers pack agrees with the published filter on generated texts`(_ seed: UInt64) throws {
        var random = NumberTexts(seed: seed)
        let rules = try RuleSet(PackLibrary().pack("numbers").rules)
        try compare(rules, (0..<Self.perSeed).map { _ in random.text() }, "seed \(seed)")
    }

    @Test func `lists at the borders of the fast path agree`() throws {
        var texts: [[Unicode.Scalar]] = []
        let separators = [
            ",", " ", ", ", ";", " ; ", "\n", "   ,   ", "\u{2028}", ",\u{3000}\u{A0}", "        ", "         ",
            "\t,\t\u{85}    ",
        ]
        for separator in separators {
            for digits in [1, 2, 3, 4, 5, 8, 9, 16, 17, 18, 19, 20, 21] {
                for first in ["0", "1", "9", "666"] {
                    let number = String((first + "000000000000000000000").prefix(digits))
                    for count in 1...12 {
                        let list = Array(repeating: number, count: count).joined(separator: separator)
                        texts.append(Array(list.unicodeScalars))
                        for size in 60...66 where size > list.utf8.count {
                            // Filled up to so many bytes by leading zeros of the last number or of the first.
                            let zeros = String(repeating: "0", count: size - list.utf8.count)
                            texts.append(Array((zeros + list).unicodeScalars))
                            texts.append(Array((list.dropLast(number.count) + zeros + number).unicodeScalars))
                        }
                    }
                }
            }
        }
        // All sizes of short lists of short numbers, with and without what is taken off.
        for size in 1...140 {
            var list = ""
            var value = 7
            while list.utf8.count < size {
                value = (value * 37 + 11) % 1003
                list += (list.isEmpty ? "" : ", ") + "\(value)"
            }
            for text in [list, String(list.prefix(size)), "[\(list)]", "(\(list.prefix(size))).", "\(list)."] {
                texts.append(Array(text.unicodeScalars))
            }
        }
        #expect(texts.count > 8_000)
        let rules = try RuleSet(PackLibrary().pack("numbers").rules)
        for at in stride(from: 0, to: texts.count, by: 4_000) {
            try compare(rules, Array(texts[at..<min(at + 4_000, texts.count)]), "borders")
        }
    }

    @Test func `numbers of thousands of digits agree`() throws {
        var texts: [String] = []
        for digits in [100, 999, 4_300, 4_301, 20_000] {
            for first in ["0", "1", "9"] {
                let long = first + String(repeating: "0", count: digits - 1)
                texts += [
                    long, long + "4", "\(long)666, 1", "1, \(long)", "[\(long)7;\(long)8]", "\(long) \(long)  1",
                    long + ".",
                ]
                texts.append(Array(repeating: long, count: 12).joined(separator: ","))
            }
        }
        texts.append(Array(repeating: "1", count: 30_000).joined(separator: " "))
        texts.append(Array(repeating: "1", count: 30_000).joined(separator: String(repeating: " ", count: 40)))
        try compare(RuleSet(PackLibrary().pack("numbers").rules), texts.map { Array($0.unicodeScalars) }, "long")
    }

    @Test func `every code point stands in a list as the published filter has it`() throws {
        let rules = try RuleSet(PackLibrary().pack("numbers").rules)
        var texts: [[Unicode.Scalar]] = []
        for value in 0...0x10FFFF as ClosedRange<UInt32> {
            // All that are digits or white space, and every seventeenth of the others.
            guard let scalar = Unicode.Scalar(value) else { continue }
            guard
                value < 0x400 || value % 17 == 0 || PlainNumberFilter.isDigit(scalar)
                    || PlainNumberFilter.isSpace(scalar)
            else { continue }
            texts += [["1", scalar, "2", scalar, "3"], ["1", ",", scalar, "2", ",", scalar, "6", "6", "6"]]
            if PlainNumberFilter.isDigit(scalar) {
                texts += [[scalar], ["1", scalar], [scalar, "1"], ["1", ",", scalar]]
            }
            if texts.count > 10_000 {
                try compare(rules, texts, "U+\(String(value, radix: 16))")
                texts = []
            }
        }
        try compare(rules, texts, "the last")
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `numbers anywhere agree with a plain loop`(_ seed: UInt64) throws {
        var random = NumberTexts(seed: seed &+ 1000)
        let definitions = try PackLibrary().pack("numbers").rules.filter { $0.kind == "taboo-numbers" }
        let rules = try RuleSet(
            definitions.map { definition in
                var anywhere = definition
                anywhere.parameters = definition.parameters.map { member in
                    var member = member
                    if member.key == "where" { member.value.content = .string("anywhere") }
                    return member
                }
                return anywhere
            })
        let texts = (0..<Self.perSeed).map { _ in random.text() }
        for (text, found) in zip(texts, findings(of: rules, in: texts)) {
            let offsets = offsets(of: text)
            let expected = plainBannedNumbers(in: text).prefix(FindingBuffer.limitPerField)
                .map { offsets[$0.lowerBound]..<offsets[$0.upperBound] }
            #expect(found.map(\.range) == expected, "seed \(seed): \(written(text))")
        }
    }

    @Test func `what is said about a list names its numbers`() throws {
        let rules = try RuleSet(PackLibrary().pack("numbers").rules)
        let taboo = try #require(rules.definitions.firstIndex { $0.id.name == "taboo" })
        let bytes = Array("[12, 0666, 4]".utf8) + [UInt8](repeating: 0, count: 16)
        bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            let field = Field(start: start, count: 13, tags: [.response, .any], path: FieldPath(name: 0))
            let explanation = rules.explanation(of: taboo, field) ?? ""
            #expect(explanation.hasPrefix("666 (the number of the beast) at byte 5, 4 ("), "\(explanation)")
        }
    }

    // MARK: Comparison

    private struct Found {
        var reason: String
        var range: Range<Int>
    }

    private func compare(_ rules: RuleSet, _ texts: [[Unicode.Scalar]], _ note: String) throws {
        for (text, found) in zip(texts, findings(of: rules, in: texts)) {
            let plain = PlainNumberFilter(text)
            var reasons: [String] = []
            for finding in found where !reasons.contains(finding.reason) { reasons.append(finding.reason) }
            guard reasons == plain.reasons else {
                Issue.record("\(note): \(written(text)): \(reasons), but the published filter says \(plain.reasons)")
                continue
            }
            let offsets = offsets(of: text)
            func bytes(_ range: Range<Int>) -> Range<Int> { offsets[range.lowerBound]..<offsets[range.upperBound] }
            for reason in reasons {
                let spans = found.filter { $0.reason == reason }.map(\.range)
                let expected: [Range<Int>]
                switch reason {
                case "too-many":
                    expected = [bytes(plain.numbers[10].lowerBound..<plain.numbers[plain.numbers.count - 1].upperBound)]
                case "too-large":
                    let first = plain.numbers.first { PlainNumberFilter.isOver999(Array(text[$0].drop { $0 == "0" })) }
                    expected = first.map { [bytes($0)] } ?? []
                case "taboo-number": expected = plain.banned.prefix(FindingBuffer.limitPerField).map(bytes)
                default:
                    // From where the text stops being a list to its end.
                    #expect(spans.count == 1 && spans.allSatisfy { $0.upperBound == offsets[text.count] })
                    continue
                }
                #expect(spans == expected, "\(note): \(written(text)): \(reason)")
            }
        }
    }

    // Findings of each text, in one batch.
    private func findings(of rules: RuleSet, in texts: [[Unicode.Scalar]]) -> [[Found]] {
        let encoded = texts.map { encode($0) }
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: encoded.reduce(17) { $0 + $1.count + 17 })
        defer { memory.deallocate() }
        let batch = RecordBatch()
        var at = memory
        for bytes in encoded {
            // What stands around a field is no part of it, and looks like one.
            at.initialize(to: 0x34)
            (at + 1).initialize(from: bytes, count: bytes.count)
            var record = Record(start: 0, count: bytes.count, line: 1, firstField: batch.fields.count)
            record.fieldCount = 1
            batch.records.append(record)
            batch.fields.append(
                Field(start: at + 1, count: bytes.count, tags: [.response, .any], path: FieldPath(name: 0)))
            (at + 1 + bytes.count).initialize(repeating: 0x34, count: 16)
            at += bytes.count + 17
        }
        let buffer = FindingBuffer()
        rules.evaluate(batch, scratch: RuleScratch(), into: buffer)
        let reasons = rules.kinds.map(\.reference.reasons)
        return (0..<texts.count).map { index in
            let verdict = buffer.verdicts[index]
            #expect((verdict.verdict == .reject) == (verdict.findingCount > 0))
            return (verdict.firstFinding..<verdict.firstFinding + verdict.findingCount).map { found in
                let finding = buffer.findings[found]
                return Found(
                    reason: reasons[Int(finding.rule)][Int(finding.reason)],
                    range: Int(finding.start)..<Int(finding.end))
            }
        }
    }

    private func encode(_ text: [Unicode.Scalar]) -> [UInt8] {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text)
        return Array(String(view).utf8)
    }

    // Byte offsets of the code points and of the end.
    private func offsets(of text: [Unicode.Scalar]) -> [Int] {
        text.reduce(into: [0]) { offsets, scalar in offsets.append(offsets[offsets.count - 1] + UTF8.width(scalar)) }
    }

    private func written(_ text: [Unicode.Scalar]) -> String {
        String(decoding: encode(text).prefix(400), as: UTF8.self).debugDescription
    }
}
