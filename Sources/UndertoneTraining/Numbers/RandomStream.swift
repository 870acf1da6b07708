// Random numbers that depend on a seed, a purpose and a place alone, whatever the number of threads.

/// Philox 4x32-10, a counter-based generator (Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, SC 2011).
///
/// Number n of a stream is a function of seed, stream and n: streams of different purposes or records can be drawn in any
/// order, on any thread, and give the same numbers.
public struct RandomStream: RandomNumberGenerator, Sendable {
    private let key: SIMD2<UInt32>
    private let stream: UInt64
    private var block: UInt64 = 0
    private var words = SIMD4<UInt32>()
    private var used = 4

    /// The stream of that number of a seed.
    public init(seed: UInt64, stream: UInt64 = 0) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        self.stream = stream
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        let low = word()
        return UInt64(low) | UInt64(word()) << 32
    }

    /// A number of [0, 1), one of 2²⁴ evenly spaced ones.
    public mutating func unit() -> Float { Float(word() >> 8) * 0x1p-24 }

    /// Two independent numbers of the standard normal distribution (Box and Muller, 1958).
    public mutating func normals() -> (Double, Double) {
        // Never 0, so that the logarithm is finite.
        let radius = (-2 * logarithm((Double(word()) + 0.5) * 0x1p-32)).squareRoot()
        let (sine, cosine) = sineAndCosine(Double(word()) * 0x1p-32 * 2 * .pi)
        return (radius * cosine, radius * sine)
    }

    /// Independent numbers of N(0, scale²).
    mutating func fill<Number: Scalar>(_ values: UnsafeMutablePointer<Number>, count: Int, scale: Double) {
        for place in stride(from: 0, to: count, by: 2) {
            let (first, second) = normals()
            values[place] = Number(first * scale)
            if place + 1 < count { values[place + 1] = Number(second * scale) }
        }
    }

    /// A whole number of [0, bound), each as likely as the others (Lemire, *Fast random integer generation in an interval*,
    /// 2019).
    public mutating func below(_ bound: Int) -> Int {
        let range = UInt32(clamping: bound)
        var product = UInt64(word()) * UInt64(range)
        if UInt32(truncatingIfNeeded: product) < range {
            let least = (0 &- range) % range
            while UInt32(truncatingIfNeeded: product) < least { product = UInt64(word()) * UInt64(range) }
        }
        return Int(product >> 32)
    }

    /// Brings numbers into a random order, each as likely as the others (Durstenfeld, 1964).
    public mutating func shuffle(_ numbers: inout [Int]) {
        for place in stride(from: numbers.count - 1, to: 0, by: -1) { numbers.swapAt(place, below(place + 1)) }
    }

    private mutating func word() -> UInt32 {
        if used == 4 {
            words = RandomStream.philox(
                SIMD4(
                    UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
                    UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)), key)
            block &+= 1
            used = 0
        }
        used += 1
        return words[used - 1]
    }

    /// Ten rounds of Philox 4x32.
    static func philox(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var counter = counter
        var key = key
        for _ in 0..<10 {
            let first = UInt64(0xD251_1F53) * UInt64(counter[0])
            let second = UInt64(0xCD9E_8D57) * UInt64(counter[2])
            counter = SIMD4(
                UInt32(truncatingIfNeeded: second >> 32) ^ counter[1] ^ key[0], UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ counter[3] ^ key[1], UInt32(truncatingIfNeeded: first))
            key = SIMD2(key[0] &+ 0x9E37_79B9, key[1] &+ 0xBB67_AE85)
        }
        return counter
    }
}
