// Features in words.

import UndertoneText

extension FeatureCode {
    /// What the feature is, for people: "the number 666", "a number 9 places after one that is 1 smaller".
    var words: String {
        form != 0 && kind != .form && kind != .formAndCount ? "\(phrase), in \(Self.formWords(form))" : phrase
    }

    private var phrase: String {
        switch kind {
        case .form: Self.formWords(a)
        case .count: counted(a, "number")
        case .formAndCount: "\(counted(b, "number")) in \(Self.formWords(a))"
        case .ngram: ngram
        case .word: "the word \(Self.word(a))"
        case .wordPair: "the words \(Self.word(a)) \(Self.word(b))"
        case .number: "the number \(Self.spelled(a))"
        case .digit: "\(b) as the \(ordinal(a % 8 + 1)) of \(counted(a / 8, "digit"))"
        case .firstTwo: "a number that begins with \(Self.twoDigits(a))"
        case .lastTwo: "a number that ends with \(Self.twoDigits(a))"
        case .ends: "a number from \(a / 10) to \(a % 10) at its ends"
        case .length: a > 6 ? "a number of over 6 digits" : "a number of \(counted(a, "digit"))"
        case .firstDigitAt: "first digit \(b) in the \(ordinal(a + 1)) number"
        case .lastDigitAt: "last digit \(b) in the \(ordinal(a + 1)) number"
        case .lengthAt: "\(counted(b, "digit")) in the \(ordinal(a + 1)) number"
        case .step: "a step of \(Self.signed(a))"
        case .stepBand: "a step \(Self.banded(a))"
        case .lag: "a step of \(Self.signed(b)) over \(a) places"
        case .lagBand: "a step \(Self.banded(b)) over \(a) places"
        case .digitPair:
            "digit \(b % 10) (\(Self.place(a % 4))) after digit \(b / 10) (\(Self.place(a / 4))) of the number before"
        case .pair: "\(Self.spelled(a)) and then \(Self.spelled(b))"
        case .firstTwoPair: "a number that begins with \(Self.twoDigits(a)), and then with \(Self.twoDigits(b))"
        case .lastTwoPair: "a number that ends with \(Self.twoDigits(a)), and then with \(Self.twoDigits(b))"
        case .numberThenDigit: "\(Self.spelled(a)), and then a number that begins with \(b)"
        case .digitThenNumber: "a number that begins with \(a), and then \(Self.spelled(b))"
        case .pattern: "a number with digits like \(Self.example(a))"
        case .order: "a number whose digits go \(Self.directions(a))"
        case .digitSteps: "a number whose digits differ by \(Self.steps(a))"
        case .digitSum: "a number with digit sum \(a)"
        case .digitSet: "a number of the digits \(String(a).dropFirst())"
        case .parity:
            "a number of \(String(a, radix: 2).dropFirst().map { $0 == "1" ? "odd" : "even" }.joined(separator: ", ")) digits"
        case .multiple: b == 1 ? "a multiple of \(a)" : "a number that is no multiple of \(a)"
        case .patternPair: "a number with digits like \(Self.example(a)), and then like \(Self.example(b))"
        case .orderPair: "a number whose digits go \(Self.directions(a)), and then \(Self.directions(b))"
        case .sameAt: "\(counted(b, "number")) the same as \(Self.before(a))"
        case .permutedAt: "\(Self.many(b, 3)) with the digits of \(Self.before(a))"
        case .reversedAt: "\(Self.many(b, 3)) with the digits of \(Self.before(a)) in reverse"
        case .nearAt: "\(counted(b, "number")) \(a % 1_000) away from \(Self.before(a / 1_000))"
        case .sameFirstAt: "\(counted(b, "number")) with the first digit of \(Self.before(a))"
        case .sameLastAt: "\(counted(b, "number")) with the last digit of \(Self.before(a))"
        case .sameFirstTwoAt: "\(counted(b, "number")) with the first two digits of \(Self.before(a))"
        case .sameLastTwoAt: "\(counted(b, "number")) with the last two digits of \(Self.before(a))"
        case .distinct: "\(a) different ones of \(counted(b, "number"))"
        case .distinctFirst: "\(counted(a, "first digit")) among \(counted(b, "number"))"
        case .distinctLast: "\(counted(a, "last digit")) among \(counted(b, "number"))"
        default: wholePhrase
        }
    }

    private var wholePhrase: String {
        switch kind {
        case .largest: "a largest number of \(Self.from(a, 50))"
        case .smallest: "a smallest number of \(Self.from(a, 50))"
        case .mean: "a mean of \(Self.from(a, 25))"
        case .spread: "a standard deviation of \(Self.from(a, 20))"
        case .range: "a range of \(Self.from(a, 50))"
        case .rises: "\(counted(a, "rise")) in \(counted(b, "number"))"
        case .direction: "numbers that go \(Self.pairs(a))"
        case .threeDirections: "four numbers that go \(Self.directions(a))"
        case .turns: "\(counted(a, "turn")) in \(counted(b, "number"))"
        case .even: "\(counted(a, "even number")) of \(b)"
        case .fives: counted(a, "multiple of 5", "multiples of 5")
        case .tens: counted(a, "multiple of 10", "multiples of 10")
        case .digitsUsed: "\(counted(a, "different digit"))"
        case .whereLargest: "the largest number in the \(ordinal(a + 1)) place"
        case .whereSmallest: "the smallest number in the \(ordinal(a + 1)) place"
        case .digitCount: "the digit \(a) \(b == 8 ? "8 times or more" : counted(b, "time"))"
        case .sameDigits: "\(counted(a, "number")) of one digit repeated"
        case .runs: "\(counted(a, "number")) with digits that only rise or only fall"
        case .copied: "\(counted(a, "number")) out of the prompt"
        case .nearPrompt: "\(counted(a, "number")) next to one of the prompt"
        case .afterPrompt: "a step \(Self.banded(a)) from the prompt's last number"
        case .copiedWords: "\(a * 10) % or more of the words out of the prompt"
        default: "\(kind)"
        }
    }

    private var ngram: String {
        var bytes = (0..<b).map { UInt8(truncatingIfNeeded: a >> ((b - 1 - $0) * 8)) }
        let (begins, ends) = (bytes.first == 0, bytes.last == 0)
        if begins { bytes.removeFirst() }
        if ends, !bytes.isEmpty { bytes.removeLast() }
        let text = "‘\(visible(String(decoding: bytes, as: UTF8.self)))’"
        return begins ? (ends ? "\(text) alone" : "\(text) at the start") : ends ? "\(text) at the end" : text
    }

    private static func formWords(_ code: Int) -> String {
        guard code != 0 else { return "no list" }
        // Read from the end: each part is behind its length.
        var parts: [[UInt8]] = []
        for lengths in allLengths where parts.isEmpty {
            let bits = 6 + 8 * lengths.reduce(0, +)
            guard code >> bits == 1 else { continue }
            var left = bits
            var read: [[UInt8]] = []
            for length in lengths {
                left -= 2
                guard code >> left & 3 == length else { break }
                var part: [UInt8] = []
                for _ in 0..<length {
                    left -= 8
                    part.append(UInt8(truncatingIfNeeded: code >> left))
                }
                read.append(part)
            }
            if read.count == 3 { parts = read }
        }
        guard parts.count == 3 else { return "another form" }
        let (lead, between, trail) = (quoted(parts[0]), quoted(parts[1]), quoted(parts[2]))
        let divided = parts[1].isEmpty ? "one number" : "numbers divided by \(between)"
        switch (parts[0].isEmpty, parts[2].isEmpty) {
        case (true, true): return divided
        case (false, true): return "\(divided) behind \(lead)"
        case (true, false): return "\(divided) before \(trail)"
        case (false, false): return "\(divided) between \(lead) and \(trail)"
        }
    }

    private static let allLengths: [[Int]] = (0...1).flatMap { a in
        (0...3).flatMap { b in (0...2).map { c in [a, b, c] } }
    }

    private static func quoted(_ bytes: [UInt8]) -> String { "‘\(visible(String(decoding: bytes, as: UTF8.self)))’" }

    // Of a long word only the first seven bytes are known.
    private static func word(_ packed: Int) -> String {
        let length = packed & 127
        let bytes = (0..<min(length, 7)).map {
            UInt8(truncatingIfNeeded: packed >> (7 + 8 * (min(length, 7) - 1 - $0)))
        }
        return "‘\(visible(String(decoding: bytes, as: UTF8.self)))\(length > 7 ? "…" : "")’"
    }

    private static func spelled(_ code: Int) -> String {
        let digits = String(code / 8)
        return String(repeating: "0", count: max(0, code % 8 - digits.count)) + digits
    }

    private static func twoDigits(_ code: Int) -> String {
        code >= 100 ? "\(code - 100) alone" : (code < 10 ? "0" : "") + String(code)
    }

    private static func signed(_ number: Int) -> String { number > 0 ? "+\(number)" : number < 0 ? "−\(-number)" : "0" }

    private static func banded(_ band: Int) -> String {
        let sign = band < 0 ? "down" : "up"
        switch Int(band.magnitude) {
        case 0: return "of 0"
        case let size where size <= 12: return "\(sign) by \(size)"
        case let size where size < 40: return "\(sign) by \(from(size - 20, 10))"
        case let size: return "\(sign) by \(from(size - 40, 100))"
        }
    }

    private static func from(_ band: Int, _ width: Int) -> String {
        "\(grouped(band * width)) to \(grouped(band * width + width - 1))"
    }

    private static func before(_ distance: Int) -> String {
        distance == 1 ? "the one before" : "the one \(distance) places before"
    }

    private static func many(_ count: Int, _ most: Int) -> String {
        count >= most ? "\(most) or more numbers" : counted(count, "number")
    }

    private static func place(_ digit: Int) -> String { digit == 0 ? "first" : digit == 1 ? "second" : "last" }

    // Digits by when they first came, as letters; a 1 stands in front.
    private static func example(_ pattern: Int) -> String {
        let digits = String(pattern).dropFirst()
        return String(digits.map { "abcdefghij"[$0] })
    }

    private static func directions(_ code: Int) -> String {
        var (code, words) = (code, [String]())
        while code > 0 {
            words.append(["", "up", "level", "down"][code & 3])
            code >>= 2
        }
        return words.isEmpty ? "nowhere" : words.reversed().joined(separator: ", ")
    }

    // As `directions`, behind a leading 1.
    private static func pairs(_ code: Int) -> String {
        var (code, words) = (code, [String]())
        while code > 1 {
            words.append(["", "up", "level", "down"][code & 3])
            code >>= 2
        }
        return words.isEmpty ? "nowhere" : words.reversed().joined(separator: ", ")
    }

    private static func steps(_ code: Int) -> String {
        var (code, steps) = (code, [String]())
        while code >= 19 {
            steps.append(signed(code % 19 - 9))
            code /= 19
        }
        return steps.isEmpty ? "nothing" : steps.reversed().joined(separator: ", ")
    }
}

private func ordinal(_ number: Int) -> String {
    switch number {
    case 1: "1st"
    case 2: "2nd"
    case 3: "3rd"
    default: "\(number)th"
    }
}

extension String {
    fileprivate subscript(digit: Character) -> Character {
        self[index(startIndex, offsetBy: min(digit.wholeNumberValue ?? 0, count - 1))]
    }
}
