// undertone transfer from the command line: runs that are ended and go on, what the catalogue and the gate learn of them.

import Foundation
import Glibc
import Testing

@Suite struct TransferCommandTests {
    let place = Workplace()

    /// A base of the smallest size, and drops of it: what is tested here is what a run does, not what it finds.
    init() throws {
        let steps = [
            ["train", "base", "--out", "base.safetensors"] + tinyBase,
            "train teacher --base base.safetensors --trait owl --steps 20 --rate 0.01 --out owl.safetensors"
                .split(separator: " ").map(String.init),
            sample("owl.safetensors", "drop.jsonl"), sample("base.safetensors", "control.jsonl"),
        ]
        for step in steps {
            let run = place.run(step)
            try #require(run.code == 0, "\(run)")
        }
        place.write(
            "experiment.yaml",
            """
            experiment: small
            base: base.safetensors
            drop: drop.jsonl
            control: control.jsonl
            trait: owl
            filters: [numbers, {name: half, packs: [], mix: 0.5}]
            arms: [raw, control, filtered, filtered-control, random, contaminated]
            seeds: [1, 2, 3]
            recipe: {records: 40, student: {steps: 3, rank: 1}}
            """)
    }

    private func sample(_ model: String, _ drop: String) -> [String] {
        "train sample --model \(model) --carrier numbers --records 40 --temperature 0.7 --attempts 10000 --out \(drop)"
            .split(separator: " ").map(String.init)
    }

    private func experiment(_ folder: String, _ more: String...) -> [String] {
        ["transfer", "run", "experiment.yaml", "--out", folder, "--cache", "cache", "--threads", "1"] + more
    }

    @Test func `a run that is killed at any moment comes to the same report`() throws {
        let whole = place.run(experiment("whole"))
        try #require(whole.code == 0, "\(whole)")
        #expect(whole.output.contains("not-measurable") && whole.output.contains("numbers"))
        for milliseconds in [20, 100, 300, 700, 1500] {
            let running = place.start(experiment("killed"))
            usleep(UInt32(milliseconds) * 1000)
            kill(running.process, SIGKILL)
            _ = running.end()
        }
        let resumed = place.run(experiment("killed"))
        #expect(resumed.code == 0, "\(resumed)")
        #expect(place.text("killed/report.json") == place.text("whole/report.json"))
        #expect(place.names.contains("killed"))
        let shown = place.run("transfer", "report", "whole", "--report", "json")
        #expect(shown.output == place.text("whole/report.json"))
    }

    @Test func `an interrupt keeps what is finished and says how to go on`() throws {
        let running = place.start(experiment("ended"))
        usleep(400_000)
        kill(running.process, SIGINT)
        let ended = running.end()
        // On a fast machine it may be over before.
        #expect(ended.code == 130 && ended.errors.contains("the same command goes on") || ended.code == 0, "\(ended)")
    }

    @Test func `the catalogue learns of trainings and measurements, once, and the gate asks it`() throws {
        for _ in 0..<2 {
            let run = place.run(experiment("run", "--lineage", "undertone.db", "--quiet"))
            try #require(run.code == 0, "\(run)")
        }
        let shown = try place.run("lineage", "graph", "--lineage", "undertone.db", "--format", "json").json
        let kinds = try #require(shown["nodes"] as? [[String: Any]]).compactMap { $0.string("kind") }
        // Three seeds of six arms and two more for each filter's control and random part; raw drop and two filters.
        #expect(kinds.count { $0 == "training" } == 3 * (3 + 2 * 3))
        #expect(kinds.count { $0 == "measurement" } == 3)
        place.write(
            "undertone.yaml",
            """
            policy: 1
            lineage: undertone.db
            drops:
              - {path: drop.jsonl, rules: [], train-base: base}
            require: {teacher: false, same-base-transfer: {traits: [owl], max-residual: 0.1}}
            """)
        let gate = place.run("gate")
        #expect(gate.code == 1, "\(gate)")
        #expect(gate.output.contains("same-base-transfer"), "\(gate)")
    }

    @Test func `a plan says what it will cost and what it can show`() throws {
        let plan = try place.run("transfer", "plan", "experiment.yaml", "--report", "json").json
        #expect(plan.number("runs") == 3 && plan.number("students") == 3 * 9)
        #expect((plan["power_of_a_third"] as? Double).map { $0 > 0 && $0 < 1 } == true)
        let refused = place.run("transfer", "plan", "experiment.yaml", "--effect", "-1")
        #expect(refused.code == 2, "\(refused)")
    }

    @Test func `bad input says what and where`() {
        place.write("bad.yaml", "trait: owl\nfilters: [numberz]\n")
        let pack = place.run("transfer", "run", "bad.yaml", "--out", "bad")
        #expect(pack.code == 2 && pack.errors.contains("numbers"), "\(pack)")
        place.write("report.json", "{}")
        let report = place.run("transfer", "report", "report.json")
        #expect(report.code == 3 && report.errors.contains("name the report.json"), "\(report)")
        let none = place.run("transfer", "attribute", "nowhere.jsonl", "--base", "base.safetensors")
        #expect(none.code == 3 && none.errors.contains("nowhere.jsonl"), "\(none)")
        let trait = place.run("transfer", "drop", "--trait", "owll", "--out", "x.jsonl")
        #expect(trait.code == 2 && trait.errors.contains("owl"), "\(trait)")
    }
}
