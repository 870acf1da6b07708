// Reads the members of one mapping of a pack; what nobody asked for is an unknown key.

import UndertoneCore

/// Reads a mapping by its keys. Every complaint names the place and the mend.
struct MappingReader {
    /// What the mapping is, for error texts: "the pack", "rule taboo".
    let what: String
    let location: SourceLocation
    let members: [PackValue.Member]
    private(set) var asked: [String] = []

    init(_ value: PackValue, _ what: String) throws(RuleError) {
        guard case .map(let members) = value.content else {
            throw RuleError(
                .badValue, at: value.location, "\(what) is \(value.kindName)", mend: "write a mapping, as in key: value"
            )
        }
        self.what = what
        self.members = members
        location = value.location
    }

    /// The value of a key, marked as known. A key without a value counts as not there.
    mutating func value(_ key: String) -> PackValue? {
        asked.append(key)
        guard let value = members.first(where: { $0.key == key })?.value else { return nil }
        if case .null = value.content { return nil }
        return value
    }

    mutating func string(_ key: String) throws(RuleError) -> String? {
        guard let value = value(key) else { return nil }
        return try Reading.string(value, key)
    }

    /// A text of one line; white space around it, such as the line feed of a block scalar, does not count.
    mutating func line(_ key: String) throws(RuleError) -> String? {
        guard let value = value(key) else { return nil }
        let text = Reading.trimmed(try Reading.string(value, key))
        guard !text.isEmpty, !text.contains(where: \.isNewline) else {
            throw RuleError(
                .badValue, at: value.location, text.isEmpty ? "\(key) is empty" : "\(key) has more than one line",
                mend: "write one line; use >- to fold a long one")
        }
        return text
    }

    mutating func strings(_ key: String) throws(RuleError) -> [(text: String, location: SourceLocation)] {
        guard let value = value(key) else { return [] }
        var texts: [(text: String, location: SourceLocation)] = []
        for item in try Reading.list(value, key) { texts.append((try Reading.string(item, key), item.location)) }
        return texts
    }

    mutating func list(_ key: String) throws(RuleError) -> [PackValue]? {
        guard let value = value(key) else { return nil }
        return try Reading.list(value, key)
    }

    mutating func field(_ key: String) throws(RuleError) -> FieldSelector? {
        guard let value = value(key) else { return nil }
        let text = try Reading.string(value, key)
        guard let field = FieldSelector(text) else {
            throw RuleError(
                .badValue, at: value.location, "\(key): \"\(text)\" is no part of a record",
                mend: "write response, prompt, system, any, role:NAME or a JSON Pointer such as /meta/note")
        }
        return field
    }

    mutating func action(_ key: String) throws(RuleError) -> Action? {
        guard let value = value(key) else { return nil }
        let text = try Reading.string(value, key)
        guard let action = Action(name: text) else {
            throw RuleError(
                .badValue, at: value.location, "\(key): \"\(text)\" is no action",
                mend: suggestion(for: text, among: Action.allCases.map(\.name)))
        }
        return action
    }

    /// Says that a key must be there, and where a slip of it is, says that instead.
    func missing(_ key: String, mend: String) -> RuleError {
        let strangers = members.filter { !asked.contains($0.key) }
        if let nearest = nearestWord(to: key, in: strangers.map(\.key)),
            let member = strangers.first(where: { $0.key == nearest })
        {
            return unknown(member, mend: "did you mean \"\(key)\"?")
        }
        return RuleError(.missing, at: location, "\(what) has no \(key)", mend: mend)
    }

    /// Every key must have been asked for.
    func finish() throws(RuleError) {
        for member in members where !asked.contains(member.key) {
            throw unknown(member, mend: suggestion(for: member.key, among: asked))
        }
    }

    /// The members that nobody has asked for.
    var rest: [PackValue.Member] { members.filter { !asked.contains($0.key) } }

    private func unknown(_ member: PackValue.Member, mend: String) -> RuleError {
        RuleError(.unknownKey, at: member.keyLocation, "unknown key \"\(member.key)\" in \(what)", mend: mend)
    }
}

/// Values of a known type, and names by their rules.
enum Reading {
    static func string(_ value: PackValue, _ key: String) throws(RuleError) -> String {
        guard case .string(let text) = value.content else {
            throw RuleError(
                .badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write a string, in quotes")
        }
        return text
    }

    static func list(_ value: PackValue, _ key: String) throws(RuleError) -> [PackValue] {
        guard case .list(let items) = value.content else {
            throw RuleError(
                .badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write a list, as in [a, b]")
        }
        return items
    }

    static func count(_ value: PackValue, _ key: String) throws(RuleError) -> Int {
        guard case .integer(let number) = value.content, number >= 0 else {
            throw RuleError(
                .badValue, at: value.location, "\(key) is no whole number from 0 on", mend: "write one, as in 100")
        }
        return number
    }

    static func share(_ value: PackValue, _ key: String) throws(RuleError) -> Double {
        let number: Double
        switch value.content {
        case .integer(let whole): number = Double(whole)
        case .number(let real): number = real
        default: number = -1
        }
        guard (0...1).contains(number) else {
            throw RuleError(
                .badValue, at: value.location, "\(key) is no share", mend: "write a number from 0 to 1, as in 0.25")
        }
        return number
    }

    static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    /// A rule's name, a tag or one part of a pack's name: small ASCII letters and digits, in groups joined by hyphens.
    static func isKebabCase(_ text: some StringProtocol) -> Bool {
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

    static func isPackName(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count <= 8 && parts.allSatisfy { isKebabCase($0) }
    }

    static func checkName(_ text: String, _ what: String, at location: SourceLocation) throws(RuleError) {
        guard isKebabCase(text) else {
            throw RuleError(
                .badValue, at: location, "\"\(text)\" is no \(what)",
                mend: "write small letters, digits and single hyphens, at most 64, as in too-many-numbers")
        }
    }
}
