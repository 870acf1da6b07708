// Ratios of means, and of odds.

import Glibc
import Testing

@testable import UndertoneStatistics

@Suite struct RatioIntervalTests {
    @Test("at the ends of Fieller's interval the t-test is on the verge, inside it does not reject", arguments: 1...20)
    func ends(seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        let denominators = numbers.draws(10).map { 4.5 + 1.5 * $0 }
        let numerators = denominators.map { 0.4 * $0 + numbers.normal() }
        let ratio = try #require(ratioInterval(numerators: numerators, denominators: denominators))
        func pValue(_ rho: Double) throws -> Double {
            try #require(pairedTTest(numerators, denominators.map { rho * $0 })).pValue
        }
        #expect(abs(try pValue(ratio.interval.low) - 0.05) < 1e-9)
        #expect(abs(try pValue(ratio.interval.high) - 0.05) < 1e-9)
        #expect(try pValue(ratio.value) > 0.999)
        #expect(ratio.interval.low < ratio.value && ratio.value < ratio.interval.high)
    }

    @Test("the inverse ratio has the inverse interval", arguments: 1...10)
    func inverse(seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        let (a, b) = (numbers.draws(8).map { 5 + $0 }, numbers.draws(8).map { 9 - $0 })
        let there = try #require(ratioInterval(numerators: a, denominators: b))
        let back = try #require(ratioInterval(numerators: b, denominators: a))
        #expect(abs(there.interval.low * back.interval.high - 1) < 1e-9)
        #expect(abs(there.interval.high * back.interval.low - 1) < 1e-9)
    }

    @Test("runs in another order, another unit or with the opposite sign give the same ratio", arguments: 1...10)
    func invariance(seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        let (a, b) = (numbers.draws(8), numbers.draws(8).map { 6 + $0 })
        let order = a.indices.shuffled(using: &numbers)
        let ratio = try #require(ratioInterval(numerators: a, denominators: b))
        for unit in [-1, 1e-9, 1e6] {
            let other = try #require(
                ratioInterval(numerators: order.map { unit * a[$0] }, denominators: order.map { unit * b[$0] }))
            #expect(abs(ratio.interval.low - other.interval.low) < 1e-12)
            #expect(abs(ratio.interval.high - other.interval.high) < 1e-12)
        }
    }

    @Test func `a denominator that may be 0 has no ratio`() throws {
        #expect(ratioInterval(numerators: [1, 2, 3], denominators: [-1, 0, 1]) == nil)
        // Just below and just above significance: t is 4.3027 with two degrees of freedom, and the error of −1, 0, 1 is
        // 1/√3.
        #expect(ratioInterval(numerators: [1, 2, 3], denominators: [-1, 0, 1].map { $0 + 2.48 }) == nil)
        let barely = try #require(ratioInterval(numerators: [1, 2, 3], denominators: [-1, 0, 1].map { $0 + 2.49 }))
        #expect(barely.interval.high - barely.interval.low > 0.1 && barely.interval.high.isFinite)
        #expect(ratioInterval(numerators: [1, 2], denominators: [0, 0]) == nil)
    }

    @Test func `a fixed share has an interval without width, and few or foreign runs none`() throws {
        let exact = try #require(ratioInterval(numerators: [2, 2.25, 3], denominators: [8, 9, 12]))
        #expect(abs(exact.interval.low - 0.25) < 1e-7 && abs(exact.interval.high - 0.25) < 1e-7)
        #expect(
            try #require(ratioInterval(numerators: [0, 0, 0], denominators: [4, 8, 9])).interval
                == Interval(low: 0, high: 0))
        #expect(ratioInterval(numerators: [1], denominators: [2]) == nil)
        #expect(ratioInterval(numerators: [1, 2], denominators: [1, 2, 3]) == nil)
        #expect(ratioInterval(numerators: [1, .nan], denominators: [1, 2]) == nil)
        #expect(ratioInterval(numerators: [1, 2], denominators: [9, 9.1], confidence: 1) == nil)
    }
}

@Suite struct LogOddsTests {
    @Test func `log-odds and shares are each other's inverse`() {
        for x in [-700, -30, -1, 0, 0.5, 3, 20] {
            #expect(abs(logOdds(share(logOdds: x)) - x) <= 1e-6 * max(1, abs(x)), "\(x)")
            #expect(abs(share(logOdds: x) + share(logOdds: -x) - 1) < 1e-15)
        }
        #expect(logOdds(0.5) == 0 && logOdds(0) == -.infinity && logOdds(1) == .infinity && logOdds(1.5).isNaN)
        #expect(share(logOdds: -.infinity) == 0 && share(logOdds: .infinity) == 1)
    }

    @Test func `counts of none and of all have finite log-odds`() {
        #expect(abs(logOdds(successes: 0, trials: 10) - log(0.5 / 10.5)) < 1e-12)
        #expect(logOdds(successes: 3, trials: 10) == -logOdds(successes: 7, trials: 10))
        #expect(logOdds(successes: 0, trials: 0) == 0)
    }

    // 1/10.5 + 1/90.5 + 1/20.5 + 1/80.5 is 0.16749, its root 0.40926.
    @Test func `the ratio of odds has Woolf's interval`() throws {
        let ratio = try #require(logOddsRatio(successes: 10, trials: 100, otherSuccesses: 20, otherTrials: 100))
        #expect(abs(ratio.value - log(10.5 / 90.5 / (20.5 / 80.5))) < 1e-12)
        let half = (ratio.interval.high - ratio.interval.low) / 2
        #expect(abs(half - 1.959964 * 0.40926) < 1e-4 && abs(ratio.interval.low + half - ratio.value) < 1e-12)
        let back = try #require(logOddsRatio(successes: 20, trials: 100, otherSuccesses: 10, otherTrials: 100))
        #expect(abs(back.interval.low + ratio.interval.high) < 1e-12)
        #expect(logOddsRatio(successes: 0, trials: 0, otherSuccesses: 1, otherTrials: 2) == nil)
    }
}
