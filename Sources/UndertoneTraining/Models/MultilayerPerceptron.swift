// A multilayer perceptron: linear layers with ReLU between them.
//
//     h₀ = x                     (B, w₀)
//     zₗ = hₗ₋₁ Wₗᵀ + bₗ          (B, wₗ)    Wₗ is (wₗ, wₗ₋₁)
//     hₗ = max(zₗ, 0)            (B, wₗ)    but for the last layer, whose zₗ are the logits

import CNumerics

/// A multilayer perceptron of any widths; the last width is the number of logits, auxiliary ones included.
public struct MultilayerPerceptron<Number: Scalar>: Sendable {
    /// Inputs, hidden units layer by layer, logits.
    public let widths: [Int]
    /// `layers.0.weight`, `layers.0.bias`, `layers.1.weight`, …
    public let layout: ParameterLayout

    /// What a pass leaves for the pass back; used again and again.
    public final class Activations {
        /// Rows that fit.
        public let batch: Int
        /// Rows of the last pass.
        public fileprivate(set) var rows = 0
        // h₀ … hₗ: (B, wₗ) each; the last one holds the logits.
        fileprivate let outputs: [Vector<Number>]
        // Of the pass back, or of tangents: (B, wₗ) each.
        fileprivate let deltas: [Vector<Number>]

        fileprivate init(_ widths: [Int], batch: Int) {
            self.batch = batch
            outputs = widths.map { Vector(count: batch * $0) }
            deltas = widths.map { Vector(count: batch * $0) }
        }

        /// Where the inputs of the next pass go: (B, w₀).
        public var inputs: UnsafeMutablePointer<Number> { outputs[0].base }
        /// The logits of the last pass: (B, wₗ).
        public var logits: UnsafePointer<Number> { UnsafePointer(outputs[outputs.count - 1].base) }
        /// Where the loss writes its gradient for the pass back: (B, wₗ). After ``MultilayerPerceptron/tangents(_:_:_:)``
        /// the directional derivatives of the logits.
        public var logitDeltas: UnsafeMutablePointer<Number> { deltas[deltas.count - 1].base }
    }

    /// - Parameter widths: at least two, all above 0.
    public init(widths: [Int]) {
        precondition(widths.count >= 2 && widths.allSatisfy { $0 > 0 }, "a perceptron needs inputs and logits")
        self.widths = widths
        var layout = ParameterLayout()
        for layer in 1..<widths.count {
            layout.add("layers.\(layer - 1).weight", widths[layer], widths[layer - 1])
            layout.add("layers.\(layer - 1).bias", widths[layer])
        }
        self.layout = layout
    }

    /// Random parameters: weights N(0, 1/inputs), biases 0.
    public func initialParameters(seed: UInt64) -> Vector<Number> {
        let parameters = Vector<Number>(count: layout.count)
        for layer in 1..<widths.count {
            var random = RandomStream(seed: seed, stream: UInt64(layer))
            let scale = 1 / Double(widths[layer - 1]).squareRoot()
            random.fill(
                parameters.base + weight(layer), count: widths[layer] * widths[layer - 1], scale: scale)
        }
        return parameters
    }

    /// Memory for passes over up to `batch` rows.
    public func activations(batch: Int) -> Activations { Activations(widths, batch: batch) }

    // Tensors come in pairs: weight and bias of each layer.
    private func weight(_ layer: Int) -> Int { layout.tensors[2 * (layer - 1)].offset }
    private func bias(_ layer: Int) -> Int { layout.tensors[2 * (layer - 1) + 1].offset }

    /// From ``Activations/inputs`` to ``Activations/logits``.
    public func forward(_ parameters: Vector<Number>, _ activations: Activations, rows: Int) {
        precondition(parameters.count == layout.count && rows <= activations.batch)
        activations.rows = rows
        for layer in 1..<widths.count {
            let (width, below) = (widths[layer], widths[layer - 1])
            let out = activations.outputs[layer].base
            let bias = parameters.base + bias(layer)
            for row in 0..<rows { (out + row * width).update(from: bias, count: width) }
            Number.multiply(
                rows, width, below, 1, activations.outputs[layer - 1].base, strideA: below, transposesA: false,
                parameters.base + weight(layer), strideB: below, transposesB: true, 1, out, strideC: width)
            if layer < widths.count - 1 {
                Number.loops.pointee.relu(rows * width, out)
            }
        }
    }

    /// Adds the gradient of the loss whose derivatives by the logits stand in ``Activations/logitDeltas``.
    public func backward(_ parameters: Vector<Number>, _ activations: Activations, into gradient: Vector<Number>) {
        precondition(gradient.count == layout.count)
        let rows = activations.rows
        for layer in stride(from: widths.count - 1, through: 1, by: -1) {
            let (width, below) = (widths[layer], widths[layer - 1])
            let delta = activations.deltas[layer].base
            let inputs = activations.outputs[layer - 1].base
            Number.multiply(
                width, below, rows, 1, delta, strideA: width, transposesA: true, inputs, strideB: below,
                transposesB: false, 1, gradient.base + weight(layer), strideC: below)
            let biases = gradient.base + bias(layer)
            Number.loops.pointee.add_rows(rows, width, delta, biases)
            guard layer > 1 else { return }
            let before = activations.deltas[layer - 1].base
            Number.multiply(
                rows, below, width, 1, delta, strideA: width, transposesA: false, parameters.base + weight(layer),
                strideB: below, transposesB: false, 0, before, strideC: below)
            Number.loops.pointee.relu_mask(rows * below, inputs, before)
        }
    }

    /// Forward mode: the derivatives of the logits along a direction in the space of parameters, at the parameters of the
    /// last ``forward(_:_:rows:)``. They stand in ``Activations/logitDeltas`` then.
    public func tangents(
        _ parameters: Vector<Number>, _ direction: Vector<Number>, _ activations: Activations
    ) {
        precondition(direction.count == layout.count)
        let rows = activations.rows
        for layer in 1..<widths.count {
            let (width, below) = (widths[layer], widths[layer - 1])
            let tangent = activations.deltas[layer].base
            let bias = direction.base + bias(layer)
            for row in 0..<rows { (tangent + row * width).update(from: bias, count: width) }
            Number.multiply(
                rows, width, below, 1, activations.outputs[layer - 1].base, strideA: below, transposesA: false,
                direction.base + weight(layer), strideB: below, transposesB: true, 1, tangent, strideC: width)
            if layer > 1 {
                Number.multiply(
                    rows, width, below, 1, activations.deltas[layer - 1].base, strideA: below, transposesA: false,
                    parameters.base + weight(layer), strideB: below, transposesB: true, 1, tangent, strideC: width)
            }
            if layer < widths.count - 1 {
                Number.loops.pointee.relu_mask(rows * width, activations.outputs[layer].base, tangent)
            }
        }
    }
}
