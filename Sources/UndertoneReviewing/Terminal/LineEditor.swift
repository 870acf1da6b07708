// A line that is being typed.

/// Text with a place to type. It may hold anything, line ends of a paste too.
struct LineEditor: Equatable, Sendable {
    private(set) var before: [Unicode.Scalar]
    private(set) var after: [Unicode.Scalar] = []

    /// A line with the cursor at its end.
    init(_ text: String = "") { before = Array(text.unicodeScalars) }

    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: before)
        view.append(contentsOf: after)
        return String(view)
    }

    /// Takes a key that edits; others change nothing.
    mutating func take(_ key: Key) {
        switch key {
        case .character(let scalar): before.append(scalar)
        case .paste(let text): before.append(contentsOf: text.unicodeScalars)
        case .backspace: _ = before.popLast()
        case .delete: if !after.isEmpty { after.removeFirst() }
        case .left: if let scalar = before.popLast() { after.insert(scalar, at: 0) }
        case .right: if !after.isEmpty { before.append(after.removeFirst()) }
        case .home, .control("a"):
            after = before + after
            before = []
        case .end, .control("e"):
            before += after
            after = []
        case .control("u"): before = []
        case .control("k"): after = []
        case .control("w"):
            while before.last == " " { before.removeLast() }
            while let last = before.last, last != " " { before.removeLast() }
        default: break
        }
    }
}
