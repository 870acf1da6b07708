// The inner loops against plain ones.

import CNumerics
import Testing

@testable import UndertoneTraining

@Suite struct MultiplyTests {
    private static let sizes: [(Int, Int, Int)] = [
        (1, 1, 1), (3, 5, 7), (12, 32, 4), (13, 33, 5), (25, 70, 3), (7, 16, 400), (1, 300, 64), (200, 3, 2),
        (5, 260, 390),
    ]

    private func check<Number: Scalar>(_ type: Number.Type, _ size: (Int, Int, Int), tolerance: Double) {
        let (m, n, k) = size
        for (transposesA, transposesB) in [(false, false), (false, true), (true, false), (true, true)] {
            for adds in [false, true] {
                var random = RandomStream(seed: UInt64(m * 1000 + n * 10 + k))
                // Rows are longer than what is used of them.
                let (strideA, strideB, strideC) = ((transposesA ? m : k) + 2, (transposesB ? k : n) + 1, n + 3)
                let a = Vector<Number>(count: (transposesA ? k : m) * strideA)
                let b = Vector<Number>(count: (transposesB ? n : k) * strideB)
                let c = Vector<Number>(count: m * strideC)
                random.fill(a.base, count: a.count, scale: 1)
                random.fill(b.base, count: b.count, scale: 1)
                random.fill(c.base, count: c.count, scale: 1)
                let before = Vector(c)
                Number.multiply(
                    m, n, k, 0.5, a.base, strideA: strideA, transposesA: transposesA, b.base, strideB: strideB,
                    transposesB: transposesB, adds ? 1 : 0, c.base, strideC: strideC)
                for row in 0..<m {
                    for column in 0..<strideC {
                        let place = row * strideC + column
                        guard column < n else {
                            #expect(c[place] == before[place], "beside the matrix")
                            continue
                        }
                        var sum = 0.0
                        for step in 0..<k {
                            let left = a[transposesA ? step * strideA + row : row * strideA + step]
                            let right = b[transposesB ? column * strideB + step : step * strideB + column]
                            sum += Double(left) * Double(right)
                        }
                        let wanted = 0.5 * sum + (adds ? Double(before[place]) : 0)
                        #expect(
                            abs(Double(c[place]) - wanted) < tolerance * Double(k).squareRoot(),
                            "\(size), \(transposesA), \(transposesB), row \(row), column \(column)")
                    }
                }
            }
        }
    }

    @Test("products are those of three plain loops, in single precision", arguments: sizes)
    func single(size: (Int, Int, Int)) { check(Float.self, size, tolerance: 1e-5) }

    @Test("products are those of three plain loops, in double precision", arguments: sizes)
    func double(size: (Int, Int, Int)) { check(Double.self, size, tolerance: 1e-13) }
}

@Suite struct LoopTests {
    @Test func `softmax in single precision is that of the C library to a few units in the last place`() {
        let count = 4096
        let (values, shares) = (Vector<Float>(count: count), Vector<Float>(count: count))
        for place in 0..<count { values[place] = Float(place) * -0.0213 }
        let total = Float.loops.pointee.softmax(count, values.base, shares.base)
        var sum = 0.0
        for place in 0..<count { sum += Double.exponential(Double(values[place])) }
        #expect(abs(total - Double.logarithm(sum)) < 1e-5)
        for place in 0..<count {
            let wanted = Double.exponential(Double(values[place])) / sum
            #expect(abs(Double(shares[place]) - wanted) <= 2e-6 * wanted + 1e-37)
        }
    }

    @Test func `what is not a number stays so`() {
        let values = Vector<Float>(count: 40)
        values[17] = .nan
        let out = Vector<Float>(count: 40)
        Float.loops.pointee.gelu(40, values.base, out.base)
        #expect(out[17].isNaN && out[16] == 0)
        #expect(Float.loops.pointee.softmax(40, values.base, out.base).isNaN)
        Float.loops.pointee.relu(40, values.base)
        #expect(values[17].isNaN)
    }

    @Test func `sums are in the same order on all machines`() {
        let values = Vector<Float>(count: 1003)
        var random = RandomStream(seed: 3)
        random.fill(values.base, count: values.count, scale: 1)
        var lanes = [Double](repeating: 0, count: 16)
        for place in 0..<992 { lanes[place % 16] += Double(values[place]) * Double(values[place]) }
        var sum = 0.0
        for place in 992..<1003 { sum += Double(values[place]) * Double(values[place]) }
        #expect(lanes.reduce(sum, +) == values.dot(values))
    }
}
