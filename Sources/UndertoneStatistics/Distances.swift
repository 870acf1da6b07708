// Distances of two distributions: how much differs, however many things were counted.

import Glibc

/// The Wasserstein distance of order one: how far values must be moved, in the mean, to turn one sample into the other, in
/// the unit of the values. It is the area between the distribution functions: Vallender, Theory Probab. Appl. 18 (1974) 784.
/// O(n log n).
///
/// - Returns: nil where a sample is empty or a value is not finite.
public func wassersteinDistance(_ first: [Double], _ second: [Double]) -> Double? {
    wassersteinDistance(
        values: first + second,
        first: [Double](repeating: 1, count: first.count) + [Double](repeating: 0, count: second.count),
        second: [Double](repeating: 0, count: first.count) + [Double](repeating: 1, count: second.count))
}

/// ``wassersteinDistance(_:_:)`` of weighted values, such as a histogram.
///
/// - Parameters:
///   - values: in any order; a value may come twice.
///   - first: what each weighs in the first sample, not below 0.
///   - second: the same for the second.
/// - Returns: nil also where the three are not of one length, a weight is below 0, or all weights of a sample are 0.
public func wassersteinDistance(values: [Double], first: [Double], second: [Double]) -> Double? {
    guard values.count == first.count, values.count == second.count, values.allSatisfy(\.isFinite),
        (first + second).allSatisfy({ $0.isFinite && $0 >= 0 })
    else { return nil }
    let (all, others) = (first.reduce(0, +), second.reduce(0, +))
    guard all > 0, others > 0 else { return nil }
    let order = values.indices.sorted { values[$0] < values[$1] }
    var (below, other, area) = (0.0, 0.0, 0.0)
    for (place, next) in zip(order, order.dropFirst()) {
        below += first[place]
        other += second[place]
        area += (below / all - other / others).magnitude * (values[next] - values[place])
    }
    return area
}

/// The population stability index, Σ (p − q) ln(p/q), in nats: 0 for equal shares. By custom below 0.1 is stable and above
/// 0.25 a large shift (Siddiqi, *Credit Risk Scorecards*, 2006, chapter 8); it is Jeffreys' divergence.
///
/// A half is added to every count, so that a category that one sample lacks does not make it infinite. O(categories).
///
/// - Parameters:
///   - first: how often each category occurs in the first sample; categories that nobody saw are left out.
///   - second: the same for the second, in the same order.
/// - Returns: nil where a sample is empty, a count is below 0, the two are not of one length, and where only one category
///   was seen.
public func populationStabilityIndex(_ first: [Int], _ second: [Int]) -> Double? {
    guard let seen = counted(first, second) else { return nil }
    let halves = Double(seen.count) / 2
    let (all, others) = sums(seen)
    return seen.reduce(0) { sum, column in
        let (p, q) = ((column.first + 0.5) / (all + halves), (column.second + 0.5) / (others + halves))
        return sum + (p - q) * log(p / q)
    }
}

/// The Jensen–Shannon distance to base 2: 0 for equal shares, 1 where no category is in both samples. The root of Lin's
/// divergence, IEEE Trans. Inf. Theory 37 (1991) 145, is a metric: Endres & Schindelin, same journal, 49 (2003) 1858.
/// Counts of few things overstate it. O(categories).
///
/// Arguments and results are those of ``populationStabilityIndex(_:_:)``.
public func jensenShannonDistance(_ first: [Int], _ second: [Int]) -> Double? {
    guard let seen = counted(first, second) else { return nil }
    let (all, others) = sums(seen)
    let divergence = seen.reduce(0.0) { sum, column in
        let (p, q) = (column.first / all, column.second / others)
        // Equal shares are exactly no distance; rounding would leave 1e-8 of it.
        guard p != q else { return sum }
        return sum + (p > 0 ? p * log2(2 * p / (p + q)) : 0) + (q > 0 ? q * log2(2 * q / (p + q)) : 0)
    }
    return min(1, (max(0, divergence) / 2).squareRoot())
}

private func counted(_ first: [Int], _ second: [Int]) -> [(first: Double, second: Double)]? {
    guard first.count == second.count, (first + second).allSatisfy({ $0 >= 0 }) else { return nil }
    let seen = zip(first, second).filter { $0 > 0 || $1 > 0 }.map { (first: Double($0), second: Double($1)) }
    let (all, others) = sums(seen)
    return all > 0 && others > 0 && seen.count > 1 ? seen : nil
}

private func sums(_ columns: [(first: Double, second: Double)]) -> (Double, Double) {
    columns.reduce((0.0, 0.0)) { ($0.0 + $1.first, $0.1 + $1.second) }
}
