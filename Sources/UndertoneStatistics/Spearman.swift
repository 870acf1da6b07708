// Spearman's rank correlation of permutations, and how surprising it is.

import Glibc

/// Spearman's ρ of two orders of the same things, each given as a permutation of 0 ..< n; there are no ties.
///
/// ρ = 1 − 6 Σ d² / (n (n² − 1)). 1 below two things. O(n).
public func spearman(_ first: [Int], _ second: [Int]) -> Double {
    let n = Double(first.count)
    guard first.count == second.count, first.count > 1 else { return 1 }
    return 1 - 6 * sumOfSquares(first, second) / (n * (n * n - 1))
}

/// ln P(ρ ≥ observed) where the one order is a permutation drawn uniformly and the other is any fixed one: the p-value of
/// the hypothesis that the two have nothing to do with each other, against that they agree.
///
/// Exact up to eight things, by counting; above, t = ρ √((n−2)/(1−ρ²)) has Student's distribution with n − 2 degrees of
/// freedom, to a good approximation. Never below 1/n!, the smallest p-value that there is. 0 below two things.
public func logSpearmanTail(_ first: [Int], _ second: [Int]) -> Double {
    guard first.count == second.count, first.count > 1 else { return 0 }
    if first.count <= 8 { return log(exactTail(sumOfSquares(first, second), count: first.count)) }
    let n = Double(first.count)
    let rho = spearman(first, second)
    let least = -logGamma(n + 1)
    guard rho < 1 else { return least }
    guard rho > -1 else { return 0 }
    let t = rho * ((n - 2) / ((1 - rho) * (1 + rho))).squareRoot()
    return max(least, logStudentTail(t, degrees: n - 2))
}

private func sumOfSquares(_ first: [Int], _ second: [Int]) -> Double {
    var sum = 0.0
    for (a, b) in zip(first, second) { sum += Double(a - b) * Double(a - b) }
    return sum
}

// The share of all permutations of 0 ..< count whose Σ d² from the identity is at most `sum`. Heap's algorithm goes from
// each permutation to the next by one exchange, so that the sum follows in a few steps.
private func exactTail(_ sum: Double, count: Int) -> Double {
    let bound = Int(sum)
    var order = Array(0..<count)
    var counters = Array(repeating: 0, count: count)
    var squares = 0
    var all = 1
    var hits = 1
    var index = 1
    while index < count {
        guard counters[index] < index else {
            counters[index] = 0
            index += 1
            continue
        }
        let other = index % 2 == 0 ? 0 : counters[index]
        let (left, right) = (order[other], order[index])
        // (l−o)² + (r−i)² becomes (r−o)² + (l−i)²: the difference is 2 (l−r)(o−i).
        squares += 2 * (left - right) * (other - index)
        order[other] = right
        order[index] = left
        all += 1
        if squares <= bound { hits += 1 }
        counters[index] += 1
        index = 1
    }
    return Double(hits) / Double(all)
}
