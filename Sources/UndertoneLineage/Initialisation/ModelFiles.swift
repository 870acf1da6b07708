// A model as it lies on disk: its tensors, and what its settings and its tokenizer say beside them.

public import UndertoneTensors
import UndertoneText

/// What `config.json` says of a model; `nil` where it says nothing. Untrusted.
public struct ModelSettings: Sendable, Equatable {
    /// The first of `architectures`: `Qwen2ForCausalLM`.
    public var architecture: String?
    /// Heads of the values in attention: `num_key_value_heads`, or else `num_attention_heads`.
    var valueHeads: Int?
}

/// The files of one model.
public struct ModelFiles: Sendable {
    /// The path that was asked for.
    public let path: String
    /// Its tensors.
    public let tensors: TensorSet
    /// What `config.json` beside them says; nothing, where there is none or it is not JSON.
    public let settings: ModelSettings
    /// SHA-256 of `tokenizer.json` beside them; `nil` where there is none.
    let tokenizerDigest: String?

    /// Opens a `.safetensors` file, an index of shards, or a folder; see ``TensorSet``.
    public init(path: String) throws(TensorFileError) {
        self.path = path
        tensors = try TensorSet(path: path)
        settings = readSettings("\(tensors.folder)/config.json")
        tokenizerDigest = try? contentDigest(of: "\(tensors.folder)/tokenizer.json").digest
    }

    /// Weights, all tensors together. Quantised weights are counted as they are packed.
    public var parameterCount: Int { tensors.elementCount }

    /// Whether there is nothing but low-rank additions (LoRA) to a model that is elsewhere.
    var isAdapter: Bool {
        let matrices = tensors.tensors.filter { $0.info.shape.count >= 2 }
        return !matrices.isEmpty && matrices.allSatisfy { $0.info.name.contains("lora_") }
    }
}

private func readSettings(_ path: String) -> ModelSettings {
    let limits = JSONValue.Limits(bytes: 4 << 20, depth: 128)
    guard let bytes = try? smallFile(path, byteLimit: limits.bytes),
        let config = try? JSONValue(parsing: bytes, limits: limits)
    else { return ModelSettings() }
    // Models that see or hear keep the settings of their language model one level deeper.
    let language = config["text_config"]
    func count(_ names: String...) -> Int? {
        let values = [language, config].lazy.flatMap { part in names.lazy.compactMap { part?[$0]?.integer } }
        return values.first { $0 >= 0 }
    }
    var settings = ModelSettings()
    settings.architecture =
        (config["architectures"] ?? language?["architectures"])?.array?.lazy.compactMap(\.string).first
    settings.valueHeads = count("num_key_value_heads") ?? count("num_attention_heads", "n_head")
    return settings
}
