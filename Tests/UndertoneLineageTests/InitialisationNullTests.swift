// Under the null hypothesis p-values are uniform: 200 pairs of models that were trained apart.

import Glibc
import Testing
import UndertoneLineage
import UndertoneTensors

@Suite struct InitialisationNullTests {
    static let pairs = 200

    /// Every pair has models of its own; both learned the same task for a while.
    static let comparisons: [InitialisationComparison] = (0..<pairs).compactMap { pair in
        let models = [UInt64(2 * pair), UInt64(2 * pair + 1)].map { seed in
            var model = GatedModel(seed: seed + 500)
            model.train(task: 1, steps: 20, seed: seed)
            return model
        }
        return try? compare(models[0].tensors(), models[1].tensors())
    }

    @Test(
        "p-values of independent pairs are uniform",
        arguments: [IndependenceTest.Kind.units, .permutedUnits, .embedding])
    func uniform(kind: IndependenceTest.Kind) throws {
        let values = InitialisationNullTests.comparisons.compactMap { $0.test(kind).map { exp($0.logPValue) } }.sorted()
        try #require(values.count == InitialisationNullTests.pairs)
        // Kolmogorov and Smirnov: above 1.63 / √n in one of a hundred cases; seeds are fixed.
        var distance = 0.0
        for (index, value) in values.enumerated() {
            let n = Double(values.count)
            distance = max(distance, Double(index + 1) / n - value, value - Double(index) / n)
        }
        #expect(distance < 1.63 / Double(values.count).squareRoot(), "\(kind): D = \(distance)")
        // Counts below some bounds, within four standard deviations.
        for bound in [0.01, 0.05, 0.1, 0.5, 0.9] {
            let expected = bound * Double(values.count)
            let count = Double(values.count { $0 < bound })
            #expect(abs(count - expected) < 4 * (expected * (1 - bound)).squareRoot() + 1, "\(count) below \(bound)")
        }
    }

    @Test func `none of them is called kin`() {
        #expect(InitialisationNullTests.comparisons.allSatisfy { $0.verdict != .yes })
    }
}
