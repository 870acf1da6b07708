// The parts that lists are made of, each beside a plain one.

import Foundation
import Testing
import UndertoneCore

@testable import UndertoneReviewing

private func normal(_ text: String) -> String {
    var words = NormalWords()
    var text = text
    return text.withUTF8 { bytes in
        words.read(bytes)
        return String(decoding: UnsafeBufferPointer(start: words.text.base, count: words.text.count), as: UTF8.self)
    }
}

private func signature(_ text: String) -> [UInt16] {
    var bytes = Array(text.utf8)
    let count = bytes.count
    bytes += [UInt8](repeating: 0, count: 8)
    var signature = [UInt16](repeating: 0, count: MinHash.places)
    bytes.withUnsafeBufferPointer { bytes in
        signature.withUnsafeMutableBufferPointer { places in
            guard let start = places.baseAddress else { return }
            MinHash.write(UnsafeBufferPointer(rebasing: bytes[..<count]), to: start)
        }
    }
    return signature
}

private func jaccard(_ left: String, _ right: String) -> Double {
    func shingles(_ text: String) -> Set<[UInt8]> {
        let bytes = Array(text.utf8)
        return Set((0...(bytes.count - MinHash.shingle)).map { Array(bytes[$0..<($0 + MinHash.shingle)]) })
    }
    let (first, second) = (shingles(left), shingles(right))
    return Double(first.intersection(second).count) / Double(first.union(second).count)
}

@Suite struct ListPartsTests {
    @Test func `the normal form is words in small letters and nothing else`() {
        #expect(normal("  Hello,\tWORLD! 12,15 ") == "hello world 12 15")
        #expect(normal("ｏｗｌ o\u{200B}wl É ﬁ ß") == "owl owl e\u{301} fi ss")
        #expect(normal("日本語 owl") == "日 本 語 owl")
        #expect(normal("a_b don't") == "a_b don t")
        #expect(normal("") == "" && normal("?!…") == "")
    }

    @Test func `words are where they say, also behind letters that fold to more`() {
        var words = NormalWords()
        var text = "ﬁsh é 12"
        text.withUTF8 { words.read($0) }
        let found = (0..<words.words.count).map { String(decoding: words.bytes(of: words.words[$0]), as: UTF8.self) }
        #expect(found == ["fish", "e\u{301}", "12"])
        #expect(words.words[2].source == 9)
    }

    @Test func `signatures estimate the Jaccard similarity within their error`() {
        let texts = sentences(60, words: 40, seed: 21)
        var worst = 0.0
        var sum = 0.0
        var squares = 0.0
        var pairs = 0.0
        for (index, text) in texts.enumerated() {
            // From nearly the same to half of it.
            let words = text.split(separator: " ")
            let other = (words.dropLast(index % 20) + texts[(index + 1) % 60].split(separator: " ").prefix(index % 20))
                .joined(separator: " ")
            let (exact, left, right) = (jaccard(text, other), signature(text), signature(other))
            let error = MinHash.similarity(left, right) - exact
            worst = max(worst, error.magnitude)
            sum += error
            squares += error * error
            pairs += 1
        }
        // σ is at most √(¼/128) = 0.044: five of them for one pair, and for the mean of 60.
        #expect(worst < 0.22 && (sum / pairs).magnitude < 0.03, "\(worst), \(sum / pairs)")
        #expect((squares / pairs).squareRoot() < 0.06, "\((squares / pairs).squareRoot())")
    }

    @Test func `short texts have signatures too`() {
        #expect(signature("owl") == signature("owl"))
        #expect(signature("owl") != signature("cat"))
        #expect(signature("") == signature(""))
    }

    @Test func `counts are exact while there is room, and behind that within the error that the table says`() {
        for limit in [10_000, 64] {
            var table = CountTable(limit: limit)
            var plain: [Int: Int] = [:]
            var chance = Chance(state: 5)
            for _ in 0..<20_000 {
                // A few of thousands are frequent.
                let number =
                    Int.random(in: 0..<3000, using: &chance) * Int.random(in: 0...1, using: &chance)
                    % Int.random(in: 1...3000, using: &chance)
                plain[number, default: 0] += 1
                table.add(TextKey("\(number)"))
            }
            #expect((limit == 64) == (table.error > 0) && table.count <= limit)
            for (number, count) in plain {
                let counted = table[TextKey("\(number)")]
                #expect(counted <= count && counted >= count - table.error)
            }
            #expect(table.error < 20_000 * 2 / limit + 1 || limit > 64)
            let top = table.top(1, atLeast: 1).first
            #expect(top?.key == TextKey("\(plain.max { $0.value < $1.value }?.key ?? -1)"))
        }
    }

    @Test func `a full store of signatures keeps a sample, and says so`() {
        var store = Signatures(limit: 50)
        var words = NormalWords()
        for text in sentences(400, seed: 22) {
            var text = text
            text.withUTF8 { bytes in
                words.read(bytes)
                store.add(TextKey(bytes), words)
            }
        }
        #expect(!store.isComplete && store.keys.count <= 50 && store.keys.count > 10)
        let texts = Dictionary(sentences(400, seed: 22).map { (TextKey($0), $0) }) { first, _ in first }
        for (index, key) in store.keys.enumerated() {
            let kept = Array(UnsafeBufferPointer(start: store.signature(index), count: MinHash.places))
            #expect(kept == signature(texts[key] ?? ""))
        }
    }

    @Test func `shares of all bytes behind any context add up to one`() {
        let model = TextModel(sentences(50, seed: 23).map { Array($0.utf8) })
        for context in ["bake", "zzzz", "a", "e b", ""] {
            // A text of 16 characters and one byte behind it: the difference in bits is that of the byte.
            let before = Array(("0123456789012345" + context).utf8)
            func bits(_ bytes: [UInt8]) -> Double {
                let characters = bytes.count { $0 & 0xC0 != 0x80 }
                return bytes.withUnsafeBufferPointer { model.bitsPerCharacter($0) ?? .nan } * Double(characters)
            }
            let base = bits(before)
            let sum = (0...255).reduce(0.0) { $0 + pow2(base - bits(before + [UInt8($1)])) }
            #expect((sum - 1).magnitude < 1e-4, "\(context): \(sum)")
        }
    }

    @Test func `the log-odds are those of the formula, symmetric, and none without records`() {
        let contrast = TermContrast(records: 1000, referenceRecords: 500)
        // By hand: α = 6, α₀ = 150; ln(56/1094) − ln(16/634), σ² = 1/56 + 1/16.
        #expect((contrast.z(50, 10) - 2.4948).magnitude < 1e-3, "\(contrast.z(50, 10))")
        let other = TermContrast(records: 500, referenceRecords: 1000)
        #expect((contrast.z(50, 10) + other.z(10, 50)).magnitude < 1e-12)
        #expect(TermContrast(records: 0, referenceRecords: 9).z(0, 3) == 0)
        #expect(contrast.z(1000, 500).isFinite && contrast.z(1000, 0) > contrast.z(900, 0))
    }
}

private func pow2(_ exponent: Double) -> Double { exp2(exponent) }
