// What of a profile is tested: which categories, in which words.

import UndertoneStatistics
import UndertoneText

/// Things that are counted by category.
struct ProfileCategories {
    /// For machines.
    var name: String
    /// For people.
    var words: String
    /// What each category is called.
    var labels: [String]
    /// Whether several of one output are counted, so that they are no single draws.
    var isClustered: Bool
    /// The counts of a profile, one of each label.
    var counts: (DropProfile) -> [Int]

    // Terms of each side that have a category of their own.
    private static let mostTerms = 500

    /// All that is tested of two profiles, in a fixed order.
    static func all(_ drop: DropProfile, _ reference: DropProfile) -> [ProfileCategories] {
        let digits = (0..<10).map(String.init)
        return [
            terms("shapes", "names and types of members", \.shapes, drop, reference, isClustered: false),
            terms("turns", "who speaks", \.turns, drop, reference, isClustered: false),
            ProfileCategories(
                name: "malformed", words: "records that can't be read", labels: ["readable", "malformed"],
                isClustered: false, counts: { [$0.records, $0.malformedRecords] }),
            ProfileCategories(
                name: "tokens", words: "kinds of tokens", labels: TokenClass.allCases.map { "\($0)" },
                isClustered: true, counts: { $0.text.tokens }),
            ProfileCategories(
                name: "characters", words: "characters",
                labels: (0..<128).map { shown(Unicode.Scalar(UInt8($0))) }
                    + CharacterCategory.allCases.map { "\($0), not ASCII" },
                isClustered: true, counts: { $0.text.ascii + $0.text.categories }),
            ProfileCategories(
                name: "scripts", words: "scripts of letters", labels: Script.allCases.map { "\($0)" },
                isClustered: true, counts: { profile in Script.allCases.map { profile.text.letters(of: $0) } }),
            terms("words", "words", \.text.words, drop, reference, isClustered: true),
            ProfileCategories(
                name: "number-values", words: "values of numbers",
                labels: (0..<NumberProfile.exactBelow).map(String.init)
                    + (0..<64).map { $0 < 10 ? "1000 to 1023" : "from 2^\($0) on" },
                isClustered: true,
                counts: { profile in
                    (0..<NumberProfile.exactBelow).map { profile.numbers.count(ofValue: $0) } + profile.numbers.powers
                }),
            ProfileCategories(
                name: "first-digits", words: "first digits of numbers", labels: digits, isClustered: true,
                counts: { $0.numbers.firstDigits }),
            ProfileCategories(
                name: "last-digits", words: "last digits of numbers", labels: digits, isClustered: true,
                counts: { $0.numbers.lastDigits }),
            ProfileCategories(
                name: "digit-counts", words: "digits of a number",
                labels: (1...NumberProfile.digitBins).map {
                    $0 == NumberProfile.digitBins ? "\($0) and more" : "\($0)"
                },
                isClustered: true, counts: { $0.numbers.digitCounts }),
            ProfileCategories(
                name: "leading-zeros", words: "leading zeros of numbers", labels: ["without", "with"],
                isClustered: true,
                counts: { [$0.numbers.total - $0.numbers.leadingZeros, $0.numbers.leadingZeros] }),
            terms(
                "separators", "what stands between numbers", \.numbers.separators, drop, reference, isClustered: true,
                further: ("longer than 7 bytes", \.numbers.longSeparators)),
            ProfileCategories(
                name: "directions", words: "from a number to the next", labels: ["up", "down", "level"],
                isClustered: true, counts: { [$0.numbers.up, $0.numbers.down, $0.numbers.level] }),
            ProfileCategories(
                name: "step-sizes", words: "sizes of steps between numbers",
                labels: ["0"] + (0..<63).map { "from 2^\($0) on" }, isClustered: true,
                counts: { octaves($0.numbers.steps) }),
            ProfileCategories(
                name: "repeats", words: "numbers that an output repeats", labels: ["new", "repeated"],
                isClustered: true, counts: { [$0.numbers.total - $0.numbers.repeats, $0.numbers.repeats] }),
        ]
    }

    // The most frequent terms of both, and the rest together.
    private static func terms(
        _ name: String, _ words: String, _ path: KeyPath<DropProfile, TermCounts>, _ drop: DropProfile,
        _ reference: DropProfile, isClustered: Bool, further: (label: String, path: KeyPath<DropProfile, Int>)? = nil
    ) -> ProfileCategories {
        let listed = Set([drop, reference].flatMap { $0[keyPath: path].top(mostTerms).map(\.text) }).sorted()
        return ProfileCategories(
            name: name, words: words,
            labels: listed.map { "\u{2018}\(visible($0, limit: 60))\u{2019}" } + ["others"]
                + (further.map { [$0.label] } ?? []),
            isClustered: isClustered,
            counts: { profile in
                let terms = profile[keyPath: path]
                let counts = listed.map { terms.count(of: $0) }
                let rest = max(0, terms.total - counts.reduce(0, +))
                return counts + [rest] + (further.map { [profile[keyPath: $0.path]] } ?? [])
            })
    }

    // Counts by the power of two that a step reaches; 0 by itself.
    private static func octaves(_ steps: LogHistogram) -> [Int] {
        var counts = [Int](repeating: 0, count: 64)
        for (bin, count) in steps.counts.enumerated() where count > 0 {
            let size = LogHistogram.lowerBound(of: bin)
            counts[size == 0 ? 0 : 64 - size.leadingZeroBitCount] += count
        }
        return counts
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case " ": "space"
        case "\n": "line feed"
        case "\t": "tab"
        default: "\u{2018}\(visible(String(scalar)))\u{2019}"
        }
    }
}

/// Numbers of which every output, or every prompt, has one.
struct ProfileNumbers {
    var name: String
    var words: String
    var histogram: (DropProfile) -> LogHistogram

    static var all: [ProfileNumbers] {
        [
            ProfileNumbers(name: "output-bytes", words: "bytes of an output") { $0.outputs.bytes },
            ProfileNumbers(name: "output-characters", words: "characters of an output") { $0.characters },
            ProfileNumbers(name: "output-words", words: "words of an output") { $0.words },
            ProfileNumbers(name: "numbers-per-output", words: "numbers of an output") { $0.numbers.perOutput },
            ProfileNumbers(name: "prompt-bytes", words: "bytes of a prompt") { $0.prompts.bytes },
        ]
    }
}
