// Hashes that stand for texts. They are the same in every process and on every machine, since sketches keep them.

import UndertoneCore

/// SplitMix64's finaliser: spreads a number over 64 bits (Steele, Lea, Flood, OOPSLA 2014).
@inline(__always)
func scrambled(_ number: UInt64) -> UInt64 {
    var z = number &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
}

/// A text as 64 bits, after the multiply-and-fold construction of wyhash (Wang Yi, public domain).
///
/// Two of a million texts that nobody made for it share a hash with a chance below 10⁻⁷. It is no digest: who chooses the data
/// can make two texts collide, and then they are counted as one.
enum TextHash {
    /// The hash of a text; 16 bytes behind it must be readable.
    @inline(__always)
    static func of(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        let raw = UnsafeRawPointer(start)
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count)
        var at = 0
        while count &- at > 16 {
            state = fold(
                raw.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian ^ state ^ 0xA076_1D64_78BD_642F,
                raw.loadUnaligned(fromByteOffset: at &+ 8, as: UInt64.self).littleEndian ^ 0xE703_7ED1_A0B4_28DB)
            at &+= 16
        }
        let rest = count &- at
        var first = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
        var second: UInt64 = 0
        if rest < 8 {
            first &= (1 &<< UInt64(truncatingIfNeeded: 8 &* rest)) &- 1
        } else if rest > 8 {
            second = raw.loadUnaligned(fromByteOffset: at &+ 8, as: UInt64.self).littleEndian
            if rest < 16 { second &= (1 &<< UInt64(truncatingIfNeeded: 8 &* (rest &- 8))) &- 1 }
        }
        state = fold(first ^ state ^ 0xA076_1D64_78BD_642F, second ^ 0xE703_7ED1_A0B4_28DB)
        return fold(state ^ 0x1D8E_4E27_C47D_124F, 0x8EBC_6AF0_9C88_C6E3)
    }

    static func of(_ bytes: some Collection<UInt8>) -> UInt64 {
        var padded = Array(bytes)
        let count = padded.count
        padded += repeatElement(0, count: 16)
        return padded.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { of($0, count) } ?? 0
        }
    }

    /// The hash of a text, a space and another text, by their hashes.
    @inline(__always)
    static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
        fold(first ^ 0x8EBC_6AF0_9C88_C6E3, (second &<< 32 | second &>> 32) ^ 0x5899_65CC_7537_4CC3)
    }

    /// The rank of an occurrence in the draw of candidates: of a term at a place of a text.
    @inline(__always)
    static func rank(_ term: UInt64, in text: UInt64, at place: Int) -> UInt64 {
        fold(term ^ 0xA076_1D64_78BD_642F, text &+ UInt64(truncatingIfNeeded: place) &* 0x9E37_79B9_7F4A_7C15)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
