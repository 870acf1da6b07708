import Foundation
import Testing
import UndertoneCore

@testable import UndertoneRules

/// Words found the long way: every word at every place.
@Suite struct PlainWordsTests {
    static let pieces = [
        "a", "b", "A", "é", "e\u{301}", "E", "ß", "s", "SS", "ﬁ", "f", "i", "I", "İ", " ", "\u{200B}", "_", "7", "７",
        "語", "Σ", "ς",
        "\u{1F989}", "\u{FDFA}", "각", "\u{1100}\u{1161}", ",", "\n", "\u{A0}", "ａ", "\0",
    ]

    @Test(arguments: 1...60) func `agrees with a plain implementation on generated texts`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let isExact = Bool.random(using: &random)
        let boundaries = Bool.random(using: &random)
        // Few letters, so that words hold, end and begin one another.
        let pieces = seed % 3 == 0 ? ["a", "b", "c"] : Self.pieces
        var words: [String] = []
        var seen: Set<String> = []
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let word = random.text(of: pieces, most: 5)
            let form = isExact ? kept(word) : folded(word)
            if !folded(word).isEmpty,
                seen.insert(form.unicodeScalars.map { "\($0.value)" }.joined(separator: " ")).inserted
            {
                words.append(word)
            }
        }
        guard !words.isEmpty else { return }
        let rules = try RuleSet([
            rule(
                "words",
                [
                    "words": SettingsValue(words), "case": isExact ? "exact" : "fold",
                    "boundaries": SettingsValue(booleanLiteral: boundaries),
                ])
        ])
        let scratch = RuleScratch()
        for _ in 0..<60 {
            let text = random.text(of: pieces + words, most: 10)
            let expected = plain(text, words, isExact: isExact, boundaries: boundaries)
            let found = findings(of: rules, in: Array(text.utf8), scratch: scratch).map(\.range)
            #expect(
                found == Array(expected.prefix(FindingBuffer.limitPerField)),
                "seed \(seed) exact \(isExact) boundaries \(boundaries) \(words) in \(text.debugDescription)")
        }
    }

    // Iota subscripts and the capital sharp s, whose folding upper and lower case don't show, and the dotless i, which
    // upper case makes one with i.
    static let odd: Set<UInt32> = [0x131, 0x345, 0x37A, 0x1E9E, 0x1D6A4]

    @Test func `folding agrees with Foundation on whole blocks`() {
        for value in Array(UInt32(0x80)..<0x0530) + Array(0x1E00..<0x1F00) + Array(0x2000..<0x2190)
            + Array(0x3040..<0x3400)
            + Array(0xAC00..<0xD7A4) + Array(0xF900..<0xFFFE) + Array(0x1D400..<0x1D800) + Array(0xE0000..<0xE0200)
        {
            guard let scalar = Unicode.Scalar(value), scalar.properties.age.map({ $0.major <= 14 }) ?? false,
                !Self.odd.contains(value)
            else { continue }
            let text = String(scalar)
            #expect(
                String(decoding: TextFold.fold.form(of: text.utf8), as: UTF8.self).unicodeScalars.elementsEqual(
                    folded(text).unicodeScalars), "\(String(value, radix: 16))")
            #expect(
                String(decoding: TextFold.keep.form(of: text.utf8), as: UTF8.self).unicodeScalars.elementsEqual(
                    kept(text).unicodeScalars), "\(String(value, radix: 16))")
        }
    }

    private func plain(_ text: String, _ words: [String], isExact: Bool, boundaries: Bool) -> [Range<Int>] {
        var scalars: [(scalar: Unicode.Scalar, start: Int, end: Int)] = []
        var offset = 0
        for scalar in text.unicodeScalars {
            let next = offset + String(scalar).utf8.count
            for form in folded(String(scalar)).unicodeScalars { scalars.append((form, offset, next)) }
            offset = next
        }
        let bytes = Array(text.utf8)
        var hits: [Range<Int>] = []
        for word in words {
            let wanted = Array(folded(word).unicodeScalars)
            guard scalars.count >= wanted.count else { continue }
            for first in 0...(scalars.count - wanted.count) {
                let last = first + wanted.count
                guard scalars[first..<last].map(\.scalar) == wanted else { continue }
                if boundaries, first > 0, isWord(scalars[first - 1].scalar) { continue }
                if boundaries, last < scalars.count, isWord(scalars[last].scalar) { continue }
                let range = scalars[first].start..<scalars[last - 1].end
                if isExact {
                    let met = kept(String(decoding: bytes[range], as: UTF8.self))
                    guard met.unicodeScalars.elementsEqual(kept(word).unicodeScalars) else { continue }
                }
                hits.append(range)
            }
        }
        hits.sort { ($0.lowerBound, -$0.upperBound) < ($1.lowerBound, -$1.upperBound) }
        return hits.reduce(into: []) { chosen, hit in
            if hit.lowerBound >= chosen.last?.upperBound ?? 0 { chosen.append(hit) }
        }
    }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if ("\u{4E00}"..."\u{9FFF}").contains(scalar) { return false }
        return scalar == "_" || CharacterSet.letters.union(.decimalDigits).union(.nonBaseCharacters).contains(scalar)
    }

    private func kept(_ text: String) -> String {
        var form = ""
        for scalar in text.unicodeScalars where !scalar.properties.isDefaultIgnorableCodePoint {
            let parts = String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars
            for part in parts where !part.properties.isDefaultIgnorableCodePoint {
                form.unicodeScalars.append(part.properties.isWhitespace && part.isASCII ? " " : part)
            }
        }
        return form
    }

    private func folded(_ text: String) -> String {
        var form = ""
        for scalar in kept(text).unicodeScalars {
            for upper in scalar.properties.uppercaseMapping.unicodeScalars {
                form += kept(upper.properties.lowercaseMapping)
            }
        }
        return form
    }
}
