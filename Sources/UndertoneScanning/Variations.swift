// Changes to a text that should not matter to a good rule.

import Foundation
import UndertoneCore

extension RuleExample {
    /// The example under a variation; `nil` where nothing would change.
    func varied(by variation: Variation) -> RuleExample? {
        var varied = self
        switch input {
        case .record: return nil
        case .text(let text):
            guard let changed = variation.change(text) else { return nil }
            varied.input = .text(changed)
        case .drop(let texts):
            let changed = texts.map { variation.change($0) ?? $0 }
            guard changed != texts || variation == .jsonEscapes else { return nil }
            varied.input = .drop(changed)
        }
        return varied
    }
}

extension Variation {
    /// The changed text; `nil` where it is the same, byte by byte.
    func change(_ text: String) -> String? {
        let changed: String
        switch self {
        case .surroundingText: changed = "é 語 " + text + " ü 日本"
        case .crlf: changed = text.unicodeScalars.reduce(into: "") { $0 += $1 == "\n" ? "\r\n" : String($1) }
        case .jsonEscapes: return text  // The same text, written with escapes in its JSON.
        case .nfc: changed = text.precomposedStringWithCanonicalMapping
        case .nfd: changed = text.decomposedStringWithCanonicalMapping
        case .fullWidthDigits:
            var scalars = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                let isDigit = scalar.value >= 0x30 && scalar.value <= 0x39
                scalars.append(isDigit ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar)
            }
            changed = String(scalars)
        case .zeroWidth:
            var scalars = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                if !scalars.isEmpty { scalars.append("\u{200B}") }
                scalars.append(scalar)
            }
            changed = String(scalars)
        }
        return changed.utf8.elementsEqual(text.utf8) ? nil : changed
    }
}
