// Count, mean and variance of a sample: what every test by t begins with.

/// Count, mean and variance of at least two finite numbers.
struct Moments {
    /// How many there are.
    var count: Double
    /// Their mean.
    var mean: Double
    /// The unbiased estimate of their variance; exactly 0 where all are the same number.
    var variance: Double

    /// The variance of the mean.
    var varianceOfMean: Double { variance / count }

    /// nil for fewer than two numbers, and where one of them or their moments are not finite.
    init?(_ values: [Double]) {
        guard values.count > 1, let first = values.first, values.allSatisfy(\.isFinite) else { return nil }
        count = Double(values.count)
        // Rounding would give equal numbers a variance of 1e-33, and their mean a huge t.
        guard values.contains(where: { $0 != first }) else {
            (mean, variance) = (first, 0)
            return
        }
        let mean = values.reduce(0, +) / count
        self.mean = mean
        variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        guard mean.isFinite, variance.isFinite else { return nil }
    }
}

/// first − second, place by place; nil where they are not of one length.
func pairedDifferences(_ first: [Double], _ second: [Double]) -> [Double]? {
    guard first.count == second.count else { return nil }
    return zip(first, second).map { $0 - $1 }
}
