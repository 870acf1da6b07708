// Values that only rule packs have.

import UndertoneCore
import UndertoneSettings

extension MappingReader {
    mutating func field(_ key: String) throws(SettingsError) -> FieldSelector? {
        guard let value = value(key) else { return nil }
        let text = try Reading.string(value, key)
        guard let field = FieldSelector(text) else {
            throw SettingsError(
                .badValue, at: value.location, "\(key): \"\(text)\" is no part of a record",
                mend: "write response, prompt, system, any, role:NAME or a JSON Pointer such as /meta/note")
        }
        return field
    }

    mutating func action(_ key: String) throws(SettingsError) -> Action? {
        guard let value = value(key) else { return nil }
        let text = try Reading.string(value, key)
        guard let action = Action(name: text) else {
            throw SettingsError(
                .badValue, at: value.location, "\(key): \"\(text)\" is no action",
                mend: suggestion(for: text, among: Action.allCases.map(\.name)))
        }
        return action
    }
}

extension Reading {
    static func isPackName(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count <= 8 && parts.allSatisfy { isKebabCase($0) }
    }
}
