// A signed text in a DSSE envelope, version 1.0 (github.com/secure-systems-lab/dsse, protocol.md and envelope.md).

import UndertoneText

/// Bytes, what they are, and signatures of both.
public struct Envelope: Sendable, Equatable {
    /// One signature.
    struct Signature: Sendable, Equatable {
        /// Which key made it, as somebody says; nothing protects this, so nothing is decided by it.
        var keyID: String?
        /// The signature.
        var bytes: [UInt8]

        /// A signature.
        init(keyID: String?, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    /// What the payload is: a media type.
    var payloadType: String
    /// What was signed.
    var payload: [UInt8]
    /// Who signed it.
    var signatures: [Signature]

    /// The type of in-toto statements.
    static let statementType = "application/vnd.in-toto+json"
    /// Bytes of an envelope that is read; larger ones are refused.
    public static let maxBytes = 32 << 20
    /// Signatures in an envelope that is read; more are refused.
    static let maxSignatures = 64

    static let limits = JSONValue.Limits(bytes: maxBytes, depth: 64, values: 2_000_000)

    /// An envelope.
    init(payloadType: String, payload: [UInt8], signatures: [Signature]) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// Signs a payload with one or more keys.
    init(
        signing payload: [UInt8], type: String = statementType, by keys: [SigningKey]
    ) throws(LineageError) {
        self.init(payloadType: type, payload: payload, signatures: [])
        for key in keys { try sign(by: key) }
    }

    /// Adds a signature.
    mutating func sign(by key: SigningKey) throws(LineageError) {
        let message = Envelope.signedBytes(type: payloadType, payload: payload)
        signatures.append(Signature(keyID: key.verifyingKey.id, bytes: try key.signature(of: message)))
    }

    /// What signatures are made of, the specification's PAE: lengths stand before type and payload, so that no other
    /// pair of type and payload gives the same bytes.
    static func signedBytes(type: String, payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }

    /// The keys among `keys` that signed this, in their order: signatures that fit none of them are passed over.
    ///
    /// - Throws: ``LineageError``: `badDocument` where the payload is not of the wanted type, `badSignature` where fewer
    ///   than `threshold` different keys signed it. Only then may the payload be looked at.
    @discardableResult
    func signers(
        among keys: [VerifyingKey], type: String = statementType, threshold: Int = 1
    ) throws(LineageError) -> [VerifyingKey] {
        guard payloadType.utf8.elementsEqual(type.utf8) else {
            throw LineageError(
                .badDocument, "the envelope holds a \"\(visible(payloadType, limit: 100))\", not a \"\(type)\"")
        }
        let message = Envelope.signedBytes(type: payloadType, payload: payload)
        var signers: [VerifyingKey] = []
        for key in keys where !signers.contains(key) {
            let id = key.id
            // The id only says which signature to try first; other tools make it in other ways.
            let ordered = signatures.filter { $0.keyID == id } + signatures.filter { $0.keyID != id }
            if ordered.contains(where: { key.isSignature($0.bytes, of: message) }) { signers.append(key) }
        }
        guard signers.count >= max(1, threshold) else { throw notSigned(by: keys, signers.count, threshold) }
        return signers
    }

    /// The canonical text: compact JSON in one line, ended by a line feed; standard Base64.
    public var text: String {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("payload", Base64.text(payload))
            json.member("payloadType", payloadType)
            json.array("signatures") { json in
                for signature in signatures {
                    json.object { json in
                        if let keyID = signature.keyID { json.member("keyid", keyID) }
                        json.member("sig", Base64.text(signature.bytes))
                    }
                }
            }
        }
        return json.text
    }

    /// Reads an envelope that others wrote. It says nothing yet about signatures: ``signers(among:type:threshold:)``.
    ///
    /// Either alphabet of Base64 is read; members that the specification does not name are passed over.
    ///
    /// - Throws: ``LineageError`` with the code `badDocument`.
    init(parsing bytes: [UInt8]) throws(LineageError) {
        guard bytes.count <= Envelope.maxBytes else {
            throw Envelope.malformed("it has more than \(byteCount(Envelope.maxBytes))")
        }
        let tree: JSONValue
        do throws(JSONError) {
            tree = try JSONValue(parsing: bytes, limits: Envelope.limits)
        } catch {
            throw Envelope.malformed("\(error)")
        }
        guard let type = tree["payloadType"]?.string else { throw Envelope.malformed("it has no payloadType") }
        guard let payload = tree["payload"]?.string.flatMap(Base64.bytesOfEitherAlphabet) else {
            throw Envelope.malformed("it has no payload in Base64")
        }
        guard let signatures = tree["signatures"]?.array, !signatures.isEmpty else {
            throw Envelope.malformed("it has no signatures")
        }
        guard signatures.count <= Envelope.maxSignatures else {
            throw Envelope.malformed("it has more than \(Envelope.maxSignatures) signatures")
        }
        self.init(payloadType: type, payload: payload, signatures: [])
        for signature in signatures {
            guard let sig = signature["sig"]?.string.flatMap(Base64.bytesOfEitherAlphabet) else {
                throw Envelope.malformed("a signature is no Base64")
            }
            var keyID: String?
            if let id = signature["keyid"] {
                guard let text = id.string else { throw Envelope.malformed("a keyid is no text") }
                keyID = text.isEmpty ? nil : text
            }
            self.signatures.append(Signature(keyID: keyID, bytes: sig))
        }
    }
}

extension Envelope {
    private static func malformed(_ problem: String) -> LineageError {
        LineageError(.badDocument, "this is no DSSE envelope: \(problem)")
    }

    private func notSigned(by keys: [VerifyingKey], _ count: Int, _ threshold: Int) -> LineageError {
        if count > 0 {
            return LineageError(.badSignature, "\(count) of \(threshold) wanted keys signed this")
        }
        let ids = Set(keys.map(\.id))
        if signatures.contains(where: { $0.keyID.map(ids.contains) ?? false }) {
            return LineageError(
                .badSignature, "the signature does not fit: the statement or the signature was changed",
                mend: "get the attestation again from who made it")
        }
        return LineageError(
            .badSignature, "none of its signatures is by \(keys.count == 1 ? "this key" : "one of these keys")",
            mend: "name the key of who signed it")
    }
}
