// Seeded draws for simulations, and how many hits of a share are no surprise.

import Glibc
import Testing

@testable import UndertoneStatistics

/// A distribution that runs may differ by.
enum Noise: String, Sendable, CaseIterable {
    case normal
    /// Student's with three degrees of freedom.
    case heavyTailed
}

extension SplitMix64 {
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * Double.pi * unit())
    }

    mutating func draw(_ noise: Noise) -> Double {
        guard noise == .heavyTailed else { return normal() }
        let (a, b, c) = (normal(), normal(), normal())
        return normal() / ((a * a + b * b + c * c) / 3).squareRoot()
    }

    mutating func draws(_ count: Int, _ noise: Noise = .normal) -> [Double] { (0..<count).map { _ in draw(noise) } }
}

/// The middle 99 % of a binomial distribution: hits out of `trials` outside it are a surprise at that share.
func unsurprising(_ share: Double, of trials: Int) -> ClosedRange<Int> {
    let n = Double(trials)
    let masses = (0...trials).map { hits -> Double in
        let k = Double(hits)
        return exp(
            logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * log(share) + (n - k) * log1p(-share))
    }
    var (low, high) = (0, trials)
    var left = masses[0]
    while left < 0.005 {
        low += 1
        left += masses[low]
    }
    var right = masses[trials]
    while right < 0.005 {
        high -= 1
        right += masses[high]
    }
    return low...high
}

@Suite struct DrawsTests {
    @Test func `the middle of a binomial distribution is where it should be`() {
        // SciPy 1.17.1, binom.interval(0.99, n, p).
        #expect(unsurprising(0.05, of: 2_000) == 76...126)
        #expect(unsurprising(0.5, of: 10) == 1...9)
    }

    @Test func `noise has the moments of its distribution`() {
        var numbers = SplitMix64(seed: 1)
        let normal = numbers.draws(20_000)
        #expect(abs(normal.reduce(0, +) / 20_000) < 0.03)
        #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / 20_000 - 1) < 0.04)
        // P(|t₃| > 3.182) = 0.05.
        let far = numbers.draws(20_000, .heavyTailed).count { $0.magnitude > 3.182_446 }
        #expect(unsurprising(0.05, of: 20_000).contains(far))
    }

    // The first five numbers of seed 1234567, of Vigna's splitmix64.c.
    @Test func `SplitMix64 gives the published numbers`() {
        var numbers = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<5).map { _ in numbers.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func `numbers below a bound are equally likely`() {
        var numbers = SplitMix64(seed: 3)
        var counts = Array(repeating: 0, count: 7)
        for _ in 0..<7_000 { counts[numbers.below(7)] += 1 }
        let chi = counts.reduce(0.0) { $0 + (Double($1) - 1_000) * (Double($1) - 1_000) / 1_000 }
        #expect(logChiSquaredTail(chi, degrees: 6) > log(0.01), "\(counts)")
    }
}
