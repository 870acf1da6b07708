// A state of the terminal as rows.

import UndertoneReporting
import UndertoneText

/// Rows of a screen: never more than its height, none wider than its width.
struct TerminalScreen {
    private let state: TerminalState
    private let style: TerminalStyle
    private let width: Int
    private let height: Int
    private let ink: Ink

    private init(_ state: TerminalState, _ width: Int, _ height: Int, _ style: TerminalStyle) {
        self.state = state
        self.style = style
        self.width = max(width, 10)
        self.height = max(height, 3)
        ink = TextStyle(color: style.color).ink
    }

    /// What is to be seen.
    static func lines(_ state: TerminalState, width: Int, height: Int, style: TerminalStyle = .init()) -> [String] {
        let screen = TerminalScreen(state, width, height, style)
        let foot = screen.foot
        let room = max(screen.height - foot.count, 0)
        let body: [String]
        switch state.mode {
        case .full(let row):
            let rows = screen.full
            let last = max(rows.count - room, 0)
            body = Array(rows.dropFirst(min(row, last)))
        case .help: body = screen.help
        default: body = screen.head + screen.brief(room - screen.head.count)
        }
        var lines = Array(body.prefix(room))
        lines += Array(repeating: "", count: room - lines.count)
        return (lines + foot).suffix(screen.height).map(style.plain)
    }

    /// The row from which a text in full can be shown without empty rows behind it.
    static func lastRow(_ state: TerminalState, width: Int, height: Int, style: TerminalStyle = .init()) -> Int {
        let screen = TerminalScreen(state, width, height, style)
        return max(screen.full.count - (screen.height - screen.foot.count), 0)
    }
}

extension TerminalScreen {
    private var sheet: ReviewSheet { state.session.sheet }

    private func fit(_ text: String) -> String { clipped(text, to: width) }

    private var line: String { ink.dim(String(repeating: "─", count: width)) }

    // A text on the left, and one on the right where there is room.
    private func apart(_ left: String, _ right: String) -> (left: String, right: String) {
        let room = width - displayWidth(right) - 2
        guard room >= 10 else { return (fit(left), "") }
        let left = clipped(left, to: room)
        return (left, String(repeating: " ", count: width - displayWidth(left) - displayWidth(right)) + right)
    }

    private var head: [String] {
        let counts = state.session.counts
        var sources = "Review of " + style.shown(sheet.drop.path, limit: 200)
        if let reference = sheet.reference { sources += " against " + style.shown(reference.path, limit: 200) }
        let (left, right) = apart(sources, "\(grouped(counts.decided)) of \(grouped(counts.items)) decided")
        return [ink.bold(left) + right, tabs, line]
    }

    // The lists with what is decided of each, as many as there is room for, the current one among them.
    private var tabs: String {
        let answers = state.session.answers
        var parts: [(text: String, isCurrent: Bool)] = []
        for list in ReviewItem.List.allCases {
            let places = sheet.items.indices.filter { sheet.items[$0].list == list }
            if places.isEmpty { continue }
            let isCurrent = list == state.item?.list
            let text = "\(list.title) \(places.count { answers[$0] != nil })/\(places.count)"
            parts.append((isCurrent ? "[\(text)]" : text, isCurrent))
        }
        while parts.reduce(-2, { $0 + $1.text.count + 2 }) > width, parts.count > 1 {
            if parts[parts.count - 1].isCurrent { parts.removeFirst() } else { parts.removeLast() }
        }
        guard parts.count > 1 else { return parts.first.map { ink.bold(fit($0.text)) } ?? "" }
        return parts.map { $0.isCurrent ? ink.bold($0.text) : ink.dim($0.text) }.joined(separator: "  ")
    }

    private func decision(_ answer: ReviewAnswer?) -> (text: String, paint: (String) -> String) {
        switch answer?.decision {
        case .fine: ("✓ fine", ink.green)
        case .reject: ("✗ reject", ink.red)
        case .rule: ("⚑ rule", ink.yellow)
        case nil: ("undecided", ink.dim)
        }
    }

    private func title(_ item: ReviewItem) -> [String] {
        let all = sheet.items.count { $0.list == item.list }
        let (text, paint) = decision(state.session.answers[state.position])
        let (left, right) = apart("\(item.list.title), \(grouped(item.rank)) of \(grouped(all))", text)
        let words = ItemWords(item, of: sheet)
        let figures = [words.count, words.reference, words.ratio, words.score].compactMap { $0 }
        return [ink.bold(left) + paint(right)] + wrapped(item.list.meaning, width).map(ink.dim)
            + wrapped(figures.joined(separator: " · "), width)
    }

    // The item in `room` rows: as much of its text as half of them hold, more where the rest is short.
    private func brief(_ room: Int) -> [String] {
        guard let item = state.item else {
            return ["", fit("Nothing to review: the lists are empty."), fit("F finishes the review.")]
        }
        var rows = title(item) + [""]
        var rest: [String] = []
        for variant in item.variants.prefix(2) {
            rest.append(ink.dim(fit("  or " + style.shown(variant, limit: width))))
        }
        if item.variants.count > 2 {
            rest.append(ink.dim(fit("  … \(counted(item.variants.count - 2, "more variant"))")))
        }
        for example in item.examples.prefix(4) {
            var text = "  line \(grouped(example.line)): "
            if !example.prompt.isEmpty { text += style.shown(example.prompt, limit: width / 2) + " → " }
            rest.append(ink.dim(fit(text + style.shown(example.output, limit: width))))
        }
        if !rest.isEmpty { rest.insert("", at: 0) }
        let free = max(room - rows.count, 1)
        let text = style.rows(item.text, width: width - 2, limit: max(4 * width * max(height, 8), 1_000))
        let most = max(free - rest.count, (free + 1) / 2, 1)
        rows += text.prefix(text.count > most ? most - 1 : most).map { "  " + $0 }
        if text.count > most { rows.append(ink.dim(fit("  … enter shows all"))) }
        return rows + rest
    }

    // The item with all that belongs to it.
    private var full: [String] {
        guard let item = state.item else { return [] }
        var rows = title(item) + [line] + style.rows(item.text, width: width)
        for (index, variant) in item.variants.enumerated() {
            rows += ["", ink.bold(fit("Variant \(index + 1) of \(item.variants.count)"))]
            rows += style.rows(variant, width: width, limit: 20_000)
        }
        for example in item.examples {
            rows += ["", ink.bold(fit("Line \(grouped(example.line))"))]
            if !example.prompt.isEmpty {
                rows += style.rows(example.prompt, width: width, limit: 20_000).map(ink.dim)
                rows.append(ink.dim("→"))
            }
            rows += style.rows(example.output, width: width, limit: 20_000)
        }
        return rows
    }

    private var help: [String] {
        let keys = [
            ("f", "fine: it may stay"), ("r", "reject: records like this are to go"),
            ("m", "make a rule: records that hold a phrase are to go"), ("n", "note"),
            ("u", "take the decision back"), ("j, down", "next item"), ("k, up", "previous item"),
            ("space", "next item without a decision"), ("tab", "next list"),
            ("enter", "the item and its examples in full"), ("F", "finish the review, with a closing note"),
            ("q", "leave; what is decided is kept, and the review can be gone on with"),
        ]
        let rows = keys.map { key, text in fit("  " + key + String(repeating: " ", count: 10 - key.count) + text) }
        return [ink.bold(fit("Keys")), ""] + rows
    }
}

extension TerminalScreen {
    // What is said of the item, what became of the last key or what is asked, and the keys.
    private var foot: [String] {
        var rows = height < 8 ? [] : [line]
        if height >= 12, case .item = state.mode, let said { rows.append(ink.cyan(fit(said))) }
        switch state.mode {
        case .item:
            rows.append(state.isComplaint ? ink.red(fit(style.shown(state.message))) : fit(style.shown(state.message)))
            rows += keys([
                "f fine", "r reject", "m rule", "n note", "u take back", "j/k move", "space next undecided",
                "tab list", "enter all", "F finish", "? help", "q quit",
            ])
        case .full: rows += keys(["j/k scroll", "space page", "g/G ends", "enter back"])
        case .help: rows += keys(["any key: back"])
        case .phrase(let editor):
            rows += ask("Phrase to look for, as it is", editor, "enter makes the rule, escape does not")
        case .note(let editor): rows += ask("Note", editor, "enter keeps it, escape does not")
        case .closing(let editor): rows += ask("Closing note on the drop", editor, "enter goes on, escape goes back")
        case .finishingEarly:
            let open = state.session.counts.undecided
            rows += [fit("\(counted(open, "item")) undecided. Finish though? y/n"), ""]
        case .finishing:
            rows += [fit("Finish the review? Nothing can be changed behind this. y/n"), ""]
        case .leaving:
            rows += [fit("\(counted(state.drafts.count, "note")) without a decision will be lost. Leave? y/n"), ""]
        }
        return rows
    }

    private var said: String? {
        let answer = state.session.answers[state.position]
        var parts: [String] = []
        if let phrase = answer?.phrase { parts.append("rule for: " + style.shown(phrase, limit: 200)) }
        if let draft = state.drafts[state.position] {
            parts.append("note, kept with your decision: " + style.shown(draft, limit: 200))
        } else if let note = answer?.note, !note.isEmpty {
            parts.append("note: " + style.shown(note, limit: 200))
        }
        return parts.isEmpty ? nil : parts.joined(separator: " · ")
    }

    // Keys in as many rows as they need, two at most.
    private func keys(_ keys: [String]) -> [String] {
        var rows = [""]
        for key in keys {
            let longer = rows[rows.count - 1].isEmpty ? key : rows[rows.count - 1] + "  " + key
            if displayWidth(longer) <= width {
                rows[rows.count - 1] = longer
            } else {
                rows.append(key)
            }
        }
        return rows.prefix(height < 12 ? 1 : height < 20 ? 2 : 4).map { ink.dim(fit($0)) }
    }

    private func ask(_ question: String, _ editor: LineEditor, _ hint: String) -> [String] {
        func shown(_ scalars: [Unicode.Scalar]) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            return style.shown(String(view), limit: .max)
        }
        let label = question.count + 2 > width / 2 ? "" : question + ": "
        // The end of what stands before the cursor is what one wants to see.
        let before = clippedInFront(shown(editor.before.suffix(4 * width)), to: max(width - label.count - 10, 4))
        return [
            fit(label + before + "▏" + shown(Array(editor.after.prefix(width)))),
            ink.dim(fit(label.isEmpty ? question + "; " + hint : hint)),
        ]
    }
}
