// Catalogues that somebody else wrote: whatever stands in their tables, the answer is an answer or an error, never a crash.

import Foundation
import GRDB
import Testing
import UndertoneCore

@testable import UndertoneLineage

@Suite struct CatalogueHostileTests {
    /// A catalogue with a row in every table.
    private func fill(_ catalogue: Catalogue) throws {
        let story = try OwlStory(catalogue)
        try scan(catalogue, "/data/drop.jsonl", content: "drop")
        let teacher = try #require(try catalogue.node(story.teacher))
        try catalogue.taint(teacher, reason: "owls", by: tester)
        try catalogue.untaint(teacher, reason: "no owls", by: tester)
        try catalogue.taint(teacher, reason: "owls after all", by: tester)
        try catalogue.approve(teacher, role: "safety", reason: "read", envelope: "{}", by: tester)
        var measurement = MeasurementFacts(trait: "owl")
        measurement.residual = 0.5
        try catalogue.add(measurement, of: [story.drop], by: tester)
    }

    /// Asks everything that can be asked. Errors are fine.
    private func ask(_ path: String) {
        func attempt(_ body: () throws -> Void) { try? body() }
        guard let catalogue = try? Catalogue.open(path) else { return }
        attempt { _ = try catalogue.snapshot() }
        attempt { _ = try catalogue.verifyLog(against: LogHead(size: 3, root: .zero)) }
        attempt { _ = try catalogue.logEntries(from: -2) }
        attempt { _ = try catalogue.logHead() }
        attempt { _ = try catalogue.inclusionProof(of: 2, size: 4) }
        attempt { _ = try catalogue.counts() }
        attempt { _ = try catalogue.taints() }
        attempt { _ = try catalogue.locations() }
        attempt {
            let graph = try catalogue.graph()
            let ids = try catalogue.snapshot().nodes.map(\.id)
            for id in ids.prefix(20) {
                _ = try graph.taintedBy(id, taints: catalogue.taints())
                _ = graph.descendants(of: id).count
                _ = try catalogue.snapshot(above: id, withScans: true)
            }
        }
        for kind in NodeKind.allCases { attempt { _ = try catalogue.nodes(kind, latest: 3) } }
        for name in ["owl-teacher", "/data/drop.jsonl", "drop:4", "scan:9", String(digest("drop").prefix(8))] {
            attempt {
                let node = try catalogue.node(named: name)
                for line in [1, 2, 3, .max] { _ = try catalogue.decisions(of: node.id, line: line) }
                _ = try catalogue.checksums(of: node.id)
            }
        }
        attempt {
            _ = try catalogue.snapshot(
                contents: [digest("drop")], paths: ["/data/drop.jsonl"], models: ["student", "owl"])
        }
        attempt { _ = try OwlStory(catalogue) }
        attempt { try scan(catalogue, "/data/drop.jsonl", content: "drop") }
        attempt { try scan(catalogue, "/data/drop.jsonl", content: "another") }
        attempt {
            let teacher = try catalogue.node(named: "owl-teacher")
            try catalogue.untaint(teacher, reason: "x", by: tester)
        }
        attempt { _ = try catalogue.collectGarbage(keepingScans: 0, isDryRun: false, by: tester) }
    }

    @Test("cells that hold anything end no program", arguments: 0..<60 as Range<UInt64>)
    func cells(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let folder = CatalogueFolder()
        try fill(folder.catalogue())
        let queue = try DatabaseQueue(path: folder.cataloguePath)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
            // Types and NOT NULL are taken away, and put back in every second case: rows then break what tables promise.
            let schema = try Row.fetchAll(database, sql: "SELECT rowid, sql FROM sqlite_master WHERE sql NOT NULL")
                .map { (row: $0[0] as Int, sql: $0[1] as String) }
            func write(_ change: (String) -> String) throws {
                try database.execute(sql: "PRAGMA writable_schema = ON")
                for (row, sql) in schema {
                    try database.execute(
                        sql: "UPDATE sqlite_master SET sql = ? WHERE rowid = ?", arguments: [change(sql), row])
                }
                try database.execute(sql: "PRAGMA writable_schema = RESET")
            }
            try write {
                $0.replacing(" STRICT,", with: "").replacing(" STRICT", with: "").replacing(" NOT NULL", with: "")
            }
            let tables = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let table = try #require(tables.randomElement(using: &random))
                let column = try #require(try database.columns(in: table).randomElement(using: &random)).name
                let value = try #require(CatalogueHostileTests.values.randomElement(using: &random))
                let one = Bool.random(using: &random) ? " WHERE \(column) = (SELECT max(\(column)) FROM \(table))" : ""
                // Keys that are the row's number hold nothing else, whatever the schema says.
                try? database.execute(
                    sql: "UPDATE OR IGNORE \(table) SET \(column) = ?\(one)", arguments: [value])
            }
            if seed % 2 == 0 { try write { $0 } }
        }
        try queue.close()
        ask(folder.cataloguePath)
    }

    private static let values: [DatabaseValue] = [
        .null, "".databaseValue, "text".databaseValue, "\u{1B}[31m".databaseValue, (-1).databaseValue, 0.databaseValue,
        Int64.max.databaseValue, Int64.min.databaseValue, 1.5.databaseValue, 1e300.databaseValue,
        Double.infinity.databaseValue, Data().databaseValue, Data([0xFF, 0xFE]).databaseValue,
        Data(repeating: 0x81, count: 40).databaseValue, "[".databaseValue, "{\"a\":1}".databaseValue,
        "scan".databaseValue, 4.databaseValue, 9.databaseValue, String(repeating: "a", count: 70).databaseValue,
    ]

    @Test(
        "tables that are not as they must be end no program",
        arguments: [
            "CREATE TABLE hidden (x); INSERT INTO hidden VALUES (1)", "DROP TABLE location", "DROP TABLE verdicts",
            "DROP TABLE log", "DELETE FROM log_node", "ALTER TABLE model RENAME COLUMN license TO other",
            "ALTER TABLE node ADD COLUMN more TEXT", "UPDATE log SET seq = 9223372036854775807 WHERE seq = 1",
            "UPDATE log SET seq = -seq", "UPDATE verdicts SET first_line = -9223372036854775808",
            "UPDATE verdicts SET lines = 9223372036854775807", "UPDATE verdicts SET data = randomblob(64)",
            "UPDATE record_checksums SET data = randomblob(6)", "UPDATE record_checksums SET first_record = 0",
            "UPDATE log SET entry = randomblob(100)", "UPDATE log SET entry = zeroblob(50000000) WHERE seq = 2",
            "INSERT INTO edge SELECT target, relation, source FROM edge",
            "INSERT INTO node SELECT -id, kind, name || id, NULL, recorded_at, recorded_by FROM node",
            "INSERT INTO node SELECT id + 9223372036854775000, kind, name || id, NULL, recorded_at, recorded_by FROM node",
        ])
    func schema(sql: String) throws {
        let folder = CatalogueFolder()
        try fill(folder.catalogue())
        try folder.tamper(sql)
        #expect((try? Catalogue.open(folder.cataloguePath, readOnly: true).verifyLog().isIntact) != true, "\(sql)")
        ask(folder.cataloguePath)
    }

    @Test func `nothing that somebody else wrote runs: no view is read, no trigger is set off`() throws {
        let folder = CatalogueFolder()
        try fill(folder.catalogue())
        try folder.tamper("CREATE TRIGGER t AFTER INSERT ON taint BEGIN DELETE FROM taint; END")
        let catalogue = try folder.catalogue()
        let teacher = try catalogue.node(named: "owl-teacher")
        let refused = #expect(throws: LineageError.self) {
            try catalogue.taint(teacher, reason: "again", by: tester)
        }
        #expect(refused?.code == .corrupt)
        #expect(try catalogue.taints().count == 2)
        try folder.tamper(
            "DROP TRIGGER t; ALTER TABLE taint RENAME TO other; CREATE VIEW taint AS WITH RECURSIVE n (x) AS "
                + "(VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT * FROM n")
        let error = #expect(throws: LineageError.self) { try folder.catalogue() }
        #expect(error?.code == .corrupt)
    }

    @Test func `an error says nothing of what a table holds`() throws {
        let folder = CatalogueFolder()
        try fill(folder.catalogue())
        try folder.tamper(
            "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, ' STRICT', '') WHERE name = 'training';"
                + "PRAGMA writable_schema = RESET; UPDATE training SET seed = 'a secret'")
        let error = #expect(throws: LineageError.self) { try folder.catalogue().snapshot() }
        #expect(error?.code == .corrupt)
        #expect(error?.description.contains("secret") == false)
    }
}

/// Records a scan of three lines of one file, of which the second was rejected.
@discardableResult
func scan(_ catalogue: Catalogue, _ path: String, content: String) throws -> NodeID {
    var record = ScanRecord(facts: ScanFacts(programVersion: "0.1.0"))
    record.facts.records = 3
    record.facts.kept = 2
    record.facts.rejected = 1
    var facts = DropFacts(bytes: 100)
    facts.records = 3
    facts.format = "json-lines"
    record.inputs = [.init(path: path, digest: digest(content), facts: facts)]
    var kept = DropFacts(bytes: 60)
    kept.records = 2
    record.outputs = [(.kept, .init(path: path + ".kept", digest: digest(content + " kept"), facts: kept))]
    record.packs = [
        .init(name: "numbers", version: "1.0.0", digest: digest("pack"), texts: [("numbers", "pack: numbers\n")])
    ]
    record.rules = [
        .init(name: "numbers/taboo", digest: digest("rule"), action: "reject", hits: 1, reasons: [("taboo", 1)])
    ]
    let verdicts = VerdictRecorder(beside: catalogue)
    verdicts.begin(input: 0)
    var marks = VerdictMarks()
    marks.begin(line: 2, .reject)
    marks.add(reason: 0)
    verdicts.add(marks, linesBefore: 0, lastLine: 3)
    [1, 2, 3].withUnsafeBufferPointer { verdicts.add(checksums: $0) }
    verdicts.end(lastLine: 3)
    return try catalogue.record(record, verdicts, by: tester).scan
}
