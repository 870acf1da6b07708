// The closed schema: every key that packs and rules may have, and what is said of all else.

import Testing
import UndertoneCore

@testable import UndertoneRulePacks

@Suite struct PackFileTests {
    @Test func `a full pack is read as written`() throws {
        let text = """
            pack: my/numbers
            version: 1.3.0
            requires: '>=0.1'
            description: >-
              All that a pack
              can say.
            source: here
            license: Apache-2.0
            defaults: { field: prompt, action: flag }
            rules:
              - id: first
                kind: number-list
                description: First.
                why: |
                  Two
                  lines.
                source: there
                field: role:judge
                action: fail
                tags: [format, cheap]
                count: { max: 10 }
                over: 0.5
                accept: ['1, 2', { text: 'x', with: { count: { max: 3 } } }]
                reject:
                  - { text: 'é, owl', span: [4, 7], reason: invalid-format }
                  - { record: { completion: "a\\"b", n: [1, 2.5, null, true], o: {} }, reason: too-many }
                  - { records: ['1', '2'], with: { over: 1 } }
                sensitive-to: [zero-width, crlf]
                aliases: [erstens]
              - id: second
                kind: regex
                description: Second.
                accept: ['']
                reject: ['x']
            gate:
              max-reject-rate: 0.25
              max-malformed: 0
              max-findings: { first: 5, my/numbers/second: 6 }
              max-share-per-rule: 1
              min-kept: 10
            """
        let pack = try PackLibrary().pack(text: text, file: "full.yaml")
        #expect(pack.name == "my/numbers")
        #expect(pack.version == "1.3.0")
        #expect(pack.description == "All that a pack can say.")
        #expect(pack.source == "here")
        #expect(pack.license == "Apache-2.0")
        #expect(pack.text == text)
        #expect(pack.digest == Digest.sha256(text))
        let first = try #require(pack.rules.first)
        #expect(first.id == RuleID(pack: "my/numbers", name: "first"))
        #expect(first.kind == "number-list")
        #expect(first.why == "Two\nlines.")
        #expect(first.field == .role("judge"))
        #expect(first.action == .fail)
        #expect(first.tags == ["format", "cheap"])
        #expect(first.parameters.map(\.key) == ["count", "over"])
        #expect(first.sensitiveTo == [.zeroWidth, .crlf])
        #expect(first.location.description == "full.yaml:11:9")
        #expect(first.kindLocation.description == "full.yaml:12:11")
        #expect(first.accept.count == 2)
        #expect(first.accept[1].overrides.map(\.key) == ["count"])
        #expect(first.reject[0].span == 4..<7)
        #expect(first.reject[0].reason == "invalid-format")
        if case .record(let json) = first.reject[1].input {
            #expect(json == #"{"completion":"a\"b","n":[1,2.5,null,true],"o":{}}"#)
        } else {
            Issue.record("not a record")
        }
        if case .drop(let texts) = first.reject[2].input { #expect(texts == ["1", "2"]) }
        #expect(pack.rules[1].field == .prompt)
        #expect(pack.rules[1].action == .flag)
        #expect(pack.gate.maxRejectRate == 0.25)
        #expect(pack.gate.maxMalformed == 0)
        #expect(pack.gate.maxSharePerRule == 1)
        #expect(pack.gate.minKept == 10)
        #expect(pack.gate.maxFindings == [first.id: 5, pack.rules[1].id: 6])
        #expect(pack.rule(named: "erstens") == first.id)
        #expect(pack.rule(named: "my/numbers/second") == pack.rules[1].id)
        #expect(pack.rule(named: "third") == nil)
    }

    private static func rule(_ lines: String...) -> String {
        "pack: test\nrules:\n  - " + lines.joined(separator: "\n    ") + "\n"
    }

    private static let start = ["id: a", "kind: regex", "description: A."]

    private static let packs = [
        Refused("unknown key", packText() + "\nruels: []\n", .unknownKey, "10:1", "did you mean \"rules\"?"),
        Refused("no name", "rules: []\n", .missing, "1:1", "the pack has no pack"),
        Refused("a slip in the name's key", "pakc: a\n", .unknownKey, "1:1", "did you mean \"pack\"?"),
        Refused("bad name", "pack: Test\n", .badValue, "1:7", "no name for a pack"),
        Refused("a name that leads out", "pack: ../a\n", .badValue, "1:7", "no name for a pack"),
        Refused("a number as name", "pack: 7\n", .badValue, "1:7", "in quotes"),
        Refused("a number as version", "pack: a\nversion: 1.2\n", .badValue, "2:10", "in quotes"),
        Refused("no rules", "pack: a\n", .missing, "1:1", "has no rules"),
        Refused("empty rules", "pack: a\nrules: []\n", .missing, "1:1", "has no rules"),
        Refused("rules as a mapping", "pack: a\nrules: {b: c}\n", .badValue, "2:8", "write a list"),
        Refused("newer program", "pack: a\nrequires: '>=99.0'\n", .badValue, "2:11", "requires version >=99.0"),
        Refused("a patch newer", "pack: a\nrequires: '>=0.1.1'\n", .badValue, "2:11", "this is \(undertoneVersion)"),
        Refused("other comparison", "pack: a\nrequires: '<2'\n", .badValue, "2:11", "write '>=0.1'"),
        Refused("odd version", "pack: a\nrequires: '>=1.x'\n", .badValue, "2:11", "no version"),
        Refused("unknown default", "pack: a\ndefaults: {feild: any}\nrules: []\n", .unknownKey, "2:12", "\"field\"?"),
        Refused("bad default", "pack: a\ndefaults: {action: drop}\nrules: []\n", .badValue, "2:20", "flag, reject"),
        Refused("many lines", "pack: a\ndescription: |\n  a\n  b\n", .badValue, "2:14", "more than one line"),
        Refused("unknown gate key", packText() + "\ngate: {min-keep: 1}\n", .unknownKey, "10:8", "\"min-kept\"?"),
        Refused("rate above one", packText() + "\ngate: {max-reject-rate: 2}\n", .badValue, "10:25", "0 to 1"),
        Refused("negative count", packText() + "\ngate: {min-kept: -1}\n", .badValue, "10:18", "from 0 on"),
        Refused(
            "gate of no rule", packText() + "\ngate: {max-findings: {ones: 1}}\n", .unknownRule, "10:23", "\"one\"?"),
        Refused(
            "gate of a rule twice", packText() + "\ngate: {max-findings: {one: 1, test/one: 1}}\n", .duplicate, "10:31",
            "twice"),
    ]

    private static let rules = [
        Refused("no id", rule("kind: regex"), .missing, "3:5", "no id"),
        Refused("id with capitals", rule("id: Taboo"), .badValue, "3:9", "\"Taboo\" is no rule id"),
        Refused("id with two hyphens", rule("id: a--b"), .badValue, "3:9", "single hyphens"),
        Refused("id as a number", rule("id: 12"), .badValue, "3:9", "in quotes"),
        Refused("no kind", rule("id: a"), .missing, "3:5", "rule a has no kind"),
        Refused("no description", rule("id: a", "kind: regex"), .missing, "3:5", "rule a has no description"),
        Refused(
            "a slip in description", rule("id: a", "kind: regex", "descripton: x"), .unknownKey, "5:5",
            "did you mean \"description\"?"),
        Refused("no accept", rule(start[0], start[1], start[2], "reject: [a]"), .missing, "3:5", "no accept"),
        Refused("no reject", rule(start[0], start[1], start[2], "accept: [a]"), .missing, "3:5", "no reject"),
        Refused(
            "empty accept", rule(start[0], start[1], start[2], "accept: []", "reject: [a]"), .missing, "6:13",
            "no accept example"),
        Refused(
            "a number as example", rule(start[0], start[1], start[2], "accept: [5]", "reject: [a]"), .badValue, "6:14",
            "string in quotes"),
        Refused(
            "unknown action", rule(start[0], start[1], start[2], "action: rejct"), .badValue, "6:13", "\"reject\"?"),
        Refused("unknown field", rule(start[0], start[1], start[2], "field: resp"), .badValue, "6:12", "JSON Pointer"),
        Refused(
            "unknown variation",
            rule(start[0], start[1], start[2], "accept: [a]", "reject: [b]", "sensitive-to: [zerowidth]"), .badValue,
            "8:20", "did you mean \"zero-width\"?"),
        Refused("bad tag", rule(start[0], start[1], start[2], "tags: [a b]"), .badValue, "6:12", "no tag"),
        Refused(
            "rule twice", "pack: test\nrules:\n" + ruleText("one") + "\n" + ruleText("one"), .duplicate, "10:9",
            "first is in line 3"),
        Refused(
            "alias of another rule",
            "pack: test\nrules:\n" + ruleText("one") + "\n" + ruleText("two", "    aliases: [one]"), .duplicate,
            "16:15",
            "there already"),
    ]

    private static func example(_ side: String, _ text: String) -> String {
        rule(
            start[0], start[1], start[2], side == "accept" ? "reject: [a]" : "accept: [a]", "\(side):", "- \(text)")
    }

    private static let examples = [
        Refused("nothing in it", example("reject", "{}"), .missing, "8:7", "an example has no text"),
        Refused("two things in it", example("reject", "{text: a, record: {}}"), .badValue, "8:7", "more than one"),
        Refused("unknown key in it", example("reject", "{txt: a}"), .unknownKey, "8:8", "did you mean \"text\"?"),
        Refused("a span of an accepted text", example("accept", "{text: a, span: [0, 1]}"), .badValue, "8:23", "span"),
        Refused("a reason of an accepted text", example("accept", "{text: a, reason: b}"), .badValue, "8:25", "reason"),
        Refused("span of three", example("reject", "{text: a, span: [0, 1, 2]}"), .badValue, "8:23", "[from, to]"),
        Refused("span backwards", example("reject", "{text: ab, span: [2, 1]}"), .badValue, "8:24", "[from, to]"),
        Refused("span too long", example("reject", "{text: é, span: [0, 3]}"), .badValue, "8:23", "2 bytes"),
        Refused("span of a drop", example("reject", "{records: [a], span: [0, 1]}"), .badValue, "8:28", "leave it out"),
        Refused("bad reason", example("reject", "{text: a, reason: Bad One}"), .badValue, "8:25", "no reason"),
        Refused("record as text", example("reject", "{record: a}"), .badValue, "8:16", "as a mapping"),
        Refused("empty drop", example("reject", "{records: []}"), .badValue, "8:7", "empty"),
        Refused("number in a drop", example("reject", "{records: [1]}"), .badValue, "8:18", "in quotes"),
        Refused("with a list", example("reject", "{text: a, with: []}"), .badValue, "8:23", "write a mapping"),
    ]

    @Test("a pack is refused at its place", arguments: packs)
    func packRefusals(_ refused: Refused) { refused.check() }

    @Test("a rule is refused at its place", arguments: rules)
    func ruleRefusals(_ refused: Refused) { refused.check() }

    @Test("an example is refused at its place", arguments: examples)
    func exampleRefusals(_ refused: Refused) { refused.check() }

    @Test("versions that are met", arguments: [">=0.1", ">=0.1.0", ">= 0.0.9"])
    func requirement(_ text: String) throws {
        let pack = try PackLibrary().pack(text: packText() + "\nrequires: '\(text)'\n", file: "t.yaml")
        #expect(pack.rules.count == 1)
    }
}
