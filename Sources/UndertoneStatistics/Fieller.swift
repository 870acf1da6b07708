// The interval of a ratio of two means of the same runs.

/// A ratio, or the logarithm of one, with its interval.
public struct RatioEstimate: Sendable, Hashable {
    /// The ratio.
    public var value: Double
    /// Its interval; it holds ``value``.
    public var interval: Interval

    /// A ratio with its interval.
    public init(value: Double, interval: Interval) {
        self.value = value
        self.interval = interval
    }
}

/// mean(numerators) / mean(denominators) of paired runs with Fieller's interval: Fieller, J. R. Stat. Soc. B 16 (1954)
/// 175.
///
/// The interval is the set of all ρ for which a paired t-test does not reject that numerator − ρ · denominator has the
/// mean 0; n − 1 degrees of freedom. It needs not be symmetric around the ratio. O(n).
///
/// - Parameters:
///   - numerators: one of each run: what is left of an effect.
///   - denominators: of the same runs, in the same order: the whole effect.
///   - confidence: of the interval, between 0 and 1.
/// - Returns: nil where the mean of the denominators can't be told from 0 by a two-sided t-test at 1 − `confidence`:
///   then the set is not bounded and the ratio can't be measured. nil also below two runs (with two, t is 12.7 and a
///   denominator seldom passes), where the lengths differ and where a value is not finite.
public func ratioInterval(
    numerators: [Double], denominators: [Double], confidence: Double = 0.95
) -> RatioEstimate? {
    guard numerators.count == denominators.count, isShare(confidence), let above = Moments(numerators),
        let below = Moments(denominators), below.mean != 0
    else { return nil }
    let products = zip(numerators, denominators).reduce(0) { $0 + ($1.0 - above.mean) * ($1.1 - below.mean) }
    let covariance = products / (above.count - 1) / above.count
    let t = studentQuantile(tail: (1 - confidence) / 2, degrees: above.count - 1)
    // In units of the denominator: (1 − c) ρ² − 2 (r − b) ρ + (r² − a) ≤ 0.
    let factor = t / below.mean
    let ratio = above.mean / below.mean
    let a = above.varianceOfMean * factor * factor
    let b = covariance * factor * factor
    let c = below.varianceOfMean * factor * factor
    guard c < 1, ratio.isFinite, a.isFinite, b.isFinite else { return nil }
    // The discriminant, multiplied out so that r² falls away before it can round.
    let root = max(0, a - 2 * ratio * b + ratio * ratio * c - (a * c - b * b)).squareRoot()
    let interval = Interval(low: (ratio - b - root) / (1 - c), high: (ratio - b + root) / (1 - c))
    return RatioEstimate(value: ratio, interval: interval)
}
