// The JSON Schema for editors: well-formed, closed, and in step with the reader.

import Foundation
import Testing
import UndertoneCore

@testable import UndertoneRulePacks

@Suite struct PackSchemaTests {
    private let kinds: [PackSchema.Kind] = [
        (
            "words", "Finds \"words\".", true,
            [("words", #"{"type":"array"}"#, true, "The words."), ("case", "{}", false, "Fold.")]
        ),
        ("regex", "Finds patterns.", true, [("deny", #" { "type" : "array" } "#, false, "Patterns.")]),
        ("token-mask", "Masks tokens.", false, [("traits", "{}", true, "The traits.")]),
    ]

    private func schema() throws -> [String: Any] {
        let data = Data(PackSchema.json(kinds: kinds).utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func `is JSON, closed, and the same every time`() throws {
        let schema = try schema()
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["additionalProperties"] as? Bool == false)
        #expect(PackSchema.json(kinds: kinds) == PackSchema.json(kinds: kinds.reversed()))
    }

    @Test func `knows every key that the reader knows`() throws {
        let definitions = try #require(try schema()["$defs"] as? [String: Any])
        let rule = try #require(definitions["rule"] as? [String: Any])
        let properties = try #require(rule["properties"] as? [String: Any])
        #expect(properties.keys.sorted() == RuleReader.commonKeys.sorted())
        let pack = try #require(try schema()["properties"] as? [String: Any])
        let text = "pack: a\n" + pack.keys.sorted().filter { $0 != "pack" }.map { "\($0): ~\n" }.joined()
        // Every key is known; what is missing are rules.
        #expect(refusal(of: text)?.code == .missing)
    }

    @Test func `allows a kind its own parameters and no other`() throws {
        let definitions = try #require(try schema()["$defs"] as? [String: Any])
        let rule = try #require(definitions["rule"] as? [String: Any])
        let blocks = try #require(rule["allOf"] as? [[String: Any]])
        #expect(blocks.count == 3)
        let words = try #require(blocks[2]["then"] as? [String: Any])
        #expect(words["required"] as? [String] == ["accept", "reject", "words"])
        #expect(words["additionalProperties"] as? Bool == false)
        let properties = try #require(words["properties"] as? [String: Any])
        #expect(properties.keys.sorted() == (RuleReader.commonKeys + ["words", "case"]).sorted())
        #expect((properties["words"] as? [String: Any])?["description"] as? String == "The words.")
    }

    @Test func `a kind without examples allows none`() throws {
        let definitions = try #require(try schema()["$defs"] as? [String: Any])
        let rule = try #require(definitions["rule"] as? [String: Any])
        #expect(rule["required"] as? [String] == ["id", "kind", "description"])
        let blocks = try #require(rule["allOf"] as? [[String: Any]])
        let mask = try #require(blocks[1]["then"] as? [String: Any])
        #expect(mask["required"] as? [String] == ["traits"])
        let properties = try #require(mask["properties"] as? [String: Any])
        #expect(properties.keys.contains("tags"))
        #expect(Set(properties.keys).isDisjoint(with: ["accept", "reject", "sensitive-to"]))
    }
}
