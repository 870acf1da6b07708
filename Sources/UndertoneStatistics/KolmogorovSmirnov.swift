// How far the distribution functions of two samples lie apart at most.

import Glibc

/// What the two-sample test of Kolmogorov and Smirnov found.
public struct KolmogorovSmirnovTest: Sendable, Hashable {
    /// The greatest distance of the two empirical distribution functions, from 0 to 1. It is its own effect size.
    public var statistic: Double
    /// Two-sided. With ties it is too large rather than too small.
    public var pValue: Double
    /// Whether the p-value is the exact one of samples without ties.
    public var isExact: Bool
    /// A value at which the distance is greatest.
    public var location: Double
    /// Whether the first sample has more values up to there, so that it is the one of smaller values.
    public var isFirstBelow: Bool
}

/// The two-sided two-sample Kolmogorov–Smirnov test: Smirnov, Bull. Math. Univ. Moscou 2 (1939) 3. O(n log n), and
/// O(n · m · statistic) for the exact p-value.
///
/// - Returns: nil where a sample is empty or a value is NaN.
public func kolmogorovSmirnov(_ first: [Double], _ second: [Double]) -> KolmogorovSmirnovTest? {
    guard (first + second).allSatisfy({ !$0.isNaN }) else { return nil }
    let (a, b) = (first.sorted(), second.sorted())
    var (i, j) = (0, 0)
    var steps: [Step] = []
    while i < a.count || j < b.count {
        let value = i == a.count ? b[j] : j == b.count ? a[i] : min(a[i], b[j])
        let before = (i, j)
        while i < a.count, a[i] == value { i += 1 }
        while j < b.count, b[j] == value { j += 1 }
        steps.append(Step(value: value, first: i - before.0, second: j - before.1))
    }
    return kolmogorovSmirnov(steps)
}

/// ``kolmogorovSmirnov(_:_:)`` of counted values, such as a histogram of whole numbers, which is a sample with ties.
///
/// Of a histogram with wider bins the statistic is a lower bound of the one of the values themselves.
///
/// - Parameters:
///   - values: in any order; a value may come twice.
///   - first: how often each was seen in the first sample.
///   - second: the same for the second.
/// - Returns: nil also where the three are not of one length or a count is below 0.
public func kolmogorovSmirnov(values: [Double], first: [Int], second: [Int]) -> KolmogorovSmirnovTest? {
    guard values.count == first.count, values.count == second.count, (first + second).allSatisfy({ $0 >= 0 }),
        values.allSatisfy({ !$0.isNaN })
    else { return nil }
    var steps: [Step] = []
    for place in values.indices.sorted(by: { values[$0] < values[$1] }) {
        if let last = steps.indices.last, steps[last].value == values[place] {
            steps[last].first += first[place]
            steps[last].second += second[place]
        } else {
            steps.append(Step(value: values[place], first: first[place], second: second[place]))
        }
    }
    return kolmogorovSmirnov(steps)
}

// A value and how often each sample has it.
private struct Step {
    var value: Double
    var first: Int
    var second: Int
}

private func kolmogorovSmirnov(_ steps: [Step]) -> KolmogorovSmirnovTest? {
    let n = steps.reduce(0) { $0 + $1.first }
    let m = steps.reduce(0) { $0 + $1.second }
    guard n > 0, m > 0, let start = steps.first else { return nil }
    var (below, other, most, location, sign) = (0, 0, 0.0, start.value, 0.0)
    for step in steps {
        below += step.first
        other += step.second
        let distance = Double(below) / Double(n) - Double(other) / Double(m)
        if distance.magnitude > most { (most, location, sign) = (distance.magnitude, step.value, distance) }
    }
    let isExact = Double(n) * Double(m) <= exactSizes
    let pValue = isExact ? exactTail(most, n, m) : limitingTail(most, n, m)
    return KolmogorovSmirnovTest(
        statistic: most, pValue: pValue, isExact: isExact, location: location, isFirstBelow: sign > 0)
}

// SciPy's bound of 10,000 values a sample, as a product: a few values against many have an exact p-value too.
private let exactSizes = 1e8

// The chance that a random lattice path from (0, 0) to (m, n) leaves the band |x/m − y/n| < statistic, column by column, all
// numbers being chances, so that nothing overflows: Viehmann, arXiv 2102.08037, as SciPy does it.
private func exactTail(_ statistic: Double, _ first: Int, _ second: Int) -> Double {
    let (m, n) = (max(first, second), min(first, second))
    let divisor = greatestCommonDivisor(m, n)
    let (columns, rows) = (m / divisor, n / divisor)
    // The statistic in units of 1/(least common multiple).
    let height = Int((statistic * Double(columns * n)).rounded())
    guard height > 0 else { return 1 }
    // Rows of the column that are inside: j from `low` until `high`.
    var (low, high) = (0, min(divided(height, columns, up: true), n + 1))
    var chances = [Double](repeating: 0, count: n + 2)
    // Outside the band the chance of having left it is 1; (x, 0) and (0, y) inside are reached by one path.
    for column in 1...m {
        let (oldLow, oldHigh) = (low, high)
        low = max(divided(rows * column - height, columns, up: false) + 1, 0)
        high = min(divided(rows * column + height, columns, up: true), n + 1)
        guard low < high else { return 1 }
        var value = low == 0 ? 0.0 : 1.0
        for row in low..<high {
            let left = row >= oldLow && row < oldHigh ? chances[row] : 1
            value = (left * Double(column) + value * Double(row)) / Double(column + row)
            chances[row] = value
        }
    }
    return min(1, max(0, chances[high - 1]))
}

// a / b rounded up or down, for b above 0 and any a.
private func divided(_ a: Int, _ b: Int, up: Bool) -> Int {
    let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
    if rest == 0 { return quotient }
    return up ? (rest > 0 ? quotient + 1 : quotient) : (rest < 0 ? quotient - 1 : quotient)
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }

// Kolmogorov's limiting distribution with the correction for finite samples of Stephens, J. R. Stat. Soc. B 32 (1970) 115.
private func limitingTail(_ statistic: Double, _ first: Int, _ second: Int) -> Double {
    let size = Double(first) * Double(second) / (Double(first) + Double(second))
    let root = size.squareRoot()
    let x = statistic * (root + 0.12 + 0.11 / root)
    // The series below converges slowly there, and the chance is 1 to 1e-11.
    guard x > 0.2 else { return 1 }
    var (sum, sign) = (0.0, 1.0)
    for k in 1...100 {
        let term = exp(-2 * Double(k * k) * x * x)
        sum += sign * term
        sign = -sign
        if term < 1e-18 * sum { break }
    }
    return min(1, max(0, 2 * sum))
}
