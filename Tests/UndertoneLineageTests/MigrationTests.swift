// Catalogues of every version that was ever written are opened, brought to this version, and still say the same.

import Foundation
import GRDB
import Testing
import UndertoneCore

@testable import UndertoneLineage

@Suite struct MigrationTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("fixtures/lineage/catalogues")

    /// A catalogue of this version, as fixtures are made: the story, a scan, a taint that was lifted, an approval,
    /// a review.
    private func fill(_ catalogue: Catalogue) throws {
        let story = try OwlStory(catalogue)
        var record = ScanRecord(facts: ScanFacts(programVersion: "0.1.0"))
        record.facts.records = 3
        record.facts.kept = 2
        record.facts.rejected = 1
        var drop = DropFacts(bytes: 100)
        drop.records = 3
        record.inputs = [.init(path: "/data/drop.jsonl", digest: digest("drop"), facts: drop)]
        record.outputs = [(.kept, .init(path: "/data/kept.jsonl", digest: digest("kept"), facts: DropFacts(bytes: 60)))]
        record.packs = [
            .init(name: "numbers", version: "1.0.0", digest: digest("pack"), texts: [("numbers", "pack: numbers\n")])
        ]
        record.rules = [
            .init(
                name: "numbers/taboo", digest: digest("rule"), action: "reject", hits: 1, reasons: [("taboo-number", 1)]
            )
        ]
        let verdicts = VerdictRecorder(beside: catalogue)
        verdicts.begin(input: 0)
        var marks = VerdictMarks()
        marks.begin(line: 2, .reject)
        marks.add(reason: 0)
        verdicts.add(marks, linesBefore: 0, lastLine: 3)
        [1, 2, 3].withUnsafeBufferPointer { verdicts.add(checksums: $0) }
        verdicts.end(lastLine: 3)
        _ = try catalogue.record(record, verdicts, by: tester)
        let teacher = try #require(try catalogue.node(story.teacher))
        try catalogue.taint(teacher, reason: "owls", by: tester)
        try catalogue.untaint(teacher, reason: "no owls", by: tester)
        try catalogue.approve(teacher, role: "safety", reason: "read", by: tester)
        let reviewed = try #require(try catalogue.node(story.drop))
        let sheet = Review.Sheet(seed: 7, size: 10, items: 2, digest: digest("sheet"))
        let review = try catalogue.begin(review: sheet, of: reviewed, by: tester)
        let item = Review.Item(position: 1, list: "frequent", text: "owl", count: 2, share: 0.5, decision: .reject)
        try catalogue.keep(item, in: review, by: tester)
        try catalogue.finish(review, note: "owls", by: tester)
    }

    /// - Parameter version: the one that the catalogue was written by; reviews came with the second.
    private func check(_ catalogue: Catalogue, version: Int = Schema.version) throws {
        let verification = try catalogue.verifyLog()
        #expect(verification.isIntact, "\(verification.problems)")
        let drop = try catalogue.node(named: "/data/drop.jsonl")
        let decision = try #require(try catalogue.decisions(of: drop.id, line: 2).first)
        #expect(decision.outcome == .rejected)
        #expect(decision.reasons.map(\.rule) == ["numbers/taboo"])
        #expect(try catalogue.checksums(of: drop.id) == [1, 2, 3])
        #expect(try catalogue.taints().map { $0.lifted?.reason } == ["no owls"])
        let snapshot = try catalogue.snapshot()
        #expect(snapshot.approvals.map(\.role) == ["safety"])
        #expect(snapshot.nodes.count == 11)
        #expect(snapshot.rules.map(\.hits) == [1])
        #expect(snapshot.reviews.map(\.note) == (version < 2 ? [] : ["owls"]))
        #expect(snapshot.reviews.flatMap(\.items).map(\.text) == (version < 2 ? [] : ["owl"]))
        // And it can be written to.
        try catalogue.add(ModelEntry(name: "newer"), by: tester)
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test("opens", arguments: 1...Schema.version)
    func version(number: Int) throws {
        let fixture = MigrationTests.fixtures.appendingPathComponent("v\(number).sqlite")
        if number == Schema.version,
            !FileManager.default.fileExists(atPath: fixture.path)
                || ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
        {
            try record(fixture)
            Issue.record("v\(number).sqlite was written anew; a released version must never change")
        }
        let folder = CatalogueFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/.undertone", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.cataloguePath)
        try check(try Catalogue.open(folder.cataloguePath), version: number)
    }

    private func record(_ fixture: URL) throws {
        let folder = CatalogueFolder()
        do { try fill(try folder.catalogue()) }
        try folder.tamper("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
        try? FileManager.default.removeItem(at: fixture)
        try FileManager.default.createDirectory(
            at: fixture.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: folder.cataloguePath, toPath: fixture.path)
    }

    @Test func `a migration that adds a column leaves what the log vouches for as it was`() throws {
        let folder = CatalogueFolder()
        do { try fill(try folder.catalogue()) }
        let queue = try DatabaseQueue(path: folder.cataloguePath)
        try queue.inTransaction(.immediate) { database in
            try Schema.migrate(
                database, from: Schema.version, by: Schema.migrations + ["ALTER TABLE model ADD COLUMN hue TEXT"])
            return .commit
        }
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == Schema.version + 1)
        try queue.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA user_version = \(Schema.version); PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try queue.close()
        // This program knows no such column, and says so; every row is still as the log has it.
        let problems = try folder.catalogue().verifyLog().problems
        #expect(problems == ["the schema's table model is not as this program makes it"])
    }

    @Test func `a migration that fails leaves the catalogue as it was`() throws {
        let folder = CatalogueFolder()
        do { try fill(try folder.catalogue()) }
        let queue = try DatabaseQueue(path: folder.cataloguePath)
        #expect(throws: DatabaseError.self) {
            try queue.inTransaction(.immediate) { database in
                try Schema.migrate(
                    database, from: Schema.version,
                    by: Schema.migrations + ["ALTER TABLE model ADD COLUMN hue TEXT; no SQL at all"])
                return .commit
            }
        }
        try queue.close()
        try check(try folder.catalogue())
    }
}
