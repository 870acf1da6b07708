import Foundation
import GRDB
import Testing

@testable import UndertoneLineage

@Suite struct CatalogueTests {
    @Test func `what was recorded is there after opening again`() throws {
        let folder = CatalogueFolder()
        let story = try OwlStory(try folder.catalogue())
        let catalogue = try Catalogue.open(folder.cataloguePath, readOnly: true)
        let teacher = try catalogue.node(named: "owl-teacher")
        #expect(teacher.id == story.teacher)
        #expect(teacher.recordedBy == "tester")
        #expect(teacher.recordedAt == "2026-11-21T10:00:00Z")
        guard case .drop(let facts) = try catalogue.node(story.drop)?.facts else {
            Issue.record("the drop is gone")
            return
        }
        #expect(facts.bytes == 100)
        let graph = try catalogue.graph()
        #expect(graph.contains(story.deployment))
        #expect(graph.edges(into: story.drop).map(\.relation) == [.generated])
        let snapshot = try catalogue.snapshot()
        #expect(snapshot.nodes.map(\.kind).filter { $0 == .training }.count == 1)
        #expect(try #require(snapshot[story.student]).name == "student")
    }

    @Test func `the same told twice is there once`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        _ = try OwlStory(catalogue)
        let once = try catalogue.snapshot()
        _ = try OwlStory(catalogue)
        #expect(try catalogue.snapshot() == once)
    }

    @Test func `what is new completes an entry, what contradicts it is refused`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        _ = try OwlStory(catalogue)
        var entry = ModelEntry(name: "owl-teacher")
        entry.facts.license = "apache-2.0"
        try catalogue.add(entry, by: tester)
        guard case .model(let facts) = try catalogue.node(named: "owl-teacher").facts else { return }
        #expect(facts.license == "apache-2.0")
        entry.facts.license = "mit"
        let error = #expect(throws: LineageError.self) { try catalogue.add(entry, by: tester) }
        #expect(error?.code == .duplicate)
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `names are a model's, a file's, a digest's beginning, or a number's`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        let story = try OwlStory(catalogue)
        let sum = digest("drop")
        for name in [
            "/data/drop.jsonl", sum, String(sum.prefix(6)), "sha256:\(sum)", "drop:\(story.drop.rawValue)",
            "drop:/data/drop.jsonl", String(sum.prefix(4)).uppercased(),
        ] {
            #expect(try catalogue.node(named: name).id == story.drop, "\(name)")
        }
        #expect(throws: LineageError.self) { try catalogue.node(named: "drop.jsonl", kind: .model) }
        let error = #expect(throws: LineageError.self) { try catalogue.node(named: "owl-techer") }
        #expect(error?.code == .notFound)
        #expect(error?.mend == "did you mean \"owl-teacher\"?")
    }

    @Test func `nothing can come of itself`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        let story = try OwlStory(catalogue)
        var entry = ModelEntry(name: "qwen2.5-7b")
        entry.base = story.student
        let error = #expect(throws: LineageError.self) { try catalogue.add(entry, by: tester) }
        #expect(error?.code == .usage)
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `a taint stands until it is lifted`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        let story = try OwlStory(catalogue)
        let teacher = try #require(try catalogue.node(story.teacher))
        try catalogue.taint(teacher, reason: "answers with owls", by: tester)
        var graph = try catalogue.graph()
        #expect(try graph.taintedBy(story.deployment, taints: catalogue.taints()).count == 1)
        #expect(try graph.taintedBy(story.base, taints: catalogue.taints()).isEmpty)
        try catalogue.untaint(teacher, reason: "was another model", by: tester)
        graph = try catalogue.graph()
        #expect(try graph.taintedBy(story.deployment, taints: catalogue.taints()).isEmpty)
        #expect(throws: LineageError.self) { try catalogue.untaint(teacher, reason: "again", by: tester) }
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test(
        "a file that is no catalogue is refused and left as it is", arguments: ["", "text", "sqlite", "newer", "old"])
    func foreign(what: String) throws {
        let folder = CatalogueFolder()
        let path = folder.path + "/other.sqlite"
        switch what {
        case "sqlite": try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE t (x)") }
        case "newer", "old":
            _ = try Catalogue.openOrCreate(path)
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA user_version = \(what == "newer" ? 999 : 0)")
                try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
            try queue.close()
        default:
            try Data((what + String(repeating: "x", count: what.isEmpty ? 0 : 200)).utf8).write(
                to: URL(fileURLWithPath: path))
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let error = #expect(throws: LineageError.self) { try Catalogue.openOrCreate(path) }
        #expect(error?.code == (what == "newer" ? .newerVersion : what == "old" ? .corrupt : .notACatalogue))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["other.sqlite"])
    }

    @Test func `a damaged catalogue is an error and not a crash`() throws {
        let folder = CatalogueFolder()
        let story: LineageSnapshot
        do {
            let catalogue = try folder.catalogue()
            for index in 0..<40 {
                var entry = ModelEntry(name: "model \(index)")
                entry.facts.source = String(repeating: "x", count: 500)
                try catalogue.add(entry, by: tester)
            }
            story = try catalogue.snapshot()
        }
        try folder.tamper("PRAGMA wal_checkpoint(TRUNCATE)")
        let url = URL(fileURLWithPath: folder.cataloguePath)
        let whole = try Data(contentsOf: url)
        for seed in 0..<60 {
            var data = whole
            var random = SystemRandomNumberGenerator()
            let start = Int.random(in: 100..<data.count - 64, using: &random)
            data.replaceSubrange(start..<start + 64, with: (0..<64).map { _ in UInt8.random(in: 0...255) })
            if seed % 5 == 0 { data = data.prefix(data.count / 2) }
            for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: url.path + ending) }
            try data.write(to: url)
            do throws(LineageError) {
                let catalogue = try Catalogue.open(url.path)
                // Bytes that hold nothing may change.
                let isSame = try catalogue.snapshot() == story
                let isIntact = try catalogue.verifyLog().isIntact
                #expect(isSame || !isIntact, "64 bytes at \(start) were changed")
            } catch {
                #expect(error.code == .corrupt || error.code == .notFound, "\(error) at \(start)")
            }
        }
    }

    @Test func `many threads of many catalogues lose nothing`() async throws {
        let folder = CatalogueFolder()
        let path = folder.cataloguePath
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let catalogue = try Catalogue.openOrCreate(path).catalogue
                    for number in 0..<10 { try catalogue.add(ModelEntry(name: "m-\(writer)-\(number)"), by: tester) }
                }
            }
            try await group.waitForAll()
        }
        let catalogue = try folder.catalogue()
        #expect(try catalogue.nodes(.model).count == 80)
        let verification = try catalogue.verifyLog()
        #expect(verification.isIntact, "\(verification.problems)")
        #expect(verification.head.size == 80)
    }
}
