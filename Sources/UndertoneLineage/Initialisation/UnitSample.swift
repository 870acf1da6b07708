// Which units are looked at, and in which order: fixed by counts and a seed, never by weights.

/// Some of the units of a layer, the same ones in both models.
///
/// The null hypothesis stays exact for any fixed choice: if the law of one model's weights does not change when its units
/// are permuted, it does not change either when only the chosen ones are permuted among themselves, so the matching of the
/// chosen units is a uniform permutation of them. The choice must not depend on weights, and it does not.
struct UnitSample: Sendable {
    /// Ascending.
    let indices: [Int]

    /// At most `limit` of `count` units, in sixteen runs that are spread over the layer, so that they are read quickly.
    init(of count: Int, limit: Int, seed: UInt64) {
        guard count > limit else {
            indices = Array(0..<count)
            return
        }
        let runs = min(16, limit)
        var numbers = SeededNumbers(seed: seed)
        var chosen: [Int] = []
        chosen.reserveCapacity(limit)
        for run in 0..<runs {
            let start = count / runs * run
            let end = run == runs - 1 ? count : count / runs * (run + 1)
            let length = min(end - start, limit / runs + (run < limit % runs ? 1 : 0))
            let offset = start + numbers.below(end - start - length + 1)
            chosen += offset..<(offset + length)
        }
        indices = chosen
    }
}

/// Numbers that depend on their seed alone (SplitMix64; Steele, Lea and Flood 2014).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to below a bound above 0.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    /// 0 ..< count in an order of this seed's.
    mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for index in stride(from: count - 1, to: 0, by: -1) { order.swapAt(index, below(index + 1)) }
        return order
    }
}
