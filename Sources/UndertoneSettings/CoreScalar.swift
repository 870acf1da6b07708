// What an unquoted scalar is, by the core schema of YAML 1.2.2 (section 10.3.2): `yes`, `on` and `1:30` are texts and
// `010` is ten.

import UndertoneCore

enum CoreScalar {
    /// The value of a plain scalar.
    ///
    /// - Throws: ``SettingsError`` for a number that no 64-bit integer and no finite number holds.
    static func content(of text: String, at location: SourceLocation) throws(SettingsError) -> SettingsValue.Content {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        default: break
        }
        var bytes = text.utf8[...]
        guard let first = bytes.first, first == 0x2B || first == 0x2D || first == 0x2E || isDigit(first) else {
            return .string(text)
        }
        let tooLarge = SettingsError(
            .badValue, at: location, "\(text) is a number that does not fit",
            mend: "put it in quotes if it is a text")
        for (prefix, radix) in [("0o", 8), ("0x", 16)] where text.hasPrefix(prefix) {
            let digits = text.dropFirst(2)
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                radix == 16 || digits.allSatisfy({ "01234567".contains($0) })
            else { return .string(text) }
            guard let number = Int(digits, radix: radix) else { throw tooLarge }
            return .integer(number)
        }
        if first == 0x2B || first == 0x2D { bytes = bytes.dropFirst() }
        switch String(bytes) {
        case ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN": throw tooLarge
        default: break
        }
        let whole = bytes.prefix(while: isDigit)
        bytes = bytes[whole.endIndex...]
        if bytes.isEmpty {
            guard !whole.isEmpty else { return .string(text) }
            guard let number = Int(text) else { throw tooLarge }
            return .integer(number)
        }
        guard isFractionAndExponent(bytes, afterDigits: !whole.isEmpty) else { return .string(text) }
        // `Double` reads neither "1." nor ".5e3" everywhere, so give it digits on both sides.
        guard let number = Double(completed(text)), number.isFinite else { throw tooLarge }
        return .number(number)
    }

    private static func isFractionAndExponent(_ text: Substring.UTF8View, afterDigits: Bool) -> Bool {
        var rest = text
        if rest.first == 0x2E {
            rest = rest.dropFirst()
            let digits = rest.prefix(while: isDigit)
            guard afterDigits || !digits.isEmpty else { return false }
            rest = rest[digits.endIndex...]
        } else if !afterDigits {
            return false
        }
        guard let exponent = rest.first else { return true }
        guard exponent == 0x65 || exponent == 0x45 else { return false }
        rest = rest.dropFirst()
        if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }

    private static func completed(_ text: String) -> String {
        var result = ""
        var before: Character = " "
        for character in text {
            if character == ".", !before.isNumber { result += "0" }
            if before == ".", !character.isNumber { result += "0" }
            result.append(character)
            before = character
        }
        return before == "." ? result + "0" : result
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
