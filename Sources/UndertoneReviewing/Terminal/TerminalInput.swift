// Bytes of a terminal as keys.

/// A key, as far as a terminal tells.
enum Key: Equatable, Sendable {
    case character(Unicode.Scalar)
    /// With Ctrl held, as the letter's lower case.
    case control(Unicode.Scalar)
    /// Text that came at once, between the marks of a paste.
    case paste(String)
    case up, down, left, right, home, end, pageUp, pageDown
    case enter, tab, backTab, backspace, delete, escape
    /// Something that means nothing here.
    case unknown
}

/// Keys out of bytes (ECMA-48 sequences, as xterm sends them).
enum TerminalInput {
    /// Bytes of a paste that are taken; the rest of it is passed over.
    static let pasteLimit = 65_536
    // Bytes behind which a paste without an end is none.
    private static let waitLimit = 1 << 20

    /// The first key of `bytes`, which is taken from them; nil where more bytes are needed.
    ///
    /// - Parameter isAll: nothing more comes soon, so that an ESC is a key and not the start of one.
    static func key(_ bytes: inout ArraySlice<UInt8>, isAll: Bool) -> Key? {
        guard let first = bytes.first else { return nil }
        switch first {
        case 0x1B: return sequence(&bytes, isAll)
        case 0x0D, 0x0A: return taken(&bytes, .enter)
        case 0x09: return taken(&bytes, .tab)
        case 0x08, 0x7F: return taken(&bytes, .backspace)
        case 0..<0x20: return taken(&bytes, .control(Unicode.Scalar(first | 0x60)))
        case 0x20..<0x7F: return taken(&bytes, .character(Unicode.Scalar(first)))
        default: return scalar(&bytes, isAll)
        }
    }

    private static func taken(_ bytes: inout ArraySlice<UInt8>, _ key: Key, _ count: Int = 1) -> Key {
        bytes = bytes.dropFirst(count)
        return key
    }

    private static func scalar(_ bytes: inout ArraySlice<UInt8>, _ isAll: Bool) -> Key? {
        let length =
            switch bytes[bytes.startIndex] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard bytes.count >= length else { return isAll ? taken(&bytes, .unknown, bytes.count) : nil }
        var decoder = UTF8()
        var start = bytes.prefix(length).makeIterator()
        guard length > 1, case .scalarValue(let scalar) = decoder.decode(&start) else { return taken(&bytes, .unknown) }
        return taken(&bytes, .character(scalar), length)
    }

    private static func sequence(_ bytes: inout ArraySlice<UInt8>, _ isAll: Bool) -> Key? {
        let rest = bytes.dropFirst()
        guard let second = rest.first else { return isAll ? taken(&bytes, .escape) : nil }
        if second == UInt8(ascii: "O") {
            guard let third = rest.dropFirst().first else { return isAll ? taken(&bytes, .unknown, 2) : nil }
            return taken(&bytes, named(third, []), 3)
        }
        guard second == UInt8(ascii: "[") else {
            // Alt with a key, or two escapes.
            return second == 0x1B ? taken(&bytes, .escape) : taken(&bytes, .unknown, 2)
        }
        let body = rest.dropFirst()
        guard let end = body.firstIndex(where: { $0 >= 0x40 && $0 <= 0x7E }) else {
            return isAll || body.count > 64 ? taken(&bytes, .unknown, bytes.count) : nil
        }
        let parameters = Array(body[..<end])
        if body[end] == UInt8(ascii: "~"), parameters == Array("200".utf8) {
            return paste(&bytes, from: end + 1)
        }
        return taken(&bytes, named(body[end], parameters), end + 1 - bytes.startIndex)
    }

    // However slowly a paste comes in, no part of it is a command.
    private static func paste(_ bytes: inout ArraySlice<UInt8>, from start: Int) -> Key? {
        let mark = Array("\u{1B}[201~".utf8)
        let text = bytes[start...]
        var end = text.startIndex
        while end < text.endIndex, text[end] != 0x1B || !text[end...].starts(with: mark) { end += 1 }
        guard end < text.endIndex || text.count > waitLimit else { return nil }
        let key = Key.paste(String(decoding: text[..<end].prefix(pasteLimit), as: UTF8.self))
        bytes = text[end...].dropFirst(mark.count)
        return key
    }

    private static func named(_ last: UInt8, _ parameters: [UInt8]) -> Key {
        switch (Unicode.Scalar(last), String(decoding: parameters.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)) {
        case ("A", _): .up
        case ("B", _): .down
        case ("C", _): .right
        case ("D", _): .left
        case ("H", _), ("~", "1"), ("~", "7"): .home
        case ("F", _), ("~", "4"), ("~", "8"): .end
        case ("Z", _): .backTab
        case ("M", ""): .enter
        case ("~", "3"): .delete
        case ("~", "5"): .pageUp
        case ("~", "6"): .pageDown
        default: .unknown
        }
    }
}
