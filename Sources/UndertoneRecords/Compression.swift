// How bytes are packed in a file, and who may look at them as they lie there.

/// How the bytes of a file are packed.
public enum Compression: String, Sendable, Hashable, CaseIterable {
    /// Not at all.
    case none
    /// RFC 1952.
    case gzip
    /// RFC 8878.
    case zstd

    /// What names of such files end in by custom: `""`, `".gz"` or `".zst"`.
    public var nameEnding: String {
        switch self {
        case .none: ""
        case .gzip: ".gz"
        case .zstd: ".zst"
        }
    }

    /// The compression that a name promises; content decides when reading, this when writing.
    public init(name: String) {
        let lower = name.lowercased()
        if lower.hasSuffix(".gz") || lower.hasSuffix(".gzip") {
            self = .gzip
        } else if lower.hasSuffix(".zst") || lower.hasSuffix(".zstd") {
            self = .zstd
        } else {
            self = .none
        }
    }
}

/// Sees the bytes of a file as they are stored, packed or not: in order, each exactly once. For digests.
public protocol StoredByteTap: AnyObject, Sendable {
    /// The next bytes; the memory is only valid during the call.
    func stored(_ bytes: UnsafeRawBufferPointer)
}
