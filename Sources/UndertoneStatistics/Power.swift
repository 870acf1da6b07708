// How many runs are needed to see an effect, and which effect can be seen with so many.

/// The power of the two-sided paired t-test: the chance of a p-value below the significance.
///
/// t has a noncentral distribution: (z + δ)/S, with δ = effect·√runs/deviation and S² = χ²/ν. Its tail is the mean of
/// P(z > t·S − δ) over the distribution of S (Johnson, Kotz, Balakrishnan, *Continuous Univariate Distributions 2*
/// (1995), chapter 31), by numeric integration; error below 1e-10 up to 10⁴ runs.
///
/// - Parameters:
///   - effect: the true mean difference; its sign does not count.
///   - deviation: standard deviation of the differences between runs, in the same unit; above 0.
///   - runs: pairs; at least two.
///   - significance: the p-value below which a difference counts as shown.
/// - Returns: a share of 1; nil where a parameter makes no sense.
public func tTestPower(effect: Double, deviation: Double, runs: Int, significance: Double = 0.05) -> Double? {
    guard effect.isFinite, deviation > 0, deviation.isFinite, runs > 1, isShare(significance) else { return nil }
    let degrees = Double(runs - 1)
    let shift = effect.magnitude / deviation * Double(runs).squareRoot()
    let t = studentQuantile(tail: significance / 2, degrees: degrees)
    // Where the integrand turns from 1 to 0, which is sudden for a large t.
    let breaks = [shift - 8, shift, shift + 8, 8].map { $0 / t }
    return min(
        1,
        DeviationDistribution(degrees: degrees).mean(breaks: breaks) { s in
            normalTail(t * s - shift) + normalTail(t * s + shift)
        })
}

/// The least number of runs with which the two-sided paired t-test has that power; nil where a million is not enough or
/// a parameter makes no sense. See ``tTestPower(effect:deviation:runs:significance:)``.
public func runsNeeded(
    effect: Double, deviation: Double, power: Double = 0.8, significance: Double = 0.05
) -> Int? {
    guard isShare(power), effect != 0 else { return nil }
    return leastRuns(power: power) {
        tTestPower(effect: effect, deviation: deviation, runs: $0, significance: significance)
    }
}

/// The effect that the two-sided paired t-test of that many runs sees with that power, in the unit of `deviation`; nil
/// where a parameter makes no sense, as a power that is not above the significance. Found by bisection to 1e-12 of
/// itself.
public func detectableEffect(
    deviation: Double, runs: Int, power: Double = 0.8, significance: Double = 0.05
) -> Double? {
    guard isShare(power), power > significance else { return nil }
    func reached(_ effect: Double) -> Bool? {
        tTestPower(effect: effect, deviation: deviation, runs: runs, significance: significance).map { $0 >= power }
    }
    var (low, high) = (0.0, deviation)
    guard var isEnough = reached(high) else { return nil }
    while !isEnough {
        (low, high) = (high, high * 2)
        guard let next = reached(high) else { return nil }
        isEnough = next
    }
    while high - low > 1e-12 * high {
        let middle = (low + high) / 2
        guard middle > low, middle < high, let isEnough = reached(middle) else { break }
        if isEnough { high = middle } else { low = middle }
    }
    return (low + high) / 2
}

/// The least number of runs, from two to a million, where a power that rises with it reaches `power`.
func leastRuns(power: Double, _ of: (Int) -> Double?) -> Int? {
    var (low, high) = (1, 2)
    while true {
        guard let reached = of(high) else { return nil }
        if reached >= power { break }
        guard high < 1_000_000 else { return nil }
        (low, high) = (high, min(high * 2, 1_000_000))
    }
    while high - low > 1 {
        let middle = (low + high) / 2
        guard let reached = of(middle) else { return nil }
        if reached >= power { high = middle } else { low = middle }
    }
    return high
}
