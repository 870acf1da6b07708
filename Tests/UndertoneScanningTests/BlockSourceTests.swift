// Wherever blocks end, the records of an input are the same, with the same numbers.

import Glibc
import Testing
import UndertoneCore
import UndertoneRecords
import UndertoneRules

@testable import UndertoneScanning

@Suite struct BlockSourceTests {
    private static let border = Block.usualBytes

    // MARK: Lines

    @Test func `lines around the border of a block are whole`() throws {
        for shift in [-66, -65, -64, -63, -2, -1, 0, 1, 2, 63, 64] {
            for first in [1, Self.border / 2, Self.border - 200] {
                let second = Self.border - first - 1 + shift
                guard second > 0 else { continue }
                let bytes =
                    Self.line(first) + [0x0A] + Self.line(second) + [0x0A] + Self.line(40) + [0x0A] + Self.line(7)
                try expectLines(bytes, limit: 8 << 20, "\(first), \(second)")
            }
            let alone = Self.line(Self.border + shift)
            try expectLines(alone, limit: 8 << 20, "\(shift) alone")
            try expectLines(alone + [0x0A] + alone + [0x0A], limit: 8 << 20, "\(shift) twice")
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>) func `generated lines are the same however they fall into blocks`(
        _ seed: UInt64
    ) throws {
        var random = Numbers(seed: seed)
        let limit = random.pick([200, 5_000, Self.border - 1, Self.border, Self.border + 1, 300_000, 600_000, 8 << 20])
        var bytes: [UInt8] = random.below(3) == 0 ? [0xEF, 0xBB, 0xBF] : []
        for _ in 0..<random.pick([3, 12, 40]) {
            let sizes = [
                0, 1, 20, 300, 5_000, 40_000, limit - 1, limit, limit + 1, Self.border, Self.border * 2, 700_000,
                1_100_000,
            ].filter { $0 < 1_200_000 }
            bytes += random.below(12) == 0 ? Array(" \t".utf8) : Self.line(random.pick(sizes))
            bytes += random.below(5) == 0 ? [0x0D, 0x0A] : [0x0A]
        }
        if random.below(2) == 0 { bytes.removeLast() }
        try expectLines(bytes, limit: limit, "seed \(seed), limit \(limit)")
    }

    @Test func `a line at the limit is read and one byte more is too long, in a block or over many`() throws {
        for limit in [100, Self.border - 1, Self.border, Self.border + 1, Self.border * 2, 600_000] {
            let bytes =
                Self.line(limit) + [0x0A] + Self.line(limit + 1) + [0x0A] + Self.line(limit) + [0x0A]
                + Self.line(limit + 70) + [0x0A] + Self.line(40) + [0x0A] + Self.line(limit + 1)
            let seen = try expectLines(bytes, limit: limit, "limit \(limit)")
            #expect(seen.records.map(\.malformed) == [nil, .tooLong, nil, .tooLong, nil, .tooLong])
        }
    }

    @Test func `a line of many blocks is too long once, and the lines behind it keep their numbers`() throws {
        let long = Self.line(5 << 20)
        for tail in [[], [0x0A], Array("\n\n".utf8) + Self.line(9), [0x0A] + Self.line(Self.border * 2)] as [[UInt8]] {
            try expectLines(Self.line(5) + [0x0A] + long + tail, limit: 1 << 20, "\(tail.count) behind")
        }
    }

    @Test(arguments: ["", "\n", "\n\n\r\n", "1", "\u{FEFF}", "\u{FEFF}\n1", " ", "\r\n", "{}\n", "{}"])
    func `small inputs lose nothing`(_ text: String) throws {
        try expectLines(Array(text.utf8), limit: 100, text.debugDescription)
    }

    @Test func `a pipe gives the blocks that a file gives, however slowly it comes`() throws {
        var bytes: [UInt8] = []
        for size in [10, 70_000, 300_000, 20, 150_000, 260_000, 5, 90_000] { bytes += Self.line(size) + [0x0A] }
        let scratch = Folder()
        let expected = try read(scratch.file(bytes), limit: 200_000)
        for chunk in [1_000, 4_096, 65_536, 65_537, 400_000] {
            let path = scratch.path + "/pipe\(chunk)"
            mkfifo(path, 0o600)
            let join = startThread { [bytes] in write(bytes, to: path, chunk: chunk) }
            let seen = try read(path, limit: 200_000)
            join()
            #expect(seen.blocks == expected.blocks, "\(chunk)")
            #expect(seen.records == expected.records, "\(chunk)")
        }
    }

    @Test func `threads that take turns see the blocks that one thread sees`() throws {
        var bytes: [UInt8] = []
        for index in 0..<60 { bytes += Self.line([10, 400_000, 60_000, 1_500_000, 3][index % 5]) + [0x0A] }
        let scratch = Folder()
        let path = try scratch.file(bytes)
        let expected = try read(path, limit: 1 << 20)
        for threads in [2, 3, 8] {
            let seen = try read(path, limit: 1 << 20, threads: threads)
            #expect(seen.blocks == expected.blocks, "\(threads) threads")
            #expect(seen.records == expected.records, "\(threads) threads")
        }
    }

    @Test func `threads with large records of many inputs do not wait for each other for ever`() throws {
        let scratch = Folder()
        let paths = try (0..<4).map { index in
            try scratch.file((0..<3).flatMap { _ in Self.line(2_100_000) + [0x0A] }, "large\(index)")
        }
        let seen = try read(paths, limit: 8 << 20, threads: 4)
        #expect(seen.records.count == 12)
        #expect(seen.records.map(\.line) == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    }

    // MARK: Arrays

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `elements of an array are the same however they fall into blocks`(
        _ seed: UInt64
    ) throws {
        var random = Numbers(seed: seed &+ 77)
        let limit = random.pick([200, 5_000, Self.border, 300_000, 8 << 20])
        var elements: [[UInt8]] = []
        for _ in 0..<random.pick([1, 3, 40]) {
            let size = random.pick(
                [0, 1, 20, 300, 5_000, limit - 1, limit, limit + 1, Self.border, 600_000].filter { $0 < 700_000 })
            var element = Self.line(size)
            // Pretty-printed, with brackets and commas inside strings.
            if size > 50, random.below(2) == 0 {
                let head = Array("{\n    \"completion\" : \"],\\\"{[\",\n    \"x\" : \"".utf8)
                element = head + [UInt8](repeating: 0x78, count: size - head.count - 3) + Array("\"\n}".utf8)
                if element.count != size { element = Self.line(size) }
            }
            elements.append(element)
        }
        let space = random.pick(["", " ", "\n    ", "\r\n\t"])
        var bytes: [UInt8] = random.below(3) == 0 ? [0xEF, 0xBB, 0xBF] : []
        bytes += Array("\(space)[".utf8)
        for (index, element) in elements.enumerated() {
            bytes += Array(((index > 0 ? "," : "") + space).utf8) + element
        }
        bytes += Array("]\(space)\n".utf8)
        let scratch = Folder()
        let seen = try read(scratch.file(bytes), framing: .jsonArray, limit: limit)
        let expected = elements.enumerated().map { index, element in
            Seen(
                line: index + 1, bytes: Bytes(element),
                malformed: element.isEmpty
                    ? .invalidJSON : element.count > limit ? .tooLong : plainMalformation(element))
        }
        // `[]` holds nothing, not an element of no bytes.
        let isNothing = elements == [[]]
        #expect(seen.records == (isNothing ? [] : expected), "seed \(seed), limit \(limit)")
        #expect(seen.problem == nil)
    }

    @Test(
        arguments: [
            ("[{\"text\":\"1\"},{\"text\":", ["{\"text\":\"1\"}", "{\"text\":"], [nil, Malformation.truncated]),
            ("[{\"text\":\"1\"},", ["{\"text\":\"1\"}"], [nil]),
            ("[{\"text\":\"1\"}", ["{\"text\":\"1\"}"], [.truncated]),
            ("[", [], []), ("[\"a", ["\"a"], [.truncated]),
            ("[\n  \"a\",\n  \"b", ["\"a\"", "\"b"], [nil, .truncated]),
            ("", [], []), ("  ", [], []),
        ] as [(String, [String], [Malformation?])])
    func `what is whole in a truncated array is read, and the rest is truncated`(
        _ text: String, _ expected: [String], _ malformed: [Malformation?]
    ) throws {
        let scratch = Folder()
        let seen = try read(scratch.file(Array(text.utf8)), framing: .jsonArray, limit: 1_000)
        #expect(seen.records.map(\.bytes) == expected.map { Bytes(Array($0.utf8)) })
        #expect(seen.records.map(\.malformed) == malformed)
        #expect(seen.records.map(\.line) == Array(1..<expected.count + 1))
        #expect(seen.problem?.contains("array") ?? false)
    }

    @Test func `what stands behind an array is read by lines, so that nothing is lost`() throws {
        let scratch = Folder()
        for count in [1, 1_000, 40_000] {
            let elements = (0..<count).map { "{\"text\":\"\($0)\"}" }
            let text = "[" + elements.joined(separator: ",\n") + "]\n{\"text\":\"x\"}\ngarbage\n\n\"last\""
            let seen = try read(scratch.file(Array(text.utf8)), framing: .jsonArray, limit: 1_000)
            #expect(seen.records.count == count + 3)
            let tail = seen.records.suffix(3)
            #expect(tail.map(\.malformed) == [nil, .invalidJSON, nil])
            #expect(tail.map(\.line) == [count + 1, count + 2, count + 4])
            #expect(seen.problem?.contains("behind the closing bracket") ?? false)
        }
        let none = try read(scratch.file(Array("no array\n".utf8)), framing: .jsonArray, limit: 1_000)
        #expect(none.records.map(\.malformed) == [.invalidJSON])
        #expect(none.problem?.contains("no JSON array") ?? false)
    }

    @Test func `a truncated element over the limit is too long and ends with the input`() throws {
        let scratch = Folder()
        let text = Array("[\"a\", \"".utf8) + [UInt8](repeating: 0x78, count: 900_000)
        let seen = try read(scratch.file(text), framing: .jsonArray, limit: 100_000)
        #expect(seen.records.map(\.malformed) == [nil, .tooLong])
        #expect(seen.records.map(\.line) == [1, 2])
        #expect(seen.records[1].bytes == Bytes(Array(text[6...])))
    }

    // MARK: Several inputs

    @Test func `every input begins with line 1, and one that can't be read stops no other`() throws {
        let scratch = Folder()
        let first = try scratch.file(Array("{\"text\":\"1\"}\n{\"text\":\"2\"}".utf8), "a")
        let array = try scratch.file(Array("[{\"text\":\"1\"},{\"text\":\"2\"}]".utf8), "b")
        let empty = try scratch.file([], "c")
        let text = try scratch.file(Array("1\n\n2".utf8), "d")
        let seen = try read([first, scratch.path + "/missing", array, empty, text], limit: 1_000)
        #expect(seen.records.map(\.line) == [1, 2, 1, 2, 1, 3])
        #expect(seen.problem?.contains("missing") ?? false)
    }

    // MARK: Reading

    @discardableResult
    private func expectLines(_ bytes: [UInt8], limit: Int, _ note: String) throws -> Run {
        let scratch = Folder()
        let seen = try read(scratch.file(bytes), framing: .jsonLines, limit: limit)
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        #expect(Bytes(seen.bytes) == Bytes(Array(content)), "\(note)")
        var lines = content.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        #expect(seen.lines == lines.count, "\(note)")
        let expected = lines.enumerated().compactMap { index, line -> Seen? in
            let isLong = line.count > limit
            if !isLong, line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { return nil }
            return Seen(
                line: index + 1, bytes: Bytes(Array(line)), malformed: isLong ? .tooLong : plainMalformation(line))
        }
        #expect(seen.blank == lines.count - expected.count, "\(note)")
        #expect(seen.records == expected, "\(note)")
        #expect(seen.problem == nil)
        return seen
    }

    // The lines of these tests are sound objects, or too short for one.
    private func plainMalformation(_ line: some BidirectionalCollection<UInt8>) -> Malformation? {
        let text = line.last == 0x0D ? Array(line.suffix(12).dropLast()) : Array(line.suffix(11))
        if text.count == 11, text.last == UInt8(ascii: "}") { return nil }
        return text == Array("{}".utf8) || text == [0x31] || text.allSatisfy { $0 == 0x37 }
            ? .missingField : .invalidJSON
    }

    // Bytes of which no two neighbouring hundreds are the same.
    private static let pattern: [UInt8] = (0..<6_000_000).map { 0x61 + UInt8(truncatingIfNeeded: ($0 ^ $0 >> 7) & 15) }

    /// A sound record of so many bytes; a number where there is no room for one.
    private static func line(_ count: Int) -> [UInt8] {
        let (head, tail) = (Array("{\"text\":\"".utf8), Array("\"}".utf8))
        guard count >= head.count + tail.count else { return [UInt8](repeating: 0x37, count: count) }
        return head + pattern[..<(count - head.count - tail.count)] + tail
    }
}

private func write(_ bytes: [UInt8], to path: String, chunk: Int) {
    let file = open(path, O_WRONLY)
    defer { close(file) }
    var done = 0
    while done < bytes.count {
        let count = bytes[done..<min(done + chunk, bytes.count)].withUnsafeBytes {
            Glibc.write(file, $0.baseAddress, $0.count)
        }
        guard count > 0 else { return }
        done += count
    }
}
