// Ed25519 keys against RFC 8032, RFC 8410 and openssl; key files are never overwritten; bad keys are refused.

import Foundation
import Glibc
import Testing

@testable import UndertoneLineage

@Suite struct KeysTests {
    /// A key for tests, as in fixtures/lineage/attestation: its seed is 32 times the letter t.
    static func testKey() throws -> SigningKey {
        try SigningKey(seed: [UInt8](repeating: UInt8(ascii: "t"), count: 32))
    }

    // RFC 8032 section 7.1, tests 1 to 3: secret key, public key, message, signature.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ])
    func `keys and signatures are those of RFC 8032`(seed: String, key: String, message: String, signature: String)
        throws
    {
        let signing = try SigningKey(seed: hex(seed))
        #expect(Digest256.hexadecimal(signing.verifyingKey.bytes) == key)
        #expect(signing.verifyingKey.isSignature(hex(signature), of: hex(message)))
        #expect(try signing.verifyingKey.isSignature(signing.signature(of: hex(message)), of: hex(message)))
        #expect(!signing.verifyingKey.isSignature(hex(signature), of: hex(message) + [0]))
    }

    // RFC 8410 sections 10.1 and 10.3: the same key's public and private form.
    static let rfcPublic = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PUBLIC KEY-----

        """
    static let rfcPrivate = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----

        """

    @Test func `PEM texts are those of RFC 8410`() throws {
        let verifying = try VerifyingKey(pem: Array(Self.rfcPublic.utf8))
        let signing = try SigningKey(pem: Array(Self.rfcPrivate.utf8))
        #expect(signing.verifyingKey == verifying)
        #expect(verifying.pem == Self.rfcPublic)
        #expect(signing.pem == Self.rfcPrivate)
        #expect(verifying.id == Digest256.of(verifying.der).hexadecimal)
        #expect(try VerifyingKey(pem: Array(Self.rfcPublic.replacing("\n", with: "\r\n").utf8)) == verifying)
        #expect(try VerifyingKey(pem: Array(Self.rfcPublic.utf8.dropLast())) == verifying)
    }

    @Test func `a new key is read as it was written`() throws {
        let key = SigningKey()
        #expect(try SigningKey(pem: Array(key.pem.utf8)).verifyingKey == key.verifyingKey)
        #expect(try VerifyingKey(pem: Array(key.verifyingKey.pem.utf8)) == key.verifyingKey)
        #expect(SigningKey().verifyingKey != key.verifyingKey)
    }

    static let body = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="

    @Test(arguments: [
        "", "\n", "x", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        rfcPrivate, "\n" + rfcPublic, " " + rfcPublic, "comment\n" + rfcPublic, rfcPublic + "x", rfcPublic + "\n",
        rfcPublic + rfcPublic, rfcPublic.replacing("-----END", with: "----END"),
        rfcPublic.replacing("PUBLIC", with: "RSA PUBLIC"), rfcPublic.replacing("PUBLIC", with: "\u{1B}[31m\u{202E}"),
        rfcPublic.replacing("MCow", with: "MCo w"), rfcPublic.replacing("MCow", with: "MCow\n\n"),
        rfcPublic.replacing("=", with: ""), rfcPublic.replacing("=", with: "=="),
        rfcPublic.replacing("uE=", with: "uF="),
        rfcPublic.replacing("MCow", with: "MC_w"), rfcPublic.replacing("Public", with: "public").lowercased(),
        rfcPublic.replacing(body, with: body + body),
        rfcPublic.replacing(body, with: String(repeating: "A", count: 5000)),
        rfcPublic.replacing("BEGIN PUBLIC KEY-----\n", with: "BEGIN PUBLIC KEY-----\nComment: x\n\n"),
        // X25519 (1.3.101.110), Ed448 (1.3.101.113), one byte more, one less, unused bits, other lengths, parameters.
        block("302a300506032b656e032100", 32), block("302a300506032b6571032100", 32),
        block("302a300506032b6570032100", 33),
        block("302a300506032b6570032100", 31), block("302a300506032b6570032101", 32),
        block("302b300506032b6570032200", 33),
        block("302c300706032b65700500032100", 32), block("30812a300506032b6570032100", 32),
    ])
    func `what is no public Ed25519 key in PEM form is refused`(text: String) {
        expectError(.badDocument) { () throws(LineageError) in _ = try VerifyingKey(pem: Array(text.utf8)) }
    }

    @Test func `every truncation and every changed byte of a public key is refused or another key`() throws {
        let bytes = Array(Self.rfcPublic.utf8)
        let key = try VerifyingKey(pem: bytes)
        for count in 0..<(bytes.count - 1) { #expect((try? VerifyingKey(pem: Array(bytes[..<count]))) == nil) }
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                if let other = try? VerifyingKey(pem: changed) { #expect(other != key) }
            }
        }
    }

    @Test(arguments: [
        "302e020100300506032b656e04220420", "302e020101300506032b657004220420", "302e020100300506032b657004210420",
        "3051020101300506032b657004220420",
    ])
    func `a private key of another kind or form is refused, with a way to convert it`(prefix: String) {
        let text = PEM.text(hex(prefix) + [UInt8](repeating: 7, count: 32), label: PEM.privateLabel)
        expectError(.badDocument) { () throws(LineageError) in _ = try SigningKey(pem: Array(text.utf8)) }
    }

    @Test func `an encrypted key, an OpenSSH key and the wrong half are named`() {
        func problem(_ text: String) -> String {
            do throws(LineageError) {
                _ = try SigningKey(pem: Array(text.utf8))
                return ""
            } catch { return error.description }
        }
        #expect(problem(Self.rfcPublic).contains("this is the public key"))
        #expect(problem(Self.rfcPrivate.replacing("PRIVATE", with: "ENCRYPTED PRIVATE")).contains("openssl pkey -in"))
        #expect(problem(Self.rfcPrivate.replacing("PRIVATE", with: "OPENSSH PRIVATE")).contains("OPENSSH PRIVATE KEY"))
        #expect(!problem(Self.rfcPrivate.replacing("END", with: "EMD")).contains("MC4CAQ"))
    }

    // Computed by multiplying points with the group's order: y, in both signs and in both residues where there are two.
    @Test(arguments: [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ])
    func `keys that fit any signature are refused`(y: String) {
        for sign in [UInt8(0), 0x80] {
            var key = hex(y)
            key[31] |= sign
            expectError(.badDocument) { () throws(LineageError) in _ = try VerifyingKey(bytes: key) }
        }
        var other = hex(y)
        other[1] ^= 4
        #expect((try? VerifyingKey(bytes: other)) != nil)
    }

    @Test func `a signature that is changed, cut or grown does not fit`() throws {
        let key = try Self.testKey()
        let message = Array("owl".utf8)
        let signature = try key.signature(of: message)
        #expect(key.verifyingKey.isSignature(signature, of: message))
        for index in signature.indices {
            for bit in 0..<8 {
                var changed = signature
                changed[index] ^= 1 << UInt8(bit)
                #expect(!key.verifyingKey.isSignature(changed, of: message))
            }
        }
        for count in [0, 1, 32, 63] {
            #expect(!key.verifyingKey.isSignature(Array(signature.prefix(count)), of: message))
        }
        #expect(!key.verifyingKey.isSignature(signature + [0], of: message))
        #expect(!SigningKey().verifyingKey.isSignature(signature, of: message))
    }

    // `s` and `s` + the group's order would both fit, were it not forbidden (RFC 8032 section 5.1.7).
    @Test func `a second form of the same signature does not fit`() throws {
        let key = try Self.testKey()
        var signature = try key.signature(of: [1])
        let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var carry = 0
        for index in 0..<32 {
            let sum = Int(signature[32 + index]) + Int(order[index]) + carry
            signature[32 + index] = UInt8(sum & 0xFF)
            carry = sum >> 8
        }
        #expect(!key.verifyingKey.isSignature(signature, of: [1]))
    }

    private static func block(_ prefix: String, _ count: Int) -> String {
        PEM.text(hex(prefix) + [UInt8](repeating: 7, count: count), label: PEM.publicLabel)
    }
}

@Suite struct KeyFilesTests {
    let folder = ScratchFolder()

    @Test func `both files are made, the private one for its owner alone`() throws {
        let key = SigningKey()
        try KeyFiles.write(key, named: folder.path("alice"))
        #expect(mode("alice.key") == 0o600)
        #expect(try KeyFiles.signingKey(folder.path("alice.key")).verifyingKey == key.verifyingKey)
        #expect(try KeyFiles.verifyingKey(folder.path("alice.pub")) == key.verifyingKey)
        #expect(try KeyFiles.read(folder.path("alice.key")).verifyingKey == key.verifyingKey)
        #expect(try KeyFiles.read(folder.path("alice.pub")).verifyingKey == key.verifyingKey)
        #expect(!KeyFiles.isReadableByOthers(folder.path("alice.key")))
        #expect(KeyFiles.isReadableByOthers(folder.path("alice.pub")))
    }

    @Test(arguments: ["alice.key", "alice.pub"])
    func `nothing is overwritten, and nothing is left behind`(taken: String) throws {
        folder.write(taken, "old")
        expectError(.duplicate) { () throws(LineageError) in
            try KeyFiles.write(SigningKey(), named: folder.path("alice"))
        }
        #expect(folder.names == [taken])
        #expect(folder.text(taken) == "old")
    }

    @Test(arguments: ["alice.key", "alice.pub"])
    func `a link to nowhere is not followed`(taken: String) throws {
        #expect(symlink(folder.path("elsewhere"), folder.path(taken)) == 0)
        expectError(.duplicate) { () throws(LineageError) in
            try KeyFiles.write(SigningKey(), named: folder.path("alice"))
        }
        #expect(folder.names == [taken])
    }

    @Test func `a place that can't be written, and files that can't be read, are errors`() {
        expectError(.unwritable) { () throws(LineageError) in
            try KeyFiles.write(SigningKey(), named: folder.path("no/such/folder"))
        }
        expectError(.usage) { () throws(LineageError) in try KeyFiles.write(SigningKey(), named: "a\0b") }
        expectError(.unreadable) { () throws(LineageError) in _ = try KeyFiles.read(folder.path("none")) }
        expectError(.unreadable) { () throws(LineageError) in _ = try KeyFiles.read(folder.path("")) }
        expectError(.badDocument) { () throws(LineageError) in _ = try KeyFiles.read("/dev/zero") }
        folder.write("bad\u{1B}[31m.pub", "x")
        expectError(.badDocument) { () throws(LineageError) in
            _ = try KeyFiles.verifyingKey(folder.path("bad\u{1B}[31m.pub"))
        }
    }

    @Test(.enabled(if: OpenSSL.isThere, "openssl is not installed"))
    func `openssl reads our keys, and we read its`() throws {
        let key = SigningKey()
        try KeyFiles.write(key, named: folder.path("ours"))
        let der = try OpenSSL.run("pkey", "-in", folder.path("ours.key"), "-pubout", "-outform", "DER")
        #expect(der == key.verifyingKey.der)
        let again = try OpenSSL.run("pkey", "-pubin", "-in", folder.path("ours.pub"), "-outform", "DER")
        #expect(again == key.verifyingKey.der)
        _ = try OpenSSL.run("genpkey", "-algorithm", "ed25519", "-out", folder.path("theirs.key"))
        _ = try OpenSSL.run("pkey", "-in", folder.path("theirs.key"), "-pubout", "-out", folder.path("theirs.pub"))
        let theirs = try KeyFiles.signingKey(folder.path("theirs.key"))
        #expect(try KeyFiles.verifyingKey(folder.path("theirs.pub")) == theirs.verifyingKey)
    }

    @Test(.enabled(if: OpenSSL.isThere, "openssl is not installed"))
    func `openssl accepts our signatures, and we accept its`() throws {
        let key = SigningKey()
        try KeyFiles.write(key, named: folder.path("k"))
        folder.write("message", "owl")
        let message = Array("owl".utf8)
        let theirs = try OpenSSL.run(
            "pkeyutl", "-sign", "-rawin", "-inkey", folder.path("k.key"), "-in", folder.path("message"))
        #expect(key.verifyingKey.isSignature(theirs, of: message))
        try Data(key.signature(of: message)).write(to: URL(fileURLWithPath: folder.path("sig")))
        let answer = try OpenSSL.run(
            "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", folder.path("k.pub"), "-in", folder.path("message"),
            "-sigfile", folder.path("sig"))
        #expect(String(decoding: answer, as: UTF8.self).contains("Verified Successfully"))
    }

    private func mode(_ name: String) -> UInt32 {
        var status = stat()
        return stat(folder.path(name), &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

/// Bytes out of hexadecimal digits.
func hex(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
        UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16)
    }
}
