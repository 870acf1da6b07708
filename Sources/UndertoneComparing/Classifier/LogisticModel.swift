// Logistic regression with a quadratic penalty on sparse rows.

import Glibc
import UndertoneStatistics

/// What a logistic regression learned: log-odds are a weighted sum of a row's values.
struct LogisticModel: Sendable {
    /// One a column.
    private(set) var weights: [Float]
    private(set) var intercept: Float = 0
    /// How often the rows were gone through.
    private(set) var epochs = 0

    /// Minimises ½|w|² + `cost` · Σ cᵢ ln(1 + exp(−yᵢ w·xᵢ)), the classes having one total of cᵢ, on average 1.
    ///
    /// By dual coordinate descent: Yu, Huang & Lin, Mach. Learn. 85 (2011) 41, section 3: each row has a variable α of
    /// 0 ..< cost · c, w is Σ αᵢ yᵢ xᵢ, and one α after another is set to where the dual is best. Under a strong penalty a
    /// few rounds do. The intercept is a feature of value 1 and is penalised like the others.
    ///
    /// - Parameters:
    ///   - rows: of the table; in whatever order.
    ///   - isPositive: by row of the table.
    ///   - seed: of the order in which rows are visited.
    /// - Complexity: O(entries of the rows) each round; at most 30.
    init(_ table: FeatureTable, rows: [Int], isPositive: [Bool], cost: Double, seed: UInt64) {
        weights = [Float](repeating: 0, count: table.buckets.count)
        let positives = rows.count { isPositive[$0] }
        guard positives > 0, positives < rows.count, cost > 0 else { return }
        let bounds = (
            negative: cost * Double(rows.count) / Double(2 * (rows.count - positives)),
            positive: cost * Double(rows.count) / Double(2 * positives)
        )
        var numbers = SplitMix64(seed: seed)
        var order = rows
        var logits = [Double](repeating: 0, count: table.rows)
        weights.withUnsafeMutableBufferPointer { weights in
            // At w = 0 each α is best at half its bound.
            var sizes = [Double](repeating: 0, count: table.rows)
            for row in rows {
                let half = (isPositive[row] ? bounds.positive : -bounds.negative) / 2
                sizes[row] = 1 + table.add(Float(half), timesRow: row, to: weights)
                intercept += Float(half)
            }
            for round in 1...30 {
                for place in order.indices.dropFirst().reversed() { order.swapAt(place, numbers.below(place + 1)) }
                var most = 0.0
                for row in order {
                    let (sign, bound) = isPositive[row] ? (1.0, bounds.positive) : (-1.0, bounds.negative)
                    let margin = sign * Double(table.dot(row, weights) + intercept)
                    let (z, share) = LogisticModel.best(from: logits[row], margin, sizes[row] * bound)
                    let change = Float((share - logistic(logits[row])) * bound * sign)
                    most = max(most, abs(Double(change)) / bound)
                    logits[row] = z
                    _ = table.add(change, timesRow: row, to: weights)
                    intercept += change
                }
                epochs = round
                if most < 1e-3 { break }
            }
        }
    }

    /// The log-odds of a row.
    func logOdds(_ table: FeatureTable, row: Int) -> Double {
        weights.withUnsafeBufferPointer { Double(table.dot(row, $0) + intercept) }
    }

    // Solves margin + size (σ(z) − σ(z₀)) + z = 0 for z, the log-odds of α/bound, by Newton's method; the left side rises
    // in z with a slope of at least 1.
    private static func best(from start: Double, _ margin: Double, _ size: Double) -> (z: Double, share: Double) {
        let before = logistic(start)
        var z = start
        for _ in 0..<8 {
            let share = logistic(z)
            let step = (margin + size * (share - before) + z) / (1 + size * share * (1 - share))
            z -= step
            if abs(step) < 1e-6 { break }
        }
        return (z, logistic(z))
    }
}

func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

extension FeatureTable {
    /// The sum of a row's values times weights.
    fileprivate func dot(_ row: Int, _ weights: UnsafeBufferPointer<Float>) -> Float {
        entries.withUnsafeBufferPointer { entries in
            values.withUnsafeBufferPointer { values in
                var (sum, other) = (Float(0), Float(0))
                var (place, end) = (starts[row], starts[row + 1])
                if (end - place) % 2 == 1 {
                    end -= 1
                    let entry = entries[end]
                    sum = values[Int(entry & 511)] * weights[Int(entry >> FeatureTable.lowBits)]
                }
                // Two sums, since each addition waits for the last one.
                while place < end {
                    let (first, second) = (entries[place], entries[place + 1])
                    sum += values[Int(first & 511)] * weights[Int(first >> FeatureTable.lowBits)]
                    other += values[Int(second & 511)] * weights[Int(second >> FeatureTable.lowBits)]
                    place += 2
                }
                return sum + other
            }
        }
    }

    fileprivate func dot(_ row: Int, _ weights: UnsafeMutableBufferPointer<Float>) -> Float {
        dot(row, UnsafeBufferPointer(weights))
    }

    /// Adds a multiple of a row to weights; the sum of the row's squared values.
    fileprivate func add(_ factor: Float, timesRow row: Int, to weights: UnsafeMutableBufferPointer<Float>) -> Double {
        entries.withUnsafeBufferPointer { entries in
            values.withUnsafeBufferPointer { values in
                var squares: Float = 0
                for entry in entries[starts[row]..<starts[row + 1]] {
                    let value = values[Int(entry & 511)]
                    weights[Int(entry >> FeatureTable.lowBits)] += factor * value
                    squares += value * value
                }
                return Double(squares)
            }
        }
    }
}
