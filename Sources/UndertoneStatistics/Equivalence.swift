// Showing that there is no difference that matters, which is more than not finding one.

import Glibc

/// What an equivalence test found.
public struct EquivalenceTest: Sendable, Hashable {
    /// The mean difference.
    public var difference: Double
    /// The p-value of "the mean difference is at or beyond a bound": where it is small, the difference is inside.
    public var pValue: Double
    /// The interval with confidence 1 − 2 · significance, 90 % unless told otherwise: it lies inside the bounds exactly
    /// where `pValue` is below the significance.
    public var interval: Interval
}

/// Two one-sided t-tests (TOST) of paired differences: is their mean within ± `bound`? Schuirmann, J. Pharmacokinet.
/// Biopharm. 15 (1987) 657. O(n).
///
/// - Parameters:
///   - differences: one of each run; n − 1 degrees of freedom.
///   - bound: differences smaller than it don't matter; above 0, in the unit of the differences.
///   - significance: decides how wide the interval is, nothing else.
/// - Returns: nil below two differences, where one is not finite, and where `bound` is not above 0.
public func equivalenceTest(
    _ differences: [Double], bound: Double, significance: Double = 0.05
) -> EquivalenceTest? {
    guard significance > 0, significance < 0.5, bound > 0, let moments = Moments(differences) else { return nil }
    let error = moments.varianceOfMean.squareRoot()
    let degrees = moments.count - 1
    // The nearer bound gives the larger p-value.
    let distance = bound - moments.mean.magnitude
    let t = distance == 0 ? 0 : distance / error
    let half = error == 0 ? 0 : studentQuantile(tail: significance, degrees: degrees) * error
    return EquivalenceTest(
        difference: moments.mean, pValue: exp(logStudentTail(t, degrees: degrees)),
        interval: Interval(low: moments.mean - half, high: moments.mean + half))
}

/// The chance that ``equivalenceTest(_:bound:significance:)`` of that many runs gives a p-value below the significance.
///
/// With S the sample's standard deviation in units of the true one and z the errors in units of their own, both
/// one-sided tests reject where t·S − (bound + difference)·√n/deviation < z < (bound − difference)·√n/deviation − t·S;
/// the chance of it is averaged over the distribution of S (Owen, Biometrika 52 (1965) 437; Phillips, J. Pharmacokinet.
/// Biopharm. 18 (1990) 137).
///
/// - Parameters:
///   - bound: differences smaller than it don't matter; above 0.
///   - deviation: standard deviation of the differences between runs; above 0.
///   - runs: at least two.
///   - difference: the true mean difference.
/// - Returns: a share of 1; nil where a parameter makes no sense.
public func equivalencePower(
    bound: Double, deviation: Double, runs: Int, difference: Double = 0, significance: Double = 0.05
) -> Double? {
    guard bound > 0, bound.isFinite, deviation > 0, deviation.isFinite, runs > 1, difference.isFinite,
        significance > 0, significance < 0.5
    else { return nil }
    let root = Double(runs).squareRoot() / deviation
    let t = studentQuantile(tail: significance, degrees: Double(runs - 1))
    let (below, above) = ((bound + difference) * root, (bound - difference) * root)
    // Beyond this S the two tests can't both reject.
    let end = (below + above) / (2 * t)
    let breaks = [below, above].flatMap { edge in [-8, 0, 8].map { (edge + $0) / t } }
    return DeviationDistribution(degrees: Double(runs - 1)).mean(upTo: end, breaks: breaks) { s in
        max(0, normalTail(t * s - above) - normalTail(below - t * s))
    }
}

/// The least number of runs with which ``equivalencePower(bound:deviation:runs:difference:significance:)`` reaches
/// `power`; nil where a million is not enough, as for a difference at or beyond the bound, or a parameter makes no
/// sense.
public func runsForEquivalence(
    bound: Double, deviation: Double, difference: Double = 0, power: Double = 0.8, significance: Double = 0.05
) -> Int? {
    guard isShare(power), difference.magnitude < bound else { return nil }
    return leastRuns(power: power) {
        equivalencePower(
            bound: bound, deviation: deviation, runs: $0, difference: difference, significance: significance)
    }
}
