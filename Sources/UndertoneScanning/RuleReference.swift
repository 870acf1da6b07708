// The reference of rule kinds, written from their registry so that it can't say anything else.

import UndertoneRules

/// All rule kinds as Markdown: what each finds, its parameters, its reasons and an example, as docs/rule-kinds.md shows
/// them.
package func ruleKindsMarkdown() -> String {
    var text = """
        # Rule kinds

        What a rule's `kind` may be. This page is generated from the program; `undertone rules explain KIND` shows the same
        in a terminal, and [rules.md](rules.md) says how to write a pack.

        | kind | what it finds |
        |---|---|

        """
    for kind in RuleKind.allCases {
        text += "| [`\(kind.rawValue)`](#\(kind.rawValue)) | \(cell(kind.reference.summary)) |\n"
    }
    for kind in RuleKind.allCases { text += section(kind) }
    return text
}

private func section(_ kind: RuleKind) -> String {
    let reference = kind.reference
    var text = "\n## \(kind.rawValue)\n\n\(reference.summary)\n"
    if kind.looksAtDrop {
        text += "\nIt looks at the drop as a whole and takes all fields of a record that the rule looks at together.\n"
    }
    if kind == .judge {
        text += "\nIt needs a judge, which a file of judges describes, and comes behind the rules that need none. "
        text += "Its rules carry no examples. [judges.md](judges.md) says how it works.\n"
    } else if kind.needsModel {
        text += "\nIt needs a model and sees the drop as a whole: records with one prompt and one completion. "
        text += "Its rules carry no examples. [rules.md](rules.md#rules-that-need-a-model) says how it works.\n"
    }
    text += "\n| parameter | | meaning |\n|---|---|---|\n"
    for parameter in reference.parameters {
        text += "| `\(parameter.name)` | \(parameter.isRequired ? "required" : "") | \(cell(parameter.text)) |\n"
    }
    text += "\nReasons of its findings: " + reference.reasons.map { "`\($0)`" }.joined(separator: ", ") + ".\n"
    text += "\n```yaml\n\(reference.example)\n```\n"
    return text
}

// Outside code spans, braces and quotes need no care; a bar would end the cell and an asterisk begin emphasis.
private func cell(_ text: String) -> String {
    var result = ""
    var isCode = false
    for character in text {
        if character == "`" { isCode.toggle() }
        if character == "|" || (character == "*" && !isCode) || (character == "<" && !isCode) { result += "\\" }
        result.append(character)
    }
    return result
}
