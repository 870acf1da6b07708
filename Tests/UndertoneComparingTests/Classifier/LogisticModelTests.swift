// The optimiser finds the minimum, and scores are what they should be.

import Foundation
import Testing
import UndertoneStatistics

@testable import UndertoneComparing

@Suite struct LogisticModelTests {
    let drop = lists(60, bias: 0.8, seed: 1)
    let reference = lists(90, seed: 2)

    // At the minimum w = Σ cost cᵢ yᵢ σ(−yᵢ fᵢ) xᵢ, so that scores follow from scores by the rows' products alone.
    @Test("the gradient vanishes", arguments: [0.002, 0.05])
    func gradient(_ cost: Double) {
        let table = FeatureTable(samples(drop + reference), groups: [.numbers, .digits], leastRows: 1, threads: 1)
        let isPositive = (0..<150).map { $0 < 60 }
        let model = LogisticModel(table, rows: Array(0..<150), isPositive: isPositive, cost: cost, seed: 4)
        var weights = [Double](repeating: 0, count: table.buckets.count)
        var intercept = 0.0
        for row in 0..<150 {
            let sign = isPositive[row] ? 1.0 : -1
            let balance = 150 / (isPositive[row] ? 120.0 : 180)
            let factor = sign * cost * balance * logistic(-sign * model.logOdds(table, row: row))
            intercept += factor
            for place in table.starts[row]..<table.starts[row + 1] {
                let entry = table.entries[place]
                weights[Int(entry >> FeatureTable.lowBits)] += factor * Double(table.values[Int(entry & 511)])
            }
        }
        let largest = model.weights.reduce(0) { max($0, abs($1)) }
        for (found, wanted) in zip(model.weights, weights) {
            #expect(abs(Double(found) - wanted) < 0.01 * Double(largest))
        }
        #expect(abs(Double(model.intercept) - intercept) < 0.02 * Double(largest))
    }

    @Test func `a group has the mean square of its weight`() {
        let table = FeatureTable(
            samples(reference), groups: [.format, .numbers, .shapes, .repeats], leastRows: 1, threads: 2)
        var squares: [Int: Double] = [:]
        for entry in table.entries {
            let value = Double(table.values[Int(entry & 511)])
            squares[Int(entry >> 4) & 31, default: 0] += value * value
        }
        for (group, sum) in squares {
            let weight = FeatureGroup(rawValue: UInt8(group))?.weight ?? 0
            #expect(abs(sum / 90 - weight * weight) < 1e-3)
        }
        #expect(squares.count == 4)
    }

    @Test func `a table does not depend on the number of threads`() {
        let tables = [1, 2, 5].map {
            FeatureTable(samples(drop), groups: Set(FeatureGroup.allCases), leastRows: 2, threads: $0)
        }
        #expect(tables.allSatisfy { $0.entries == tables[0].entries && $0.buckets == tables[0].buckets })
    }

    @Test func `one class teaches nothing`() {
        let table = FeatureTable(samples(drop), groups: [.numbers], leastRows: 1, threads: 1)
        let model = LogisticModel(
            table, rows: [0, 1, 2], isPositive: [Bool](repeating: true, count: 60), cost: 1, seed: 0)
        #expect(model.weights.allSatisfy { $0 == 0 } && model.logOdds(table, row: 1) == 0)
    }
}
