// Identifiers that mean the same in every catalogue and every document, and moments as other formats want them.

enum ExchangeIdentity {
    /// SHA-256 over parts that can't run into each other.
    static func digest(_ parts: [String]) -> [UInt8] {
        Digest256.of(parts.flatMap { "\($0.utf8.count):\($0)".utf8 }).bytes
    }

    /// A UUID of version 8 (RFC 9562, section 5.8) that holds the first 122 bits of a digest.
    static func uuid(_ digest: [UInt8]) -> String {
        var bytes = Array(digest.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        return text(bytes)
    }

    /// A UUID of version 7 (RFC 9562, section 5.7) whose random bits come from a digest: OpenLineage asks for it, since
    /// it sorts by time.
    static func uuid(_ digest: [UInt8], at moment: ExchangeMoment) -> String {
        let milliseconds = UInt64(clamping: moment.seconds) &* 1_000
        var bytes = Array(digest.prefix(16))
        for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> UInt64(40 - 8 * index)) }
        bytes[6] = bytes[6] & 0x0F | 0x70
        bytes[8] = bytes[8] & 0x3F | 0x80
        return text(bytes)
    }

    /// Whether it is a SHA-256 as `sha256sum` prints it.
    static func isDigest(_ text: String) -> Bool { Digest256(hexadecimal: text) != nil }

    private static func text(_ bytes: [UInt8]) -> String {
        let parts = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16]
        return parts.map { Digest256.hexadecimal(bytes[$0]) }.joined(separator: "-")
    }
}

/// A date and time, checked.
struct ExchangeMoment: Comparable {
    /// As it was written.
    let text: String
    /// Since 1970, whole ones.
    let seconds: Int

    /// Reads RFC 3339 in UTC with whole seconds, from 1970 on: `2026-11-21T10:00:00Z`; `nil` for anything else.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20,
            zip(bytes, "0000-00-00T00:00:00Z".utf8).allSatisfy({ byte, wanted in
                wanted == UInt8(ascii: "0") ? 0x30...0x39 ~= byte : byte == wanted
            })
        else { return nil }
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year >= 1970, 1...12 ~= month, 1...lengths[month - 1] ~= day, hour < 24, minute < 60, second < 60
        else { return nil }
        let before = year - 1
        let leaps = before / 4 - before / 100 + before / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400)
        let days = (year - 1970) * 365 + leaps + lengths[..<(month - 1)].reduce(0, +) + day - 1
        self.text = text
        seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    }

    static func < (left: ExchangeMoment, right: ExchangeMoment) -> Bool { left.seconds < right.seconds }
}
