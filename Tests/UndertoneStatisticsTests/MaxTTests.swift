// The max-T test: planted effects, correlation, and what must not change it.

import Glibc
import Testing

@testable import UndertoneStatistics

@Suite struct MaxTTests {
    // Groups × candidates with one factor that all share, so that candidates are correlated.
    static func table(_ groups: Int, _ candidates: Int, shared: Double, _ numbers: inout SplitMix64) -> [[Double]] {
        (0..<groups).map { _ in
            let common = numbers.normal() * shared
            return (0..<candidates).map { _ in common + numbers.normal() }
        }
    }

    @Test("a planted trait is found, the others are not", arguments: 1...5)
    func planted(seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        let control = Self.table(30, 6, shared: 0.5, &numbers)
        var drop = Self.table(20, 6, shared: 0.5, &numbers)
        for group in drop.indices { drop[group][4] += 3 }
        let found = try #require(maxTTest(drop: drop, control: control, permutations: 999, seed: seed))
        #expect(found[4].adjustedPValue == 0.001 && found[4].pValue == 0.001)
        #expect(found.enumerated().allSatisfy { $0.offset == 4 || $0.element.adjustedPValue > 0.05 })
        #expect(found.indices.allSatisfy { found[$0].statistic <= found[4].statistic })
        // The test is one-sided: seen from the control the same candidate is the least likely.
        let back = try #require(maxTTest(drop: control, control: drop, permutations: 999, seed: seed))
        #expect(back[4].pValue == 1 && abs(back[4].statistic + found[4].statistic) < 1e-9)
    }

    @Test("adjusted p-values are at least the raw ones and at most Bonferroni's", arguments: 1...10)
    func bounds(seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        let found = try #require(
            maxTTest(
                drop: Self.table(5, 7, shared: 1, &numbers), control: Self.table(6, 7, shared: 1, &numbers)))
        for candidate in found {
            #expect(candidate.adjustedPValue >= candidate.pValue && candidate.adjustedPValue <= 7 * candidate.pValue)
        }
        // In the order of the statistics, so are the adjusted p-values.
        let sorted = found.sorted { $0.statistic > $1.statistic }
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.adjustedPValue <= $1.adjustedPValue })
    }

    @Test func `copies of one candidate cost nothing`() throws {
        var numbers = SplitMix64(seed: 2)
        let (drop, control) = (numbers.draws(7).map { $0 + 0.8 }, numbers.draws(6))
        let one = try #require(maxTTest(drop: drop.map { [$0] }, control: control.map { [$0] }))
        let five = try #require(
            maxTTest(
                drop: drop.map { x in (1...5).map { Double($0) * x + 1 } },
                control: control.map { x in (1...5).map { Double($0) * x + 1 } }))
        #expect(one[0].adjustedPValue == one[0].pValue)
        #expect(five.allSatisfy { abs($0.adjustedPValue - one[0].pValue) < 1e-12 })
    }

    @Test("the order of groups and candidates does not matter", arguments: [5, 40])
    func invariance(groups: Int) throws {
        var numbers = SplitMix64(seed: 6)
        let (drop, control) = (
            Self.table(groups, 9, shared: 0.3, &numbers), Self.table(groups, 9, shared: 0.3, &numbers)
        )
        let found = try #require(maxTTest(drop: drop, control: control, permutations: 500))
        let order = Array(0..<9).shuffled(using: &numbers)
        let moved = try #require(
            maxTTest(
                drop: drop.map { row in order.map { row[$0] } }, control: control.map { row in order.map { row[$0] } },
                permutations: 500))
        #expect(zip(order, moved).allSatisfy { abs(found[$0].adjustedPValue - $1.adjustedPValue) < 1e-12 })
        let shuffled = try #require(
            maxTTest(
                drop: drop.shuffled(using: &numbers), control: control.shuffled(using: &numbers), permutations: 500))
        // All divisions of ten groups, a sample of those of eighty.
        let slack = groups == 5 ? 1e-12 : 0.1
        #expect(zip(found, shuffled).allSatisfy { abs($0.adjustedPValue - $1.adjustedPValue) < slack })
    }

    @Test func `what never varies is never found`() throws {
        let found = try #require(maxTTest(drop: [[3, 5], [3, 6]], control: [[3, 1], [3, 2]]))
        #expect(found[0] == MaxTCandidate(statistic: 0, pValue: 1, adjustedPValue: 1))
        #expect(found[1].pValue == 1.0 / 6 && found[1].adjustedPValue == 1.0 / 6)
    }

    @Test func `tables that don't fit together are no test`() {
        #expect(maxTTest(drop: [], control: [[1]]) == nil && maxTTest(drop: [[1]], control: []) == nil)
        #expect(maxTTest(drop: [[1]], control: [[2]]) == nil && maxTTest(drop: [[]], control: [[], []]) == nil)
        #expect(maxTTest(drop: [[1, 2]], control: [[1, 2], [1]]) == nil)
        #expect(maxTTest(drop: [[1]], control: [[1], [.nan]]) == nil)
        #expect(maxTTest(drop: [[1]], control: [[1], [2]], permutations: 0) == nil)
    }
}
