// Walks one JSON text over the structural index that simdjson's first stage made of it. The walk checks the whole
// grammar of RFC 8259: the first stage alone accepts `{"a" 1]`.

import CUndertone
import Glibc
import UndertoneCore

/// A cursor over the tokens of one record. It never leaves the record: behind the record's end it sees only zeros.
///
/// A token is a position of the index: one of `{ } [ ] : ,`, or the first byte of a string or scalar. The caller keeps
/// ``text`` and ``positions`` alive; 64 bytes behind the text are readable, and one entry follows the last position.
struct JSONWalker {
    var text: UnsafePointer<UInt8>
    var positions: UnsafePointer<UInt32>
    /// Offset behind the record's last byte.
    var end: Int
    /// Deepest nesting that is allowed.
    let depthLimit: Int
    /// Where decoded strings go.
    let decoded: UnsafeMutablePointer<DecodedText>
    /// Room for ``depthLimit`` brackets.
    let brackets: UnsafeMutablePointer<UInt8>
    /// Index of the current token.
    var token: Int
    var problem: Malformation?

    /// The current token's first byte, or 0 at the end of the record.
    @inline(__always)
    var current: UInt8 {
        let position = Int(positions[token])
        return position < end ? text[position] : 0
    }

    /// Offset of the current token.
    @inline(__always)
    var offset: Int { min(Int(positions[token]), end) }

    // Behind the last byte of the current token: the next token's start without the white space between.
    @inline(__always)
    private var tokenEnd: Int {
        var behind = min(Int(positions[token + 1]), end)
        while behind > 0, JSONWalker.isSpace(text[behind - 1]) { behind &-= 1 }
        return behind
    }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    @inline(__always)
    mutating func fail(_ why: Malformation) -> Bool {
        if problem == nil { problem = why }
        return false
    }

    // MARK: Strings

    /// Offsets of the current string token's content, quotes left out; `nil` where it is no string.
    @inline(__always)
    func rawString() -> Range<Int>? {
        guard current == UInt8(ascii: "\"") else { return nil }
        let start = Int(positions[token]) &+ 1
        let behind = tokenEnd
        guard behind > start, text[behind - 1] == UInt8(ascii: "\"") else { return nil }
        return Range(uncheckedBounds: (start, behind &- 1))
    }

    /// The decoded content of a string: a view on the text itself where nothing is escaped.
    @inline(__always)
    mutating func decode(_ raw: Range<Int>) -> UnsafeBufferPointer<UInt8>? {
        let count = raw.upperBound &- raw.lowerBound
        guard undertone_has_byte(text + raw.lowerBound, count, 0x5C) != 0 else {
            return UnsafeBufferPointer(start: text + raw.lowerBound, count: count)
        }
        return unescape(raw, keeping: true)
    }

    /// Reads the escapes of a string into the arena. `keeping` false: only checks them.
    private mutating func unescape(_ raw: Range<Int>, keeping: Bool) -> UnsafeBufferPointer<UInt8>? {
        let start = decoded.pointee.room(raw.count)  // Decoded text is never longer than its raw form.
        var out = start
        var from = raw.lowerBound
        while from < raw.upperBound {
            let byte = text[from]
            if byte != 0x5C {
                out.pointee = byte
                out += 1
                from += 1
                continue
            }
            guard from + 1 < raw.upperBound else { return refuse(.invalidJSON) }
            let escape = text[from + 1]
            from += 2
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.pointee = escape
            case UInt8(ascii: "b"): out.pointee = 0x08
            case UInt8(ascii: "f"): out.pointee = 0x0C
            case UInt8(ascii: "n"): out.pointee = 0x0A
            case UInt8(ascii: "r"): out.pointee = 0x0D
            case UInt8(ascii: "t"): out.pointee = 0x09
            case UInt8(ascii: "u"):
                guard var scalar = fourHexDigits(at: from, below: raw.upperBound) else { return refuse(.invalidJSON) }
                from += 4
                if scalar >= 0xD800, scalar <= 0xDFFF {
                    guard scalar < 0xDC00, from + 2 <= raw.upperBound, text[from] == 0x5C,
                        text[from + 1] == UInt8(ascii: "u"),
                        let low = fourHexDigits(at: from + 2, below: raw.upperBound), low >= 0xDC00, low <= 0xDFFF
                    else { return refuse(.loneSurrogate) }
                    from += 6
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                }
                out += JSONWalker.encode(scalar, to: out)
                continue
            default: return refuse(.invalidJSON)
            }
            out += 1
        }
        let count = out - start
        if keeping { decoded.pointee.keep(count) }
        return UnsafeBufferPointer(start: start, count: count)
    }

    private mutating func refuse(_ why: Malformation) -> UnsafeBufferPointer<UInt8>? {
        _ = fail(why)
        return nil
    }

    private func fourHexDigits(at start: Int, below limit: Int) -> UInt32? {
        guard start + 4 <= limit else { return nil }
        var value: UInt32 = 0
        for index in start..<start + 4 {
            let byte = text[index]
            let digit: UInt32
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt32(byte) - 0x30
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt32(byte) - 0x57
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = UInt32(byte) - 0x37
            default: return nil
            }
            value = value << 4 | digit
        }
        return value
    }

    private static func encode(_ scalar: UInt32, to out: UnsafeMutablePointer<UInt8>) -> Int {
        switch scalar {
        case 0..<0x80:
            out[0] = UInt8(scalar)
            return 1
        case 0x80..<0x800:
            out[0] = UInt8(0xC0 | scalar >> 6)
            out[1] = UInt8(0x80 | scalar & 0x3F)
            return 2
        case 0x800..<0x10000:
            out[0] = UInt8(0xE0 | scalar >> 12)
            out[1] = UInt8(0x80 | scalar >> 6 & 0x3F)
            out[2] = UInt8(0x80 | scalar & 0x3F)
            return 3
        default:
            out[0] = UInt8(0xF0 | scalar >> 18 & 7)
            out[1] = UInt8(0x80 | scalar >> 12 & 0x3F)
            out[2] = UInt8(0x80 | scalar >> 6 & 0x3F)
            out[3] = UInt8(0x80 | scalar & 0x3F)
            return 4
        }
    }

    // MARK: Values

    /// Checks a string's escapes and steps over it.
    @inline(__always)
    mutating func skipString() -> Bool {
        guard let raw = rawString() else { return fail(.invalidJSON) }
        if undertone_has_byte(text + raw.lowerBound, raw.upperBound &- raw.lowerBound, 0x5C) != 0,
            unescape(raw, keeping: false) == nil
        {
            return false
        }
        token &+= 1
        return true
    }

    /// Steps over the key of an object's member and the colon behind it.
    @inline(__always)
    mutating func key() -> Range<Int>? {
        guard let raw = rawString() else {
            _ = fail(.invalidJSON)
            return nil
        }
        token &+= 1
        guard current == UInt8(ascii: ":") else {
            _ = fail(.invalidJSON)
            return nil
        }
        token &+= 1
        return raw
    }

    /// Checks a value of any kind and steps over it; `depth` is the nesting it stands in.
    mutating func skipValue(depth outer: Int) -> Bool {
        let first = current
        if first == UInt8(ascii: "\"") { return skipString() }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return skipScalar() }
        var depth = outer
        while true {
            // At a value.
            switch current {
            case UInt8(ascii: "{"):
                guard depth < depthLimit else { return fail(.tooDeep) }
                brackets[depth] = UInt8(ascii: "}")
                depth &+= 1
                token &+= 1
                if current != UInt8(ascii: "}") {
                    guard skipKey() else { return false }
                    continue
                }
                depth &-= 1
                token &+= 1
            case UInt8(ascii: "["):
                guard depth < depthLimit else { return fail(.tooDeep) }
                brackets[depth] = UInt8(ascii: "]")
                depth &+= 1
                token &+= 1
                if current != UInt8(ascii: "]") { continue }
                depth &-= 1
                token &+= 1
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
            default:
                guard skipScalar() else { return false }
            }
            // Behind a value.
            closing: while depth > outer {
                let bracket = brackets[depth &- 1]
                switch current {
                case UInt8(ascii: ","):
                    token &+= 1
                    if bracket == UInt8(ascii: "}") {
                        guard skipKey() else { return false }
                    }
                    break closing
                case bracket:
                    depth &-= 1
                    token &+= 1
                default: return fail(.invalidJSON)
                }
            }
            if depth == outer { return true }
        }
    }

    private mutating func skipKey() -> Bool {
        guard let raw = key() else { return false }
        return undertone_has_byte(text + raw.lowerBound, raw.count, 0x5C) == 0 || unescape(raw, keeping: false) != nil
    }

    /// Offsets of the current token without the white space behind it.
    var rawToken: Range<Int> { offset..<max(offset, tokenEnd) }

    /// Checks `true`, `false`, `null` or a number and steps over it.
    mutating func skipScalar() -> Bool {
        let start = offset
        guard start < end else { return fail(.invalidJSON) }
        let behind = tokenEnd
        let count = behind - start
        let isValid: Bool
        switch text[start] {
        case UInt8(ascii: "t"): isValid = count == 4 && memcmp(text + start, "true", 4) == 0
        case UInt8(ascii: "f"): isValid = count == 5 && memcmp(text + start, "false", 5) == 0
        case UInt8(ascii: "n"): isValid = count == 4 && memcmp(text + start, "null", 4) == 0
        default: isValid = isNumber(start, behind)
        }
        guard isValid else { return fail(.invalidJSON) }
        token &+= 1
        return true
    }

    // RFC 8259, section 6.
    private func isNumber(_ start: Int, _ behind: Int) -> Bool {
        var at = start
        func isDigit(_ index: Int) -> Bool { index < behind && text[index] &- 0x30 < 10 }
        if at < behind, text[at] == UInt8(ascii: "-") { at += 1 }
        guard isDigit(at) else { return false }
        if text[at] == 0x30 { at += 1 } else { while isDigit(at) { at += 1 } }
        if at < behind, text[at] == UInt8(ascii: ".") {
            at += 1
            guard isDigit(at) else { return false }
            while isDigit(at) { at += 1 }
        }
        if at < behind, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < behind, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
            guard isDigit(at) else { return false }
            while isDigit(at) { at += 1 }
        }
        return at == behind
    }
}
