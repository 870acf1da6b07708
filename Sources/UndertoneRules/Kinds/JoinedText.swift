// Where invisible characters are at work: emoji sequences, joining scripts, ideographs and flags.

import UndertoneCore

/// Tells invisible characters that shape the text around them from those that only hide.
enum JoinedText {
    /// Whether the hazard at `start..<end` does the work it was made for.
    @inline(never)
    static func isAtWork(_ hazard: TextHazard, _ value: UInt32, _ field: Field, _ start: Int, _ end: Int) -> Bool {
        switch hazard {
        case .invisible where value == 0x200D:
            return joinsEmoji(field, start, end) || standsBetweenJoiningLetters(field, start, end)
        case .invisible where value == 0x200C: return standsBetweenJoiningLetters(field, start, end)
        case .invisible where value & 0xFFFF_FFF0 == 0xFE00 || value &- 0xE0100 < 240:
            return selectsVariant(value, field, start, end)
        case .tag: return isInFlag(field, start)
        default: return false
        }
    }

    /// Greek letters that look like no Latin one, so that next to Latin letters they are symbols.
    static func isGreekSymbol(_ value: UInt32) -> Bool {
        switch value {
        case 0x0393, 0x0394, 0x0398, 0x039B, 0x039E, 0x03A0, 0x03A3, 0x03A6, 0x03A8, 0x03A9,  // ΓΔΘΛΞΠΣΦΨΩ
            0x03B2, 0x03B4...0x03B8, 0x03BB, 0x03BC, 0x03BE, 0x03C0, 0x03C2, 0x03C3, 0x03C6, 0x03C8, 0x03C9,
            0x03D1, 0x03D5, 0x03D6, 0x03F0, 0x03F1, 0x03F5:
            return true
        default: return false
        }
    }

    // Emoji, with a modifier or selector behind the first (UTS 51, ED-16).
    private static func joinsEmoji(_ field: Field, _ start: Int, _ end: Int) -> Bool {
        guard start > 0, end < field.count, isPicture(scalar(field.start, at: end, end: field.count).value) else {
            return false
        }
        let last = scalar(field.start, before: start)
        if last.value == 0xFE0F, start > last.length {
            return isPicture(scalar(field.start, before: start - last.length).value)
        }
        return isPicture(last.value)
    }

    private static func isPicture(_ value: UInt32) -> Bool {
        guard value > 0xFF, let scalar = Unicode.Scalar(value) else { return false }
        return scalar.properties.isEmoji
    }

    private static func standsBetweenJoiningLetters(_ field: Field, _ start: Int, _ end: Int) -> Bool {
        guard start > 0, end < field.count else { return false }
        return isJoiningLetter(scalar(field.start, before: start).value)
            && isJoiningLetter(scalar(field.start, at: end, end: field.count).value)
    }

    // Letters and marks of the blocks from Arabic to Mongolian whose shapes depend on their neighbours.
    private static func isJoiningLetter(_ value: UInt32) -> Bool {
        switch value {
        case 0x0620...0x08FF, 0x0900...0x0DFF, 0x0F00...0x109F, 0x1780...0x17D3, 0x1820...0x18AA, 0xA840...0xA873:
            guard let scalar = Unicode.Scalar(value) else { return false }
            return CharacterClass.letter.contains(scalar) || CharacterClass.mark.contains(scalar)
        default: return false
        }
    }

    // One selector behind a base that has variants; a second one would only carry data.
    private static func selectsVariant(_ value: UInt32, _ field: Field, _ start: Int, _ end: Int) -> Bool {
        guard start > 0, let base = Unicode.Scalar(scalar(field.start, before: start).value) else { return false }
        switch value {
        case 0xFE0E, 0xFE0F:
            if base.value > 0xA0 { return base.properties.isEmoji }
            // Keycaps: a digit, # or *, the selector, U+20E3.
            return base.properties.isEmoji && end < field.count
                && scalar(field.start, at: end, end: field.count).value == 0x20E3
        case 0xFE00...0xFE02, 0xE0100...0xE01EF: return base.properties.isIdeographic
        default: return false
        }
    }

    // A black flag, the tags of one of three regions and the closing tag (UTS 51, annex C).
    private static func isInFlag(_ field: Field, _ start: Int) -> Bool {
        var (index, steps) = (start, 0)
        while index > 0, steps < 7 {
            let last = scalar(field.start, before: index)
            index -= last.length
            steps += 1
            if last.value == 0x1F3F4 { return isFlag(field, index + last.length) }
            guard last.value &- 0xE0000 < 0x80 else { return false }
        }
        return false
    }

    private static func isFlag(_ field: Field, _ start: Int) -> Bool {
        guard start + 24 <= field.count else { return false }
        var name = ""
        for step in 0..<6 {
            let tag = scalar(field.start, at: start + 4 * step, end: field.count).value
            guard tag &- 0xE0000 < 0x80, let letter = Unicode.Scalar(tag - 0xE0000) else { return false }
            name.unicodeScalars.append(letter)
        }
        return ["gbeng\u{7F}", "gbsct\u{7F}", "gbwls\u{7F}"].contains(name)
    }
}
