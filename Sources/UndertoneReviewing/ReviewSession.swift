// A review while it goes on: what is shown, what was said so far, and how more is said. The terminal and the page are
// faces of it.

import UndertoneText

/// A reviewer before a sheet. Whatever is said is kept by the record before it counts as said.
///
/// Safe to use from several threads; the record is called by one at a time.
public final class ReviewSession: @unchecked Sendable {
    /// Bytes that a phrase or a note may have.
    public static let textLimit = 16_384

    /// What is shown.
    public let sheet: ReviewSheet

    private let record: any ReviewRecord
    private let monitor = Monitor()
    private var said: [Int: ReviewAnswer]
    private var changes = 0
    private var isOver = false

    /// A review that goes on where the record stands. Answers about items that the sheet hasn't are left out.
    public init(_ sheet: ReviewSheet, record: any ReviewRecord) {
        self.sheet = sheet
        self.record = record
        said = record.answers.filter { sheet.items.indices.contains($0.key) }
    }

    /// What was said so far, by the item's index in the sheet.
    public var answers: [Int: ReviewAnswer] { monitor.locked { said } }

    /// Counts of what was said so far.
    public var counts: ReviewCounts { monitor.locked { ReviewCounts(of: said, items: sheet.items.count) } }

    /// Changes since this began; whoever shows answers looks here whether they are still right.
    public var revision: Int { monitor.locked { changes } }

    /// Whether the reviewer is done.
    public var isFinished: Bool { monitor.locked { isOver } }

    /// The first item behind `item` without a decision, from the start again where there is none behind it; nil where all
    /// are decided.
    public func nextUndecided(behind item: Int = -1) -> Int? {
        monitor.locked {
            let open = sheet.items.indices.filter { said[$0] == nil }
            return open.first { $0 > item } ?? open.first
        }
    }

    /// Keeps a decision about an item, in place of an earlier one.
    ///
    /// - Parameters:
    ///   - phrase: what a rule looks for; needed for `.rule` and ignored for the others.
    ///   - note: nil leaves an earlier note as it is.
    /// - Returns: what is kept now.
    @discardableResult
    public func decide(
        _ decision: ReviewDecision, phrase: String? = nil, note: String? = nil, about item: Int
    ) throws(ReviewError) -> ReviewAnswer {
        try change(item) { (earlier) throws(ReviewError) in
            var answer = ReviewAnswer(decision, note: try bounded(note ?? earlier?.note ?? "", "note"))
            if decision == .rule {
                let phrase = try bounded(phrase ?? "", "phrase")
                guard phrase.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
                    throw ReviewError(.emptyPhrase, "A rule needs a phrase to look for; nothing was kept.")
                }
                answer.phrase = phrase
            }
            return answer
        }
    }

    /// Keeps a note on an item that is decided; an empty one takes an earlier one away.
    @discardableResult
    public func note(_ note: String, about item: Int) throws(ReviewError) -> ReviewAnswer {
        try change(item) { (earlier) throws(ReviewError) in
            guard var answer = earlier else {
                throw ReviewError(.undecided, "Decide about the item first; a note is kept with a decision.")
            }
            answer.note = try bounded(note, "note")
            return answer
        }
    }

    /// Takes the decision about an item back, with its note; nothing happens where there is none.
    public func withdraw(about item: Int) throws(ReviewError) {
        try monitor.locked { () throws(ReviewError) in
            try check(item)
            guard said[item] != nil else { return }
            do { try record.withdraw(about: item) } catch { throw notKept(error) }
            said[item] = nil
            changes += 1
        }
    }

    /// Ends the review; nothing can be changed behind this.
    ///
    /// - Parameter evenUndecided: whether items may be left without a decision.
    public func finish(note: String = "", evenUndecided: Bool = false) throws(ReviewError) {
        try monitor.locked { () throws(ReviewError) in
            guard !isOver else { throw over }
            let open = sheet.items.count - said.count
            guard open == 0 || evenUndecided else {
                throw ReviewError(
                    .undecided, "\(counted(open, "item")) \(open == 1 ? "is" : "are") undecided; the review goes on.")
            }
            let note = try bounded(note, "note")
            do { try record.finish(note: note) } catch { throw notKept(error) }
            isOver = true
            changes += 1
        }
    }
}

/// How many items of a review are decided, and how.
public struct ReviewCounts: Sendable, Hashable {
    /// Items of the sheet.
    public var items = 0
    /// Items that may stay.
    public var fine = 0
    /// Items that are to go.
    public var reject = 0
    /// Items of which a rule is made.
    public var rule = 0
    /// Items with a decision.
    public var decided: Int { fine + reject + rule }
    /// Items without one.
    public var undecided: Int { items - decided }

    init(of answers: [Int: ReviewAnswer], items: Int) {
        self.items = items
        for answer in answers.values {
            switch answer.decision {
            case .fine: fine += 1
            case .reject: reject += 1
            case .rule: rule += 1
            }
        }
    }
}

/// Why something that a reviewer said was not kept.
public struct ReviewError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What sort of fault it is.
    public enum Code: String, Sendable {
        /// The sheet has no such item.
        case unknownItem
        /// A rule without anything to look for.
        case emptyPhrase
        /// A phrase or a note is too long.
        case tooLong
        /// Something needs a decision that is missing.
        case undecided
        /// The review is over.
        case finished
        /// The record failed.
        case notKept
        /// There is no terminal to show items in.
        case noTerminal
        /// The page can't be served.
        case noServer
    }

    /// What sort of fault it is.
    public var code: Code
    /// What, where, and what to do about it.
    public var description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension ReviewSession {
    private var over: ReviewError { ReviewError(.finished, "The review is finished; nothing was changed.") }

    private func check(_ item: Int) throws(ReviewError) {
        guard !isOver else { throw over }
        guard sheet.items.indices.contains(item) else {
            throw ReviewError(
                .unknownItem, "There is no item \(item); the sheet has \(counted(sheet.items.count, "item")).")
        }
    }

    private func change(
        _ item: Int, _ body: (ReviewAnswer?) throws(ReviewError) -> ReviewAnswer
    ) throws(ReviewError) -> ReviewAnswer {
        try monitor.locked { () throws(ReviewError) in
            try check(item)
            let answer = try body(said[item])
            do { try record.keep(answer, about: item) } catch { throw notKept(error) }
            said[item] = answer
            changes += 1
            return answer
        }
    }

    private func bounded(_ text: String, _ noun: String) throws(ReviewError) -> String {
        guard text.utf8.count <= ReviewSession.textLimit else {
            throw ReviewError(
                .tooLong, "The \(noun) is longer than \(byteCount(ReviewSession.textLimit)); nothing was kept.")
        }
        return text
    }

    private func notKept(_ error: any Error) -> ReviewError {
        ReviewError(.notKept, "Not kept: \(visible("\(error)", limit: 300))")
    }
}
