// Annotations of GitHub Actions: workflow commands on standard output.

import UndertoneText

/// One annotation. Source: docs.github.com, "Workflow commands for GitHub Actions"; escapes as the runner undoes them.
struct Annotation {
    /// Where it is shown.
    struct Place {
        /// Untrusted.
        var path: String
        /// From 1.
        var line: Int
        /// From 1.
        var column: Int?
    }

    /// What GitHub shows of a level and step.
    static let mostOfLevel = 10

    /// `error`, `warning` or `notice`.
    var level: String
    var place: Place?
    /// Safe to show.
    var title: String
    /// One line or more, safe to show.
    var message: String

    func write(to output: inout some TextOutputStream) {
        output.write("::\(level) ")
        if let place {
            output.write("file=\(commandProperty(visible(place.path, limit: 1000))),line=\(place.line),")
            if let column = place.column { output.write("col=\(column),") }
        }
        output.write("title=\(commandProperty(title))::\(commandData(message))\n")
    }
}

/// `text` as the message of a workflow command: one line, which the runner turns back into `text`.
package func commandData(_ text: String) -> String { commandEscaped(text, alsoSeparators: false) }

/// `text` as the value of a workflow command's property.
package func commandProperty(_ text: String) -> String { commandEscaped(text, alsoSeparators: true) }

private func commandEscaped(_ text: String, alsoSeparators: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "%": escaped += "%25"
        case "\r": escaped += "%0D"
        case "\n": escaped += "%0A"
        case ":" where alsoSeparators: escaped += "%3A"
        case "," where alsoSeparators: escaped += "%2C"
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return escaped
}
