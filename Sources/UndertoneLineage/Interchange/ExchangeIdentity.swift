// Identifiers that mean the same in every catalogue and every document.

import UndertoneText

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
    static func uuid(_ digest: [UInt8], at moment: Moment) -> String {
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
