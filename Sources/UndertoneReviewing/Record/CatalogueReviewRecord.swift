// Decisions of a reviewer in the catalogue, each at once.

public import UndertoneLineage

/// Keeps what a reviewer says in a catalogue. Any number of reviewers may work on one file, each with a record of their
/// own; one object is used by any number of threads.
public final class CatalogueReviewRecord: ReviewRecord {
    /// The review as it was when it was begun or taken up again.
    public let review: Review

    private let catalogue: Catalogue
    private let sheet: ReviewSheet
    private let reviewer: String
    private let clock: @Sendable (String) -> Author

    /// Begins a review of a sheet's drop, or goes on with the unfinished one of the same reviewer and sheet. A drop that is
    /// not in the catalogue yet is recorded first.
    ///
    /// - Parameters:
    ///   - reviewer: a name; who has another one is another reviewer.
    ///   - clock: the reviewer and the moment, for every change.
    /// - Throws: ``LineageError``.
    public init(
        _ sheet: ReviewSheet, in catalogue: Catalogue, reviewer: String,
        clock: @escaping @Sendable (String) -> Author = { Author(name: $0) }
    ) throws(LineageError) {
        self.sheet = sheet
        self.catalogue = catalogue
        self.reviewer = reviewer
        self.clock = clock
        let node = try CatalogueReviewRecord.node(sheet.drop, catalogue, clock(reviewer))
        let shown = Review.Sheet(
            seed: sheet.seed, size: sheet.size, items: sheet.items.count, reference: sheet.reference?.digest,
            digest: sheet.digest)
        review = try catalogue.begin(review: shown, of: node, by: clock(reviewer))
    }

    private static func node(
        _ drop: ReviewSheet.Source, _ catalogue: Catalogue, _ author: Author
    ) throws(LineageError) -> Node {
        do throws(LineageError) {
            return try catalogue.node(named: "sha256:" + drop.digest, kind: .drop)
        } catch {
            guard error.code == .notFound else { throw error }
        }
        var facts = DropFacts(bytes: drop.bytes > 0 ? drop.bytes : nil)
        facts.records = drop.records + drop.malformed
        facts.format = drop.format.isEmpty ? nil : drop.format
        facts.compression = drop.compression.isEmpty ? nil : drop.compression
        let id = try catalogue.add(
            DropEntry(file: SeenFile(path: drop.path, digest: drop.digest), facts: facts), by: author)
        guard let node = try catalogue.node(id) else {
            throw LineageError(.notFound, "the drop is gone from the catalogue", mend: "try again")
        }
        return node
    }

    /// What the catalogue holds of this review now; nothing where it can't be read.
    public var answers: [Int: ReviewAnswer] {
        let items = (try? catalogue.review(review.id))?.items ?? []
        return Dictionary(
            items.map { item in
                (item.position, ReviewAnswer(ReviewDecision(item.decision), phrase: item.phrase, note: item.note))
            }
        ) { _, last in last }
    }

    /// Keeps an answer.
    ///
    /// - Throws: ``LineageError`` where the review is finished, there is no such item, or the catalogue can't be written.
    public func keep(_ answer: ReviewAnswer, about index: Int) throws {
        guard sheet.items.indices.contains(index) else {
            throw LineageError(.usage, "there is no item \(index + 1) on the sheet")
        }
        let shown = sheet.items[index]
        var item = Review.Item(
            position: index, list: shown.list.rawValue, text: shown.text, count: shown.count, share: shown.share,
            decision: Review.Item.Decision(answer.decision), phrase: answer.phrase, note: answer.note)
        item.isCut = ReviewSheet.isCut(shown.text)
        item.isTerm = shown.isTerm
        item.variants = shown.variants
        try catalogue.keep(item, in: review, by: clock(reviewer))
    }

    /// Takes the answer about an item back.
    ///
    /// - Throws: ``LineageError`` where the review is finished, or the catalogue can't be written.
    public func withdraw(about item: Int) throws {
        try catalogue.withdraw(item, from: review, by: clock(reviewer))
    }

    /// Ends the review.
    ///
    /// - Throws: ``LineageError`` where it is finished already, or the catalogue can't be written.
    public func finish(note: String) throws { try catalogue.finish(review, note: note, by: clock(reviewer)) }
}

extension ReviewDecision {
    init(_ decision: Review.Item.Decision) {
        switch decision {
        case .fine: self = .fine
        case .reject: self = .reject
        case .rule: self = .rule
        }
    }
}

extension Review.Item.Decision {
    init(_ decision: ReviewDecision) {
        switch decision {
        case .fine: self = .fine
        case .reject: self = .reject
        case .rule: self = .rule
        }
    }
}
