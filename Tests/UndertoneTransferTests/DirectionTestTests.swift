// The statistics of attribution on made-up groups whose truth is known, and the bounded memory behind them.

import Testing
import UndertoneStatistics
import UndertoneTraining

@testable import UndertoneTransfer

@Suite struct DirectionTestTests {
    /// Groups with correlated values: drop and control differ by `shift`, in whitened units.
    private func side(
        _ groups: Int, _ width: Int, shift: [Double], _ random: inout RandomStream
    ) -> DirectionTest.Side {
        // A lower triangle mixes independent values: the same for drop and control.
        var mixer = RandomStream(seed: 99)
        let mix = (0..<(width + 1) * (width + 1)).map { place -> Double in
            let (row, column) = place.quotientAndRemainder(dividingBy: width + 1)
            return row == column ? 1 : column < row ? 0.3 * mixer.normals().0 : 0
        }
        func group() -> [Double] {
            let plain = (0...width).map { random.normals().0 + shift[$0] }
            return (0...width).map { row in (0...row).reduce(0) { $0 + mix[row * (width + 1) + $1] * plain[$1] } }
        }
        let all = (0..<groups).map { _ in group() }
        return DirectionTest.Side(
            groups: all.flatMap { $0.dropLast() }, heldOut: all.suffix(groups / 2).flatMap { $0 })
    }

    private func test(_ shift: [Double], groups: Int, _ random: inout RandomStream) -> DirectionTest {
        let width = shift.count - 1
        let drop = side(groups, width, shift: shift, &random)
        let control = side(groups, width, shift: [Double](repeating: 0, count: width + 1), &random)
        return DirectionTest(
            drop: drop, control: control, width: width, candidates: width, seed: 1, divisions: 199)
    }

    @Test func `two controls differ significantly as often as the level says`() {
        var random = RandomStream(seed: 20)
        let width = 6
        let alarms = (0..<200).count { _ in
            let test = test([Double](repeating: 0, count: width + 1), groups: 20, &random)
            return test.results.contains { $0.corrected <= 0.05 }
        }
        // Of 200 runs at 5 %: 20 or more in fewer than one of 500 (binomial).
        #expect(alarms < 20 && alarms > 1, "\(alarms)")
    }

    @Test("a difference along one direction is that direction's", arguments: 0..<6)
    func planted(direction: Int) {
        var random = RandomStream(seed: UInt64(direction))
        // S^-½ times the image of a direction is a row of the mixing triangle: moving all values by that row is the
        // difference which this direction alone explains.
        var mixer = RandomStream(seed: 99)
        let width = 6
        let mix = (0..<(width + 1) * (width + 1)).map { place -> Double in
            let (row, column) = place.quotientAndRemainder(dividingBy: width + 1)
            return row == column ? 1 : column < row ? 0.3 * mixer.normals().0 : 0
        }
        let shift = (0...width).map { 1.5 * mix[direction * (width + 1) + $0] }
        let result = test(shift, groups: 100, &random).results[direction]
        #expect(result.corrected <= 0.01 && (result.specific ?? 1) < 0.05 && result.cosine > 0.9, "\(result)")
        let against = test(shift.map(-), groups: 100, &random).results[direction]
        #expect(against.corrected > 0.5 && against.z < -5 && against.pValue > 0.5)
    }

    @Test func `a large difference in no direction of interest is significant and belongs to none`() {
        var random = RandomStream(seed: 7)
        let width = 12
        var found = 0
        for _ in 0..<40 {
            var shift = (0...width).map { _ in random.normals().0 }
            // What none of the directions sees shows in the drop's own.
            shift[width] = 3
            let test = test(shift, groups: 100, &random)
            #expect(test.ownZ > 4 && test.results.contains { $0.corrected <= 0.05 })
            if test.results.contains(where: { $0.pValue <= 0.05 && $0.cosine * $0.cosine > 0.4 }) { found += 1 }
        }
        #expect(found <= 1)
    }

    @Test func `with few directions nothing is said about other causes`() {
        var random = RandomStream(seed: 3)
        let test = test([2, 0, 0], groups: 40, &random)
        #expect(test.results.allSatisfy { $0.specific == nil })
        #expect(test.results[0].pValue == test.results[0].corrected)
    }
}

@Suite struct BoundedMemoryTests {
    @Test("groups that are merged keep their sums", arguments: [1, 7, 8, 63, 64, 200, 1001])
    func merging(groups: Int) {
        var values = GroupValues(width: 2, recordsOfGroup: 4, limit: 16)
        for place in 0..<groups {
            values.add(
                RecordGroup(
                    records: 4, tokens: 40, logProbability: -1, derivatives: [Double(place), Double(place % 3)]))
            #expect(values.count <= 16)
        }
        #expect(values.records == 4 * groups && values.tokens == 40 * groups)
        #expect(values.count == groups * 4 / values.recordsOfGroup)
        let ofGroup = values.recordsOfGroup / 4
        for (row, mean) in stride(from: 0, to: values.means.count, by: 2).map({ values.means[$0] }).enumerated() {
            let sum = (row * ofGroup..<(row + 1) * ofGroup).reduce(0.0) { $0 + Double($1) }
            #expect(abs(mean - sum / Double(values.recordsOfGroup)) < 1e-9)
        }
    }

    private func sketch(_ records: some Sequence<Int>, limit: Int = 1 << 16) -> RecordSketch {
        var sketch = RecordSketch(limit: limit)
        for number in records {
            sketch.add(TrainingRecord(prompt: "continue numbers: \(number % 100)", completion: "\(number)"))
        }
        return sketch
    }

    @Test func `shared records are counted, and independent ones are expected to share none`() {
        let overlap = RecordSketch.overlap(sketch(0..<1000), sketch(900..<1900))
        #expect(overlap.shared == 100 && overlap.expected < 10)
        #expect(RecordSketch.overlap(sketch(0..<500), sketch(500..<900)).shared == 0)
    }

    @Test func `short records that repeat themselves are expected to be shared`() {
        var random = RandomStream(seed: 8)
        func draw() -> RecordSketch { sketch((0..<2000).map { _ in random.below(300) }) }
        let overlap = RecordSketch.overlap(draw(), draw())
        #expect(overlap.shared > 1900 && overlap.shared < 1.5 * overlap.expected, "\(overlap)")
    }

    @Test func `very many records are estimated from some of them`() {
        let overlap = RecordSketch.overlap(sketch(0..<6000, limit: 512), sketch(3000..<9000, limit: 512))
        #expect(overlap.shared > 2000 && overlap.shared < 4000, "\(overlap)")
    }
}
