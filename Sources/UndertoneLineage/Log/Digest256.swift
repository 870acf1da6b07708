// A SHA-256 digest as a value of 32 bytes.

import Crypto

/// A SHA-256 digest.
public struct Digest256: Hashable, Sendable, CustomStringConvertible {
    // Four big-endian words: no heap for a value that trees and logs hold by the million.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// Bytes of a digest.
    public static let byteCount = 32
    /// 32 zero bytes, which no one knows a text for: what stands before the first entry of a log.
    public static let zero = Digest256()

    private init() { words = (0, 0, 0, 0) }

    /// The digest whose bytes these are; `nil` if they are not 32.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Digest256.byteCount else { return nil }
        self.init()
        for (index, byte) in bytes.enumerated() { set(byte, at: index) }
    }

    /// The digest that is written in 64 lower-case hexadecimal digits; `nil` for any other text.
    public init?(hexadecimal text: String) {
        let digits = text.utf8
        guard digits.count == 2 * Digest256.byteCount else { return nil }
        self.init()
        var high: UInt8 = 0
        for (index, digit) in digits.enumerated() {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if index % 2 == 0 { high = value << 4 } else { set(high | value, at: index / 2) }
        }
    }

    /// SHA-256 of `bytes`.
    public static func of(_ bytes: some Collection<UInt8>) -> Digest256 { of(prefix: [], bytes) }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Digest256.byteCount)
        append(to: &bytes)
        return bytes
    }

    /// In lower-case hexadecimal, as `sha256sum` prints it.
    public var hexadecimal: String { Digest256.hexadecimal(bytes) }

    /// In lower-case hexadecimal.
    public var description: String { hexadecimal }

    /// Whether both are the same bytes.
    public static func == (left: Digest256, right: Digest256) -> Bool { left.words == right.words }

    /// Feeds the bytes into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }

    /// SHA-256 of `prefix` and `bytes` behind each other.
    static func of(prefix: [UInt8], _ bytes: some Collection<UInt8>) -> Digest256 {
        var hasher = SHA256()
        prefix.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        let isDone: Void? = bytes.withContiguousStorageIfAvailable {
            hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if isDone == nil { Array(bytes).withUnsafeBytes { hasher.update(bufferPointer: $0) } }
        return Digest256(hasher.finalize())
    }

    /// Any bytes in lower-case hexadecimal.
    static func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What a hasher ended with.
    init(_ digest: SHA256.Digest) {
        self.init()
        for (index, byte) in digest.enumerated() { set(byte, at: index) }
    }

    /// Appends the 32 bytes.
    func append(to bytes: inout [UInt8]) {
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
    }

    private mutating func set(_ byte: UInt8, at index: Int) {
        let bits = UInt64(byte) << UInt64(56 - index % 8 * 8)
        switch index / 8 {
        case 0: words.0 |= bits
        case 1: words.1 |= bits
        case 2: words.2 |= bits
        default: words.3 |= bits
        }
    }
}
