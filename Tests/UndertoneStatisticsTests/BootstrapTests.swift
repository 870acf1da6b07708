// The bootstrap on textbook data, and where it must give up.

import Glibc
import Testing

@testable import UndertoneStatistics

@Suite struct BootstrapTests {
    // Efron & Tibshirani (1993), tables 14.1 and 14.2: the variance of a test of spatial perception, 171.5, has the 90
    // % BCa interval (115.8, 259.6) from 2,000 resamples.
    @Test func `the variance of spatial test A has the interval of the textbook`() throws {
        let scores: [Double] = [
            48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41,
        ]
        func variance(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        }
        #expect(abs(variance(scores) - 171.5) < 0.05)
        let interval = try #require(
            bootstrapInterval(scores, resamples: 4_000, confidence: 0.9, seed: 1, statistic: variance))
        #expect(abs(interval.low - 115.8) < 4 && abs(interval.high - 259.6) < 8, "\(interval)")
    }

    @Test func `the same seed gives the same interval, another seed nearly`() throws {
        let runs = zip(sleep.first, sleep.second).map { ($0, $1) }
        func interval(_ seed: UInt64) throws -> Interval {
            try #require(
                bootstrapInterval(runs, resamples: 2_000, seed: seed) { runs in
                    runs.reduce(0) { $0 + $1.1 - $1.0 } / Double(runs.count)
                })
        }
        let first = try interval(1)
        #expect(try interval(1) == first)
        let second = try interval(2)
        #expect(second != first && abs(second.low - first.low) < 0.2 && abs(second.high - first.high) < 0.2)
        // The t-interval of the sleep data is 0.70 to 2.46; one person gained 4.6 hours, and BCa leans that way.
        #expect(first.low > 0.7 && first.low < 1.2 && first.high > 2.2 && first.high < 3.2)
    }

    @Test func `a monotone scale goes through`() throws {
        let values = [0.2, 0.5, 0.9, 1.4, 2.2, 3.1, 4.7, 6]
        let plain = try #require(bootstrapInterval(values, resamples: 999, seed: 5) { $0.reduce(0, +) })
        let shifted = try #require(bootstrapInterval(values, resamples: 999, seed: 5) { 7 - 2 * $0.reduce(0, +) })
        #expect(abs(7 - 2 * plain.high - shifted.low) < 1e-9 && abs(7 - 2 * plain.low - shifted.high) < 1e-9)
    }

    @Test func `a statistic that never changes has an interval without width`() {
        #expect(bootstrapInterval([1, 2, 3, 4], resamples: 99, seed: 1) { _ in 5 } == Interval(low: 5, high: 5))
    }

    @Test func `what can't be told is nil`() {
        #expect(bootstrapInterval([1, 2], seed: 1) { $0[0] } == nil)
        #expect(bootstrapInterval([1, 2, 3], resamples: 99, seed: 1) { _ in Double.nan } == nil)
        #expect(bootstrapInterval([1, 2, 3], resamples: 0, seed: 1) { _ in 1 } == nil)
        #expect(bootstrapInterval([1, 2, 3], confidence: 1, seed: 1) { _ in 1 } == nil)
        // All resampled values are above the observed one.
        #expect(accelerated(observed: 0, resampled: [1, 2, 3], jackknife: [0, 0, 0], confidence: 0.9) == nil)
    }

    @Test func `quantiles lie on straight lines between values`() {
        #expect(quantile(of: [1, 2, 4], at: 0) == 1 && quantile(of: [1, 2, 4], at: 1) == 4)
        #expect(quantile(of: [1, 2, 4], at: 0.5) == 2 && quantile(of: [1, 2, 4], at: 0.75) == 3)
        #expect(quantile(of: [7], at: 0.3) == 7)
    }
}
