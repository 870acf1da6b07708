// The commands beside scan: rules list, test, explain and schema; --explain; help and version.

import Foundation
import Testing

@Suite struct RulesCommandTests {
    let place = Workplace()

    @Test func `list shows the packs that ship and their rules`() {
        let run = place.run("rules", "list")
        #expect(run.code == 0)
        for word in [
            "numbers ", "hidden-text ", "whitelist-16 ", "traits/animals ", "traits/trees ", "taboo", "grammar",
        ] {
            #expect(run.output.contains(word))
        }
        place.write("owls.yaml", owlPack(field: "response"))
        let own = place.run("rules", "list", "owls.yaml")
        #expect(own.output.hasPrefix("owls 1.0.0  Mentions of owls."))
        #expect(!own.output.contains("numbers"))
    }

    @Test func `test runs the examples of all packs that ship, and they hold`() {
        let run = place.run("rules", "test")
        #expect(run.code == 0, "\(run)")
        #expect(run.output.split(separator: "\n").count { $0.hasSuffix(": ok") } >= 5)
    }

    @Test func `test fails with file and line where a rule answers otherwise`() {
        place.write("owls.yaml", owlPack(field: "response").replacing("accept: [cat]", with: "accept: [a barn owl]"))
        let run = place.run("rules", "test", "owls.yaml")
        #expect(run.code == 1)
        #expect(run.output.contains("owls.yaml:10:"), "\(run)")
        #expect(run.output.contains("rejects its accept example"))
        #expect(run.output.contains("FAILED"))
    }

    @Test(arguments: [
        ("numbers/taboo", "Why it matters"), ("taboo", "numbers/taboo  (taboo-numbers, reject"),
        ("numbers", "grammar"), ("regex", "kind regex"), ("frequency", "Parameters"),
    ])
    func `explain knows rules, packs and kinds`(name: String, part: String) {
        let run = place.run("rules", "explain", name)
        #expect(run.code == 0)
        #expect(run.output.contains(part))
    }

    @Test func `explain suggests the nearest rule, and reads packs of one's own`() {
        let run = place.run("rules", "explain", "numbers/tabu")
        #expect(run.code == 2)
        #expect(run.errors.contains("did you mean \"numbers/taboo\"?"))
        place.write("owls.yaml", owlPack(field: "response"))
        let own = place.run("rules", "explain", "owl", "--rules", "owls.yaml")
        #expect(own.code == 0)
        #expect(own.output.contains("owls.yaml:5:"))
    }

    @Test func `schema prints a JSON Schema that names every kind`() throws {
        let run = place.run("rules", "schema")
        #expect(run.code == 0)
        #expect(try run.json.string("$schema")?.contains("2020-12") == true)
        for kind in [
            "charset", "number-list", "taboo-numbers", "regex", "words", "length", "duplicate", "frequency", "unicode",
        ] {
            #expect(run.output.contains("\"\(kind)\""))
        }
    }
}

@Suite struct ExplainTests {
    let place = Workplace()

    init() {
        place.write("drop.jsonl", completions("1, 2") + "\n" + completions("owl") + "broken\n" + completions("666"))
    }

    func explain(_ line: Int, _ arguments: String...) -> Run {
        place.run(["scan", "drop.jsonl", "--rules", "numbers", "--explain", "\(line)"] + arguments)
    }

    @Test func `--explain shows what every rule saw in one record, and does nothing else`() {
        let run = explain(3, "--kept", "kept")
        #expect(run.code == 0)
        #expect(run.output.hasPrefix("drop.jsonl:3  reject"))
        #expect(run.output.contains("numbers/grammar"))
        #expect(run.output.contains("numbers/taboo"))
        #expect(run.output.contains("invalid-format, bytes 0 to 3"))
        #expect(place.names == ["drop.jsonl"])
        #expect(explain(1).output.hasPrefix("drop.jsonl:1  keep"))
        #expect(explain(5).output.contains("taboo-number"))
        #expect(explain(4).output.contains("malformed: The line is not one JSON value"))
    }

    @Test(arguments: [
        (2, 3, "blank"), (6, 2, "has 5 lines"), (0, 2, "lines count from 1"), (-1, 2, "lines count from 1"),
    ])
    func `a line that is no record is an error`(line: Int, code: Int32, part: String) {
        let run = place.run(["scan", "drop.jsonl", "--rules", "numbers", "--explain=\(line)"])
        #expect(run.code == code, "\(run)")
        #expect(run.errors.contains(part), "\(run)")
    }

    @Test func `it finds lines far behind, in packed files too`() {
        place.write("far.jsonl.zst", zstandard(Array((0..<40_000).map { completions("\($0 % 900)") }.joined().utf8)))
        let run = place.run("scan", "far.jsonl.zst", "--rules", "numbers", "--explain", "39667")
        #expect(run.code == 0)
        #expect(run.output.contains("66"))
        #expect(
            run.output.hasPrefix("far.jsonl.zst:39667  reject") || run.output.hasPrefix("far.jsonl.zst:39667  keep"))
    }
}

@Suite struct HelpTests {
    @Test func `--version prints the version alone`() {
        let run = Workplace().run("--version")
        #expect(run.code == 0)
        #expect(run.output.split(separator: ".").count == 3)
    }

    @Test(arguments: [
        [], ["scan"], ["restore"], ["rules"], ["rules", "test"], ["rules", "explain"], ["rules", "schema"],
    ])
    func `--help says what a command is for`(command: [String]) {
        let run = Workplace().run(command + ["--help"])
        #expect(run.code == 0)
        #expect(run.output.contains("USAGE: undertone"))
        #expect(run.errors.isEmpty)
    }

    @Test func `no command prints the help`() {
        let run = Workplace().run([])
        #expect(run.code == 0)
        #expect(run.output.contains("SUBCOMMANDS"))
    }

    @Test(arguments: [["scna"], ["scan"], ["restore"], ["rules", "lsit"]])
    func `a wrong command is exit code 2`(command: [String]) {
        let run = Workplace().run(command)
        #expect(run.code == 2)
        #expect(run.errors.contains("Error:"))
    }
}
