// The vectors of some units out of a matrix on disk: read in pieces, without dead units, centred, and of length 1.

import UndertoneTensors

/// One vector for each of some units, in rows.
final class UnitVectors {
    /// Numbers of a vector that are read at most: any fixed choice of them leaves the null hypothesis exact.
    static let widthLimit = 8192

    private(set) var count: Int
    let width: Int
    /// count × width numbers; the vector of the unit `order[i]` of the sample is row i.
    let values: UnsafeMutablePointer<Float>
    /// Which unit of the sample each row is.
    private(set) var order: [Int]

    /// Reads the units of `sample` into the rows that `order` gives them.
    ///
    /// - Parameters:
    ///   - width: numbers of each vector, from the first one; at most ``UnitMatrix/width``.
    ///   - entries: for each place of a vector the entry that is put there; `nil` leaves them as they are.
    init(
        _ matrix: UnitMatrix, sample: UnitSample, width: Int, order: [Int], entries: [Int]? = nil
    ) throws(TensorFileError) {
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
        if let entries, entries.count == width { arrange(entries) }
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

    private func arrange(_ entries: [Int]) {
        var vector = [Float](repeating: 0, count: width)
        for row in 0..<count {
            let stored = values + row * width
            for (place, entry) in entries.enumerated() { vector[place] = stored[entry] }
            for place in 0..<width { stored[place] = vector[place] }
        }
    }

    /// Units of the sample that have a number other than 0, and only finite ones.
    var liveUnits: Set<Int> {
        Set(
            order.enumerated().filter { row, _ in
                let vector = values + row * width
                var isZero = true
                var sum: Float = 0
                for index in 0..<width {
                    if vector[index] != 0 { isZero = false }
                    // 0 for what is finite, else NaN.
                    sum += vector[index] * 0
                }
                return !isZero && sum == 0
            }.map(\.element))
    }

    /// Leaves out all other units, then takes away what the rest have in common, which says nothing about which is which, and
    /// makes all lengths 1.
    func normalize(keeping units: Set<Int>) {
        var kept = 0
        for row in 0..<count where units.contains(order[row]) {
            if kept < row {
                (values + kept * width).update(from: values + row * width, count: width)
                order[kept] = order[row]
            }
            kept += 1
        }
        order.removeSubrange(kept...)
        count = kept
        var means = [Double](repeating: 0, count: width)
        means.withUnsafeMutableBufferPointer { means in
            for row in 0..<count {
                let vector = values + row * width
                for index in 0..<width { means[index] += Double(vector[index]) }
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
}
