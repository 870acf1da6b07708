// Areas, bags and p-values of scores.

import Foundation
import Testing
import UndertoneStatistics

@testable import UndertoneComparing

@Suite struct HeldOutScoresTests {
    // Normal scores of two sides, in folds.
    private func scores(_ counts: (Int, Int), shift: Double, folds: Int = 5, seed: UInt64) -> HeldOutScores {
        var numbers = SplitMix64(seed: mixed(seed))
        func unit() -> Double { (Double(numbers.next() >> 11) + 0.5) * 0x1p-53 }
        let values = (0..<counts.0 + counts.1).map { place in
            (-2 * log(unit())).squareRoot() * cos(2 * Double.pi * unit()) + (place < counts.0 ? shift : 0)
        }
        return HeldOutScores(
            values, isPositive: values.indices.map { $0 < counts.0 }, folds: values.indices.map { $0 % folds },
            count: folds)
    }

    @Test func `of one fold the area is DeLong's`() throws {
        let held = scores((200, 300), shift: 0.7, folds: 1, seed: 1)
        let area = try #require(held.area())
        let known = try #require(auroc(positives: held.folds[0].drop, negatives: held.folds[0].reference))
        #expect(abs(area.value - known.value) < 1e-12 && abs(area.standardError - known.standardError) < 1e-12)
        #expect(abs(area.interval.low - known.interval.low) < 1e-12)
    }

    // Means of k normal scores lie √k times as far apart: Φ(shift √(k/2)).
    @Test func `bags have the area that theory gives`() throws {
        let held = scores((8_000, 8_000), shift: 0.3, seed: 2)
        let single = try #require(held.area())
        #expect(abs(single.value - (1 - normalTail(0.3 / 2.0.squareRoot()))) < 0.01)
        for size in [8, 16] {
            let bag = held.area(bagsOf: size, divisions: 10, seed: 0)
            #expect(bag.dropBags == 8_000 / size && bag.referenceBags == 8_000 / size)
            let area = try #require(bag.area)
            let truth = 1 - normalTail(0.3 * (Double(size) / 2).squareRoot())
            #expect(area.interval.low < truth && truth < area.interval.high, "\(area)")
        }
    }

    @Test func `nothing is said of few bags`() {
        let held = scores((100, 5_000), shift: 0.3, seed: 3)
        let bag = held.area(bagsOf: 16, divisions: 5, seed: 0)
        #expect(bag.area == nil && bag.dropBags == 5)
    }

    @Test func `scores without overlap have a perfect area with an interval of its own`() throws {
        let area = try #require(scores((50, 60), shift: 100, seed: 4).area())
        #expect(area.value == 1 && area.interval.high == 1 && area.interval.low < 0.95 && area.interval.low > 0.85)
    }

    @Test func `p-values are never too small where there is nothing to find, and small where there is`() throws {
        var hits = [0.05: 0, 0.25: 0]
        for seed in 0..<500 {
            let p = try #require(scores((60, 70), shift: 0, seed: UInt64(seed)).pValue(permutations: 99, seed: 1))
            for level in hits.keys where p <= level { hits[level, default: 0] += 1 }
        }
        // Twice the mean of five p-values is far below its level.
        #expect(hits.allSatisfy { Double($0.value) <= $0.key * 500 }, "\(hits)")
        #expect(scores((600, 700), shift: 0.9, seed: 9).pValue(permutations: 199, seed: 1) == 2.0 / 200)
    }

    // Of one fold the p-value is exact, but for the doubling.
    @Test func `the p-value of a fold is uniform`() throws {
        let values = try (0..<600).map { seed in
            try #require(
                scores((40, 30), shift: 0, folds: 1, seed: UInt64(seed) + 7).pValue(
                    permutations: 99, seed: UInt64(seed)))
                / 2
        }
        for (level, range) in [(0.05, 16...46), (0.25, 120...180), (0.45, 236...304)] {
            #expect(range.contains(values.count { $0 <= level }), "\(level): \(values.count { $0 <= level })")
        }
    }
}
