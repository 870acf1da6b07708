// The index of the shipped packs, as rules/README.md shows it.

import UndertoneCore

/// Writes the index of packs from the packs themselves, so that it can't say anything else.
public enum PackIndex {
    /// A table of the packs and below it a table of each one's own rules, as Markdown.
    public static func markdown(_ packs: [RulePack]) -> String {
        var text = """
            # Rule packs that ship

            `undertone scan … --rules NAME` uses one. This page is generated from the packs; edit them, not it.

            | pack | what it is for | rules |
            |---|---|--:|

            """
        for pack in packs {
            text += "| [`\(pack.name)`](\(pack.name).yaml) | \(cell(pack.description)) | \(pack.rules.count) |\n"
        }
        for pack in packs {
            text += "\n## \(pack.name)\n\n\(markdown(pack.description)) Version \(pack.version)."
            if let source = pack.source { text += " Source: \(markdown(source))." }
            text += "\n\n| rule | kind | field | action | a record it meets |\n|---|---|---|---|---|\n"
            for rule in pack.rules {
                text += "| `\(rule.id.pack == pack.name ? rule.id.name : rule.id.description)` | \(rule.kind) "
                text += "| `\(rule.field)` | \(rule.action.name) | \(cell(rule.description)) |\n"
            }
        }
        return text
    }

    // Text of a pack is shown as text: a pack can't put links or markup into the page.
    private static func markdown(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "<": result += "&lt;"
            case "[", "]", "*", "_", "`", "\\": result += "\\\(character)"
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
        }
        return result
    }

    private static func cell(_ text: String) -> String {
        markdown(text).split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
