// Intervals for proportions.

/// A closed interval of real numbers.
public struct Interval: Sendable, Hashable {
    /// The lower end, part of the interval.
    public var low: Double
    /// The upper end, part of the interval.
    public var high: Double

    /// The interval from `low` to `high`; the caller sees to it that `low` is not above `high`.
    public init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }
}

/// The Wilson score interval of a proportion, without continuity correction: Wilson, J. Am. Stat. Assoc. 22 (1927) 209.
///
/// - Parameters:
///   - successes: from 0 to `trials`.
///   - trials: without any trial nothing is known, and the interval is 0 to 1.
///   - z: quantile of the standard normal distribution; 1.959964 gives 95 %.
public func wilsonInterval(successes: Int, trials: Int, z: Double = 1.959963984540054) -> Interval {
    guard trials > 0 else { return Interval(low: 0, high: 1) }
    let n = Double(trials)
    let p = Double(min(max(successes, 0), trials)) / n
    let z2 = z * z
    let middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    let half = z / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)).squareRoot()
    return Interval(low: max(0, middle - half), high: min(1, middle + half))
}
