// What is said twice, in another order, or in contradiction: entries are completed, and what can't be true is refused.

import Foundation
import GRDB
import Testing
import UndertoneCore

@testable import UndertoneLineage

@Suite struct CatalogueCompletionTests {
    let folder = CatalogueFolder()

    private func drop(_ path: String, _ content: String, format: String?, records: Int?, bytes: Int = 100) -> DropEntry
    {
        var facts = DropFacts(bytes: bytes)
        facts.format = format
        facts.records = records
        return DropEntry(file: SeenFile(path: path, digest: digest(content)), facts: facts)
    }

    private func facts(_ catalogue: Catalogue, _ id: NodeID) throws -> DropFacts {
        guard case .drop(let facts)? = try catalogue.node(id)?.facts else { throw LineageError(.corrupt, "no drop") }
        return facts
    }

    private func record(_ catalogue: Catalogue, _ entry: DropEntry, checksums: [UInt32]) throws -> NodeID {
        var record = ScanRecord(facts: ScanFacts(programVersion: "0.1.0"))
        record.inputs = [.init(path: entry.file.path, digest: entry.file.digest, facts: entry.facts)]
        let verdicts = VerdictRecorder(beside: catalogue)
        verdicts.begin(input: 0)
        checksums.withUnsafeBufferPointer { verdicts.add(checksums: $0) }
        verdicts.end(lastLine: checksums.count)
        _ = try catalogue.record(record, verdicts, by: tester)
        return try catalogue.node(named: entry.file.digest).id
    }

    @Test func `a drop that is read in another way is the same drop, and its checksums stay those of the first way`()
        throws
    {
        let catalogue = try folder.catalogue()
        let asArray = drop("/d/a.json", "a", format: "json-array", records: 3)
        let asText = drop("/d/a.json", "a", format: "text", records: 1)
        let id = try catalogue.add(asArray, by: tester)
        #expect(try record(catalogue, asText, checksums: [7]) == id)
        // Nothing had read it before but `add drop`, whose word counts as much.
        _ = try record(catalogue, asArray, checksums: [1, 2, 3])
        _ = try record(catalogue, asText, checksums: [7])
        let facts = try facts(catalogue, id)
        let checksums = try #require(try catalogue.checksums(of: id))
        #expect(checksums.count == facts.records)
        #expect(facts.format == "text")
        #expect(try catalogue.nodes(.scan).count == 3)
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `checksums that count other records than the entry are not kept`() throws {
        let catalogue = try folder.catalogue()
        let asArray = drop("/d/a.json", "a", format: "json-array", records: 3)
        let id = try record(catalogue, asArray, checksums: [])
        _ = try record(catalogue, drop("/d/a.json", "a", format: "text", records: 1), checksums: [7])
        #expect(try catalogue.checksums(of: id) == nil)
        _ = try record(catalogue, asArray, checksums: [1, 2, 3])
        #expect(try catalogue.checksums(of: id) == [1, 2, 3])
    }

    @Test func `what reading finds goes before what a document said, and a licence is still nothing to read`() throws {
        let catalogue = try folder.catalogue()
        var document = ImportedLineage()
        var facts = DropFacts(bytes: 5)
        facts.records = 1
        facts.license = "mit"
        _ = try document.add(.init(name: "train.jsonl", digest: digest("a"), facts: .drop(facts)))
        _ = try catalogue.add(document, by: tester)
        var entry = drop("/d/a.jsonl", "a", format: "json-lines", records: 3)
        let id = try catalogue.add(entry, by: tester)
        let found = try self.facts(catalogue, id)
        #expect(found.bytes == 100 && found.records == 3 && found.license == "mit")
        #expect(try catalogue.nodes(.drop).count == 1)
        entry.facts.license = "apache-2.0"
        let error = #expect(throws: LineageError.self) { try catalogue.add(entry, by: tester) }
        #expect(error?.code == .duplicate)
    }

    @Test func `a file that a document told of by name is that entry once somebody has it, with all it came from`()
        throws
    {
        let catalogue = try folder.catalogue()
        var document = ImportedLineage()
        let web = try document.add(.init(name: "web", facts: .drop(DropFacts(bytes: nil))))
        let mixed = try document.add(.init(name: "/d/mixed.jsonl", facts: .drop(DropFacts(bytes: nil))))
        try document.connect(web, .derived, mixed)
        let nodes = try catalogue.add(document, by: tester).nodes
        let id = try catalogue.add(drop("/d/mixed.jsonl", "mixed", format: "text", records: 2), by: tester)
        #expect(id == nodes[mixed])
        #expect(try catalogue.node(id)?.digest == digest("mixed"))
        let tainted = try #require(try catalogue.node(nodes[web]))
        try catalogue.taint(tainted, reason: "owls", by: tester)
        #expect(try catalogue.graph().taintedBy(id, taints: catalogue.taints()).count == 1)
        // The next content under that name is another drop.
        #expect(try catalogue.add(drop("/d/mixed.jsonl", "new", format: "text", records: 2), by: tester) != id)
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `the weights of a model begin in one place`() throws {
        let catalogue = try folder.catalogue()
        func model(_ name: String, base: NodeID? = nil, isBase: Bool = false) throws -> NodeID {
            var entry = ModelEntry(name: name)
            entry.base = base
            entry.facts.isBase = isBase
            return try catalogue.add(entry, by: tester)
        }
        let first = try model("first", isBase: true)
        let second = try model("second", isBase: true)
        let student = try model("student", base: first)
        let before = try catalogue.snapshot()
        for contradiction in [
            { _ = try model("student", base: second) }, { _ = try model("student", isBase: true) },
            { _ = try model("first", base: second) },
        ] {
            let error = #expect(throws: LineageError.self) { try contradiction() }
            #expect(error?.code == .duplicate)
        }
        #expect(try model("student", base: first) == student)
        #expect(try model("first", isBase: true) == first)
        #expect(try catalogue.snapshot() == before)
    }

    @Test(arguments: ["model:1", "drop:77", "scan:-3"])
    func `a name that reads as a number of an entry is refused`(name: String) throws {
        let catalogue = try folder.catalogue()
        let error = #expect(throws: LineageError.self) { try catalogue.add(ModelEntry(name: name), by: tester) }
        #expect(error?.code == .usage)
        try catalogue.add(ModelEntry(name: "model:x"), by: tester)
        #expect(try catalogue.node(named: "model:x").name == "model:x")
    }

    @Test func `names as long as names may be can be trained, scanned and generated`() throws {
        let catalogue = try folder.catalogue()
        let long = "/" + String(repeating: "e\u{301}\u{301}", count: 818)
        #expect(long.utf8.count == 4091)
        var entry = drop(long, "a", format: "text", records: 1)
        var teacher = ModelEntry(name: String(repeating: "n", count: 4096))
        entry.teacher = try catalogue.add(teacher, by: tester)
        teacher.trainedOn = [try catalogue.add(drop("/d", "b", format: "text", records: 1), by: tester)]
        try catalogue.add(teacher, by: tester)
        try catalogue.add(entry, by: tester)
        _ = try record(catalogue, entry, checksums: [1])
        #expect(try catalogue.nodes(.scan).count == 1)
    }

    @Test func `a scan of very many files has a short name and a short line in the log`() throws {
        let catalogue = try folder.catalogue()
        var record = ScanRecord(facts: ScanFacts(programVersion: "0.1.0"))
        for number in 0..<2000 {
            record.inputs.append(.init(path: "/d/\(number)", digest: digest("\(number)"), facts: DropFacts(bytes: 1)))
        }
        let scan = try catalogue.record(record, VerdictRecorder(beside: catalogue), by: tester).scan
        #expect(try catalogue.node(scan)?.name == "scan of /d/0, /d/1, /d/2 and 1997 more")
        #expect(try catalogue.graph().edges(into: scan).count == 2000)
    }

    @Test func `files without records are no drops, however they are packed`() throws {
        let catalogue = try folder.catalogue()
        var record = ScanRecord(facts: ScanFacts(programVersion: "0.1.0"))
        var packed = DropFacts(bytes: 20)
        packed.records = 0
        record.outputs = [(.kept, .init(path: "/d/kept.gz", digest: digest("empty gzip"), facts: packed))]
        _ = try catalogue.record(record, VerdictRecorder(beside: catalogue), by: tester)
        #expect(try catalogue.nodes(.drop).isEmpty)
    }

    @Test func `a document whose edges come in the worst order, and in a circle, is read in one go`() throws {
        let catalogue = try folder.catalogue()
        var document = ImportedLineage()
        let count = 4000
        for number in 0..<count { _ = try document.add(.init(name: "d\(number)", facts: .drop(DropFacts(bytes: nil)))) }
        for number in (0..<count - 1).reversed() { try document.connect(number, .derived, number + 1) }
        try document.connect(count - 1, .derived, 0)
        let recorded = try catalogue.add(document, by: tester)
        #expect(recorded.notes.count == 1)
        let graph = try catalogue.graph()
        #expect(graph.edgeCount == count - 1)
        let ends = recorded.nodes.filter { graph.edges(into: $0).isEmpty }
        #expect(ends.count == 1)
        #expect(graph.descendants(of: try #require(ends.first)).count == count - 1)
    }
}
