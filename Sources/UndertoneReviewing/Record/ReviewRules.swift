// What reviewers rejected, as a rule pack: the next scan rejects it without them.

import Foundation
public import UndertoneLineage
import UndertoneText

/// Makes rule packs of reviews.
public enum ReviewRules {
    /// Bytes that a pack may have; rule packs are refused beyond that.
    static let limit = 1 << 20
    // Bytes of the longest word or phrase of a `words` rule.
    private static let longestWord = 1024

    /// A pack of what reviews rejected, as YAML: exact outputs, terms and phrases, in at most five rules.
    ///
    /// - An output that was rejected, and the variants of its group that were shown, becomes a pattern that meets exactly it;
    ///   of one that was cut, a pattern that meets every output that begins so.
    /// - A term that was rejected, and a phrase for a rule that begins and ends in a letter or digit, is found in any spelling
    ///   that looks the same, where it stands by itself; any other phrase exactly as it was typed, wherever it stands.
    /// - What a rule was wanted for without a phrase becomes what a rejection makes of it.
    ///
    /// - Parameters:
    ///   - name: of the pack.
    ///   - drop: what was reviewed, for people: a path, a digest.
    ///   - reviews: finished or not; the order and doubles make no difference to what is met.
    /// - Throws: ``LineageError`` `usage` where nothing was rejected, or more than a pack can hold.
    public static func pack(
        name: String, drop: String, reviews: [Review]
    ) throws(LineageError) -> String {
        var exact = RuleTexts()
        var beginnings = RuleTexts()
        var words = RuleTexts()
        var phrases = RuleTexts()
        var hasEmpty: String?
        func add(output: String, isCut: Bool, _ why: String) {
            if output.isEmpty {
                hasEmpty = hasEmpty ?? why
            } else if isCut {
                let mark = ReviewSheet.cutMark
                beginnings.add(output.hasSuffix(mark) ? String(output.dropLast(mark.count)) : output, why)
            } else {
                exact.add(output, why)
            }
        }
        for review in reviews {
            for item in review.items where item.decision != .fine {
                let why = ReviewRules.why(item, review)
                if item.decision == .rule, let phrase = item.phrase, !phrase.isEmpty {
                    if isWord(phrase) { words.add(phrase, why) } else { phrases.add(phrase, why) }
                } else if item.isTerm {
                    words.add(item.text, why)
                } else {
                    add(output: item.text, isCut: item.isCut, why)
                    for variant in item.variants {
                        add(output: variant, isCut: ReviewSheet.isCut(variant), why)
                    }
                }
            }
        }
        var rules = ""
        let who = ReviewRules.who(reviews)
        if let hasEmpty { rules += empty(hasEmpty, who) }
        rules += regex("rejected-outputs", "An output that was rejected in a review", exact, #"\A"#, #"\z"#, who)
        rules += regex("rejected-beginnings", "An output that begins like a rejected one", beginnings, #"\A"#, "", who)
        rules += list("rejected-words", "A word or phrase that was rejected in a review", words, who)
        rules += regex("rejected-phrases", "A phrase that a reviewer wants no record with", phrases, "", "", who)
        guard !rules.isEmpty else {
            throw LineageError(
                .usage, "nothing was rejected, and no rule was wanted", mend: "there is nothing to make rules of")
        }
        let pack = """
            pack: \(YAMLText.quoted(name))
            description: \(YAMLText.quoted("What people rejected who reviewed \(line(drop))."))
            source: \(YAMLText.quoted(sources(reviews)))

            rules:
            \(rules)
            """
        guard pack.utf8.count <= limit else {
            throw LineageError(
                .usage, "what was rejected takes \(byteCount(pack.utf8.count)), more than a rule pack can hold",
                mend: "make packs of single reviews, or rules with phrases")
        }
        return pack
    }
}

/// Texts that a rule meets, each once, with who wanted it so.
private struct RuleTexts {
    private(set) var all: [(text: String, why: String)] = []
    private var seen: Set<[UInt8]> = []

    mutating func add(_ text: String, _ why: String) {
        if seen.insert(Array(text.utf8)).inserted { all.append((text, why)) }
    }
}

extension ReviewRules {
    // MARK: - Rules

    private static func regex(
        _ id: String, _ what: String, _ texts: RuleTexts, _ before: String, _ behind: String, _ who: String
    ) -> String {
        guard !texts.all.isEmpty else { return "" }
        var yaml = head(id, "regex", what, who, texts)
        yaml += "    deny:\n"
        for (text, _) in texts.all { yaml += item(before + pattern(text) + behind) }
        yaml += accept(not: texts)
        yaml += "    reject:\n"
        for (text, _) in texts.all { yaml += item(text) }
        let variations = Variation.sensitive(texts.all.map(\.text), isAnchored: !before.isEmpty)
        if !variations.isEmpty { yaml += "    sensitive-to: [\(variations.joined(separator: ", "))]\n" }
        return yaml
    }

    private static func list(_ id: String, _ what: String, _ texts: RuleTexts, _ who: String) -> String {
        guard !texts.all.isEmpty else { return "" }
        var yaml = head(id, "words", what, who, texts)
        yaml += "    words:\n"
        for (text, _) in texts.all { yaml += item(text) }
        yaml += accept(not: texts)
        yaml += "    reject:\n"
        for (text, _) in texts.all { yaml += item(text) }
        return yaml
    }

    private static func empty(_ why: String, _ who: String) -> String {
        """
          - id: rejected-empty
            kind: length
            description: \(YAMLText.quoted("An empty output, which was rejected in a review (\(who))."))
            why: \(YAMLText.quoted(why))
            bytes: { min: 1 }
            accept: ['x']
            reject: ['']
            sensitive-to: [surrounding-text]

        """
    }

    private static func head(
        _ id: String, _ kind: String, _ what: String, _ who: String, _ texts: RuleTexts
    ) -> String {
        // Of many reasons the first ones; all are in the catalogue.
        var reasons: [String] = []
        for (_, why) in texts.all where !reasons.contains(why) && reasons.count < 10 { reasons.append(why) }
        return "  - id: \(id)\n    kind: \(kind)\n"
            + "    description: \(YAMLText.quoted("\(what) (\(who))."))\n"
            + "    why: \(YAMLText.quoted(reasons.joined(separator: "; ")))\n"
    }

    private static func item(_ text: String) -> String { "      - \(YAMLText.quoted(text))\n" }

    // Something that none of the rules of this pack can meet.
    private static func accept(not texts: RuleTexts) -> String {
        let candidates = ["Something else.", "12, 15, 18", "Ordinary words", "\u{4E00}\u{4E8C}", "~"]
        let lowered = texts.all.map { $0.text.lowercased() }
        let free = candidates.first { candidate in
            !lowered.contains { candidate.lowercased().contains($0) || $0 == candidate.lowercased() }
        }
        return "    accept: [\(YAMLText.quoted(free ?? "?!"))]\n"
    }

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

    /// Whether a phrase begins and ends in a letter or digit and is short enough for a `words` rule.
    private static func isWord(_ phrase: String) -> Bool {
        func isPart(_ scalar: Unicode.Scalar?) -> Bool {
            guard let scalar else { return false }
            return scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
        }
        // Folding may make three of one byte.
        return phrase.utf8.count <= longestWord / 3 && isPart(phrase.unicodeScalars.first)
            && isPart(phrase.unicodeScalars.last) && !phrase.unicodeScalars.contains { $0.value < 0x20 }
    }

    // MARK: - Who

    private static func why(_ item: Review.Item, _ review: Review) -> String {
        let said = item.note.isEmpty ? "" : ": \(line(item.note))"
        return "\(line(review.by)) on \(line(item.at)), review \(review.id), item \(item.position + 1)\(said)"
    }

    private static func who(_ reviews: [Review]) -> String {
        let names = Set(reviews.filter { $0.objections > 0 }.map { line($0.by) }).sorted()
        let shown = names.prefix(5).joined(separator: ", ")
        let days = reviews.map { String(($0.finishedAt ?? $0.startedAt).prefix(10)) }.sorted()
        return "\(shown)\(names.count > 5 ? " and others" : ""), \(line(days.last ?? ""))"
    }

    private static func sources(_ reviews: [Review]) -> String {
        let shown = reviews.filter { $0.objections > 0 }.prefix(20).map { review in
            "review \(review.id) by \(line(review.by)), sheet \(line(String(review.sheet.digest.prefix(16))))"
        }
        return shown.joined(separator: "; ")
    }

    // One line of what somebody typed.
    private static func line(_ text: String) -> String { visible(text, limit: 200) }
}

/// Variations of `rules test` under which a pattern answers otherwise.
private enum Variation {
    static func sensitive(_ texts: [String], isAnchored: Bool) -> [String] {
        var names: [String] = []
        let scalars = texts.lazy.flatMap(\.unicodeScalars)
        if isAnchored { names.append("surrounding-text") }
        if scalars.contains("\n") { names.append("crlf") }
        if texts.contains(where: { !isStable($0, composed: true) }) { names.append("nfc") }
        if texts.contains(where: { !isStable($0, composed: false) }) { names.append("nfd") }
        if scalars.contains(where: { "0"..."9" ~= $0 }) { names.append("full-width-digits") }
        if texts.contains(where: { $0.unicodeScalars.count > 1 }) { names.append("zero-width") }
        return names
    }

    private static func isStable(_ text: String, composed: Bool) -> Bool {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return true }
        let form = composed ? text.precomposedStringWithCanonicalMapping : text.decomposedStringWithCanonicalMapping
        return Array(form.utf8) == Array(text.utf8)
    }
}
