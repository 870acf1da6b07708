// How elements are left out or weighed so that their mean is what it should be: arithmetic without models.

import Glibc

/// Chooses or weighs elements by numbers that each has, one for each trait.
///
/// In all of these `values` has for each trait one finite number for each element, `targets` one for each trait. A trait
/// whose mean is at or below its target already asks for nothing.
enum Balance {
    /// Removes elements from the top until the mean of the others is at most the target: for each trait in turn, until none
    /// is above its target.
    ///
    /// - Returns: for each element whether it stays. Of equals those that stand first go first.
    static func kept(_ values: [[Double]], targets: [Double]) -> [Bool] {
        var kept = [Bool](repeating: true, count: values.first?.count ?? 0)
        var changed = true
        while changed {
            changed = false
            for (values, target) in zip(values, targets) {
                changed = remove(from: &kept, values, until: target) || changed
            }
        }
        return kept
    }

    private static func remove(from kept: inout [Bool], _ values: [Double], until target: Double) -> Bool {
        let places = kept.indices.filter { kept[$0] }
        var (excess, size) = (0.0, 0.0)
        for place in places {
            excess += values[place] - target
            size += abs(values[place] - target)
        }
        // What is left by rounding is no excess.
        let least = size * 1e-9
        guard excess > least else { return false }
        for place in places.sorted(by: { values[$0] > values[$1] || (values[$0] == values[$1] && $0 < $1) }) {
            guard excess > least, values[place] > target else { break }
            excess -= values[place] - target
            kept[place] = false
        }
        return true
    }

    /// Removes the highest elements, a share of all.
    ///
    /// - Parameter share: 0 to 1; the count is rounded down.
    static func kept(_ values: [Double], without share: Double) -> [Bool] {
        var kept = [Bool](repeating: true, count: values.count)
        let order = values.indices.sorted { values[$0] > values[$1] || (values[$0] == values[$1] && $0 < $1) }
        for place in order.prefix(Int(Double(values.count) * share)) { kept[place] = false }
        return kept
    }

    /// How a number of log-weight becomes a weight.
    enum Tilt {
        /// e^x: of all weights that have the means that are asked for the ones nearest to equal, in the sense of
        /// Kullback and Leibler (Hainmueller, *Entropy balancing for causal effects*, 2012).
        case exponential
        /// min(1, e^x): the share in which elements stay that are thinned out at random.
        case thinning

        /// The weight and its derivative by x.
        func callAsFunction(_ x: Double) -> (weight: Double, slope: Double) {
            switch self {
            case .exponential:
                let weight = exp(x)
                return (weight, weight)
            case .thinning:
                guard x < 0 else { return (1, 0) }
                let weight = exp(x)
                return (weight, weight)
            }
        }
    }

    /// Weights tilt(−Σₖ λₖ valueₖ), λ ≥ 0, under which no trait's mean is above its target.
    ///
    /// Coordinate by coordinate, each by Newton's method on its mean. A target below all values can't be reached; λ then
    /// ends at a bound, and hardly anything but the lowest values has weight.
    ///
    /// - Returns: the weights, none above 1 by thinning and of any size else, and λ.
    static func weights(
        _ values: [[Double]], targets: [Double], _ tilt: Tilt
    ) -> (weights: [Double], factors: [Double]) {
        var exponents = [Double](repeating: 0, count: values.first?.count ?? 0)
        var factors = [Double](repeating: 0, count: values.count)
        for _ in 0..<100 {
            var largest = 0.0
            for (trait, values) in values.enumerated() {
                let scale = deviation(values)
                guard scale > 0 else { continue }
                let step = step(values, exponents, target: targets[trait], scale: scale, tilt)
                let factor = min(max(factors[trait] + step, 0), 50 / scale)
                let change = factor - factors[trait]
                guard change != 0 else { continue }
                for place in exponents.indices { exponents[place] -= change * values[place] }
                factors[trait] = factor
                largest = max(largest, abs(change) * scale)
            }
            if largest < 1e-7 { break }
        }
        return (exponents.map { tilt($0).weight }, factors)
    }

    // By how much a factor has to grow: Newton's step for the mean to reach the target, no longer than
    // 1/scale.
    private static func step(
        _ values: [Double], _ exponents: [Double], target: Double, scale: Double, _ tilt: Tilt
    ) -> Double {
        var (total, sum, change, changes) = (0.0, 0.0, 0.0, 0.0)
        for (value, exponent) in zip(values, exponents) {
            let (weight, slope) = tilt(exponent)
            total += weight
            sum += weight * value
            change += slope * value
            changes += slope * value * value
        }
        guard total > 0 else { return 0 }
        let mean = sum / total
        let slope = (changes - mean * change) / total
        return min(max((mean - target) / max(slope, 1e-3 * scale * scale), -1 / scale), 1 / scale)
    }

    /// Numbers of several traits on one scale, the highest of each element: distances from the control's mean in the
    /// control's standard deviations.
    static func highest(_ values: [[Double]], control: [[Double]]) -> [Double] {
        var highest = [Double](repeating: -.infinity, count: values.first?.count ?? 0)
        for (values, control) in zip(values, control) {
            let mean = mean(control)
            let deviation = deviation(control)
            let scale = deviation > 0 ? deviation : 1
            for (place, value) in values.enumerated() { highest[place] = max(highest[place], (value - mean) / scale) }
        }
        return highest
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

    private static func deviation(_ values: [Double]) -> Double {
        let mean = mean(values)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count - 1, 1))).squareRoot()
    }
}
