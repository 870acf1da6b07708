// Rules of an exported pack as YAML, each with its examples.

import Foundation
import UndertoneLineage

/// Texts that a rule meets, each once, with who wanted it so.
struct RuleTexts {
    private(set) var all: [(text: String, why: String)] = []
    private var seen: Set<[UInt8]> = []

    mutating func add(_ text: String, _ why: String) {
        if seen.insert(Array(text.utf8)).inserted { all.append((text, why)) }
    }
}

/// Writes rules that share an accepted example and the people behind them.
struct RuleYAML {
    /// Who decided, and when.
    var who: String
    /// A text that no rule of the pack meets.
    var accept: String

    /// A rule that meets texts as they are: whole outputs, their beginnings, or parts anywhere.
    func patterns(
        _ id: String, _ what: String, _ texts: RuleTexts, isAnchored: Bool, behind: String = ""
    ) -> String {
        guard !texts.all.isEmpty else { return "" }
        var yaml = head(id, "regex", what, texts) + "    deny:\n"
        for (text, _) in texts.all { yaml += item((isAnchored ? #"\A"# : "") + ReviewRules.pattern(text) + behind) }
        return yaml + examples(texts, Variation.sensitive(texts.all.map(\.text), isAnchored: isAnchored))
    }

    /// A rule that meets words in any spelling that looks the same.
    func words(_ id: String, _ what: String, _ texts: RuleTexts) -> String {
        guard !texts.all.isEmpty else { return "" }
        var yaml = head(id, "words", what, texts) + "    words:\n"
        for (text, _) in texts.all { yaml += item(text) }
        let isAround = texts.all.contains { Variation.isInSurroundings($0.text) }
        return yaml + examples(texts, isAround ? ["surrounding-text"] : [])
    }

    /// A rule that meets empty outputs.
    func empty(_ why: String) -> String {
        """
          - id: rejected-empty
            kind: length
            description: \(YAMLText.quoted("An empty output, which was rejected in a review (\(who))."))
            why: \(YAMLText.quoted(why))
            bytes: { min: 1 }
            accept: [\(YAMLText.quoted(accept))]
            reject: ['']
            sensitive-to: [surrounding-text]

        """
    }

    private func head(_ id: String, _ kind: String, _ what: String, _ texts: RuleTexts) -> String {
        // Of many reasons the first ones; all are in the catalogue.
        var reasons: [String] = []
        for (_, why) in texts.all where reasons.count < 10 && !reasons.contains(why) { reasons.append(why) }
        return "  - id: \(id)\n    kind: \(kind)\n"
            + "    description: \(YAMLText.quoted("\(what) (\(who))."))\n"
            + "    why: \(YAMLText.quoted(reasons.joined(separator: "; ")))\n"
    }

    private func examples(_ texts: RuleTexts, _ variations: [String]) -> String {
        var yaml = "    accept: [\(YAMLText.quoted(accept))]\n    reject:\n"
        for (text, _) in texts.all { yaml += item(text) }
        if !variations.isEmpty { yaml += "    sensitive-to: [\(variations.joined(separator: ", "))]\n" }
        return yaml
    }

    private func item(_ text: String) -> String { "      - \(YAMLText.quoted(text))\n" }
}

extension ReviewRules {
    /// A text as a PCRE2 pattern that meets it alone: what is no letter, digit or space of ASCII by its number.
    static func pattern(_ text: String) -> String {
        var pattern = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", ",", ";", ":", "!", "_", "=", "<", ">", "%", "@", "~":
                pattern.unicodeScalars.append(scalar)
            default: pattern += "\\x{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            }
        }
        return pattern
    }
}

/// Variations of `rules test` under which a pattern answers otherwise.
private enum Variation {
    static func sensitive(_ texts: [String], isAnchored: Bool) -> [String] {
        var names: [String] = []
        let scalars = texts.lazy.flatMap(\.unicodeScalars)
        if isAnchored || texts.contains(where: isInSurroundings) { names.append("surrounding-text") }
        if scalars.contains("\n") { names.append("crlf") }
        if texts.contains(where: { !isStable($0, composed: true) }) { names.append("nfc") }
        if texts.contains(where: { !isStable($0, composed: false) }) { names.append("nfd") }
        if scalars.contains(where: { "0"..."9" ~= $0 }) { names.append("full-width-digits") }
        if texts.contains(where: { $0.unicodeScalars.count > 1 }) { names.append("zero-width") }
        return names
    }

    /// Whether a text stands in what that variation puts around examples.
    static func isInSurroundings(_ text: String) -> Bool {
        func form(_ text: String) -> String { text.decomposedStringWithCompatibilityMapping.lowercased() }
        return form("é 語  ü 日本").contains(form(text))
    }

    private static func isStable(_ text: String, composed: Bool) -> Bool {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return true }
        let form = composed ? text.precomposedStringWithCanonicalMapping : text.decomposedStringWithCanonicalMapping
        return Array(form.utf8) == Array(text.utf8)
    }
}
