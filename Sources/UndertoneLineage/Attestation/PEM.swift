// The text form of keys (RFC 7468), read strictly: one block, nothing around it.

import UndertoneText

enum PEM {
    static let privateLabel = "PRIVATE KEY"
    static let publicLabel = "PUBLIC KEY"
    /// Far more than any key of ours needs.
    static let maxBytes = 4096

    /// The text of a block.
    static func text(_ der: [UInt8], label: String) -> String {
        var text = "-----BEGIN \(label)-----\n"
        var rest = Base64.text(der)[...]
        while !rest.isEmpty {
            text += rest.prefix(64) + "\n"
            rest = rest.dropFirst(64)
        }
        return text + "-----END \(label)-----\n"
    }

    /// What the one block in `bytes` holds. Lines end in LF or CR LF.
    static func content(of bytes: [UInt8], label: String) throws(LineageError) -> [UInt8] {
        guard bytes.count <= maxBytes else {
            throw LineageError(.badDocument, "the key has more than \(maxBytes) bytes")
        }
        // In bytes: as characters, CR LF is one.
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        if lines.last == "" { lines.removeLast() }
        guard let first = lines.first, first.hasPrefix("-----BEGIN "), first.hasSuffix("-----") else {
            throw LineageError(.badDocument, "the key is no PEM text", mend: "it must begin with \(begin(label))")
        }
        guard first == begin(label) else { throw wrongLabel(first, wanted: label) }
        guard lines.count >= 3, lines.last == "-----END \(label)-----" else {
            throw LineageError(.badDocument, "the key's text breaks off, or something stands behind it")
        }
        let body = lines[1..<(lines.count - 1)]
        guard body.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 64 }), let content = Base64.bytes(body.joined()) else {
            throw LineageError(.badDocument, "the key's text is no Base64 in lines of at most 64 characters")
        }
        return content
    }

    /// What to say of a block that holds another kind of key.
    static func notEd25519(_ half: String) -> LineageError {
        LineageError(
            .badDocument, "this is no \(half) Ed25519 key in the plain form",
            mend: "make one with undertone keys new, or with openssl genpkey -algorithm ed25519")
    }

    private static func begin(_ label: String) -> String { "-----BEGIN \(label)-----" }

    private static func wrongLabel(_ line: String, wanted: String) -> LineageError {
        let found = visible(String(line.dropFirst(11).dropLast(5)), limit: 40)
        switch (found, wanted) {
        case (privateLabel, publicLabel):
            return LineageError(
                .badDocument, "this is the private key", mend: "name the public one; a private key is not needed here")
        case (publicLabel, privateLabel):
            return LineageError(.badDocument, "this is the public key", mend: "name the private one to sign")
        case ("ENCRYPTED PRIVATE KEY", _):
            return LineageError(
                .badDocument, "the key is encrypted", mend: "decrypt it with openssl pkey -in KEY -out PLAIN.key")
        default:
            return LineageError(.badDocument, "this is a \(found), not a \(wanted)")
        }
    }
}
