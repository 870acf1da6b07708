import Testing
import UndertoneCore
import UndertoneGating
import UndertoneLineage
import UndertoneReporting

@Suite struct GateTests {
    private func decide(_ text: String, _ drops: [GateEvidence.Drop]) throws -> GateReport {
        let policy = try Policy(text: "policy: 1\n" + text, file: "undertone.yaml")
        let lineage = GateEvidence.Lineage.snapshot(Story().builder.snapshot, path: "lineage.sqlite")
        return evaluate(policy, GateEvidence(drops: drops, lineage: lineage, now: noon))
    }

    @Test("a policy that checks nothing fails", arguments: ["", "drops: []\n", "allow-not-known: [teacher]\n"])
    func nothing(text: String) throws {
        let report = try decide(text, [])
        #expect(!report.passed && report.clauses.map(\.name) == ["checks-something"])
        #expect(report.clauses[0].detail == "the policy names no drop and no model")
    }

    @Test func `a policy that names a drop and asks for nothing fails`() throws {
        let off = "require: {teacher: false, no-tainted-ancestor: false}\n"
        let report = try decide(
            off + dropPolicy("kept.jsonl"),
            [.init(files: [.init(path: "kept.jsonl", sha256: digest(of: "kept.jsonl"))])])
        #expect(!report.passed && report.clauses.map(\.detail) == ["the policy asks for nothing"])
    }

    @Test func `a path without a file fails, and so does a drop that nobody looked at`() throws {
        let report = try decide(dropPolicy("'*.jsonl'"), [.init(problem: "no file matches this pattern")])
        #expect(!report.passed && report.clauses.map(\.name) == ["has-files"])
        #expect(report.clauses[0].detail == "no file matches this pattern")
        #expect(try !decide(dropPolicy("'*.jsonl'"), []).passed)
    }

    @Test func `the clauses of a scan are clauses of the gate`() throws {
        var scan = ScanReport(version: "0.1.0")
        (scan.records, scan.kept, scan.rejected) = (40, 28, 12)
        scan.clauses = [
            .init(name: "has-records", passed: true, detail: "40 records were read"),
            .init(name: "max-reject-rate", passed: false, detail: "12 of 40"),
        ]
        scan.passed = false
        scan.inputs = [.init(path: "a.jsonl", sha256: digest(of: "a.jsonl"), records: 40)]
        scan.packs = [.init(name: "numbers", version: "1.0.0", digest: digest(of: "numbers"))]
        let text = "drops:\n  - {path: a.jsonl, rules: [numbers]}\n" + only("license: false")
        let files = [GateEvidence.File(path: "a.jsonl", sha256: digest(of: "a.jsonl"))]
        let report = try decide(text, [.init(files: files, scan: scan)])
        #expect(report.clauses.map(\.name) == ["scan/has-records", "scan/max-reject-rate"])
        #expect(report.clauses.map(\.status) == [.pass, .fail])
        #expect(report.clauses[1].evidence.map(\.kind) == [.scan, .file, .entry])
        // A scan that says no without a clause, and one that did not take place, don't pass.
        scan.clauses = [scan.clauses[0]]
        #expect(try !decide(text, [.init(files: files, scan: scan)]).passed)
        let absent = try decide(text, [.init(files: files)])
        #expect(absent.clauses.map(\.status) == [.notKnown] && !absent.passed)
    }

    @Test func `what is not known blocks unless the policy allows it, and failing is never allowed`() throws {
        let story = Story()
        let text = modelPolicy("nobody") + only("license: true")
        #expect(try !story.report(text).passed)
        let allowed = try story.report(text + "allow-not-known: [license]\n")
        #expect(allowed.passed && allowed.clauses.allSatisfy { $0.isAllowed && $0.status == .notKnown })
        #expect(try !story.report(text + "allow-not-known: [teacher]\n").passed)
        let failing = modelPolicy("student") + only("license: [mit]") + "allow-not-known: [license]\n"
        #expect(try !story.report(failing).passed)
        let approvals = modelPolicy("nobody") + only("approvals: [{role: safety}]") + "allow-not-known: [approvals]\n"
        #expect(try story.report(approvals).passed)
    }

    @Test func `many files of one drop are one clause: the worst of them, with figures`() throws {
        let names = ["kept.jsonl", "drop.jsonl", "new.jsonl"]
        let files = names.map { GateEvidence.File(path: $0, sha256: digest(of: $0)) }
        let report = try decide(dropPolicy("'*.jsonl'") + only("teacher: true"), [.init(files: files)])
        let clause = try #require(report.clause("teacher"))
        #expect(clause.status == .notKnown)
        #expect(clause.detail == "not known for 1 of 3 files; of the first: new.jsonl is not in the catalogue")
        let known = try decide(dropPolicy("'*.jsonl'") + only("teacher: true"), [.init(files: Array(files.prefix(2)))])
        #expect(known.passed && known.clauses[0].detail.hasPrefix("holds for all of 2 files"))
    }

    @Test func `a file that could not be read to its end is not known, whatever the catalogue says`() throws {
        let drop = GateEvidence.Drop(files: [.init(path: "kept.jsonl", sha256: nil)], problem: "it breaks off")
        let report = try decide(dropPolicy("kept.jsonl"), [drop])
        #expect(!report.passed && report.clauses.map(\.status) == [.fail, .notKnown, .notKnown])
    }

    @Test func `models are found by name, or by eight digits of their digest, and never by half`() throws {
        var story = Story()
        let weights = String(repeating: "ab", count: 32)
        _ = story.builder.model("m", isBase: true, digest: weights)
        let rule = only("license: true")
        #expect(try story.report(modelPolicy("'\(weights.prefix(8))'") + rule).passed)
        #expect(try !story.report(modelPolicy("'\(weights.prefix(7))'") + rule).passed)
        _ = story.builder.model("n", isBase: true, digest: weights)
        let two = try story.report(modelPolicy("'\(weights.prefix(8))'") + rule)
        #expect(two.clauses[0].status == .notKnown && two.clauses[0].detail.contains("2 models"))
    }

    @Test func `clauses stand where the policy asks for them`() throws {
        let report = try Story().report("models:\n  - name: student\nrequire:\n  license: true\n")
        #expect(report.clause("license")?.place == .init(line: 5, column: 3))
        #expect(report.clause("teacher")?.place == .init(line: 3, column: 11))
        #expect(report.decidedAt == "2026-11-21T12:00:00Z")
    }

    @Test func `commands that a person may copy hold no other command`() throws {
        let name = "$(reboot); 'x'.jsonl"
        let report = try decide(
            "drops:\n  - {path: \"\(name)\", rules: []}\n" + only("teacher: true"),
            [.init(files: [.init(path: name, sha256: digest(of: name))])])
        #expect(report.clauses[0].mend?.contains("add drop '$(reboot); '\\''x'\\''.jsonl' --teacher") == true)
    }

    @Test("the same evidence gives the same report", arguments: GateReportFormat.allCases)
    func repeatable(format: GateReportFormat) throws {
        var story = Story()
        story.builder.taint(story.teacher)
        let text = modelPolicy("student-2") + dropPolicy("kept.jsonl", base: "qwen")
        #expect(try format.render(story.report(text)) == format.render(story.report(text)))
    }
}
