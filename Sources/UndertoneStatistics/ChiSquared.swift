// The upper tail of the chi-squared distribution, and Fisher's method, which stands on it.

import Glibc

/// ln P(X ≥ x) for chi-squared with that many degrees of freedom, above 0. Accurate in the far tail.
public func logChiSquaredTail(_ x: Double, degrees: Double) -> Double {
    guard !x.isNaN, degrees > 0 else { return .nan }
    return logRegularizedUpperGamma(degrees / 2, x / 2)
}

/// The p-value of several independent p-values together, by Fisher's method, all as natural logarithms; `nil` without any.
///
/// −2 Σ ln p has a chi-squared distribution with 2k degrees of freedom where all k null hypotheses hold. Fisher,
/// *Statistical Methods for Research Workers*, 4th edition (1932), §21.1.
public func fisherCombined(logPValues: [Double]) -> Double? {
    guard !logPValues.isEmpty else { return nil }
    let sum = logPValues.reduce(0) { $0 + min(0, $1) }
    return logChiSquaredTail(-2 * sum, degrees: 2 * Double(logPValues.count))
}
