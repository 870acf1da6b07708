// Adapters of low rank: a student that differs from its base by products of narrow matrices.

/// LoRA (Hu et al., *LoRA: Low-rank adaptation of large language models*, 2022): every linear layer of a block has
/// W + (α / r) B A in the place of W, and only A, (r, inputs), and B, (outputs, r), are trained.
///
/// The adapter is a map between two parameter vectors, its own and that of the model; passes know nothing of it.
public struct LowRankAdapter<Number: Scalar>: Sendable {
    /// r.
    public let rank: Int
    /// α / r.
    public let scale: Double
    /// `blocks.0.attention.qkv.lora_A`, `blocks.0.attention.qkv.lora_B`, …
    public let layout: ParameterLayout

    private struct Pair: Sendable {
        let weight: Int
        let a: Int
        let b: Int
        let inputs: Int
        let outputs: Int
    }
    private let pairs: [Pair]
    private let modelCount: Int

    /// Adapters for all linear layers in the blocks of a model.
    ///
    /// - Parameters:
    ///   - rank: 1 or more.
    ///   - alpha: the factor before the product, times the rank; usually as large as the rank.
    public init(_ model: Transformer<Number>, rank: Int, alpha: Double) {
        precondition(rank > 0, "an adapter needs a rank")
        self.rank = rank
        scale = alpha / Double(rank)
        modelCount = model.layout.count
        var layout = ParameterLayout()
        pairs = model.linearWeights.compactMap { name in
            guard let tensor = model.layout[name] else { return nil }
            let stem = name.dropLast(".weight".count)
            let (outputs, inputs) = (tensor.shape[0], tensor.shape[1])
            return Pair(
                weight: tensor.offset, a: layout.add("\(stem).lora_A", rank, inputs),
                b: layout.add("\(stem).lora_B", outputs, rank), inputs: inputs, outputs: outputs)
        }
        self.layout = layout
    }

    /// A is N(0, 1/inputs), B is 0: the student begins as the base.
    public func initialParameters(seed: UInt64) -> Vector<Number> {
        let parameters = Vector<Number>(count: layout.count)
        for (index, pair) in pairs.enumerated() {
            var random = RandomStream(seed: seed, stream: RandomStream.adapterStreams | UInt64(index))
            random.fill(
                parameters.base + pair.a, count: rank * pair.inputs, scale: 1 / Double(pair.inputs).squareRoot())
        }
        return parameters
    }

    /// The model's parameters with the adapters added. `merged` gets all of the base's, changed where adapters are.
    public func merge(_ adapter: Vector<Number>, base: Vector<Number>, into merged: Vector<Number>) {
        precondition(adapter.count == layout.count && base.count == modelCount && merged.count == modelCount)
        merged.base.update(from: base.base, count: modelCount)
        for pair in pairs {
            Number.multiply(
                pair.outputs, pair.inputs, rank, Number(scale), adapter.base + pair.b, strideA: rank,
                transposesA: false, adapter.base + pair.a, strideB: pair.inputs, transposesB: false, 1,
                merged.base + pair.weight, strideC: pair.inputs)
        }
    }

    /// From the gradient by the model's parameters to that by the adapters': dA = (α / r) Bᵀ dW, dB = (α / r) dW Aᵀ.
    public func pullBack(_ gradient: Vector<Number>, _ adapter: Vector<Number>, into own: Vector<Number>) {
        precondition(adapter.count == layout.count && gradient.count == modelCount && own.count == layout.count)
        for pair in pairs {
            let slopes = gradient.base + pair.weight
            Number.multiply(
                rank, pair.inputs, pair.outputs, Number(scale), adapter.base + pair.b, strideA: rank,
                transposesA: true, slopes, strideB: pair.inputs, transposesB: false, 0, own.base + pair.a,
                strideC: pair.inputs)
            Number.multiply(
                pair.outputs, rank, pair.inputs, Number(scale), slopes, strideA: pair.inputs, transposesA: false,
                adapter.base + pair.a, strideB: pair.inputs, transposesB: true, 0, own.base + pair.b, strideC: rank)
        }
    }
}
