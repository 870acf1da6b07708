// Which direction sets a drop apart from its control: how surely, and whether it alone does (docs/attribution.md).

import Glibc
import UndertoneStatistics

/// Groups of a drop and of its control, and tests of the difference d of their means.
///
/// 1. *Does the drop differ along a direction?* ``maxTTest(drop:control:permutations:seed:)``: groups are dealt anew to the
///    two sides at random, and the largest difference over all candidates, in standard errors, corrects for their number.
/// 2. *Does this direction explain the difference?* Any other difference between drop and control, such as another base's
///    hand, is significant too when records are many. But its shadow on the directions has no reason to fall along one of
///    them: with S the covariance of a group's values, S^-½ d points anywhere, and the cosine r of its angle with the image
///    of one direction has t = r √(ν/(1−r²)) with Student's distribution, ν being one less than there are directions.
///    Among the directions is one that the drop itself gives: the difference of the gradients of one part of drop and
///    control, as seen in the other part. What a trait does not explain shows there, and makes r smaller.
struct DirectionTest: Sendable {
    /// Groups of one side, row behind row.
    struct Side: Sendable {
        /// A value for each direction.
        var groups: [Double]
        /// Those of groups that had no part in the drop's own direction: a value for each direction, and one for that.
        var heldOut: [Double]
    }

    /// What is known of one direction.
    struct Result: Sendable, Hashable {
        /// The difference in standard errors.
        var z: Double
        /// Cosine with the difference where groups have unit covariance.
        var cosine: Double
        /// One-sided p-value that the drop differs along this direction, not corrected.
        var single: Double
        /// The same, corrected for the number of candidates.
        var corrected: Double
        /// p-value that something else than this direction made the difference, corrected for the number of directions; nil
        /// with too few of them.
        var specific: Double?

        /// What both tests say together.
        var pValue: Double { max(corrected, specific ?? 0) }
    }

    /// Directions below this number say nothing about each other.
    static let fewest = 5
    /// Random divisions of the groups.
    static let divisions = 4999

    /// The directions' results, in their order.
    let results: [Result]
    /// The difference along the drop's own direction, in standard errors.
    let ownZ: Double

    /// - Parameters:
    ///   - drop: two groups or more, held-out ones and others.
    ///   - width: directions.
    ///   - candidates: the first so many directions are asked for, the others only stand beside them.
    init(
        drop: Side, control: Side, width: Int, candidates: Int, seed: UInt64, divisions: Int = DirectionTest.divisions
    ) {
        let all = Difference(drop.groups, control.groups, width)
        let heldOut = Difference(drop.heldOut, control.heldOut, width + 1)
        let permuted = maxTTest(
            drop: DirectionTest.rows(drop.groups, width, candidates),
            control: DirectionTest.rows(control.groups, width, candidates), permutations: divisions, seed: seed)
        ownZ = heldOut.z(width)
        // What the drop's own direction adds to what the others hold, less what chance adds.
        let own = max(0, (heldOut.squares.last ?? 0) - heldOut.scale)
        let length = (all.squares.reduce(0, +) + own).squareRoot()
        results = (0..<width).map { place in
            let cosine = length > 0 ? min(all.values[place] / all.variance(place).squareRoot() / length, 1) : 0
            var specific: Double?
            if width >= DirectionTest.fewest {
                let free = Double(width - 1)
                let t = cosine * (free / max(1 - cosine * cosine, 1e-12)).squareRoot()
                specific = min(1, Double(width) * exp(logStudentTail(t, degrees: free)))
            }
            let found = place < candidates ? permuted?[place] : nil
            return Result(
                z: all.z(place), cosine: cosine, single: found?.pValue ?? 1, corrected: found?.adjustedPValue ?? 1,
                specific: specific)
        }
    }

    /// The difference of two sides' means, and the covariance within them.
    private struct Difference {
        let values: [Double]
        let covariance: [Double]
        /// 1/n + 1/m.
        let scale: Double
        /// What each direction adds to dᵀ S⁻¹ d beyond those before it.
        let squares: [Double]

        init(_ drop: [Double], _ control: [Double], _ width: Int) {
            let (first, second) = (DirectionTest.mean(drop, width), DirectionTest.mean(control, width))
            let rows = (drop: Double(drop.count / width), control: Double(control.count / width))
            var covariance = [Double](repeating: 0, count: width * width)
            DirectionTest.addProducts(drop, first, to: &covariance)
            DirectionTest.addProducts(control, second, to: &covariance)
            let degrees = max(rows.drop + rows.control - 2, 1)
            // With few groups the covariance is uncertain: what stands beside its diagonal shrinks.
            let kept = 1 - min(1, Double(width) / degrees)
            for row in 0..<width {
                for column in 0..<width {
                    covariance[row * width + column] *= (row == column ? 1 : kept) / degrees
                }
            }
            values = (0..<width).map { first[$0] - second[$0] }
            scale = 1 / rows.drop + 1 / rows.control
            squares = DirectionTest.squares(values, covariance, width)
            self.covariance = covariance
        }

        func variance(_ place: Int) -> Double { max(covariance[place * values.count + place], 1e-300) }
        func z(_ place: Int) -> Double { values[place] / (variance(place) * scale).squareRoot() }
    }

    private static func mean(_ values: [Double], _ width: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: width)
        for (place, value) in values.enumerated() { sums[place % width] += value }
        return sums.map { $0 / Double(values.count / width) }
    }

    private static func addProducts(_ values: [Double], _ mean: [Double], to products: inout [Double]) {
        let width = mean.count
        for from in stride(from: 0, to: values.count, by: width) {
            for row in 0..<width {
                let first = values[from + row] - mean[row]
                for column in 0..<width {
                    products[row * width + column] += first * (values[from + column] - mean[column])
                }
            }
        }
    }

    // The squares of L⁻¹ d with Cholesky's factor L of S; their sum is dᵀ S⁻¹ d. A direction that those before it span adds
    // nothing.
    private static func squares(_ difference: [Double], _ covariance: [Double], _ width: Int) -> [Double] {
        var factor = covariance
        var solved = difference
        for row in 0..<width {
            for column in 0...row {
                var value = covariance[row * width + column]
                for inner in 0..<column { value -= factor[row * width + inner] * factor[column * width + inner] }
                if column < row {
                    let pivot = factor[column * width + column]
                    factor[row * width + column] = pivot > 0 ? value / pivot : 0
                } else {
                    let isNew = value > 1e-9 * covariance[row * width + row]
                    factor[row * width + row] = isNew ? value.squareRoot() : 0
                }
            }
            let pivot = factor[row * width + row]
            for inner in 0..<row { solved[row] -= factor[row * width + inner] * solved[inner] }
            solved[row] = pivot > 0 ? solved[row] / pivot : 0
        }
        return solved.map { $0 * $0 }
    }

    // The values of the candidates, group by group.
    private static func rows(_ values: [Double], _ width: Int, _ candidates: Int) -> [[Double]] {
        stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + candidates]) }
    }
}
