// What every writer says in the same words: taints, the ways they came, approvals. Safe to show.

import UndertoneText

extension TaintMark {
    /// The way it came in pieces that should stay on one line: `owl-teacher`, `→ teacher`, `→ generation`, …; of long ones
    /// both ends.
    var pathPieces: [String] {
        let shown = 12
        func pieces(_ steps: ArraySlice<Step>) -> [String] {
            steps.flatMap { wayPieces($0.title, $0.label, arrow: "→") }
        }
        guard path.count > shown else { return pieces(path[...]) }
        let cut = "→ … \(counted(path.count - shown, "more step"))"
        return pieces(path.prefix(shown / 2)) + [cut] + pieces(path.suffix(shown / 2))
    }

    /// What was found, by whom, when.
    var reasonText: String {
        let source = sourceText(by, at)
        return visible(reason, limit: 300) + (source.isEmpty ? "" : " (\(source))")
    }

    /// The taint in one line: `tainted: loves owls (audit, 2026-…)`, or `tainted through owl-teacher: …`.
    var headline: String {
        guard !isOwn, let origin = path.first else { return "tainted: \(reasonText)" }
        return "tainted through \(visible(origin.title, limit: 120)): \(reasonText)"
    }
}

extension ApprovalMark {
    /// Who answers for it, in one line.
    var text: String {
        let source = sourceText(by, at)
        let why = visible(reason, limit: 300)
        return visible(role, limit: 40) + (source.isEmpty ? "" : " (\(source))") + (why.isEmpty ? "" : ": \(why)")
    }
}

extension TaintState {
    /// The word for it; empty for none.
    var word: String {
        switch self {
        case .none: ""
        case .itself: "tainted"
        case .inherited: "inherits a taint"
        }
    }

    /// The sign for it: told apart by shape, not by colour.
    var sign: String {
        switch self {
        case .none: ""
        case .itself: "✗"
        case .inherited: "!"
        }
    }
}

extension Ink {
    /// A text in the colour of a state.
    func taint(_ state: TaintState, _ text: String) -> String {
        switch state {
        case .none: text
        case .itself: red(text)
        case .inherited: yellow(text)
        }
    }
}

// Who said it, and when.
private func sourceText(_ by: String, _ at: String) -> String {
    [visible(by, limit: 80), visible(at, limit: 40)].filter { !$0.isEmpty }.joined(separator: ", ")
}

/// A name to show; what has none is called by its number.
func shownTitle(_ title: String, id: Int64, limit: Int = 200) -> String {
    title.isEmpty ? "#\(id)" : visible(title, limit: limit)
}
