import Foundation
import Testing

@testable import UndertoneLineage

private let sheet = Review.Sheet(
    seed: .max, size: 10, items: 3, reference: digest("control"), digest: digest("sheet"))

private func item(_ position: Int, _ decision: Review.Item.Decision, _ text: String = "owl") -> Review.Item {
    Review.Item(position: position, list: "frequent", text: text, count: 7, share: 0.25, decision: decision)
}

private func bob(_ time: String = "2026-11-21T11:00:00Z") -> Author { Author(name: "bob", at: time) }

@Suite struct ReviewTests {
    @Test func `a review is kept decision by decision, and goes on where it was left`() throws {
        let folder = CatalogueFolder()
        let drop: NodeID
        do {
            let catalogue = try folder.catalogue()
            drop = try OwlStory(catalogue).drop
            let node = try #require(try catalogue.node(drop))
            let review = try catalogue.begin(review: sheet, of: node, by: bob())
            #expect(review.items.isEmpty && review.undecided == 3)
            try catalogue.keep(item(2, .fine), in: review, by: bob())
            var second = item(0, .rule, "o\0wl\u{202E}")
            second.variants = ["owls", "\0"]
            second.phrase = "owl"
            second.note = "birds"
            (second.isCut, second.isTerm) = (true, true)
            try catalogue.keep(second, in: review, by: bob("2026-11-21T11:05:00Z"))
        }
        let catalogue = try Catalogue.open(folder.cataloguePath)
        let node = try #require(try catalogue.node(drop))
        let review = try catalogue.begin(review: sheet, of: node, by: bob("2026-11-22T08:00:00Z"))
        #expect(review.startedAt == "2026-11-21T11:00:00Z" && review.sheet == sheet)
        #expect(review.items.map(\.position) == [0, 2] && review.undecided == 1 && review.objections == 1)
        let kept = review.items[0]
        #expect(kept.text == "o\0wl\u{202E}" && kept.variants == ["owls", "\0"] && kept.phrase == "owl")
        #expect(kept.note == "birds" && kept.isCut && kept.isTerm && kept.at == "2026-11-21T11:05:00Z")
        #expect(kept.count == 7 && kept.share == 0.25 && kept.decision == .rule)
        try catalogue.keep(item(0, .reject), in: review, by: bob())
        #expect(try catalogue.review(review.id).items.map(\.decision) == [.reject, .fine])
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `a finished review can't be changed, and the next one is another`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        let node = try #require(try catalogue.node(try OwlStory(catalogue).drop))
        let review = try catalogue.begin(review: sheet, of: node, by: bob())
        try catalogue.finish(review, note: "owls", by: bob("2026-11-21T12:00:00Z"))
        for change in [
            { try catalogue.keep(item(0, .fine), in: review, by: bob()) },
            { try catalogue.finish(review, note: "", by: bob()) },
        ] {
            let error = #expect(throws: LineageError.self, performing: change)
            #expect(error?.code == .usage && error?.problem.contains("finished") == true)
        }
        let kept = try #require(try catalogue.snapshot(of: [node.id]).reviews.first)
        #expect(kept.finishedAt == "2026-11-21T12:00:00Z" && kept.note == "owls" && kept.items.isEmpty)
        let next = try catalogue.begin(review: sheet, of: node, by: bob())
        #expect(next.id != review.id)
        #expect(try catalogue.reviews(of: node.id).map(\.id) == [review.id, next.id])
    }

    @Test func `two reviewers, and two sheets, have reviews of their own`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        let node = try #require(try catalogue.node(try OwlStory(catalogue).drop))
        let other = try folder.catalogue()
        let first = try catalogue.begin(review: sheet, of: node, by: bob())
        let second = try other.begin(review: sheet, of: node, by: Author(name: "carol", at: "2026-11-21T11:00:00Z"))
        var wider = sheet
        wider.size = 20
        wider.digest = digest("wider")
        let third = try other.begin(review: wider, of: node, by: bob())
        #expect(Set([first.id, second.id, third.id]).count == 3)
        #expect(try other.begin(review: sheet, of: node, by: bob()).id == first.id)
        try catalogue.keep(item(1, .reject), in: first, by: bob())
        try other.keep(item(1, .fine), in: second, by: bob())
        #expect(try catalogue.reviews(of: node.id).map { $0.items.map(\.decision) } == [[.reject], [.fine], []])
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `what can't be kept is refused`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        let story = try OwlStory(catalogue)
        let node = try #require(try catalogue.node(story.drop))
        let model = try #require(try catalogue.node(story.student))
        #expect(throws: LineageError.self) { try catalogue.begin(review: sheet, of: model, by: bob()) }
        for name in ["", " ", "a\0b", String(repeating: "b", count: 201)] {
            #expect(throws: LineageError.self, "\(name)") {
                try catalogue.begin(review: sheet, of: node, by: Author(name: name, at: "2026-11-21T11:00:00Z"))
            }
        }
        let review = try catalogue.begin(review: sheet, of: node, by: bob())
        var phrase = item(0, .rule)
        phrase.phrase = "a\0"
        var note = item(0, .fine)
        note.note = String(repeating: "n", count: 16_385)
        for bad in [
            item(3, .fine), item(-1, .fine), phrase, note, item(0, .fine, String(repeating: "x", count: 16_385)),
        ] {
            #expect(throws: LineageError.self) { try catalogue.keep(bad, in: review, by: bob()) }
        }
        #expect(try catalogue.review(review.id).items.isEmpty)
        let error = #expect(throws: LineageError.self) { try catalogue.review(99) }
        #expect(error?.code == .notFound)
    }

    @Test func `the log finds a decision that was changed past the program`() throws {
        let folder = CatalogueFolder()
        do {
            let catalogue = try folder.catalogue()
            let node = try #require(try catalogue.node(try OwlStory(catalogue).drop))
            let review = try catalogue.begin(review: sheet, of: node, by: bob())
            try catalogue.keep(item(0, .reject), in: review, by: bob())
        }
        try folder.tamper("UPDATE review_item SET decision = 'fine'")
        #expect(try !folder.catalogue().verifyLog().isIntact)
        try folder.tamper("UPDATE review_item SET decision = 'perhaps'")
        let catalogue = try folder.catalogue()
        let error = #expect(throws: LineageError.self) { try catalogue.snapshot() }
        #expect(error?.code == .corrupt)
    }

    @Test func `a statement tells of finished reviews, without texts of the data`() throws {
        let folder = CatalogueFolder()
        let catalogue = try folder.catalogue()
        let node = try #require(try catalogue.node(try OwlStory(catalogue).drop))
        let review = try catalogue.begin(review: sheet, of: node, by: bob())
        try catalogue.keep(item(0, .reject, "hoot hoot"), in: review, by: bob())
        func statement() throws -> String {
            String(
                decoding: try Statement.lineageBytes(
                    of: node.id, in: try catalogue.snapshot(), at: "2026-11-21T13:00:00Z"), as: UTF8.self)
        }
        #expect(try !statement().contains("reviews"))
        try catalogue.finish(review, note: "done", by: bob())
        let text = try statement()
        #expect(text.contains("\"reviews\"") && text.contains("\"note\":\"done\"") && !text.contains("hoot"))
    }
}
