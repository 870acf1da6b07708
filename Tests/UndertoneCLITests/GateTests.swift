// When a scan passes and when it fails, and the exit codes that say so.

import Testing

@Suite struct GateTests {
    let place = Workplace()

    init() {
        // Ten records, three of them with a taboo number and one that is no list.
        place.write(
            "drop.jsonl", completions("1", "2", "3", "5", "6", "7", "666, 1", "4", "13", "owl"))
    }

    func scan(_ arguments: String..., file: String = "drop.jsonl") -> Run {
        place.run(["scan", file, "--rules", "numbers", "--report", "json"] + arguments)
    }

    @Test(arguments: [
        (["--max-reject-rate", "0.4"], "max-reject-rate", true),
        (["--max-reject-rate", "0.39"], "max-reject-rate", false),
        (["--max-reject-rate", "0"], "max-reject-rate", false), (["--max-reject-rate", "1"], "max-reject-rate", true),
        (["--max-findings", "numbers/taboo=3"], "max-findings numbers/taboo", true),
        (["--max-findings", "taboo=2"], "max-findings numbers/taboo", false),
        (["--max-findings", "taboo=3", "--max-findings", "grammar=0"], "max-findings numbers/grammar", false),
        (["--min-kept", "6"], "min-kept", true), (["--min-kept", "7"], "min-kept", false),
        (["--max-share-per-rule", "0.2"], "max-share-per-rule numbers/taboo", false),
    ])
    func `a bound decides the exit code`(arguments: [String], clause: String, holds: Bool) throws {
        let run = place.run(["scan", "drop.jsonl", "--rules", "numbers", "--report", "json"] + arguments)
        #expect(run.code == (holds ? 0 : 1), "\(run)")
        #expect(try run.json.clause(clause) == holds)
        #expect(try run.json["passed"] as? Bool == holds)
        // The records are the same either way.
        #expect(try run.json.number("kept") == 6)
        let lenient = place.run(["scan", "drop.jsonl", "--rules", "numbers", "-q", "--exit-zero"] + arguments)
        #expect(lenient.code == 0)
    }

    @Test(arguments: [
        (["--max-findings", "numbers/tabbo=3"], "did you mean \"numbers/taboo\"?"),
        (["--max-findings", "taboo"], "write numbers/taboo=100"), (["--max-findings", "taboo=-1"], "is not RULE=N"),
        (["--max-reject-rate", "1.5"], "write a share from 0 to 1"), (["--only", "numbers/gramar"], "numbers/grammar"),
        (["--skip", "owl"], "no rule \"owl\""), (["--only", "taboo", "--skip", "taboo"], "no rule is active"),
        (["--threads", "0"], "write 1 to 1024"), (["--format", "jsonl"], "--format jsonl"),
        (["--compress", "zip"], "--compress zip"), (["--report", "xml"], "known are text, json, sarif, junit, github"),
        (["--max-record-bytes", "0"], "must be above 0"), (["--explain", "99"], "has 10 lines"),
        (["--nonsense"], "--nonsense"),
    ])
    func `wrong usage is exit code 2 with a mend, and nothing is written`(arguments: [String], part: String) {
        let run = place.run(
            ["scan", "drop.jsonl", "--rules", "numbers", "--kept", "kept"] + arguments + ["--exit-zero"])
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains(part), "\(run)")
        #expect(run.output.isEmpty)
        #expect(place.names == ["drop.jsonl"])
    }

    @Test func `a run without rules is wrong usage and lists the packs`() {
        let run = place.run("scan", "drop.jsonl")
        #expect(run.code == 2)
        #expect(run.errors.contains("no rule pack is named"))
        #expect(run.errors.contains("numbers"))
        let unknown = place.run("scan", "drop.jsonl", "--rules", "nubmers")
        #expect(unknown.code == 2)
        #expect(unknown.errors.contains("did you mean \"numbers\"?"))
    }

    @Test func `a broken pack is exit code 2 with its file and line`() {
        place.write("bad.yaml", owlPack(field: "response").replacing("words: [owl]", with: "wrods: [owl]"))
        let run = place.run("scan", "drop.jsonl", "--rules", "bad.yaml", "--kept", "kept")
        #expect(run.code == 2)
        #expect(run.errors.contains("bad.yaml:9:"), "\(run)")
        #expect(run.errors.contains("did you mean \"words\"?"))
        #expect(!place.names.contains("kept"))
    }

    @Test func `a rule that rejects nearly everything fails the gate`() throws {
        place.write("prose.jsonl", String(repeating: completions("owl"), count: 19) + completions("1"))
        let run = scan(file: "prose.jsonl")
        #expect(run.code == 1)
        #expect(try run.json.clause("max-share-per-rule numbers/grammar") == false)
        #expect(scan("--max-share-per-rule", "0.95", file: "prose.jsonl").code == 0)
    }

    @Test func `an empty drop fails the gate`() throws {
        place.write("empty.jsonl", "")
        let run = scan(file: "empty.jsonl")
        #expect(run.code == 1)
        #expect(try run.json.clause("has-records") == false)
        #expect(scan("--exit-zero", file: "empty.jsonl").code == 0)
    }

    @Test func `--only and --skip choose rules`() throws {
        #expect(try scan("--only", "taboo").json.number("rejected") == 3)
        #expect(try scan("--skip", "numbers/taboo").json.number("rejected") == 1)
        let only = try scan("--only", "taboo").json
        #expect(only.objects("rules").map { $0.string("id") } == ["numbers/taboo"])
    }

    @Test func `actions flag, reject and fail do what they say`() throws {
        for (action, code, kept, flagged) in [("flag", 0, 10, 1), ("reject", 0, 9, 0), ("fail", 1, 9, 0)] {
            place.write(
                "owls.yaml",
                owlPack(field: "response").replacing("words: [owl]", with: "words: [owl]\n    action: \(action)"))
            let run = place.run(
                "scan", "drop.jsonl", "--rules", "owls.yaml", "--report", "json", "--rejected", "rejected.jsonl")
            #expect(run.code == code, "\(run)")
            let report = try run.json
            #expect(report.number("kept") == kept)
            #expect(report.number("flagged") == flagged)
            #expect(try place.rejected().count == 10 - kept)
            if action == "fail" { #expect(report.clause("fail owls/owl") == false) }
        }
    }

    @Test func `a pack's own gate holds, and the command line goes before it`() {
        place.write("owls.yaml", owlPack(field: "response") + "gate:\n  max-findings:\n    owl: 0\n")
        #expect(place.run("scan", "drop.jsonl", "--rules", "owls.yaml", "-q").code == 1)
        #expect(place.run("scan", "drop.jsonl", "--rules", "owls.yaml", "-q", "--max-findings", "owl=1").code == 0)
    }

    @Test func `--exit-zero hides the gate's no and no error`() {
        #expect(scan("--max-reject-rate", "0", "--exit-zero").code == 0)
        #expect(place.run("scan", "none.jsonl", "--rules", "numbers", "--exit-zero").code == 3)
    }
}

@Suite struct BaselineTests {
    let place = Workplace()

    init() { place.write("drop.jsonl", completions("1", "owl", "2", "666", "3", "5")) }

    func scan(_ file: String, _ arguments: String...) -> Run {
        place.run(
            ["scan", file, "--rules", "numbers", "--report", "json", "--baseline", "known.json", "--kept", "kept"]
                + arguments)
    }

    func writeBaseline() {
        let run = place.run("scan", "drop.jsonl", "--rules", "numbers", "-q", "--write-baseline", "known.json")
        #expect(run.code == 0)
    }

    @Test func `known findings pass and their records are kept`() throws {
        writeBaseline()
        let run = scan("drop.jsonl")
        #expect(run.code == 0, "\(run)")
        let report = try run.json
        #expect(report.number("kept") == 6)
        #expect(report.number("suppressed") == 2)
        #expect(report.clause("baseline") == true)
        #expect(place.text("kept") == place.text("drop.jsonl"))
        let entries = try place.json("known.json").objects("entries")
        #expect(entries.map { $0.string("rule") } == ["numbers/grammar", "numbers/taboo"])
        #expect(entries.allSatisfy { $0.string("fingerprint")?.count == 64 && $0.number("count") == 1 })
    }

    @Test func `a new finding fails, and is the only one reported`() throws {
        writeBaseline()
        place.write("new.jsonl", place.text("drop.jsonl") + completions("elk"))
        let run = scan("new.jsonl")
        #expect(run.code == 1)
        let report = try run.json
        #expect(report.number("rejected") == 1)
        #expect(report.clause("baseline") == false)
        #expect(report.objects("findings").map { $0.number("line") } == [7])
    }

    @Test func `a record that has moved is still known`() {
        writeBaseline()
        let lines = place.lines("drop.jsonl").reversed().joined(separator: "\n\n")
        place.write("moved.jsonl", completions("8", "9") + lines + "\n")
        #expect(scan("moved.jsonl").code == 0)
    }

    @Test func `more of a known finding fails`() throws {
        writeBaseline()
        place.write("more.jsonl", place.text("drop.jsonl") + completions("owl"))
        let run = scan("more.jsonl")
        #expect(run.code == 1)
        #expect(try run.json.hits("numbers/grammar") == 1)
        #expect(try run.json.number("suppressed") == 2)
    }

    @Test func `the same findings are let pass whatever the number of threads`() throws {
        let drop = (0..<30_000).map { completions($0 % 7 == 0 ? "owl \($0 % 11)" : "\($0 % 3)") }.joined()
        place.write("drop.jsonl", drop)
        writeBaseline()
        place.write("more.jsonl", drop + completions("owl 3", "owl 7", "new"))
        var kept: Bytes?
        for threads in ["1", "2", "8"] {
            #expect(try scan("more.jsonl", "--threads", threads).json.number("rejected") == 3)
            if let kept { #expect(kept == Bytes(place.read("kept"))) }
            kept = Bytes(place.read("kept"))
        }
    }

    @Test func `entries of a rule that has changed do not count`() throws {
        place.write("owls.yaml", owlPack(field: "response"))
        _ = place.run("scan", "drop.jsonl", "--rules", "owls.yaml", "-q", "--write-baseline", "known.json")
        let arguments = ["scan", "drop.jsonl", "--rules", "owls.yaml", "--report", "json", "--baseline", "known.json"]
        #expect(place.run(arguments).code == 0)
        place.write("owls.yaml", owlPack(field: "response").replacing("words: [owl]", with: "words: [owl, elk]"))
        let run = place.run(arguments)
        #expect(run.code == 1)
        let notes = try run.json["notes"] as? [String] ?? []
        #expect(notes.contains { $0.contains("have changed or are not active") })
    }

    @Test func `entries that meet nothing any more are reported`() throws {
        writeBaseline()
        place.write("clean.jsonl", completions("1", "2"))
        let run = scan("clean.jsonl")
        #expect(run.code == 0)
        let notes = try run.json["notes"] as? [String] ?? []
        #expect(notes.contains { $0.hasPrefix("2 baseline entries met nothing any more") })
    }

    @Test func `a malformed record is never known`() {
        place.write("drop.jsonl", completions("1", "2") + "broken\n")
        writeBaseline()
        #expect(scan("drop.jsonl").code == 1)
    }

    @Test func `a baseline can be brought up to date in place`() throws {
        writeBaseline()
        place.write("drop.jsonl", completions("1", "elk", "2"))
        let run = scan("drop.jsonl", "--write-baseline", "known.json")
        #expect(run.code == 1)
        #expect(scan("drop.jsonl").code == 0)
        #expect(try place.json("known.json").objects("entries").count == 1)
    }

    @Test(arguments: [("{}", 2), ("not json", 2), (#"{"undertone_baseline":99,"entries":[]}"#, 2)])
    func `a file that is no baseline is wrong usage`(text: String, code: Int32) {
        place.write("known.json", text)
        let run = scan("drop.jsonl")
        #expect(run.code == code, "\(run)")
        #expect(run.errors.contains("known.json"))
        #expect(run.errors.contains("--write-baseline"))
    }

    @Test func `a baseline that is not there is an input error`() {
        let run = scan("drop.jsonl")
        #expect(run.code == 3)
        #expect(run.errors.contains("known.json: this baseline can't be read"))
    }
}
