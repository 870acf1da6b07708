// The standard normal distribution: its tail and its quantile.

import Glibc

/// P(Z ≥ z) for Z of the standard normal distribution, with full relative precision in the far tail.
public func normalTail(_ z: Double) -> Double { 0.5 * erfc(z * 0.5.squareRoot()) }

/// The z with P(Z ≥ z) = `tail`; 1.96 for 0.025, below 0 for more than one half, infinite for 0 and 1, NaN outside.
///
/// Source: Abramowitz & Stegun 26.2.23 (error below 4.5e-4) as the start of Newton's method on the tail, which squares
/// the error in each of its four steps.
public func normalQuantile(tail: Double) -> Double {
    if tail > 0.5 { return -normalQuantile(tail: 1 - tail) }
    guard tail > 0 else { return tail == 0 ? .infinity : .nan }
    let s = (-2 * log(tail)).squareRoot()
    var z = s - (2.515517 + s * (0.802853 + s * 0.010328)) / (1 + s * (1.432788 + s * (0.189269 + s * 0.001308)))
    for _ in 0..<4 {
        // (tail(z) − tail) / density(z), all in one exponent so that the far tail doesn't underflow.
        let ratio = normalTail(z) / tail
        guard ratio > 0 else { break }
        z += (ratio - 1) * exp(log(tail) + z * z / 2 + 0.918938533204672742)
    }
    return z
}
