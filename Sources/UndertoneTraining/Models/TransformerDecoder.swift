// Token by token, with the keys and values of earlier tokens kept: what sampling needs.

import CNumerics

/// Goes through several sequences at once, one token of each at a time.
public final class TransformerDecoder<Number: Scalar> {
    /// The model.
    public let model: Transformer<Number>
    /// Sequences that go side by side.
    public let rows: Int
    /// Tokens so far.
    public private(set) var position = 0

    // R rows.
    private let caches: [Vector<Number>]  // of each block (R, context, 2 D): keys and values
    private let x: Vector<Number>  // (R, D)
    private let normed: Vector<Number>  // (R, D)
    private let statistics: Vector<Number>  // (R, 2)
    private let qkv: Vector<Number>  // (R, 3 D)
    private let attended: Vector<Number>  // (R, D)
    private let up: Vector<Number>  // (R, 4 D)
    private let hidden: Vector<Number>  // (R, 4 D)
    private let output: Vector<Number>  // (R, V)

    /// Memory for `rows` sequences up to the model's context.
    public init(_ model: Transformer<Number>, rows: Int) {
        let (shape, width) = (model.shape, model.shape.width)
        self.model = model
        self.rows = rows
        caches = (0..<shape.layers).map { _ in Vector(count: rows * shape.context * 2 * width) }
        x = Vector(count: rows * width)
        normed = Vector(count: rows * width)
        statistics = Vector(count: rows * 2)
        qkv = Vector(count: rows * 3 * width)
        attended = Vector(count: rows * width)
        up = Vector(count: rows * 4 * width)
        hidden = Vector(count: rows * 4 * width)
        output = Vector(count: rows * shape.vocabulary)
    }

    /// The logits of the last step that asked for them: (R, V).
    public var logits: UnsafePointer<Number> { UnsafePointer(output.base) }

    /// Forgets all tokens.
    public func restart() { position = 0 }

    /// Goes on with some of the sequences only, ascending; the others are forgotten.
    public func keep(_ places: [Int]) {
        let width = 2 * model.shape.width
        for (to, from) in places.enumerated() where to != from {
            for cache in caches {
                (cache.base + to * model.shape.context * width).update(
                    from: cache.base + from * model.shape.context * width, count: position * width)
            }
        }
    }

    /// Takes one more token of each of the first `active` sequences.
    ///
    /// - Parameter wantsLogits: whether the next token is asked for.
    public func step(_ parameters: Vector<Number>, _ tokens: [Int32], active: Int? = nil, wantsLogits: Bool = true) {
        let rows = active ?? self.rows
        precondition(rows <= self.rows && tokens.count >= rows && position < model.shape.context)
        let (loops, width, heads) = (Number.loops, model.shape.width, model.shape.heads)
        let theta = parameters.base
        func linear(
            _ layer: Transformer<Number>.Linear, _ inputs: Vector<Number>, _ out: Vector<Number>, adds: Bool = false
        ) {
            for row in 0..<rows {
                let line = out.base + row * layer.outputs
                if adds {
                    loops.pointee.add(layer.outputs, 1, theta + layer.bias, line)
                } else {
                    line.update(from: theta + layer.bias, count: layer.outputs)
                }
            }
            Number.multiply(
                rows, layer.outputs, layer.inputs, 1, inputs.base, strideA: layer.inputs, transposesA: false,
                theta + layer.weight, strideB: layer.inputs, transposesB: true, 1, out.base, strideC: layer.outputs)
        }
        func normalise(_ norm: Transformer<Number>.Norm) {
            loops.pointee.layer_norm(
                rows, width, x.base, theta + norm.gain, theta + norm.bias, normed.base, statistics.base)
        }
        for row in 0..<rows {
            let line = x.base + row * width
            line.update(from: theta + model.tokens + Int(tokens[row]) * width, count: width)
            loops.pointee.add(width, 1, theta + model.positions + position * width, line)
        }
        for (block, cache) in zip(model.blocks, caches) {
            normalise(block.attentionNorm)
            linear(block.qkv, normed, qkv)
            loops.pointee.attention_step(
                rows, position, model.shape.context, heads, width / heads, qkv.base, cache.base, attended.base)
            linear(block.output, attended, x, adds: true)
            normalise(block.perceptronNorm)
            linear(block.up, normed, up)
            loops.pointee.gelu(rows * 4 * width, up.base, hidden.base)
            linear(block.down, hidden, x, adds: true)
        }
        position += 1
        guard wantsLogits else { return }
        normalise(model.norm)
        Number.multiply(
            rows, model.shape.vocabulary, width, 1, normed.base, strideA: width, transposesA: false,
            theta + model.unembedding, strideB: width, transposesB: true, 0, output.base,
            strideC: model.shape.vocabulary)
    }
}
