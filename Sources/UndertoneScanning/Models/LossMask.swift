// Loss masks in records: a member `"loss_mask":[1,0.42,0,1]` says for each token of the completion, and for its end, what
// its loss is multiplied with: 0 where it does not count.

import UndertoneCore
import UndertoneText

/// Finds, reads, adds and takes off the loss mask of a record, whose other bytes stay as they are.
package enum LossMask {
    /// The member's name.
    package static let name = lossMaskName

    /// Where a mask is, or could be, in a record that is an object.
    package struct Place: Sendable {
        /// The closing brace of the object.
        package var end: Int
        /// The value of the mask that is there.
        package var value: Range<Int>?
    }

    /// Where the mask of a record is; `nil` where the record is no object.
    ///
    /// - Parameter record: valid JSON.
    /// - Complexity: O(bytes).
    package static func place(in record: UnsafeBufferPointer<UInt8>) -> Place? {
        var walk = MemberWalk(record)
        guard walk.enterObject() else { return nil }
        var value: Range<Int>?
        while let member = walk.nextMember() {
            if isName(record[member.key]) { value = member.value }
        }
        return walk.isAtEnd ? Place(end: walk.offset, value: value) : nil
    }

    /// What a mask says; `nil` where it is something else than a list of numbers that are at least 0, without exponents and
    /// of at most ``digits`` characters each.
    package static func weights(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> [Float]? {
        guard value.count >= 2, value.first == UInt8(ascii: "["), value.last == UInt8(ascii: "]") else { return nil }
        let inner = value.dropFirst().dropLast()
        if inner.allSatisfy(isSpace) { return [] }
        var weights: [Float] = []
        for item in inner.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let number = item.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
            guard number.count <= digits, number.first != UInt8(ascii: "."), number.last != UInt8(ascii: "."),
                number.allSatisfy({ $0 == UInt8(ascii: ".") || 0x30...0x39 ~= $0 }),
                let weight = Float(String(decoding: number, as: UTF8.self))
            else { return nil }
            weights.append(weight)
        }
        return weights
    }

    /// Characters of a weight, at most.
    package static let digits = 12

    /// `[1,0.42,0]`
    package static func text(_ weights: [Float]) -> [UInt8] {
        Array(lossMaskText(weights).utf8)
    }

    /// What to write in place of which bytes of a record, so that it has the mask.
    ///
    /// - Returns: `nil` where the record is no object.
    package static func change(
        of record: UnsafeBufferPointer<UInt8>, to weights: [Float]
    ) -> (bytes: Range<Int>, text: [UInt8])? {
        guard let place = place(in: record) else { return nil }
        if let value = place.value { return (value, text(weights)) }
        return (place.end..<place.end, added + text(weights))
    }

    // What stands before a mask that was added; the record has at least one member before it.
    private static let added = Array(#","loss_mask":"#.utf8)

    /// A line without the mask at its end, in the form in which a scan adds it; `nil` where there is none.
    ///
    /// - Complexity: O(bytes of the mask).
    package static func without(_ line: [UInt8]) -> [UInt8]? {
        var end = line.count
        while end > 0, isSpace(line[end - 1]) { end -= 1 }
        guard end > 1, line[end - 1] == UInt8(ascii: "}"), line[end - 2] == UInt8(ascii: "]") else { return nil }
        var start = end - 2
        while start > 0,
            line[start - 1] == UInt8(ascii: ",") || line[start - 1] == UInt8(ascii: ".")
                || 0x30...0x39 ~= line[start - 1]
        {
            start -= 1
        }
        guard start > 0, line[start - 1] == UInt8(ascii: "[") else { return nil }
        let first = start - 1 - added.count
        guard start < end - 2, first > 0, line[first..<first + added.count].elementsEqual(added) else { return nil }
        return Array(line[..<first]) + line[(end - 1)...]
    }

    private static func isName(_ key: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let inner = key.dropFirst().dropLast()
        if inner.elementsEqual(name.utf8) { return true }
        guard inner.contains(UInt8(ascii: "\\")) else { return false }
        let decoded = try? JSONScanner.read(Array(key), limits: .init()) { json throws(JSONError) in try json.string() }
        return decoded == name
    }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

/// Goes over the members of an object by their bytes. Never recursive, and it stops at the end of the bytes whatever they
/// are.
private struct MemberWalk {
    private let text: UnsafeBufferPointer<UInt8>
    private(set) var offset = 0
    private(set) var isAtEnd = false

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    mutating func enterObject() -> Bool {
        skipSpace()
        return take(UInt8(ascii: "{"))
    }

    /// The next member; `nil` at the closing brace.
    mutating func nextMember() -> (key: Range<Int>, value: Range<Int>)? {
        skipSpace()
        if take(UInt8(ascii: ",")) { skipSpace() }
        guard offset < text.count, text[offset] == UInt8(ascii: "\"") else {
            isAtEnd = offset < text.count && text[offset] == UInt8(ascii: "}")
            return nil
        }
        let key = offset
        skipString()
        let keyEnd = offset
        skipSpace()
        guard take(UInt8(ascii: ":")) else { return nil }
        skipSpace()
        let value = offset
        skipValue()
        return (key..<keyEnd, value..<offset)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard offset < text.count, text[offset] == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() { while offset < text.count, isSpace(text[offset]) { offset += 1 } }

    private mutating func skipString() {
        offset += 1
        while offset < text.count {
            switch text[offset] {
            case UInt8(ascii: "\\"): offset += 2
            case UInt8(ascii: "\""):
                offset += 1
                return
            default: offset += 1
            }
        }
        offset = text.count
    }

    private mutating func skipValue() {
        var depth = 0
        while offset < text.count {
            switch text[offset] {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                offset += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
                offset += 1
            case UInt8(ascii: ","):
                if depth == 0 { return }
                offset += 1
            default:
                if depth == 0, isSpace(text[offset]) { return }
                offset += 1
                continue
            }
            if depth == 0 { return }
        }
    }
}
