// The keys of a mapping as a table: the reader takes no other key, and the JSON Schema is written from the same table.

package import UndertoneCore
import UndertoneText

/// The keys of one kind of mapping, each a case.
package protocol SettingKey: RawRepresentable<String>, CaseIterable, Hashable {
    /// What the mapping is, for error texts: "the trait set".
    static var what: String { get }
    /// The key's value as a fragment of JSON Schema: one object, as JSON text.
    var schema: String { get }
    /// What the key means, in one or two sentences.
    var text: String { get }
    /// Whether it must be there.
    var isRequired: Bool { get }
    /// Members of JSON Schema, as JSON text, that say which keys go together; empty where all do.
    static var together: String { get }
}

extension SettingKey {
    package var isRequired: Bool { false }
    package static var together: String { "" }
}

/// The members of a mapping by their keys. Anything else in the mapping is an error with its place.
package struct KeyedSettings<Key: SettingKey> {
    /// Where the mapping begins.
    package let location: SourceLocation
    private var values: [Key: SettingsValue] = [:]
    private var keyLocations: [Key: SourceLocation] = [:]

    /// - Throws: ``SettingsError`` for what is no mapping, a key that the table lacks, a key that must be there and is not.
    package init(_ value: SettingsValue, _ what: String = Key.what) throws(SettingsError) {
        var reader = try MappingReader(value, what)
        location = reader.location
        for key in Key.allCases { values[key] = reader.value(key.rawValue) }
        for key in Key.allCases where key.isRequired && values[key] == nil {
            throw reader.missing(key.rawValue, mend: "write \(key.rawValue): …; \(key.text)")
        }
        try reader.finish()
        for member in reader.members {
            if let key = Key(rawValue: member.key) { keyLocations[key] = member.keyLocation }
        }
    }

    /// The value of a key; nil where it is not there or has none.
    package subscript(key: Key) -> SettingsValue? { values[key] }

    /// Where a key stands; where it does not, where the mapping begins.
    package func place(_ key: Key) -> SourceLocation { keyLocations[key] ?? location }

    /// The value of a key, read.
    package func optional<Value>(
        _ key: Key, _ read: (SettingsValue, String) throws(SettingsError) -> Value
    ) throws(SettingsError) -> Value? {
        guard let value = self[key] else { return nil }
        return try read(value, key.rawValue)
    }

    /// The value of a key that its table says must be there.
    package func required<Value>(
        _ key: Key, _ read: (SettingsValue, String) throws(SettingsError) -> Value
    ) throws(SettingsError) -> Value {
        guard let value = try optional(key, read) else {
            throw SettingsError(.missing, at: location, "\(key.rawValue) is missing", mend: key.text)
        }
        return value
    }
}

/// A JSON Schema that is made of tables of keys.
package struct KeySchema {
    /// Its title.
    package var title: String
    /// The outermost mapping.
    package var root: any SettingKey.Type
    /// Inner mappings, by the name under which fragments refer to them: `#/$defs/NAME`.
    package var tables: [(name: String, keys: any SettingKey.Type)]
    /// Other fragments, by name.
    package var fragments: [(name: String, schema: String)]

    package init(
        title: String, root: any SettingKey.Type, tables: [(name: String, keys: any SettingKey.Type)],
        fragments: [(name: String, schema: String)]
    ) {
        self.title = title
        self.root = root
        self.tables = tables
        self.fragments = fragments
    }

    /// The schema (draft 2020-12) as JSON text, indented.
    package var text: String {
        var json = JSONWriter()
        json.object { json in
            json.member("$schema", "https://json-schema.org/draft/2020-12/schema")
            json.member("title", title)
            write(root, &json)
            json.object("$defs") { json in
                for table in tables { json.object(table.name) { write(table.keys, &$0) } }
                for fragment in fragments {
                    json.key(fragment.name)
                    json.value(raw: fragment.schema.utf8)
                }
            }
        }
        return json.text
    }
}

private func write<Key: SettingKey>(_ keys: Key.Type, _ json: inout JSONWriter) {
    json.member("type", "object")
    json.member("additionalProperties", false)
    let required = Key.allCases.filter(\.isRequired).map(\.rawValue)
    if !required.isEmpty { json.member("required", required) }
    for (name, value) in fragmentMembers("{\(Key.together)}") {
        json.key(name)
        json.value(raw: value.utf8)
    }
    json.object("properties") { json in
        for key in Key.allCases {
            json.object(key.rawValue, inline: true) { json in
                json.member("description", key.text)
                for (name, value) in fragmentMembers(key.schema) {
                    json.key(name)
                    json.value(raw: value.utf8)
                }
            }
        }
    }
}

// The members of a fragment, which is one object. Fragments are constants of the program.
private func fragmentMembers(_ fragment: String) -> [(name: String, value: String)] {
    var members: [(String, String)] = []
    var depth = 0
    var isText = false
    var name = ""
    var piece = ""
    var previous: Character = " "
    for character in fragment.dropFirst().dropLast() {
        if character == "\"", previous != "\\" { isText.toggle() }
        if !isText, "[{".contains(character) { depth += 1 }
        if !isText, "]}".contains(character) { depth -= 1 }
        previous = character
        switch character {
        case ":" where depth == 0 && !isText && name.isEmpty:
            name = String(piece.dropFirst().dropLast())
            piece = ""
        case "," where depth == 0 && !isText:
            members.append((name, piece))
            (name, piece) = ("", "")
        default: piece.append(character)
        }
    }
    if !name.isEmpty { members.append((name, piece)) }
    return members
}
