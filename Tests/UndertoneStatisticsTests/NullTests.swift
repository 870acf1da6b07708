// Control against control: how often tests find something where there is nothing, and how often intervals hold the
// truth.
//
// Thousands of synthetic experiments of a few paired runs. Every run has an effect of its own (a base, an
// initialisation) that both arms share, and each arm adds noise. Counts must lie in the middle 99 % of the binomial
// distribution around the rate that the test promises, which for permutation tests is the largest possible p-value
// below 5 %. Seeded, so never flaky.

import Glibc
import Testing

@testable import UndertoneStatistics

@Suite struct NullTests {
    static let experiments = 2_000

    struct Setting: Sendable, CustomTestStringConvertible {
        var runs: Int
        var noise: Noise
        var testDescription: String { "\(runs) runs, \(noise.rawValue) noise" }

        static let all = [5, 10].flatMap { runs in Noise.allCases.map { Setting(runs: runs, noise: $0) } }

        // How many of the experiments give a p-value below 5 %.
        func falseAlarms(_ count: Int, _ pValue: ([Double], [Double]) throws -> Double) rethrows -> Int {
            var numbers = SplitMix64(seed: UInt64(runs) * 1_000 + UInt64(noise.rawValue.count))
            var hits = 0
            for _ in 0..<count {
                let shared = numbers.draws(runs, noise).map { 3 * $0 }
                let first = shared.map { $0 + numbers.draw(noise) }
                if try pValue(first, shared.map { $0 + numbers.draw(noise) }) < 0.05 { hits += 1 }
            }
            return hits
        }
    }

    // Differences of heavy-tailed noise have few large values, which widen the spread more than they move the mean: t
    // then rejects too seldom, never too often.
    @Test("the t-test cries wolf in 5 %", arguments: Setting.all)
    func student(_ setting: Setting) throws {
        let hits = try setting.falseAlarms(Self.experiments) { try #require(pairedTTest($0, $1)).pValue }
        let range = unsurprising(0.05, of: Self.experiments)
        #expect(hits <= range.upperBound, "\(hits)")
        #expect(setting.noise == .heavyTailed || hits >= range.lowerBound, "\(hits)")
    }

    // With five runs no p-value is below 2/32. With ten the largest one below 5 % is 50/1024.
    @Test("the sign-flip test cries wolf as often as it can below 5 %", arguments: Setting.all)
    func signs(_ setting: Setting) throws {
        let hits = try setting.falseAlarms(Self.experiments) { first, second in
            try #require(signFlipTest(zip(first, second).map { $0 - $1 })).pValue
        }
        if setting.runs == 5 { #expect(hits == 0) }
        if setting.runs == 10 { #expect(unsurprising(50 / 1_024, of: Self.experiments).contains(hits), "\(hits)") }
    }

    // Of the 252 divisions of five and five, 12/252 is the largest p-value below 5 %; of 199 random ones, 9/200.
    @Test("the permutation test of means cries wolf as often as it can below 5 %", arguments: Setting.all)
    func means(_ setting: Setting) throws {
        var numbers = SplitMix64(seed: 77)
        var seed: UInt64 = 0
        let count = 1_000
        let hits = try setting.falseAlarms(count) { _, _ in
            // Not paired here: independent samples.
            seed += 1
            return try #require(
                meanPermutationTest(
                    numbers.draws(setting.runs, setting.noise), numbers.draws(setting.runs, setting.noise),
                    resamples: 199,
                    seed: seed)
            ).pValue
        }
        let share = setting.runs == 5 ? 12 / 252.0 : 9 / 200.0
        #expect(unsurprising(share, of: count).contains(hits), "\(hits)")
    }

    // 99 random divisions: p is a multiple of 0.01, and p ≤ 0.05 has a chance of 5 % exactly.
    @Test("max-T cries wolf over any of its candidates in 5 %", arguments: Noise.allCases, [0, 2.0])
    func family(noise: Noise, shared: Double) throws {
        var numbers = SplitMix64(seed: UInt64(shared) + 900)
        let count = 1_000
        var families = 0
        var firsts = 0
        for seed in 0..<count {
            let groups = (0..<20).map { _ in
                let common = shared * numbers.draw(noise)
                return (0..<5).map { _ in common + numbers.draw(noise) }
            }
            let found = try #require(
                maxTTest(
                    drop: Array(groups[..<10]), control: Array(groups[10...]), permutations: 99, seed: UInt64(seed)))
            if found.contains(where: { $0.adjustedPValue <= 0.05 }) { families += 1 }
            if found[0].pValue <= 0.05 { firsts += 1 }
        }
        let range = unsurprising(0.05, of: count)
        #expect(range.contains(families), "\(families)")
        #expect(range.contains(firsts), "\(firsts)")
    }

    // A statistic with one variance for both sides would find something in a third of these. Welch's is right for many
    // groups; with twenty on the smaller side it is still slightly above 5 %.
    @Test func `max-T bears few groups of a large variance against many of a small one`() throws {
        var numbers = SplitMix64(seed: 34)
        let count = 400
        let hits = try (0..<count).count { seed in
            let drop = (0..<20).map { _ in numbers.draws(4).map { 3 * $0 } }
            let control = (0..<80).map { _ in numbers.draws(4) }
            let found = try #require(maxTTest(drop: drop, control: control, permutations: 99, seed: UInt64(seed)))
            return found.contains { $0.adjustedPValue <= 0.05 }
        }
        #expect(hits <= unsurprising(0.07, of: count).upperBound, "\(hits)")
        #expect(hits >= unsurprising(0.05, of: count).lowerBound, "\(hits)")
    }

    @Test func `t-intervals and Fieller's hold the truth in 95 %`() throws {
        var numbers = SplitMix64(seed: 31)
        let count = 1_000
        var (means, ratios) = (0, 0)
        for _ in 0..<count {
            let whole = numbers.draws(10).map { 4.5 + 1.5 * $0 }
            let left = whole.map { 0.2 * $0 + 0.7 * numbers.normal() }
            let mean = try #require(meanInterval(whole))
            if mean.low <= 4.5 && 4.5 <= mean.high { means += 1 }
            // 4.5 is nine standard errors from 0, so that there is a ratio every time.
            let ratio = try #require(ratioInterval(numerators: left, denominators: whole)).interval
            if ratio.low <= 0.2 && 0.2 <= ratio.high { ratios += 1 }
        }
        #expect(unsurprising(0.95, of: count).contains(means), "\(means)")
        #expect(unsurprising(0.95, of: count).contains(ratios), "\(ratios)")
    }

    // BCa is known to be short with few runs: of ten it holds the mean in about nine of ten.
    @Test func `bootstrap intervals of ten runs hold the truth in about 90 %`() throws {
        var numbers = SplitMix64(seed: 32)
        let count = 200
        let hits = try (0..<count).count { seed in
            let interval = try #require(
                bootstrapInterval(numbers.draws(10), resamples: 299, seed: UInt64(seed)) { $0.reduce(0, +) })
            return interval.low <= 0 && 0 <= interval.high
        }
        #expect(unsurprising(0.9, of: count).contains(hits), "\(hits)")
    }

    @Test func `intervals of log-odds ratios hold the truth in at least 95 %`() throws {
        var numbers = SplitMix64(seed: 33)
        let count = 1_000
        let hits = try (0..<count).count { _ in
            let (first, second) = (
                (0..<60).count { _ in numbers.unit() < 0.2 }, (0..<80).count { _ in numbers.unit() < 0.1 }
            )
            let ratio = try #require(
                logOddsRatio(successes: first, trials: 60, otherSuccesses: second, otherTrials: 80))
            let truth = logOdds(0.2) - logOdds(0.1)
            return ratio.interval.low <= truth && truth <= ratio.interval.high
        }
        #expect(hits >= unsurprising(0.95, of: count).lowerBound, "\(hits)")
    }
}
