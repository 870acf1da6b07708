// Text of data in rows of a terminal. Nothing of it reaches the terminal as anything but letters.

import UndertoneText

/// How rows are written.
struct TerminalStyle: Equatable, Sendable {
    /// Colours and bold; no-color.org.
    var color = false
    /// Whether the terminal takes UTF-8; else everything beyond ASCII is written as its number.
    var unicode = true

    /// `text` on one line, all that is hidden shown as its number.
    func shown(_ text: String, limit: Int = 500) -> String {
        guard !unicode else { return visible(text, limit: limit) }
        var plain = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            if scalar.isASCII {
                plain.unicodeScalars.append(scalar)
            } else {
                plain += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            }
        }
        return visible(plain, limit: .max) + (text.unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")
    }

    /// `text` in rows of at most `width` columns, broken at its line ends and, where there are some, at spaces.
    func rows(_ text: String, width: Int, limit: Int = 100_000) -> [String] {
        let scalars = text.unicodeScalars
        var rows: [String] = []
        for line in scalars.prefix(limit).split(separator: "\n", omittingEmptySubsequences: false) {
            rows += wrapped(shown(String(line), limit: limit), width)
        }
        if let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        {
            rows.append("… \(counted(scalars.distance(from: end, to: scalars.endIndex), "more character"))")
        }
        return rows
    }

    /// Our own signs in ASCII, for a terminal that takes nothing else.
    func plain(_ row: String) -> String {
        guard !unicode else { return row }
        var plain = String.UnicodeScalarView()
        for scalar in row.unicodeScalars {
            switch scalar {
            case "…": plain.append("~")
            case "─", "·": plain.append("-")
            case "✓": plain.append("+")
            case "✗": plain.append("x")
            case "⚑": plain.append("!")
            case "→": plain.append(">")
            case "▏": plain.append("|")
            default: plain.append(scalar.isASCII ? scalar : "?")
            }
        }
        return String(plain)
    }
}

/// Text that is visible already, in rows of at most `width` columns.
func wrapped(_ text: String, _ width: Int) -> [String] {
    let width = max(width, 2)
    var rows: [String] = []
    var row: [Unicode.Scalar] = []
    var used = 0
    var space: Int?
    func close(_ count: Int) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: row[..<count])
        rows.append(String(view))
    }
    for scalar in text.unicodeScalars {
        let columns = displayWidth(String(scalar))
        if used + columns > width {
            // A break far to the left would waste the row.
            if scalar != " ", let last = space, last * 2 > row.count {
                close(last)
                row.removeFirst(last + 1)
            } else {
                close(row.count)
                row = []
            }
            used = row.reduce(0) { $0 + displayWidth(String($1)) }
            space = row.lastIndex(of: " ")
        }
        if scalar == " " { space = row.count }
        row.append(scalar)
        used += columns
    }
    close(row.count)
    return rows
}
