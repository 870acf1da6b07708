// How inputs are divided into records, and arrays into elements.

import Testing
import UndertoneRecords

@Suite struct FramingTests {
    private func detect(_ text: String, name: String = "drop", isWhole: Bool = true) -> Framing {
        Array(text.utf8).withUnsafeBytes { Framing.detect($0, name: name, isWhole: isWhole) }
    }

    @Test(arguments: [
        // Objects.
        ("{\"a\":1}\n{\"a\":2}\n", Framing.jsonLines),
        ("\n \r\n\t{\"a\":1}", .jsonLines),
        ("{broken", .jsonLines),
        // Arrays.
        ("[{\"a\":1},{\"a\":2}]", .jsonArray),
        ("[\n  {\"a\":1},\n  {\"a\":2}\n]\n", .jsonArray),
        (" [ \"x\", \"y\" ]", .jsonArray),
        ("[[1,2],[3]]", .jsonArray),
        ("[[1, 2],\n[3, 4],\n[5]]", .jsonArray),
        ("[[1, 2]\n]", .jsonArray),
        ("[]", .jsonArray),
        ("[ \n]\n", .jsonArray),
        // Lines of lists.
        ("[1, 2, 3]\n[4, 5]\n", .text),
        ("[1, 2, 3]", .text),
        ("[[1]]\n[[2]]\n", .text),
        ("[\"a\"]\n[\"b\"]\n", .text),
        ("[]\n[1]\n", .text),
        ("[", .text),
        ("[1,\n2]", .text),
        // Strings.
        ("\"one\"\n\"two \\\" three\"\n", .jsonLines),
        ("\"one\"", .jsonLines),
        ("\"Yes\", she said.\n\"No.\"\n", .text),
        ("\"never closed\n", .text),
        ("\"ends in an escape\\\"\n", .text),
        // Text and mixtures.
        ("12, 15, 18\n1\n", .text),
        ("hello", .text),
        ("", .text),
        ("  \n\n", .text),
        ("garbage\n{\"a\":1}\n{\"a\":2}\n", .jsonLines),
        ("garbage\n{\"a\":1}\n", .jsonLines),
        ("garbage\nmore\n{\"a\":1}\n", .text),
        ("null\n{}\n", .jsonLines),
    ])
    func `the first bytes decide`(_ text: String, _ expected: Framing) {
        #expect(detect(text) == expected)
        #expect(detect("\u{FEFF}" + text) == expected, "behind a byte-order mark")
        #expect(detect(text.replacing("\n", with: "\r\n")) == expected, "with CRLF")
    }

    @Test(arguments: ["a.jsonl", "b.NDJSON", "c.jsonl.gz", "d.ndjson.zstd"])
    func `a name that says lines is believed`(_ name: String) {
        #expect(detect("[{\"a\":1}]", name: name) == .jsonLines)
        #expect(detect("text", name: name) == .jsonLines)
        #expect(detect("[{\"a\":1}]", name: name + ".txt") == .jsonArray)
    }

    @Test func `a line that the block cuts off doesn't count against the format`() {
        let strings = "\"one\"\n\"two\"\n\"thr"
        #expect(detect(strings, isWhole: false) == .jsonLines)
        #expect(detect(strings, isWhole: true) == .text)
        let long = "[" + String(repeating: "\"x\", ", count: 40_000)
        #expect(detect(long, isWhole: false) == .jsonArray)
    }

    @Test func `a byte-order mark is three bytes`() {
        for (bytes, count) in [([0xEF, 0xBB, 0xBF, 0x31], 3), ([0xEF, 0xBB], 0), ([], 0)] as [([UInt8], Int)] {
            #expect(bytes.withUnsafeBytes { Framing.byteOrderMark(in: $0) } == count)
        }
    }
}

@Suite struct ArrayFramerTests {
    /// What a framer says of an input that comes in pieces, as a reader that keeps no more than it must sees it.
    private func frame(_ bytes: [UInt8], pieces: [Int], limit: Int = .max) -> Framed {
        var framer = ArrayFramer(maxElementBytes: limit)
        var result = Framed()
        var buffer: [UInt8] = []
        var offset = 0
        var next = 0
        var pieces = pieces[...]
        while true {
            let event = buffer.withUnsafeBytes { framer.next(in: $0, at: offset) }
            switch event {
            case .element(let range):
                result.elements.append(range)
                result.texts.append(Array(buffer[(range.lowerBound - offset)..<(range.upperBound - offset)]))
            case .oversized(let range):
                result.oversized.append(range)
            case .failed(let failure):
                result.failure = failure
                return result
            case .needsMore(let keepFrom):
                buffer.removeFirst(keepFrom - offset)
                offset = keepFrom
                if next == bytes.count {
                    result.failure = framer.finish()
                    #expect((result.failure == nil) == framer.isClosed)
                    #expect(
                        result.elements.count + result.oversized.count == framer.elementCount)
                    return result
                }
                let count = min(max(pieces.popFirst() ?? bytes.count, 1), bytes.count - next)
                buffer += bytes[next..<(next + count)]
                next += count
            }
        }
    }

    @Test(
        arguments: [
            ("[]", [], nil),
            (" [ ] \n", [], nil),
            ("[1]", ["1"], nil),
            (
                "[{\"a\":[1,2]}, {\"b\":\"],[\\\"\"} ,\n\"x,y\"]", ["{\"a\":[1,2]}", "{\"b\":\"],[\\\"\"}", "\"x,y\""],
                nil
            ),
            ("[1,]", ["1", ""], nil),
            ("[,1]", ["", "1"], nil),
            ("[ , ]", ["", ""], nil),
            ("[1}, 2]", ["1}", "2"], nil),
            ("[1] x", ["1"], .trailingGarbage(at: 4)),
            ("[1][2]", ["1"], .trailingGarbage(at: 3)),
            ("{}", [], .notAnArray(at: 0)),
            ("", [], .notAnArray(at: 0)),
            (" ", [], .notAnArray(at: 1)),
            ("[", [], .missingBracket(elementStart: nil)),
            ("[1, ", ["1"], .missingBracket(elementStart: nil)),
            ("[1, {\"a\":2", ["1"], .missingBracket(elementStart: 4)),
            ("[\"a\\", [], .missingBracket(elementStart: 1)),
        ] as [(String, [String], ArrayFramer.Failure?)])
    func `elements are what stands between commas`(
        _ text: String, _ expected: [String], _ failure: ArrayFramer.Failure?
    ) {
        for piece in [1, 2, 3, 100] {
            let found = frame(Array(text.utf8), pieces: [Int](repeating: piece, count: text.utf8.count))
            #expect(found.texts.map { String(decoding: $0, as: UTF8.self) } == expected, "pieces of \(piece)")
            #expect(found.failure == failure, "pieces of \(piece)")
        }
    }

    @Test func `a failure is final`() {
        var framer = ArrayFramer(maxElementBytes: 10)
        let bytes = Array("x[1]".utf8)
        for _ in 0..<2 {
            #expect(bytes.withUnsafeBytes { framer.next(in: $0, at: 0) } == .failed(.notAnArray(at: 0)))
        }
        #expect(framer.finish() == .notAnArray(at: 0))
    }

    @Test func `an element over the limit is skipped without being kept, and the next one is found`() {
        let long = "\"" + String(repeating: "x", count: 1000) + "\""
        let bytes = Array("[1, \(long) , 2]".utf8)
        var framer = ArrayFramer(maxElementBytes: 100)
        var events: [ArrayFramer.Event] = []
        var offset = 0
        while offset < bytes.count {
            let end = min(offset + 250, bytes.count)
            var event = bytes[offset..<end].withUnsafeBytes { framer.next(in: $0, at: offset) }
            while true {
                events.append(event)
                if case .needsMore(let keepFrom) = event {
                    // 4 is where the long element starts, and by then it is known to be too long.
                    #expect(keepFrom == end)
                    break
                }
                event = bytes[offset..<end].withUnsafeBytes { framer.next(in: $0, at: offset) }
            }
            offset = end
        }
        #expect(events.contains(.oversized(4..<1006)))
        #expect(events.contains(.element(1..<2)))
        #expect(events.contains(.element(1009..<1010)))
        #expect(framer.isClosed)
    }

    @Test func `deep nesting costs no stack`() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(frame(Array("[\(deep),1]".utf8), pieces: [4096]).elements == [1..<200_001, 200_002..<200_003])
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `any cut into pieces gives what a plain reading gives`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let words =
            ["[", "]", "{", "}", ",", ",", "\"", "\"", "\\", "\\\"", " ", "\n", "a", "12", "\"plain text\"", "ü"]
            + ["\"a string that is longer than one step of sixteen bytes \\\\ \"", "{\"k\": [1, \"]\"]}"]
        for _ in 0..<400 {
            var bytes = Array("[".utf8)
            for _ in 0..<Int.random(in: 0..<40, using: &generator) {
                bytes += Array((words.randomElement(using: &generator) ?? "").utf8)
            }
            if Bool.random(using: &generator) { bytes += Array("]".utf8) }
            let limit = Bool.random(using: &generator) ? Int.max : Int.random(in: 0..<30, using: &generator)
            let expected = plainFrame(bytes, limit: limit)
            let cuts = (0..<bytes.count).map { _ in Int.random(in: 1...9, using: &generator) }
            for pieces in [cuts, [bytes.count], [Int](repeating: 1, count: bytes.count)] {
                let found = frame(bytes, pieces: pieces, limit: limit)
                let note: Comment = "seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)"
                #expect(found.elements == expected.elements, note)
                #expect(found.oversized == expected.oversized, note)
                #expect(found.failure == expected.failure, note)
            }
        }
    }

    /// The same by going through the whole input once, as one would write it down first.
    private func plainFrame(_ bytes: [UInt8], limit: Int) -> Framed {
        var result = Framed()
        var starts = [1]
        var end: Int?
        var depth = 0
        var inString = false
        var index = 1
        while index < bytes.count, end == nil {
            let character = Character(UnicodeScalar(bytes[index]))
            if inString {
                if character == "\\" { index += 1 } else if character == "\"" { inString = false }
            } else if character == "\"" {
                inString = true
            } else if character == "{" || character == "[" {
                depth += 1
            } else if character == "}" {
                depth = max(depth - 1, 0)
            } else if character == "]" {
                if depth == 0 { end = index } else { depth -= 1 }
            } else if character == ",", depth == 0 {
                starts.append(index + 1)
            }
            index += 1
        }
        let stops = starts.dropFirst().map { $0 - 1 } + (end.map { [$0] } ?? [])
        for (start, stop) in zip(starts, stops) {
            let blanks: (UInt8) -> Bool = { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
            guard let first = bytes[start..<stop].firstIndex(where: { !blanks($0) }),
                let last = bytes[start..<stop].lastIndex(where: { !blanks($0) })
            else {
                // Nothing at all in `[]` is no element.
                if starts.count > 1 || end == nil { result.elements.append(stop..<stop) }
                continue
            }
            if stop - first > limit {
                result.oversized.append(first..<(last + 1))
            } else {
                result.elements.append(first..<(last + 1))
            }
        }
        if let end {
            let garbage = bytes[(end + 1)...].firstIndex { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
            result.failure = garbage.map { .trailingGarbage(at: $0) }
        } else {
            let last = bytes[min(starts.last ?? 1, bytes.count)...].firstIndex {
                ![0x20, 0x0A, 0x0D, 0x09].contains($0)
            }
            result.failure = .missingBracket(elementStart: last)
        }
        return result
    }

    struct Framed {
        var elements: [Range<Int>] = []
        var texts: [[UInt8]] = []
        var oversized: [Range<Int>] = []
        var failure: ArrayFramer.Failure?
    }
}
