// Named classes of characters and sets made of them.

import UndertoneCore

/// A class of characters that rules name: ASCII ones by value, the others by Unicode's general category.
enum CharacterClass: String, CaseIterable {
    case asciiDigit = "ascii-digit"
    case asciiLetter = "ascii-letter"
    /// Space, tab, line feed, vertical tab, form feed, carriage return.
    case asciiSpace = "ascii-space"
    case asciiPunctuation = "ascii-punctuation"
    case letter
    /// Decimal digits of all scripts.
    case digit
    /// Separators of all kinds and the controls that Unicode counts as white space.
    case space
    case mark
    case punctuation
    case symbol

    /// Whether a scalar belongs to the class.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        switch self {
        case .asciiDigit: return value &- 0x30 < 10
        case .asciiLetter: return value < 0x80 && (value | 0x20) &- 0x61 < 26
        case .asciiSpace: return value == 0x20 || value &- 0x09 < 5
        case .asciiPunctuation:
            return value &- 0x21 < 0x5E && !CharacterClass.asciiDigit.contains(scalar)
                && !CharacterClass.asciiLetter.contains(scalar)
        case .space: return scalar.properties.isWhitespace
        case .letter, .digit, .mark, .punctuation, .symbol: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return self == .letter
        case .decimalNumber: return self == .digit
        case .nonspacingMark, .spacingMark, .enclosingMark: return self == .mark
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return self == .punctuation
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: return self == .symbol
        default: return false
        }
    }
}

/// A set of characters for hot loops: a bit for each scalar below U+10000, a list and classes above.
///
/// - Complexity: O(1) a lookup below U+10000; 8 KiB.
struct ScalarSet: ~Copyable, Sendable {
    private nonisolated(unsafe) let bits: UnsafeMutablePointer<UInt64>
    private let above: Set<UInt32>
    private let classes: [CharacterClass]
    let isEmpty: Bool

    /// The scalars of `characters` and the members of `classes`.
    init(_ characters: some Sequence<Unicode.Scalar>, _ classes: [CharacterClass] = []) {
        bits = .allocate(capacity: 1024)
        bits.initialize(repeating: 0, count: 1024)
        var above: Set<UInt32> = []
        var isEmpty = classes.isEmpty
        for scalar in characters {
            isEmpty = false
            if scalar.value < 0x10000 {
                bits[Int(scalar.value >> 6)] |= 1 << UInt64(scalar.value & 63)
            } else {
                above.insert(scalar.value)
            }
        }
        let isASCII = classes.allSatisfy { $0.rawValue.utf8.starts(with: "ascii".utf8) }
        for value in 0..<UInt32(classes.isEmpty ? 0 : isASCII ? 0x80 : 0x10000) {
            guard let scalar = Unicode.Scalar(value), classes.contains(where: { $0.contains(scalar) }) else { continue }
            bits[Int(value >> 6)] |= 1 << UInt64(value & 63)
        }
        self.above = above
        self.classes = isASCII ? [] : classes
        self.isEmpty = isEmpty
    }

    /// Whether a scalar is in the set; an ``invalidScalar`` never is.
    @inline(__always)
    func contains(_ value: UInt32) -> Bool {
        if value < 0x10000 { return bits[Int(value &>> 6)] &>> UInt64(value & 63) & 1 != 0 }
        return containsAbove(value)
    }

    private func containsAbove(_ value: UInt32) -> Bool {
        if above.isEmpty && classes.isEmpty { return false }
        guard let scalar = Unicode.Scalar(value) else { return false }
        return above.contains(value) || classes.contains { $0.contains(scalar) }
    }

    deinit { bits.deallocate() }
}
