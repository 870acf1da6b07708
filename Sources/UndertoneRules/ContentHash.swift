// A fast 128-bit hash for comparing contents within one run. Not a digest: whoever chooses the data can make two texts
// collide, which costs nobody but themselves a record.

/// Folds bytes into 128 bits, after the multiply-and-fold construction of wyhash (Wang Yi, public domain).
struct ContentHash {
    private var low: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var high: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private var length = 0

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inline(__always)
    private mutating func mix(_ first: UInt64, _ second: UInt64) {
        low = ContentHash.fold(low ^ first ^ 0xA076_1D64_78BD_642F, second ^ 0xE703_7ED1_A0B4_28DB)
        high = ContentHash.fold(high ^ second ^ 0x8EBC_6AF0_9C88_C6E3, first ^ 0x5899_65CC_7537_4CC3)
    }

    /// Adds bytes. Cutting them in two elsewhere gives another hash.
    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        length &+= bytes.count
        let raw = UnsafeRawBufferPointer(bytes)
        var at = 0
        while raw.count - at >= 16 {
            mix(
                raw.loadUnaligned(fromByteOffset: at, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self))
            at += 16
        }
        var first: UInt64 = 0
        var second: UInt64 = 0
        for offset in 0..<raw.count - at {
            if offset < 8 {
                first |= UInt64(raw[at + offset]) << UInt64(8 * offset)
            } else {
                second |= UInt64(raw[at + offset]) << UInt64(8 * (offset - 8))
            }
        }
        mix(first, second ^ UInt64(raw.count) << 56)
    }

    /// The two halves.
    func finish() -> (low: UInt64, high: UInt64) {
        var last = self
        last.mix(UInt64(truncatingIfNeeded: length), 0x1D8E_4E27_C47D_124F)
        return (last.low, last.high)
    }
}
