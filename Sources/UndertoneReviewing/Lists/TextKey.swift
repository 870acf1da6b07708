// A fast 128-bit hash that stands for a text within one reading.

/// A text by its hash, after the multiply-and-fold construction of wyhash (Wang Yi, public domain).
///
/// Among ten million texts that nobody made for it, two share a key with a chance below 2⁻⁸⁰. It is no digest: who
/// chooses the data can make two texts collide, and then both are counted as one.
struct TextKey: Hashable, BitwiseCopyable, Sendable {
    var low: UInt64
    var high: UInt64

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var (low, high): (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F)
        let raw = UnsafeRawBufferPointer(bytes)
        var at = 0
        while raw.count &- at >= 16 {
            TextKey.mix(
                &low, &high, raw.loadUnaligned(fromByteOffset: at, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: at &+ 8, as: UInt64.self))
            at &+= 16
        }
        var (first, second): (UInt64, UInt64) = (0, 0)
        for offset in 0..<raw.count &- at {
            if offset < 8 {
                first |= UInt64(raw[at &+ offset]) &<< UInt64(8 &* offset)
            } else {
                second |= UInt64(raw[at &+ offset]) &<< UInt64(8 &* (offset &- 8))
            }
        }
        TextKey.mix(&low, &high, first, second)
        TextKey.mix(&low, &high, UInt64(raw.count), 0x1D8E_4E27_C47D_124F)
        (self.low, self.high) = (low, high)
    }

    init(_ text: String) {
        var text = text
        self = text.withUTF8 { TextKey($0) }
    }

    @inline(__always)
    private static func mix(_ low: inout UInt64, _ high: inout UInt64, _ first: UInt64, _ second: UInt64) {
        low = fold(low ^ first ^ 0xA076_1D64_78BD_642F, second ^ 0xE703_7ED1_A0B4_28DB)
        high = fold(high ^ second ^ 0x8EBC_6AF0_9C88_C6E3, first ^ 0x5899_65CC_7537_4CC3)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    static func == (left: TextKey, right: TextKey) -> Bool { left.low == right.low && left.high == right.high }

    /// An order that depends on nothing but the texts.
    static func precedes(_ left: TextKey, _ right: TextKey) -> Bool {
        left.low != right.low ? left.low < right.low : left.high < right.high
    }

    // It is a hash already.
    func hash(into hasher: inout Hasher) { hasher.combine(low) }
}

/// SplitMix64's finaliser: spreads a number over 64 bits (Steele, Lea, Flood, OOPSLA 2014).
@inline(__always)
func scrambled(_ number: UInt64) -> UInt64 {
    var z = number &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
}
