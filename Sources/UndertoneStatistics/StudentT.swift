// The upper tail of Student's t distribution.

import Glibc

/// ln P(T ≥ t) for Student's t with that many degrees of freedom, above 0.
///
/// Accurate in the far tail, where P itself is below what a `Double` holds. An infinite `t` gives −∞ or 0; NaN gives NaN.
///
/// Source: P(T ≥ t) = ½ I_x(ν/2, ½) with x = ν / (ν + t²), for t ≥ 0.
public func logStudentTail(_ t: Double, degrees: Double) -> Double {
    guard !t.isNaN, degrees > 0 else { return .nan }
    if t.magnitude == .infinity { return t > 0 ? -.infinity : 0 }
    let square = t * t
    // For a t so large that its square is infinite: x = ν/t², and its logarithm is all that counts.
    guard square.isFinite else { return t > 0 ? -.infinity : 0 }
    let tail =
        logRegularizedBeta(degrees / (degrees + square), complement: square / (degrees + square), degrees / 2, 0.5)
        - 0.693147180559945309
    return t >= 0 ? tail : log1p(-exp(tail))
}
