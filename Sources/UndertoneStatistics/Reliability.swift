// Whether stated probabilities are what happens.

/// The mean squared distance of stated probabilities from what happened: 0 is perfect, 0.25 is what always saying one half
/// gives. Brier, Mon. Weather Rev. 78 (1950) 1, in the form for two outcomes.
///
/// - Returns: nil without any.
public func brierScore(_ stated: [(probability: Double, happened: Bool)]) -> Double? {
    guard !stated.isEmpty else { return nil }
    return stated.reduce(0) {
        let distance = $1.probability - ($1.happened ? 1 : 0)
        return $0 + distance * distance
    } / Double(stated.count)
}

/// What happened where about one probability was stated.
public struct ReliabilityBin: Sendable, Hashable {
    /// The probabilities it holds, the upper end only in the last bin.
    public var range: Interval
    /// How often one was stated.
    public var count: Int
    /// How often it happened then.
    public var happened: Int
    /// The mean of what was stated; nil where nothing was.
    public var stated: Double?
    /// Wilson's 95 % interval of the share that happened.
    public var interval: Interval { wilsonInterval(successes: happened, trials: count) }
    /// The share that happened; nil where nothing was stated.
    public var share: Double? { count > 0 ? Double(happened) / Double(count) : nil }
}

/// Bins of equal width from 0 to 1, empty ones included. DeGroot & Fienberg, The Statistician 32 (1983) 12.
///
/// - Parameter stated: probabilities from 0 to 1; what lies outside counts into the bin at that end.
public func reliabilityBins(
    _ stated: [(probability: Double, happened: Bool)], bins: Int = 10
) -> [ReliabilityBin] {
    let count = max(bins, 1)
    var sums = [Double](repeating: 0, count: count)
    var found = (0..<count).map {
        ReliabilityBin(
            range: Interval(low: Double($0) / Double(count), high: Double($0 + 1) / Double(count)), count: 0,
            happened: 0, stated: nil)
    }
    for (probability, happened) in stated where !probability.isNaN {
        let place = Int(min(max(probability * Double(count), 0), Double(count - 1)))
        found[place].count += 1
        found[place].happened += happened ? 1 : 0
        sums[place] += probability
    }
    for place in found.indices where found[place].count > 0 {
        found[place].stated = sums[place] / Double(found[place].count)
    }
    return found
}

/// The expected calibration error: how far, in the mean over all statements, the share that happened lies from what was
/// stated. Naeini, Cooper & Hauskrecht, AAAI 2015.
///
/// - Returns: nil where nothing was stated.
public func calibrationError(_ bins: [ReliabilityBin]) -> Double? {
    let all = bins.reduce(0) { $0 + $1.count }
    guard all > 0 else { return nil }
    return bins.reduce(0) {
        guard let share = $1.share, let stated = $1.stated else { return $0 }
        return $0 + Double($1.count) / Double(all) * abs(share - stated)
    }
}
