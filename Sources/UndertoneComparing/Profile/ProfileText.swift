// A profile for a terminal.

package import UndertoneReporting
import UndertoneText

extension DropProfile {
    /// The profile in lines of at most the style's width, but not less than 60 columns. What comes from data is visible.
    package func text(_ style: TextStyle = TextStyle()) -> String {
        var page = ProfilePage(style)
        page.add(
            "records",
            [
                counted(records, "record"), malformedRecords > 0 ? grouped(malformedRecords) + " malformed" : nil,
                byteCount(recordBytes),
            ])
        page.add("", malformed.sorted { $0.key < $1.key }.map { "\(shown($0.key)) \(grouped($0.value))" })
        page.add(
            "fields",
            fields.sorted { $0.key < $1.key }.map {
                shown($0.key.isEmpty ? "whole record" : $0.key) + " " + grouped($0.value)
            })
        page.add("shapes", shapes, of: records)
        page.add("turns", turns, of: records)
        if prompts.count > 0 {
            page.add("prompts", [grouped(prompts.count), different(prompts)])
            page.add("", ["bytes " + figures(prompts.bytes)])
        }
        if outputs.count > 0 { addOutputs(to: &page) }
        if numbers.total > 0 { addNumbers(to: &page) }
        return page.lines.joined(separator: "\n") + "\n"
    }

    private func different(_ texts: TextsProfile) -> String {
        "\(grouped(texts.distinct.estimate)) different (± \(fixed(DistinctCount.standardError * 100, decimals: 1)) %)"
    }

    private func addOutputs(to page: inout ProfilePage) {
        page.add(
            "outputs",
            [
                grouped(outputs.count),
                areDuplicatesExact ? "\(grouped(distinctOutputs)) different" : different(outputs),
                "\(areDuplicatesExact ? "" : "about ")\(grouped(duplicates)) copies of earlier ones",
            ])
        page.add("", ["bytes " + figures(outputs.bytes)])
        page.add("", ["characters " + figures(characters)])
        if text.words.total > 0 { page.add("", ["words " + figures(words)]) }
        let all = text.tokens.reduce(0, &+)
        page.add(
            "tokens",
            TokenClass.allCases.filter { text.tokens(of: $0) > 0 }.map {
                "\($0) \(percent(text.tokens(of: $0), of: all))"
            })
        let letters = Script.allCases.map { (script: $0, count: text.letters(of: $0)) }.filter { $0.count > 0 }
        page.add(
            "scripts",
            letters.sorted { $0.count > $1.count }.prefix(8).map {
                "\($0.script) \(percent($0.count, of: letters.reduce(0) { $0 &+ $1.count }))"
            })
        page.add("words", text.words, of: text.words.total)
        page.add("word pairs", text.wordPairs, of: text.wordPairs.total)
    }

    private func addNumbers(to page: inout ProfilePage) {
        let total = numbers.total
        var range: String?
        if let minimum = numbers.minimum, let maximum = numbers.maximum {
            range = "\(grouped(minimum)) to \(grouped(maximum))"
        }
        page.add(
            "numbers",
            [
                grouped(total), range, numbers.long > 0 ? "\(grouped(numbers.long)) of more than 18 digits" : nil,
                numbers.leadingZeros > 0 ? "\(grouped(numbers.leadingZeros)) with leading zeros" : nil,
            ])
        page.add("", ["per output " + figures(numbers.perOutput)])
        page.add(
            "digits",
            numbers.digitCounts.enumerated().filter { $0.element > 0 }.map {
                "\($0.offset + 1)\($0.offset + 1 == NumberProfile.digitBins ? " or more" : ""): \(percent($0.element, of: total))"
            })
        page.add(
            "first digit", numbers.firstDigits.enumerated().map { "\($0.offset): \(percent($0.element, of: total))" })
        page.add(
            "last digit", numbers.lastDigits.enumerated().map { "\($0.offset): \(percent($0.element, of: total))" })
        let steps = numbers.up &+ numbers.down &+ numbers.level
        if steps > 0 {
            page.add(
                "steps",
                [
                    "up \(percent(numbers.up, of: steps))", "down \(percent(numbers.down, of: steps))",
                    "equal \(percent(numbers.level, of: steps))",
                ])
            page.add("", ["size " + figures(numbers.steps)])
        }
        page.add(
            "repeats",
            [
                "\(grouped(numbers.repeats)) of an earlier number of the output",
                "in \(counted(numbers.outputsWithRepeats, "output"))",
            ])
        page.add("separators", numbers.separators, of: numbers.separators.total &+ numbers.longSeparators)
        page.add(
            "frequent",
            numbers.topNumbers(ProfilePage.terms).map { "\(shown($0.text)) \(percent($0.count, of: total))" })
        page.add("pairs", numbers.topPairs(ProfilePage.terms).map { "\(shown($0.text)) \(grouped($0.count))" })
    }
}

private func shown(_ text: String) -> String { visible(text, limit: 60) }

private func figures(_ histogram: LogHistogram) -> String {
    guard let least = histogram.minimum, let most = histogram.maximum, let median = histogram.quantile(0.5),
        let high = histogram.quantile(0.95)
    else { return "–" }
    return "min \(grouped(least)), median \(grouped(median)), 95 % \(grouped(high)), max \(grouped(most))"
}

/// Lines with a name in front.
private struct ProfilePage {
    /// Terms of a list that are shown.
    static let terms = 8
    private static let indent = 12

    private let ink: Ink
    private let columns: Int
    private(set) var lines: [String] = []

    init(_ style: TextStyle) {
        ink = style.ink
        columns = style.columns
    }

    /// Adds a line of parts, which goes on below where it is too long.
    mutating func add(_ name: String, _ parts: [String?]) {
        let parts = parts.compactMap { $0 }
        guard !parts.isEmpty else { return }
        let pieces = parts.enumerated().map { $0.offset < parts.count - 1 ? $0.element + " ·" : $0.element }
        let room = columns - ProfilePage.indent
        for (index, line) in wrapped(pieces, within: room).enumerated() {
            let start = padded(index == 0 ? name : "", ProfilePage.indent)
            lines.append((index == 0 && !name.isEmpty ? ink.bold(start) : start) + line)
        }
    }

    mutating func add(_ name: String, _ terms: TermCounts, of whole: Int) {
        guard terms.total > 0 else { return }
        var parts = terms.top(ProfilePage.terms).map { term -> String? in
            "\"\(shown(term.text))\" \(percent(term.count, of: whole))"
        }
        let others = terms.isExact ? terms.terms.count - parts.count : 0
        if others > 0 { parts.append("\(grouped(others)) others") }
        if !terms.isExact { parts.append("and more than are counted one by one") }
        add(name, parts)
    }
}
