// Small models that the tests of initialisation train themselves: token embeddings, gated hidden layers in a residual
// stream, and a table of outputs; and plain networks.

import Glibc
import UndertoneTensors

extension SplitMix {
    /// Numbers that have nothing to do with those of another seed.
    ///
    /// SplitMix64 goes from one number to the next by adding a constant, so a seed must not come near a multiple of that:
    /// the numbers of one model would be those of another one, shifted, and the test would find out.
    init(scattered seed: UInt64) {
        var state = (seed &+ 1) &* 0xD605_BBB5_8C8A_BBFD
        state ^= state >> 31
        state = state &* 0xA24B_AED4_963E_E407
        state ^= state >> 29
        self.init(seed: state)
    }

    mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    mutating func normal() -> Float { Float((-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())) }

    mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for index in stride(from: count - 1, to: 0, by: -1) { order.swapAt(index, below(index + 1)) }
        return order
    }
}

/// rows × columns numbers.
struct Matrix {
    var rows: Int
    var columns: Int
    var values: [Float]

    init(_ rows: Int, _ columns: Int, _ numbers: inout SplitMix, scale: Float) {
        (self.rows, self.columns) = (rows, columns)
        values = (0..<(rows * columns)).map { _ in numbers.normal() * scale }
    }

    var transposed: Matrix {
        var result = self
        (result.rows, result.columns) = (columns, rows)
        for row in 0..<rows {
            for column in 0..<columns { result.values[column * rows + row] = values[row * columns + column] }
        }
        return result
    }

    func withRows(_ order: [Int]) -> Matrix {
        var result = self
        result.rows = order.count
        result.values = order.flatMap { values[($0 * columns)..<(($0 + 1) * columns)] }
        return result
    }

    func scaled(_ factor: Float) -> Matrix {
        var result = self
        result.values = values.map { $0 * factor }
        return result
    }

    // out = matrix · x
    func times(_ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>) {
        values.withUnsafeBufferPointer { values in
            for row in 0..<rows {
                var sum: Float = 0
                for column in 0..<columns { sum += values[row &* columns &+ column] * x[column] }
                out[row] = sum
            }
        }
    }

    // matrix −= rate · gradient · xᵀ; back += matrixᵀ · gradient, with the matrix as it was before
    mutating func learn(
        _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ rate: Float,
        back: UnsafeMutablePointer<Float>?
    ) {
        let (rows, columns) = (rows, columns)
        values.withUnsafeMutableBufferPointer { values in
            for row in 0..<rows {
                let step = gradient[row]
                for column in 0..<columns {
                    let index = row &* columns &+ column
                    if let back { back[column] += values[index] * step }
                    values[index] -= rate * step * x[column]
                }
            }
        }
    }
}

/// x ← x + down · (silu(gate · x) ∘ up · x), layer by layer.
struct GatedModel {
    struct Layer {
        var up: Matrix
        var gate: Matrix
        var down: Matrix
    }

    var embedding: Matrix
    var layers: [Layer]
    var head: Matrix

    init(seed: UInt64, tokens: Int = 16, width: Int = 8, units: Int = 32, layers: Int = 2) {
        var numbers = SplitMix(scattered: seed)
        let scale = 1 / Float(width).squareRoot()
        embedding = Matrix(tokens, width, &numbers, scale: 0.5)
        self.layers = (0..<layers).map { _ in
            Layer(
                up: Matrix(units, width, &numbers, scale: scale), gate: Matrix(units, width, &numbers, scale: scale),
                down: Matrix(width, units, &numbers, scale: 0.5 / Float(units).squareRoot()))
        }
        head = Matrix(tokens, width, &numbers, scale: scale)
    }

    /// Learns which token follows which, by plain gradient descent; `task` is the seed of the order.
    mutating func train(task: UInt64, steps: Int, rate: Float = 0.02, seed: UInt64) {
        let (tokens, width, units) = (embedding.rows, embedding.columns, layers[0].up.rows)
        var taskNumbers = SplitMix(scattered: task)
        let following = taskNumbers.permutation(tokens)
        var numbers = SplitMix(scattered: seed)
        let states = UnsafeMutablePointer<Float>.allocate(capacity: (layers.count + 1) * width)
        let inner = UnsafeMutablePointer<Float>.allocate(capacity: layers.count * units * 3)
        let scratch = UnsafeMutablePointer<Float>.allocate(capacity: 3 * units + 2 * width + tokens)
        scratch.initialize(repeating: 0, count: 3 * units + 2 * width + tokens)
        defer {
            states.deallocate()
            inner.deallocate()
            scratch.deallocate()
        }
        let (gradUnits, gradGate, gradUp) = (scratch, scratch + units, scratch + 2 * units)
        let (gradState, out) = (scratch + 3 * units, scratch + 3 * units + width)
        let logits = scratch + 3 * units + 2 * width
        for _ in 0..<steps {
            let token = numbers.below(tokens)
            for index in 0..<width { states[index] = embedding.values[token * width + index] }
            for (number, layer) in layers.enumerated() {
                let x = states + number * width
                let (a, b, m) = (
                    inner + number * 3 * units, inner + (number * 3 + 1) * units, inner + (number * 3 + 2) * units
                )
                layer.gate.times(x, a)
                layer.up.times(x, b)
                for unit in 0..<units { m[unit] = a[unit] / (1 + expf(-a[unit])) * b[unit] }
                layer.down.times(m, out)
                for index in 0..<width { x[width + index] = x[index] + out[index] }
            }
            let last = states + layers.count * width
            head.times(last, logits)
            softmaxGradient(logits, tokens, target: following[token])
            for index in 0..<width { gradState[index] = 0 }
            head.learn(logits, last, rate, back: gradState)
            for number in layers.indices.reversed() {
                let x = states + number * width
                let (a, b, m) = (
                    inner + number * 3 * units, inner + (number * 3 + 1) * units, inner + (number * 3 + 2) * units
                )
                for unit in 0..<units { gradUnits[unit] = 0 }
                for index in 0..<width { out[index] = gradState[index] }
                layers[number].down.learn(out, m, rate, back: gradUnits)
                for unit in 0..<units {
                    let sigmoid = 1 / (1 + expf(-a[unit]))
                    gradUp[unit] = gradUnits[unit] * a[unit] * sigmoid
                    gradGate[unit] = gradUnits[unit] * b[unit] * sigmoid * (1 + a[unit] * (1 - sigmoid))
                }
                layers[number].up.learn(gradUp, x, rate, back: gradState)
                layers[number].gate.learn(gradGate, x, rate, back: gradState)
            }
            for index in 0..<width { embedding.values[token * width + index] -= rate * gradState[index] }
        }
    }

    /// The same function with its hidden units in another order.
    func permuted(seed: UInt64) -> GatedModel {
        var numbers = SplitMix(scattered: seed)
        var copy = self
        for number in layers.indices {
            let order = numbers.permutation(layers[number].up.rows)
            copy.layers[number].up = layers[number].up.withRows(order)
            copy.layers[number].gate = layers[number].gate.withRows(order)
            copy.layers[number].down = layers[number].down.transposed.withRows(order).transposed
        }
        return copy
    }

    /// With a product of two thin matrices added to every matrix of its hidden layers, as a merged LoRA adapter does.
    func withAdapter(rank: Int, scale: Float, seed: UInt64) -> GatedModel {
        var numbers = SplitMix(scattered: seed)
        func merged(_ matrix: Matrix) -> Matrix {
            let left = Matrix(matrix.rows, rank, &numbers, scale: scale)
            let right = Matrix(rank, matrix.columns, &numbers, scale: 1)
            var result = matrix
            for row in 0..<matrix.rows {
                for column in 0..<matrix.columns {
                    for inner in 0..<rank {
                        result.values[row * matrix.columns + column] +=
                            left.values[row * rank + inner] * right.values[inner * matrix.columns + column]
                    }
                }
            }
            return result
        }
        var copy = self
        for number in layers.indices {
            copy.layers[number].up = merged(layers[number].up)
            copy.layers[number].gate = merged(layers[number].gate)
            copy.layers[number].down = merged(layers[number].down)
        }
        return copy
    }

    /// Its tensors by the names of Llama, Qwen and Mistral.
    func tensors(prefix: String = "model.") -> [(name: String, matrix: Matrix)] {
        [("\(prefix)embed_tokens.weight", embedding)]
            + layers.enumerated().flatMap { number, layer in
                [
                    ("\(prefix)layers.\(number).mlp.gate_proj.weight", layer.gate),
                    ("\(prefix)layers.\(number).mlp.up_proj.weight", layer.up),
                    ("\(prefix)layers.\(number).mlp.down_proj.weight", layer.down),
                ]
            } + [("lm_head.weight", head)]
    }
}

/// A network of tanh units under names of its own.
struct PlainModel {
    var matrices: [Matrix]

    init(seed: UInt64, sizes: [Int]) {
        var numbers = SplitMix(scattered: seed)
        matrices = (1..<sizes.count).map {
            Matrix(sizes[$0], sizes[$0 - 1], &numbers, scale: 1 / Float(sizes[$0 - 1]).squareRoot())
        }
    }

    /// Learns to tell which of some random directions an input lies closest to; `task` is their seed.
    mutating func train(task: UInt64, steps: Int, rate: Float = 0.05, seed: UInt64) {
        var taskNumbers = SplitMix(scattered: task)
        let classes = matrices[matrices.count - 1].rows
        let directions = Matrix(classes, matrices[0].columns, &taskNumbers, scale: 1)
        var numbers = SplitMix(scattered: seed)
        let sizes = [matrices[0].columns] + matrices.map(\.rows)
        let states = sizes.map { UnsafeMutablePointer<Float>.allocate(capacity: $0) }
        let gradients = sizes.map { UnsafeMutablePointer<Float>.allocate(capacity: $0) }
        let scores = UnsafeMutablePointer<Float>.allocate(capacity: classes)
        defer {
            for pointer in states + gradients + [scores] { pointer.deallocate() }
        }
        for _ in 0..<steps {
            for index in 0..<sizes[0] { states[0][index] = numbers.normal() }
            directions.times(states[0], scores)
            let target = (0..<classes).max { scores[$0] < scores[$1] } ?? 0
            for (number, matrix) in matrices.enumerated() {
                matrix.times(states[number], states[number + 1])
                guard number + 1 < matrices.count else { break }
                for unit in 0..<matrix.rows { states[number + 1][unit] = tanhf(states[number + 1][unit]) }
            }
            softmaxGradient(states[matrices.count], classes, target: target)
            for index in 0..<classes { gradients[matrices.count][index] = states[matrices.count][index] }
            for number in matrices.indices.reversed() {
                for index in 0..<sizes[number] { gradients[number][index] = 0 }
                matrices[number].learn(gradients[number + 1], states[number], rate, back: gradients[number])
                guard number > 0 else { break }
                for index in 0..<sizes[number] {
                    gradients[number][index] *= 1 - states[number][index] * states[number][index]
                }
            }
        }
    }

    /// The same function with its hidden units in another order.
    func permuted(seed: UInt64) -> PlainModel {
        var numbers = SplitMix(scattered: seed)
        var copy = self
        for number in matrices.indices.dropLast() {
            let order = numbers.permutation(copy.matrices[number].rows)
            copy.matrices[number] = copy.matrices[number].withRows(order)
            copy.matrices[number + 1] = copy.matrices[number + 1].transposed.withRows(order).transposed
        }
        return copy
    }

    var tensors: [(name: String, matrix: Matrix)] {
        matrices.enumerated().map { ("net.\($0 * 2).weight", $1) }
    }
}

// logits ← softmax(logits) − target
private func softmaxGradient(_ logits: UnsafeMutablePointer<Float>, _ count: Int, target: Int) {
    var top = logits[0]
    for index in 0..<count { top = max(top, logits[index]) }
    var sum: Float = 0
    for index in 0..<count {
        logits[index] = expf(logits[index] - top)
        sum += logits[index]
    }
    for index in 0..<count { logits[index] = logits[index] / sum - (index == target ? 1 : 0) }
}

/// Writes tensors to a file.
func save(
    _ tensors: [(name: String, matrix: Matrix)], to path: String, type: TensorType = .f32,
    metadata: [String: String] = [:]
) throws {
    let plans = tensors.map { TensorPlan($0.name, type, [$0.matrix.rows, $0.matrix.columns]) }
    let writer = try TensorFileWriter(path: path, tensors: plans, metadata: metadata)
    for (_, matrix) in tensors { try matrix.values.withUnsafeBufferPointer { try writer.write(floats: $0) } }
    try writer.commit()
}
