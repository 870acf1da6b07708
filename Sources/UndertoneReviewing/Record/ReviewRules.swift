// What reviewers rejected, as a rule pack: the next scan rejects it without them.

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
        let yaml = RuleYAML(
            who: ReviewRules.who(reviews),
            accept: accept(exact: exact, beginnings: beginnings, parts: words.all + phrases.all))
        let rules =
            (hasEmpty.map(yaml.empty) ?? "")
            + yaml.patterns(
                "rejected-outputs", "An output that was rejected in a review", exact, isAnchored: true, behind: #"\z"#)
            + yaml.patterns(
                "rejected-beginnings", "An output that begins like a rejected one", beginnings, isAnchored: true)
            + yaml.words("rejected-words", "A word or phrase that was rejected in a review", words)
            + yaml.patterns(
                "rejected-phrases", "A phrase that a reviewer wants no record with", phrases, isAnchored: false)
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

extension ReviewRules {
    // An example that no rule of the pack meets.
    private static func accept(
        exact: RuleTexts, beginnings: RuleTexts, parts: [(text: String, why: String)]
    ) -> String {
        let candidates = ["Something else.", "12, 15, 18", "Ordinary words", "\u{3B1}\u{3B2}", "~", "?!"]
        func isFree(_ candidate: String) -> Bool {
            !exact.all.contains { $0.text == candidate } && !beginnings.all.contains { candidate.hasPrefix($0.text) }
                && !parts.contains { candidate.lowercased().contains($0.text.lowercased()) }
        }
        return candidates.first(where: isFree) ?? "=="
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
