// Rules that need a model in a pack: they carry no examples, and all others still do.

import Testing
import UndertoneCore

@testable import UndertoneRulePacks

@Suite struct ModelRulePackTests {
    private static func pack(_ more: String = "") -> String {
        """
        pack: masks
        rules:
          - id: mask
            kind: token-mask
            description: Can't be looked at.
            trait-set: animals
            traits: [owl]
        \(more)
        """
    }

    @Test func `a rule that needs a model is read without examples`() throws {
        let rule = try #require(try PackLibrary().pack(text: Self.pack(), file: "t.yaml").rules.first)
        #expect(rule.kind == "token-mask")
        #expect(rule.accept.isEmpty && rule.reject.isEmpty)
        #expect(rule.parameters.map(\.key) == ["trait-set", "traits"])
    }

    @Test(arguments: [
        Refused("accept", pack("    accept: ['1']"), .badValue, "8:5", "has accept"),
        Refused("reject", pack("    reject: ['1']"), .badValue, "8:5", "without a model"),
        Refused("sensitive-to", pack("    sensitive-to: [crlf]"), .badValue, "8:5", "leave it out"),
        Refused(
            "another kind", "pack: a\nrules:\n  - id: b\n    kind: token-masks\n    description: C.", .missing, "3:5",
            "accept"
        ),
    ])
    func `examples that nothing can show are refused`(_ refused: Refused) { refused.check() }

    @Test func `an including pack can't give them examples either`() throws {
        try withFolder([
            "inner.yaml": Self.pack(),
            "outer.yaml": """
            pack: outer
            include:
              - pack: inner.yaml
                override: { mask: { accept: ['1'] } }
            """,
            "sound.yaml": """
            pack: sound
            include:
              - pack: inner.yaml
                override: { mask: { action: flag, method: divergence } }
            """,
        ]) { folder in
            #expect { try PackLibrary().pack("\(folder)/outer.yaml") } throws: {
                ($0 as? SettingsError)?.code == .badValue
            }
            let rule = try #require(try PackLibrary().pack("\(folder)/sound.yaml").rules.first)
            #expect(rule.action == .flag)
            #expect(rule.parameters.map(\.key) == ["trait-set", "traits", "method"])
        }
    }

    @Test func `a rule's digest changes with what it asks of a model`() throws {
        func digest(_ more: String) throws -> String {
            try #require(try PackLibrary().pack(text: Self.pack(more), file: "t.yaml").rules.first).digest
        }
        #expect(try Set([digest(""), digest("    seed: 2"), digest("    method: divergence")]).count == 3)
        #expect(try digest("") == digest("    why: Because."))
    }
}
