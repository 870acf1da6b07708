// Losses on logits: each gives its mean over the rows that count, and writes its derivatives by the logits.

import CNumerics

/// Losses. Logits are (rows, classes), one row behind the other; derivatives go to a buffer of the same shape, which must
/// not overlap the logits.
public enum Loss {
    /// Cross-entropy against one right class a row. A negative class masks its row: it counts for nothing.
    ///
    /// - Parameters:
    ///   - classes: the logits of a row that take part are those before this number; the others get derivative 0.
    ///   - weights: what each row's loss is multiplied with; nil for 1. The mean is over rows all the same, not weights.
    ///   - total: rows of the whole batch that are not masked, where these are a piece of it.
    /// - Returns: the mean over rows that are not masked, 0 where all are; of a piece its share of the batch's mean.
    public static func crossEntropy<Number: Scalar>(
        _ logits: UnsafePointer<Number>, rows: Int, width: Int, classes: Int? = nil, targets: UnsafePointer<Int32>,
        weights: UnsafePointer<Float>? = nil, total: Int? = nil, into deltas: UnsafeMutablePointer<Number>
    ) -> Double {
        let classes = classes ?? width
        var counted = 0
        for row in 0..<rows where targets[row] >= 0 { counted += 1 }
        if counted < rows || classes < width { deltas.update(repeating: 0, count: rows * width) }
        guard counted > 0 else { return 0 }
        counted = total ?? counted
        var sum = 0.0
        for row in 0..<rows where targets[row] >= 0 {
            let weight = weights?[row] ?? 1
            let scale = Number(weight) / Number(counted)
            let delta = deltas + row * width
            let total = softmax(logits + row * width, 0..<classes, scale: scale, into: delta)
            let target = Int(targets[row])
            sum -= Double(weight) * (Double(logits[row * width + target]) - total)
            delta[target] -= scale
        }
        return sum / Double(counted)
    }

    /// Kullback-Leibler divergence KL(teacher ‖ student) of the softmax over chosen logits: soft distillation.
    ///
    /// - Parameters:
    ///   - teacher: logits of the same shape.
    ///   - chosen: the logits that take part; the others get derivative 0.
    ///   - total: rows of the whole batch, where these are a piece of it.
    /// - Returns: the mean over rows; of a piece its share of the batch's mean.
    public static func divergence<Number: Scalar>(
        _ logits: UnsafePointer<Number>, from teacher: UnsafePointer<Number>, rows: Int, width: Int,
        chosen: Range<Int>, total: Int? = nil, into deltas: UnsafeMutablePointer<Number>
    ) -> Double {
        deltas.update(repeating: 0, count: rows * width)
        guard rows > 0, !chosen.isEmpty else { return 0 }
        let wanted = Vector<Number>(count: width)
        var sum = 0.0
        let rowsOfBatch = total ?? rows
        let scale = 1 / Number(rowsOfBatch)
        for row in 0..<rows {
            let own = logits + row * width
            let other = teacher + row * width
            let delta = deltas + row * width
            let total = Number(softmax(own, chosen, into: delta))
            let otherTotal = Number(softmax(other, chosen, into: wanted.base))
            var part: Number = 0
            for place in chosen {
                let share = wanted.base[place]
                if share > 0 { part += share * ((other[place] - otherTotal) - (own[place] - total)) }
                delta[place] = (delta[place] - share) * scale
            }
            sum += Double(part)
        }
        return sum / Double(rowsOfBatch)
    }

    /// Mean squared error on chosen logits: over rows and chosen logits.
    public static func squaredError<Number: Scalar>(
        _ logits: UnsafePointer<Number>, from teacher: UnsafePointer<Number>, rows: Int, width: Int,
        chosen: Range<Int>, into deltas: UnsafeMutablePointer<Number>
    ) -> Double {
        deltas.update(repeating: 0, count: rows * width)
        let count = rows * chosen.count
        guard count > 0 else { return 0 }
        var sum = 0.0
        let scale = 2 / Number(count)
        for row in 0..<rows {
            for place in chosen {
                let difference = logits[row * width + place] - teacher[row * width + place]
                sum += Double(difference * difference)
                deltas[row * width + place] = difference * scale
            }
        }
        return sum / Double(count)
    }

    /// Writes the softmax over some logits of a row, times `scale`.
    ///
    /// - Returns: the logarithm of the sum of their exponentials.
    @discardableResult
    static func softmax<Number: Scalar>(
        _ logits: UnsafePointer<Number>, _ chosen: Range<Int>, scale: Number = 1,
        into shares: UnsafeMutablePointer<Number>
    ) -> Double {
        let total = Number.loops.pointee.softmax(
            chosen.count, logits + chosen.lowerBound, shares + chosen.lowerBound)
        if scale != 1 { for place in chosen { shares[place] *= scale } }
        return total
    }
}
