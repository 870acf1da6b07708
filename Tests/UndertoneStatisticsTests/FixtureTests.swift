// Everything that SciPy and statsmodels can answer too, on random inputs.

import Glibc
import Testing

@testable import UndertoneStatistics

@Suite struct FixtureTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture.read() }

    @Test func `the normal distribution is SciPy's`() {
        for (place, known) in fixture.cases.normal.enumerated() {
            expect(normalTail(known.z), known.tail, place)
            expect(normalQuantile(tail: known.share), known.quantile, place)
        }
    }

    @Test func `Student's distribution is SciPy's`() {
        for (place, known) in fixture.cases.student.enumerated() {
            expect(logStudentTail(known.t, degrees: known.degrees), known.logTail, place)
            expect(studentQuantile(tail: known.share, degrees: known.degrees), known.quantile, place)
        }
    }

    @Test func `tests by t are SciPy's`() throws {
        for (place, known) in fixture.cases.byT.enumerated() {
            for (test, answer) in [
                (pairedTTest(known.first, known.second), known.paired),
                (welchTTest(known.first, known.other), known.welch),
            ] {
                let test = try #require(test)
                expect(test.statistic, answer.t, place)
                expect(test.degrees, answer.degrees, place)
                expect(test.pValue, answer.p, place)
                let interval = test.interval(confidence: known.confidence)
                expect(interval.low, answer.low, place)
                expect(interval.high, answer.high, place)
            }
        }
    }

    @Test func `Fieller's interval is the set of ratios that the paired t-test of SciPy does not reject`() throws {
        for (place, known) in fixture.cases.fieller.enumerated() {
            let ratio = ratioInterval(numerators: known.numerators, denominators: known.denominators)
            guard let answer = known.ratio else {
                #expect(ratio == nil, "case \(place) of seed \(fixture.seed)")
                continue
            }
            let found = try #require(ratio)
            expect(found.value, answer.value, place)
            expect(found.interval.low, answer.low, place)
            expect(found.interval.high, answer.high, place)
        }
    }

    @Test func `the BCa interval of the same resamples is SciPy's`() throws {
        for (place, known) in fixture.cases.bootstrap.enumerated() {
            let interval = try #require(
                accelerated(
                    observed: known.observed, resampled: known.resampled, jackknife: known.jackknife,
                    confidence: known.confidence))
            expect(interval.low, known.low, place)
            expect(interval.high, known.high, place)
        }
    }

    @Test func `exact permutation tests are SciPy's`() throws {
        for (place, known) in fixture.cases.permutation.enumerated() {
            let signs = try #require(signFlipTest(zip(known.first, known.second).map { $0 - $1 }))
            let means = try #require(meanPermutationTest(known.first, known.other))
            #expect(signs.isExact && means.isExact)
            expect(signs.pValue, known.signFlip, place)
            expect(means.pValue, known.means, place)
        }
    }

    @Test func `max-T is Westfall's and Young's algorithm with SciPy's Welch t`() throws {
        for (place, known) in fixture.cases.maxT.enumerated() {
            let found = try #require(maxTTest(drop: known.drop, control: known.control))
            #expect(found.count == known.t.count)
            for (candidate, other) in zip(found, known.t.indices) {
                expect(candidate.statistic, known.t[other], place)
                expect(candidate.pValue, known.p[other], place)
                expect(candidate.adjustedPValue, known.adjusted[other], place)
            }
        }
    }

    @Test func `the equivalence test is that of statsmodels`() throws {
        for (place, known) in fixture.cases.equivalence.enumerated() {
            let found = try #require(equivalenceTest(known.differences, bound: known.bound))
            expect(found.pValue, known.p, place)
            expect(found.interval.low, known.low, place)
            expect(found.interval.high, known.high, place)
        }
    }

    @Test func `corrections are those of statsmodels`() {
        for (place, known) in fixture.cases.correction.enumerated() {
            for (found, wanted) in zip(holm(known.p), known.holm) { expect(found, wanted, place) }
            for (found, wanted) in zip(benjaminiHochberg(known.p), known.benjaminiHochberg) {
                expect(found, wanted, place)
            }
        }
    }

    @Test func `the power of the t-test is that of statsmodels`() throws {
        for (place, known) in fixture.cases.power.enumerated() {
            let (effect, deviation) = (known.effect, known.deviation)
            expect(
                try #require(
                    tTestPower(
                        effect: effect, deviation: deviation, runs: known.runs, significance: known.significance)),
                known.power, place)
            let needed = runsNeeded(
                effect: -effect, deviation: deviation, power: known.wanted, significance: known.significance)
            #expect(needed == known.needed, "case \(place) of seed \(fixture.seed)")
            expect(
                try #require(
                    detectableEffect(
                        deviation: deviation, runs: known.runs, power: known.wanted, significance: known.significance)),
                known.detectable, place)
        }
    }

    @Test func `the power of the equivalence test is SciPy's integral`() throws {
        for (place, known) in fixture.cases.equivalencePower.enumerated() {
            let found = equivalencePower(
                bound: known.bound, deviation: known.deviation, runs: known.runs, difference: known.difference,
                significance: known.significance)
            expect(try #require(found), known.power, place)
        }
    }

    @Test func `intervals of counts are those of statsmodels`() throws {
        for (place, known) in fixture.cases.counts.enumerated() {
            let wilson = wilsonInterval(successes: known.hits, trials: known.trials)
            expect(wilson.low, known.wilson[0], place)
            expect(wilson.high, known.wilson[1], place)
            let ratio = try #require(
                logOddsRatio(
                    successes: known.hits, trials: known.trials, otherSuccesses: known.otherHits,
                    otherTrials: known.otherTrials))
            expect(ratio.value, known.logOddsRatio, place)
            expect(ratio.interval.low, known.low, place)
            expect(ratio.interval.high, known.high, place)
        }
    }

    @Test func `combined p-values and correlations are SciPy's`() throws {
        for (place, known) in fixture.cases.combined.enumerated() {
            expect(exp(try #require(fisherCombined(logPValues: known.p.map { log($0) }))), known.fisher, place)
            expect(logChiSquaredTail(known.x, degrees: known.degrees), known.logTail, place)
            let identity = Array(known.order.indices)
            expect(spearman(identity, known.order), known.rho, place)
            expect(exp(logSpearmanTail(identity, known.order)), known.spearman, place)
        }
    }

    @Test func `agreement is that of statsmodels, and AC1 has the error of the delta method`() throws {
        for (place, known) in fixture.cases.agreement.enumerated() {
            let kappa = try #require(cohenKappa(known.table))
            expect(kappa.value, known.kappa, place)
            expect(kappa.standardError, known.error, place)
            expect(kappa.interval.low, max(-1, known.low), place)
            expect(kappa.interval.high, min(1, known.high), place)
            let ac1 = try #require(gwetAC1(known.table))
            expect(ac1.value, known.ac1, place)
            expect(ac1.standardError, known.ac1Error, place)
        }
    }

    @Test func `the AUROC is SciPy's, and its error DeLong's by definition`() throws {
        for (place, known) in fixture.cases.ranking.enumerated() {
            let found = try #require(auroc(positives: known.positives, negatives: known.negatives))
            expect(found.value, known.area, place)
            expect(found.standardError, known.error, place)
            expect(signTest(wins: known.won, losses: known.lost), known.signTest, place)
        }
    }

    @Test func `tests and distances of counts are SciPy's`() throws {
        for (place, known) in fixture.cases.categories.enumerated() {
            for (answer, least) in [(known.whole, 0.0), (known.pooled, 5)] {
                let tests = (
                    chiSquaredTest(known.first, known.second, leastExpected: least),
                    gTest(known.first, known.second, leastExpected: least)
                )
                #expect((tests.0 == nil) == (answer == nil) && (tests.1 == nil) == (answer == nil), "case \(place)")
                guard let answer, let pearson = tests.0, let ratio = tests.1 else { continue }
                expectClosely(pearson.statistic, answer.pearson, place)
                // SciPy adds up terms as large as the counts, and keeps their rounding.
                expectClosely(ratio.statistic, answer.ratio, place, rounding: 2e-15 * Double(ratio.count))
                expectClosely(pearson.effect, answer.effect, place)
                #expect(pearson.degrees == answer.degrees, "case \(place) of seed \(fixture.seed)")
                expect(pearson.pValue, answer.pearsonP, place)
                expect(ratio.pValue, answer.ratioP, place)
            }
            let index = populationStabilityIndex(known.first, known.second)
            let distance = jensenShannonDistance(known.first, known.second)
            #expect((index == nil) == (known.psi == nil) && (distance == nil) == (known.jensenShannon == nil))
            if let index, let answer = known.psi { expectClosely(index, answer, place) }
            // The root makes 1e-16 of the divergence 1e-8 of a distance near 0, in SciPy too.
            if let distance, let answer = known.jensenShannon {
                #expect(abs(distance - answer) <= max(1e-9 * answer, answer < 1e-4 ? 1e-8 : 0), "case \(place)")
            }
        }
    }

    @Test func `tests and distances of two samples are SciPy's`() throws {
        for (place, known) in fixture.cases.twoSamples.enumerated() {
            let test = try #require(kolmogorovSmirnov(known.first, known.second))
            expectClosely(test.statistic, known.statistic, place)
            expect(test.pValue, known.p, place)
            #expect(test.isExact)
            expectClosely(try #require(wassersteinDistance(known.first, known.second)), known.distance, place)
            let counted = try #require(
                kolmogorovSmirnov(values: known.values, first: known.weights, second: known.others))
            expectClosely(counted.statistic, known.countedStatistic, place)
            expect(counted.pValue, known.countedP, place)
            let moved = try #require(
                wassersteinDistance(
                    values: known.values, first: known.weights.map { Double($0) },
                    second: known.others.map { Double($0) }))
            expectClosely(moved, known.countedDistance, place)
        }
    }

    // Statistics to 1e-9 of the value; what is 0 but for rounding is 0.
    private func expectClosely(
        _ found: Double, _ wanted: Double, _ place: Int, rounding: Double = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            abs(found - wanted) <= max(1e-9 * abs(wanted), 1e-12, rounding),
            "\(found) is not \(wanted): case \(place) of seed \(fixture.seed)", sourceLocation: sourceLocation)
    }

    // To 1e-8 of the value, or of 1 where it is close to 0.
    private func expect(
        _ found: Double, _ wanted: Double, _ place: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            abs(found - wanted) <= max(1e-8 * abs(wanted), 1e-11),
            "\(found) is not \(wanted): case \(place) of seed \(fixture.seed)", sourceLocation: sourceLocation)
    }
}
