// Names of tensors, as the common libraries write them, brought to one form.

import UndertoneTensors

/// Parts in front of a name that say how the model was wrapped, not what the tensor is.
private let wrappers: Set<Substring> = [
    "module", "_orig_mod", "base_model", "model", "language_model", "text_model", "transformer", "gpt_neox", "bert",
    "roberta", "encoder", "decoder", "backbone",
]

/// A name without the wrappers in front: `model.layers.0.mlp.up_proj.weight` and `layers.0.mlp.up_proj.weight` are one.
func withoutWrappers(_ name: String) -> String {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)[...]
    while parts.count > 1, let first = parts.first, wrappers.contains(first) { parts = parts.dropFirst() }
    return parts.joined(separator: ".")
}

/// Tensors by their names without wrappers; by their full names where two would be one.
func canonicalTensors(_ set: TensorSet) -> [(name: String, tensor: StoredTensor)] {
    var named = set.tensors.map { (name: withoutWrappers($0.info.name), tensor: $0) }
    if Set(named.map(\.name)).count < named.count { named = set.tensors.map { ($0.info.name, $0) } }
    return named.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
}

/// Whether the numbers of such a tensor are computed rather than learned: masks, tables of angles, positions.
func isComputed(_ name: String) -> Bool {
    ["inv_freq", "rotary", "mask", "position", "attn.bias", "attention.bias", "cos_cached", "sin_cached", "alibi"]
        .contains { name.contains($0) } && !name.hasSuffix("_proj.weight")
}

/// The place of a feed-forward part, in one spelling: `h.3.mlp` and `layers.3.feed_forward` are `layers.3.mlp`.
func canonicalPlace(_ stem: some StringProtocol) -> String {
    stem.split(separator: ".", omittingEmptySubsequences: false).map { part in
        switch part {
        case "h", "blocks", "block", "layer": "layers"
        case "feed_forward", "ffn", "block_sparse_moe", "DenseReluDense", "ff": "mlp"
        default: String(part)
        }
    }.joined(separator: ".")
}

/// Whether `left` comes before `right` where runs of digits count as numbers: `fc2` before `fc10`.
func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
    var (a, b) = (Array(left.utf8)[...], Array(right.utf8)[...])
    func takeNumber(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = text.prefix { (0x30...0x39).contains($0) }
        text = text.dropFirst(digits.count)
        return digits.drop { $0 == 0x30 }
    }
    while let x = a.first, let y = b.first {
        if (0x30...0x39).contains(x), (0x30...0x39).contains(y) {
            let (m, n) = (takeNumber(&a), takeNumber(&b))
            if m.count != n.count { return m.count < n.count }
            if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
        } else {
            if x != y { return x < y }
            a = a.dropFirst()
            b = b.dropFirst()
        }
    }
    if a.isEmpty, b.isEmpty { return left.utf8.lexicographicallyPrecedes(right.utf8) }
    return a.isEmpty
}
