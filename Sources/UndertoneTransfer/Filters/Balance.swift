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

    /// What the logarithms of weights are made of.
    enum Tilt {
        /// The values: of all weights that have the means that are asked for the ones nearest to equal, in the sense of
        /// Kullback and Leibler (Hainmueller, *Entropy balancing for causal effects*, 2012).
        case exponential
        /// The values above 0: the probabilities with which elements stay that are thinned out at random.
        case thinning
    }

    /// Weights exp(−Σₖ λₖ pushₖ), λ ≥ 0, under which no trait's mean is above its target; a push is the value, or by
    /// thinning what of it is above 0.
    ///
    /// Coordinate by coordinate, each by Newton's method on its mean. A target that can't be reached (below all values, or
    /// by thinning below the mean of those under 0) takes λ to a bound.
    ///
    /// - Returns: the weights, none above 1 by thinning and of any size else, and λ.
    static func weights(
        _ values: [[Double]], targets: [Double], _ tilt: Tilt
    ) -> (weights: [Double], factors: [Double]) {
        var weights = [Double](repeating: 1, count: values.first?.count ?? 0)
        var factors = [Double](repeating: 0, count: values.count)
        func push(_ value: Double) -> Double { tilt == .thinning ? max(value, 0) : value }
        for _ in 0..<200 {
            var largest = 0.0
            for (trait, values) in values.enumerated() {
                let scale = deviation(values)
                guard scale > 0 else { continue }
                // Newton's step for the mean to reach the target, no longer than 1/scale.
                var (total, sum, pushes, products) = (0.0, 0.0, 0.0, 0.0)
                for (value, weight) in zip(values, weights) {
                    total += weight
                    sum += weight * value
                    pushes += weight * push(value)
                    products += weight * push(value) * value
                }
                guard total > 0 else { continue }
                let slope = (products - sum / total * pushes) / total
                let step = (sum / total - targets[trait]) / max(slope, 1e-3 * scale * scale)
                let factor = min(max(factors[trait] + min(max(step, -1 / scale), 1 / scale), 0), 50 / scale)
                let change = factor - factors[trait]
                guard change != 0 else { continue }
                for place in weights.indices { weights[place] *= exp(-change * push(values[place])) }
                factors[trait] = factor
                largest = max(largest, abs(change) * scale)
            }
            if largest < 1e-7 { break }
        }
        return (weights, factors)
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
