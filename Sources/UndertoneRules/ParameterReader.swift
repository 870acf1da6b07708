// Reads a rule's parameters with types and bounds; what nobody asked for is an unknown key.

import UndertoneCore

/// Reads the parameters of one mapping. Every complaint names the place and the mend.
struct ParameterReader {
    /// The rule that is being compiled, for error texts.
    let rule: RuleID
    let location: SourceLocation
    private let members: [SettingsValue.Member]
    private var asked: [String] = []

    init(rule: RuleID, members: [SettingsValue.Member], location: SourceLocation) {
        self.rule = rule
        self.members = members
        self.location = location
    }

    /// The value of a key, marked as known.
    mutating func value(_ key: String) -> SettingsValue? {
        asked.append(key)
        return members.first { $0.key == key }?.value
    }

    mutating func string(_ key: String) throws(SettingsError) -> String? {
        guard let value = value(key) else { return nil }
        return try ParameterReader.string(value, key)
    }

    /// One of `choices`.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type = Choice.self
    ) throws(SettingsError) -> Choice? where Choice.RawValue == String {
        guard let value = value(key) else { return nil }
        return try ParameterReader.choice(value, key, of: type)
    }

    static func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: SettingsValue, _ key: String, of type: Choice.Type = Choice.self
    ) throws(SettingsError) -> Choice where Choice.RawValue == String {
        let text = try string(value, key)
        guard let choice = Choice(rawValue: text) else {
            throw SettingsError(
                .badValue, at: value.location, "\(key): \"\(text)\" is none of its values",
                mend: suggestion(for: text, among: Choice.allCases.map(\.rawValue)))
        }
        return choice
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int> = 0...Int.max) throws(SettingsError) -> Int? {
        guard let value = value(key) else { return nil }
        return try ParameterReader.integer(value, key, in: range)
    }

    static func integer(_ value: SettingsValue, _ key: String, in range: ClosedRange<Int>) throws(SettingsError) -> Int
    {
        guard case .integer(let number) = value.content else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write a whole number")
        }
        guard range.contains(number) else {
            let bounds =
                range.upperBound == Int.max
                ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw SettingsError(
                .badValue, at: value.location, "\(key): \(number) is out of range", mend: "write \(bounds)")
        }
        return number
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) throws(SettingsError) -> Double? {
        guard let value = value(key) else { return nil }
        let number: Double
        switch value.content {
        case .integer(let whole): number = Double(whole)
        case .number(let real): number = real
        default:
            throw SettingsError(.badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write a number")
        }
        guard range.contains(number) else {
            throw SettingsError(
                .badValue, at: value.location, "\(key): \(number) is out of range",
                mend: "write \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func boolean(_ key: String) throws(SettingsError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .boolean(let answer) = value.content else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write true or false")
        }
        return answer
    }

    /// A list of strings, each with its place; one string alone counts as a list of one.
    mutating func strings(_ key: String) throws(SettingsError) -> [(text: String, location: SourceLocation)]? {
        guard let value = value(key) else { return nil }
        if case .string(let text) = value.content { return [(text, value.location)] }
        var texts: [(text: String, location: SourceLocation)] = []
        for item in try ParameterReader.list(value, key) {
            texts.append((try ParameterReader.string(item, key), item.location))
        }
        return texts
    }

    mutating func list(_ key: String) throws(SettingsError) -> [SettingsValue]? {
        guard let value = value(key) else { return nil }
        return try ParameterReader.list(value, key)
    }

    /// A reader for a nested mapping; call ``finish(known:)`` on it too.
    mutating func map(_ key: String) throws(SettingsError) -> ParameterReader? {
        guard let value = value(key) else { return nil }
        return try ParameterReader.map(value, key, rule: rule)
    }

    static func map(_ value: SettingsValue, _ key: String, rule: RuleID) throws(SettingsError) -> ParameterReader {
        guard case .map(let members) = value.content else {
            throw SettingsError(.badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write a mapping")
        }
        return ParameterReader(rule: rule, members: members, location: value.location)
    }

    static func string(_ value: SettingsValue, _ key: String) throws(SettingsError) -> String {
        guard case .string(let text) = value.content else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write a string, in quotes")
        }
        return text
    }

    static func list(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [SettingsValue] {
        guard case .list(let items) = value.content else {
            throw SettingsError(.badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write a list")
        }
        return items
    }

    /// Says that a key must be there; or that one is misspelt, where one that nobody knows looks like it.
    func missing(_ key: String, _ mend: String) -> SettingsError {
        for member in members where !asked.contains(member.key) && nearestWord(to: member.key, in: [key]) != nil {
            return SettingsError(
                .unknownKey, at: member.keyLocation, "unknown key \"\(member.key)\" in rule \(rule.name)",
                mend: suggestion(for: member.key, among: [key]))
        }
        return SettingsError(.missing, at: location, "rule \(rule.name) has no \(key)", mend: mend)
    }

    /// Every key must have been asked for.
    func finish() throws(SettingsError) {
        for member in members where !asked.contains(member.key) {
            throw SettingsError(
                .unknownKey, at: member.keyLocation, "unknown key \"\(member.key)\" in rule \(rule.name)",
                mend: suggestion(for: member.key, among: asked))
        }
    }
}
