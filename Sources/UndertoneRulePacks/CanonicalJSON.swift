// Pack values as JSON text, and the digests made from it.

import Crypto
import UndertoneCore

enum CanonicalJSON {
    /// A value as JSON text in one line.
    ///
    /// - Parameters:
    ///   - sorted: Whether members are sorted by the bytes of their keys; otherwise they keep their order.
    ///   - omitting: A key whose members are left out, at any depth.
    static func text(of value: SettingsValue, sorted: Bool, omitting: String? = nil) -> String {
        switch value.content {
        case .null: return "null"
        case .boolean(let answer): return answer ? "true" : "false"
        case .integer(let number): return String(number)
        case .number(let number):
            // 1.0 and 1 are one number; 2^53 is where doubles stop to hold every whole number.
            if number.rounded() == number, abs(number) < 9_007_199_254_740_992 { return String(Int(number)) }
            return String(number)
        case .string(let text): return quoted(text)
        case .list(let items):
            return "[" + items.map { text(of: $0, sorted: sorted, omitting: omitting) }.joined(separator: ",") + "]"
        case .map(let members):
            return text(of: members, sorted: sorted, omitting: omitting)
        }
    }

    static func text(of members: [SettingsValue.Member], sorted: Bool, omitting: String? = nil) -> String {
        var shown = members.filter { $0.key != omitting }
        if sorted { shown.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }
        let texts = shown.map { quoted($0.key) + ":" + text(of: $0.value, sorted: sorted, omitting: omitting) }
        return "{" + texts.joined(separator: ",") + "}"
    }

    /// A JSON string with nothing escaped but what must be.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..<" ":
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

enum Digest {
    /// SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal.
    static func sha256(_ text: String) -> String {
        var hash = SHA256()
        var text = text
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        for byte in hash.finalize() {
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Of what decides a rule's verdict, and of nothing else: wording, samples, tags and every `why` stay out.
    static func rule(_ rule: RuleDefinition) -> String {
        let parameters = CanonicalJSON.text(of: rule.parameters, sorted: true, omitting: "why")
        let members = [
            ("action", CanonicalJSON.quoted(rule.action.name)),
            ("field", CanonicalJSON.quoted(rule.field.description)),
            ("id", CanonicalJSON.quoted(rule.id.description)),
            ("kind", CanonicalJSON.quoted(rule.kind)),
            ("parameters", parameters),
        ]
        return sha256("{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}")
    }
}
