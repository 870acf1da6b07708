// Permutation tests on textbook data, and by what must not change them.

import Glibc
import Testing

@testable import UndertoneStatistics

@Suite struct SignFlipTests {
    // Fisher (1935), §21: Darwin's maize, in eighths of an inch; 863 of 32,768 arrangements have a sum of at least 314.
    @Test func `Darwin's maize has Fisher's p-value`() throws {
        let maize: [Double] = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
        let test = try #require(signFlipTest(maize))
        #expect(test.isExact && test.permutations == 32_768 && test.pValue == 2 * 863 / 32_768.0)
        #expect(abs(test.difference - 314 / 15.0) < 1e-12)
        // In inches the sums are rounded, and ties must stay ties.
        #expect(try #require(signFlipTest(maize.map { $0 * 0.3 })).pValue == test.pValue)
    }

    @Test("five runs of one sign don't reach 5 %, six do", arguments: [(1, 1), (2, 0.5), (5, 0.0625), (6, 0.03125)])
    func least(count: Int, pValue: Double) throws {
        #expect(try #require(signFlipTest((0..<count).map { 1 + Double($0) })).pValue == pValue)
    }

    @Test("order, and the signs of all, change nothing", arguments: [6, 16, 17, 70])
    func invariance(count: Int) throws {
        var numbers = SplitMix64(seed: UInt64(count))
        let values = numbers.draws(count).map { $0 + 0.2 }
        let test = try #require(signFlipTest(values, resamples: 3_000))
        #expect(test.isExact == (count <= 16))
        let negated = try #require(signFlipTest(values.map { -$0 }, resamples: 3_000))
        #expect(negated.pValue == test.pValue && negated.difference == -test.difference)
        let shuffled = try #require(signFlipTest(values.shuffled(using: &numbers), resamples: 3_000))
        #expect(abs(shuffled.pValue - test.pValue) <= (test.isExact ? 0 : 0.05))
    }

    @Test func `random signs agree with all signs`() throws {
        // One more difference of 0 leaves the distribution of the sum as it is, but there are too many signs to go
        // through.
        let values = [1.2, -0.3, 0.8, 0.5, -0.1, 0.9, -0.4, 0.2, 0.7, 0.6, -0.2, 0.1, 0.3, -0.5, 0.4, 0.05]
        let exact = try #require(signFlipTest(values))
        let sampled = try #require(signFlipTest(values + [0], resamples: 20_000, seed: 4))
        #expect(exact.isExact && !sampled.isExact && sampled.permutations == 20_000)
        let hits = Int((sampled.pValue * 20_001).rounded()) - 1
        #expect(unsurprising(exact.pValue, of: 20_000).contains(hits), "\(sampled.pValue) for \(exact.pValue)")
        #expect(try #require(signFlipTest(values + [0], resamples: 20_000, seed: 4)) == sampled)
    }

    @Test func `no p-value is 0, and no differences are no test`() throws {
        #expect(try #require(signFlipTest(Array(repeating: 1, count: 40), resamples: 999)).pValue == 0.001)
        #expect(try #require(signFlipTest([0, 0, 0])).pValue == 1)
        #expect(signFlipTest([]) == nil && signFlipTest([1, .nan]) == nil && signFlipTest([1], resamples: 0) == nil)
    }
}

@Suite struct MeanPermutationTests {
    @Test func `few values are gone through by hand`() throws {
        // 1, 2 against 4, 8, 9: of ten pairs only 1, 2 and 8, 9 lie as far from the others' mean.
        let test = try #require(meanPermutationTest([1, 2], [4, 8, 9]))
        #expect(test.isExact && test.permutations == 10 && test.pValue == 0.2)
        #expect(abs(test.difference - (1.5 - 7)) < 1e-12)
        #expect(try #require(meanPermutationTest([1, 2], [1, 2])).pValue == 1)
        #expect(meanPermutationTest([], [1]) == nil && meanPermutationTest([1], [.infinity]) == nil)
    }

    @Test("order, side and unit change nothing", arguments: 1...8)
    func invariance(seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        let (a, b) = (numbers.draws(4), numbers.draws(7, .heavyTailed))
        let test = try #require(meanPermutationTest(a, b))
        let other = try #require(meanPermutationTest(b.reversed(), a.shuffled(using: &numbers)))
        #expect(test.isExact && test.permutations == 330)
        #expect(other.pValue == test.pValue && abs(other.difference + test.difference) < 1e-12)
        #expect(try #require(meanPermutationTest(a.map { 1e6 - 3 * $0 }, b.map { 1e6 - 3 * $0 })).pValue == test.pValue)
    }

    @Test func `random divisions agree with the t-test of many values`() throws {
        var numbers = SplitMix64(seed: 11)
        let (a, b) = (numbers.draws(40).map { $0 + 0.4 }, numbers.draws(60))
        let test = try #require(meanPermutationTest(a, b, resamples: 10_000, seed: 2))
        #expect(!test.isExact && test.permutations == 10_000)
        #expect(abs(test.pValue - (try #require(welchTTest(a, b))).pValue) < 0.02)
    }
}

@Suite struct SplitsTests {
    @Test("every division comes once", arguments: [(0, 3), (1, 1), (2, 5), (5, 5), (3, 7), (1, 200)])
    func all(part: Int, whole: Int) {
        var seen: Set<[Int]> = []
        let splits = Splits(choosing: part, of: whole, resamples: 1)
        var count = 0
        splits.forEach(seed: 0) {
            seen.insert($0.sorted())
            count += 1
        }
        #expect(splits.isExact && count == splits.count && seen.count == count)
        #expect(seen.allSatisfy { Set($0).count == part && $0.allSatisfy { (0..<whole).contains($0) } })
    }

    @Test func `there are as many as Pascal's triangle says, and above 65,536 a sample`() {
        #expect(Splits(choosing: 8, of: 16, resamples: 9).count == 12_870)
        #expect(Splits(choosing: 9, of: 18, resamples: 9).count == 48_620)
        #expect(Splits(choosing: 10, of: 20, resamples: 9).count == 9)
        #expect(Splits(choosing: 2_000, of: 4_000, resamples: 9).count == 9)
    }

    @Test func `in a sample everything is chosen as often as the rest`() {
        var counts = Array(repeating: 0, count: 30)
        Splits(choosing: 10, of: 30, resamples: 3_000).forEach(seed: 8) { chosen in
            for place in chosen { counts[place] += 1 }
        }
        #expect(counts.reduce(0, +) == 30_000)
        let range = unsurprising(1.0 / 3, of: 3_000)
        #expect(counts.count { range.contains($0) } >= 28, "\(counts)")
    }
}
