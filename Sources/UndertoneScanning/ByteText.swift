// Text as bytes, for output that is written in the hot path.

import UndertoneCore

extension PlainBuffer where Element == UInt8 {
    /// Appends a literal or a short string.
    mutating func append(_ text: StaticString) { append(text.utf8Start, count: text.utf8CodeUnitCount) }

    /// Appends bytes that were made ready before.
    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { if let base = $0.baseAddress { append(base, count: $0.count) } }
    }

    /// Appends a number in decimal.
    mutating func append(decimal value: Int) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { room in
            var rest = value.magnitude
            var at = room.count
            repeat {
                at -= 1
                room[at] = UInt8(rest % 10) + 0x30
                rest /= 10
            } while rest > 0
            if value < 0 {
                at -= 1
                room[at] = UInt8(ascii: "-")
            }
            for index in at..<room.count { append(room[index]) }
        }
    }

    /// Appends valid UTF-8 as the content of a JSON string, quotes not included.
    mutating func append(jsonEscaped bytes: UnsafeBufferPointer<UInt8>) {
        reserve(bytes.count + 16)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): append(#"\""#)
            case UInt8(ascii: "\\"): append(#"\\"#)
            case 0x0A: append(#"\n"#)
            case 0x0D: append(#"\r"#)
            case 0x09: append(#"\t"#)
            case 0..<0x20, 0x7F:
                append(#"\u00"#)
                append(hexDigit(byte >> 4))
                append(hexDigit(byte & 15))
            default: append(byte)
            }
        }
    }

    private func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value + 0x57 }
}

/// The content of a JSON string for text from outside, quotes included.
func jsonString(_ text: String) -> [UInt8] {
    var buffer = PlainBuffer<UInt8>(capacity: text.utf8.count + 16)
    buffer.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { buffer.append(jsonEscaped: $0) }
    buffer.append(UInt8(ascii: "\""))
    return Array(UnsafeBufferPointer(start: buffer.base, count: buffer.count))
}

/// Base64 (RFC 4648, section 4) of a stream, cut anywhere.
struct Base64Stream {
    private var pending: (UInt8, UInt8) = (0, 0)
    private var pendingCount = 0

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, to buffer: inout PlainBuffer<UInt8>) {
        buffer.reserve(bytes.count / 3 * 4 + 8)
        for byte in bytes {
            switch pendingCount {
            case 0: pending.0 = byte
            case 1: pending.1 = byte
            default:
                write(pending.0, pending.1, byte, 4, to: &buffer)
                pendingCount = 0
                continue
            }
            pendingCount += 1
        }
    }

    mutating func finish(to buffer: inout PlainBuffer<UInt8>) {
        if pendingCount == 1 { write(pending.0, 0, 0, 2, to: &buffer) }
        if pendingCount == 2 { write(pending.0, pending.1, 0, 3, to: &buffer) }
        pendingCount = 0
    }

    private func write(
        _ first: UInt8, _ second: UInt8, _ third: UInt8, _ digits: Int, to buffer: inout PlainBuffer<UInt8>
    ) {
        let group = Int(first) << 16 | Int(second) << 8 | Int(third)
        for index in 0..<4 {
            buffer.append(
                index < digits ? Base64Stream.alphabet[group >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
        }
    }
}
