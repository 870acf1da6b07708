// Whether one of two is preferred.

import Glibc

/// The two-sided p-value of the sign test: how likely at least so uneven a division is where each of the two is as likely
/// to win. Exact; ties are left out by the caller. 1 where nobody won.
///
/// - Complexity: O(wins + losses).
public func signTest(wins: Int, losses: Int) -> Double {
    let (most, all) = (max(wins, losses, 0), max(wins, 0) + max(losses, 0))
    guard all > 0, most * 2 > all else { return 1 }
    func logFactorial(_ n: Int) -> Double { logGamma(Double(n) + 1) }
    let tail = (most...all).reduce(0.0) { sum, k in
        sum + exp(logFactorial(all) - logFactorial(k) - logFactorial(all - k) - Double(all) * log(2))
    }
    return min(1, 2 * tail)
}
