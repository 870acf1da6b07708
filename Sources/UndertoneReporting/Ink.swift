// How texts for a terminal look: colours and width.

import UndertoneText

/// How a text for a terminal looks.
package struct TextStyle: Sendable {
    /// Escape sequences for colour; only for a terminal that asked for them.
    package var color: Bool
    /// Columns of the terminal. Less than 60 counts as 60.
    package var width: Int

    package init(color: Bool = false, width: Int = 100) {
        self.color = color
        self.width = width
    }

    package var ink: Ink { Ink(on: color) }

    /// Columns that are used.
    package var columns: Int { max(width, 60) }
}

/// Colours of a terminal (ECMA-48 SGR), or nothing.
package struct Ink: Sendable {
    let on: Bool

    package func bold(_ text: String) -> String { paint(text, "1") }
    package func dim(_ text: String) -> String { paint(text, "2") }
    package func red(_ text: String) -> String { paint(text, "1;31") }
    package func darkRed(_ text: String) -> String { paint(text, "31") }
    package func green(_ text: String) -> String { paint(text, "1;32") }
    package func yellow(_ text: String) -> String { paint(text, "33") }
    package func cyan(_ text: String) -> String { paint(text, "36") }

    /// Says that a list goes on: `  … 12 more notes`, `  … 3 more`.
    package func more(_ count: Int, _ noun: String? = nil, indent: Int = 2) -> String {
        let what = noun.map { counted(count, "more " + $0) } ?? grouped(count) + " more"
        return dim(String(repeating: " ", count: indent) + "… " + what)
    }

    private func paint(_ text: String, _ code: String) -> String {
        on && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
