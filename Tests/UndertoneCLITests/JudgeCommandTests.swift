// Judges at the command line: what is asked, what it costs, and judges that are wrong, slow or talkative.

import Foundation
import Glibc
import Testing

@Suite(.enabled(if: JudgeMachine.hasPython, "there is no Python 3.11"))
struct JudgeCommandTests {
    let place = Workplace()

    private func scan(_ arguments: String..., drop: String = "drop.jsonl") -> Run {
        place.run(
            [
                "scan", drop, "--rules", "pack.yaml", "--judges", "judges.yaml", "--kept", "kept.jsonl", "--report",
                "json",
            ]
                + arguments)
    }

    @Test func `an estimate asks nobody and writes nothing`() throws {
        let judge = try CountingJudge()
        place.writeJudge(judge.address, judge: "    price: {input: 1, output: 1}\n")
        place.writeDrop("drop.jsonl", ["an owl", "the sea", "the sea", "1"])
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "pack.yaml", "--judges", "judges.yaml", "--kept", "kept.jsonl",
            "--judge-estimate")
        #expect(run.code == 0 && run.output.contains("judged/carries: 3 questions"), "\(run.testDescription)")
        #expect(run.output.contains("2 requests"))
        #expect(try judge.requests() == 0)
        #expect(!place.names.contains("kept.jsonl"))
    }

    @Test func `equal records are asked about once, and the second scan asks nobody`() throws {
        let judge = try CountingJudge()
        place.writeJudge(judge.address)
        place.writeDrop("drop.jsonl", ["an owl", "the sea", "an owl", "1", "the sea"])
        let first = scan()
        #expect(first.code == 0, "\(first.testDescription)")
        #expect(try judge.requests() == 2)
        #expect(place.lines("kept.jsonl").count == 2)
        let kept = place.read("kept.jsonl")
        let second = scan()
        #expect(try judge.requests() == 2)
        #expect(try second.json.objects("judges").first?.number("cached") == 4)
        #expect(Bytes(place.read("kept.jsonl")) == Bytes(kept))
        #expect(scan("--judge-refresh").code == 0)
        #expect(try judge.requests() == 4)
        let cache = try place.run("judge", "cache", "--report", "json").json
        #expect(cache.objects("models").first?.number("answers") == 2)
        let pruned = place.run("judge", "cache", "--prune-older-than", "0")
        #expect(pruned.code == 0, "\(pruned.testDescription)")
    }

    @Test func `a budget stops cleanly, and the next run goes on where it ended`() throws {
        let judge = try CountingJudge()
        place.writeJudge(judge.address, judge: "    budget: {requests: 10}\n", rule: "    unjudged: flag\n")
        place.writeDrop("drop.jsonl", (0..<30).map { "text " + String(repeating: "a", count: $0) })
        let first = try #require(try scan().json.objects("judges").first)
        #expect(first.number("scored") == 10 && first["unjudged"] as? [String: Int] == ["budget": 20], "\(first)")
        #expect(try judge.requests() == 10)
        let second = try #require(try scan().json.objects("judges").first)
        #expect(second.number("scored") == 20 && second.number("cached") == 10, "\(second)")
    }

    // Half of the labels are 1, so saying yes to all is right half of the time, and worth nothing.
    @Test func `a judge that always says yes does not pass its calibration`() throws {
        let judge = try CountingJudge(trait: "e")
        place.writeJudge(judge.address)
        place.write(
            "labelled.jsonl",
            (0..<200).map { "{\"text\":\"record \($0)\",\"label\":\($0 % 2)}\n" }.joined())
        let run = place.run(
            "judge", "calibrate", "labelled.jsonl", "--rules", "pack.yaml", "--judges", "judges.yaml", "--repeats", "1",
            "--report", "text", "--report", "json=calibration.json")
        #expect(run.code == 1, "\(run.testDescription)")
        let kappa = try #require(
            (try place.json("calibration.json")["calibration"] as? [String: Any])?["kappa"] as? [String: Any])
        #expect(kappa["value"] as? Double ?? 1 <= 0)
        // And no pack that demands one takes it.
        place.writeJudge(judge.address, rule: "    calibration: {kappa: 0.6}\n")
        place.writeDrop("drop.jsonl", ["an owl"])
        let refused = scan("--calibration", "calibration.json")
        #expect(refused.code == 2 && refused.errors.contains("calibration.json"), "\(refused.testDescription)")
        #expect(!place.names.contains("kept.jsonl"))
    }

    @Test(arguments: [
        ("slow=30", "    timeout: 0.3\n    attempts: 2\n"),
        ("broken", "    attempts: 2\n"), ("half", "    attempts: 2\n"), ("close", "    attempts: 2\n"),
        ("noise", "    attempts: 2\n"),
    ])
    func `a judge that times out or breaks off leaves records unjudged`(
        _ script: String, _ settings: String
    ) throws {
        let judge = try CountingJudge()
        place.writeJudge(judge.address(script), judge: settings)
        place.writeDrop("drop.jsonl", ["an owl", "the sea", "1"])
        let run = scan()
        let judging = try #require(try run.json.objects("judges").first, "\(run.testDescription)")
        #expect(judging.number("scored") == 0)
        #expect((judging["unjudged"] as? [String: Int])?.values.reduce(0, +) == 2, "\(judging)")
        // Nothing was said of them, and the rule rejects what nothing is said of.
        #expect(try run.json.number("kept") == 0 && run.json.number("rejected") == 3)
        #expect(run.code == 1)
    }

    @Test(arguments: ["huge", "headers", "401"])
    func `a judge that answers megabytes or takes no key ends the scan, and nothing is written`(_ script: String) throws
    {
        let judge = try CountingJudge()
        let address = judge.address(script)
        place.writeJudge(address)
        place.writeDrop("drop.jsonl", ["an owl", "the sea"])
        let run = place.start(
            ["scan", "drop.jsonl", "--rules", "pack.yaml", "--judges", "judges.yaml", "--kept", "kept.jsonl"]
        ).end(measuresMemory: true)
        #expect(run.code == 3 && run.errors.contains(address), "\(run.testDescription)")
        #expect(run.errors.utf8.count < 2000 && run.peakBytes < 200 << 20)
        #expect(!place.names.contains("kept.jsonl") && !place.hasLeftovers)
    }

    @Test
    func `a key that is missing, a judge that is not there and one that nobody asks are said before anything is read`()
        throws
    {
        place.writeDrop("drop.jsonl", ["an owl"])
        place.writeJudge("http://127.0.0.1:9/v1", judge: "    key-variable: UNDERTONE_NO_SUCH_KEY\n")
        let keyless = scan()
        #expect(keyless.code == 2 && keyless.errors.contains("UNDERTONE_NO_SUCH_KEY"), "\(keyless.testDescription)")
        place.writeJudge("http://127.0.0.1:9/v1", rule: "    judge: strict\n")
        let other = scan()
        #expect(other.code == 2 && other.errors.contains("\"strict\""), "\(other.testDescription)")
        let nobody = place.run("scan", "drop.jsonl", "--rules", "numbers", "--judges", "judges.yaml")
        #expect(nobody.code == 2, "\(nobody.testDescription)")
        let without = place.run("scan", "drop.jsonl", "--rules", "pack.yaml")
        #expect(without.code == 2 && without.errors.contains("--judges"), "\(without.testDescription)")
        #expect(!place.names.contains("kept.jsonl"))
    }

    @Test func `pairs: a trait that is plain is seen, and a control against itself is not`() throws {
        let judge = try CountingJudge()
        place.writeJudge(judge.address("good"))
        place.writeDrop("drop.jsonl", (0..<40).map { "an owl \($0)" })
        place.writeDrop("control.jsonl", (0..<40).map { "the sea \($0)" })
        func pairs(_ drop: String) throws -> [String: Any] {
            let run = place.run(
                "judge", "pairs", drop, "--reference", "control.jsonl", "--judges", "judges.yaml", "--pairs", "30",
                "--question", "Which one carries the trait? {{first}} {{second}}", "--report", "json")
            #expect(run.code == 0, "\(run.testDescription)")
            return try run.json
        }
        // The judge of the tests says A wherever the word is: in both orders, so that place is all it goes by.
        let seen = try pairs("drop.jsonl")
        #expect(seen.number("pairs") == 30)
        let area = try #require(try pairs("control.jsonl")["area"] as? [String: Any])
        #expect(area["value"] as? Double == 0.5)
    }
}
