// DSSE envelopes: the specification's example, other people's envelopes, and every way to forge one that came to mind.

import Testing

@testable import UndertoneLineage

@Suite struct EnvelopeTests {
    static let payload = Array(#"{"owl":1}"#.utf8)

    private func signed() throws -> (envelope: Envelope, key: SigningKey) {
        let key = try KeysTests.testKey()
        return (try Envelope(signing: Self.payload, by: [key]), key)
    }

    // github.com/secure-systems-lab/dsse, protocol.md, version 1.0.0, section Test Vectors.
    @Test func `the signed bytes are those of the specification's example`() {
        let bytes = Envelope.signedBytes(type: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
        #expect(
            String(decoding: bytes, as: UTF8.self) == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
    }

    @Test func `the specification's example is read, and its key is none of ours`() throws {
        let text = """
            {"payload": "aGVsbG8gd29ybGQ=",
             "payloadType": "http://example.com/HelloWorld",
             "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}
            """
        let envelope = try Envelope(parsing: Array(text.utf8))
        #expect(envelope.payload == Array("hello world".utf8))
        #expect(envelope.payloadType == "http://example.com/HelloWorld")
        #expect(envelope.signatures.map(\.keyID) == [nil])
        #expect(envelope.signatures.map(\.bytes.count) == [64])
        let key = try KeysTests.testKey().verifyingKey
        expectError(.badSignature) { () throws(LineageError) in
            try envelope.signers(among: [key], type: envelope.payloadType)
        }
    }

    @Test func `lengths count bytes, and no other type and payload give the same signed bytes`() {
        #expect(Envelope.signedBytes(type: "é", payload: [0xFF, 0]) == Array("DSSEv1 2 é 2 ".utf8) + [0xFF, 0])
        let pairs: [(String, String)] = [
            ("", ""), ("a", ""), ("", "a"), ("a 1 b", "c"), ("a", "b 1 c"), ("1 a", "b"), ("a b", "c"), ("a", "b c"),
        ]
        #expect(Set(pairs.map { Envelope.signedBytes(type: $0.0, payload: Array($0.1.utf8)) }).count == pairs.count)
    }

    @Test func `an envelope is read as it was written, and its signer is known`() throws {
        let (envelope, key) = try signed()
        let text = envelope.text
        let read = try Envelope(parsing: Array(text.utf8))
        #expect(read == envelope)
        #expect(read.text == text)
        #expect(try read.signers(among: [key.verifyingKey]) == [key.verifyingKey])
        #expect(
            text.hasPrefix(
                #"{"payload":"eyJvd2wiOjF9","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":""#))
    }

    @Test func `of several signatures those of known keys count, each key once`() throws {
        let keys = [SigningKey(), SigningKey(), SigningKey()]
        let strangers = SigningKey()
        var envelope = try Envelope(signing: Self.payload, by: [keys[0], strangers, keys[1], keys[1]])
        let known = keys.map(\.verifyingKey)
        #expect(try envelope.signers(among: known) == [known[0], known[1]])
        #expect(try envelope.signers(among: [known[1], known[1]]) == [known[1]])
        #expect(try envelope.signers(among: known, threshold: 2).count == 2)
        expectError(.badSignature) { () throws(LineageError) in
            try envelope.signers(among: [known[1], known[1]], threshold: 2)
        }
        expectError(.badSignature) { () throws(LineageError) in try envelope.signers(among: known, threshold: 3) }
        expectError(.badSignature) { () throws(LineageError) in try envelope.signers(among: []) }
        expectError(.badSignature) { () throws(LineageError) in try envelope.signers(among: [], threshold: 0) }
        try envelope.sign(by: keys[2])
        #expect(try envelope.signers(among: known, threshold: 3).count == 3)
    }

    @Test(arguments: [nil, "", "alice", "0000"])
    func `a key id only narrows the search`(keyID: String?) throws {
        var (envelope, key) = try signed()
        envelope.signatures[0].keyID = keyID
        let read = try Envelope(parsing: Array(envelope.text.utf8))
        #expect(try read.signers(among: [SigningKey().verifyingKey, key.verifyingKey]) == [key.verifyingKey])
    }

    @Test func `another's key id does not make it his signature`() throws {
        var (envelope, key) = try signed()
        let other = SigningKey().verifyingKey
        envelope.signatures[0].keyID = other.id
        #expect(try envelope.signers(among: [other, key.verifyingKey]) == [key.verifyingKey])
        expectError(.badSignature) { () throws(LineageError) in try envelope.signers(among: [other]) }
    }

    @Test func `a signature over another payload type does not count`() throws {
        let key = try KeysTests.testKey()
        var envelope = try Envelope(signing: Self.payload, type: "application/json", by: [key])
        // As it is, its type is not the wanted one.
        expectError(.badDocument) { () throws(LineageError) in try envelope.signers(among: [key.verifyingKey]) }
        // With the type changed, the signature does not fit.
        envelope.payloadType = Envelope.statementType
        expectError(.badSignature) { () throws(LineageError) in try envelope.signers(among: [key.verifyingKey]) }
        // Nor does one over the payload alone.
        envelope.signatures[0].bytes = try key.signature(of: Self.payload)
        expectError(.badSignature) { () throws(LineageError) in try envelope.signers(among: [key.verifyingKey]) }
    }

    @Test func `a signature of a head of the log is none of an envelope`() throws {
        let key = try KeysTests.testKey()
        let checkpoint = try Checkpoint(origin: "o", size: 0, root: MerkleTree.emptyRoot)
        var envelope = try Envelope(signing: Array(checkpoint.text.utf8), by: [key])
        envelope.signatures[0].bytes = try key.signature(of: Array(checkpoint.text.utf8))
        expectError(.badSignature) { () throws(LineageError) in try envelope.signers(among: [key.verifyingKey]) }
    }

    @Test func `with any bit flipped it is refused, or says the same as was signed`() throws {
        let (envelope, key) = try signed()
        let bytes = Array(envelope.text.utf8)
        var refused = 0
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                guard let read = try? Envelope(parsing: changed), (try? read.signers(among: [key.verifyingKey])) != nil
                else {
                    refused += 1
                    continue
                }
                // Only in the key id, its member's name and white space, which nothing depends on.
                #expect(read.payload == envelope.payload && read.payloadType == envelope.payloadType)
            }
        }
        #expect(refused > bytes.count * 8 / 2)
        for count in 0..<(bytes.count - 1) { #expect((try? Envelope(parsing: Array(bytes[..<count]))) == nil) }
    }

    @Test func `both alphabets of Base64 are read`() throws {
        let key = try KeysTests.testKey()
        let payload: [UInt8] = [0xFB, 0xFF, 0xFE, 0x3E]
        let envelope = try Envelope(signing: payload, by: [key])
        let text = envelope.text
        #expect(text.contains("+//+Pg=="))
        for payload in ["-__-Pg==", "-__-Pg"] {
            let other = text.replacing("+//+Pg==", with: payload)
            let read = try Envelope(parsing: Array(other.utf8))
            #expect(try read.signers(among: [key.verifyingKey]).count == 1)
            #expect(read.text == text)
        }
    }

    @Test(arguments: [
        "+//-Pg==", "-//-Pg==", "+//+Pg", "+//+Pg=", "+//+Ph==", "+//+Pg===", "+//+ Pg==", "+//+Pg==\\n", "-__-Ph",
        "-__-Pg=",
        "====", "-__-P", "é", "+//+Pg==+//+Pg==",
    ])
    func `what is no Base64 is refused`(payload: String) throws {
        let envelope = try Envelope(signing: [0xFB, 0xFF, 0xFE, 0x3E], by: [KeysTests.testKey()])
        let text = envelope.text.replacing("+//+Pg==", with: payload)
        expectError(.badDocument) { () throws(LineageError) in _ = try Envelope(parsing: Array(text.utf8)) }
    }

    // Parts of the canonical text and what stands there instead; the whole text where the part is empty.
    @Test(arguments: [
        ("", ""), ("", "null"), ("", "[]"), ("", "{}"), ("", "\"x\""), ("", "{\"payload\":\"\"}"),
        (#"{"payload""#, #"{"payload":"e30=","payload""#), (#""payloadType""#, #""payloadType":"x","payloadType""#),
        (#""signatures""#, #""signatures":[],"signatures""#), (#""keyid""#, #""keyid":"x","keyid""#),
        (#""sig""#, #""sig":"","sig""#), (#""sig""#, #""s\u0069g":"AA==","sig""#), (#""sig""#, #""gis""#),
        (#""payload":"#, #""load":"#), (#""payloadType""#, #""type""#), (#""signatures""#, #""signature""#),
        (#""eyJvd2wiOjF9""#, "null"), (#""eyJvd2wiOjF9""#, "7"), (#""eyJvd2wiOjF9""#, #"["eyJvd2wiOjF9"]"#),
        (#""application/vnd.in-toto+json""#, "null"), (#""signatures":[{"#, #""signatures":[7,{"#),
        (#""signatures":[{"#, #""signatures":[{},{"#), (#""signatures":[{"#, #""signatures":{"x":{"#),
        (#"{"payload""#, #"{"more":"\ud800","payload""#), (#"{"payload""#, #"{"more":01,"payload""#),
        (#"{"payload""#, "{\"more\":\"\u{1}\",\"payload\""), (#"{"payload""#, #"{,"payload""#),
        (#"{"payload""#, #"{"more":tru,"payload""#), (#"{"payload""#, "\u{FEFF}{\"payload\""), ("]}\n", "]}]"),
        ("]}\n", "]}{}"), ("]}\n", "],}"), ("]}\n", ",]}"), (#"{"payload""#, "{'payload'"),
        (#"{"payload""#, "{\"more\":" + String(repeating: "[", count: 200_000) + ",\"payload\""),
    ])
    func `a malformed envelope is refused`(old: String, new: String) throws {
        let text = try signed().envelope.text
        let changed = old.isEmpty ? new : text.replacing(old, with: new)
        #expect(changed != text)
        expectError(.badDocument) { () throws(LineageError) in _ = try Envelope(parsing: Array(changed.utf8)) }
    }

    @Test func `members that nobody knows are passed over`() throws {
        let (envelope, key) = try signed()
        let text = envelope.text.replacing(#"{"payload""#, with: #"{"more":{"a":[1.5e3,true,null,"\u00e9"]},"payload""#)
            .replacing(#"{"keyid""#, with: #"{"cert":"x","keyid""#)
        let read = try Envelope(parsing: Array(text.utf8))
        #expect(read == envelope)
        #expect(try read.signers(among: [key.verifyingKey]).count == 1)
    }

    @Test func `too many signatures and too many bytes are refused`() throws {
        var (envelope, _) = try signed()
        envelope.signatures = Array(repeating: envelope.signatures[0], count: Envelope.maxSignatures)
        _ = try Envelope(parsing: Array(envelope.text.utf8))
        envelope.signatures.append(envelope.signatures[0])
        let text = envelope.text
        expectError(.badDocument) { () throws(LineageError) in _ = try Envelope(parsing: Array(text.utf8)) }
        let large = [UInt8](repeating: 0x20, count: Envelope.maxBytes + 1)
        expectError(.badDocument) { () throws(LineageError) in _ = try Envelope(parsing: large) }
    }

    @Test func `a type that a terminal would obey is shown escaped`() throws {
        var (envelope, key) = try signed()
        envelope.payloadType = "\u{1B}[31m\u{202E}"
        let read = try Envelope(parsing: Array(envelope.text.utf8))
        expectError(.badDocument) { () throws(LineageError) in try read.signers(among: [key.verifyingKey]) }
    }
}
