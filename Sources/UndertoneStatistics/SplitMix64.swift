// Seeded random numbers for resampling.

/// SplitMix64: a 64-bit generator with 64 bits of state, for resampling, not for secrets.
///
/// The same seed gives the same numbers on every machine. Source: Steele, Lea, Flood, *Fast splittable pseudorandom
/// number generators*, OOPSLA 2014, with the constants of Vigna's `splitmix64.c`.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The numbers of that seed.
    public init(seed: UInt64) { state = seed }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A whole number of 0 ..< bound, each as likely as the others; `bound` is above 0.
    ///
    /// Source: Lemire, *Fast random integer generation in an interval*, ACM TOMACS 29 (2019) 3. Written out here, since
    /// the standard library does not promise to keep its own way.
    package mutating func below(_ bound: Int) -> Int {
        let range = UInt64(bound)
        var product = range.multipliedFullWidth(by: next())
        if product.low < range {
            let least = (0 &- range) % range
            while product.low < least { product = range.multipliedFullWidth(by: next()) }
        }
        return Int(product.high)
    }
}
