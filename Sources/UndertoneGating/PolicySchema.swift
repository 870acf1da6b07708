// The JSON Schema of policies, for editors that complete and check YAML.

import UndertoneText

/// The JSON Schema (draft 2020-12) of `undertone.yaml`, indented. It comes from the tables that the reader uses.
public func policySchema() -> String {
    var json = JSONWriter()
    json.object { json in
        json.member("$schema", "https://json-schema.org/draft/2020-12/schema")
        json.member("title", "Undertone policy")
        write(RootKey.self, &json)
        json.object("$defs") { json in
            json.object("defaults") { write(DefaultsKey.self, &$0) }
            json.object("drop") { write(DropKey.self, &$0) }
            json.object("model") { write(ModelKey.self, &$0) }
            json.object("require") { write(RequireKey.self, &$0) }
            json.object("same-base-transfer") { write(TransferKey.self, &$0) }
            json.object("approval") { write(ApprovalKey.self, &$0) }
            for (name, schema) in values {
                json.key(name)
                json.value(raw: schema.utf8)
            }
        }
    }
    return json.text
}

private let values: [(String, String)] = [
    ("line", #"{"type":"string","pattern":"^[^\\r\\n]*[^\\s][^\\r\\n]*$"}"#),
    ("lines", ##"{"type":"array","maxItems":100,"items":{"$ref":"#/$defs/line"}}"##),
    ("share", #"{"type":"number","minimum":0,"maximum":1}"#),
    ("count", #"{"type":"integer","minimum":0}"#),
]

private func write<Key: PolicyKey>(_ keys: Key.Type, _ json: inout JSONWriter) {
    json.member("type", "object")
    json.member("additionalProperties", false)
    let required = Key.allCases.filter(\.isRequired).map(\.rawValue)
    if !required.isEmpty { json.member("required", required) }
    json.object("properties") { json in
        for key in Key.allCases {
            json.object(key.rawValue, inline: true) { json in
                json.member("description", key.text)
                // The members of the fragment, which is an object.
                for (name, value) in fragmentMembers(key.schema) {
                    json.key(name)
                    json.value(raw: value.utf8)
                }
            }
        }
    }
}

// Fragments are constants of this target: one object whose first member may be followed by others.
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
