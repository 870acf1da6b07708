// Ed25519 keys (RFC 8032) and their texts (RFC 8410): who signs, and who can check it.

import Crypto
import Foundation

/// A public key: enough to check what its other half signed.
public struct VerifyingKey: Sendable, Hashable {
    /// The 32 bytes of RFC 8032.
    public let bytes: [UInt8]

    /// The key of those bytes.
    ///
    /// - Throws: ``LineageError`` for what is not 32 bytes, and for the few points of small order, under which a
    ///   signature can be made to fit any text.
    init(bytes: [UInt8]) throws(LineageError) {
        guard bytes.count == 32 else {
            throw LineageError(.badDocument, "an Ed25519 key has 32 bytes, not \(bytes.count)")
        }
        guard !hasSmallOrder(bytes) else {
            throw LineageError(.badDocument, "this Ed25519 key fits any signature", mend: "ask for a proper key")
        }
        self.bytes = bytes
    }

    /// The key in a PEM text, `-----BEGIN PUBLIC KEY-----` (SubjectPublicKeyInfo, RFC 8410 section 4).
    ///
    /// - Throws: ``LineageError`` for anything else, with what it seems to be.
    public init(pem: [UInt8]) throws(LineageError) {
        let der = try PEM.content(of: pem, label: PEM.publicLabel)
        guard der.starts(with: VerifyingKey.prefix) else { throw PEM.notEd25519("public") }
        try self.init(bytes: Array(der.dropFirst(VerifyingKey.prefix.count)))
    }

    // Unchecked, for keys that were made here.
    fileprivate init(of key: Curve25519.Signing.PrivateKey) { bytes = Array(key.publicKey.rawRepresentation) }

    /// SubjectPublicKeyInfo in DER.
    var der: [UInt8] { VerifyingKey.prefix + bytes }

    /// The text that `openssl pkey -pubin` reads too.
    public var pem: String { PEM.text(der, label: PEM.publicLabel) }

    /// Names the key: SHA-256 of its SubjectPublicKeyInfo in DER, in lower-case hexadecimal.
    public var id: String { Digest256.of(der).hexadecimal }

    /// Whether `signature` is this key's, of `message`.
    func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == 64, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
            return false
        }
        return key.isValidSignature(signature, for: message)
    }

    // SEQUENCE { SEQUENCE { OID 1.3.101.112 } BIT STRING of 33 bytes, none unused }: one key has one DER form.
    private static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
}

/// A key pair: what signs. Keep it secret.
public struct SigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// A new key from the system's random numbers.
    public init() { key = Curve25519.Signing.PrivateKey() }

    /// The key of that seed, the 32 secret bytes of RFC 8032.
    init(seed: [UInt8]) throws(LineageError) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw LineageError(.badDocument, "an Ed25519 key has 32 bytes, not \(seed.count)")
        }
        self.key = key
    }

    /// The key in a PEM text, `-----BEGIN PRIVATE KEY-----` (PKCS #8, RFC 8410 section 7; version 1, not encrypted).
    ///
    /// - Throws: ``LineageError`` for anything else, with what it seems to be.
    public init(pem: [UInt8]) throws(LineageError) {
        let der = try PEM.content(of: pem, label: PEM.privateLabel)
        guard der.starts(with: SigningKey.prefix) else { throw PEM.notEd25519("private") }
        try self.init(seed: Array(der.dropFirst(SigningKey.prefix.count)))
    }

    /// The text that `openssl pkey` reads too. Secret.
    public var pem: String { PEM.text(SigningKey.prefix + Array(key.rawRepresentation), label: PEM.privateLabel) }

    /// The public half.
    public var verifyingKey: VerifyingKey { VerifyingKey(of: key) }

    /// A signature of `message`, 64 bytes. Two signatures of one message may differ, and both fit.
    func signature(of message: [UInt8]) throws(LineageError) -> [UInt8] {
        guard let signature = try? key.signature(for: message) else {
            throw LineageError(.badSignature, "the key can't sign")
        }
        return Array(signature)
    }

    // SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING of 32 bytes } }.
    private static let prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
}

// The y coordinates of the eight points whose order divides 8, also in the forms that are not reduced modulo 2^255 - 19.
// They are the multiples by the group's prime order of any point; little-endian, without the sign bit.
private func hasSmallOrder(_ key: [UInt8]) -> Bool {
    var y = key
    y[31] &= 0x7F
    let nearPrime = y[31] == 0x7F && y[1..<31].allSatisfy { $0 == 0xFF } && (0xEC...0xEE).contains(y[0])
    let isTiny = y[0] <= 1 && y.dropFirst().allSatisfy { $0 == 0 }
    return nearPrime || isTiny || y == pointOfOrderEight.0 || y == pointOfOrderEight.1
}

private let pointOfOrderEight: ([UInt8], [UInt8]) = (
    [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
        0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ],
    [
        0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
        0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
    ]
)
