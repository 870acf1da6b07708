// Text in columns and lines of a terminal. All of it must be visible already.

/// `text` in a column of `width`, which it may exceed.
package func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let gap = String(repeating: " ", count: max(width - displayWidth(text), 0))
    return right ? gap + text : text + gap
}

/// Without spaces at the end.
package func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.hasSuffix(" ") { text.removeLast() }
    return String(text)
}

/// The words of `text`, for ``wrapped(_:within:dividing:)``; an empty one for every further space.
package func words(_ text: String) -> [String] {
    text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
}

/// `pieces` with spaces between them in lines of at most `width` columns, at least one line. What would be a build log's
/// command at the start of a line is escaped there.
///
/// - Parameter dividing: whether a piece that is longer than a line is cut; otherwise it stands on a line of its own.
package func wrapped(_ pieces: [String], within width: Int, dividing: Bool = true) -> [String] {
    let room = max(width, 20)
    var lines: [String] = []
    var line = ""
    var used = 0
    func end() {
        lines.append(trimmed(line))
        (line, used) = ("", 0)
    }
    // What it must look like at the start of a line.
    func beginning(_ piece: String) -> (String, Int) {
        let shown = visible(piece, limit: .max)
        return (shown, displayWidth(shown))
    }
    for var piece in pieces {
        var wide = displayWidth(piece)
        if used > 0, used + 1 + wide > room { end() }
        if used == 0 { (piece, wide) = beginning(piece) }
        while dividing, wide > room {
            // Cut without the ellipsis that `clipped` would set.
            let part = String(clipped(piece, to: room + 1).unicodeScalars.dropLast())
            line = part
            end()
            (piece, wide) = beginning(String(piece.unicodeScalars.dropFirst(part.unicodeScalars.count)))
        }
        line += (used > 0 ? " " : "") + piece
        used += (used > 0 ? 1 : 0) + wide
    }
    if used > 0 || lines.isEmpty { end() }
    return lines
}
