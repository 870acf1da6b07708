// Which scalars are a hazard in training text by themselves, whatever stands around them.

/// A class of characters that people don't see, or that pass for others.
enum TextHazard: String, CaseIterable {
    /// Characters without a glyph (Unicode's default-ignorable ones), but for those of ``bidi`` and ``tag``.
    case invisible
    /// Controls of the bidirectional algorithm, which show text in another order than it has.
    case bidi
    /// U+E0000 to U+E007F: invisible copies of ASCII.
    case tag
    case privateUse = "private-use"
    /// C0 and C1 controls but for tab, line feed and carriage return.
    case control
    case noncharacter
    /// A word whose letters come from two scripts that look alike.
    case mixedScript = "mixed-script"
    /// U+FFFD: what a decoder put where it met rubbish.
    case replacement
    /// Bytes that are no UTF-8.
    case invalidUTF8 = "invalid-utf8"

    /// Place in ``allCases``, which is the place among the kind's reasons.
    var index: Int {
        switch self {
        case .invisible: 0
        case .bidi: 1
        case .tag: 2
        case .privateUse: 3
        case .control: 4
        case .noncharacter: 5
        case .mixedScript: 6
        case .replacement: 7
        case .invalidUTF8: 8
        }
    }

    /// The class of a scalar by itself.
    @inline(__always)
    init?(of value: UInt32) {
        if value < 0xA0 {
            guard value < 0x20 ? value != 0x09 && value != 0x0A && value != 0x0D : value >= 0x7F else { return nil }
            self = .control
        } else if value < 0x2000 {
            guard let hazard = TextHazard(below2000: value) else { return nil }
            self = hazard
        } else {
            if value &- 0x3165 < 0xA69B { return nil }  // Ideographs, kana, Hangul: none up to U+D7FF.
            guard let hazard = TextHazard(above: value) else { return nil }
            self = hazard
        }
    }

    @inline(__always)
    private init?(below2000 value: UInt32) {
        switch value {
        case 0xAD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F: self = .invisible
        case 0x061C: self = .bidi
        default: return nil
        }
    }

    private init?(above value: UInt32) {
        switch value {
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: self = .bidi
        case 0x200B...0x200D, 0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFF8,
            0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0080...0xE0FFF:
            self = .invisible
        case 0xE0000...0xE007F: self = .tag
        case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD: self = .privateUse
        case 0xFFFD: self = .replacement
        case 0xFDD0...0xFDEF: self = .noncharacter
        case invalidScalar: self = .invalidUTF8
        default:
            guard value & 0xFFFE == 0xFFFE else { return nil }
            self = .noncharacter
        }
    }
}
