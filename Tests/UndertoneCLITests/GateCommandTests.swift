// `undertone gate`, run: what it reads, what it says, how it ends.

import Foundation
import Testing

@Suite struct GateCommandTests {
    private static let clean = "{\"completion\": \"1, 2, 3\"}\n{\"completion\": \"4, 5, 6\"}\n"
    private static let off = "require: {teacher: false, no-tainted-ancestor: false}\n"

    private func place(_ policy: String) -> Workplace {
        let place = Workplace()
        place.write("undertone.yaml", "policy: 1\n" + policy)
        place.write("drop.jsonl", GateCommandTests.clean)
        return place
    }

    @Test func `a drop whose rules hold passes with 0, and a stricter bound fails with 1`() throws {
        let place = place(GateCommandTests.off + "drops:\n  - {path: drop.jsonl, rules: [numbers]}\n")
        let passed = place.run("gate")
        #expect(passed.code == 0 && passed.output.hasPrefix("PASSED"), "\(passed)")
        place.write(
            "undertone.yaml",
            "policy: 1\n" + GateCommandTests.off
                + "drops:\n  - {path: drop.jsonl, rules: [numbers], min-kept: 3}\n")
        let failed = place.run("gate", "--report", "json")
        #expect(failed.code == 1)
        let clauses = try failed.json.objects("clauses")
        #expect(clauses.first { $0.string("clause") == "scan/min-kept" }?.string("status") == "fail")
        #expect(try (failed.json["policy"] as? [String: Any])?.string("sha256")?.count == 64)
    }

    @Test func `without a catalogue the lineage is not known, and the gate says no`() throws {
        let place = place("drops:\n  - {path: drop.jsonl, rules: [numbers]}\n")
        let run = place.run("gate", "--report", "json", "--lineage", "nowhere.sqlite")
        #expect(run.code == 1)
        let open = try run.json.objects("clauses").filter { $0.string("status") == "not-known" }
        #expect(open.compactMap { $0.string("clause") } == ["no-tainted-ancestor", "teacher"])
        #expect(!place.names.contains("nowhere.sqlite"))
    }

    @Test func `files of a drop without rules are digested as sha256sum does`() throws {
        let place = place("drops:\n  - {path: drop.jsonl, rules: []}\n")
        let run = place.run("gate", "--report", "json")
        let digest = place.shell("sha256sum drop.jsonl").output.prefix(64)
        let evidence = try run.json.objects("clauses").first?.objects("evidence") ?? []
        #expect(evidence.first?.string("sha256").map { $0 == digest } == true)
    }

    @Test(
        "a path without data fails with 1",
        arguments: ["nothing.jsonl", "'*.zst'", "empty"])
    func nothing(path: String) {
        let place = place(GateCommandTests.off + "drops:\n  - {path: \(path), rules: [numbers]}\n")
        place.makeFolder("empty")
        let run = place.run("gate")
        #expect(run.code == 1 && run.output.contains("has-files"), "\(run)")
    }

    @Test(
        "a wrong policy ends with 2 and its place, before any data is read",
        arguments: [
            ("drop: []\n", "undertone.yaml:2:1: unknown key \"drop\""),
            ("drops:\n  - {path: drop.jsonl, rules: [number]}\n", "undertone.yaml:3:32: there is no pack \"number\""),
            (
                "drops:\n  - {path: drop.jsonl, rules: [numbers], max-findings: {numbers/x: 1}}\n",
                "undertone.yaml:3:57: max-findings: no rule \"numbers/x\""
            ),
            ("drops:\n  - {path: drop.jsonl, rules: [mine.yaml]}\n", "undertone.yaml:3:32: can't read mine.yaml"),
        ])
    func wrong(policy: String, wanted: String) {
        let run = place(policy).run("gate")
        #expect(run.code == 2 && run.errors.contains(wanted) && run.output.isEmpty, "\(run)")
    }

    @Test func `what is wrong with a policy is shown on one line, without anything that a terminal acts upon`() {
        let run = place("\"a\\n::error::x \\e[2J ##[add-path]/tmp\": 1\n").run("gate")
        #expect(run.code == 2 && run.errors.filter { $0 == "\n" }.count == 1, "\(run)")
        #expect(!run.errors.contains("\u{1B}") && !run.errors.contains("##["), "\(run)")
    }

    @Test func `no policy, an unknown format and two reports in one place end with 2`() {
        let place = place(GateCommandTests.off + "drops:\n  - {path: drop.jsonl, rules: [numbers]}\n")
        #expect(place.run("gate", "--policy", "other.yaml").code == 2)
        #expect(place.run("gate", "--report", "sarif").code == 2)
        #expect(place.run("gate", "--report", "text", "--report", "json").code == 2)
        #expect(place.run("gate", "--report", "text=a", "--report", "json=a").code == 2)
        #expect(place.run("gate", "--report", "text=drop.jsonl").code == 2)
        #expect(place.run("gate", "--report", "text=undertone.yaml").code == 2)
        #expect(place.text("drop.jsonl") == GateCommandTests.clean)
    }

    @Test func `a drop that breaks off ends with 3, and the report is written all the same`() {
        let place = place(GateCommandTests.off + "drops:\n  - {path: drop.jsonl.gz, rules: [numbers]}\n")
        place.write("drop.jsonl.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xAB])
        let run = place.run("gate", "--report", "html=gate.html", "--quiet")
        #expect(run.code == 3, "\(run)")
        #expect(place.text("gate.html").contains("<h1>Failed</h1>"))
    }

    @Test func `paths are relative to the policy, and so are its own rule packs`() {
        let place = place("")
        place.makeFolder("sub")
        place.write("sub/drop.jsonl", GateCommandTests.clean)
        place.write(
            "sub/mine.yaml",
            "pack: mine\nrules:\n  - id: no-four\n    kind: regex\n    description: A four.\n    deny: '4'\n"
                + "    accept: ['1']\n    reject: ['4']\n")
        place.write(
            "sub/undertone.yaml",
            "policy: 1\n" + GateCommandTests.off
                + "drops:\n  - {path: drop.jsonl, rules: [mine.yaml], max-findings: {no-four: 0}}\n")
        let run = place.run("gate", "--policy", "sub/undertone.yaml")
        #expect(run.code == 1 && run.output.contains("scan/max-findings mine/no-four"), "\(run)")
    }

    @Test func `--schema prints the schema of policies`() throws {
        #expect(try Workplace().run("gate", "--schema").json.string("title") == "Undertone policy")
    }
}
