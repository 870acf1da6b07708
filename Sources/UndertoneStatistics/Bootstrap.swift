// Bootstrap intervals: of any statistic, without a distribution to assume.

import Glibc

/// The bias-corrected and accelerated (BCa) bootstrap interval of a statistic of runs: Efron, J. Am. Stat. Assoc. 82
/// (1987) 171; bias from the share of resampled values below the observed one (ties by half), acceleration from the
/// jackknife (Efron & Tibshirani, *An Introduction to the Bootstrap*, 1993, equations 14.14 and 14.15).
///
/// With few runs it is too short: a 95 % interval of a mean holds it in 84 % with five normal runs, in 91 % with ten;
/// prefer intervals by t where there are any. Deterministic. O((resamples + n) · cost of the statistic).
///
/// - Parameters:
///   - runs: what is drawn, with replacement: a run keeps what belongs together, so paired values stay pairs.
///   - resamples: how many samples are drawn.
///   - confidence: of the interval, between 0 and 1.
///   - seed: of the drawing.
///   - statistic: a number of a sample of runs; called with `runs.count` runs, and `runs.count` − 1 by the jackknife.
/// - Returns: nil below three runs, where the statistic is not finite for some sample, and where all or none of the
///   resampled values are below the observed one, so that the bias can't be told.
public func bootstrapInterval<Run>(
    _ runs: [Run], resamples: Int = 9_999, confidence: Double = 0.95, seed: UInt64, statistic: ([Run]) -> Double
) -> Interval? {
    guard runs.count > 2, resamples > 0, isShare(confidence) else { return nil }
    var numbers = SplitMix64(seed: seed)
    var sample = runs
    var resampled: [Double] = []
    resampled.reserveCapacity(resamples)
    for _ in 0..<resamples {
        for place in sample.indices { sample[place] = runs[numbers.below(runs.count)] }
        resampled.append(statistic(sample))
    }
    let jackknife = runs.indices.map { left in
        var others = runs
        others.remove(at: left)
        return statistic(others)
    }
    return accelerated(
        observed: statistic(runs), resampled: resampled, jackknife: jackknife, confidence: confidence)
}

/// The BCa interval from the values of the statistic: of all runs, of resamples in any order, and without each run in
/// turn.
func accelerated(
    observed: Double, resampled: [Double], jackknife: [Double], confidence: Double
) -> Interval? {
    guard observed.isFinite, resampled.allSatisfy(\.isFinite), jackknife.allSatisfy(\.isFinite) else { return nil }
    var below = 0.0
    for value in resampled where value <= observed { below += value < observed ? 1 : 0.5 }
    let bias = -normalQuantile(tail: below / Double(resampled.count))
    guard bias.isFinite else { return nil }

    let mean = jackknife.reduce(0, +) / Double(jackknife.count)
    var (squares, cubes) = (0.0, 0.0)
    for value in jackknife {
        let deviation = mean - value
        squares += deviation * deviation
        cubes += deviation * deviation * deviation
    }
    let acceleration = squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0

    let sorted = resampled.sorted()
    let z = normalQuantile(tail: (1 - confidence) / 2)
    let ends = [-z, z].compactMap { z -> Double? in
        let moved = bias + z
        let stretch = 1 - acceleration * moved
        guard stretch > 0 else { return nil }
        return quantile(of: sorted, at: normalTail(-(bias + moved / stretch)))
    }
    guard ends.count == 2 else { return nil }
    return Interval(low: ends[0], high: ends[1])
}

/// The quantile of sorted values, between neighbours by a straight line: type 7 of Hyndman & Fan, *Sample quantiles in
/// statistical packages*, Am. Stat. 50 (1996) 361, as NumPy has it.
func quantile(of sorted: [Double], at share: Double) -> Double {
    let place = min(max(share, 0), 1) * Double(sorted.count - 1)
    let index = min(Int(place), sorted.count - 1)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
}
