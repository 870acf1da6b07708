// Text within Markdown.

/// Text in which nothing is Markdown or HTML.
func markdownText(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
        // ASCII punctuation, as CommonMark 0.31 section 2.4 counts it. A reference is never the start of anything. The
        // plain marks of a sentence may stay where they mean nothing.
        switch scalar {
        case " ", ",", "0"..."9", "A"..."Z", "a"..."z": escaped.unicodeScalars.append(scalar)
        case "!"..."~": escaped += "&#\(scalar.value);"
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return escaped
}

/// Text as code: monospaced, and nothing in it is Markdown or HTML.
func markdownCode(_ text: String) -> String { "<code>\(markdownText(text))</code>" }
