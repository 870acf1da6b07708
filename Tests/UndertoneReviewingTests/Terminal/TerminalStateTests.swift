import Testing

@testable import UndertoneReviewing

@Suite struct TerminalStateTests {
    let record = MemoryRecord()

    private func typed(_ text: String) -> [Key] { text.unicodeScalars.map { .character($0) } }

    private func run(_ keys: [Key], _ sheet: ReviewSheet = madeUpSheet(hostile: false)) -> (
        TerminalState, TerminalState.Step
    ) {
        var state = TerminalState(ReviewSession(sheet, record: record))
        var step = TerminalState.Step.goOn
        for key in keys where step == .goOn { step = state.take(key) }
        return (state, step)
    }

    @Test func `keys decide, note, move and take back`() {
        let (state, _) = run(
            typed("fj") + typed("r") + typed("nodd") + [.enter] + typed("jm") + [.control("u")] + typed("12, 13")
                + [.enter] + typed("j") + typed("nearly") + [.escape] + typed("f") + typed("k") + typed("u"))
        #expect(state.position == 2)
        #expect(record.answers == [0: .init(.fine), 1: .init(.reject, note: "odd"), 3: .init(.fine)])
        #expect(state.message == "Taken back.")
    }

    @Test func `a rule's phrase is the item's text at first`() {
        _ = run(typed("m") + [.enter])
        #expect(record.answers == [0: .init(.rule, phrase: "493, 218, 771, 304")])
    }

    @Test func `a note without a decision waits for one`() {
        let (state, step) = run(typed("nlook") + [.enter] + typed("q"))
        #expect(step == .goOn && state.mode == .leaving && record.answers.isEmpty)
        _ = run(typed("nlook") + [.enter] + typed("jf") + typed("kr"))
        #expect(record.answers == [0: .init(.reject, note: "look"), 1: .init(.fine)])
    }

    @Test func `what the record fails to keep is shown as not kept`() {
        record.isBroken = true
        let (state, _) = run(typed("f"))
        #expect(state.isComplaint && state.message.hasPrefix("Not kept:"))
        #expect(state.session.answers.isEmpty)
    }

    @Test func `space goes to what is undecided, tab to the next list`() {
        let (state, _) = run(typed("fjjf") + typed(" "))
        #expect(state.position == 3)
        #expect(run([.tab]).0.position == 3)
        #expect(run([.tab, .tab, .tab, .tab]).0.position == 0)
        #expect(run([.backTab]).0.item?.list == .sample)
        #expect(run([]).0.position == 1, "begins at the first item that is undecided")
    }

    @Test func `finishing asks while items are undecided, and for a closing note`() {
        #expect(run(typed("Fn")).1 == .goOn)
        #expect(run(typed("Fy") + typed("done") + [.enter] + typed("n")).1 == .goOn)
        #expect(record.closingNote == nil)
        #expect(run(typed("Fy") + typed("done") + [.enter] + typed("y")).1 == .finished)
        #expect(record.closingNote == "done")
    }

    @Test func `a pasted text is no command`() {
        let (state, step) = run([.paste("frq"), .paste("q")])
        #expect(step == .goOn && record.answers.isEmpty && state.isComplaint)
        _ = run(typed("m") + [.control("u"), .paste("two\nlines"), .enter])
        #expect(record.answers == [0: .init(.rule, phrase: "two\nlines")])
    }

    @Test func `Ctrl-C leaves what is asked, then the review`() {
        #expect(run(typed("m") + [.control("c")]).0.mode == .item)
        #expect(run([.control("c")]).1 == .leave)
        #expect(run(typed("q")).1 == .leave)
    }

    @Test func `a sheet without items can be left and finished`() {
        var sheet = madeUpSheet()
        sheet.items = []
        #expect(run(typed("frmnujk ?") + [.tab, .enter] + typed("q"), sheet).1 == .leave)
        #expect(run(typed("F") + [.enter] + typed("y"), sheet).1 == .finished)
        #expect(record.answers.isEmpty && record.closingNote == "")
    }
}
