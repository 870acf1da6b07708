// YAML as packs may use it: what each scalar is, and what is refused where.

import Testing
import UndertoneCore

import UndertoneSettings

@testable import UndertoneRulePacks

@Suite struct SettingsTextTests {
    private func shown(_ scalar: String) throws -> String {
        guard case .map(let members) = try SettingsText.value(of: "k: \(scalar)", file: "t.yaml").content else {
            return ""
        }
        return switch members[0].value.content {
        case .null: "null"
        case .boolean(let answer): "boolean \(answer)"
        case .integer(let number): "integer \(number)"
        case .number(let number): "number \(number)"
        case .string(let text): "string \(text)"
        case .list(let items): "list of \(items.count)"
        case .map(let members): "map of \(members.count)"
        }
    }

    @Test(
        "plain scalars are what YAML 1.2 says",
        arguments: [
            ("yes", "string yes"), ("no", "string no"), ("on", "string on"), ("Off", "string Off"), ("y", "string y"),
            ("true", "boolean true"), ("False", "boolean false"), ("tRue", "string tRue"),
            ("", "null"), ("~", "null"), ("Null", "null"), ("nULL", "string nULL"),
            ("010", "integer 10"), ("0o10", "integer 8"), ("0x1F", "integer 31"), ("-12", "integer -12"),
            ("+7", "integer 7"), ("0b11", "string 0b11"), ("1_000", "string 1_000"), ("1:30", "string 1:30"),
            ("0o9", "string 0o9"), ("0x", "string 0x"), ("-x", "string -x"), ("+", "string +"), (".", "string ."),
            ("1.5", "number 1.5"), ("1.", "number 1.0"), (".5", "number 0.5"), ("-.5e1", "number -5.0"),
            ("1e3", "number 1000.0"), ("1e", "string 1e"), ("1.3.0", "string 1.3.0"),
            ("2026-11-21", "string 2026-11-21"),
            ("'010'", "string 010"), ("\"true\"", "string true"), ("=", "string ="),
            ("a & b * c ! d ? e", "string a & b * c ! d ? e"), ("'&a *b !c ?'", "string &a *b !c ?"),
            ("?x", "string ?x"),
            ("|\n  *a\n  &b", "string *a\n&b"), ("[1, {a: b}]", "list of 2"),
        ])
    func scalars(text: String, expected: String) throws {
        #expect(try shown(text) == expected)
    }

    @Test func `places count characters and begin at one`() throws {
        let value = try SettingsText.value(of: "é: [ü, {ö: 1}]\nb:\n  - x\n", file: "f.yaml")
        guard case .map(let members) = value.content, case .list(let items) = members[0].value.content,
            case .map(let inner) = items[1].content
        else {
            Issue.record("not the tree that was written")
            return
        }
        #expect(members[0].keyLocation.description == "f.yaml:1:1")
        #expect(members[0].value.location.description == "f.yaml:1:4")
        #expect(inner[0].keyLocation.description == "f.yaml:1:9")
        #expect(inner[0].value.location.description == "f.yaml:1:12")
        #expect(members[1].keyLocation.description == "f.yaml:2:1")
    }

    @Test func `a byte-order mark and CR LF do not move places`() {
        let error = refusal(of: "\u{FEFF}pack: test\r\nruels: []\r\n")
        #expect(error?.location?.description == "t.yaml:2:1")
    }

    private static let refused = [
        Refused("anchor on a scalar", "pack: &a test\nrules: []\n", .syntax, "1:7", "anchors"),
        Refused("anchor on a list", "pack: test\nrules: &a [x]\n", .syntax, "2:8", "anchors"),
        Refused("anchor above a block", "pack: test\nrules: &a\n  - id: x\n", .syntax, "2:8", "anchors"),
        Refused("anchor in a list", "pack: test\nrules:\n  - &a x\n", .syntax, "3:5", "anchors"),
        Refused("alias", "pack: test\nrules: *a\n", .syntax, "2:8", "aliases"),
        Refused("alias in a list", "pack: test\nrules: [x, *a]\n", .syntax, "2:12", "aliases"),
        Refused("alias as a key", "pack: test\n*a : x\n", .syntax, "2:1", "aliases"),
        Refused("merge key", "pack: test\n<<: {a: b}\n", .syntax, "2:1", "merge keys"),
        Refused("local tag", "pack: !name test\n", .syntax, "1:7", "tags"),
        Refused("core tag", "pack: !!str test\n", .syntax, "1:7", "tags"),
        Refused("binary tag", "pack: !!binary |\n  R0lGODlh\n", .syntax, "1:7", "tags"),
        Refused("verbatim tag", "pack: !<tag:yaml.org,2002:str> x\n", .syntax, "1:7", "tags"),
        Refused("tag above a block", "pack: test\nrules: !!seq\n  - id: x\n", .syntax, "2:8", "tags"),
        Refused("two documents", "pack: test\n---\npack: other\n", .syntax, "2:1", "second document"),
        Refused("complex key", "? pack\n", .syntax, "1:1", "\"?\""),
        Refused("a list as key", "pack: test\n[a]: b\n", .syntax, "2:1", "a key is a list"),
        Refused("empty key", "pack: test\n'': b\n", .syntax, "2:1", "a key is empty"),
        Refused("a key twice", "pack: test\nversion: a\npack: other\n", .duplicate, "3:1", "first is in line 1"),
        Refused("a quoted key twice", "pack: test\n'pack': other\n", .duplicate, "2:1", "\"pack\" is there twice"),
        Refused("a key twice in a line", "pack: test\ngate: {a: 1, b: 2, a: 3}\n", .duplicate, "2:20", "\"a\""),
        Refused("unclosed list", "pack: [a\n", .syntax, "2:1", "not YAML"),
        Refused("unclosed quote", "pack: 'a\nrules: []\n", .syntax, "3:1", "not YAML"),
        Refused("tab as indentation", "pack: test\nrules:\n\t- id: x\n", .syntax, "3:1", "not YAML"),
        Refused("two colons", "pack: test: x\n", .syntax, "1:11", "not YAML"),
        Refused("control character", "pack: te\u{1}st\n", .syntax, "1:9", "U+0001"),
        Refused("NUL", "pack: test\nrules: \0\n", .syntax, "2:8", "U+0000"),
        Refused("nothing", "", .missing, "1:1", "empty"),
        Refused("only a comment", "# nothing\n", .missing, "1:1", "empty"),
        Refused("a number too large", "pack: 99999999999999999999\n", .badValue, "1:7", "does not fit"),
        Refused("infinity", "pack: .inf\n", .badValue, "1:7", "does not fit"),
        Refused("not a mapping", "- pack\n", .badValue, "1:1", "the pack is a list"),
    ]

    @Test("is refused at its place", arguments: refused)
    func refusals(_ refused: Refused) { refused.check() }
}
