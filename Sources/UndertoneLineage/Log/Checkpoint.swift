// A head of the log that somebody signed, as text: a checkpoint (c2sp.org/tlog-checkpoint) in a signed note
// (c2sp.org/signed-note), which tools of other transparency logs read too.

import UndertoneText

/// A head of the log: its size and root, and which log it is.
public struct Checkpoint: Sendable, Hashable {
    /// Which log: one line without white space or `+`.
    public let origin: String
    /// Entries.
    public let size: Int
    /// The root of the tree.
    public let root: Digest256

    /// Bytes of a signed text that is read; larger ones are refused.
    public static let maxBytes = 64 << 10
    /// Signatures in a text that is read; more are refused.
    private static let maxSignatures = 64

    /// A head.
    ///
    /// - Throws: ``LineageError`` where `origin` can't stand in a text.
    public init(origin: String, size: Int, root: Digest256) throws(LineageError) {
        guard Checkpoint.isName(origin) else {
            throw LineageError(.usage, "a log's name is one visible word without \"+\"")
        }
        guard size >= 0, size > 0 || root == MerkleTree.emptyRoot else {
            throw LineageError(.usage, "no log has that size and root")
        }
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// A name for a log that no other log has: made from the first entry's digest.
    public static func origin(firstEntry: Digest256) -> String {
        "undertone/lineage/" + firstEntry.hexadecimal.prefix(32)
    }

    /// What is signed: three lines with the origin, the size and the root in Base64.
    public var text: String { "\(origin)\n\(size)\n\(Base64.text(root.bytes))\n" }

    /// The text, a blank line and the key's signature.
    public func signed(by key: SigningKey) throws(LineageError) -> String {
        let signature = try key.signature(of: Array(text.utf8))
        let keyed = Checkpoint.keyID(key.verifyingKey, name: origin) + signature
        return "\(text)\n— \(origin) \(Base64.text(keyed))\n"
    }

    /// Reads a signed text and checks that `key` signed it. Signatures of others are left alone.
    ///
    /// - Throws: ``LineageError``: `badDocument` where it is no checkpoint, `badSignature` where the key did not sign it.
    public init(note bytes: [UInt8], signedBy key: VerifyingKey) throws(LineageError) {
        let (text, signatures) = try Checkpoint.split(bytes)
        try self.init(text: text)
        let wanted = Checkpoint.keyID(key, name: origin)
        var isSigned = false
        for (name, signature) in signatures where name == origin && signature.starts(with: wanted) {
            guard key.isSignature(Array(signature.dropFirst(wanted.count)), of: Array(text.utf8)) else {
                throw LineageError(.badSignature, "the head's signature does not fit: the head or it was changed")
            }
            isSigned = true
        }
        guard isSigned else {
            throw LineageError(
                .badSignature, "the head is not signed by this key", mend: "name the public key of who signed it")
        }
    }
}

extension Checkpoint {
    // The signature type of Ed25519 in a signed note.
    private static let ed25519: UInt8 = 1

    static func keyID(_ key: VerifyingKey, name: String) -> [UInt8] {
        Array(Digest256.of(Array(name.utf8) + [0x0A, ed25519] + key.bytes).bytes.prefix(4))
    }

    private static func isName(_ name: some StringProtocol) -> Bool {
        let scalars = name.unicodeScalars
        return !scalars.isEmpty && name.utf8.count <= 1024
            && !scalars.contains { $0 == "+" || $0.isHidden || $0.properties.isWhitespace }
    }

    private static func malformed(_ problem: String) -> LineageError {
        LineageError(.badDocument, "this is no signed head of a log: \(problem)")
    }

    // The text with its last line end, and the signatures behind the last blank line.
    private static func split(
        _ bytes: [UInt8]
    ) throws(LineageError) -> (text: String, signatures: [(name: String, bytes: [UInt8])]) {
        guard bytes.count <= maxBytes else { throw malformed("it has more than \(byteCount(maxBytes))") }
        guard let note = String(validating: bytes, as: UTF8.self) else { throw malformed("it is no UTF-8") }
        guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x0A }) else {
            throw malformed("it holds a control character")
        }
        guard note.utf8.last == 0x0A else { throw malformed("it breaks off") }
        let lines = note.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard let blank = lines.lastIndex(where: \.isEmpty), blank > lines.startIndex else {
            throw malformed("it has no signature")
        }
        let signed = lines[(blank + 1)...]
        guard !signed.isEmpty else { throw malformed("it has no signature") }
        guard signed.count <= maxSignatures else { throw malformed("it has more than \(maxSignatures) signatures") }
        var signatures: [(name: String, bytes: [UInt8])] = []
        for line in signed {
            let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 3, words[0] == "—", isName(words[1]), let bytes = Base64.bytes(words[2]),
                bytes.count > 4
            else { throw malformed("a signature's line is not as it must be") }
            signatures.append((words[1], bytes))
        }
        return (lines[..<blank].map { String($0) + "\n" }.joined(), signatures)
    }

    private init(text: String) throws(LineageError) {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // Three lines and the nothing behind the last line end. Lines that other logs may add are refused: ours has none.
        guard lines.count == 4, Checkpoint.isName(lines[0]) else {
            throw Checkpoint.malformed("it must have an origin, a size and a root, one line each")
        }
        guard let size = Int(lines[1]), size >= 0, String(size) == lines[1] else {
            throw Checkpoint.malformed("its size is no number")
        }
        guard let root = Base64.bytes(lines[2]).flatMap({ Digest256(bytes: $0) }) else {
            throw Checkpoint.malformed("its root is no digest")
        }
        guard size > 0 || root == MerkleTree.emptyRoot else {
            throw Checkpoint.malformed("no empty log has that root")
        }
        self.origin = lines[0]
        self.size = size
        self.root = root
    }
}
