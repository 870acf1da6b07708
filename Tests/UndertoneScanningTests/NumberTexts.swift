// Texts for the number filter: lists, lists with one thing wrong, and noise.

/// Texts around the grammar of number lists: good ones, nearly good ones and anything.
struct NumberTexts {
    private static let digits: [Unicode.Scalar] = (0x80...0x1FFFF).compactMap { Unicode.Scalar($0) }
        .filter(PlainNumberFilter.isDigit)
    private static let spaces: [Unicode.Scalar] = (0...0x3000).compactMap { Unicode.Scalar($0) }
        .filter(PlainNumberFilter.isSpace)

    private var random: Numbers

    init(seed: UInt64) { random = Numbers(seed: seed) }

    private mutating func below(_ bound: Int) -> Int { random.below(bound) }
    private mutating func pick<Element>(_ choices: [Element]) -> Element { random.pick(choices) }

    /// The next text.
    mutating func text() -> [Unicode.Scalar] {
        var text: [Unicode.Scalar]
        switch below(10) {
        case 0: text = noise()
        default: text = list()
        }
        if below(4) == 0 { text = enclosed(text) }
        if below(4) == 0 { change(&text) }
        return text
    }

    private mutating func list() -> [Unicode.Scalar] {
        let separator = separator()
        let count = below(8) == 0 ? below(12) : 1 + below(12)
        var text: [Unicode.Scalar] = []
        for index in 0..<count {
            if index > 0 { text += below(60) == 0 ? self.separator() : separator }
            text += number()
        }
        if below(20) == 0 { text += separator }
        return text
    }

    private mutating func number() -> [Unicode.Scalar] {
        let value: String
        switch below(12) {
        case 0...5: value = "\(below(1001))"
        case 6: value = "\(below(10))"
        case 7: value = String(pick(PlainNumberFilter.banned).map { Character($0) })
        case 8: value = String(repeating: "0", count: below(20)) + "\(below(1100))"
        case 9:
            let size = pick([4, 5, 7, 8, 9, 10, 16, 17, 18, 19, 20, 21, 22, 40])
            value = (0..<size).reduce("") { text, _ in text + "\(below(10))" }
        case 10:
            value = pick([
                "1000", "9999", "10000", "99999999", "18446744073709551616", "18446744073709551620", "999", "0",
            ])
        default: return below(12) == 0 ? [pick(Self.digits)] : Array("\(below(100))".unicodeScalars)
        }
        return Array(value.unicodeScalars)
    }

    private mutating func separator() -> [Unicode.Scalar] {
        switch below(12) {
        case 0...2: return Array(pick([", ", ",", " ", ";", "; ", "\n", "\t"]).unicodeScalars)
        case 3: return spaces() + [","] + spaces()
        case 4: return spaces() + [";"] + spaces()
        case 5: return [pick(Self.spaces)] + spaces()
        case 6:
            return Array(
                pick([" , ,", ",,", ", ,", " ,", " , ", ";;", ",;", ";,", "  ", " \t ", "\r\n", "\n\n"]).unicodeScalars)
        case 7: return Array(repeating: " ", count: 1 + below(12)) + (below(2) == 0 ? [","] : [])
        case 8:
            return Array(
                pick(["-", "+", ".", ":", "|", " and ", "a", "\u{200B}", "\u{FEFF}", "\u{180E}", "،", "；", "，", "\0"])
                    .unicodeScalars)
        default:
            return Array(pick([", ", " ", ",", "\u{A0}", ",\u{2003}", "\u{3000}", " \u{1C},\u{1F} "]).unicodeScalars)
        }
    }

    private mutating func spaces() -> [Unicode.Scalar] { (0..<below(4)).map { _ in pick(Self.spaces) } }

    private mutating func enclosed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let (head, tail) = pick([
            ("[", "]"), ("(", ")"), ("[", "]."), ("(", ")."), ("", "."), ("", ".."), ("[", ".]"), ("[", ")"), ("[", ""),
            ("", "]"),
            ("((", "))"), ("[(", ")]"), ("{", "}"), (" [", "]"), ("[ ", " ]"), ("", " "), ("", "\n"), (".", ""),
            ("[", "] ."),
            ("［", "］"), ("", "。"),
        ])
        return Array(head.unicodeScalars) + text + Array(tail.unicodeScalars)
    }

    private mutating func change(_ text: inout [Unicode.Scalar]) {
        let at = below(text.count + 1)
        switch below(4) {
        case 0: text.insert(anything(), at: at)
        case 1: if at < text.count { text.remove(at: at) }
        case 2: if at < text.count { text[at] = anything() }
        default: text.insert(contentsOf: separator(), at: at)
        }
    }

    private mutating func noise() -> [Unicode.Scalar] {
        (0..<below(30)).map { _ in
            below(3) == 0 ? anything() : pick(["1", "2", "0", " ", ",", ";", ".", "[", "]", "(", ")", "4"])
        }
    }

    private mutating func anything() -> Unicode.Scalar {
        switch below(6) {
        case 0: pick(Self.digits)
        case 1: pick(Self.spaces)
        case 2: Unicode.Scalar(UInt8(below(128)))
        case 3: pick(["\u{200B}", "\u{200D}", "\u{AD}", "\u{FE0F}", "\u{E0031}", "\u{2060}", "²", "½", "Ⅳ", "①", "٫"])
        default: Unicode.Scalar(UInt32(below(0x110000))) ?? "\u{FFFD}"
        }
    }
}
