// What a program complains about, kept short and without keys.

/// The end of what a program wrote to standard error.
struct CommandLog {
    /// Bytes that are shown at most.
    static let limit = 4096

    private let secrets: [[UInt8]]
    private let kept: Int
    private var bytes: [UInt8] = []
    private var isCut = false

    /// An empty log in which `secrets` are never shown.
    init(hiding secrets: [String]) {
        // What is shorter stands everywhere by chance, and is no secret.
        self.secrets = secrets.map { Array($0.utf8) }.filter { $0.count >= 4 }.sorted { $0.count > $1.count }
        kept = CommandLog.limit + (self.secrets.first?.count ?? 0)
    }

    /// Adds to the end; the start is forgotten in time.
    mutating func append(_ more: some Collection<UInt8>) {
        bytes.append(contentsOf: more)
        guard bytes.count > 2 * kept else { return }
        bytes.removeFirst(bytes.count - kept)
        isCut = true
    }

    /// The last bytes, with secrets as `•••`. Nothing of it is trusted.
    var text: String {
        var shown: [UInt8] = []
        var index = 0
        while index < bytes.count {
            // The last one may not have come whole.
            let rest = bytes[index...]
            if let secret = secrets.first(where: { rest.starts(with: $0) || rest.count >= 4 && $0.starts(with: rest) })
            {
                shown.append(contentsOf: "•••".utf8)
                index += secret.count
            } else {
                shown.append(bytes[index])
                index += 1
            }
        }
        // Where the start was cut off, the rest of a secret may stand in front.
        if isCut { shown.removeFirst(min(kept - CommandLog.limit, shown.count)) }
        return String(decoding: shown.suffix(CommandLog.limit).drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
    }
}
