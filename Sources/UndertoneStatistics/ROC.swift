// How well scores tell two classes apart, whatever the threshold.

/// The area under the receiver operating characteristic: the chance that a score of the first class lies above one of the
/// second, ties counting half.
public struct AUROC: Sendable, Hashable {
    /// 0.5 is chance, 1 perfect, below 0.5 worse than chance.
    public var value: Double
    /// DeLong's.
    public var standardError: Double
    /// The 95 % interval on the scale of log-odds, which stays within 0 and 1 and is honest near them.
    public var interval: Interval
    /// DeLong's own 95 % interval, value ± 1.96 standard errors, cut at 0 and 1.
    public var plainInterval: Interval
}

/// The AUROC with DeLong's variance: DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988) 837, by midranks (Sun & Xu,
/// IEEE Signal Process. Lett. 21 (2014) 1389). The interval is the logit-transformed one: Pepe, *The Statistical
/// Evaluation of Medical Tests*, 2003, section 5.2.4.
///
/// Where the classes don't overlap the variance is 0 and says nothing; both intervals are then Wilson's, as if each item
/// of the smaller class had been one trial.
///
/// - Parameters:
///   - positives: scores of the class that should have the higher ones; finite.
///   - negatives: scores of the other.
/// - Returns: nil where a class is empty or a score is no number.
/// - Complexity: O(n log n).
public func auroc(positives: [Double], negatives: [Double]) -> AUROC? {
    let all = positives + negatives
    guard !positives.isEmpty, !negatives.isEmpty, all.allSatisfy({ !$0.isNaN }) else { return nil }
    let (m, n) = (Double(positives.count), Double(negatives.count))
    let (joint, own, others) = (midranks(all), midranks(positives), midranks(negatives))
    // For each item, the share of the other class that it lies on the right side of.
    let above = positives.indices.map { (joint[$0] - own[$0]) / n }
    let below = negatives.indices.map { 1 - (joint[positives.count + $0] - others[$0]) / m }
    let value = above.reduce(0, +) / m
    let error = (variance(above) / m + variance(below) / n).squareRoot()
    // Sums of shares round, so that a perfect area could be short of 1 by its last digit.
    guard error > 1e-12 else {
        let trials = min(positives.count, negatives.count)
        guard abs(value - 0.5) > 1e-9 else {
            let point = Interval(low: 0.5, high: 0.5)
            return AUROC(value: 0.5, standardError: 0, interval: point, plainInterval: point)
        }
        let interval = wilsonInterval(successes: value > 0.5 ? trials : 0, trials: trials)
        return AUROC(value: value.rounded(), standardError: 0, interval: interval, plainInterval: interval)
    }
    let z = 1.959963984540054
    let plain = Interval(low: max(0, value - z * error), high: min(1, value + z * error))
    let half = z * error / (value * (1 - value))
    let interval = Interval(low: share(logOdds: logOdds(value) - half), high: share(logOdds: logOdds(value) + half))
    return AUROC(value: value, standardError: error, interval: interval, plainInterval: plain)
}

/// A point of the receiver operating characteristic.
public struct ROCPoint: Sendable, Hashable {
    /// What lies at least this high is called positive; infinite at the first point.
    public var threshold: Double
    /// The share of the negatives that is called positive.
    public var falsePositives: Double
    /// The share of the positives that is.
    public var truePositives: Double
}

/// The receiver operating characteristic, from the threshold that calls nothing positive to the one that calls everything
/// so; one point for each different score.
///
/// - Returns: none where a class is empty.
public func rocCurve(positives: [Double], negatives: [Double]) -> [ROCPoint] {
    guard !positives.isEmpty, !negatives.isEmpty else { return [] }
    let scores = (positives.map { ($0, true) } + negatives.map { ($0, false) }).sorted { $0.0 > $1.0 }
    var points = [ROCPoint(threshold: .infinity, falsePositives: 0, truePositives: 0)]
    var (hits, alarms) = (0, 0)
    for (place, (score, isPositive)) in scores.enumerated() {
        if isPositive { hits += 1 } else { alarms += 1 }
        guard place + 1 == scores.count || scores[place + 1].0 != score else { continue }
        points.append(
            ROCPoint(
                threshold: score, falsePositives: Double(alarms) / Double(negatives.count),
                truePositives: Double(hits) / Double(positives.count)))
    }
    return points
}

// Ranks from 1; those of ties are the mean of the ranks that they share.
private func midranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
        var end = start
        while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
        for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
        start = end
    }
    return ranks
}

// Unbiased; 0 for a single value.
private func variance(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
}
