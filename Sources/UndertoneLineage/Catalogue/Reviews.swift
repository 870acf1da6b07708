// Reviews in the catalogue. Every decision is a change of its own: it outlasts a crash of whatever showed the item.

import Foundation
import GRDB
import UndertoneText

extension Catalogue {
    /// Bytes of a text of a review that are kept at most: an item's, a phrase, a note.
    public static let reviewTextLimit = 16_384

    /// Begins a review of a drop, or goes on with the unfinished one of the same reviewer, drop and sheet.
    ///
    /// - Throws: ``LineageError`` `usage` where the node is no drop, or the name is empty or too long.
    public func begin(
        review sheet: Review.Sheet, of node: Node, by author: Author
    ) throws(LineageError) -> Review {
        guard node.kind == .drop else {
            throw LineageError(
                .usage, "\(visible(node.name, limit: 120)) is a \(node.kind.rawValue), and only drops are reviewed",
                mend: "name the file of a drop")
        }
        try Catalogue.check(author.name, "the reviewer's name", limit: 200)
        guard author.name.contains(where: { !$0.isWhitespace }) else {
            throw LineageError(.usage, "the reviewer has no name", mend: "say who reviews with --by NAME")
        }
        let known = try reviews(of: node.id).last {
            $0.by == author.name && $0.sheet == sheet && $0.finishedAt == nil
        }
        if let known { return known }
        return try change("begin review", node.name, by: author) { change in
            // Another process of the same reviewer may have been faster.
            let rows = try Row.fetchAll(
                change.database,
                sql: "SELECT * FROM review WHERE node = ? AND reviewer = ? AND sheet = ? AND finished_at IS NULL",
                arguments: [node.id, author.name, sheet.digest])
            for row in rows {
                let review = try Review(row, change.database)
                if review.sheet == sheet { return review }
            }
            let id = try change.insert(
                "review",
                [
                    ("node", node.id), ("reviewer", author.name), ("started_at", author.at), ("note", ""),
                    ("seed", Int64(bitPattern: sheet.seed)), ("size", sheet.size), ("items", sheet.items),
                    ("reference", sheet.reference), ("sheet", sheet.digest),
                ])
            return Review(id: id, node: node.id, by: author.name, startedAt: author.at, sheet: sheet)
        }
    }

    /// Keeps what was decided about an item; a later decision about the same one takes its place.
    ///
    /// - Throws: ``LineageError`` `usage` where the review is finished, the item is not on its sheet, or a text can't be
    ///   kept; `notFound` where there is no such review.
    public func keep(_ item: Review.Item, in review: Review, by author: Author) throws(LineageError) {
        if let phrase = item.phrase { try Catalogue.check(phrase, "the phrase", limit: Catalogue.reviewTextLimit) }
        try Catalogue.check(item.note, "the note", limit: Catalogue.reviewTextLimit)
        let variants = item.variants.reduce(0) { $0 + $1.utf8.count }
        guard item.text.utf8.count <= Catalogue.reviewTextLimit, variants <= 16 * Catalogue.reviewTextLimit else {
            throw LineageError(.usage, "the text of item \(item.position + 1) is too long to be kept")
        }
        try change("decide", "item \(item.position + 1) of review \(review.id)", by: author) { change in
            let open = try change.openReview(review.id)
            guard (0..<open.sheet.items).contains(item.position) else {
                throw LineageError(
                    .usage, "item \(item.position + 1) is not on the sheet, which has \(open.sheet.items)",
                    mend: "show the sheet again")
            }
            let columns: [Change.Column] = [
                ("list", item.list), ("digest", Digest256.of(Array(item.text.utf8)).hexadecimal),
                ("text", Data(item.text.utf8)), ("variants", Review.Item.bytes(of: item.variants)),
                ("is_cut", item.isCut), ("is_term", item.isTerm), ("count", item.count), ("share", item.share),
                ("decision", item.decision.rawValue), ("phrase", item.phrase), ("note", item.note),
                ("decided_at", author.at),
            ]
            if open.items.contains(where: { $0.position == item.position }) {
                try change.update("review_item", key: [review.id, item.position], columns)
            } else {
                try change.insert(
                    "review_item", [("review", review.id), ("position", item.position)] + columns)
            }
        }
    }

    /// Takes a decision back; the item is undecided again.
    ///
    /// - Throws: ``LineageError`` `usage` where the review is finished. Without a decision nothing changes.
    public func withdraw(_ position: Int, from review: Review, by author: Author) throws(LineageError) {
        try change("withdraw", "item \(position + 1) of review \(review.id)", by: author) { change in
            let open = try change.openReview(review.id)
            guard open.items.contains(where: { $0.position == position }) else { return }
            try change.delete("review_item", key: [review.id, position])
        }
    }

    /// Ends a review; nothing about it can be changed any more.
    ///
    /// - Parameter note: what is said about the drop as a whole.
    /// - Throws: ``LineageError`` `usage` where it is finished already.
    public func finish(_ review: Review, note: String, by author: Author) throws(LineageError) {
        try Catalogue.check(note, "the note", limit: Catalogue.reviewTextLimit)
        try change("finish review", "review \(review.id)", by: author) { change in
            _ = try change.openReview(review.id)
            try change.update("review", key: [review.id], [("finished_at", author.at), ("note", note)])
        }
    }

    /// Reviews of a drop, the oldest first, unfinished ones too.
    public func reviews(of node: NodeID) throws(LineageError) -> [Review] {
        try read { try Review.fetchAll($0, of: node) }
    }

    /// A review by its number.
    ///
    /// - Throws: ``LineageError`` `notFound` where there is none.
    public func review(_ id: Int64) throws(LineageError) -> Review {
        try read { try Review.fetch($0, id) }
    }

    private static func check(_ text: String, _ what: String, limit: Int) throws(LineageError) {
        guard text.utf8.count <= limit else {
            throw LineageError(.usage, "\(what) is longer than \(limit) bytes", mend: "say it in fewer words")
        }
        guard !text.utf8.contains(0) else {
            throw LineageError(.usage, "\(what) holds a zero byte", mend: "leave it out")
        }
    }
}

extension Change {
    /// - Throws: ``LineageError`` where there is no such review, or it is finished.
    fileprivate func openReview(_ id: Int64) throws -> Review {
        let review = try Review.fetch(database, id)
        guard review.finishedAt == nil else {
            throw LineageError(
                .usage, "review \(id) of \(visible(review.by, limit: 120)) is finished",
                mend: "begin another one to say something else")
        }
        return review
    }
}

extension Review {
    static func fetchAll(_ database: Database, of node: NodeID) throws -> [Review] {
        try Row.fetchAll(
            database.cachedStatement(sql: "SELECT * FROM review WHERE node = ? ORDER BY id"), arguments: [node]
        ).map { try Review($0, database) }
    }

    fileprivate static func fetch(_ database: Database, _ id: Int64) throws -> Review {
        let row = try Row.fetchOne(database, sql: "SELECT * FROM review WHERE id = ?", arguments: [id])
        guard let row else { throw LineageError(.notFound, "there is no review \(id) in the catalogue") }
        return try Review(row, database)
    }

    fileprivate init(_ row: Row, _ database: Database) throws {
        let id: Int64 = try row.get("id")
        let seed: Int64 = try row.get("seed")
        self.init(
            id: id, node: try row.get("node"), by: try row.get("reviewer"), startedAt: try row.get("started_at"),
            finishedAt: try row.get("finished_at"), note: try row.get("note"),
            sheet: Sheet(
                seed: UInt64(bitPattern: seed), size: try row.get("size"), items: try row.get("items"),
                reference: try row.get("reference"), digest: try row.get("sheet")))
        items = try Row.fetchAll(
            database.cachedStatement(sql: "SELECT * FROM review_item WHERE review = ? ORDER BY position"),
            arguments: [id]
        ).map { try Item($0) }
    }
}

extension Review.Item {
    fileprivate init(_ row: Row) throws {
        guard let decision = Decision(rawValue: try row.get("decision")) else { throw LineageError.wrongValue }
        self.init(
            position: try row.get("position"), list: try row.get("list"),
            text: String(decoding: try row.get("text") as Data, as: UTF8.self), count: try row.get("count"),
            share: try row.get("share"), decision: decision, phrase: try row.get("phrase"), note: try row.get("note"),
            at: try row.get("decided_at"))
        isCut = try row.get("is_cut")
        isTerm = try row.get("is_term")
        guard let bytes = try row.get("variants") as Data? else { return }
        guard let texts = try? JSONValue(parsing: Array(bytes)).array else { throw LineageError.wrongValue }
        variants = texts.compactMap(\.string)
    }

    /// Texts as a JSON array; `nil` where there are none.
    fileprivate static func bytes(of texts: [String]) -> Data? {
        guard !texts.isEmpty else { return nil }
        var json = JSONWriter(.compact)
        json.array { json in
            for text in texts { json.value(text) }
        }
        return Data(json.bytes)
    }
}
