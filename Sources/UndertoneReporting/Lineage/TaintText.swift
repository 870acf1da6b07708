// What every writer says in the same words: taints, their paths, approvals. Safe to show.

import UndertoneText

extension TaintMark {
    /// The way it came, in one line: `owl-teacher → (teacher) generation → …`; long ones keep both ends.
    var pathText: String {
        let shown = 12
        func text(_ step: Step) -> String {
            (step.label.map { "(\(visible($0, limit: 40))) " } ?? "") + visible(step.title, limit: 120)
        }
        guard path.count > shown else { return path.map(text).joined(separator: " → ") }
        let left = path.prefix(shown / 2).map(text)
        let right = path.suffix(shown / 2).map(text)
        return (left + ["… \(counted(path.count - shown, "more step"))"] + right).joined(separator: " → ")
    }

    /// What was found, by whom, when.
    var reasonText: String {
        let source = [visible(by, limit: 80), visible(at, limit: 40)].filter { !$0.isEmpty }.joined(separator: ", ")
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
        let source = [visible(by, limit: 80), visible(at, limit: 40)].filter { !$0.isEmpty }.joined(separator: ", ")
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

/// A name to show; what has none is called by its number.
func shownTitle(_ title: String, id: Int64, limit: Int = 200) -> String {
    title.isEmpty ? "#\(id)" : visible(title, limit: limit)
}
