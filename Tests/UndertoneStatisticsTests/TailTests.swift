// Tails of distributions against figures of SciPy 1.17.1 and mpmath (40 digits), computed once, and against identities.

import Glibc
import Testing
import UndertoneStatistics

@Suite struct TailTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var x: Double
        var degrees: Double
        var logP: Double
        var testDescription: String { "\(x), \(degrees) degrees of freedom" }
    }

    // mpmath: log(betainc(ν/2, 1/2, 0, ν/(ν+t²), regularized) / 2). SciPy's t.logsf agrees where it is finite.
    @Test(
        "Student's tail is as mpmath has it",
        arguments: [
            Case(x: 0.5, degrees: 1, logP: -1.0429418980620317), Case(x: 2, degrees: 3, logP: -2.6640861743156115),
            Case(x: -1.5, degrees: 5, logP: -0.10197939378824272), Case(x: 3, degrees: 10, logP: -5.009861466885058),
            Case(x: 5, degrees: 100, logP: -13.612498935450482), Case(x: 40, degrees: 30, logP: -62.54623464729917),
            Case(x: 38, degrees: 2046, logP: -550.5877452661913),
            Case(x: 12, degrees: 18942, logP: -75.13460042654853), Case(x: 1e6, degrees: 4, logP: -54.16342994319565),
            Case(x: 0.001, degrees: 50, logP: -0.6939414010940914),
            Case(x: 100, degrees: 1022, logP: -1219.560728685805),
            Case(x: 1e100, degrees: 3, logP: -690.6778044591691),
        ])
    func student(_ known: Case) {
        expectClose(logStudentTail(known.x, degrees: known.degrees), known.logP)
    }

    // mpmath: log(gammainc(k/2, x/2, ∞, regularized)).
    @Test(
        "the tail of chi-squared is as mpmath has it",
        arguments: [
            Case(x: 0.5, degrees: 1, logP: -0.7350111298370844), Case(x: 3, degrees: 2, logP: -1.5),
            Case(x: 10, degrees: 4, logP: -3.208240530771945), Case(x: 100, degrees: 4, logP: -46.068174367275674),
            Case(x: 60, degrees: 56, logP: -1.100006007306313), Case(x: 56, degrees: 56, logP: -0.7447259644180114),
            Case(x: 1500, degrees: 56, logP: -635.7789495694232), Case(x: 1400, degrees: 2, logP: -700),
            Case(x: 20, degrees: 40, logP: -0.003460321990414991),
            Case(x: 250000, degrees: 56, logP: -124747.68345916572),
            Case(x: 0.001, degrees: 3, logP: -8.407954404795732e-06),
            Case(x: 900, degrees: 1000, logP: -0.010775081338570533),
        ])
    func chiSquared(_ known: Case) {
        expectClose(logChiSquaredTail(known.x, degrees: known.degrees), known.logP)
    }

    @Test("both sides of Student's distribution add up to 1", arguments: [1.0, 2, 7.5, 100, 5000])
    func symmetry(degrees: Double) {
        for t in [0, 1e-9, 0.3, 1, 4, 30] {
            #expect(
                abs(exp(logStudentTail(t, degrees: degrees)) + exp(logStudentTail(-t, degrees: degrees)) - 1) < 1e-12,
                "t = \(t)")
        }
    }

    @Test func `one and two degrees of freedom have closed forms`() {
        for t in [0.1, 1, 3, 50, 1e4] {
            expectClose(logStudentTail(t, degrees: 1), log(atan2(1, t) / Double.pi))
            expectClose(
                logStudentTail(t, degrees: 2), log(1 / ((t * t + 2).squareRoot() * (t + (t * t + 2).squareRoot()))))
            expectClose(logChiSquaredTail(t, degrees: 2), -t / 2)
            expectClose(logChiSquaredTail(t, degrees: 4), log1p(t / 2) - t / 2)
        }
    }

    @Test("tails fall as the quantile grows", arguments: [1.0, 3, 56, 2046])
    func monotone(degrees: Double) {
        var last = (0.0, 0.0)
        for step in 1...400 {
            let x = Double(step) * 0.25
            let now = (logStudentTail(x, degrees: degrees), logChiSquaredTail(x, degrees: degrees))
            #expect(now.0 < last.0 && now.1 < last.1 + 1e-15, "at \(x)")
            last = now
        }
    }

    @Test func `what makes no sense is no number, and nothing crashes`() {
        #expect(logStudentTail(.nan, degrees: 3).isNaN && logStudentTail(1, degrees: 0).isNaN)
        #expect(logStudentTail(.infinity, degrees: 3) == -.infinity && logStudentTail(-.infinity, degrees: 3) == 0)
        #expect(logStudentTail(1e200, degrees: 3) == -.infinity)
        #expect(logChiSquaredTail(-1, degrees: 3) == 0 && logChiSquaredTail(.infinity, degrees: 3) == -.infinity)
        #expect(logChiSquaredTail(1, degrees: -1).isNaN)
    }
}

@Suite struct FisherTests {
    // SciPy 1.17.1, combine_pvalues(…, 'fisher'); the last one by mpmath, since SciPy's is 0.
    @Test func `is as SciPy has it`() throws {
        expectClose(
            exp(try #require(fisherCombined(logPValues: [0.01, 0.2, 0.5].map { log($0) }))), 0.03176629677613493)
        expectClose(exp(try #require(fisherCombined(logPValues: [0.9, 0.95].map { log($0) }))), 0.9889390075887972)
        expectClose(
            try #require(fisherCombined(logPValues: [log(1e-300), log(1e-300), log(0.3)])), -1368.9830630229503)
    }

    @Test func `one p-value stays what it is, and none is none`() throws {
        for p in [1, 0.7, 1e-5, 1e-280] {
            expectClose(try #require(fisherCombined(logPValues: [log(p)])), log(p))
        }
        #expect(fisherCombined(logPValues: []) == nil)
    }
}

@Suite struct SpearmanTests {
    // SciPy 1.17.1, spearmanr(range(n), p, alternative='greater').
    @Test(
        "is as SciPy has it",
        arguments: [
            ([8, 4, 7, 0, 1, 2, 5, 9, 6, 3], -0.0303030303030303, 0.5331135209529267),
            (
                [0, 13, 7, 1, 3, 6, 11, 17, 9, 8, 16, 19, 5, 14, 15, 2, 18, 12, 10, 4], 0.29323308270676685,
                0.10478569440151266
            ),
            ([1, 0, 2, 3, 5, 4, 7, 6, 8, 9, 11, 10], 0.9720279720279721, 6.434057875747513e-08),
        ])
    func known(permutation: [Int], rho: Double, p: Double) {
        let identity = Array(permutation.indices)
        expectClose(spearman(permutation, identity), rho)
        expectClose(exp(logSpearmanTail(permutation, identity)), p)
    }

    @Test func `few things are counted exactly`() {
        // All 720 permutations of six things were counted: twelve have a sum of squares of at most 4.
        #expect(abs(exp(logSpearmanTail([0, 2, 1, 3, 5, 4], [0, 1, 2, 3, 4, 5])) - 12.0 / 720) < 1e-15)
        #expect(logSpearmanTail([0], [0]) == 0 && logSpearmanTail([], []) == 0)
        #expect(abs(exp(logSpearmanTail([0, 1], [0, 1])) - 0.5) < 1e-15 && logSpearmanTail([1, 0], [0, 1]) == 0)
    }

    @Test("the p-value is never below that of the one best permutation", arguments: [2, 3, 8, 9, 20, 170])
    func least(count: Int) {
        let identity = Array(0..<count)
        let logFactorial = (1...count).reduce(0.0) { $0 + log(Double($1)) }
        expectClose(logSpearmanTail(identity, identity), -logFactorial)
        #expect(spearman(identity, identity) == 1 && abs(spearman(identity, identity.reversed()) + 1) < 1e-12)
        #expect(logSpearmanTail(identity, identity.reversed()) > -1e-9)
    }

    @Test("only how two orders lie to each other counts", arguments: 1...20)
    func equivariance(seed: UInt64) {
        var numbers = SystemNumbers(state: seed)
        let (a, b, c) = (numbers.permutation(30), numbers.permutation(30), numbers.permutation(30))
        #expect(abs(spearman(a, b) - spearman(c.map { a[$0] }, c.map { b[$0] })) < 1e-12)
        #expect(spearman(a, b) == spearman(b, a))
    }
}

private struct SystemNumbers {
    var state: UInt64

    mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for index in stride(from: count - 1, to: 0, by: -1) {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            order.swapAt(index, Int((state >> 33) % UInt64(index + 1)))
        }
        return order
    }
}

private func expectClose(
    _ value: Double, _ expected: Double, relative: Double = 1e-10, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(
        abs(value - expected) <= relative * max(abs(expected), 1e-300), "\(value) is not \(expected)",
        sourceLocation: sourceLocation)
}
