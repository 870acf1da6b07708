// Names, prompts and paths that want to be SQL, markup, DOT, a terminal's escapes or a build log's commands.

import Foundation
import Testing
import UndertoneLineage

@Suite struct HostileNamesTests {
    let place = Workplace()

    static let names = [
        "x'); DROP TABLE node; --", "\" OR 1=1; --", "<script>alert(1)</script>",
        "</title><img src=x onerror=alert(1)>",
        "a\"]; evil [label=\"b", "\\\" -> \\N \\G", "\u{1B}[31mred\u{1B}]0;title\u{7}", "::error::owned",
        "##[command]rm",
        "\u{202E}txt.exe", "zero\u{200B}width", "line\nfeed", "tab\tand\rreturn", "${{ secrets.X }} $(id) `id`",
        "{{7*7}} ${jndi:ldap://x}", "%s%n%x", "é\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        String(repeating: "a", count: 3000), "--help", "-",
        "model:x", "../../etc/passwd", "' UNION SELECT 1", "\u{0}nul".replacing("\u{0}", with: "\u{1}"),
    ]

    private func catalogue() throws -> Catalogue { try Catalogue.open(place.path(".undertone/lineage.sqlite")) }

    /// Nothing in what goes to a terminal acts on it.
    private func expectTame(_ text: String, _ what: String) {
        for scalar in text.unicodeScalars where scalar != "\n" {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            let isHidden = (0x200B...0x200F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            if isControl || isHidden {
                Issue.record("\(what) holds U+\(String(scalar.value, radix: 16, uppercase: true))")
                return
            }
        }
        for line in text.split(separator: "\n") {
            #expect(!line.drop { $0 == " " }.hasPrefix("::"), "\(what): \(line.prefix(80))")
            #expect(!line.contains("##["), "\(what): \(line.prefix(80))")
        }
    }

    @Test func `they come back as they were and act on nothing`() throws {
        #expect(place.run("lineage", "add", "model", "base", "--base", "self").code == 0)
        for name in Self.names {
            let run = place.run([
                "lineage", "add", "model", "--base", "base", "--source=\(name)", "--architecture=\(name)",
                "--by=\(name)", "--",
                name,
            ])
            #expect(run.code == 0, "\(name.debugDescription): \(run.errors)")
            expectTame(run.output + run.errors, "add \(name.debugDescription)")
            place.write("prompt.txt", name)
            #expect(
                place.run(["lineage", "add", "model", "--system-prompt", "prompt.txt", "--", name]).code == 0,
                "\(name.debugDescription)")
            let taint = place.run(["lineage", "taint", "--reason=\(name)", "--by=\(name)", "--", name])
            #expect(taint.code == 0, "\(name.debugDescription): \(taint.errors)")
            let approve = place.run([
                "lineage", "approve", "--role=\(name)", "--reason=\(name)", "--by=\(name)", "--", name,
            ])
            expectTame(taint.output + taint.errors + approve.output + approve.errors, "taint \(name.debugDescription)")
        }
        let catalogue = try catalogue()
        let recorded = try catalogue.nodes(.model).map(\.name)
        #expect(recorded == ["base"] + Self.names)
        #expect(try catalogue.verifyLog().isIntact)
        let drop = "file<b>\u{1B}[1m.jsonl"
        place.write(drop, "{\"completion\":\"1, 2\"}\n")
        #expect(
            place.run(["scan", drop, "--rules", "numbers", "--lineage", ".undertone/lineage.sqlite", "--quiet"]).code
                == 0)
        for command in [
            ["show"], ["show", "base"], ["descendants", "base"], ["ancestors", Self.names[0]], ["graph"],
            ["log", "--last", "500"],
            ["verify"], ["verify", "--log"], ["diff", "base", Self.names[2]], ["path", "base", Self.names[6]],
            ["common", Self.names[6], Self.names[7]], ["show", drop], ["show", "no such \u{1B}[31m name"],
        ] {
            let run = place.run(["lineage"] + command)
            expectTame(run.output + run.errors, "lineage \(command)")
            let json = place.run(["lineage"] + command + ["--report", "json"])
            if json.code != 2 { #expect(throws: Never.self) { try json.json } }
        }
        let dot = place.run("lineage", "graph", "--format", "dot").output
        expectTame(dot, "DOT")
        let html = place.run("lineage", "graph", "--format", "html").output
        #expect(!html.contains("<script>alert"))
        #expect(!html.contains("<img"))
        #expect(html.contains("Content-Security-Policy"))
    }

    @Test func `arguments that are wrong are quoted without what a terminal or a build acts upon`() {
        let hostile = "x\u{1B}[31m\n::error::owned"
        place.write("drop.jsonl", "{\"completion\":\"1\"}\n")
        place.write(hostile, "{\"completion\":\"1\"}\n")
        for arguments in [
            ["scan", hostile, "--rules", "numbers", "--kept", hostile], ["scan", "drop.jsonl", "--rules", hostile],
            ["scan", "drop.jsonl", "--rules", "numbers", "--report", hostile],
            ["scan", "drop.jsonl", "--rules", "numbers", "--only", hostile],
            ["scan", "drop.jsonl", "--rules", "numbers", "--baseline", hostile],
            ["scan", "drop.jsonl", "--rules", "numbers", "--field", hostile],
            ["scan", "drop.jsonl", "--rules", "numbers", "--lineage", hostile],
            ["lineage", "import", hostile, "--format", "card"], ["lineage", "import", hostile, "--format", hostile],
            ["lineage", "add", "drop", hostile + "?"], ["lineage", "add", "model", "m", "--weights", hostile + "?"],
            ["lineage", "show", hostile], ["lineage", hostile], ["lineage", "show", "--" + hostile], [hostile],
            ["lineage", "add", "measurement", "--trait", "t", "--of", "m", "--residual", hostile],
            ["gate", "--policy", hostile], ["gate", "--report", hostile], ["keys", "new", hostile + "/x"],
        ] {
            let run = place.run(arguments)
            #expect(run.code == 2 || run.code == 3, "\(arguments): \(run)")
            expectTame(run.output + run.errors, "\(arguments)")
        }
    }

    @Test func `a name that is empty or enormous, or reads as a number of an entry, is refused`() {
        #expect(place.run("lineage", "add", "model", "model:1").code == 2)
        #expect(place.run("lineage", "add", "model", "").code == 2)
        #expect(place.run("lineage", "add", "model", String(repeating: "x", count: 5000)).code == 2)
    }
}
