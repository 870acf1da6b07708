// Agreement, ranking, reliability and corrected shares where a person can check the answer.

import Glibc
import Testing

@testable import UndertoneStatistics

@Suite struct AgreementTests {
    @Test func `kappa and AC1 are those of a table that is worked out by hand`() throws {
        // 20 of 25 and 15 of 25: agreement 0.7; expected 0.5·0.6 + 0.5·0.4 = 0.5.
        let kappa = try #require(cohenKappa([[20, 5], [10, 15]]))
        #expect(abs(kappa.value - 0.4) < 1e-12)
        // Shares of the first class 0.5 and 0.6: 2 · 0.55 · 0.45 = 0.495 is expected.
        let ac1 = try #require(gwetAC1([[20, 5], [10, 15]]))
        #expect(abs(ac1.value - (0.7 - 0.495) / 0.505) < 1e-12)
    }

    @Test func `a rater who always says the same agrees as chance does`() throws {
        for table in [[[0, 40], [0, 60]], [[40, 0], [60, 0]]] {
            let kappa = try #require(cohenKappa(table))
            #expect(kappa == Agreement(value: 0, standardError: 0, interval: Interval(low: 0, high: 0)))
        }
        #expect(cohenKappa([[0, 0], [0, 60]]) == nil)
    }

    @Test func `a few items that all agree prove little`() throws {
        let few = try #require(cohenKappa([[2, 0], [0, 1]]))
        #expect(few.value == 1 && few.interval.high == 1 && few.interval.low < 0.1)
        let many = try #require(cohenKappa([[100, 0], [0, 100]]))
        #expect(many.interval.low > 0.95 && many.interval.low < 1)
        let ac1 = try #require(gwetAC1([[2, 0], [0, 1]]))
        #expect(ac1.value == 1 && ac1.interval.low < 0.2)
    }

    @Test func `what is no table has no agreement`() {
        for table in [[], [[0, 0], [0, 0]], [[1, 2]], [[1, -1], [1, 1]], [[1, 2], [3]]] {
            #expect(cohenKappa(table) == nil && gwetAC1(table) == nil)
        }
        #expect(gwetAC1([[5]]) == nil)
    }

    @Test func `AC1 stays where kappa collapses`() throws {
        let table = [[1, 3], [3, 193]]
        #expect(try #require(cohenKappa(table)).value < 0.3)
        #expect(try #require(gwetAC1(table)).value > 0.95)
    }
}

@Suite struct AUROCTests {
    @Test func `DeLong's error is that of the definition, with ties`() throws {
        var numbers = SplitMix64(seed: 5)
        for _ in 0..<20 {
            let positives = (0..<12).map { _ in Double(numbers.below(7)) }
            let negatives = (0..<9).map { _ in Double(numbers.below(6)) }
            func wins(_ x: Double, _ y: Double) -> Double { x > y ? 1 : x == y ? 0.5 : 0 }
            func variance(_ values: [Double]) -> Double {
                let mean = values.reduce(0, +) / Double(values.count)
                return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
            }
            let above = positives.map { x in negatives.reduce(0) { $0 + wins(x, $1) } / 9 }
            let below = negatives.map { y in positives.reduce(0) { $0 + wins($1, y) } / 12 }
            let found = try #require(auroc(positives: positives, negatives: negatives))
            #expect(abs(found.value - above.reduce(0, +) / 12) < 1e-12)
            #expect(abs(found.standardError - (variance(above) / 12 + variance(below) / 9).squareRoot()) < 1e-12)
            #expect(found.interval.low > 0 && found.interval.high < 1)
            #expect(found.interval.low < found.value && found.value < found.interval.high)
        }
    }

    @Test func `classes that do not overlap leave an interval that narrows with their size`() throws {
        let few = try #require(auroc(positives: [3, 4], negatives: [1, 2]))
        #expect(few.value == 1 && few.interval.low < 0.4 && few.interval.high == 1)
        let many = try #require(
            auroc(positives: (0..<100).map { 200 + Double($0) }, negatives: (0..<150).map(Double.init)))
        #expect(many.value == 1 && many.interval.low > 0.95)
        #expect(try #require(auroc(positives: [1, 2], negatives: [3, 4])).value == 0)
    }

    @Test func `the same score for all is chance, and an empty class nothing`() {
        let point = Interval(low: 0.5, high: 0.5)
        let constant = auroc(positives: [50, 50, 50], negatives: [50, 50])
        #expect(constant == AUROC(value: 0.5, standardError: 0, interval: point, plainInterval: point))
        #expect(auroc(positives: [], negatives: [1]) == nil)
        #expect(auroc(positives: [.nan], negatives: [1]) == nil)
        #expect(rocCurve(positives: [], negatives: [1]).isEmpty)
    }

    @Test func `the area under the curve is the AUROC`() throws {
        let (positives, negatives) = ([3.0, 3, 2, 5, 1], [1.0, 2, 2, 0])
        let curve = rocCurve(positives: positives, negatives: negatives)
        #expect(curve.first == ROCPoint(threshold: .infinity, falsePositives: 0, truePositives: 0))
        #expect(curve.last == ROCPoint(threshold: 0, falsePositives: 1, truePositives: 1))
        var area = 0.0
        for (left, right) in zip(curve, curve.dropFirst()) {
            area += (right.falsePositives - left.falsePositives) * (right.truePositives + left.truePositives) / 2
        }
        let found = try #require(auroc(positives: positives, negatives: negatives))
        #expect(abs(area - found.value) < 1e-12)
    }

    @Test func `the interval holds the true area about as often as it says`() throws {
        var numbers = SplitMix64(seed: 11)
        // Φ(1/√2) for normal scores that lie one deviation apart.
        let truth = 1 - normalTail(0.5.squareRoot())
        let hits = (0..<400).count { _ in
            let found = auroc(positives: numbers.draws(40).map { $0 + 1 }, negatives: numbers.draws(60))
            return found.map { $0.interval.low <= truth && truth <= $0.interval.high } ?? false
        }
        #expect(unsurprising(0.95, of: 400).contains(hits), "\(hits)")
    }
}

@Suite struct ReliabilityTests {
    @Test func `Brier's score and the bins of a few statements`() throws {
        let stated: [(probability: Double, happened: Bool)] = [
            (1, true), (0.9, false), (0, false), (0.05, true), (0.5, true),
        ]
        // (0 + 0.81 + 0 + 0.9025 + 0.25) / 5
        let score = try #require(brierScore(stated))
        #expect(abs(score - 0.3925) < 1e-12)
        #expect(brierScore([]) == nil)
        let bins = reliabilityBins(stated)
        #expect(bins.map(\.count) == [2, 0, 0, 0, 0, 1, 0, 0, 0, 2])
        #expect(bins[0].happened == 1 && bins[0].stated == 0.025 && bins[9].share == 0.5 && bins[1].share == nil)
        // 0.4·|0.5 − 0.025| + 0.2·|1 − 0.5| + 0.4·|0.5 − 0.95|
        let error = try #require(calibrationError(bins))
        #expect(abs(error - 0.47) < 1e-12)
        #expect(calibrationError(reliabilityBins([])) == nil)
        #expect(reliabilityBins([(probability: 7, happened: true), (probability: .nan, happened: true)])[9].count == 1)
    }
}

@Suite struct PrevalenceTests {
    @Test func `a share is corrected for the errors of its test`() throws {
        // (0.26 + 0.9 − 1) / (0.9 + 0.9 − 1) = 0.2.
        let found = try #require(
            correctedPrevalence(found: 260, tested: 1_000, hits: 90, positives: 100, rejections: 90, negatives: 100))
        #expect(abs(found.value - 0.2) < 1e-12)
        #expect(found.interval.low < 0.2 && found.interval.high > 0.2)
        let none = try #require(
            correctedPrevalence(found: 50, tested: 1_000, hits: 90, positives: 100, rejections: 90, negatives: 100))
        #expect(none.value == 0 && none.interval.low == 0 && none.interval.high > 0)
        #expect(
            correctedPrevalence(found: 5, tested: 10, hits: 50, positives: 100, rejections: 50, negatives: 100) == nil)
        #expect(correctedPrevalence(found: 5, tested: 0, hits: 1, positives: 1, rejections: 1, negatives: 1) == nil)
        #expect(correctedPrevalence(found: 5, tested: 4, hits: 1, positives: 1, rejections: 1, negatives: 1) == nil)
    }

    @Test func `the interval holds the true share about as often as it says`() {
        var numbers = SplitMix64(seed: 3)
        func hits(_ share: Double, _ trials: Int) -> Int { (0..<trials).count { _ in numbers.unit() < share } }
        var held = 0
        for _ in 0..<400 {
            // 0.3 · 0.8 + 0.7 · 0.1
            let found = correctedPrevalence(
                found: hits(0.31, 200), tested: 200, hits: hits(0.8, 60), positives: 60, rejections: hits(0.9, 80),
                negatives: 80)
            if let found, found.interval.low <= 0.3, found.interval.high >= 0.3 { held += 1 }
        }
        #expect(unsurprising(0.95, of: 400).contains(held), "\(held)")
    }
}

@Suite struct SignTestTests {
    @Test func `a division is judged by the binomial distribution`() {
        #expect(signTest(wins: 0, losses: 0) == 1)
        #expect(signTest(wins: 5, losses: 5) == 1)
        // 2 · (10 + 1) / 2¹⁰
        #expect(abs(signTest(wins: 9, losses: 1) - 22.0 / 1_024) < 1e-12)
        #expect(signTest(wins: 1, losses: 9) == signTest(wins: 9, losses: 1))
    }
}
