// The JSON Schema of the pack format, for editors that complete and check YAML.

import UndertoneCore

/// Writes the JSON Schema (draft 2020-12) of rule packs.
public enum PackSchema {
    /// A rule kind as the schema needs it: its name, one sentence on it, whether its rules carry examples, and its
    /// parameters, each with a JSON Schema fragment as JSON text.
    public typealias Kind = (
        name: String, summary: String, hasExamples: Bool,
        parameters: [(name: String, schema: String, isRequired: Bool, text: String)]
    )

    /// The schema as JSON text, indented. The same kinds give the same bytes.
    ///
    /// A rule's keys depend on its `kind`, so each kind has an `if`/`then` of its own that allows the common keys and
    /// the kind's parameters and nothing else.
    public static func json(kinds: [Kind]) -> String {
        let kinds = kinds.sorted { $0.name < $1.name }
        let schema = JSONText.object([
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("title", .string("Undertone rule pack")),
            ("type", .string("object")),
            ("additionalProperties", .raw("false")),
            ("required", .list([.string("pack")])),
            ("anyOf", .raw(#"[{"required":["rules"]},{"required":["include"]}]"#)),
            ("properties", .object(packKeys.map { ($0.name, described($0.schema, $0.text)) })),
            ("$defs", .object(definitions + [("rule", rule(kinds))])),
        ])
        return schema.text(indent: 0) + "\n"
    }

    private static func rule(_ kinds: [Kind]) -> JSONText {
        let names = JSONText.list(kinds.map { .string($0.name) })
        let common = JSONText.object(
            ruleKeys.map { key in
                (key.name, key.name == "kind" ? kindSchema(names, key.text) : described(key.schema, key.text))
            })
        let blocks = kinds.map { kind -> JSONText in
            let allowed = ruleKeys.filter { kind.hasExamples || !RuleReader.exampleKeys.contains($0.name) }
                .map { ($0.name, JSONText.raw("true")) }
            let parameters = kind.parameters.map { ($0.name, described($0.schema, $0.text)) }
            let required =
                (kind.hasExamples ? ["accept", "reject"] : []) + kind.parameters.filter(\.isRequired).map(\.name)
            return .object([
                (
                    "if",
                    .raw(
                        "{\"required\":[\"kind\"],\"properties\":{\"kind\":{\"const\":\(CanonicalJSON.quoted(kind.name))}}}"
                    )
                ),
                (
                    "then",
                    .object([
                        ("description", .string(kind.summary)),
                        ("properties", .object(allowed + parameters)),
                        ("required", .list(required.map { .string($0) })),
                        ("additionalProperties", .raw("false")),
                    ])
                ),
            ])
        }
        return .object([
            ("type", .string("object")),
            ("required", .list(["id", "kind", "description"].map { .string($0) })),
            ("properties", common),
            ("allOf", .list(blocks)),
        ])
    }

    private static func kindSchema(_ names: JSONText, _ text: String) -> JSONText {
        .object([("description", .string(text)), ("enum", names)])
    }

    // A reference may stand beside a description since draft 2019-09.
    private static func described(_ schema: String, _ text: String) -> JSONText {
        let inner = schema.drop { $0 != "{" }.dropFirst()
        guard schema.first == "{", inner.contains(where: { !$0.isWhitespace && $0 != "}" }) else {
            return .object([("description", .string(text))])
        }
        return .raw("{\"description\":" + CanonicalJSON.quoted(text) + "," + inner)
    }
}

// MARK: - The keys that all packs share

extension PackSchema {
    private typealias Key = (name: String, schema: String, text: String)

    private static let kebab = #""type":"string","pattern":"^[a-z0-9]+(-[a-z0-9]+)*$","maxLength":64"#

    private static let packKeys: [Key] = [
        (
            "pack", ##"{"type":"string","pattern":"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$"}"##,
            "The pack's name; its rules are shown as NAME/RULE."
        ),
        ("version", #"{"type":"string"}"#, "The pack's version. In quotes if it has two numbers only."),
        (
            "requires", #"{"type":"string","pattern":"^>= *[0-9]+\\.[0-9]+(\\.[0-9]+)?$"}"#,
            "The oldest version of the program that the pack works with, as in '>=0.1'."
        ),
        ("description", #"{"type":"string"}"#, "What the pack is for, in one line."),
        ("source", #"{"type":"string"}"#, "Where the pack comes from."),
        ("license", #"{"type":"string"}"#, "The pack's licence, as an SPDX identifier."),
        (
            "defaults",
            ##"{"type":"object","additionalProperties":false,"properties":{"field":{"$ref":"#/$defs/field"},"##
                + ##""action":{"$ref":"#/$defs/action"}}}"##, "Field and action of rules that give none."
        ),
        (
            "include",
            ##"{"type":"array","maxItems":100,"items":{"type":"object","additionalProperties":false,"##
                + ##""required":["pack"],"properties":{"pack":{"type":"string"},"disable":{"type":"array","##
                + ##""items":{"type":"string"}},"override":{"type":"object","additionalProperties":"##
                + ##"{"type":"object","properties":{"field":{"$ref":"#/$defs/field"},"##
                + ##""action":{"$ref":"#/$defs/action"}}}}}}}"##,
            "Packs whose rules become part of this one: by name, or by a path relative to this file."
        ),
        (
            "rules", ##"{"type":"array","maxItems":10000,"items":{"$ref":"#/$defs/rule"}}"##, "The rules."
        ),
        (
            "gate",
            ##"{"type":"object","additionalProperties":false,"properties":{"max-reject-rate":{"$ref":"#/$defs/share"},"##
                + ##""max-share-per-rule":{"$ref":"#/$defs/share"},"max-malformed":{"$ref":"#/$defs/count"},"##
                + ##""min-kept":{"$ref":"#/$defs/count"},"max-findings":{"type":"object","##
                + ##""additionalProperties":{"$ref":"#/$defs/count"}}}}"##,
            "Bounds that decide whether a scan passes."
        ),
    ]

    private static let ruleKeys: [Key] = [
        ("id", "{\(kebab)}", "The rule's name, unique in the pack and never reused."),
        ("kind", "{}", "What the rule does."),
        ("description", #"{"type":"string"}"#, "What the rule says of a record that it meets, in one line."),
        ("why", #"{"type":"string"}"#, "Why such a record is not wanted."),
        ("source", #"{"type":"string"}"#, "Where the rule comes from."),
        ("field", ##"{"$ref":"#/$defs/field"}"##, "Which part of a record the rule looks at. Default: response."),
        ("action", ##"{"$ref":"#/$defs/action"}"##, "What becomes of a record that it meets. Default: reject."),
        ("tags", "{\"type\":\"array\",\"items\":{\(kebab)}}", "Words to find the rule by."),
        ("accept", ##"{"$ref":"#/$defs/accept"}"##, "Texts that the rule must accept; none where it needs a model."),
        ("reject", ##"{"$ref":"#/$defs/reject"}"##, "Texts that the rule must reject; none where it needs a model."),
        (
            "sensitive-to",
            #"{"type":"array","items":{"enum":["#
                + Variation.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",") + "]}}",
            "Variations of a text that change this rule's answer, by design."
        ),
        ("aliases", "{\"type\":\"array\",\"items\":{\(kebab)}}", "Names that the rule had before."),
    ]

    private static let definitions: [(String, JSONText)] = [
        ("action", .raw(#"{"enum":["flag","reject","fail"]}"#)),
        ("field", .raw(#"{"type":"string","pattern":"^(response|prompt|system|any|role:.+|/.*)$"}"#)),
        ("share", .raw(#"{"type":"number","minimum":0,"maximum":1}"#)),
        ("count", .raw(#"{"type":"integer","minimum":0}"#)),
        ("accept", .raw(examples(""))),
        (
            "reject",
            .raw(
                examples(
                    #","span":{"type":"array","items":{"type":"integer","minimum":0},"minItems":2,"maxItems":2},"#
                        + "\"reason\":{\(kebab)}"))
        ),
    ]

    private static func examples(_ more: String) -> String {
        #"{"type":"array","minItems":1,"items":{"oneOf":[{"type":"string"},{"type":"object","#
            + #""additionalProperties":false,"properties":{"text":{"type":"string"},"record":{"type":"object"},"#
            + #""records":{"type":"array","minItems":1,"items":{"type":"string"}},"with":{"type":"object"}"# + more
            + #"},"oneOf":[{"required":["text"]},{"required":["record"]},{"required":["records"]}]}]}}"#
    }
}

/// JSON that is being written: members keep their order, fragments are taken as they are.
private indirect enum JSONText: Sendable {
    case raw(String)
    case string(String)
    case list([JSONText])
    case object([(String, JSONText)])

    func text(indent: Int) -> String {
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .raw(let text): return text
        case .string(let text): return CanonicalJSON.quoted(text)
        case .list(let items):
            return "[" + items.map { $0.text(indent: indent) }.joined(separator: ", ") + "]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let lines = members.map { inner + CanonicalJSON.quoted($0.0) + ": " + $0.1.text(indent: indent + 2) }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + outer + "}"
        }
    }
}
