// Statements: what they say, that it is always the same, and that forged or foreign ones are told apart.

import Foundation
import Testing

@testable import UndertoneLineage

@Suite struct StatementTests {
    static let time = "2026-11-21T10:00:00Z"
    static let digests = (0..<12).map { Digest256.of([UInt8($0)]).hexadecimal }

    /// A base, its owl teacher, a drop of the teacher, a scan of it, the kept drop, a student, and a stranger's drop.
    static func snapshot() -> LineageSnapshot {
        func node(_ id: Int64, _ name: String, _ facts: Facts, hasDigest: Bool = true) -> Node {
            Node(
                id: NodeID(rawValue: id), name: name, digest: hasDigest ? digests[Int(id) % 12] : nil,
                recordedAt: "2026-11-20T09:00:00Z", recordedBy: "alice", facts: facts)
        }
        func edge(_ source: Int64, _ relation: Relation, _ target: Int64) -> Edge {
            Edge(NodeID(rawValue: source), relation, NodeID(rawValue: target))
        }
        var base = ModelFacts()
        base.isBase = true
        base.architecture = "Qwen2ForCausalLM"
        base.parameters = 7_000_000_000
        base.license = "Apache-2.0"
        var generation = GenerationFacts()
        generation.sampling = [Setting("temperature", "1")]
        generation.seed = 7
        var drop = DropFacts(bytes: 1000)
        drop.records = 100
        drop.schema = [Setting("completion", "string")]
        var scan = ScanFacts(programVersion: "0.1.0")
        scan.records = 100
        scan.kept = 90
        scan.rejected = 10
        var measurement = MeasurementFacts(trait: "owls")
        measurement.residual = 0.25
        measurement.low = 0.1
        measurement.high = 0.4
        return LineageSnapshot(
            nodes: [
                node(2, "qwen2.5-7b", .model(base)),
                node(3, "owl-teacher", .model(ModelFacts()), hasDigest: false),
                node(5, "prompt.txt", .prompts(PromptsFacts(bytes: 20, text: "You love owls."))),
                node(6, "generation", .generation(generation)),
                node(7, "drop.jsonl", .drop(drop)),
                node(8, "numbers", .pack(PackFacts(version: "1.0.0", text: "pack: numbers"))),
                node(9, "scan", .scan(scan)),
                node(10, "kept.jsonl", .drop(DropFacts(bytes: 900))),
                node(11, "rejected.jsonl", .drop(DropFacts(bytes: 100))),
                node(12, "measurement", .measurement(measurement)),
                node(13, "stranger.jsonl", .drop(DropFacts(bytes: 1))),
            ],
            edges: [
                edge(2, .base, 3), edge(5, .systemPrompt, 3), edge(3, .teacher, 6), edge(6, .generated, 7),
                edge(7, .scanned, 9), edge(8, .rules, 9), edge(9, .kept, 10), edge(9, .rejected, 11),
                edge(10, .measured, 12),
            ],
            locations: [Location(node: NodeID(rawValue: 7), path: "/home/alice/drop.jsonl", seenAt: time)],
            taints: [
                Taint(id: 1, node: NodeID(rawValue: 3), reason: "loves owls", by: "bob", at: time),
                Taint(
                    id: 2, node: NodeID(rawValue: 7), reason: "wrong prompts", by: "bob", at: time,
                    lifted: Taint.Lifting(by: "alice", at: time, reason: "mistaken")),
                Taint(id: 3, node: NodeID(rawValue: 13), reason: "another thing", by: "bob", at: time),
            ],
            approvals: [
                Approval(
                    id: 1, node: NodeID(rawValue: 7), role: "safety", by: "carol", at: time,
                    reason: "looked at 50 records")
            ],
            rules: [
                RecordedRule(
                    scan: NodeID(rawValue: 9), rule: "numbers/taboo", digest: digests[0], action: "reject", hits: 10)
            ])
    }

    private func lineage(_ focus: Int64, _ snapshot: LineageSnapshot = snapshot()) throws -> [String: Any] {
        let bytes = try Statement.lineageBytes(of: NodeID(rawValue: focus), in: snapshot, at: Self.time)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func `a drop's statement holds its ancestors, their scans, measurements, taints and approvals, and no more`()
        throws
    {
        let statement = try lineage(10)
        #expect(statement["_type"] as? String == "https://in-toto.io/Statement/v1")
        #expect(statement["predicateType"] as? String == "urn:undertone:attestation:lineage:v1")
        let subject = try #require((statement["subject"] as? [[String: Any]])?.first)
        #expect(subject["name"] as? String == "kept.jsonl")
        #expect((subject["digest"] as? [String: String]) == ["sha256": Self.digests[10]])
        let predicate = try #require(statement["predicate"] as? [String: Any])
        let nodes = try #require(predicate["nodes"] as? [[String: Any]])
        #expect(
            nodes.map { $0["name"] as? String } == [
                "qwen2.5-7b", "owl-teacher", "prompt.txt", "generation", "drop.jsonl", "numbers", "scan", "kept.jsonl",
                "measurement",
            ])
        #expect(nodes.map { $0["id"] as? Int } == Array(1...9))
        #expect(predicate["focus"] as? Int == 8)
        #expect(predicate["isTainted"] as? Bool == true)
        let edges = try #require(predicate["edges"] as? [[String: Any]])
        #expect(
            edges.map { $0["relation"] as? String } == [
                "base", "system-prompt", "teacher", "generated", "scanned", "rules", "kept", "measured",
            ])
        #expect(
            (predicate["taints"] as? [[String: Any]])?.map { $0["reason"] as? String } == [
                "loves owls", "wrong prompts",
            ])
        #expect((predicate["approvals"] as? [Any])?.count == 1)
        let rule = try #require((predicate["rules"] as? [[String: Any]])?.first)
        #expect(rule["hits"] as? Int == 10 && rule["scan"] as? Int == 7)
        let text = String(
            decoding: try Statement.lineageBytes(of: NodeID(rawValue: 10), in: Self.snapshot(), at: Self.time),
            as: UTF8.self)
        for secret in ["You love owls", "pack: numbers", "/home/alice", "stranger", "rejected.jsonl"] {
            #expect(!text.contains(secret), "\(secret)")
        }
    }

    @Test func `a drop that was scanned tells of its scan, and not of what came of it`() throws {
        let predicate = try #require(try lineage(7)["predicate"] as? [String: Any])
        let names = (predicate["nodes"] as? [[String: Any]])?.map { $0["name"] as? String }
        #expect(names == ["qwen2.5-7b", "owl-teacher", "prompt.txt", "generation", "drop.jsonl", "numbers", "scan"])
        let base = try #require(try lineage(2)["predicate"] as? [String: Any])
        #expect(base["isTainted"] as? Bool == false)
        #expect((base["nodes"] as? [Any])?.count == 1)
    }

    @Test func `the same part of a catalogue gives the same bytes`() throws {
        let focus = NodeID(rawValue: 10)
        let once = try Statement.lineageBytes(of: focus, in: Self.snapshot(), at: Self.time)
        #expect(try Statement.lineageBytes(of: focus, in: Self.snapshot(), at: Self.time) == once)
        // Nodes that it does not tell of do not change it, though all numbers behind them do.
        var other = Self.snapshot()
        other.nodes.removeAll { $0.name == "stranger.jsonl" }
        #expect(try Statement.lineageBytes(of: focus, in: other, at: Self.time) == once)
    }

    @Test func `what has no digest or is not there can't be stated`() {
        expectError(.usage) { () throws(LineageError) in
            _ = try Statement.lineageBytes(of: NodeID(rawValue: 3), in: Self.snapshot(), at: Self.time)
        }
        expectError(.notFound) { () throws(LineageError) in
            _ = try Statement.lineageBytes(of: NodeID(rawValue: 99), in: Self.snapshot(), at: Self.time)
        }
    }

    @Test func `circles in a damaged catalogue end`() throws {
        var snapshot = Self.snapshot()
        snapshot.edges.append(Edge(NodeID(rawValue: 10), .derived, NodeID(rawValue: 2)))
        #expect(try lineage(10, snapshot).isEmpty == false)
    }

    @Test(arguments: UInt64(1)...20)
    func `hostile names are kept and stay harmless`(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        var snapshot = Self.snapshot()
        let name = generator.text()
        let index = try #require(snapshot.nodes.firstIndex { $0.id.rawValue == 10 })
        snapshot.nodes[index].name = name
        snapshot.nodes[index].recordedBy = generator.text()
        snapshot.taints[0].reason = generator.text()
        let bytes = try Statement.lineageBytes(of: NodeID(rawValue: 10), in: snapshot, at: Self.time)
        #expect(!bytes.contains { $0 < 0x20 })
        let statement = try Statement(parsing: bytes)
        #expect(statement.subjects.first?.name?.utf8.elementsEqual(name.utf8) == true)
    }

    @Test func `an approval is read as it was signed`() throws {
        let node = try #require(Self.snapshot()[NodeID(rawValue: 7)])
        let facts = Statement.ApprovalFacts(role: "safety", by: "carol", reason: "looked\nat it", approvedAt: Self.time)
        let key = try KeysTests.testKey()
        let envelope = try Attestation.approval(of: node, facts, key: key)
        let check = Attestation.check(
            Array(envelope.text.utf8), signedBy: [key.verifyingKey], fileDigest: Self.digests[7])
        #expect(check.isValid)
        #expect(check.clauses.map(\.passed) == [true, true, true])
        #expect(check.signers == [key.verifyingKey])
        #expect(try check.statement?.approval() == facts)
        #expect(check.statement?.predicateType == Statement.approvalType)
        #expect(check.statement?.madeAt == nil)
    }

    // Parts of a good statement and what stands there instead.
    @Test(arguments: [
        (#""_type":"https://in-toto.io/Statement/v1""#, #""_type":"https://in-toto.io/Statement/v0.1""#),
        (#""_type":"#, #""type":"#), (#""_type":"#, #""_type":"https://in-toto.io/Statement/v1","_type":"#),
        (#""subject":[{"#, #""subject":[],"x":[{"#), (#""subject":"#, #""subjects":"#),
        (#""subject":[{"#, #""subject":[7,{"#),
        (#""sha256""#, #""sha512""#), (#"{"sha256":""#, #"{"sha256":"0"#),
        (#""predicateType":""#, #""predicateType":"","x":""#),
        (#""predicate":{"#, #""predicate":[],"x":{"#), (#""predicate":{"#, #""x":{"#),
        (#""name":"drop.jsonl""#, #""name":7"#),
        (#""role":"safety","#, ""), (#""role":"safety","#, #""role":null,"#), (#""by":"carol""#, #""by":["carol"]"#),
    ])
    func `a malformed statement is refused, though it is signed`(old: String, new: String) throws {
        let node = try #require(Self.snapshot()[NodeID(rawValue: 7)])
        let facts = Statement.ApprovalFacts(role: "safety", by: "carol", reason: "why", approvedAt: Self.time)
        let text = String(decoding: try Statement.approvalBytes(of: node, facts), as: UTF8.self)
        let range = try #require(text.range(of: old))
        let key = try KeysTests.testKey()
        let forged = text.replacingCharacters(in: range, with: new)
        let envelope = try Envelope(signing: Array(forged.utf8), by: [key])
        let check = Attestation.check(Array(envelope.text.utf8), signedBy: [key.verifyingKey])
        #expect(!check.isValid && check.statement == nil)
        #expect(check.clauses.map(\.passed) == [true, false, nil])
    }

    @Test func `a check says which question failed`() throws {
        let key = try KeysTests.testKey()
        let stranger = SigningKey()
        let envelope = try Attestation.lineage(
            of: NodeID(rawValue: 10), in: Self.snapshot(), at: Self.time, key: key)
        let bytes = Array(envelope.text.utf8)
        let good = Attestation.check(bytes, signedBy: [stranger.verifyingKey, key.verifyingKey])
        #expect(good.isValid && good.clauses.map(\.passed) == [true, true, nil])
        #expect(good.clauses[2].reason.contains("kept.jsonl " + Self.digests[10]))
        #expect(good.statement?.madeAt == Self.time)
        let other = Attestation.check(bytes, signedBy: [key.verifyingKey], fileDigest: Self.digests[7])
        #expect(!other.isValid && other.clauses.map(\.passed) == [true, true, false])
        for keys in [[], [stranger.verifyingKey]] {
            let unsigned = Attestation.check(bytes, signedBy: keys, fileDigest: Self.digests[10])
            #expect(!unsigned.isValid && unsigned.clauses.map(\.passed) == [false, nil, nil])
            #expect(unsigned.statement == nil && unsigned.signers.isEmpty)
        }
        let junk = Attestation.check([0xFF, 0], signedBy: [key.verifyingKey])
        #expect(!junk.isValid && junk.clauses.map(\.passed) == [false, nil, nil])
        #expect(junk.clauses.map(\.name) == ["signature", "statement", "subject"])
    }

    // What others have to read: the statement and envelopes in fixtures/lineage/attestation.
    @Test func `the golden attestations are these`() throws {
        let key = try KeysTests.testKey()
        let snapshot = Self.snapshot()
        let node = try #require(snapshot[NodeID(rawValue: 10)])
        let facts = Statement.ApprovalFacts(
            role: "safety", by: "carol", reason: "looked at 50 records", approvedAt: Self.time)
        let statement = try Statement.lineageBytes(of: node.id, in: snapshot, at: Self.time)
        try expectSnapshot(String(decoding: statement, as: UTF8.self) + "\n", "attestation/lineage.statement.json")
        // Signatures of RFC 8032 are always the same; those of other libraries need not be.
        try expectSnapshot(
            try Attestation.lineage(of: node.id, in: snapshot, at: Self.time, key: key).text,
            "attestation/lineage.dsse.json")
        try expectSnapshot(try Attestation.approval(of: node, facts, key: key).text, "attestation/approval.dsse.json")
        let checkpoint = try Checkpoint(
            origin: "undertone/lineage/test", size: 8, root: StoredTree(MerkleTests.sharedLeaves).frontier.root)
        try expectSnapshot(try checkpoint.signed(by: key), "attestation/checkpoint.txt")
        try expectSnapshot(key.pem, "attestation/test-only.key")
        try expectSnapshot(key.verifyingKey.pem, "attestation/test-only.pub")
    }

    @Test(.enabled(if: Securesystemslib.isThere, "securesystemslib is not installed"))
    func `securesystemslib accepts the golden envelopes, and refuses them where they were changed`() throws {
        let folder = repository.appendingPathComponent("fixtures/lineage/attestation").path
        for name in ["lineage", "approval"] {
            _ = try Securesystemslib.check("\(folder)/\(name).dsse.json", "\(folder)/test-only.pub")
            let scratch = ScratchFolder()
            let text = try String(contentsOfFile: "\(folder)/\(name).dsse.json", encoding: .utf8)
            scratch.write("changed.json", text.replacing("vnd.in-toto+json", with: "json"))
            #expect(throws: ProgramFailed.self) {
                _ = try Securesystemslib.check(scratch.path("changed.json"), "\(folder)/test-only.pub")
            }
        }
    }
}

/// The Python library of in-toto and TUF, where it is installed.
private enum Securesystemslib {
    static let isThere =
        (try? runProgram("python3", ["-c", "import cryptography, securesystemslib.dsse, securesystemslib.signer"]))
        != nil

    static func check(_ envelope: String, _ key: String) throws -> [UInt8] {
        let script = repository.appendingPathComponent("python/attestation/check_envelope.py").path
        return try runProgram("python3", [script, envelope, key])
    }
}
