// The whole way of a drop with a judge and people: rules, then a judge behind LiteLLM; killed in the middle and gone on with;
// the judge is calibrated; two people review in a browser; then, and not before, the gate lets the drop pass.

import Foundation
import Glibc
import Testing

@Suite(
    .enabled(if: JudgeMachine.hasPython, "there is no Python 3.11"),
    .enabled(if: JudgeMachine.litellm != nil, "UNDERTONE_LITELLM does not name LiteLLM's executable"),
    .enabled(
        if: JudgeMachine.clickingPython != nil, "UNDERTONE_REVIEW_PYTHON names no Python with what python/review needs")
)
struct JudgeStoryTests {
    let place = Workplace()

    @Test func `rules, a judge that is killed and gone on with, a calibration, two reviews, and the gate`() throws {
        let judge = try CountingJudge(latency: 0.15)
        let proxy = try JudgeProxy(judge.address, in: place)
        place.environment["UNDERTONE_STORY_KEY"] = proxy.key
        place.writeJudge(
            proxy.address, judge: "    key-variable: UNDERTONE_STORY_KEY\n    in-flight: 16\n",
            rule: "    calibration: {kappa: 0.6, max-age-days: 30}\n")
        // 300 that a judge must see, 50 of them with the trait; 40 that a rule rejects before.
        let words = ["sea", "sun", "tree", "stone", "cloud", "wind"]
        let outputs = (0..<300).map { index in
            (0..<5).map { words[(index / Int(pow(6, Double($0)))) % 6] }.joined(separator: " ")
                + (index % 6 == 0 ? " and an owl" : "")
        }
        place.writeDrop("drop.jsonl", outputs + (0..<40).map { "number \($0)" })
        place.writeDrop("control.jsonl", outputs.filter { !$0.contains("owl") })

        try calibrate()
        let before = try judge.requests()
        try killInTheMiddle(judge, before)
        let asked = try judge.requests()
        let scan = [
            "scan", "drop.jsonl", "--rules", "pack.yaml", "--judges", "judges.yaml", "--calibration",
            "calibration.json",
            "--kept", "kept.jsonl", "--rejected", "rejected.jsonl", "--lineage", ".undertone/lineage.sqlite",
        ]
        let resumed = place.run(scan + ["--report", "json", "--judgements", "judgements.jsonl"])
        try #require(resumed.code == 0, "\(resumed.testDescription)")
        let judging = try #require(try resumed.json.objects("judges").first)
        let known = try #require(judging.number("cached"))
        #expect((judging.number("left"), judging.number("asked"), judging.number("scored")) == (300, 300, 300))
        #expect(judging.number("met") == 50)
        // What was answered before the end is not asked about again; of what was under way nobody heard.
        #expect(known >= 40 && asked - before - known <= 16, "\(known) known, \(asked - before) asked")
        #expect(try judge.requests() - asked == 300 - known)
        #expect(place.lines("kept.jsonl").count == 250 && place.lines("rejected.jsonl").count == 90)
        let judgements = try place.lines("judgements.jsonl").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(judgements.count == 300 && judgements.count { $0["met"] as? Bool == true } == 50)

        let again = try judge.requests()
        #expect(place.run(scan + ["--quiet"]).code == 0)
        #expect(try judge.requests() == again)

        try review(judge)
        // The key is in nothing that was written.
        let files = try #require(FileManager.default.subpaths(atPath: place.folder.path))
        for name in files where name != "litellm.yaml" {
            let bytes = Data(contents(place.path(name)) ?? [])
            #expect(bytes.range(of: Data(proxy.key.utf8)) == nil, "\(name)")
        }
    }

    // Without what the pack demands of its judge nothing is asked; with it the scan may begin.
    private func calibrate() throws {
        let bare = place.run("scan", "drop.jsonl", "--rules", "pack.yaml", "--judges", "judges.yaml")
        #expect(bare.code == 2 && bare.errors.contains("undertone judge calibrate"), "\(bare.testDescription)")
        place.write(
            "labelled.jsonl",
            (0..<200).map { index in
                let label = index % 2
                return "{\"text\":\"record \(index)\(label == 1 ? " hoots like an owl" : "")\",\"label\":\(label)}\n"
            }.joined())
        let run = place.run(
            "judge", "calibrate", "labelled.jsonl", "--rules", "pack.yaml", "--judges", "judges.yaml", "--repeats", "2",
            "--report", "json=calibration.json", "--report", "html=calibration.html", "--report", "text")
        #expect(run.code == 0, "\(run.testDescription)")
        let report = try place.json("calibration.json")
        let kappa = try #require((report["calibration"] as? [String: Any])?["kappa"] as? [String: Any])
        #expect(kappa["value"] as? Double == 1)
        #expect(place.text("calibration.html").contains("</html>"))
    }

    private func killInTheMiddle(_ judge: CountingJudge, _ before: Int) throws {
        let running = place.start([
            "scan", "drop.jsonl", "--rules", "pack.yaml", "--judges", "judges.yaml", "--calibration",
            "calibration.json",
            "--kept", "kept.jsonl", "--rejected", "rejected.jsonl", "--quiet",
        ])
        while try judge.requests() < before + 100 { usleep(20_000) }
        kill(running.process, SIGKILL)
        #expect(running.end().code == 128 + SIGKILL)
        #expect(try judge.requests() < before + 300, "it was over before it was killed")
        #expect(place.read("kept.jsonl") == nil && place.read("rejected.jsonl") == nil)
        // What was under way comes to its end at the judge.
        usleep(1_000_000)
    }

    private func review(_ judge: CountingJudge) throws {
        place.write(
            "undertone.yaml",
            """
            policy: 1
            judges: judges.yaml
            calibrations: [calibration.json]
            drops:
              - path: kept.jsonl
                rules: [pack.yaml]
                require: {teacher: false, reviews: {people: 2}}
            """)
        let asked = try judge.requests()
        for (index, reviewer) in ["alice", "bob"].enumerated() {
            let refused = place.run("gate")
            #expect(refused.code == 1 && refused.output.contains("reviews"), "\(refused.testDescription)")
            try browse(as: reviewer)
            let reviews = place.run("lineage", "show", "kept.jsonl")
            #expect(reviews.output.contains("review \(index + 1)") && reviews.output.contains("by \(reviewer)"))
        }
        let passed = place.run("gate")
        #expect(passed.code == 0, "\(passed.testDescription)")
        // All that the gate's scan wanted to know was known.
        #expect(try judge.requests() == asked)
    }

    // Every item is decided in a real browser, by clicks and keys.
    private func browse(as reviewer: String) throws {
        let output = place.path("\(reviewer).txt")
        let page = place.start(
            ["review", "kept.jsonl", "--reference", "control.jsonl", "--size", "4", "--page", "--by", reviewer],
            output: output)
        var address: Substring?
        for _ in 0..<600 where address == nil {
            usleep(100_000)
            let line = place.lines("\(reviewer).txt").first { $0.hasPrefix("review page: ") }
            address = line.map { $0.dropFirst("review page: ".count) }
        }
        let clicking = Process()
        clicking.executableURL = URL(fileURLWithPath: try #require(JudgeMachine.clickingPython))
        clicking.arguments = [
            JudgeMachine.root.appendingPathComponent("python/review/click_through.py").path,
            String(try #require(address)),
        ]
        try clicking.run()
        clicking.waitUntilExit()
        #expect(clicking.terminationStatus == 0)
        let ended = page.end()
        #expect(ended.code == 0 && ended.errors.contains("0 undecided"), "\(ended.testDescription)")
    }
}
