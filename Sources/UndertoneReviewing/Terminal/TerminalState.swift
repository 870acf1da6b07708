// What a reviewer sees in the terminal, and how keys change it. Nothing here needs a terminal.

import UndertoneText

/// A review in the terminal: where it is, and what is being asked.
struct TerminalState {
    /// What the rows show.
    enum Mode: Equatable {
        /// An item in short.
        case item
        /// An item in full, from a row on.
        case full(from: Int)
        case help
        /// A phrase for a rule is typed.
        case phrase(LineEditor)
        case note(LineEditor)
        /// Whether to finish though items are undecided.
        case finishingEarly
        /// A closing note is typed.
        case closing(LineEditor)
        /// Whether to finish now, with that note.
        case finishing(note: String)
        /// Whether to leave though notes are not kept.
        case leaving
    }

    /// Whether the review goes on in the terminal.
    enum Step: Equatable { case goOn, leave, finished }

    let session: ReviewSession
    /// The item that is shown, by its index in the sheet.
    private(set) var position: Int
    private(set) var mode = Mode.item
    /// Notes on items without a decision, which are kept with one.
    private(set) var drafts: [Int: String] = [:]
    /// What became of the last key.
    private(set) var message = ""
    private(set) var isComplaint = false

    /// Begins at the first item without a decision.
    init(_ session: ReviewSession) {
        self.session = session
        position = session.nextUndecided() ?? 0
    }

    /// The item that is shown; nil where there is none.
    var item: ReviewItem? { session.sheet.items.indices.contains(position) ? session.sheet.items[position] : nil }

    /// Takes a key.
    mutating func take(_ key: Key) -> Step {
        if key == .unknown { return .goOn }
        message = ""
        isComplaint = false
        if key == .control("c") || key == .control("d") { return cancel() }
        switch mode {
        case .item: return command(key)
        case .full(let row):
            scroll(key, row)
            return .goOn
        case .help: mode = .item
        case .phrase(let editor): edit(key, editor, Mode.phrase) { $0.makeRule($1) }
        case .note(let editor): edit(key, editor, Mode.note) { $0.keepNote($1) }
        case .closing(let editor): edit(key, editor, Mode.closing) { $0.mode = .finishing(note: $1) }
        case .finishingEarly: mode = isYes(key) ? .closing(LineEditor()) : .item
        case .finishing(let note):
            mode = .item
            return isYes(key) ? finish(note) : .goOn
        case .leaving:
            mode = .item
            return isYes(key) ? .leave : .goOn
        }
        return .goOn
    }

    private mutating func command(_ key: Key) -> Step {
        switch key {
        case .character("f"): decide(.fine)
        case .character("r"): decide(.reject)
        case .character("m"): if item != nil { mode = .phrase(LineEditor(proposedPhrase)) }
        case .character("n"):
            if item != nil { mode = .note(LineEditor(drafts[position] ?? session.answers[position]?.note ?? "")) }
        case .character("u"): withdraw()
        case .character("j"), .down, .right: move(to: position + 1)
        case .character("k"), .up, .left: move(to: position - 1)
        case .character(" "): toUndecided()
        case .tab, .character("l"): toList(1)
        case .backTab: toList(-1)
        case .enter: if item != nil { mode = .full(from: 0) }
        case .character("?"), .character("h"): mode = .help
        case .character("F"):
            mode = session.counts.undecided > 0 ? .finishingEarly : .closing(LineEditor())
        case .character("q"):
            if drafts.isEmpty { return .leave }
            mode = .leaving
        case .paste: complain("A paste is taken only where text is asked for; nothing was done.")
        default: break
        }
        return .goOn
    }

    // Ctrl-C ends what is asked, and the review where nothing is.
    private mutating func cancel() -> Step {
        guard mode == .item || mode == .leaving else {
            mode = .item
            return .goOn
        }
        return .leave
    }

    private mutating func edit(
        _ key: Key, _ editor: LineEditor, _ mode: (LineEditor) -> Mode, _ done: (inout Self, String) -> Void
    ) {
        switch key {
        case .escape: self.mode = .item
        case .enter:
            self.mode = .item
            done(&self, editor.text)
        default:
            var editor = editor
            editor.take(key)
            self.mode = mode(editor)
        }
    }

    private mutating func scroll(_ key: Key, _ row: Int) {
        switch key {
        case .down, .character("j"): mode = .full(from: row + 1)
        case .up, .character("k"): mode = .full(from: max(row - 1, 0))
        case .pageDown, .character(" "): mode = .full(from: row + 15)
        case .pageUp, .character("b"): mode = .full(from: max(row - 15, 0))
        case .home, .character("g"): mode = .full(from: 0)
        case .end, .character("G"): mode = .full(from: .max / 2)
        case .enter, .escape, .character("q"): mode = .item
        default: break
        }
    }

    /// Puts the first row of a text in full where there is one.
    mutating func bound(to last: Int) {
        if case .full(let row) = mode, row > last { mode = .full(from: max(last, 0)) }
    }
}

extension TerminalState {
    private func isYes(_ key: Key) -> Bool { key == .character("y") || key == .character("Y") }

    // The phrase of the rule that there is, else the item's text.
    private var proposedPhrase: String {
        let text = session.answers[position]?.phrase ?? item?.text ?? ""
        return text.utf8.count <= ReviewSession.textLimit ? text : ""
    }

    private mutating func complain(_ text: String) {
        message = text
        isComplaint = true
    }

    private mutating func attempt(_ said: String, _ body: () throws(ReviewError) -> Void) -> Bool {
        do {
            try body()
            message = said
            return true
        } catch {
            complain(error.description)
            return false
        }
    }

    private mutating func decide(_ decision: ReviewDecision, phrase: String? = nil) {
        guard item != nil else { return }
        let (session, position, note) = (session, position, drafts[position])
        let isKept = attempt("Kept: \(decision.rawValue).") { () throws(ReviewError) in
            try session.decide(decision, phrase: phrase, note: note, about: position)
        }
        if isKept { drafts[position] = nil }
    }

    private mutating func makeRule(_ phrase: String) { decide(.rule, phrase: phrase) }

    private mutating func keepNote(_ note: String) {
        let (session, position) = (session, position)
        guard session.answers[position] != nil else {
            drafts[position] = note.isEmpty ? nil : note
            message = note.isEmpty ? "" : "The note is kept with your decision."
            return
        }
        if !attempt("Note kept.", { () throws(ReviewError) in try session.note(note, about: position) }) {
            // What was typed is not lost.
            let complaint = message
            mode = .note(LineEditor(note))
            complain(complaint)
        }
    }

    private mutating func withdraw() {
        let (session, position) = (session, position)
        guard session.answers[position] != nil else { return complain("There is no decision to take back.") }
        _ = attempt("Taken back.") { () throws(ReviewError) in try session.withdraw(about: position) }
    }

    private mutating func finish(_ note: String) -> Step {
        let session = session
        let isDone = attempt("Finished.") { () throws(ReviewError) in
            try session.finish(note: note, evenUndecided: true)
        }
        return isDone ? .finished : .goOn
    }

    private mutating func move(to place: Int) {
        if session.sheet.items.indices.contains(place) { position = place }
    }

    private mutating func toUndecided() {
        guard let next = session.nextUndecided(behind: position) else {
            message = session.sheet.items.isEmpty ? "" : "All is decided. F finishes the review."
            return
        }
        position = next
    }

    private mutating func toList(_ step: Int) {
        let lists = ReviewItem.List.allCases.filter { list in session.sheet.items.contains { $0.list == list } }
        guard let item, let place = lists.firstIndex(of: item.list) else { return }
        let list = lists[(place + step + lists.count) % lists.count]
        position = session.sheet.items.firstIndex { $0.list == list } ?? position
    }
}
