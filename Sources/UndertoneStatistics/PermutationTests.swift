// Tests of means by permutation: no distribution is assumed, only that the null hypothesis makes things exchangeable.

/// What a permutation test found.
public struct PermutationTest: Sendable, Hashable {
    /// The observed mean difference.
    public var difference: Double
    /// The two-sided p-value, never 0.
    public var pValue: Double
    /// How many permutations were looked at.
    public var permutations: Int
    /// Whether these are all permutations that there are, so that the p-value is exact.
    public var isExact: Bool
}

/// The sign-flip test of paired differences: under the null hypothesis each is as likely as its negative. Fisher, *The
/// Design of Experiments* (1935), §21.
///
/// The statistic is |Σ differences|. All 2ⁿ signs are gone through up to 16 differences, `resamples` random ones above;
/// then p is (hits + 1)/(resamples + 1). The smallest p-value of n differences is 2/2ⁿ, so that with **five runs
/// nothing is ever below 0.05**; with six, 0.031 is the least. O(2ⁿ), or O(resamples · n).
///
/// - Parameters:
///   - differences: one of each run.
///   - resamples: how many random signs are drawn above 16 differences.
///   - seed: of the drawing.
/// - Returns: nil without differences, and where one is not finite.
public func signFlipTest(_ differences: [Double], resamples: Int = 99_999, seed: UInt64 = 0) -> PermutationTest? {
    let size = differences.reduce(0) { $0 + $1.magnitude }
    guard !differences.isEmpty, resamples > 0, size.isFinite else { return nil }
    let sum = differences.reduce(0, +)
    let mean = sum / Double(differences.count)
    // Sums that are equal but for rounding count as equal.
    let bound = sum.magnitude - 1e-13 * size
    if differences.count <= 16 {
        // Sums of all signs of either half; each pair of them is one permutation.
        let middle = differences.count / 2
        let left = signedSums(differences[..<middle])
        let right = signedSums(differences[middle...])
        var hits = 0
        for a in left { for b in right where (a + b).magnitude >= bound { hits += 1 } }
        let count = left.count * right.count
        return PermutationTest(
            difference: mean, pValue: Double(hits) / Double(count), permutations: count, isExact: true)
    }
    var numbers = SplitMix64(seed: seed)
    var hits = 0
    for _ in 0..<resamples {
        var flipped = 0.0
        var bits: UInt64 = 0
        for (place, difference) in differences.enumerated() {
            if place % 64 == 0 { bits = numbers.next() }
            flipped += bits & 1 == 0 ? difference : -difference
            bits >>= 1
        }
        if flipped.magnitude >= bound { hits += 1 }
    }
    return PermutationTest(
        difference: mean, pValue: Double(hits + 1) / Double(resamples + 1), permutations: resamples, isExact: false)
}

private func signedSums(_ values: ArraySlice<Double>) -> [Double] {
    values.reduce([0]) { sums, value in sums.map { $0 + value } + sums.map { $0 - value } }
}

/// The permutation test of equal means of two independent samples: Pitman, Suppl. J. R. Stat. Soc. 4 (1937) 119.
///
/// The statistic is |mean(first) − mean(second)|. All ways to divide the values are gone through where there are at
/// most 2¹⁶, else `resamples` random ones, and p is (hits + 1)/(resamples + 1). The null hypothesis is one
/// distribution, not only one mean; with samples of one size the test keeps its level nearly for different variances
/// too. O(ways · size of the smaller sample).
///
/// - Returns: nil where a sample is empty or a value is not finite.
public func meanPermutationTest(
    _ first: [Double], _ second: [Double], resamples: Int = 99_999, seed: UInt64 = 0
) -> PermutationTest? {
    let values = first + second
    let size = values.reduce(0) { $0 + $1.magnitude }
    guard !first.isEmpty, !second.isEmpty, resamples > 0, size.isFinite else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let centred = values.map { $0 - mean }
    // After centring the sums of the two parts are each other's negatives, so that the smaller part tells all.
    let smaller = min(first.count, second.count)
    let observed = (first.count <= second.count ? centred[..<smaller] : centred[first.count...]).reduce(0, +)
    let bound = observed.magnitude - 1e-13 * size
    let splits = Splits(choosing: smaller, of: values.count, resamples: resamples)
    var hits = 0
    splits.forEach(seed: seed) { chosen in
        var sum = 0.0
        for place in chosen { sum += centred[place] }
        if sum.magnitude >= bound { hits += 1 }
    }
    let difference = first.reduce(0, +) / Double(first.count) - second.reduce(0, +) / Double(second.count)
    return PermutationTest(
        difference: difference, pValue: splits.pValue(hits: hits), permutations: splits.count, isExact: splits.isExact)
}
