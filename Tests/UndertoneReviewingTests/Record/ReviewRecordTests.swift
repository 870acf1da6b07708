import Foundation
import Testing
import UndertoneLineage

@testable import UndertoneReviewing

private func clock(_ name: String) -> Author { Author(name: name, at: "2026-11-21T10:00:00Z") }

private func record(_ sheet: ReviewSheet, _ catalogue: Catalogue, _ reviewer: String) throws -> CatalogueReviewRecord {
    try CatalogueReviewRecord(sheet, in: catalogue, reviewer: reviewer, clock: clock)
}

@Suite struct ReviewRecordTests {
    private let folder = ReviewFolder()

    private func sheet() throws -> ReviewSheet {
        try makeReviewSheet(
            drop: try folder.drop(["owl", "owl", "cat", "cat", "o\u{202E}wl\0", "o\u{202E}wl\0"]), size: 3)
    }

    private func catalogue() throws -> Catalogue {
        try Catalogue.openOrCreate(folder.path + "/lineage.sqlite").catalogue
    }

    @Test func `answers are in the catalogue at once, and the drop with them`() throws {
        let sheet = try sheet()
        let catalogue = try catalogue()
        let record = try record(sheet, catalogue, "alice")
        try record.keep(ReviewAnswer(.fine), about: 0)
        try record.keep(ReviewAnswer(.rule, phrase: "owl", note: "a bird"), about: 1)
        try record.keep(ReviewAnswer(.reject), about: 0)
        // Another process sees it.
        let other = try Catalogue.open(folder.path + "/lineage.sqlite")
        let node = try other.node(named: "sha256:" + sheet.drop.digest)
        let review = try #require(try other.reviews(of: node.id).first)
        #expect(review.by == "alice" && review.sheet.digest == sheet.digest && review.finishedAt == nil)
        #expect(review.items.map(\.decision) == [.reject, .rule])
        #expect(review.items.map(\.text) == sheet.items.prefix(2).map(\.text))
        guard case .drop(let facts) = node.facts else { return }
        #expect(facts.records == 6 && facts.format == "json-lines" && facts.bytes == sheet.drop.bytes)
        try record.finish(note: "birds")
        #expect(try other.review(review.id).note == "birds")
        #expect(throws: LineageError.self) { try record.keep(ReviewAnswer(.fine), about: 0) }
        #expect(throws: LineageError.self) { try record.withdraw(about: 0) }
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `a review goes on where it was left, also of a copy of the drop`() throws {
        let catalogue = try catalogue()
        let sheet = try sheet()
        try record(sheet, catalogue, "alice").keep(ReviewAnswer(.reject, note: "no"), about: 2)
        var copy = sheet
        copy.drop.path = folder.path + "/copy.jsonl"
        let again = try record(copy, catalogue, "alice")
        #expect(again.answers == [2: ReviewAnswer(.reject, note: "no")])
        #expect(try record(sheet, catalogue, "bob").answers.isEmpty)
        try again.finish(note: "")
        #expect(try record(sheet, catalogue, "alice").answers.isEmpty)
    }

    @Test func `an answer that was taken back is no longer there`() throws {
        let catalogue = try catalogue()
        let record = try record(try sheet(), catalogue, "alice")
        try record.keep(ReviewAnswer(.reject), about: 1)
        try record.withdraw(about: 1)
        try record.withdraw(about: 2)
        #expect(record.answers.isEmpty)
        try record.keep(ReviewAnswer(.fine), about: 1)
        #expect(record.answers == [1: ReviewAnswer(.fine)])
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `two reviewers at once lose nothing`() async throws {
        let sheet = try sheet()
        let path = folder.path + "/lineage.sqlite"
        _ = try catalogue()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reviewer in ["alice", "bob"] {
                group.addTask {
                    let record = try record(sheet, try Catalogue.open(path), reviewer)
                    for index in sheet.items.indices { try record.keep(ReviewAnswer(.fine), about: index) }
                    try record.finish(note: reviewer)
                }
            }
            try await group.waitForAll()
        }
        let catalogue = try Catalogue.open(path)
        let reviews = try catalogue.snapshot().reviews
        #expect(Set(reviews.map(\.by)) == ["alice", "bob"] && reviews.allSatisfy { $0.undecided == 0 })
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `an empty drop can be reviewed, and items that are not there can't be decided about`() throws {
        let sheet = try makeReviewSheet(drop: try folder.write([], as: "empty.jsonl"))
        let record = try record(sheet, try catalogue(), "alice")
        #expect(throws: LineageError.self) { try record.keep(ReviewAnswer(.fine), about: 0) }
        try record.finish(note: "nothing in it")
        #expect(try catalogue().snapshot().reviews.map(\.undecided) == [0])
    }

    @Test func `texts with controls are shown as escapes, and the JSON holds them as they are`() throws {
        let sheet = try sheet()
        let text = sheet.text()
        #expect(text.contains(#"o\u{202E}wl"#) && !text.contains("\u{202E}") && !text.contains("\0"))
        #expect(text.hasPrefix(folder.path) && text.contains("The most frequent outputs"))
        let json = try #require(try JSONSerialization.jsonObject(with: Data(sheet.json.utf8)) as? [String: Any])
        let items = try #require(json["items"] as? [[String: Any]])
        #expect(items.count == sheet.items.count && items.contains { $0["text"] as? String == "o\u{202E}wl\0" })
        #expect(json["digest"] as? String == sheet.digest)
    }
}
