// The t-tests on textbook data and by their symmetries.

import Glibc
import Testing

@testable import UndertoneStatistics

// Hours of sleep gained with two drugs by ten people: Student (1908), R's data set `sleep`.
let sleep = (
    first: [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    second: [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
)

@Suite struct TTestTests {
    // As R's documentation of t.test prints them.
    @Test func `the sleep data give what R prints`() throws {
        let paired = try #require(pairedTTest(sleep.first, sleep.second))
        #expect(abs(paired.difference + 1.58) < 1e-12 && paired.degrees == 9)
        #expect(abs(paired.statistic + 4.0621) < 5e-5 && abs(paired.pValue - 0.002833) < 5e-7)
        #expect(abs(paired.interval().low + 2.4598858) < 5e-8 && abs(paired.interval().high + 0.7001142) < 5e-8)

        let welch = try #require(welchTTest(sleep.first, sleep.second))
        #expect(abs(welch.statistic + 1.8608) < 5e-5 && abs(welch.degrees - 17.776) < 5e-4)
        #expect(abs(welch.pValue - 0.07939) < 5e-6)
        #expect(abs(welch.interval().low + 3.3654832) < 5e-8 && abs(welch.interval().high - 0.2054832) < 5e-8)
    }

    @Test("order, sign and unit change nothing that they should not", arguments: 1...10)
    func symmetry(seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        let (a, b) = (numbers.draws(9), numbers.draws(6, .heavyTailed))
        let there = try #require(welchTTest(a, b))
        let back = try #require(welchTTest(b.reversed(), a.shuffled(using: &numbers)))
        #expect(abs(there.statistic + back.statistic) < 1e-12 && abs(there.pValue - back.pValue) < 1e-12)
        let scaled = try #require(welchTTest(a.map { 3 * $0 + 1 }, b.map { 3 * $0 + 1 }))
        #expect(abs(there.statistic - scaled.statistic) < 1e-9 && abs(there.degrees - scaled.degrees) < 1e-9)
        let one = try #require(tTest(a))
        let other = try #require(tTest(a.reversed().map { -2 * $0 }))
        #expect(abs(one.statistic + other.statistic) < 1e-12 && abs(one.pValue - other.pValue) < 1e-12)
        let interval = try #require(meanInterval(a))
        #expect(abs(interval.low - one.interval().low) < 1e-12 && abs(interval.high - one.interval().high) < 1e-12)
    }

    @Test func `differences without spread are certain`() throws {
        let none = try #require(pairedTTest([1, 2, 3], [1, 2, 3]))
        #expect(none.statistic == 0 && none.pValue == 1 && none.interval() == Interval(low: 0, high: 0))
        // 0.1 three times has a mean that is not 0.1 in binary.
        let some = try #require(tTest([0.1, 0.1, 0.1]))
        #expect(some.statistic == .infinity && some.pValue == 0 && some.interval() == Interval(low: 0.1, high: 0.1))
        let welch = try #require(welchTTest([1, 1], [2, 2, 2]))
        #expect(welch.statistic == -.infinity && welch.pValue == 0 && welch.degrees == 3)
        #expect(try #require(welchTTest([2, 2], [2, 2])).pValue == 1)
    }

    @Test func `too little to test is no test`() {
        #expect(tTest([]) == nil && tTest([1]) == nil && tTest([1, .nan]) == nil && tTest([1, .infinity]) == nil)
        #expect(tTest([1e308, -1e308]) == nil)
        #expect(pairedTTest([1, 2], [1, 2, 3]) == nil && welchTTest([1, 2], [1]) == nil)
    }
}
