// The regularised incomplete beta function, as a logarithm, so that far tails keep their precision.

import Glibc

/// ln Γ(x) for x > 0.
func logGamma(_ x: Double) -> Double {
    // Without the global sign that lgamma writes, so that threads don't meet.
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
}

/// ln I_x(a, b), the logarithm of the regularised incomplete beta function, for a, b > 0.
///
/// `x` and `complement` = 1 − `x` are given both, so that neither loses digits near 0. Relative error of I about 1e-11 for
/// parameters up to 10⁴, growing with them as ln Γ does.
///
/// Source: the continued fraction of DLMF 8.17.22, by Lentz's method.
func logRegularizedBeta(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return -.infinity }
    if complement <= 0 { return 0 }
    // The fraction converges fast below the mean of the distribution; above it the other tail is computed.
    if x > (a + 1) / (a + b + 2) {
        let other = lowerTail(complement, complement: x, b, a)
        // ln(1 − e^other): two ways, each exact where the other is not.
        return other < -0.7 ? log1p(-exp(other)) : log(-expm1(other))
    }
    return lowerTail(x, complement: complement, a, b)
}

private func lowerTail(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double {
    let logX = x > 0.5 ? log1p(-complement) : log(x)
    let logComplement = complement > 0.5 ? log1p(-x) : log(complement)
    let front = a * logX + b * logComplement - logGamma(a) - logGamma(b) + logGamma(a + b) - log(a)
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var fraction = d
    // Steps grow as √max(a, b); the bound only stops what is not finite.
    for step in 1...200_000 {
        let m = Double(step)
        for coefficient in [
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ] {
            d = 1 + coefficient * d
            d = 1 / (abs(d) < tiny ? tiny : d)
            c = 1 + coefficient / c
            if abs(c) < tiny { c = tiny }
            fraction *= d * c
        }
        if abs(d * c - 1) < 1e-15 { break }
    }
    return min(0, front + log(fraction))
}
