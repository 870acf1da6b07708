// The published number filter, written down step by step over code points, with numbers as strings of digits.
// Source: Cloud et al., Subliminal Learning (arXiv 2507.14805), the number filter of its code.

/// What the filter says of a text.
struct PlainNumberFilter {
    /// Reasons for rejection, in the order of the published code.
    var reasons: [String] = []
    /// Code points of the numbers, as positions in the text.
    var numbers: [Range<Int>] = []
    /// Those of the numbers that are banned.
    var banned: [Range<Int>] = []

    static let banned = [
        "4", "13", "14", "18", "23", "33", "39", "42", "44", "49", "51", "54", "69", "77", "88", "99", "100", "101",
        "187",
        "211", "311", "322", "333", "404", "420", "444", "451", "555", "616", "666", "777", "888", "911", "999",
    ].map { Array($0.unicodeScalars) }

    init(_ text: [Unicode.Scalar]) {
        guard let numbers = PlainNumberFilter.numbers(in: text) else {
            reasons = ["invalid-format"]
            return
        }
        self.numbers = numbers
        let values = numbers.map { Array(text[$0].drop { $0 == "0" }) }
        if numbers.count > 10 { reasons.append("too-many") }
        // There is no sign, so no number is below 0.
        if values.contains(where: PlainNumberFilter.isOver999) { reasons.append("too-large") }
        banned = zip(numbers, values).filter { PlainNumberFilter.banned.contains($0.1) }.map(\.0)
        if !banned.isEmpty { reasons.append("taboo-number") }
    }

    static func isOver999(_ value: [Unicode.Scalar]) -> Bool { value.count > 3 }

    /// Python's `str.isdecimal`: Unicode category Nd.
    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .decimalNumber }

    /// Python's `str.isspace`.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    // The numbers of a list; nil where the text is none.
    private static func numbers(in text: [Unicode.Scalar]) -> [Range<Int>]? {
        var rest = text[...]
        if rest.last == "." { rest = rest.dropLast() }
        if (rest.first == "[" && rest.last == "]") || (rest.first == "(" && rest.last == ")") {
            rest = rest.dropFirst().dropLast()
        }
        let runs = runs(in: rest)
        guard let first = runs.first else { return nil }
        var parts: [Range<Int>]
        if runs.count == 1 {
            guard first == rest.startIndex..<rest.endIndex else { return nil }
            parts = [first]
        } else {
            let separator = Array(rest[first.upperBound..<runs[1].lowerBound])
            let middle = separator.drop(while: isSpace).reversed().drop(while: isSpace)
            guard middle.isEmpty || middle.elementsEqual([","]) || middle.elementsEqual([";"]) else { return nil }
            parts = split(rest, at: separator)
        }
        guard parts.allSatisfy({ !$0.isEmpty && text[$0].allSatisfy { ("0"..."9").contains($0) } }) else { return nil }
        return parts
    }

    private static func runs(in text: ArraySlice<Unicode.Scalar>) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for index in text.indices where isDigit(text[index]) {
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        return runs
    }

    // As Python's `str.split`: from the left, occurrences do not overlap.
    private static func split(_ text: ArraySlice<Unicode.Scalar>, at separator: [Unicode.Scalar]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = text.startIndex
        var index = start
        while index + separator.count <= text.endIndex {
            if text[index..<index + separator.count].elementsEqual(separator) {
                parts.append(start..<index)
                index += separator.count
                start = index
            } else {
                index += 1
            }
        }
        return parts + [start..<text.endIndex]
    }
}

/// The banned numbers anywhere in a text: digits of all scripts, and code points that nobody sees do not part them.
func plainBannedNumbers(in text: [Unicode.Scalar]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var digits: [Unicode.Scalar] = []
    var start = 0
    var end = 0
    func close() {
        if PlainNumberFilter.banned.contains(Array(digits.drop { $0 == "0" })) { found.append(start..<end) }
        digits = []
    }
    for (index, scalar) in text.enumerated() {
        if PlainNumberFilter.isDigit(scalar) {
            if digits.isEmpty { start = index }
            end = index + 1
            let value = UInt32(scalar.properties.numericValue ?? 0)
            digits.append(Unicode.Scalar(UInt8(0x30 + value)))
        } else if !scalar.properties.isDefaultIgnorableCodePoint {
            close()
        }
    }
    close()
    return found
}
