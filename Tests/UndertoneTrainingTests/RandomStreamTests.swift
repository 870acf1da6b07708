import Testing

@testable import UndertoneTraining

@Suite struct RandomStreamTests {
    // Known answers of the authors' library Random123 (kat_vectors).
    @Test(
        "gives the authors' known answers",
        arguments: [
            (
                SIMD4<UInt32>(0, 0, 0, 0), SIMD2<UInt32>(0, 0),
                SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
            ),
            (
                SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
                SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
            ),
            (
                SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
                SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
                SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
            ),
        ])
    func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>) {
        #expect(RandomStream.philox(counter, key) == expected)
    }

    @Test func `streams of one seed differ, and a stream repeats`() {
        func draw(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
            var random = RandomStream(seed: seed, stream: stream)
            return (0..<20).map { _ in random.next() }
        }
        #expect(draw(1, 2) == draw(1, 2))
        #expect(Set([draw(1, 2), draw(1, 3), draw(2, 2), draw(1, 2 << 32)]).count == 4)
    }

    @Test func `numbers have the means and spreads that they should`() {
        var random = RandomStream(seed: 7)
        let count = 100_000
        var (sum, squares, uniform) = (0.0, 0.0, 0.0)
        var faces = [Int](repeating: 0, count: 6)
        for _ in 0..<count {
            let (first, second) = random.normals()
            sum += first + second
            squares += first * first + second * second
            uniform += Double(random.unit())
            faces[random.below(6)] += 1
        }
        // Five standard errors.
        #expect(abs(sum / Double(2 * count)) < 5 / Double(2 * count).squareRoot())
        #expect(abs(squares / Double(2 * count) - 1) < 5 * (2 / Double(2 * count)).squareRoot())
        #expect(abs(uniform / Double(count) - 0.5) < 5 * (1 / 12.0 / Double(count)).squareRoot())
        for face in faces { #expect(abs(Double(face) - Double(count) / 6) < 5 * (Double(count) * 5 / 36).squareRoot()) }
    }
}
