// Writes the little YAML that cards and exported packs need: every string in double quotes, every key one of ours.

import UndertoneText

package struct YAMLText {
    private(set) var text = ""

    /// A line `key:` or `key: value` at a depth.
    mutating func line(_ depth: Int, _ key: String, _ value: FactValue? = nil) {
        indent(depth)
        text += key + ":"
        if let value { text += " " + YAMLText.scalar(value) }
        text += "\n"
    }

    mutating func line(_ depth: Int, _ key: String, _ value: String) { line(depth, key, .text(value)) }

    /// A list of strings under a key; nothing where there are none.
    mutating func list(_ depth: Int, _ key: String, _ values: [String]) {
        guard !values.isEmpty else { return }
        line(depth, key)
        for value in values {
            indent(depth)
            text += "- " + YAMLText.quoted(value) + "\n"
        }
    }

    /// A list of mappings under a key; nothing where there are none.
    mutating func list(_ depth: Int, _ key: String, _ items: [[(String, FactValue)]]) {
        guard items.contains(where: { !$0.isEmpty }) else { return }
        line(depth, key)
        for item in items {
            for (index, member) in item.enumerated() {
                indent(depth)
                text += (index == 0 ? "- " : "  ") + "\(member.0): \(YAMLText.scalar(member.1))\n"
            }
        }
    }

    /// The first member of an entry of a list; the others are lines, one deeper.
    mutating func item(_ depth: Int, _ key: String, _ value: FactValue) {
        indent(depth)
        text += "- \(key): \(YAMLText.scalar(value))\n"
    }

    private mutating func indent(_ depth: Int) { text += String(repeating: "  ", count: depth) }

    private static func scalar(_ value: FactValue) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .integer(let number): String(number)
        // YAML 1.1 readers take 1e-05 for a text.
        case .number(let number): plain(number)
        case .truth(let truth): truth ? "true" : "false"
        }
    }

    private static func plain(_ number: Double) -> String {
        let text = "\(number)"
        guard let exponent = text.firstIndex(of: "e"), !text[..<exponent].contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }

    /// A string in double quotes (YAML 1.2.2, section 7.3.1) that every reader gives back as it was, with nothing in it
    /// that can't be seen.
    package static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                guard scalar.isHidden && scalar != " " else {
                    text.unicodeScalars.append(scalar)
                    continue
                }
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let (letter, width) =
                    scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
                text += "\\" + letter + String(repeating: "0", count: width - digits.utf8.count) + digits
            }
        }
        return text + "\""
    }
}
