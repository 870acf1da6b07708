// The same counts as a profile has, made the obvious way.

import UndertoneComparing

/// Counts over whole strings and arrays, without a thought of speed.
struct PlainCounts {
    var ascii = [Int](repeating: 0, count: 128)
    var categories: [CharacterCategory: Int] = [:]
    var tokens: [TokenClass: Int] = [:]
    var words: [String: Int] = [:]
    var wordPairs: [String: Int] = [:]
    var longWords = 0
    var wordsPerOutput: [Int: Int] = [:]
    var characters: [Int: Int] = [:]
    var bytes: [Int: Int] = [:]

    var numbersPerOutput: [Int: Int] = [:]
    var plain: [Int: Int] = [:]
    var padded: [Int: Int] = [:]
    var powers: [Int: Int] = [:]
    var values: [Int] = []
    var long = 0
    var longest = 0
    var leadingZeros = 0
    var first: [Int: Int] = [:]
    var last: [Int: Int] = [:]
    var digitCounts: [Int: Int] = [:]
    var steps: [Int: Int] = [:]
    var (up, down, level) = (0, 0, 0)
    var repeats = 0
    var outputsWithRepeats = 0
    var smallPairs: [[Int]: Int] = [:]
    var others: [String: Int] = [:]
    var otherPairs: [String: Int] = [:]
    var separators: [String: Int] = [:]
    var longSeparators = 0

    init(_ outputs: [String]) {
        for output in outputs { add(output) }
    }

    private mutating func add(_ output: String) {
        let scalars = Array(output.unicodeScalars)
        bytes[output.utf8.count, default: 0] += 1
        characters[scalars.count, default: 0] += 1
        for scalar in scalars {
            let category = PlainCounts.category(scalar)
            if scalar.isASCII { ascii[Int(scalar.value)] += 1 } else { categories[category, default: 0] += 1 }
        }
        addWords(scalars)
        addNumbers(scalars)
    }

    private mutating func addWords(_ scalars: [Unicode.Scalar]) {
        // Every piece with its class; adjacent word pieces are one word unless a letter stands for itself.
        var words: [String] = []
        var isOpen = false
        var isAlone = false
        var inNumber = false
        for scalar in scalars {
            let token = PlainCounts.token(scalar)
            if token == .word {
                let alone = PlainCounts.standsAlone(scalar)
                if isOpen, !alone, !isAlone || PlainCounts.isMark(scalar) {
                    words[words.count - 1].unicodeScalars.append(scalar)
                } else {
                    words.append(String(scalar))
                    isAlone = alone
                }
                isOpen = true
            } else {
                isOpen = false
                isAlone = false
                if token != .number || !inNumber { tokens[token, default: 0] += 1 }
            }
            inNumber = token == .number
        }
        tokens[.word, default: 0] += words.count
        wordsPerOutput[words.count, default: 0] += 1
        var before: String?
        for word in words {
            guard word.utf8.count <= 64 else {
                longWords += 1
                before = nil
                continue
            }
            var small = ""
            for scalar in word.unicodeScalars {
                let isLarge = scalar.value >= 0x41 && scalar.value <= 0x5A
                small.unicodeScalars.append(isLarge ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
            }
            self.words[PlainCounts.key(small), default: 0] += 1
            if let before { wordPairs[PlainCounts.key(before + " " + small), default: 0] += 1 }
            before = small
        }
    }

    // Strings are equal where their normal forms are, and profiles count bytes.
    static func key(_ text: String) -> String { text.utf8.map { String($0, radix: 16) }.joined(separator: ",") }

    private mutating func addNumbers(_ scalars: [Unicode.Scalar]) {
        var numbers: [(digits: String, start: Int, end: Int)] = []
        for (index, scalar) in scalars.enumerated() where ("0"..."9").contains(scalar) {
            if let open = numbers.last, open.end == index {
                numbers[numbers.count - 1].digits.unicodeScalars.append(scalar)
                numbers[numbers.count - 1].end = index + 1
            } else {
                numbers.append((String(scalar), index, index + 1))
            }
        }
        numbersPerOutput[numbers.count, default: 0] += 1
        var seen: Set<Int> = []
        var found = 0
        for (place, number) in numbers.enumerated() {
            let text = number.digits
            let digits = text.utf8.map { Int($0) - 48 }
            first[digits[0], default: 0] += 1
            last[digits[digits.count - 1], default: 0] += 1
            digitCounts[min(digits.count, 20), default: 0] += 1
            longest = max(longest, digits.count)
            if digits.count > 1, digits[0] == 0 { leadingZeros += 1 }
            let isSmall = text == "0" || digits.count <= 3 && digits[0] != 0
            let value = PlainCounts.value(text)
            if let value {
                values.append(value)
                if value < 1000 {
                    if isSmall { plain[value, default: 0] += 1 } else { padded[value, default: 0] += 1 }
                } else {
                    powers[(0..<63).last { value >> $0 > 0 } ?? 0, default: 0] += 1
                }
                if !seen.insert(value).inserted { found += 1 }
            } else {
                long += 1
            }
            if !isSmall, digits.count <= 64 { others[text, default: 0] += 1 }
            guard place > 0 else { continue }
            let previous = numbers[place - 1]
            if let value, let before = PlainCounts.value(previous.digits) {
                steps[abs(value - before), default: 0] += 1
                if value > before { up += 1 } else if value < before { down += 1 } else { level += 1 }
            }
            let wasSmall =
                String(PlainCounts.value(previous.digits) ?? 1000) == previous.digits && previous.digits.utf8.count < 4
            if isSmall, wasSmall {
                smallPairs[[PlainCounts.value(previous.digits) ?? 0, value ?? 0], default: 0] += 1
            } else if digits.count <= 64, previous.digits.utf8.count <= 64 {
                otherPairs[previous.digits + " " + text, default: 0] += 1
            }
            var between = ""
            between.unicodeScalars.append(contentsOf: scalars[previous.end..<number.start])
            if between.utf8.count <= 7 {
                separators[PlainCounts.key(between), default: 0] += 1
            } else {
                longSeparators += 1
            }
        }
        repeats += found
        outputsWithRepeats += found > 0 ? 1 : 0
    }

    static func value(_ digits: String) -> Int? {
        let significant = digits.drop { $0 == "0" }
        return significant.utf8.count > 18 ? nil : Int(significant) ?? 0
    }

    static func category(_ scalar: Unicode.Scalar) -> CharacterCategory {
        CharacterCategory.allCases.first { "\($0)" == "\(scalar.properties.generalCategory)" } ?? .unassigned
    }

    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
    }

    static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
        // The scripts without spaces of which ``DropMaker`` has letters.
        guard !isMark(scalar) else { return false }
        return [0x4E00...0x9FFF, 0x3041...0x3096, 0x0E01...0x0E46].contains { $0.contains(Int(scalar.value)) }
    }

    static func token(_ scalar: Unicode.Scalar) -> TokenClass {
        if scalar.properties.isWhitespace { return .whitespace }
        if ("0"..."9").contains(scalar) { return .number }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
            return .word
        case .control, .format, .unassigned, .privateUse, .surrogate: return .other
        default: return .punctuation
        }
    }
}
