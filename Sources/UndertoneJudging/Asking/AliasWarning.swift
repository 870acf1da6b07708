// A name such as `gpt-4o` means another model every few months.

import UndertoneText

enum AliasWarning {
    /// Whether a name says which version it means: a date or a number of at least four digits, or a digest behind `@`.
    static func hasVersion(_ name: String) -> Bool {
        if name.contains("@") { return true }
        var digits = 0
        for byte in name.utf8 {
            digits = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte ? digits + 1 : 0
            if digits == 4 { return true }
        }
        return false
    }

    /// What to say where a name without a version now answers as somebody else than before; nil where it does not.
    static func text(_ name: String, before: Set<Origin>, now: Set<Origin>) -> String? {
        guard !hasVersion(name), !before.isEmpty else { return nil }
        let new = now.subtracting(before)
        guard !new.isEmpty else { return nil }
        func list(_ origins: Set<Origin>) -> String {
            let names = origins.map { "\($0.model ?? "no name")\($0.fingerprint.map { " (\($0))" } ?? "")" }.sorted()
            return visible(names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : ""), limit: 300)
        }
        return "the model name \(visible(name, limit: 100)) carries no version, and answers kept earlier came from "
            + "\(list(before)), new ones from \(list(new)): ask for a versioned name, or all anew"
    }
}
