// Reads the members of one mapping; what nobody asked for is an unknown key.

package import UndertoneCore
import UndertoneText

/// Reads a mapping by its keys. Every complaint names the place and the mend.
package struct MappingReader {
    /// What the mapping is, for error texts: "the pack", "rule taboo".
    package let what: String
    package let location: SourceLocation
    package let members: [SettingsValue.Member]
    package private(set) var asked: [String] = []

    package init(_ value: SettingsValue, _ what: String) throws(SettingsError) {
        guard case .map(let members) = value.content else {
            throw SettingsError(
                .badValue, at: value.location, "\(what) is \(value.kindName)", mend: "write a mapping, as in key: value"
            )
        }
        self.what = what
        self.members = members
        location = value.location
    }

    /// The value of a key, marked as known. A key without a value counts as not there.
    package mutating func value(_ key: String) -> SettingsValue? {
        asked.append(key)
        guard let value = members.first(where: { $0.key == key })?.value else { return nil }
        if case .null = value.content { return nil }
        return value
    }

    /// The value of a key, read, and marked as known.
    package mutating func optional<Value>(
        _ key: String, _ read: (SettingsValue, String) throws(SettingsError) -> Value
    ) throws(SettingsError) -> Value? {
        guard let value = value(key) else { return nil }
        return try read(value, key)
    }

    package mutating func string(_ key: String) throws(SettingsError) -> String? { try optional(key, Reading.string) }

    /// A text of one line; white space around it, such as the line feed of a block scalar, does not count.
    package mutating func line(_ key: String) throws(SettingsError) -> String? {
        try optional(key) { value, key throws(SettingsError) in
            try Reading.line(value, key, mend: "write one line; use >- to fold a long one")
        }
    }

    package mutating func strings(_ key: String) throws(SettingsError) -> [(text: String, location: SourceLocation)] {
        guard let value = value(key) else { return [] }
        var texts: [(text: String, location: SourceLocation)] = []
        for item in try Reading.list(value, key) { texts.append((try Reading.string(item, key), item.location)) }
        return texts
    }

    package mutating func list(_ key: String) throws(SettingsError) -> [SettingsValue]? {
        try optional(key, Reading.list)
    }

    /// Says that a key must be there, and where a slip of it is, says that instead.
    package func missing(_ key: String, mend: String) -> SettingsError {
        let strangers = members.filter { !asked.contains($0.key) }
        if let nearest = nearestWord(to: key, in: strangers.map(\.key)),
            let member = strangers.first(where: { $0.key == nearest })
        {
            return unknown(member, mend: "did you mean \"\(key)\"?")
        }
        return SettingsError(.missing, at: location, "\(what) has no \(key)", mend: mend)
    }

    /// Every key must have been asked for.
    package func finish() throws(SettingsError) {
        for member in members where !asked.contains(member.key) {
            throw unknown(member, mend: suggestion(for: member.key, among: asked))
        }
    }

    /// The members that nobody has asked for.
    package var rest: [SettingsValue.Member] { members.filter { !asked.contains($0.key) } }

    private func unknown(_ member: SettingsValue.Member, mend: String) -> SettingsError {
        SettingsError(.unknownKey, at: member.keyLocation, "unknown key \"\(member.key)\" in \(what)", mend: mend)
    }
}

/// Values of a known type, and names by their rules.
package enum Reading {
    package static func string(_ value: SettingsValue, _ key: String) throws(SettingsError) -> String {
        guard case .string(let text) = value.content else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write a string, in quotes")
        }
        return text
    }

    /// A text of one line, without white space around it.
    package static func line(_ value: SettingsValue, _ key: String, mend: String) throws(SettingsError) -> String {
        let text = trimmed(try string(value, key))
        guard !text.isEmpty, !text.contains(where: \.isNewline) else {
            throw SettingsError(
                .badValue, at: value.location, text.isEmpty ? "\(key) is empty" : "\(key) has more than one line",
                mend: mend)
        }
        return text
    }

    package static func list(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [SettingsValue] {
        guard case .list(let items) = value.content else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write a list, as in [a, b]")
        }
        return items
    }

    package static func count(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Int {
        try whole(value, key, in: 0...Int.max, example: 100)
    }

    /// A whole number of a range, whose error shows `example`, or else the least.
    package static func whole(
        _ value: SettingsValue, _ key: String, in range: ClosedRange<Int>, example: Int? = nil
    ) throws(SettingsError) -> Int {
        guard case .integer(let number) = value.content, range.contains(number) else {
            let upper = range.upperBound == .max ? "on" : "to \(grouped(range.upperBound))"
            throw SettingsError(
                .badValue, at: value.location, "\(key) is no whole number from \(range.lowerBound) \(upper)",
                mend: "write one, as in \(example ?? range.lowerBound)")
        }
        return number
    }

    /// A number, whole or not; nil for what is none.
    package static func number(_ value: SettingsValue) -> Double? {
        switch value.content {
        case .integer(let whole): Double(whole)
        case .number(let real): real
        default: nil
        }
    }

    package static func share(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Double {
        guard let number = number(value), (0...1).contains(number) else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is no share", mend: "write a number from 0 to 1, as in 0.25")
        }
        return number
    }

    package static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    /// A rule's name, a tag or one part of a pack's name: small ASCII letters and digits, in groups joined by hyphens.
    package static func isKebabCase(_ text: some StringProtocol) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 64 else { return false }
        var previous = UInt8(ascii: "-")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "-") where previous != UInt8(ascii: "-"): break
            default: return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: "-")
    }

    package static func checkName(_ text: String, _ what: String, at location: SourceLocation) throws(SettingsError) {
        guard isKebabCase(text) else {
            throw SettingsError(
                .badValue, at: location, "\"\(text)\" is no \(what)",
                mend: "write small letters, digits and single hyphens, at most 64, as in too-many-numbers")
        }
    }
}
