// Corrections for several tests.

import Testing

@testable import UndertoneStatistics

@Suite struct CorrectionTests {
    @Test func `small families are worked out by hand`() {
        let p = [0.05, 0.01, 0.04, 0.02, 0.03]
        expectClose(holm(p), [0.09, 0.05, 0.09, 0.08, 0.09])
        expectClose(benjaminiHochberg(p), [0.05, 0.05, 0.05, 0.05, 0.05])
        expectClose(benjaminiHochberg([0.01, 0.5, 0.02]), [0.03, 0.5, 0.03])
        expectClose(holm([0.6, 0.7]), [1, 1])
        #expect(holm([]) == [] && benjaminiHochberg([]) == [] && holm([0.3]) == [0.3])
    }

    @Test("corrections keep the order and never make a p-value smaller", arguments: 1...10)
    func order(seed: UInt64) {
        var numbers = SplitMix64(seed: seed)
        let p = (0..<12).map { _ in numbers.unit() * numbers.unit() }
        let places = p.indices.shuffled(using: &numbers)
        for correct in [holm, benjaminiHochberg] {
            let adjusted = correct(p)
            #expect(zip(p, adjusted).allSatisfy { $0 <= $1 && $1 <= 1 })
            #expect(correct(places.map { p[$0] }) == places.map { adjusted[$0] })
            let ranked = p.indices.sorted { p[$0] < p[$1] }.map { adjusted[$0] }
            #expect(ranked == ranked.sorted())
        }
        #expect(zip(holm(p), benjaminiHochberg(p)).allSatisfy { $0 >= $1 })
    }

    @Test func `no number stays none and counts as a test`() {
        for correct in [holm, benjaminiHochberg] {
            let adjusted = correct([0.01, .nan])
            #expect(abs(adjusted[0] - 0.02) < 1e-15 && adjusted[1].isNaN)
        }
    }

    private func expectClose(_ found: [Double], _ wanted: [Double]) {
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-12 } && found.count == wanted.count, "\(found)")
    }
}
