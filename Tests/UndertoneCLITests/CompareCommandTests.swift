// compare and stats at the command line.

import Foundation
import Testing

@Suite struct CompareCommandTests {
    let place = Workplace()

    init() {
        var random = SeededGenerator(seed: 1)
        func list(_ separator: String) -> String {
            (0..<8).map { _ in String(Int.random(in: 0...999, using: &random)) }.joined(separator: separator)
        }
        place.writeDrop("drop.jsonl", (0..<200).map { _ in list("; ") })
        place.writeDrop("control.jsonl", (0..<200).map { _ in list(", ") })
        place.writeDrop("other.jsonl", (0..<200).map { _ in list(", ") })
    }

    @Test func `a difference is said with what differs, and fails only where a bound is set`() throws {
        let run = place.run("compare", "drop.jsonl", "--reference", "control.jsonl")
        #expect(run.code == 0 && run.output.hasPrefix("DIFFERENT"), "\(run.testDescription)")
        #expect(run.output.contains("what stands between numbers"))
        let bound = place.run("compare", "drop.jsonl", "--reference", "control.jsonl", "--max-auroc", "0.9", "--quiet")
        #expect(bound.code == 1 && bound.output.isEmpty)
        let same = place.run(
            "compare", "other.jsonl", "--reference", "control.jsonl", "--max-auroc", "0.6", "--report", "json")
        #expect(same.code == 0, "\(same.testDescription)")
        let report = try same.json
        #expect(report.string("finding") == "no-difference" && !report.objects("tests").isEmpty)
        #expect(
            place.run("compare", "other.jsonl", "--reference", "control.jsonl", "--threads", "1").output
                == place.run("compare", "other.jsonl", "--reference", "control.jsonl", "--threads", "2").output)
    }

    @Test func `an area that can't be found is no area below the bound`() {
        place.write("empty.jsonl", "")
        let run = place.run("compare", "empty.jsonl", "--reference", "control.jsonl", "--max-auroc", "0.9")
        #expect(run.code == 1 && run.errors.contains("not known"), "\(run.testDescription)")
        #expect(run.output.contains("NOTHING TO SAY"))
    }

    @Test(arguments: [
        ([], "--reference control.jsonl"), (["--reference", "none.jsonl"], "none.jsonl"),
        (["--reference", "control.jsonl", "--paired-by", "row"], "--paired-by prompt"),
        (["--reference", "control.jsonl", "--max-auroc", "2"], "from 0 to 1"),
        (["--reference", "control.jsonl", "--like", "owl"], "NAME=FILE"),
        (["--reference", "control.jsonl", "--report", "json=control.jsonl"], "never overwritten"),
        (["--reference", "-"], "twice"),
    ])
    func `wrong usage says what to do`(_ arguments: [String], _ word: String) {
        let run = place.run(["compare", "drop.jsonl"] + arguments)
        #expect(run.code == 2 || run.code == 3, "\(run.testDescription)")
        #expect(run.errors.contains(word), "\(run.testDescription)")
    }

    @Test func `profiles of parts add up to that of the whole`() throws {
        let whole = place.run(
            "stats", "drop.jsonl", "control.jsonl", "--report", "json=whole.json", "--report", "text", "--report",
            "html=whole.html")
        #expect(whole.code == 0 && whole.output.contains("400 records"), "\(whole.testDescription)")
        for name in ["drop", "control"] {
            #expect(place.run("stats", "\(name).jsonl", "--report", "json=\(name).json").code == 0)
        }
        let merged = place.run(
            "stats", "--merge", "control.json", "--merge", "drop.json", "--report", "json=merged.json")
        #expect(merged.code == 0, "\(merged.testDescription)")
        #expect(Bytes(place.read("merged.json")) == Bytes(place.read("whole.json")))
        place.write("bad.json", #"{"profile": 1}"#)
        let bad = place.run("stats", "--merge", "bad.json")
        #expect(bad.code == 3 && bad.errors.contains("bad.json"), "\(bad.testDescription)")
        #expect(place.run("stats").code == 2)
    }

    @Test func `the gate asks how far a drop is from its reference`() throws {
        func policy(_ drop: String, _ most: String) -> Run {
            place.write(
                "undertone.yaml",
                """
                policy: 1
                defaults: {rules: [], reference: control.jsonl, max-auroc: \(most)}
                require: {teacher: false, no-tainted-ancestor: false}
                drops: [{path: \(drop)}]
                """)
            return place.run("gate", "--report", "json")
        }
        func clause(_ run: Run) throws -> [String: Any] {
            try #require(try run.json.objects("clauses").first { $0.string("clause") == "reference" }, "\(run)")
        }
        let near = policy("other.jsonl", "0.6")
        #expect(near.code == 0, "\(near.testDescription)")
        #expect(try clause(near).string("status") == "pass")
        // What is left out, and a reference, is no place for a report either.
        for taken in ["control.jsonl", "other.jsonl"] {
            let run = place.run("gate", "--only", "none.jsonl", "--report", "json=\(taken)")
            #expect(run.code == 2 && run.errors.contains("never overwritten"), "\(run.testDescription)")
        }
        let far = policy("drop.jsonl", "0.6")
        #expect(far.code == 1)
        let failed = try clause(far)
        #expect(failed.string("status") == "fail")
        #expect(failed.objects("evidence").first?.string("kind") == "comparison")
        #expect(failed.string("mend")?.contains("undertone compare drop.jsonl --reference control.jsonl") == true)
        // Ten records say nothing, and nothing is no pass.
        place.writeDrop("small.jsonl", (0..<10).map { "\($0), 2" })
        let small = policy("small.jsonl", "1")
        #expect(try small.code == 1 && clause(small).string("status") == "not-known", "\(small.testDescription)")
        // A reference that is not there is an input that failed.
        place.write(
            "undertone.yaml",
            "policy: 1\ndrops: [{path: drop.jsonl, rules: [], reference: none.jsonl, max-auroc: 0.6}]\n")
        let absent = place.run("gate")
        #expect(absent.code == 3 && absent.output.contains("none.jsonl"), "\(absent.testDescription)")
        for wrong in ["reference: control.jsonl", "max-auroc: 0.6", "reference: control.jsonl, max-auroc: 2"] {
            place.write("undertone.yaml", "policy: 1\ndrops: [{path: drop.jsonl, rules: [], \(wrong)}]\n")
            #expect(place.run("gate").code == 2, "\(wrong)")
        }
    }
}
