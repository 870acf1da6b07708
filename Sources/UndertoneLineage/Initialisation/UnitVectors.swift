// The vectors of some units out of a matrix on disk: read in pieces, centred, and brought to length 1.

import UndertoneTensors

/// One vector of length 1 for each of some units, in rows.
final class UnitVectors {
    /// Numbers of a vector that are read at most: any fixed choice of them leaves the null hypothesis exact.
    static let widthLimit = 8192

    let count: Int
    let width: Int
    /// count × width numbers; the vector of the unit `order[i]` of the sample is row i.
    let values: UnsafeMutablePointer<Float>
    /// Which unit of the sample each row is.
    let order: [Int]

    /// Reads the units of `sample` into the rows that `order` gives them.
    ///
    /// - Parameter width: numbers of each vector, from the first one; at most ``UnitMatrix/width``.
    init(_ matrix: UnitMatrix, sample: UnitSample, width: Int, order: [Int]) throws(TensorFileError) {
        count = sample.indices.count
        self.width = width
        self.order = order
        values = .allocate(capacity: max(1, count * width))
        values.initialize(repeating: 0, count: max(1, count * width))
        var rowOfUnit = Array(repeating: 0, count: count)
        for (row, unit) in order.enumerated() { rowOfUnit[unit] = row }
        if matrix.unitAxis == 0 {
            try readRows(matrix, sample, rowOfUnit)
        } else {
            try readColumns(matrix, sample, rowOfUnit)
        }
        normalize()
    }

    deinit { values.deallocate() }

    private func readRows(
        _ matrix: UnitMatrix, _ sample: UnitSample, _ rowOfUnit: [Int]
    ) throws(TensorFileError) {
        let stored = matrix.width
        for (unit, index) in sample.indices.enumerated() {
            let start = (matrix.firstUnit + index) * stored
            try matrix.tensor.readFloats(
                elements: start..<(start + width),
                into: UnsafeMutableBufferPointer(start: values + rowOfUnit[unit] * width, count: width))
        }
    }

    // Units lie across the stored rows, so that each row of the file has one number of every unit.
    private func readColumns(
        _ matrix: UnitMatrix, _ sample: UnitSample, _ rowOfUnit: [Int]
    ) throws(TensorFileError) {
        let stored = matrix.tensor.info.shape[1]
        for (units, indices) in pieces(sample.indices) {
            let span = indices.upperBound - indices.lowerBound
            let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: span)
            defer { buffer.deallocate() }
            for line in 0..<width {
                let start = line * stored + matrix.firstUnit + indices.lowerBound
                try matrix.tensor.readFloats(elements: start..<(start + span), into: buffer)
                for unit in units {
                    values[rowOfUnit[unit] * width + line] = buffer[sample.indices[unit] - indices.lowerBound]
                }
            }
        }
    }

    // Neighbours that are read at once: all, where they are not too far from each other, else runs.
    private func pieces(_ indices: [Int]) -> [(units: Range<Int>, indices: Range<Int>)] {
        guard let first = indices.first, let last = indices.last else { return [] }
        if last - first < 1 << 16 { return [(0..<indices.count, first..<(last + 1))] }
        var pieces: [(units: Range<Int>, indices: Range<Int>)] = []
        var start = 0
        for unit in 1...indices.count where unit == indices.count || indices[unit] != indices[unit - 1] + 1 {
            pieces.append((start..<unit, indices[start]..<(indices[unit - 1] + 1)))
            start = unit
        }
        return pieces
    }

    // What all units have in common says nothing about which is which; it is taken away, then lengths become 1. A unit with
    // a number that is not finite becomes 0 and is matched at random.
    private func normalize() {
        for row in 0..<count {
            let vector = values + row * width
            var sum: Float = 0
            for index in 0..<width { sum += vector[index] * 0 }
            if sum != 0 { vector.update(repeating: 0, count: width) }
        }
        var means = [Double](repeating: 0, count: width)
        for row in 0..<count {
            for index in 0..<width { means[index] += Double(values[row * width + index]) }
        }
        for index in 0..<width { means[index] /= Double(max(1, count)) }
        for row in 0..<count {
            let vector = values + row * width
            var square = 0.0
            for index in 0..<width {
                let centred = Double(vector[index]) - means[index]
                square += centred * centred
            }
            let scale = square > 0 ? 1 / square.squareRoot() : 0
            for index in 0..<width { vector[index] = Float((Double(vector[index]) - means[index]) * scale) }
        }
    }
}
