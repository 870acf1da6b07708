// Where a record is broken, for people; only malformed records pay for it.

import CSimdJSON

/// Whether bytes are valid UTF-8, at more than 10 GB/s.
public func isValidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    return undertone_is_utf8(base, bytes.count) != 0
}

/// Offset of the first byte that is not valid UTF-8 (Unicode 15, table 3-7), or `count`.
func firstInvalidUTF8(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var at = 0
    while at < count {
        let lead = text[at]
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch lead {
            case 0x00...0x7F: (1, 0x80...0xBF)
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0x80...0xBF)
            }
        guard length > 0, at + length <= count else { return at }
        if length > 1 {
            guard second.contains(text[at + 1]) else { return at }
            for offset in 2..<max(2, length) where text[at + offset] & 0xC0 != 0x80 { return at }
        }
        at += length
    }
    return count
}

/// Offset where the strings of a JSON text stop making sense: a control character inside one, or the opening quote
/// of one without an end.
func endOfSoundStrings(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var opening: Int?
    var at = 0
    while at < count {
        let byte = text[at]
        if opening == nil {
            if byte == UInt8(ascii: "\"") { opening = at }
        } else if byte < 0x20 {
            return at
        } else if byte == UInt8(ascii: "\\") {
            at += 1
        } else if byte == UInt8(ascii: "\"") {
            opening = nil
        }
        at += 1
    }
    return opening ?? 0
}
