// Further tests, for models whose hidden units decide nothing: embeddings, and values in attention.

import UndertoneStatistics
import UndertoneTensors

// Tables of token vectors, by the ends of their names.
private let embeddingNames = [
    "embed_tokens.weight", "wte.weight", "embed_in.weight", "word_embeddings.weight", "tok_embeddings.weight",
    "token_embedding.weight", "shared.weight", "embedding.weight", "emb.weight",
]

/// The dimensions of the token embeddings, matched by their entries for the first tokens.
///
/// Dimensions of the residual stream have no names either: permuted in all matrices, they make the same model, unless
/// positions are added to them by a formula. Each row belongs to one token, so models of one initialisation and one
/// tokenizer agree. All matrices share this one permutation, so it is tested once and not combined over layers.
func embeddingTest(
    _ first: [(name: String, tensor: StoredTensor)], _ second: [(name: String, tensor: StoredTensor)],
    _ tests: UnitTests
) throws(TensorFileError) -> IndependenceTest? {
    func table(_ tensors: [(name: String, tensor: StoredTensor)]) -> StoredTensor? {
        for name in embeddingNames {
            if let found = tensors.first(where: { $0.name.hasSuffix(name) && isTestable($0.tensor) }) {
                return found.tensor
            }
        }
        return nil
    }
    guard let left = table(first), let right = table(second), left.info.shape[1] == right.info.shape[1] else {
        return nil
    }
    let units = left.info.shape[1]
    let width = min(left.info.shape[0], right.info.shape[0], 4096)
    let matching = try tests.match(
        UnitMatrix(tensor: left, unitAxis: 1, units: units), UnitMatrix(tensor: right, unitAxis: 1, units: units),
        2 << 20, width: width)
    return IndependenceTest(
        kind: .embedding, logPValue: matching.identity.logPValue, parts: 1, units: matching.units.count)
}

/// The rows of the value projections, matched within each head: there they can be permuted freely, together with the columns
/// of the output projection. Eight layers at most, evenly spread.
func valueTest(
    _ first: [(name: String, tensor: StoredTensor)], _ second: [(name: String, tensor: StoredTensor)],
    heads: (Int?, Int?), _ tests: UnitTests
) throws(TensorFileError) -> IndependenceTest? {
    guard let count = heads.0, count == heads.1, count > 0, count <= 1024 else { return nil }
    let others = Dictionary(second.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    var pairs: [(StoredTensor, StoredTensor)] = []
    for (name, tensor) in first
    where ["v_proj.weight", "attention.wv.weight", "self.value.weight"].contains(where: name.hasSuffix) {
        guard let other = others[name], isTestable(tensor), isTestable(other), tensor.info.shape == other.info.shape,
            tensor.info.shape[0] % count == 0, tensor.info.shape[0] / count > 1
        else { continue }
        pairs.append((tensor, other))
    }
    var logPValues: [Double] = []
    var units = 0
    for (layer, pair) in evenlySpread(pairs, 8).enumerated() {
        let size = pair.0.info.shape[0] / count
        for head in 0..<count {
            let matching = try tests.match(
                UnitMatrix(tensor: pair.0, unitAxis: 0, firstUnit: head * size, units: size),
                UnitMatrix(tensor: pair.1, unitAxis: 0, firstUnit: head * size, units: size),
                (3 << 20) + layer * count + head)
            logPValues.append(matching.identity.logPValue)
            units += matching.units.count
        }
    }
    guard let logP = fisherCombined(logPValues: logPValues) else { return nil }
    return IndependenceTest(kind: .values, logPValue: logP, parts: logPValues.count, units: units)
}

private func isTestable(_ tensor: StoredTensor) -> Bool {
    tensor.info.shape.count == 2 && tensor.info.elementCount > 0 && tensor.info.type.isReadableAsFloat
}

/// At most `limit` elements, the first and the last among them.
func evenlySpread<Element>(_ elements: [Element], _ limit: Int) -> [Element] {
    guard elements.count > limit, limit > 1 else { return Array(elements.prefix(limit)) }
    return (0..<limit).map { elements[$0 * (elements.count - 1) / (limit - 1)] }
}
