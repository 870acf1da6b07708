import Testing
import UndertoneReviewing

@Suite struct ReviewSessionTests {
    let record = MemoryRecord()

    @Test func `what was said is kept, counted, changed and taken back`() throws {
        let session = ReviewSession(madeUpSheet(hostile: false), record: record)
        let items = session.sheet.items.count
        try session.decide(.fine, about: 0)
        try session.decide(.rule, phrase: "owls", note: "again", about: 1)
        try session.decide(.reject, about: 2)
        #expect(session.counts.decided == 3 && session.counts.undecided == items - 3)
        #expect(record.answers == session.answers)
        try session.decide(.reject, about: 1)
        #expect(record.answers[1] == ReviewAnswer(.reject, note: "again"))
        try session.note("", about: 1)
        #expect(record.answers[1] == ReviewAnswer(.reject))
        try session.withdraw(about: 0)
        #expect(record.answers[0] == nil && session.answers[0] == nil)
        #expect(session.counts.reject == 2 && session.counts.fine == 0)
        #expect(session.revision == 6)
    }

    @Test func `a review goes on where the record stands`() {
        let session = ReviewSession(
            madeUpSheet(hostile: false),
            record: MemoryRecord([0: .init(.fine), 2: .init(.rule, phrase: "x"), 99: .init(.fine), -1: .init(.fine)]))
        #expect(session.answers.keys.sorted() == [0, 2])
        #expect(session.nextUndecided() == 1)
        #expect(session.nextUndecided(behind: 1) == 3)
        #expect(session.nextUndecided(behind: session.sheet.items.count - 1) == 1)
    }

    @Test func `what the record fails to keep is not said`() throws {
        let session = ReviewSession(madeUpSheet(), record: record)
        try session.decide(.fine, about: 0)
        record.isBroken = true
        let error = #expect(throws: ReviewError.self) { try session.decide(.reject, about: 0) }
        #expect(error?.description == #"Not kept: the catalogue is locked \u{1B}[31m"#)
        #expect(throws: ReviewError.self) { try session.withdraw(about: 0) }
        #expect(throws: ReviewError.self) { try session.finish(evenUndecided: true) }
        #expect(session.answers == [0: ReviewAnswer(.fine)] && !session.isFinished && session.revision == 1)
    }

    @Test(
        "nothing is kept of what can't be meant",
        arguments: [
            ("rule without phrase", ReviewError.Code.emptyPhrase), ("blank", .emptyPhrase), ("long", .tooLong),
            ("no item", .unknownItem), ("note", .undecided),
        ])
    func refusal(what: String, code: ReviewError.Code) throws {
        let session = ReviewSession(madeUpSheet(), record: record)
        let error = #expect(throws: ReviewError.self) {
            switch what {
            case "rule without phrase": try session.decide(.rule, about: 0)
            case "blank": try session.decide(.rule, phrase: " \n\u{A0}", about: 0)
            case "long": try session.decide(.fine, note: String(repeating: "n", count: 16_385), about: 0)
            case "no item": try session.decide(.fine, about: session.sheet.items.count)
            default: try session.note("first", about: 0)
            }
        }
        #expect(error?.code == code)
        #expect(record.answers.isEmpty && session.revision == 0)
    }

    @Test func `a review ends once, and not while items are undecided unless told so`() throws {
        let session = ReviewSession(madeUpSheet(), record: record)
        let error = #expect(throws: ReviewError.self) { try session.finish(note: "early") }
        #expect(error?.description == "21 items are undecided; the review goes on.")
        #expect(record.closingNote == nil)
        try session.finish(note: "told so", evenUndecided: true)
        #expect(session.isFinished && record.closingNote == "told so")
        #expect(throws: ReviewError.self) { try session.finish() }
        #expect(throws: ReviewError.self) { try session.decide(.fine, about: 0) }
        #expect(throws: ReviewError.self) { try session.withdraw(about: 0) }
        #expect(record.answers.isEmpty && record.closingNote == "told so")
    }
}
