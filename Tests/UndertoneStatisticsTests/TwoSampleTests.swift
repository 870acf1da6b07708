// What tests and distances of two samples say where SciPy has no answer or a bare number: nothing to compare, ties, huge
// samples; and that p-values are uniform where there is nothing to find.

import Glibc
import Testing

@testable import UndertoneStatistics

@Suite struct TwoSampleTests {
    @Test(
        "nothing is said of counts that can't be compared",
        arguments: [
            ([], []), ([0, 0], [1, 2]), ([1, 2], [0, 0]), ([5], [7]), ([5, 0], [7, 0]), ([1, 2], [1]),
            ([1, -1], [2, 2]),
        ]
            as [([Int], [Int])])
    func counts(_ first: [Int], _ second: [Int]) {
        #expect(chiSquaredTest(first, second, leastExpected: 0) == nil)
        #expect(gTest(first, second, leastExpected: 0) == nil)
        #expect(populationStabilityIndex(first, second) == nil)
        #expect(jensenShannonDistance(first, second) == nil)
    }

    @Test(
        "nothing is said of samples that can't be compared",
        arguments: [([], []), ([], [1]), ([1], []), ([.nan], [1]), ([1], [2, .nan])] as [([Double], [Double])])
    func samples(_ first: [Double], _ second: [Double]) {
        #expect(kolmogorovSmirnov(first, second) == nil)
        #expect(wassersteinDistance(first, second) == nil)
    }

    @Test func `nothing is said of weights that can't be compared`() {
        #expect(wassersteinDistance(values: [1, 2], first: [0, 0], second: [1, 1]) == nil)
        #expect(wassersteinDistance(values: [1, 2], first: [1, -1], second: [1, 1]) == nil)
        #expect(wassersteinDistance(values: [1, .infinity], first: [1, 1], second: [1, 1]) == nil)
        #expect(wassersteinDistance(values: [1], first: [1, 1], second: [1, 1]) == nil)
        #expect(kolmogorovSmirnov(values: [1, 2], first: [0, 0], second: [1, 1]) == nil)
        #expect(kolmogorovSmirnov(values: [1, 2], first: [1, -1], second: [1, 1]) == nil)
    }

    @Test func `counts too small to pool into two categories are no test`() {
        #expect(chiSquaredTest([1, 2, 1], [2, 1, 1]) == nil)
        let test = chiSquaredTest([100, 3, 1, 90], [110, 0, 2, 80])
        #expect(test?.categories == 2 || test?.categories == 3)
        #expect(test?.pooled ?? 0 >= 2)
    }

    @Test func `equal and disjoint samples are the ends of every scale`() throws {
        let same = try #require(chiSquaredTest([30, 70], [300, 700]))
        #expect(same.statistic == 0 && same.pValue == 1 && same.effect == 0)
        #expect(populationStabilityIndex([30, 70], [30, 70]) == 0)
        #expect(jensenShannonDistance([30, 70], [300, 700]) == 0)
        #expect(jensenShannonDistance([30, 0], [0, 70]) == 1)
        #expect(chiSquaredTest([30, 0], [0, 70])?.effect == 1)
        let apart = try #require(kolmogorovSmirnov([1, 2, 3], [4, 5, 6]))
        #expect(apart.statistic == 1 && apart.isFirstBelow && apart.location == 3)
        #expect(abs(apart.pValue - 0.1) < 1e-12)
        #expect(kolmogorovSmirnov([2, 2], [2, 2, 2])?.pValue == 1)
        #expect(abs((wassersteinDistance([1, 2, 3], [4, 5, 6]) ?? 0) - 3) < 1e-12)
        #expect(wassersteinDistance([7], [7]) == 0)
    }

    @Test func `a p-value too small for a number keeps its logarithm`() throws {
        let test = try #require(gTest([1_000_000, 10], [10, 1_000_000]))
        #expect(test.pValue == 0 && test.logPValue < -1e6 && test.logPValue.isFinite)
    }

    // SciPy 1.17.1, ks_2samp(method="asymp") of these sizes and distances: 0.4 % of the p-value is left between the two
    // approximations.
    @Test func `large samples have the limiting p-value`() throws {
        let count = 20_000
        for (shift, wanted) in [(200, 0.262_923), (400, 0.000_635_683)] {
            let first = (0..<count).map { Double($0) }
            let test = try #require(kolmogorovSmirnov(first, first.map { $0 + Double(shift) + 0.5 }))
            #expect(!test.isExact)
            #expect(abs(test.pValue / wanted - 1) < 0.02, "\(test.statistic) \(test.pValue)")
        }
    }

    @Test func `p-values are uniform under the null`() throws {
        var numbers = SplitMix64(seed: 71)
        var (pearson, ratio) = ([Double](), [Double]())
        for _ in 0..<600 {
            func row(_ count: Int) -> [Int] {
                var counts = [Int](repeating: 0, count: 6)
                for _ in 0..<count {
                    let u = numbers.unit()
                    counts[min(5, Int(6 * u * u))] += 1
                }
                return counts
            }
            let (first, second) = (row(400), row(500))
            pearson.append(try #require(chiSquaredTest(first, second)).pValue)
            ratio.append(try #require(gTest(first, second)).pValue)
        }
        // Sizes without a common divisor, so that the steps of the p-value are fine.
        numbers = SplitMix64(seed: 72)
        let distances = try (0..<2_000).map { _ in
            try #require(kolmogorovSmirnov(numbers.draws(83), numbers.draws(97))).pValue
        }
        for (name, values) in [("χ²", pearson), ("G", ratio), ("Kolmogorov–Smirnov", distances)] {
            for level in [0.01, 0.05, 0.25, 0.5, 0.75] {
                let hits = values.count { $0 <= level }
                #expect(unsurprising(level, of: values.count).contains(hits), "\(name) at \(level): \(hits)")
            }
        }
    }
}
