// The interval of a mean.

import Glibc

/// The 95 % t-interval of the mean of independent values; `nil` for fewer than two.
public func meanInterval(_ values: [Double]) -> Interval? {
    guard values.count > 1 else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let half = studentQuantile(tail: 0.025, degrees: count - 1) * (variance / count).squareRoot()
    return Interval(low: mean - half, high: mean + half)
}

/// The t with P(T ≥ t) = `tail`, a share below one half.
public func studentQuantile(tail: Double, degrees: Double) -> Double {
    let wanted = log(tail)
    var (low, high) = (0.0, 1.0)
    while logStudentTail(high, degrees: degrees) > wanted { (low, high) = (high, high * 2) }
    for _ in 0..<60 {
        let middle = (low + high) / 2
        if logStudentTail(middle, degrees: degrees) > wanted { low = middle } else { high = middle }
    }
    return (low + high) / 2
}
