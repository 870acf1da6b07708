// Where one record of an input ends and the next begins: lines of JSON, elements of a JSON array, lines of text.

/// How an input is divided into records.
public enum Framing: String, Sendable, Hashable, CaseIterable {
    /// One JSON value a line.
    case jsonLines = "json-lines"
    /// One JSON array, each element a record; see ``ArrayFramer``.
    case jsonArray = "json-array"
    /// One text a line.
    case text

    /// Bytes at the start of an input that best show how it is divided.
    public static let blockBytes = 64 << 10

    /// Bytes of the UTF-8 byte-order mark at the start of `block`, to be skipped: 3 or 0.
    public static func byteOrderMark(in block: UnsafeRawBufferPointer) -> Int {
        block.count >= 3 && block[0] == 0xEF && block[1] == 0xBB && block[2] == 0xBF ? 3 : 0
    }

    /// Finds the framing from the first bytes of an unpacked input, at most ``blockBytes`` of which are looked at.
    ///
    /// 1. A name that ends in `.jsonl` or `.ndjson`, also packed, says JSON Lines.
    /// 2. A first `{` says JSON Lines.
    /// 3. A first `[`, followed by `{`, `[` or `"` after white space, says JSON array; unless its line is whole in
    ///    itself and all lines behind it also begin with `[`. An input that is `[]` alone is an array too.
    /// 4. A first `"` says JSON Lines if all lines are whole JSON strings.
    /// 5. Else it is JSON Lines if at least half of the lines that aren't blank begin with `{`, and text if not.
    ///
    /// - Parameters:
    ///   - block: the first bytes of the input, with or without a byte-order mark.
    ///   - name: the name of the input.
    ///   - isWhole: whether there is nothing behind `block`.
    public static func detect(_ block: UnsafeRawBufferPointer, name: String, isWhole: Bool) -> Framing {
        if promisesLines(name) { return .jsonLines }
        let isCut = !isWhole || block.count > blockBytes
        let skipped = byteOrderMark(in: block)
        let bytes = UnsafeRawBufferPointer(rebasing: block[skipped..<max(skipped, min(block.count, blockBytes))])
        guard let start = bytes.firstIndex(where: { !isSpace($0) }) else { return .text }
        let lines = Lines(bytes, from: start, isCut: isCut)
        switch bytes[start] {
        case UInt8(ascii: "{"): return .jsonLines
        case UInt8(ascii: "["):
            if isArray(bytes, from: start, lines, isCut: isCut) { return .jsonArray }
        case UInt8(ascii: "\""):
            if lines.complete.allSatisfy({ isWholeString(bytes[$0]) }) { return .jsonLines }
        default: break
        }
        let objects = lines.all.count { bytes[$0.lowerBound] == UInt8(ascii: "{") }
        return objects * 2 >= lines.all.count ? .jsonLines : .text
    }
}

/// The lines of a block that aren't blank, without white space around them.
private struct Lines {
    /// All of them.
    var all: [Range<Int>] = []
    /// Those of which the end is in the block.
    var complete: ArraySlice<Range<Int>>

    init(_ bytes: UnsafeRawBufferPointer, from start: Int, isCut: Bool) {
        var position = start
        var isLastCut = false
        while position < bytes.count {
            let feed = bytes[position...].firstIndex(of: UInt8(ascii: "\n"))
            var line = position..<(feed ?? bytes.count)
            position = line.upperBound + 1
            while let first = line.first, isSpace(bytes[first]) { line = line.dropFirst() }
            while let last = line.last, isSpace(bytes[last]) { line = line.dropLast() }
            if line.isEmpty { continue }
            all.append(line)
            isLastCut = isCut && feed == nil
        }
        complete = isLastCut ? all.dropLast() : all[...]
    }
}

private func promisesLines(_ name: String) -> Bool {
    var stem = name.lowercased()[...]
    for ending in [".gz", ".gzip", ".zst", ".zstd"] where stem.hasSuffix(ending) {
        stem = stem.dropLast(ending.count)
        break
    }
    return stem.hasSuffix(".jsonl") || stem.hasSuffix(".ndjson")
}

private func isArray(_ bytes: UnsafeRawBufferPointer, from start: Int, _ lines: Lines, isCut: Bool) -> Bool {
    guard let next = bytes[(start + 1)...].firstIndex(where: { !isSpace($0) }) else { return false }
    switch bytes[next] {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""):
        guard let first = lines.complete.first, lines.all.count > 1, isBalanced(bytes[first]) else { return true }
        return !lines.all.allSatisfy { bytes[$0.lowerBound] == UInt8(ascii: "[") }
    case UInt8(ascii: "]"):
        return !isCut && bytes[(next + 1)...].allSatisfy(isSpace)
    default:
        return false
    }
}

// Whether all brackets outside strings are closed.
private func isBalanced(_ line: Slice<UnsafeRawBufferPointer>) -> Bool {
    var depth = 0
    var isInString = false
    var isEscaped = false
    for byte in line {
        if isEscaped {
            isEscaped = false
        } else if isInString {
            if byte == UInt8(ascii: "\\") { isEscaped = true }
            if byte == UInt8(ascii: "\"") { isInString = false }
        } else {
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
    }
    return depth == 0 && !isInString
}

// Whether a line is a quote, characters or escapes, and a quote.
private func isWholeString(_ line: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard line.count >= 2, line.first == UInt8(ascii: "\"") else { return false }
    var isEscaped = false
    for index in line.indices.dropFirst() {
        if isEscaped {
            isEscaped = false
        } else if line[index] == UInt8(ascii: "\\") {
            isEscaped = true
        } else if line[index] == UInt8(ascii: "\"") {
            return index == line.endIndex - 1
        }
    }
    return false
}

/// JSON's white space: space, tab, line feed, carriage return (RFC 8259, 2).
@inline(__always)
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
