// Text within XML and HTML.

import UndertoneText

/// What an XML document begins with.
let xmlDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

/// Text for an attribute or an element. It must be visible already: XML 1.0 can't hold all else.
package func xmlEscaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "\"": escaped += "&quot;"
        case "'": escaped += "&#39;"
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return escaped
}

/// Any text for an attribute or an element: made visible, cut behind `limit` characters, escaped.
package func xmlText(_ text: String, limit: Int = 500) -> String { xmlEscaped(visible(text, limit: limit)) }
