// What each character is: its category, its script, and what kind of token it is part of.

/// Writing systems that letters are counted by; the others are counted together.
public enum Script: Int, Sendable, CaseIterable {
    case other, latin, greek, cyrillic, armenian, hebrew, arabic, devanagari, bengali, gurmukhi, gujarati, tamil, telugu
    case kannada, malayalam, sinhala, thai, lao, tibetan, myanmar, georgian, ethiopic, khmer, hangul, hiragana
    case katakana, bopomofo, han

    /// Whether its words stand side by side without spaces; each letter then counts as a word.
    public var isWrittenWithoutSpaces: Bool {
        switch self {
        case .thai, .lao, .tibetan, .myanmar, .khmer, .hiragana, .katakana, .bopomofo, .han: true
        default: false
        }
    }

    // Letters and marks by property Script of Unicode 14.0 (Scripts.txt), ASCII left out; characters of no single script and
    // those that are neither letters nor marks are not asked for.
    static let ranges: [(first: UInt32, last: UInt32, script: Script)] = [
        (0xAA, 0xAA, .latin), (0xBA, 0x2B8, .latin), (0x2E0, 0x2E4, .latin), (0x370, 0x373, .greek),
        (0x376, 0x3E1, .greek), (0x3F0, 0x3FF, .greek), (0x400, 0x484, .cyrillic), (0x487, 0x52F, .cyrillic),
        (0x531, 0x588, .armenian), (0x591, 0x5F2, .hebrew), (0x610, 0x63F, .arabic), (0x641, 0x64A, .arabic),
        (0x656, 0x66F, .arabic), (0x671, 0x6FF, .arabic), (0x750, 0x77F, .arabic), (0x870, 0x8FF, .arabic),
        (0x900, 0x950, .devanagari), (0x955, 0x97F, .devanagari), (0x980, 0x9FE, .bengali), (0xA01, 0xA75, .gurmukhi),
        (0xA81, 0xAFF, .gujarati), (0xB82, 0xBD7, .tamil), (0xC00, 0xC63, .telugu), (0xC80, 0xCF2, .kannada),
        (0xD00, 0xD7F, .malayalam), (0xD81, 0xDF3, .sinhala), (0xE01, 0xE4E, .thai), (0xE81, 0xEDF, .lao),
        (0xF00, 0xFC6, .tibetan), (0x1000, 0x109D, .myanmar), (0x10A0, 0x10FF, .georgian), (0x1100, 0x11FF, .hangul),
        (0x1200, 0x138F, .ethiopic), (0x1780, 0x17DD, .khmer), (0x1C80, 0x1C88, .cyrillic), (0x1C90, 0x1CBF, .georgian),
        (0x1D00, 0x1D25, .latin), (0x1D26, 0x1D2A, .greek), (0x1D2B, 0x1D2B, .cyrillic), (0x1D2C, 0x1D5C, .latin),
        (0x1D5D, 0x1D61, .greek), (0x1D62, 0x1D65, .latin), (0x1D66, 0x1D6A, .greek), (0x1D6B, 0x1D77, .latin),
        (0x1D78, 0x1D78, .cyrillic), (0x1D79, 0x1DBE, .latin), (0x1DBF, 0x1DBF, .greek), (0x1E00, 0x1EFF, .latin),
        (0x1F00, 0x1FFC, .greek), (0x2071, 0x209C, .latin), (0x2126, 0x2126, .greek), (0x212A, 0x212B, .latin),
        (0x2132, 0x2132, .latin), (0x214E, 0x2184, .latin), (0x2C60, 0x2C7F, .latin), (0x2D00, 0x2D2D, .georgian),
        (0x2D80, 0x2DDE, .ethiopic), (0x2DE0, 0x2DFF, .cyrillic), (0x3005, 0x3005, .han), (0x302E, 0x302F, .hangul),
        (0x303B, 0x303B, .han), (0x3041, 0x3096, .hiragana), (0x309D, 0x309F, .hiragana), (0x30A1, 0x30FA, .katakana),
        (0x30FD, 0x30FF, .katakana), (0x3105, 0x312F, .bopomofo), (0x3131, 0x318E, .hangul),
        (0x31A0, 0x31BF, .bopomofo), (0x31F0, 0x31FF, .katakana), (0x3400, 0x9FFF, .han), (0xA640, 0xA69F, .cyrillic),
        (0xA722, 0xA787, .latin), (0xA78B, 0xA7FF, .latin), (0xA8E0, 0xA8FF, .devanagari), (0xA960, 0xA97C, .hangul),
        (0xA9E0, 0xA9FE, .myanmar), (0xAA60, 0xAA7F, .myanmar), (0xAB01, 0xAB2E, .ethiopic), (0xAB30, 0xAB64, .latin),
        (0xAB65, 0xAB65, .greek), (0xAB66, 0xAB69, .latin), (0xAC00, 0xD7FB, .hangul), (0xF900, 0xFAD9, .han),
        (0xFB00, 0xFB06, .latin), (0xFB13, 0xFB17, .armenian), (0xFB1D, 0xFB4F, .hebrew), (0xFB50, 0xFDFB, .arabic),
        (0xFE2E, 0xFE2F, .cyrillic), (0xFE70, 0xFEFC, .arabic), (0xFF21, 0xFF5A, .latin), (0xFF66, 0xFF6F, .katakana),
        (0xFF71, 0xFF9D, .katakana), (0xFFA0, 0xFFDC, .hangul), (0x10780, 0x107BA, .latin), (0x16FE3, 0x16FE3, .han),
        (0x16FF0, 0x16FF1, .han), (0x1AFF0, 0x1B000, .katakana), (0x1B001, 0x1B11F, .hiragana),
        (0x1B120, 0x1B122, .katakana), (0x1B150, 0x1B152, .hiragana), (0x1B164, 0x1B167, .katakana),
        (0x1D242, 0x1D244, .greek), (0x1DF00, 0x1DF1E, .latin), (0x1E7E0, 0x1E7FE, .ethiopic),
        (0x1EE00, 0x1EEBB, .arabic), (0x20000, 0x3134A, .han),
    ]

    /// The script of a letter that is not ASCII.
    init(ofLetter value: UInt32) {
        var (low, high) = (0, Script.ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if Script.ranges[middle].last < value { low = middle + 1 } else { high = middle }
        }
        self = low < Script.ranges.count && Script.ranges[low].first <= value ? Script.ranges[low].script : .other
    }
}

/// Parts that a text is divided into.
public enum TokenClass: Int, Sendable, CaseIterable {
    /// A run of letters and marks, and of digits that are not ASCII; a letter of a script without spaces is one by itself.
    case word
    /// A run of ASCII digits.
    case number
    /// One character of punctuation or one symbol.
    case punctuation
    /// One character of white space.
    case whitespace
    /// One control, format or unassigned character.
    case other
}

/// General categories of Unicode, in the order of their names' table in the standard (chapter 4.5).
public enum CharacterCategory: Int, Sendable, CaseIterable {
    case uppercaseLetter, lowercaseLetter, titlecaseLetter, modifierLetter, otherLetter
    case nonspacingMark, spacingMark, enclosingMark
    case decimalNumber, letterNumber, otherNumber
    case connectorPunctuation, dashPunctuation, openPunctuation, closePunctuation, initialPunctuation
    case finalPunctuation, otherPunctuation
    case mathSymbol, currencySymbol, modifierSymbol, otherSymbol
    case spaceSeparator, lineSeparator, paragraphSeparator
    case control, format, surrogate, privateUse, unassigned

    init(_ category: Unicode.GeneralCategory) {
        self =
            switch category {
            case .uppercaseLetter: .uppercaseLetter
            case .lowercaseLetter: .lowercaseLetter
            case .titlecaseLetter: .titlecaseLetter
            case .modifierLetter: .modifierLetter
            case .otherLetter: .otherLetter
            case .nonspacingMark: .nonspacingMark
            case .spacingMark: .spacingMark
            case .enclosingMark: .enclosingMark
            case .decimalNumber: .decimalNumber
            case .letterNumber: .letterNumber
            case .otherNumber: .otherNumber
            case .connectorPunctuation: .connectorPunctuation
            case .dashPunctuation: .dashPunctuation
            case .openPunctuation: .openPunctuation
            case .closePunctuation: .closePunctuation
            case .initialPunctuation: .initialPunctuation
            case .finalPunctuation: .finalPunctuation
            case .otherPunctuation: .otherPunctuation
            case .mathSymbol: .mathSymbol
            case .currencySymbol: .currencySymbol
            case .modifierSymbol: .modifierSymbol
            case .otherSymbol: .otherSymbol
            case .spaceSeparator: .spaceSeparator
            case .lineSeparator: .lineSeparator
            case .paragraphSeparator: .paragraphSeparator
            case .control: .control
            case .format: .format
            case .surrogate: .surrogate
            case .privateUse: .privateUse
            case .unassigned: .unassigned
            @unknown default: .unassigned
            }
    }

    /// Whether it is one of letters or marks, of which scripts are counted.
    var isLetterOrMark: Bool { rawValue <= CharacterCategory.enclosingMark.rawValue }
}

/// What is known of one character, in sixteen bits.
struct CharacterClass: BitwiseCopyable, Equatable {
    // Category in bits 0 to 4, script in 5 to 9, token class in 10 to 12, whether it is a word by itself in 13, known in 15.
    let bits: UInt16

    init(bits: UInt16) { self.bits = bits }

    init(_ scalar: Unicode.Scalar) {
        let category = CharacterCategory(scalar.properties.generalCategory)
        let value = scalar.value
        var script = Script.other
        if category.isLetterOrMark {
            script = value >= 0x80 ? Script(ofLetter: value) : .latin
        }
        let token: TokenClass
        switch category {
        case _ where scalar.properties.isWhitespace: token = .whitespace
        case .decimalNumber where value < 0x80: token = .number
        case _ where category.rawValue <= CharacterCategory.otherNumber.rawValue: token = .word
        case _ where category.rawValue <= CharacterCategory.otherSymbol.rawValue: token = .punctuation
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: token = .whitespace
        default: token = .other
        }
        let isLetter = category.rawValue <= CharacterCategory.otherLetter.rawValue
        let isAlone = isLetter && script.isWrittenWithoutSpaces
        bits =
            UInt16(category.rawValue) | UInt16(script.rawValue) << 5 | UInt16(token.rawValue) << 10
            | (isAlone ? 1 << 13 : 0) | 1 << 15
    }

    @inline(__always) var category: Int { Int(bits & 31) }
    @inline(__always) var script: Int { Int(bits &>> 5 & 31) }
    @inline(__always) var token: Int { Int(bits &>> 10 & 7) }
    @inline(__always) var isWordAlone: Bool { bits &>> 13 & 1 != 0 }
    @inline(__always) var isMark: Bool { isLetterOrMark && category > CharacterCategory.otherLetter.rawValue }
    @inline(__always) var isLetterOrMark: Bool { category <= CharacterCategory.enclosingMark.rawValue }
}

/// Classes of all characters, looked up once each by one thread: the standard library's own look-up takes ten times as long.
struct CharacterClasses: ~Copyable {
    private let classes: UnsafeMutablePointer<UInt16>
    private static let count = 0x11_0000

    init() {
        classes = .allocate(capacity: CharacterClasses.count)
        classes.initialize(repeating: 0, count: CharacterClasses.count)
    }

    deinit { classes.deallocate() }

    /// The class of a code point, which is no surrogate.
    @inline(__always)
    subscript(value: UInt32) -> CharacterClass {
        let known = classes[Int(value)]
        return known != 0 ? CharacterClass(bits: known) : look(up: value)
    }

    @inline(never)
    private func look(up value: UInt32) -> CharacterClass {
        let found = CharacterClass(Unicode.Scalar(value) ?? "\u{FFFD}")
        classes[Int(min(value, 0x10FFFF))] = found.bits
        return found
    }
}
