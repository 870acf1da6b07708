import Foundation
import GRDB
import Testing

@testable import UndertoneLineage

@Suite struct CatalogueLogTests {
    @Test(
        "a row that was changed behind the log's back is found",
        arguments: [
            "UPDATE model SET license = 'mit' WHERE node = 1",
            "UPDATE node SET recorded_by = 'somebody else' WHERE id = 2",
            "UPDATE taint SET lifted_by = 'x', lifted_at = 'y', lifted_reason = 'z'",
            "DELETE FROM taint",
            "DELETE FROM edge WHERE relation = 'teacher'",
            "UPDATE edge SET relation = 'parent' WHERE relation = 'teacher'",
            "INSERT INTO approval (node, role, said_by, said_at, reason) VALUES (1, 'safety', 'eve', 'now', 'fine')",
            "INSERT INTO model (node, is_base) VALUES (77, 1)",
            "UPDATE data_drop SET bytes = 101",
            "CREATE TABLE hidden (x)",
            "CREATE TRIGGER t AFTER INSERT ON taint BEGIN DELETE FROM taint; END",
            "DROP INDEX taint_node",
            "UPDATE log SET entry = CAST(replace(CAST(entry AS TEXT), 'tester', 'tEster') AS BLOB) WHERE seq = 2",
            "DELETE FROM log WHERE seq = 3",
            "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)",
            "UPDATE log_node SET hash = zeroblob(32) WHERE level = 1 AND number = 0",
            "DELETE FROM log_node WHERE level = 0 AND number = 1",
            "UPDATE location SET path = '/data/other.jsonl' WHERE path = '/data/drop.jsonl'",
        ])
    func tampering(sql: String) throws {
        let folder = CatalogueFolder()
        do {
            let catalogue = try folder.catalogue()
            let story = try OwlStory(catalogue)
            try catalogue.taint(try #require(try catalogue.node(story.teacher)), reason: "owls", by: tester)
            #expect(try catalogue.verifyLog().isIntact)
        }
        try folder.tamper(sql)
        let verification = try folder.catalogue().verifyLog()
        #expect(!verification.isIntact, "\(sql)")
    }

    @Test func `a log whose end was cut off with its rows is found by an earlier head`() throws {
        let folder = CatalogueFolder()
        let head: LogHead
        do {
            let catalogue = try folder.catalogue()
            let story = try OwlStory(catalogue)
            try catalogue.taint(try #require(try catalogue.node(story.teacher)), reason: "owls", by: tester)
            head = try catalogue.logHead()
        }
        let last = head.size - 1
        try folder.tamper(
            "DELETE FROM taint; DELETE FROM log WHERE seq = \(head.size); "
                + "DELETE FROM log_node WHERE (number + 1) * (1 << level) > \(last)")
        let catalogue = try folder.catalogue()
        #expect(try catalogue.verifyLog().isIntact)
        #expect(try !catalogue.verifyLog(against: head).isIntact)
        // Who goes on from there is found too.
        try catalogue.add(ModelEntry(name: "another"), by: tester)
        #expect(try catalogue.verifyLog().isIntact)
        #expect(try !catalogue.verifyLog(against: head).isIntact)
    }

    @Test func `heads of one log prove that they are of one log`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        var heads = [try catalogue.logHead()]
        for index in 0..<20 {
            try catalogue.add(ModelEntry(name: "m\(index)"), by: tester)
            heads.append(try catalogue.logHead())
        }
        let last = heads[20]
        for head in heads {
            #expect(try catalogue.verifyLog(against: head).isIntact)
            let proof = try #require(try catalogue.consistencyProof(from: head.size, to: last.size))
            #expect(
                MerkleTree.verifyConsistency(
                    size1: head.size, root1: head.root, size2: last.size, root2: last.root, proof: proof))
        }
        for entry in try catalogue.logEntries() {
            let proof = try #require(try catalogue.inclusionProof(of: entry.seq, size: last.size))
            #expect(
                MerkleTree.verifyInclusion(
                    leafHash: MerkleTree.leafHash(entry.bytes), index: entry.seq - 1, size: last.size, proof: proof,
                    root: last.root))
        }
        #expect(try catalogue.logEntries(from: -3).map(\.subject) == ["m17", "m18", "m19"])
    }
}
