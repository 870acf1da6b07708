// Which elements go so that the mean of the others is what it should be: arithmetic without models.

/// Chooses elements by numbers that each has, one for each trait.
enum Balance {
    /// Removes elements from the top until the mean of the others is at most the target: for each trait in turn, until none
    /// is above its target.
    ///
    /// - Parameters:
    ///   - values: for each trait one number for each element, finite.
    ///   - targets: one for each trait.
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

    /// Numbers of several traits on one scale, the highest of each element: distances from the control's mean in the
    /// control's standard deviations.
    static func highest(_ values: [[Double]], control: [[Double]]) -> [Double] {
        var highest = [Double](repeating: -.infinity, count: values.first?.count ?? 0)
        for (values, control) in zip(values, control) {
            let mean = mean(control)
            let variance = control.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(control.count - 1, 1))
            let scale = variance > 0 ? variance.squareRoot() : 1
            for (place, value) in values.enumerated() { highest[place] = max(highest[place], (value - mean) / scale) }
        }
        return highest
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
}
