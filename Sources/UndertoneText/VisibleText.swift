// Text from data, made safe to show: what a reader can't see, or a terminal or a build log would act upon, becomes an
// escape such as \u{202E} that everybody can see.

extension Unicode.Scalar {
    /// Whether this shows nothing, or not what it is: controls, formatting, bidirectional and zero-width characters,
    /// tags, fillers, white space other than U+0020, private use and code points without a character.
    package var isHidden: Bool {
        if value < 0x7F { return value < 0x20 }
        if properties.isDefaultIgnorableCodePoint { return true }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: return true
        case .lineSeparator, .paragraphSeparator, .spaceSeparator: return true
        default: return false
        }
    }

    fileprivate var isMark: Bool {
        guard value >= 0x300 else { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }

    fileprivate var joinsTheLast: Bool {
        isMark || value >= 0x300 && properties.generalCategory == .spacingMark
    }

    fileprivate var isWide: Bool {
        // The blocks of East Asian wide characters and of emoji, coarsely (Unicode Annex 11).
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

/// `text` on one line, with every hidden character and every start of a build-log command escaped, cut behind `limit`
/// characters with an ellipsis.
///
/// Build logs act on `::command` at the start of a line (GitHub) and on `##[command` and `##vso[` anywhere in it (the
/// GitHub runner's older form, Azure Pipelines), so those lose their first character to an escape. A combining mark
/// without a letter before it is escaped, since it would change what stands in front, and so is a heap of more than four.
///
/// - Complexity: O(`limit`).
package func visible(_ text: String, limit: Int = 500) -> String {
    var shown = ""
    var marks = 0
    var count = 0
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    var isLeading = true
    while index < scalars.endIndex {
        guard count < limit else { return shown + "…" }
        let scalar = scalars[index]
        marks = scalar.isMark ? marks + 1 : 0
        let isCommand =
            scalar == "#" && startsLogCommand(scalars[index...])
            || isLeading && scalar == ":" && scalars[index...].starts(with: "::".unicodeScalars)
        let isStray = marks > 4 || count == 0 && scalar.joinsTheLast
        if isCommand || scalar.isHidden || isStray {
            shown += escaped(scalar)
        } else {
            shown.unicodeScalars.append(scalar)
        }
        if scalar != " " { isLeading = false }
        count += 1
        index = scalars.index(after: index)
    }
    return shown
}

/// Columns that a terminal needs for `text`, which must be ``visible(_:limit:)``.
package func displayWidth(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.isMark ? 0 : $1.isWide ? 2 : 1) }
}

/// The first `width` columns of `text`, the last of them an ellipsis where something was cut off.
package func clipped(_ text: String, to width: Int) -> String {
    guard displayWidth(text) > width else { return text }
    var shown = ""
    var used = 0
    for scalar in text.unicodeScalars {
        used += scalar.isMark ? 0 : scalar.isWide ? 2 : 1
        if used > width - 1 { break }
        shown.unicodeScalars.append(scalar)
    }
    return shown + "…"
}

/// The last `width` columns of `text`, the first of them an ellipsis where something was cut off.
package func clippedInFront(_ text: String, to width: Int) -> String {
    guard displayWidth(text) > width else { return text }
    let scalars = Array(text.unicodeScalars)
    var used = 0
    var start = scalars.count
    while start > 0 {
        used += scalars[start - 1].isMark ? 0 : scalars[start - 1].isWide ? 2 : 1
        if used > width - 1 { break }
        start -= 1
    }
    var shown = "…"
    shown.unicodeScalars.append(contentsOf: scalars[start...])
    return shown
}

private func startsLogCommand(_ scalars: Substring.UnicodeScalarView) -> Bool {
    // Scalars, not characters: a mark behind the bracket would make another character of it.
    let start = scalars.prefix(6).map { $0.value < 0x80 ? $0.value | 0x20 : $0.value }
    return ["##[", "##vso["].contains { start.starts(with: $0.unicodeScalars.map { $0.value | 0x20 }) }
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    }
}
