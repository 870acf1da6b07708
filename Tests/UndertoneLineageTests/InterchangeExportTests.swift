import Foundation
import Testing
import UndertoneLineage
import UndertoneText

@Suite struct InterchangeExportTests {
    /// File name, format, the name of the focus.
    static let documents: [(file: String, format: ExchangeFormat, focus: String?)] = [
        ("story.openlineage.jsonl", .openLineage, nil), ("student.openlineage.jsonl", .openLineage, "student"),
        ("mixture.croissant.json", .croissant, "mixture.jsonl.gz"), ("drop.croissant.json", .croissant, "drop.jsonl"),
        ("bare.croissant.json", .croissant, "second.jsonl"), ("story.prov.json", .prov, nil),
        ("student.prov.json", .prov, "student"), ("story.cyclonedx.json", .cycloneDX, nil),
        ("student.cyclonedx.json", .cycloneDX, "student"), ("student.model-card.md", .card, "student"),
        ("base.model-card.md", .card, "qwen2.5-7b"), ("mixture.dataset-card.md", .card, "mixture.jsonl.gz"),
    ]

    @Test("the story looks as it did when a person last looked", arguments: documents)
    func golden(document: (file: String, format: ExchangeFormat, focus: String?)) throws {
        let story = lineageStory()
        let text = try document.format.export(
            story, focus: document.focus.flatMap { story.id($0) }, version: "0.1.0")
        try expectSnapshot(text, "exchange/" + document.file)
    }

    @Test("the story told in hostile texts looks as it did when a person last looked", arguments: documents)
    func hostile(document: (file: String, format: ExchangeFormat, focus: String?)) throws {
        let plain = lineageStory()
        let story = lineageStory(hostileStory())
        let text = try document.format.export(
            story, focus: document.focus.flatMap { plain.id($0) }, version: "0.1.0")
        try expectSnapshot(text, "exchange/hostile-" + document.file)
        let isClean = text.unicodeScalars.allSatisfy { !$0.isHidden || $0 == "\n" }
        #expect(isClean, "something hidden stands in \(document.file)")
    }

    @Test(
        "the same snapshot gives the same text, whatever the numbers of its nodes", arguments: ExchangeFormat.allCases)
    func renumbered(format: ExchangeFormat) throws {
        let story = lineageStory()
        func moved(_ id: NodeID) -> NodeID { NodeID(rawValue: id.rawValue * 3 + 1_000) }
        var other = story
        for index in other.nodes.indices { other.nodes[index].id = moved(other.nodes[index].id) }
        other.edges = story.edges.map { Edge(moved($0.source), $0.relation, moved($0.target)) }
        for index in other.locations.indices { other.locations[index].node = moved(other.locations[index].node) }
        for index in other.taints.indices { other.taints[index].node = moved(other.taints[index].node) }
        for index in other.approvals.indices { other.approvals[index].node = moved(other.approvals[index].node) }
        for index in other.rules.indices { other.rules[index].scan = moved(other.rules[index].scan) }
        let focus = format.needsFocus ? story.id("mixture.jsonl.gz") : nil
        #expect(try format.export(story, focus: focus) == format.export(other, focus: focus.map(moved)))
    }

    @Test("an empty catalogue can be written", arguments: [ExchangeFormat.openLineage, .prov, .cycloneDX])
    func empty(format: ExchangeFormat) throws {
        let text = try format.export(LineageSnapshot())
        if format != .openLineage { _ = try JSONValue(parsing: text.utf8) }
    }

    @Test("a focus that makes no sense is refused")
    func focus() {
        let story = lineageStory()
        func code(_ format: ExchangeFormat, _ focus: NodeID?) -> LineageError.Code? {
            do throws(LineageError) {
                _ = try format.export(story, focus: focus)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code(.croissant, nil) == .usage)
        #expect(code(.card, nil) == .usage)
        #expect(code(.croissant, story.id("student")) == .usage)
        #expect(code(.card, story.id("numbers")) == .usage)
        #expect(code(.prov, NodeID(rawValue: 999)) == .notFound)
        #expect(code(.prov, story.id("student")) == nil)
    }

    @Test(
        "a damaged date is refused", arguments: ["", "yesterday", "2026-02-29T00:00:00Z", "2026-11-21T10:00:00+01:00"])
    func badDate(date: String) {
        var story = lineageStory()
        story.nodes[3].recordedAt = date
        #expect(throws: LineageError.self) { try ExchangeFormat.prov.export(story) }
    }

    @Test("with a focus only that and its origins are written")
    func origins() throws {
        let story = lineageStory()
        let text = try ExchangeFormat.prov.export(story, focus: story.id("kept.jsonl"))
        #expect(text.contains("owl-teacher") && text.contains("scan of drop.jsonl"))
        #expect(!text.contains("rejected.jsonl") && !text.contains("training of student"))
    }

    @Test("texts of prompts and packs stay in the catalogue", arguments: ExchangeFormat.allCases)
    func privateTexts(format: ExchangeFormat) throws {
        let story = lineageStory()
        let text = try format.export(story, focus: format.needsFocus ? story.id("mixture.jsonl.gz") : nil)
        #expect(!text.contains("You love owls.") && !text.contains("pack: numbers"))
    }

    @Test("run ids are UUIDs of version 7 that begin with the time")
    func runIDs() throws {
        let line = try #require(
            try ExchangeFormat.openLineage.export(lineageStory()).split(separator: "\n").first { $0.contains("runId") })
        let id = try #require(try JSONValue(parsing: line.utf8)["run"]?["runId"]?.string)
        let hex = id.filter { $0 != "-" }
        // 2026-11-21T10:04:00Z, in milliseconds, as `date -d … +%s` says.
        #expect(Int(hex.prefix(12), radix: 16) == 1_795_255_440_000)
        #expect(Array(hex)[12] == "7" && "89ab".contains(Array(hex)[16]))
    }

    @Test(
        "a catalogue of 5,000 nodes in one chain is written",
        arguments: [ExchangeFormat.openLineage, .prov, .cycloneDX])
    func large(format: ExchangeFormat) throws {
        var snapshot = LineageSnapshot()
        for index in 1...5_000 {
            let id = NodeID(rawValue: Int64(index))
            snapshot.nodes.append(
                Node(
                    id: id, name: "drop \(index)", recordedAt: "2026-11-21T10:00:00Z", recordedBy: "mara",
                    facts: .drop(DropFacts(bytes: index))))
            if index > 1 { snapshot.edges.append(Edge(NodeID(rawValue: Int64(index - 1)), .derived, id)) }
        }
        #expect(try format.export(snapshot).utf8.count > 5_000 * 100)
        #expect(try format.export(snapshot, focus: NodeID(rawValue: 5_000)).utf8.count > 5_000 * 100)
    }
}
