// rules/pack.schema.json and docs/rule-kinds.md: written from the registry of rule kinds.

import Foundation
import Testing

@testable import UndertoneScanning

@Suite struct PackSchemaFileTests {
    @Test func `rules/pack.schema.json is what the program prints`() throws {
        try expectGenerated(packSchema(), at: "rules/pack.schema.json")
    }

    @Test func `the schema is JSON and names its draft`() throws {
        let schema = try JSONSerialization.jsonObject(with: Data(packSchema().utf8)) as? [String: Any]
        #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    }

    @Test func `docs/rule-kinds.md is the generated reference`() throws {
        try expectGenerated(ruleKindsMarkdown(), at: "docs/rule-kinds.md")
    }
}
