// Categories of things that come in bundles: the ten numbers of one output are not ten draws.

import Glibc

/// What a test of homogeneity found whose things come in clusters.
public struct ClusteredContingencyTest: Sendable, Hashable {
    /// Pearson's χ², its degrees of freedom, Cramér's V; its p-value takes every thing for a draw of its own and is wrong here.
    public var plain: ContingencyTest
    /// How many times as large as for single draws the variance of shares is, in the mean over categories.
    public var designEffect: Double
    /// ln of the p-value that honours the clusters.
    public var logPValue: Double
    /// The chance of a statistic at least as large where both samples have one distribution.
    public var pValue: Double { exp(logPValue) }
}

/// Pearson's χ² test of homogeneity of two samples of clusters, with the correction of second order of Rao & Scott (J. Am. Stat.
/// Assoc. 76 (1981) 221; Ann. Stat. 12 (1984) 46): the statistic is divided by the mean design effect, and degrees of freedom shrink
/// by how unequal design effects are. The covariance of shares comes from random groups of clusters (Wolter, *Introduction to
/// Variance Estimation*, 2nd edition (2007), chapter 2), and its own error makes the reference an F distribution (Thomas & Rao,
/// J. Am. Stat. Assoc. 82 (1987) 630).
///
/// - Parameters:
///   - first: how often each category occurs in the first sample.
///   - second: the same for the second, in the same order.
///   - firstGroups: counts of random groups of the first sample's clusters, or of a part of them; at least two that hold something.
///   - secondGroups: the same for the second.
///   - leastExpected: as of ``chiSquaredTest(_:_:leastExpected:)``; higher here, since clusters make counts less certain.
/// - Returns: nil where ``chiSquaredTest(_:_:leastExpected:)`` gives nil, and where groups are missing.
/// - Complexity: O(groups² · categories).
public func clusteredChiSquaredTest(
    _ first: [Int], _ second: [Int], firstGroups: [[Int]], secondGroups: [[Int]], leastExpected: Double = 20
) -> ClusteredContingencyTest? {
    guard let pooling = Pooling(first, second, leastExpected),
        let plain = chiSquaredTest(first, second, leastExpected: leastExpected)
    else { return nil }
    let totals = (first: pooling.pool(first), second: pooling.pool(second))
    let (n, m) = (totals.first.reduce(0, +), totals.second.reduce(0, +))
    let shares = zip(totals.first, totals.second).map { ($0 + $1) / (n + m) }
    // Vectors whose sum of outer products is the covariance of the difference of shares, in units of what single draws of one
    // thing would give.
    let scale = 1 / n + 1 / m
    var vectors: [[Double]] = []
    var sizes: [Double] = []
    for (groups, size) in [(firstGroups, n), (secondGroups, m)] {
        let pooled = groups.map(pooling.pool).filter { $0.contains { $0 > 0 } }
        guard pooled.count > 1 else { return nil }
        let sampled = pooled.reduce(0) { $0 + $1.reduce(0, +) }
        let own = shares.indices.map { column in pooled.reduce(0) { $0 + $1[column] } / sampled }
        let count = Double(pooled.count)
        let factor = (count / (count - 1) / (sampled * size) / scale).squareRoot()
        for group in pooled {
            let things = group.reduce(0, +)
            vectors.append(
                shares.indices.map { (group[$0] - own[$0] * things) * factor / shares[$0].squareRoot() })
        }
        sizes.append(count)
    }
    let freedom = sizes[0] + sizes[1] - 2
    let (trace, square) = moments(vectors)
    let degrees = Double(shares.count - 1)
    // Where every group has the shares of its side, but for rounding, there is no variance to go by. Either the sides are the
    // same too, or all groups of one differ from all of the other: one of so many ways to divide them into two such sides.
    guard trace > 1e-9 else {
        let ways = logGamma(freedom + 3) - logGamma(sizes[0] + 1) - logGamma(sizes[1] + 1)
        return ClusteredContingencyTest(
            plain: plain, designEffect: (n + m) / (freedom + 2),
            logPValue: plain.statistic > 1e-9 * (n + m) ? -ways : 0)
    }
    // The square of an estimated matrix is too large by what its estimation scatters.
    let corrected = (square - trace * trace / freedom) / (1 + 1 / freedom)
    let inequality = max(0, corrected * degrees / (trace * trace) - 1)
    let mean = trace / degrees
    let reduced = degrees / (1 + inequality)
    let ratio = plain.statistic / mean / degrees
    return ClusteredContingencyTest(
        plain: plain, designEffect: mean, logPValue: logFTail(ratio, reduced, freedom * reduced))
}

// The traces of the matrix that is the sum of outer products, and of its square.
private func moments(_ vectors: [[Double]]) -> (trace: Double, square: Double) {
    var (trace, square) = (0.0, 0.0)
    for (index, vector) in vectors.enumerated() {
        for other in index..<vectors.count {
            let product = zip(vector, vectors[other]).reduce(0.0) { $0 + $1.0 * $1.1 }
            if other == index {
                trace += product
                square += product * product
            } else {
                square += 2 * product * product
            }
        }
    }
    return (trace, square)
}

/// ln P(F ≥ x) for Fisher's F distribution with those degrees of freedom. Accurate in the far tail.
func logFTail(_ x: Double, _ numerator: Double, _ denominator: Double) -> Double {
    guard !x.isNaN, numerator > 0, denominator > 0 else { return .nan }
    guard x > 0 else { return 0 }
    guard x.isFinite else { return -.infinity }
    let (a, b) = (numerator * x, denominator)
    return logRegularizedBeta(b / (a + b), complement: a / (a + b), denominator / 2, numerator / 2)
}
