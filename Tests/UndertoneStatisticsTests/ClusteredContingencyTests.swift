// Tests of categories whose things come in clusters: p-values hold where plain ones don't, and what they cost is small.

import Testing

@testable import UndertoneStatistics

@Suite struct ClusteredContingencyTests {
    /// Groups of clusters that each choose a category, and say it `times` times in `copies` of cases.
    private func groups(
        _ clusters: Int, times: Int, shares: [Double], copies: Double = 1, _ numbers: inout SplitMix64
    ) -> [[Int]] {
        var groups = [[Int]](repeating: [Int](repeating: 0, count: shares.count), count: 32)
        func draw() -> Int {
            var rest = numbers.unit()
            for (category, share) in shares.enumerated() {
                rest -= share
                if rest < 0 { return category }
            }
            return shares.count - 1
        }
        for cluster in 0..<clusters {
            let own = draw()
            for _ in 0..<times { groups[cluster % 32][numbers.unit() < copies ? own : draw()] += 1 }
        }
        return groups
    }

    private func sum(_ groups: [[Int]]) -> [Int] {
        groups.reduce([Int](repeating: 0, count: groups[0].count)) { zip($0, $1).map(+) }
    }

    private func test(_ first: [[Int]], _ second: [[Int]]) throws -> ClusteredContingencyTest {
        try #require(
            clusteredChiSquaredTest(sum(first), sum(second), firstGroups: first, secondGroups: second))
    }

    struct Setting: Sendable, CustomTestStringConvertible {
        var times: Int
        var copies: Double
        var shares: [Double]
        var testDescription: String { "\(shares.count) categories, \(times) a cluster, \(copies) of them equal" }
    }

    static let settings = [
        Setting(times: 1, copies: 1, shares: [0.5, 0.5]), Setting(times: 10, copies: 1, shares: [0.7, 0.2, 0.1]),
        Setting(times: 10, copies: 0.3, shares: [Double](repeating: 0.1, count: 10)),
        Setting(times: 8, copies: 0.5, shares: [0.5, 0.25, 0.1, 0.1, 0.05]),
    ]

    // Where there is nothing to find, p-values are as often below a bound as they say.
    @Test("p-values are uniform where both samples have one distribution", arguments: settings)
    func null(_ setting: Setting) throws {
        var numbers = SplitMix64(seed: UInt64(setting.times) * 100 + UInt64(setting.shares.count))
        let resamples = 600
        var values: [Double] = []
        for _ in 0..<resamples {
            let first = groups(400, times: setting.times, shares: setting.shares, copies: setting.copies, &numbers)
            let second = groups(300, times: setting.times, shares: setting.shares, copies: setting.copies, &numbers)
            values.append(try test(first, second).pValue)
        }
        for share in [0.05, 0.2, 0.5, 0.8] {
            // The distribution is approximate; a quarter of the share is allowed beside what chance does.
            let range = unsurprising(share, of: resamples)
            let slack = Int(share * Double(resamples) / 4)
            let hits = values.count { $0 <= share }
            #expect(hits >= range.lowerBound - slack && hits <= range.upperBound + slack, "\(hits) at \(share)")
        }
    }

    @Test func `the plain test cries wolf where things come in tens, and the design effect is ten`() throws {
        var numbers = SplitMix64(seed: 5)
        var (plain, clustered, effects) = (0, 0, 0.0)
        for _ in 0..<200 {
            let first = groups(400, times: 10, shares: [0.5, 0.3, 0.2], &numbers)
            let found = try test(first, groups(400, times: 10, shares: [0.5, 0.3, 0.2], &numbers))
            if found.plain.pValue < 0.05 { plain += 1 }
            if found.pValue < 0.05 { clustered += 1 }
            effects += found.designEffect / 200
        }
        #expect(plain > 100 && clustered < 25, "\(plain) and \(clustered)")
        #expect((9.0...11.0).contains(effects), "\(effects)")
    }

    @Test func `a difference is found, and its size does not depend on clusters`() throws {
        var numbers = SplitMix64(seed: 6)
        let first = groups(2000, times: 10, shares: [0.5, 0.5], &numbers)
        let second = groups(2000, times: 10, shares: [0.6, 0.4], &numbers)
        let found = try test(first, second)
        #expect(found.pValue < 1e-6)
        #expect(found.plain.effect == chiSquaredTest(sum(first), sum(second))?.effect)
        #expect((0.08...0.12).contains(found.plain.effect))
        // A sample of the clusters says the same of the whole.
        let part = try #require(
            clusteredChiSquaredTest(
                sum(first), sum(second), firstGroups: Array(first[..<16]), secondGroups: Array(second[..<16])))
        #expect((0.5...2).contains(part.designEffect / found.designEffect))
    }

    @Test func `where nothing can be said there is nothing`() {
        let groups = [[5, 5], [5, 5]]
        #expect(clusteredChiSquaredTest([10, 10], [0, 0], firstGroups: groups, secondGroups: groups) == nil)
        #expect(clusteredChiSquaredTest([100, 0], [100, 0], firstGroups: groups, secondGroups: groups) == nil)
        #expect(clusteredChiSquaredTest([100, 100], [90, 110], firstGroups: [[5, 5]], secondGroups: groups) == nil)
        #expect(clusteredChiSquaredTest([100, 100], [90, 110], firstGroups: groups, secondGroups: []) == nil)
    }

    @Test func `where groups of a side are all alike, the ways to divide them count`() throws {
        let (some, others) = ([[Int]](repeating: [40, 60], count: 8), [[Int]](repeating: [70, 30], count: 8))
        let found = try test(some, others)
        // One of 12,870 ways.
        #expect(abs(found.pValue * 12_870 - 1) < 1e-9 && found.plain.effect > 0.2)
        // Shares that differ by rounding only are the same.
        let same = try test([[Int]](repeating: [10, 9, 9], count: 8), [[Int]](repeating: [20, 18, 18], count: 16))
        #expect(same.pValue == 1)
    }

    @Test func `the F distribution has the tail of SciPy`() {
        // SciPy 1.17.1, stats.f.logsf.
        for (x, a, b, expected) in [
            (2.0, 3.0, 10.0, -1.7259301150886321), (1.0, 1.0, 62.0, -1.135699134850682),
            (5.0, 20.0, 1240.0, -26.112529602863173), (0.0, 2.0, 5.0, 0.0),
        ] {
            let found = logFTail(x, a, b)
            #expect(abs(found - expected) < 1e-9 * max(1, abs(expected)), "\(x) \(a) \(b): \(found)")
        }
    }
}
