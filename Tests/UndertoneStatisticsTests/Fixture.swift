// Random inputs with the answers of SciPy and statsmodels, which python/statistics/generate.py writes.

import Foundation

/// fixtures/statistics/answers.json, or the file that UNDERTONE_STATISTICS_FIXTURE names.
struct Fixture: Decodable {
    var seed: Int
    var cases: Cases

    static func read() throws -> Fixture {
        let committed = URL(filePath: #filePath).appending(path: "../../../fixtures/statistics/answers.json")
            .standardized
        let named = ProcessInfo.processInfo.environment["UNDERTONE_STATISTICS_FIXTURE"].map { URL(filePath: $0) }
        return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: named ?? committed))
    }

    struct Cases: Decodable {
        var normal: [Normal]
        var student: [Student]
        var byT: [ByT]
        var fieller: [Fieller]
        var bootstrap: [Bootstrap]
        var permutation: [Permutation]
        var maxT: [MaxT]
        var equivalence: [Equivalence]
        var correction: [Correction]
        var power: [Power]
        var equivalencePower: [EquivalencePower]
        var counts: [Counts]
        var combined: [Combined]
        var agreement: [Agreement]
        var ranking: [Ranking]
        var categories: [Categories]
        var twoSamples: [TwoSamples]
    }

    struct Normal: Decodable {
        var z, tail, share, quantile: Double
    }

    struct Student: Decodable {
        var degrees, t, logTail, share, quantile: Double
    }

    struct ByT: Decodable {
        var first, second, other: [Double]
        var confidence: Double
        var paired, welch: Answer

        struct Answer: Decodable {
            var t, degrees, p, low, high: Double
        }
    }

    struct Fieller: Decodable {
        var numerators, denominators: [Double]
        var ratio: Answer?

        struct Answer: Decodable {
            var value, low, high: Double
        }
    }

    struct Bootstrap: Decodable {
        var observed: Double
        var resampled, jackknife: [Double]
        var confidence, low, high: Double
    }

    struct Permutation: Decodable {
        var first, second, other: [Double]
        var signFlip, means: Double
    }

    struct MaxT: Decodable {
        var drop, control: [[Double]]
        var t, p, adjusted: [Double]
    }

    struct Equivalence: Decodable {
        var differences: [Double]
        var bound, p, low, high: Double
    }

    struct Correction: Decodable {
        var p, holm, benjaminiHochberg: [Double]
    }

    struct Power: Decodable {
        var effect, deviation: Double
        var runs: Int
        var significance, wanted, power: Double
        var needed: Int
        var detectable: Double
    }

    struct EquivalencePower: Decodable {
        var bound, deviation, difference: Double
        var runs: Int
        var significance, power: Double
    }

    struct Counts: Decodable {
        var hits, trials, otherHits, otherTrials: Int
        var wilson: [Double]
        var logOddsRatio, low, high: Double
    }

    struct Combined: Decodable {
        var p: [Double]
        var fisher, degrees, x, logTail: Double
        var order: [Int]
        var rho, spearman: Double
    }

    struct Agreement: Decodable {
        var table: [[Int]]
        var kappa, error, low, high, ac1, ac1Error: Double
    }

    struct Ranking: Decodable {
        var positives, negatives: [Double]
        var area, error: Double
        var won, lost: Int
        var signTest: Double
    }

    struct Categories: Decodable {
        var first, second: [Int]
        var psi, jensenShannon: Double?
        var whole, pooled: Answer?

        struct Answer: Decodable {
            var pearson: Double
            var degrees: Int
            var pearsonP, ratio, ratioP, effect: Double
        }
    }

    struct TwoSamples: Decodable {
        var first, second: [Double]
        var statistic, p, distance: Double
        var values: [Double]
        var weights, others: [Int]
        var countedStatistic, countedP, countedDistance: Double
    }
}
