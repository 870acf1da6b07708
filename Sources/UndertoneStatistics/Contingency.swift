// Whether two samples fall into categories alike.

import Glibc

/// What a test of two samples over categories found.
public struct ContingencyTest: Sendable, Hashable {
    /// Pearson's χ² or the likelihood ratio G, without a correction for continuity.
    public var statistic: Double
    /// Degrees of freedom: categories that were compared, less one.
    public var degrees: Int
    /// ln of the p-value, which stays a number where the p-value itself is 0.
    public var logPValue: Double
    /// The chance of a statistic at least as large where both samples have one distribution.
    public var pValue: Double { exp(logPValue) }
    /// Cramér's V, √(χ²/n), of Pearson's χ² for either test: 0 where the shares are the same, 1 where no category is in
    /// both samples. It does not grow with the samples, as the statistic does.
    public var effect: Double
    /// How many things were counted in both samples.
    public var count: Int
    /// Categories that were compared; pooled ones are one together.
    public var categories: Int
    /// Categories that were too rare to stand alone.
    public var pooled: Int
}

/// Pearson's χ² test of homogeneity of two samples: Pearson, Philos. Mag. 50 (1900) 157.
///
/// Categories that nobody saw are left out. Those with an expected count below `leastExpected` in either sample are pooled
/// into one; where that one is still too small, the rarest of the others joins it (Cochran, Biometrics 10 (1954) 417,
/// asks for about 5). O(categories · log categories).
///
/// - Parameters:
///   - first: how often each category occurs in the first sample.
///   - second: the same for the second, in the same order.
///   - leastExpected: what a category is expected to hold in each sample, so as not to be pooled; 0 pools none.
/// - Returns: nil where a sample is empty, a count is below 0, the two are not of one length, and where fewer than two
///   categories are left.
public func chiSquaredTest(_ first: [Int], _ second: [Int], leastExpected: Double = 5) -> ContingencyTest? {
    Table(first, second, leastExpected)?.test { table in table.pearson }
}

/// The likelihood-ratio test of homogeneity of two samples, G = 2 Σ O ln(O/E): Wilks, Ann. Math. Stat. 6 (1935) 190. Pooling,
/// arguments and results are those of ``chiSquaredTest(_:_:leastExpected:)``.
public func gTest(_ first: [Int], _ second: [Int], leastExpected: Double = 5) -> ContingencyTest? {
    Table(first, second, leastExpected)?.test { table in table.likelihoodRatio }
}

/// Which categories are compared together: those that are too rare to stand alone.
struct Pooling {
    /// The column of each category; `nil` for those that nobody saw.
    private(set) var columnOf: [Int?]
    /// Columns that are compared; two at least.
    private(set) var columns = 0
    /// Categories that share the last column.
    private(set) var pooled = 0

    /// - Returns: nil as ``chiSquaredTest(_:_:leastExpected:)`` does.
    init?(_ first: [Int], _ second: [Int], _ leastExpected: Double) {
        guard first.count == second.count, (first + second).allSatisfy({ $0 >= 0 }) else { return nil }
        let sums = (Double(first.reduce(0, +)), Double(second.reduce(0, +)))
        guard sums.0 > 0, sums.1 > 0 else { return nil }
        // The sample with fewer things has the smaller expected counts.
        let least = leastExpected * (sums.0 + sums.1) / min(sums.0, sums.1)
        let both = zip(first, second).map { Double($0) + Double($1) }
        var rare = both.indices.filter { both[$0] > 0 && both[$0] < least }
        var large = both.indices.filter { both[$0] > 0 && both[$0] >= least }
        if !rare.isEmpty, rare.reduce(0.0, { $0 + both[$1] }) < least,
            let rarest = large.indices.min(by: { both[large[$0]] < both[large[$1]] })
        {
            rare.append(large.remove(at: rarest))
        }
        columnOf = Array(repeating: nil, count: first.count)
        for category in large {
            columnOf[category] = columns
            columns += 1
        }
        if !rare.isEmpty {
            for category in rare { columnOf[category] = columns }
            columns += 1
        }
        pooled = rare.count
        guard columns > 1 else { return nil }
    }

    /// Counts by column.
    func pool(_ counts: [Int]) -> [Double] {
        var sums = [Double](repeating: 0, count: columns)
        for (category, column) in columnOf.enumerated() where category < counts.count {
            if let column { sums[column] += Double(counts[category]) }
        }
        return sums
    }
}

// Two rows of counts, pooled.
private struct Table {
    var columns: [(first: Double, second: Double)]
    var pooled: Int
    private var all: (first: Double, second: Double)
    private var count: Int

    init?(_ first: [Int], _ second: [Int], _ leastExpected: Double) {
        guard let pooling = Pooling(first, second, leastExpected) else { return nil }
        let sums = (first.reduce(0, +), second.reduce(0, +))
        count = sums.0 + sums.1
        all = (Double(sums.0), Double(sums.1))
        columns = zip(pooling.pool(first), pooling.pool(second)).map { ($0, $1) }
        pooled = pooling.pooled
    }

    func test(_ statistic: (Table) -> Double) -> ContingencyTest {
        let value = statistic(self)
        return ContingencyTest(
            statistic: value, degrees: columns.count - 1,
            logPValue: logChiSquaredTail(value, degrees: Double(columns.count - 1)),
            effect: min(1, (pearson / Double(count)).squareRoot()), count: count, categories: columns.count,
            pooled: pooled)
    }

    var pearson: Double {
        columns.reduce(0) { sum, column in
            let (first, second) = expected(column)
            let (a, b) = (column.first - first, column.second - second)
            return sum + a * a / first + b * b / second
        }
    }

    var likelihoodRatio: Double {
        let sum = columns.reduce(0.0) { sum, column in
            let (first, second) = expected(column)
            return sum + term(column.first, first) + term(column.second, second)
        }
        return max(0, 2 * sum)
    }

    // O ln(O/E) − (O − E), whose second part sums to 0: never below 0, so that large counts don't cancel.
    private func term(_ seen: Double, _ expected: Double) -> Double {
        guard seen > 0 else { return expected }
        let change = (seen - expected) / expected
        guard abs(change) < 0.01 else { return seen * log(seen / expected) - (seen - expected) }
        // (1 + c) ln(1 + c) − c = c²/2 − c³/6 + c⁴/12 − …
        var (sum, power) = (0.0, change)
        for k in 2...9 {
            power *= -change
            sum -= power / Double(k * (k - 1))
        }
        return expected * sum
    }

    private func expected(_ column: (first: Double, second: Double)) -> (Double, Double) {
        let share = (column.first + column.second) / Double(count)
        return (share * all.first, share * all.second)
    }
}
