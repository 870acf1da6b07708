// A model on disk: parameters, the sizes they belong to, and what they were made from.

import Crypto
import Glibc
import UndertoneTensors
import UndertoneText

/// What a model was made from, in the caller's words, which are kept as they are.
public struct Provenance: Sendable, Equatable {
    /// The seed of the run.
    public var seed: UInt64
    /// The digest of the checkpoint that the run began with; nil where it began with random numbers.
    public var base: String?
    /// The settings of the run, as JSON.
    public var recipe: String
    /// Digests of the data, in the caller's order.
    public var data: [String]
    /// What made it.
    public var versions: Versions

    /// - Parameter recipe: one JSON value.
    public init(seed: UInt64, base: String? = nil, recipe: String, data: [String] = [], versions: Versions) {
        self.seed = seed
        self.base = base
        self.recipe = recipe
        self.data = data
        self.versions = versions
    }
}

/// A model with its parameters: one safetensors file (docs/checkpoints.md).
public struct Checkpoint: Sendable {
    /// Parameters that a model may have at most, 2²⁸: the built-in core is for small ones, and a hostile file can't ask
    /// for more memory than 1 GiB.
    public static let parameterLimit = 1 << 28

    /// The model's sizes.
    public let shape: ModelShape
    /// Its parameters, in the order of the shape's layout. Not copied; all finite where they come from a file.
    public let parameters: Vector<Float>
    /// ``Vocabulary/digest`` of the vocabulary that its tokens are of; nil for a model without words.
    public var vocabulary: String?
    /// What it was made from; nil where nobody said.
    public var provenance: Provenance?

    /// - Parameters:
    ///   - shape: one without a ``ModelShape/problem``.
    ///   - parameters: as many as the shape's layout has.
    public init(
        _ shape: ModelShape, _ parameters: Vector<Float>, vocabulary: String? = nil, provenance: Provenance? = nil
    ) {
        precondition(shape.problem == nil, shape.problem ?? "")
        precondition(parameters.count == shape.layout.count, "parameters of another model")
        self.shape = shape
        self.parameters = parameters
        self.vocabulary = vocabulary
        self.provenance = provenance
    }

    /// Reads a model. Tensors may be F32, F16, BF16 or F64.
    ///
    /// - Parameters:
    ///   - expected: the shape that the model must have; needed for a file with tensors and nothing about them.
    ///   - vocabulary: ``Vocabulary/digest`` of the vocabulary that it must have been trained with. A file that another
    ///     program wrote says nothing about it, and is not refused for that.
    /// - Throws: ``CheckpointError``. No bytes crash it, and it allocates no more than twice the size of the file.
    public init(
        path: String, expecting expected: ModelShape? = nil, vocabulary: String? = nil
    ) throws(CheckpointError) {
        let file = try TensorFile.opened(path)
        if let problem = expected?.problem {
            throw CheckpointError(.otherShape, path, "no model has the expected shape: \(problem)")
        }
        let entries = try StoredEntries(file, .model)
        let stored = try entries.map { (entries) throws(CheckpointError) in
            try ModelShape(json: try entries.text("shape"), path: path)
        }
        guard let shape = stored ?? expected else {
            throw CheckpointError(
                .noShape, path, "does not say which model its tensors are of",
                mend: "name its shape, or a checkpoint that this program wrote")
        }
        if let expected, expected != shape {
            throw CheckpointError(
                .otherShape, path, "holds \(shape.json), and \(expected.json) is expected",
                mend: "name another checkpoint")
        }
        if let entries, let vocabulary, entries["vocabulary"] != vocabulary {
            throw CheckpointError(
                .otherVocabulary, path,
                entries["vocabulary"].map { "was trained with another vocabulary, \(visible($0, limit: 64))" }
                    ?? "was trained without a vocabulary",
                mend: "its tokens mean other words here; use the version of the program that made it")
        }
        let read = try StoredVector.read(file, layout: shape.layout)
        self.shape = shape
        parameters = read[0].values
        self.vocabulary = entries?["vocabulary"]
        provenance = try entries.flatMap { (entries) throws(CheckpointError) in try Provenance(entries) }
    }

    /// Writes the model; it appears at the path whole or not at all. The same checkpoint gives the same bytes.
    ///
    /// - Returns: SHA-256 of the file, as `sha256sum` prints it.
    /// - Throws: `notFinite`, `badMetadata` for a recipe that is no JSON, `unwritable`. What was at the path is untouched
    ///   then.
    @discardableResult
    public func save(to path: String) throws(CheckpointError) -> String {
        var entries = StoredEntries(.model, path: path)
        entries["shape"] = shape.json
        entries["vocabulary"] = vocabulary
        if let provenance { try provenance.add(to: &entries) }
        let vector = StoredVector(layout: shape.layout, values: parameters)
        try StoredVector.write([vector], metadata: entries.entries, to: path)
        return try Checkpoint.digest(of: path)
    }

    /// SHA-256 of a file, as `sha256sum` prints it.
    public static func digest(of path: String) throws(CheckpointError) -> String {
        func failure() -> CheckpointError {
            CheckpointError(
                .unreadable, path, "can't be read: \(String(cString: strerror(errno)))",
                mend: "check the path and its rights")
        }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError(.unreadable, path, "is no regular file", mend: "name a checkpoint")
        }
        var hasher = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(file, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure() }
            if count == 0 { return hexadecimal(hasher.finalize()) }
            hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

extension Provenance {
    // A checkpoint without a seed has no provenance: nobody said.
    fileprivate init?(_ entries: StoredEntries) throws(CheckpointError) {
        guard entries["seed"] != nil else { return nil }
        seed = try entries.number("seed", at: .max)
        base = entries["base"]
        _ = try entries.json("recipe")
        recipe = try entries.text("recipe")
        guard let list = try entries.json("data").array else { throw entries.bad("data", "is no list") }
        data = list.compactMap(\.string)
        guard data.count == list.count else { throw entries.bad("data", "holds something else than strings") }
        versions = try entries.versions
    }

    fileprivate func add(to entries: inout StoredEntries) throws(CheckpointError) {
        var list = JSONWriter(.compact)
        list.array { json in
            for digest in data { json.value(digest) }
        }
        entries["seed"] = String(seed)
        entries["base"] = base
        entries["recipe"] = recipe
        entries["data"] = String(decoding: list.bytes, as: UTF8.self)
        entries.set(versions)
        _ = try entries.json("recipe")
    }
}

/// A digest as `sha256sum` prints it.
func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

extension Vocabulary {
    /// SHA-256 of the ``listing``, as `sha256sum` prints it.
    public var digest: String { hexadecimal(SHA256.hash(data: Array(listing.utf8))) }
}

/// SHA-256 of texts, with their lengths in front, so that no two lists of texts give the same bytes.
package func digestOfTexts(_ texts: some Sequence<String>) -> String {
    var hasher = SHA256()
    for text in texts {
        hasher.update(data: Array("\(text.utf8.count):".utf8))
        hasher.update(data: Array(text.utf8))
    }
    return hexadecimal(hasher.finalize())
}
