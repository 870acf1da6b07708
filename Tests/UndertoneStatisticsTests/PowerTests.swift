// Power and equivalence.

import Glibc
import Testing

@testable import UndertoneStatistics

@Suite struct PowerTests {
    // The sample sizes for paired t-tests that G*Power 3 and Cohen's tables give for 80 % power at 5 %.
    @Test("usual effects need the usual number of runs", arguments: [(0.2, 199), (0.5, 34), (0.8, 15)])
    func usual(effect: Double, runs: Int) throws {
        #expect(runsNeeded(effect: effect, deviation: 1) == runs)
        #expect(runsNeeded(effect: effect * 7, deviation: 7) == runs)
        #expect(try #require(tTestPower(effect: effect, deviation: 1, runs: runs)) >= 0.8)
        #expect(try #require(tTestPower(effect: effect, deviation: 1, runs: runs - 1)) < 0.8)
    }

    @Test("without an effect the power is the significance", arguments: [2, 3, 10, 1_000, 10_000])
    func null(runs: Int) throws {
        for significance in [1e-6, 0.01, 0.05, 0.3] {
            let power = try #require(tTestPower(effect: 0, deviation: 2, runs: runs, significance: significance))
            #expect(abs(power - significance) < 1e-9 * significance + 1e-12, "\(power)")
        }
    }

    @Test func `many runs bring the normal distribution`() throws {
        // 10,000 runs, δ = 3: P(Z > 1.96 − 3) and next to nothing on the other side.
        let power = try #require(tTestPower(effect: 0.03, deviation: 1, runs: 10_000))
        #expect(abs(power - normalTail(1.959964 - 3)) < 1e-3)
    }

    @Test func `power rises with the effect, and the detectable effect is where it arrives`() throws {
        var last = 0.0
        for step in 1...12 {
            let power = try #require(tTestPower(effect: Double(step) * 0.2, deviation: 1.5, runs: 10))
            #expect(power > last)
            last = power
        }
        let effect = try #require(detectableEffect(deviation: 1.5, runs: 10, power: 0.9))
        #expect(abs(try #require(tTestPower(effect: effect, deviation: 1.5, runs: 10)) - 0.9) < 1e-9)
        #expect(effect > 1.5 && effect < 1.9)
    }

    @Test("the power is how often a simulated test rejects", arguments: [(4, 2.0), (10, 0.9)])
    func simulated(runs: Int, effect: Double) throws {
        var numbers = SplitMix64(seed: UInt64(runs))
        let hits = (0..<1_000).count { _ in
            (tTest(numbers.draws(runs).map { $0 + effect })?.pValue ?? 1) < 0.05
        }
        let power = try #require(tTestPower(effect: effect, deviation: 1, runs: runs))
        #expect(unsurprising(power, of: 1_000).contains(hits), "\(hits) of 1,000 for \(power)")
    }

    @Test func `what makes no sense has no power`() {
        #expect(
            tTestPower(effect: 1, deviation: 0, runs: 5) == nil && tTestPower(effect: 1, deviation: 1, runs: 1) == nil)
        #expect(tTestPower(effect: .nan, deviation: 1, runs: 5) == nil)
        #expect(tTestPower(effect: 1, deviation: 1, runs: 5, significance: 0) == nil)
        #expect(runsNeeded(effect: 0, deviation: 1) == nil && runsNeeded(effect: 1e-6, deviation: 1) == nil)
        #expect(runsNeeded(effect: 1, deviation: 1, power: 1) == nil && runsNeeded(effect: 1, deviation: -1) == nil)
        #expect(detectableEffect(deviation: 1, runs: 5, power: 0.05) == nil)
        #expect(detectableEffect(deviation: 1, runs: 1) == nil)
    }
}

@Suite struct EquivalenceTests {
    @Test("the p-value is below 5 % exactly where the 90 % interval lies inside", arguments: 1...40)
    func duality(seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        let differences = numbers.draws(8).map { 0.3 * $0 }
        let test = try #require(equivalenceTest(differences, bound: 0.3))
        let isInside = test.interval.low > -0.3 && test.interval.high < 0.3
        #expect((test.pValue < 0.05) == isInside, "\(test)")
        let negated = try #require(equivalenceTest(differences.reversed().map { -$0 }, bound: 0.3))
        #expect(abs(negated.pValue - test.pValue) < 1e-12)
        // A wider bound is easier to keep.
        #expect(try #require(equivalenceTest(differences, bound: 0.4)).pValue < test.pValue)
    }

    @Test func `no spread is certain, and a mean on the bound is not inside`() throws {
        #expect(try #require(equivalenceTest([0, 0, 0], bound: 0.3)).pValue == 0)
        #expect(try #require(equivalenceTest([1, 1, 1], bound: 0.3)).pValue == 1)
        #expect(try #require(equivalenceTest([0.5, 0.5], bound: 0.5)).pValue == 0.5)
        #expect(abs(try #require(equivalenceTest([0, 1], bound: 0.5)).pValue - 0.5) < 1e-12)
        #expect(equivalenceTest([0], bound: 1) == nil && equivalenceTest([0, 1], bound: 0) == nil)
        #expect(equivalenceTest([0, .nan], bound: 1) == nil && equivalenceTest([0, 1], bound: .nan) == nil)
    }

    @Test("at the bound, equivalence is claimed in 5 %, inside as often as the power says", arguments: [0.3, 0.1, 0])
    func simulated(difference: Double) throws {
        var numbers = SplitMix64(seed: UInt64(difference * 100) + 5)
        let hits = (0..<1_000).count { _ in
            (equivalenceTest(numbers.draws(8).map { difference + 0.25 * $0 }, bound: 0.3)?.pValue ?? 1) < 0.05
        }
        let power = try #require(
            equivalencePower(bound: 0.3, deviation: 0.25, runs: 8, difference: difference))
        if difference == 0.3 { #expect(abs(power - 0.05) < 0.002) }
        #expect(unsurprising(power, of: 1_000).contains(hits), "\(hits) of 1,000 for \(power)")
    }

    @Test func `runs for equivalence are the fewest that do`() throws {
        let runs = try #require(runsForEquivalence(bound: 0.3, deviation: 0.4))
        #expect(try #require(equivalencePower(bound: 0.3, deviation: 0.4, runs: runs)) >= 0.8)
        #expect(try #require(equivalencePower(bound: 0.3, deviation: 0.4, runs: runs - 1)) < 0.8)
        #expect(runsForEquivalence(bound: 0.3, deviation: 0.4, difference: 0.3) == nil)
        #expect(equivalencePower(bound: 0, deviation: 1, runs: 5) == nil)
        #expect(equivalencePower(bound: 1, deviation: 1, runs: 1) == nil)
        #expect(equivalencePower(bound: 1, deviation: 1, runs: 5, significance: 0.5) == nil)
    }
}
