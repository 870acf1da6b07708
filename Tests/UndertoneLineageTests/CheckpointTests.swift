// Heads of the log: what other tools write, what was signed, and what no head may be.

import Testing

@testable import UndertoneLineage

@Suite struct CheckpointTests {
    // golang.org/x/mod/sumdb/note, package documentation: a note with the key that signed it.
    @Test func `a key has the id that other tools give it`() throws {
        // Its verifier key: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
        let bytes = try #require(Base64.bytes("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))
        let key = try VerifyingKey(bytes: Array(bytes.dropFirst()))
        #expect(Digest256.hexadecimal(Checkpoint.keyID(key, name: "PeterNeumann")) == "c74f20a3")
        let text = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            """
        let signature = try #require(
            Base64.bytes(
                "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="))
        #expect(key.isSignature(Array(signature.dropFirst(4)), of: Array(text.utf8)))
    }

    static func checkpoint() throws -> Checkpoint {
        try Checkpoint(origin: "undertone/lineage/0123", size: 12, root: Digest256.of([1]))
    }

    @Test func `a head is read as it was signed`() throws {
        let key = try KeysTests.testKey()
        let checkpoint = try Self.checkpoint()
        #expect(checkpoint.text == "undertone/lineage/0123\n12\nS/USLzRFVMU73i67jNK349FgCtYxw4Wl18ziPHeFRZo=\n")
        let note = try checkpoint.signed(by: key)
        #expect(note.hasPrefix(checkpoint.text + "\n— undertone/lineage/0123 "))
        #expect(try Checkpoint(note: Array(note.utf8), signedBy: key.verifyingKey) == checkpoint)
        let empty = try Checkpoint(origin: "o", size: 0, root: MerkleTree.emptyRoot)
        #expect(try Checkpoint(note: Array(empty.signed(by: key).utf8), signedBy: key.verifyingKey) == empty)
        #expect(
            Checkpoint.origin(firstEntry: Digest256.of([1])) == "undertone/lineage/4bf5122f344554c53bde2ebb8cd2b7e3")
    }

    @Test func `signatures of others stand beside it`() throws {
        let key = try KeysTests.testKey()
        let checkpoint = try Self.checkpoint()
        let other = try checkpoint.signed(by: SigningKey()).split(separator: "\n").last ?? ""
        let witness = "— witness.example/w " + Base64.text([1, 2, 3, 4] + [UInt8](repeating: 0, count: 72))
        let note = try checkpoint.signed(by: key) + witness + "\n" + other + "\n"
        #expect(try Checkpoint(note: Array(note.utf8), signedBy: key.verifyingKey) == checkpoint)
    }

    @Test func `with any bit flipped a head is refused`() throws {
        let key = try KeysTests.testKey()
        let bytes = Array(try Self.checkpoint().signed(by: key).utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                #expect((try? Checkpoint(note: changed, signedBy: key.verifyingKey)) == nil, "byte \(index) bit \(bit)")
            }
        }
        for count in bytes.indices {
            #expect((try? Checkpoint(note: Array(bytes[..<count]), signedBy: key.verifyingKey)) == nil)
        }
        expectError(.badSignature) { () throws(LineageError) in
            _ = try Checkpoint(note: bytes, signedBy: SigningKey().verifyingKey)
        }
    }

    @Test(arguments: [
        "o\n1\n", "\n1\nROOT\n", "o\n-1\nROOT\n", "o\n01\nROOT\n", "o\n+1\nROOT\n", "o\n1 \nROOT\n",
        "o\n1\nROOT\nmore\n",
        "o\n99999999999999999999\nROOT\n", "o\n0\nROOT\n", "o\n1\nAAAA\n", "o o\n1\nROOT\n", "o+o\n1\nROOT\n",
        "o\u{A0}o\n1\nROOT\n", "o\u{202E}\n1\nROOT\n", "o\n１\nROOT\n", "o\n\n1\nROOT\n",
    ])
    func `a text that is no head is refused, though it is signed`(text: String) throws {
        let key = try KeysTests.testKey()
        let body = text.replacing("ROOT", with: Base64.text(Digest256.of([1]).bytes))
        let origin = String(body.split(separator: "\n").first ?? "")
        let id = Digest256.of(Array(origin.utf8) + [0x0A, 1] + key.verifyingKey.bytes).bytes.prefix(4)
        let signature = Base64.text(id + (try key.signature(of: Array(body.utf8))))
        let note = Array("\(body)\n— \(origin) \(signature)\n".utf8)
        expectError(.badDocument) { () throws(LineageError) in
            _ = try Checkpoint(note: note, signedBy: key.verifyingKey)
        }
    }

    @Test func `an origin that would frame another head is refused`() {
        for origin in ["", "o\n5", "a b", "a+b", "\u{202E}o", String(repeating: "o", count: 2000)] {
            expectError(.usage) { () throws(LineageError) in
                _ = try Checkpoint(origin: origin, size: 1, root: Digest256.of([1]))
            }
        }
        expectError(.usage) { () throws(LineageError) in
            _ = try Checkpoint(origin: "o", size: -1, root: Digest256.of([1]))
        }
        expectError(.usage) { () throws(LineageError) in
            _ = try Checkpoint(origin: "o", size: 0, root: Digest256.of([1]))
        }
    }

    @Test func `a head of many signatures or bytes is refused`() throws {
        let key = try KeysTests.testKey()
        let note = try Self.checkpoint().signed(by: key)
        let line = note.split(separator: "\n").last ?? ""
        let many = note + String(repeating: line + "\n", count: 64)
        expectError(.badDocument) { () throws(LineageError) in
            _ = try Checkpoint(note: Array(many.utf8), signedBy: key.verifyingKey)
        }
        let large = [UInt8](repeating: UInt8(ascii: "o"), count: Checkpoint.maxBytes + 1)
        expectError(.badDocument) { () throws(LineageError) in
            _ = try Checkpoint(note: large, signedBy: key.verifyingKey)
        }
    }
}
