// Means over the distribution of a sample's standard deviation: what powers of t-tests are integrals of.

import Glibc

/// The distribution of S = √(χ²/ν), a sample's standard deviation in units of the true one.
///
/// Its density is 2 (ν/2)^(ν/2) / Γ(ν/2) · s^(ν−1) · exp(−ν s²/2).
struct DeviationDistribution {
    /// Degrees of freedom, at least 1.
    let degrees: Double
    private let logConstant: Double

    init(degrees: Double) {
        self.degrees = degrees
        logConstant = log(2) + degrees / 2 * log(degrees / 2) - logGamma(degrees / 2)
    }

    /// The mean of `value`(S) where S is below `end`, 0 elsewhere.
    ///
    /// By ten-point Gauss–Legendre quadrature (Abramowitz & Stegun 25.4.30) on pieces between twelve standard
    /// deviations (each about √(1/2ν)) below and above 1, beyond which less than 1e-18 of the distribution lies,
    /// divided at `breaks` too, where `value` changes suddenly.
    func mean(upTo end: Double = .infinity, breaks: [Double], of value: (Double) -> Double) -> Double {
        let reach = 12 / (2 * degrees).squareRoot()
        let low = max(0, 1 - reach)
        let high = min(end, 1 + reach)
        guard low < high else { return 0 }
        let places = ([low, high] + breaks.filter { $0 > low && $0 < high }).sorted()
        var sum = 0.0
        let pieces = 16
        for (from, to) in zip(places, places.dropFirst()) where to > from {
            let half = (to - from) / Double(2 * pieces)
            for piece in 0..<pieces {
                let middle = from + half * Double(2 * piece + 1)
                for (node, weight) in zip(nodes, weights) {
                    sum +=
                        weight * half * (weighted(middle - half * node, value) + weighted(middle + half * node, value))
                }
            }
        }
        return sum
    }

    private func weighted(_ s: Double, _ value: (Double) -> Double) -> Double {
        value(s) * exp(logConstant + (degrees - 1) * log(s) - degrees * s * s / 2)
    }
}

private let nodes = [
    0.148874338981631211, 0.433395394129247191, 0.679409568299024406, 0.865063366688984511, 0.973906528517171720,
]

private let weights = [
    0.295524224714752870, 0.269266719309996355, 0.219086362515982044, 0.149451349150580593, 0.066671344308688138,
]
