// Where the hidden units of a model are: found by the names that common libraries give, or by shapes.

import UndertoneTensors

/// A matrix with one row (or column) for each of some units.
struct UnitMatrix: Sendable {
    var tensor: StoredTensor
    /// The dimension along which units lie: 0 for rows, 1 for columns.
    var unitAxis: Int
    /// Where along it these units begin; not 0 where several kinds are packed into one matrix.
    var firstUnit = 0
    /// How many units there are.
    var units: Int

    /// Numbers that belong to one unit.
    var width: Int { tensor.info.shape[1 - unitAxis] }
}

/// A layer of hidden units: what goes into them, and a second matrix with an entry for each.
struct HiddenLayer: Sendable {
    /// What the second matrix is.
    enum Second: String, Sendable {
        case gate, down
        /// The down projection, which is also the up projection of the next layer: a plain network.
        case chain
    }

    /// The same for the same place of another model: `layers.3.mlp`.
    var place: String
    /// The up projection.
    var up: UnitMatrix
    /// The gate projection where there is one, else the down projection.
    var second: UnitMatrix?
    var kind: Second

    var units: Int { up.units }
}

// Up, gate, down, as they are called behind the place of a layer.
private let conventions: [(up: String, gate: String?, down: String)] = [
    ("up_proj", "gate_proj", "down_proj"),  // Llama, Qwen, Mistral, Gemma
    ("gate_up_proj", nil, "down_proj"),  // Phi-3: the gate first, then the up projection, in one matrix
    ("w3", "w1", "w2"),  // Llama as published, Mixtral
    ("up_proj", nil, "down_proj"),  // MPT, Nemotron
    ("dense_h_to_4h", nil, "dense_4h_to_h"),  // GPT-NeoX, Falcon, BLOOM, ChatGLM
    ("c_fc", nil, "c_proj"),  // GPT-2, GPT-Neo
    ("fc_in", nil, "fc_out"),  // GPT-J
    ("fc1", nil, "fc2"),  // Phi, OPT
    ("wi_1", "wi_0", "wo"),  // T5 with a gate
    ("wi", nil, "wo"),  // T5
    ("intermediate.dense", nil, "output.dense"),  // BERT
    ("lin1", nil, "lin2"),  // DistilBERT
    ("linear1", nil, "linear2"),  // torch.nn.TransformerEncoderLayer
]

/// The hidden layers of a model, in the natural order of their places.
func hiddenLayers(_ tensors: [(name: String, tensor: StoredTensor)]) -> [HiddenLayer] {
    let names = Dictionary(tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    var layers: [String: HiddenLayer] = [:]
    var hasKnownNames = false
    let isConv1D = tensors.contains {
        $0.name.hasSuffix("c_attn.weight") && $0.tensor.info.shape.count == 2
            && $0.tensor.info.shape[0] < $0.tensor.info.shape[1]
    }
    for (name, tensor) in tensors where name.hasSuffix(".weight") {
        let bare = name.dropLast(".weight".count)
        for convention in conventions {
            guard bare == convention.up || bare.hasSuffix(".\(convention.up)") else { continue }
            let stem = bare.dropLast(convention.up.utf8.count)
            let gate = convention.gate.flatMap { names["\(stem)\($0).weight"] }
            guard let down = names["\(stem)\(convention.down).weight"], convention.gate == nil || gate != nil else {
                continue
            }
            // A third layer of that kind: a plain network, where each hidden layer counts.
            if convention.up == "fc1", names["\(stem)fc3.weight"] != nil { continue }
            let place = canonicalPlace(stem.hasSuffix(".") ? stem.dropLast() : stem)
            hasKnownNames = true
            guard layers[place] == nil else { break }
            layers[place] = hiddenLayer(
                place, up: tensor, gate: gate, down: down, bias: names["\(bare).bias"],
                isTransposed: convention.up == "c_fc" && isConv1D)
            break
        }
    }
    let found = layers.values.sorted { naturallyPrecedes($0.place, $1.place) }
    // Matrices of known names that don't fit each other are no plain network either.
    return hasKnownNames ? found : plainLayers(tensors, names)
}

private func isMatrix(_ tensor: StoredTensor) -> Bool {
    tensor.info.shape.count == 2 && tensor.info.type.isReadableAsFloat && tensor.info.elementCount > 0
}

private func hiddenLayer(
    _ place: String, up: StoredTensor, gate: StoredTensor?, down: StoredTensor, bias: StoredTensor?, isTransposed: Bool
) -> HiddenLayer? {
    guard isMatrix(up), isMatrix(down), gate.map(isMatrix) ?? true else { return nil }
    var axis = isTransposed ? 1 : 0
    // A bias has one number for each unit, and so tells rows from columns.
    if let count = bias?.info.shape.first, bias?.info.shape.count == 1, up.info.shape[0] != up.info.shape[1] {
        if count == up.info.shape[0] { axis = 0 } else if count == up.info.shape[1] { axis = 1 }
    }
    let stored = up.info.shape[axis]
    let units = down.info.shape[1 - axis]
    if let gate {
        guard stored == units, gate.info.shape == up.info.shape else { return nil }
        return HiddenLayer(
            place: place, up: UnitMatrix(tensor: up, unitAxis: axis, units: units),
            second: UnitMatrix(tensor: gate, unitAxis: axis, units: units), kind: .gate)
    }
    if stored == 2 * units {
        return HiddenLayer(
            place: place, up: UnitMatrix(tensor: up, unitAxis: axis, firstUnit: units, units: units),
            second: UnitMatrix(tensor: up, unitAxis: axis, units: units), kind: .gate)
    }
    guard stored == units else { return nil }
    return HiddenLayer(
        place: place, up: UnitMatrix(tensor: up, unitAxis: axis, units: units),
        second: UnitMatrix(tensor: down, unitAxis: 1 - axis, units: units), kind: .down)
}

// A plain network under any names: a matrix whose units are what the next matrix takes in. Not where there is attention:
// the rows of its matrices can't be permuted freely, so the test would not be valid for them.
private func plainLayers(
    _ tensors: [(name: String, tensor: StoredTensor)], _ names: [String: StoredTensor]
) -> [HiddenLayer] {
    guard !tensors.contains(where: { $0.name.contains("attn") || $0.name.contains("attention") }) else { return [] }
    let matrices = tensors.filter { isMatrix($0.tensor) && !$0.name.contains("embed") }
        .sorted { naturallyPrecedes($0.name, $1.name) }
    func fits(_ axis: Int) -> [Int] {
        matrices.indices.dropLast().filter { index in
            let units = matrices[index].tensor.info.shape[axis]
            let name = matrices[index].name
            let bias = name.lastIndex(of: ".").flatMap { names["\(name[..<$0]).bias"] }
            let agrees = bias.map { $0.info.shape == [units] } ?? true
            return agrees && matrices[index + 1].tensor.info.shape[1 - axis] == units
        }
    }
    let (rows, columns) = (fits(0), fits(1))
    let axis = rows.count >= columns.count ? 0 : 1
    return (axis == 0 ? rows : columns).enumerated().map { number, index in
        let (up, down) = (matrices[index].tensor, matrices[index + 1].tensor)
        let units = up.info.shape[axis]
        return HiddenLayer(
            place: "hidden.\(number + 1)", up: UnitMatrix(tensor: up, unitAxis: axis, units: units),
            second: UnitMatrix(tensor: down, unitAxis: 1 - axis, units: units), kind: .chain)
    }
}
