// Which model a checkpoint holds: the sizes from which the layout of its parameters follows.

import UndertoneText

/// The shape of a model of the built-in core.
public enum ModelShape: Sendable, Hashable {
    /// A ``Transformer``.
    case transformer(TransformerShape)
    /// A ``MultilayerPerceptron``: inputs, hidden units layer by layer, logits.
    case perceptron(widths: [Int])

    /// Layers of a perceptron at most.
    static let layerLimit = 100
    /// Units of a layer of a perceptron at most.
    static let unitLimit = 1_000_000

    /// What can't be in these sizes; nil where all is well.
    public var problem: String? {
        switch self {
        case .transformer(let shape): return shape.problem
        case .perceptron(let widths):
            guard (2...ModelShape.layerLimit + 1).contains(widths.count) else {
                return "there are \(widths.count) widths; 2 to \(ModelShape.layerLimit + 1) are possible"
            }
            let wrong = widths.first { !(1...ModelShape.unitLimit).contains($0) }
            return wrong.map { "a width is \($0); 1 to 1,000,000 are possible" }
        }
    }

    /// The tensors of such a model. The shape must have no ``problem``.
    public var layout: ParameterLayout {
        switch self {
        case .transformer(let shape): Transformer<Float>(shape).layout
        case .perceptron(let widths): MultilayerPerceptron<Float>(widths: widths).layout
        }
    }

    /// As JSON: `{"model":"transformer","vocabulary":266,…}`, `{"model":"perceptron","widths":[64,256,10]}`.
    public var json: String {
        var json = JSONWriter(.compact)
        json.object { json in
            switch self {
            case .transformer(let shape):
                json.member("model", "transformer")
                for (name, path) in ModelShape.sizes { json.member(name, shape[keyPath: path]) }
                json.member("tiesEmbeddings", shape.tiesEmbeddings)
            case .perceptron(let widths):
                json.member("model", "perceptron")
                json.array("widths") { json in
                    for width in widths { json.value(width) }
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The reverse of ``json``. A member that is not known could change what the others mean, and is refused.
    ///
    /// - Throws: `badMetadata`, in the name of the file at `path`. A shape that comes out has no ``problem``.
    init(json text: String, path: String) throws(CheckpointError) {
        func bad(_ problem: String) -> CheckpointError {
            CheckpointError(
                .badMetadata, path, "undertone.shape, the model's sizes, can't be used: \(problem)",
                mend: "the file was changed by hand or damaged; save the model anew")
        }
        let value: JSONValue
        do { value = try JSONValue(parsing: text.utf8) } catch { throw bad("\(error)") }
        guard let members = value.object?.members else { throw bad("it is \(value.kindName)") }
        let names = Set(members.map(\.name))
        switch value["model"]?.string {
        case "transformer":
            var shape = TransformerShape(vocabulary: 0)
            for (name, path) in ModelShape.sizes {
                guard let size = value[name]?.integer else { throw bad("\(name) is missing or no whole number") }
                shape[keyPath: path] = size
            }
            guard let isTied = value["tiesEmbeddings"]?.boolean else {
                throw bad("tiesEmbeddings is missing, or neither true nor false")
            }
            shape.tiesEmbeddings = isTied
            self = .transformer(shape)
        case "perceptron":
            guard let widths = value["widths"]?.array else { throw bad("widths are missing or no list") }
            let sizes = widths.compactMap(\.integer)
            guard sizes.count == widths.count else { throw bad("a width is no whole number") }
            self = .perceptron(widths: sizes)
        default: throw bad("model is neither \"transformer\" nor \"perceptron\"")
        }
        if let problem { throw bad(problem) }
        let known: Set<String> =
            if case .transformer = self {
                Set(ModelShape.sizes.map(\.name)).union(["model", "tiesEmbeddings"])
            } else {
                ["model", "widths"]
            }
        if let stranger = names.subtracting(known).min() {
            throw bad("\"\(visible(stranger, limit: 40))\" is no size of this model")
        }
    }

    private static var sizes: [(name: String, path: WritableKeyPath<TransformerShape, Int>)] {
        [
            ("vocabulary", \.vocabulary), ("context", \.context), ("width", \.width), ("layers", \.layers),
            ("heads", \.heads),
        ]
    }
}
