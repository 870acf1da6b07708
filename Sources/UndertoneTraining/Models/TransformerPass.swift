// One pass through a transformer and back, and the memory for it.

import CNumerics

/// Memory for passes of one thread, and the passes themselves. It grows with the batches and is used again and again.
public final class TransformerPass<Number: Scalar> {
    /// The model.
    public let model: Transformer<Number>

    /// What a block leaves for the pass back. N tokens; Q of them go on: all, or in the last block those that are wanted.
    struct BlockMemory {
        let inputs: Vector<Number>  // (N, D)
        let normed: Vector<Number>  // (N, D)
        let statistics: Vector<Number>  // (N, 2)
        let qkv: Vector<Number>  // (N, 3 D)
        let shares: Vector<Number>  // (Q, H, stride)
        let attended: Vector<Number>  // (Q, D)
        let middle: Vector<Number>  // (Q, D), behind attention
        let middleNormed: Vector<Number>  // (Q, D)
        let middleStatistics: Vector<Number>  // (Q, 2)
        let up: Vector<Number>  // (Q, 4 D)
        let hidden: Vector<Number>  // (Q, 4 D)
    }

    struct Memory {
        let tokens: Int
        let queries: Int
        let stride: Int
        let blocks: [BlockMemory]
        let outputs: Vector<Number>  // (M, D)
        let normed: Vector<Number>  // (M, D)
        let statistics: Vector<Number>  // (M, 2)
        let logits: Vector<Number>  // (M, V)
        let logitDeltas: Vector<Number>  // (M, V)
        // Of the pass back, and of tangents.
        let narrow: [Vector<Number>]  // 3 × (N, D)
        let wide: [Vector<Number>]  // 2 × (N, 4 D)
    }

    /// The batch of the last pass.
    public private(set) var batch = TokenBatch()
    var memory: Memory
    let loops = Number.loops

    /// Memory that begins empty.
    public init(_ model: Transformer<Number>) {
        self.model = model
        memory = TransformerPass.memory(model.shape, tokens: 0, queries: 0, stride: 16)
    }

    /// The logits of the wanted tokens in the last pass: (M, V).
    public var logits: UnsafePointer<Number> { UnsafePointer(memory.logits.base) }
    /// Where the loss writes its gradient for the pass back, (M, V); after ``tangents(_:_:)`` the derivatives of the logits.
    public var logitDeltas: UnsafeMutablePointer<Number> { memory.logitDeltas.base }

    private static func memory(_ shape: TransformerShape, tokens: Int, queries: Int, stride: Int) -> Memory {
        func matrix(_ rows: Int, _ columns: Int) -> Vector<Number> { Vector(count: rows * columns) }
        let width = shape.width
        let blocks = (0..<shape.layers).map { layer in
            let rows = layer == shape.layers - 1 ? queries : tokens
            return BlockMemory(
                inputs: matrix(tokens, width), normed: matrix(tokens, width), statistics: matrix(tokens, 2),
                qkv: matrix(tokens, 3 * width), shares: matrix(rows, shape.heads * stride),
                attended: matrix(rows, width), middle: matrix(rows, width), middleNormed: matrix(rows, width),
                middleStatistics: matrix(rows, 2), up: matrix(rows, 4 * width), hidden: matrix(rows, 4 * width))
        }
        return Memory(
            tokens: tokens, queries: queries, stride: stride, blocks: blocks, outputs: matrix(queries, width),
            normed: matrix(queries, width), statistics: matrix(queries, 2), logits: matrix(queries, shape.vocabulary),
            logitDeltas: matrix(queries, shape.vocabulary), narrow: (0..<3).map { _ in matrix(tokens, width) },
            wide: (0..<2).map { _ in matrix(tokens, 4 * width) })
    }

    // MARK: Forward

    /// Calculates ``logits`` of a batch whose tokens are in the vocabulary and whose sequences fit the context.
    public func forward(_ parameters: Vector<Number>, _ batch: TokenBatch) {
        precondition(parameters.count == model.layout.count && batch.longest <= model.shape.context)
        self.batch = batch
        let (count, wanted) = (batch.tokens.count, batch.queries.count)
        if count > memory.tokens || wanted > memory.queries || batch.stride > memory.stride {
            memory = TransformerPass.memory(
                model.shape, tokens: max(count, memory.tokens), queries: max(wanted, memory.queries),
                stride: max(batch.stride, memory.stride))
        }
        guard wanted > 0 else { return }
        let width = model.shape.width
        let theta = parameters.base
        let embedded = memory.blocks[0].inputs.base
        for (place, token) in batch.tokens.enumerated() {
            let row = embedded + place * width
            row.update(from: theta + model.tokens + Int(token) * width, count: width)
            loops.pointee.add(width, 1, theta + model.positions + Int(batch.positions[place]) * width, row)
        }
        for layer in model.blocks.indices { forward(theta, layer) }
        loops.pointee.layer_norm(
            wanted, width, memory.outputs.base, theta + model.norm.gain, theta + model.norm.bias, memory.normed.base,
            memory.statistics.base)
        Number.multiply(
            wanted, model.shape.vocabulary, width, 1, memory.normed.base, strideA: width, transposesA: false,
            theta + model.unembedding, strideB: width, transposesB: true, 0, memory.logits.base,
            strideC: model.shape.vocabulary)
    }

    private func forward(_ theta: UnsafeMutablePointer<Number>, _ layer: Int) {
        let (block, own) = (model.blocks[layer], memory.blocks[layer])
        let width = model.shape.width
        let count = batch.tokens.count
        let rows = rows(layer)
        let outputs = self.outputs(layer)
        loops.pointee.layer_norm(
            count, width, own.inputs.base, theta + block.attentionNorm.gain, theta + block.attentionNorm.bias,
            own.normed.base, own.statistics.base)
        apply(block.qkv, theta, own.normed.base, count, own.qkv.base)
        withSequences(layer) {
            loops.pointee.attention(
                $0, model.shape.heads, width / model.shape.heads, own.qkv.base, own.shares.base, own.attended.base)
        }
        gather(own.inputs.base, layer, own.middle.base)
        apply(block.output, theta, own.attended.base, rows, own.middle.base, adds: true)
        loops.pointee.layer_norm(
            rows, width, own.middle.base, theta + block.perceptronNorm.gain, theta + block.perceptronNorm.bias,
            own.middleNormed.base, own.middleStatistics.base)
        apply(block.up, theta, own.middleNormed.base, rows, own.up.base)
        loops.pointee.gelu(rows * 4 * width, own.up.base, own.hidden.base)
        outputs.update(from: own.middle.base, count: rows * width)
        apply(block.down, theta, own.hidden.base, rows, outputs, adds: true)
    }

    // MARK: Back

    /// Adds the gradient of the loss whose derivatives by the logits stand in ``logitDeltas``.
    ///
    /// - Parameter linearOnly: gives the gradient of the weights of linear layers in blocks only, which is all that adapters
    ///   need; the rest of `gradient` is left as it is.
    public func backward(_ parameters: Vector<Number>, into gradient: Vector<Number>, linearOnly: Bool = false) {
        precondition(parameters.count == model.layout.count && gradient.count == model.layout.count)
        let wanted = batch.queries.count
        guard wanted > 0 else { return }
        let (width, vocabulary) = (model.shape.width, model.shape.vocabulary)
        let (theta, slopes) = (parameters.base, gradient.base)
        let rest = linearOnly ? nil : slopes
        // Gradients of what goes into a block: this one and the one before take turns.
        var (current, next) = (memory.narrow[0].base, memory.narrow[1].base)
        let normed = memory.narrow[2].base
        Number.multiply(
            wanted, width, vocabulary, 1, memory.logitDeltas.base, strideA: vocabulary, transposesA: false,
            theta + model.unembedding, strideB: width, transposesB: false, 0, normed, strideC: width)
        if let rest {
            Number.multiply(
                vocabulary, width, wanted, 1, memory.logitDeltas.base, strideA: vocabulary, transposesA: true,
                memory.normed.base, strideB: width, transposesB: false, 1, rest + model.unembedding, strideC: width)
        }
        current.update(repeating: 0, count: wanted * width)
        normBack(model.norm, theta, wanted, memory.outputs, memory.statistics, normed, current, rest)
        for layer in model.blocks.indices.reversed() {
            backward(theta, layer, slopes, linearOnly: linearOnly, from: current, into: next)
            swap(&current, &next)
        }
        guard let rest else { return }
        for (place, token) in batch.tokens.enumerated() {
            let row = current + place * width
            loops.pointee.add(width, 1, row, rest + model.tokens + Int(token) * width)
            loops.pointee.add(width, 1, row, rest + model.positions + Int(batch.positions[place]) * width)
        }
    }

    // `from` holds the gradient of the block's outputs, (Q, D), and is used up; `into` gets that of its inputs, (N, D).
    private func backward(
        _ theta: UnsafeMutablePointer<Number>, _ layer: Int, _ slopes: UnsafeMutablePointer<Number>, linearOnly: Bool,
        from: UnsafeMutablePointer<Number>, into: UnsafeMutablePointer<Number>
    ) {
        let (block, own) = (model.blocks[layer], memory.blocks[layer])
        let width = model.shape.width
        let (count, rows) = (batch.tokens.count, rows(layer))
        let rest = linearOnly ? nil : slopes
        let normed = memory.narrow[2].base
        let (wide, other) = (memory.wide[0].base, memory.wide[1].base)

        pullBack(block.down, theta, own.hidden.base, rows, from, wide, slopes, rest)
        loops.pointee.gelu_slope(rows * 4 * width, own.up.base, wide, other)
        pullBack(block.up, theta, own.middleNormed.base, rows, other, normed, slopes, rest)
        normBack(block.perceptronNorm, theta, rows, own.middle, own.middleStatistics, normed, from, rest)

        pullBack(block.output, theta, own.attended.base, rows, from, normed, slopes, rest)
        withSequences(layer) {
            loops.pointee.attention_back(
                $0, model.shape.heads, width / model.shape.heads, own.qkv.base, own.shares.base, normed, wide)
        }
        pullBack(block.qkv, theta, own.normed.base, count, wide, normed, slopes, rest)
        scatter(from, layer, into)
        normBack(block.attentionNorm, theta, count, own.inputs, own.statistics, normed, into, rest)
    }

    // MARK: Tangents

    /// Forward mode: the derivatives of the logits of the last ``forward(_:_:)`` along a direction in the space of
    /// parameters. They stand in ``logitDeltas`` then.
    public func tangents(_ parameters: Vector<Number>, _ direction: Vector<Number>) {
        precondition(parameters.count == model.layout.count && direction.count == model.layout.count)
        let wanted = batch.queries.count
        guard wanted > 0 else { return }
        let (width, vocabulary) = (model.shape.width, model.shape.vocabulary)
        let (theta, along) = (parameters.base, direction.base)
        var (current, next) = (memory.narrow[0].base, memory.narrow[1].base)
        let normed = memory.narrow[2].base
        for (place, token) in batch.tokens.enumerated() {
            let row = current + place * width
            row.update(from: along + model.tokens + Int(token) * width, count: width)
            loops.pointee.add(width, 1, along + model.positions + Int(batch.positions[place]) * width, row)
        }
        for layer in model.blocks.indices {
            tangents(theta, along, layer, from: current, into: next)
            swap(&current, &next)
        }
        loops.pointee.layer_norm_tangent(
            wanted, width, memory.outputs.base, theta + model.norm.gain, memory.statistics.base, current,
            along + model.norm.gain, along + model.norm.bias, normed)
        Number.multiply(
            wanted, vocabulary, width, 1, normed, strideA: width, transposesA: false, theta + model.unembedding,
            strideB: width, transposesB: true, 0, memory.logitDeltas.base, strideC: vocabulary)
        Number.multiply(
            wanted, vocabulary, width, 1, memory.normed.base, strideA: width, transposesA: false,
            along + model.unembedding, strideB: width, transposesB: true, 1, memory.logitDeltas.base,
            strideC: vocabulary)
    }

    private func tangents(
        _ theta: UnsafeMutablePointer<Number>, _ along: UnsafeMutablePointer<Number>, _ layer: Int,
        from: UnsafeMutablePointer<Number>, into: UnsafeMutablePointer<Number>
    ) {
        let (block, own) = (model.blocks[layer], memory.blocks[layer])
        let width = model.shape.width
        let (count, rows) = (batch.tokens.count, rows(layer))
        let normed = memory.narrow[2].base
        let (wide, other) = (memory.wide[0].base, memory.wide[1].base)
        func linear(
            _ layer: Transformer<Number>.Linear, _ inputs: UnsafeMutablePointer<Number>,
            _ tangent: UnsafeMutablePointer<Number>, _ rows: Int, _ out: UnsafeMutablePointer<Number>, adds: Bool
        ) {
            apply(layer, along, inputs, rows, out, adds: adds)
            Number.multiply(
                rows, layer.outputs, layer.inputs, 1, tangent, strideA: layer.inputs, transposesA: false,
                theta + layer.weight, strideB: layer.inputs, transposesB: true, 1, out, strideC: layer.outputs)
        }
        loops.pointee.layer_norm_tangent(
            count, width, own.inputs.base, theta + block.attentionNorm.gain, own.statistics.base, from,
            along + block.attentionNorm.gain, along + block.attentionNorm.bias, normed)
        linear(block.qkv, own.normed.base, normed, count, wide, adds: false)
        withSequences(layer) {
            loops.pointee.attention_tangent(
                $0, model.shape.heads, width / model.shape.heads, own.qkv.base, own.shares.base, wide, normed)
        }
        gather(from, layer, into)
        linear(block.output, own.attended.base, normed, rows, into, adds: true)
        loops.pointee.layer_norm_tangent(
            rows, width, own.middle.base, theta + block.perceptronNorm.gain, own.middleStatistics.base, into,
            along + block.perceptronNorm.gain, along + block.perceptronNorm.bias, normed)
        linear(block.up, own.middleNormed.base, normed, rows, wide, adds: false)
        loops.pointee.gelu_slope(rows * 4 * width, own.up.base, wide, other)
        linear(block.down, own.hidden.base, other, rows, into, adds: true)
    }
}

// MARK: - Parts of passes

extension TransformerPass {
    private func isLast(_ layer: Int) -> Bool { layer == model.blocks.count - 1 }

    /// Rows that go on behind the keys and values of a block.
    private func rows(_ layer: Int) -> Int { isLast(layer) ? batch.queries.count : batch.tokens.count }

    private func outputs(_ layer: Int) -> UnsafeMutablePointer<Number> {
        isLast(layer) ? memory.outputs.base : memory.blocks[layer + 1].inputs.base
    }

    /// y ← x Wᵀ + b, or y ← y + x Wᵀ + b.
    private func apply(
        _ layer: Transformer<Number>.Linear, _ theta: UnsafeMutablePointer<Number>, _ x: UnsafeMutablePointer<Number>,
        _ rows: Int, _ y: UnsafeMutablePointer<Number>, adds: Bool = false
    ) {
        let bias = theta + layer.bias
        for row in 0..<rows {
            let line = y + row * layer.outputs
            if adds {
                loops.pointee.add(layer.outputs, 1, bias, line)
            } else {
                line.update(from: bias, count: layer.outputs)
            }
        }
        Number.multiply(
            rows, layer.outputs, layer.inputs, 1, x, strideA: layer.inputs, transposesA: false, theta + layer.weight,
            strideB: layer.inputs, transposesB: true, 1, y, strideC: layer.outputs)
    }

    /// dx ← dy W; the gradients of weight and, where `rest` is there, of bias are added.
    private func pullBack(
        _ layer: Transformer<Number>.Linear, _ theta: UnsafeMutablePointer<Number>, _ x: UnsafeMutablePointer<Number>,
        _ rows: Int, _ dy: UnsafeMutablePointer<Number>, _ dx: UnsafeMutablePointer<Number>,
        _ slopes: UnsafeMutablePointer<Number>, _ rest: UnsafeMutablePointer<Number>?
    ) {
        Number.multiply(
            layer.outputs, layer.inputs, rows, 1, dy, strideA: layer.outputs, transposesA: true, x,
            strideB: layer.inputs, transposesB: false, 1, slopes + layer.weight, strideC: layer.inputs)
        Number.multiply(
            rows, layer.inputs, layer.outputs, 1, dy, strideA: layer.outputs, transposesA: false,
            theta + layer.weight, strideB: layer.inputs, transposesB: false, 0, dx, strideC: layer.inputs)
        if let rest { loops.pointee.add_rows(rows, layer.outputs, dy, rest + layer.bias) }
    }

    /// Adds the gradient of what goes into a layer norm.
    private func normBack(
        _ norm: Transformer<Number>.Norm, _ theta: UnsafeMutablePointer<Number>, _ rows: Int, _ x: Vector<Number>,
        _ statistics: Vector<Number>, _ dy: UnsafeMutablePointer<Number>, _ dx: UnsafeMutablePointer<Number>,
        _ rest: UnsafeMutablePointer<Number>?
    ) {
        loops.pointee.layer_norm_back(
            rows, model.shape.width, x.base, theta + norm.gain, statistics.base, dy, dx, rest.map { $0 + norm.gain },
            rest.map { $0 + norm.bias })
    }

    /// The rows that go on: (N, D) → (Q, D).
    private func gather(_ from: UnsafeMutablePointer<Number>, _ layer: Int, _ into: UnsafeMutablePointer<Number>) {
        let width = model.shape.width
        guard isLast(layer) else { return into.update(from: from, count: batch.tokens.count * width) }
        for (place, row) in batch.queryRows.enumerated() {
            (into + place * width).update(from: from + Int(row) * width, count: width)
        }
    }

    /// The reverse of ``gather(_:_:_:)``; rows that did not go on become 0.
    private func scatter(_ from: UnsafeMutablePointer<Number>, _ layer: Int, _ into: UnsafeMutablePointer<Number>) {
        let width = model.shape.width
        guard isLast(layer) else { return into.update(from: from, count: batch.tokens.count * width) }
        into.update(repeating: 0, count: batch.tokens.count * width)
        for (place, row) in batch.queryRows.enumerated() {
            (into + Int(row) * width).update(from: from + place * width, count: width)
        }
    }

    private func withSequences(_ layer: Int, _ body: (UnsafePointer<undertone_sequences>) -> Void) {
        let queryStarts = isLast(layer) ? batch.queryStarts : batch.starts
        let queries = isLast(layer) ? batch.queries : batch.positions
        batch.starts.withUnsafeBufferPointer { starts in
            queryStarts.withUnsafeBufferPointer { queryStarts in
                queries.withUnsafeBufferPointer { queries in
                    // None is empty: a pass without wanted tokens has returned.
                    guard let first = starts.baseAddress, let second = queryStarts.baseAddress,
                        let third = queries.baseAddress
                    else { return }
                    var sequences = undertone_sequences(
                        count: batch.count, starts: first, query_starts: second, queries: third, stride: batch.stride)
                    body(&sequences)
                }
            }
        }
    }
}
