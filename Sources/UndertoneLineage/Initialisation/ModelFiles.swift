// A model as it lies on disk: its tensors, and what its settings and its tokenizer say beside them.

import Crypto
public import UndertoneTensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What `config.json` says of a model; `nil` where it says nothing. Untrusted.
public struct ModelSettings: Sendable, Equatable {
    /// The first of `architectures`: `Qwen2ForCausalLM`.
    public var architecture: String?
    /// `model_type`: `qwen2`.
    public var type: String?
    /// Heads of the values in attention: `num_key_value_heads`, or else `num_attention_heads`.
    public var valueHeads: Int?
    /// Tokens: `vocab_size`.
    public var vocabulary: Int?

    /// Nothing known.
    public init() {}
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
    public let tokenizerDigest: String?

    /// Opens a `.safetensors` file, an index of shards, or a folder; see ``TensorSet``.
    public init(path: String) throws(TensorFileError) {
        self.path = path
        tensors = try TensorSet(path: path)
        settings = readSettings("\(tensors.folder)/config.json")
        tokenizerDigest = fileDigest("\(tensors.folder)/tokenizer.json")
    }

    /// Weights, all tensors together. Quantised weights are counted as they are packed.
    public var parameterCount: Int { tensors.elementCount }

    /// Whether there is nothing but low-rank additions (LoRA) to a model that is elsewhere.
    public var isAdapter: Bool {
        let matrices = tensors.tensors.filter { $0.info.shape.count >= 2 }
        return !matrices.isEmpty && matrices.allSatisfy { $0.info.name.contains("lora_") }
    }
}

private func readSettings(_ path: String) -> ModelSettings {
    guard access(path, R_OK) == 0, let bytes = try? smallFile(path, byteLimit: 4 << 20) else { return ModelSettings() }
    return bytes.withUnsafeBytes { text in
        var settings = ModelSettings()
        var heads: Int?
        var json = JSONScanner(text)
        do throws(JSONError) {
            try readSettings(&json, &settings, &heads)
            try json.end()
        } catch { return ModelSettings() }
        settings.valueHeads = settings.valueHeads ?? heads
        return settings
    }
}

private func readSettings(
    _ json: inout JSONScanner, _ settings: inout ModelSettings, _ heads: inout Int?
) throws(JSONError) {
    var read = settings
    var readHeads = heads
    try json.object({ $0 }) { (name, json) throws(JSONError) in
        switch (name, try json.kind()) {
        case ("architectures", .array):
            try json.array({ $0 }) { (json) throws(JSONError) in
                guard try json.kind() == .string else { return try json.skip() }
                let text = try json.string()
                read.architecture = read.architecture ?? text
            }
        case ("model_type", .string):
            let text = try json.string()
            read.type = read.type ?? text
        case ("num_key_value_heads", .number): read.valueHeads = try json.count()
        case ("num_attention_heads", .number), ("n_head", .number): readHeads = try json.count()
        case ("vocab_size", .number): read.vocabulary = try json.count()
        // Models that see or hear keep the settings of their language model here.
        case ("text_config", .object): try readSettings(&json, &read, &readHeads)
        default: try json.skip()
        }
    }
    settings = read
    heads = readHeads
}

private func fileDigest(_ path: String) -> String? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var hasher = SHA256()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { piece.deallocate() }
    while true {
        let count = fread(piece.baseAddress, 1, piece.count, file)
        if count == 0 { break }
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
    return ferror(file) == 0 ? hexadecimalText(hasher.finalize()) : nil
}

/// Bytes in lower-case hexadecimal, as `sha256sum` prints them.
func hexadecimalText(_ bytes: some Sequence<UInt8>) -> String {
    bytes.reduce(into: "") { $0 += ($1 < 16 ? "0" : "") + String($1, radix: 16) }
}
