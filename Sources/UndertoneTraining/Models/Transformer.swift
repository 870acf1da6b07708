// A causal transformer with layer norms before attention and perceptron (Radford et al., *Language models are unsupervised
// multitask learners*, 2019). N tokens of a batch lie one behind the other; M of them are asked for their next token.
//
//     x      = E[token] + P[position]              (N, D)
//     a      = attention(norm(x) Wqkvᵀ + b)         (N, D)    H heads of D / H columns
//     x      ← x + a Woᵀ + b
//     x      ← x + gelu(norm(x) Wupᵀ + b) Wdownᵀ + b           4 D hidden units
//     logits = norm(x) Uᵀ                           (M, V)    U is E where embeddings are tied
//
// The last block calculates only what the M wanted tokens need: their own rows behind its keys and values.

/// The sizes of a transformer.
public struct TransformerShape: Sendable, Hashable, Codable {
    /// Different tokens, V.
    public var vocabulary: Int
    /// Tokens of the longest sequence, at most ``TransformerShape/longestContext``.
    public var context = 64
    /// Columns of a token's vector, D.
    public var width = 64
    /// Blocks.
    public var layers = 2
    /// Heads of attention; they divide the width.
    public var heads = 4
    /// Whether logits are calculated with the embeddings of the tokens.
    public var tiesEmbeddings = true

    /// The longest context that there can be.
    public static let longestContext = 128

    /// The shape of the small world: 2 layers, width 64.
    public init(vocabulary: Int) { self.vocabulary = vocabulary }

    /// What can't be in these sizes; nil where all is well.
    public var problem: String? {
        func isIn(_ value: Int, _ range: ClosedRange<Int>) -> Bool { range.contains(value) }
        if !isIn(vocabulary, 2...1_000_000) { return "vocabulary is \(vocabulary); 2 to 1,000,000 words are possible" }
        if !isIn(context, 2...TransformerShape.longestContext) {
            return "context is \(context); 2 to \(TransformerShape.longestContext) tokens are possible"
        }
        if !isIn(width, 1...8192) { return "width is \(width); 1 to 8,192 are possible" }
        if !isIn(layers, 1...100) { return "layers are \(layers); 1 to 100 are possible" }
        if !isIn(heads, 1...width) || width % heads != 0 { return "\(heads) heads don't divide width \(width)" }
        if width / heads > 128 { return "a head has \(width / heads) columns; at most 128 are possible" }
        return nil
    }
}

/// A causal transformer: its shape and the layout of its parameters. Parameters are passed in, so that one model serves a
/// base and all its students.
public struct Transformer<Number: Scalar>: Sendable {
    /// Weight and bias of a linear layer: (outputs, inputs) and (outputs).
    struct Linear: Sendable {
        let weight: Int
        let bias: Int
        let inputs: Int
        let outputs: Int
    }

    /// Gain and bias of a layer norm.
    struct Norm: Sendable {
        let gain: Int
        let bias: Int
    }

    struct Block: Sendable {
        let attentionNorm: Norm
        let qkv: Linear
        let output: Linear
        let perceptronNorm: Norm
        let up: Linear
        let down: Linear
    }

    /// Its sizes.
    public let shape: TransformerShape
    /// `embedding.tokens`, `embedding.positions`, `blocks.0.attention.norm.weight`, …
    public let layout: ParameterLayout

    let tokens: Int
    let positions: Int
    let blocks: [Block]
    let norm: Norm
    let unembedding: Int

    /// - Parameter shape: one without a ``TransformerShape/problem``.
    public init(_ shape: TransformerShape) {
        precondition(shape.problem == nil, shape.problem ?? "")
        self.shape = shape
        let width = shape.width
        var layout = ParameterLayout()
        func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> Linear {
            Linear(
                weight: layout.add("\(name).weight", outputs, inputs), bias: layout.add("\(name).bias", outputs),
                inputs: inputs, outputs: outputs)
        }
        func norm(_ name: String) -> Norm {
            Norm(gain: layout.add("\(name).weight", width), bias: layout.add("\(name).bias", width))
        }
        tokens = layout.add("embedding.tokens", shape.vocabulary, width)
        positions = layout.add("embedding.positions", shape.context, width)
        blocks = (0..<shape.layers).map { index in
            let name = "blocks.\(index)"
            return Block(
                attentionNorm: norm("\(name).attention.norm"), qkv: linear("\(name).attention.qkv", width, 3 * width),
                output: linear("\(name).attention.output", width, width),
                perceptronNorm: norm("\(name).perceptron.norm"),
                up: linear("\(name).perceptron.up", width, 4 * width),
                down: linear("\(name).perceptron.down", 4 * width, width))
        }
        self.norm = norm("norm")
        unembedding = shape.tiesEmbeddings ? tokens : layout.add("unembedding", shape.vocabulary, width)
        self.layout = layout
    }

    /// The names of the matrices that adapters of low rank go to: all linear layers of the blocks.
    public var linearWeights: [String] {
        layout.tensors.map(\.name).filter { $0.hasPrefix("blocks.") && $0.hasSuffix(".weight") && !$0.contains("norm") }
    }

    /// Random parameters: embeddings N(0, 0.1²), weights N(0, 1/inputs) and those that end a branch smaller by the number of
    /// branches, as in GPT-2; gains 1, biases 0. The same seed gives the same numbers on every machine whose logarithm, sine
    /// and cosine are those of the same C library.
    public func initialParameters(seed: UInt64, embeddingScale: Double = 0.1) -> Vector<Number> {
        let parameters = Vector<Number>(count: layout.count)
        for (index, tensor) in layout.tensors.enumerated() {
            let values = parameters.base + tensor.offset
            let scale: Double
            if tensor.name.hasPrefix("embedding.") || tensor.name == "unembedding" {
                scale = embeddingScale
            } else if tensor.name.hasSuffix("norm.weight") {
                values.update(repeating: 1, count: tensor.count)
                continue
            } else if tensor.name.hasSuffix(".weight") {
                let endsBranch = tensor.name.hasSuffix("output.weight") || tensor.name.hasSuffix("down.weight")
                let branches = endsBranch ? Double(2 * shape.layers) : 1
                scale = 1 / (Double(tensor.shape[1]) * branches).squareRoot()
            } else {
                continue
            }
            var random = RandomStream(seed: seed, stream: UInt64(index))
            random.fill(values, count: tensor.count, scale: scale)
        }
        return parameters
    }
}
