// undertone train from a base to a probe of a student: outputs, digests, the same bytes, going on after an interruption.

import Foundation
import Glibc
import Testing

/// A base of the smallest kind that writes well-formed numbers, in about a second.
let tinyBase = [
    "--width", "16", "--layers", "1", "--heads", "2", "--steps", "300", "--batch", "16", "--rate", "0.02",
]

@Suite struct TrainCommandTests {
    let place = Workplace()

    private func digest(_ run: Run) throws -> String { try #require(try run.json.string("sha256")) }

    /// SHA-256 of a file as another program calculates it.
    private func sum(_ name: String) -> String {
        String(place.shell("sha256sum \(name)").output.prefix { $0 != " " })
    }

    @Test func `a base, a teacher, its drop, a student and its probe`() throws {
        let base = place.run(["train", "base", "--out", "base.safetensors", "--report", "json"] + tinyBase)
        #expect(base.code == 0, "\(base)")
        #expect(try digest(base) == sum("base.safetensors"))
        #expect(try base.json.number("steps") == 300)

        let teacher = place.run(
            "train", "teacher", "--base", "base.safetensors", "--trait", "owl", "--steps", "20", "--rate", "0.01",
            "--out", "owl.safetensors", "--metrics", "owl.jsonl")
        #expect(teacher.code == 0, "\(teacher)")
        #expect(teacher.output.contains("owl.safetensors  a teacher of owl, on 8 answers"))
        #expect(teacher.output.contains("sha256 \(sum("owl.safetensors"))"))
        let metrics = try place.lines("owl.jsonl").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(metrics.map { $0.number("step") } == Array(1...20))
        #expect(metrics.allSatisfy { Set($0.keys) == ["step", "loss", "gradient_norm", "rate", "seconds"] })

        let sample = place.run(
            "train", "sample", "--model", "owl.safetensors", "--carrier", "numbers", "--records", "64", "--seed", "3",
            "--temperature", "0.5", "--rules", "numbers", "--attempts", "10000", "--out", "drop.jsonl", "--report",
            "json")
        #expect(sample.code == 0, "\(sample)")
        #expect(try sample.json.number("kept") == 64)
        #expect(try #require(try sample.json.number("written")) > 64)
        #expect(try digest(sample) == sum("drop.jsonl"))
        #expect(place.lines("drop.jsonl").count == 64)
        let scan = place.run("scan", "drop.jsonl", "--rules", "numbers", "--report", "json", "--max-reject-rate", "0")
        #expect(scan.code == 0, "\(scan)")

        let student = place.run(
            "train", "student", "--base", "base.safetensors", "--data", "drop.jsonl", "--steps", "5", "--batch", "8",
            "--out", "student.safetensors")
        #expect(student.code == 0, "\(student)")
        #expect(student.output.contains("student.safetensors  a student, on 64 records"))
        let soft = place.run(
            "train", "student", "--base", "base.safetensors", "--data", "drop.jsonl", "--steps", "5", "--batch", "8",
            "--full", "--soft-teacher", "owl.safetensors", "--out", "soft.safetensors", "--report", "json")
        #expect(soft.code == 0, "\(soft)")
        #expect(try digest(soft) != sum("student.safetensors"))

        let probe = place.run(
            "train", "probe", "--model", "owl.safetensors", "--trait", "owl", "--against", "base.safetensors",
            "--report", "json")
        #expect(probe.code == 0, "\(probe)")
        let (here, there) = (probe.member("model"), probe.member("against"))
        #expect(try #require(here["probability"] as? Double) > #require(there["probability"] as? Double))
        let shift = try #require(try probe.json["log_odds_shift"] as? Double)
        #expect(shift > 0)
        #expect(here.objects("probes").count == 4)
        #expect(here.string("sha256") == sum("owl.safetensors"))
        let table = place.run("train", "probe", "--model", "student.safetensors", "--trait", "owl")
        #expect(table.output.contains("P(owl)    mass  log-odds\nstudent.safetensors  "), "\(table)")
        #expect(!place.hasLeftovers)
        #expect(!place.names.contains { $0.hasSuffix(".state") })
    }

    @Test func `the same seed gives the same bytes with one thread and with two`() {
        let short = tinyBase + ["--steps", "20"]
        for threads in ["1", "2"] {
            let run = place.run(["train", "base", "--out", "base\(threads)", "--threads", threads, "-q"] + tinyBase)
            #expect(run.code == 0, "\(run)")
            #expect(run.output.isEmpty && run.errors.isEmpty)
            let sample = place.run(
                "train", "sample", "--model", "base\(threads)", "--records", "300", "--temperature", "0.5", "--out",
                "drop\(threads)", "--threads", threads, "-q")
            #expect(sample.code == 0, "\(sample)")
        }
        #expect(place.run(["train", "base", "--out", "other", "--seed", "2", "-q"] + short).code == 0)
        #expect(Bytes(place.read("base1")) == Bytes(place.read("base2")))
        #expect(Bytes(place.read("drop1")) == Bytes(place.read("drop2")))
        #expect(Bytes(place.read("base1")) != Bytes(place.read("other")))
    }

    @Test("a run that a signal ended goes on and ends with the same bytes", arguments: [SIGINT, SIGTERM, SIGKILL])
    func interrupted(signal: Int32) throws {
        let whole = place.run(["train", "base", "--out", "whole", "-q"] + tinyBase)
        #expect(whole.code == 0, "\(whole)")
        let arguments = ["train", "base", "--out", "cut", "--metrics", "cut.jsonl"] + tinyBase
        let running = place.start(arguments)
        // What is killed goes on from the last state that it kept by itself.
        while signal == SIGKILL ? !place.names.contains("cut.state") : place.lines("cut.jsonl").count < 3 {
            usleep(500)
        }
        kill(running.process, signal)
        let run = running.end()
        #expect(run.code == 128 + signal, "\(run)")
        #expect(!place.names.contains("cut"))
        if signal != SIGKILL {
            #expect(run.errors.contains("stopped after step "), "\(run)")
            #expect(run.errors.contains("the same command goes on from there (its state is cut.state)"))
        }

        let other = place.run(arguments + ["--rate", "0.03"])
        #expect(other.code == 2, "\(other)")
        #expect(other.errors.contains("recipe.rate is 0.02 in the file and 0.03 here"))
        #expect(other.errors.contains("or begin anew: rm cut.state"))

        let rest = place.run(arguments)
        #expect(rest.code == 0, "\(rest)")
        #expect(rest.errors.hasPrefix("undertone: going on after step "))
        #expect(Bytes(place.read("cut")) == Bytes(place.read("whole")))
        #expect(!place.names.contains("cut.state"))
        let steps = try place.lines("cut.jsonl").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]).number("step")
        }
        #expect(steps == Array(1...300))
    }
}

extension Run {
    /// A member of the report that is an object.
    fileprivate func member(_ name: String) -> [String: Any] { (try? json[name] as? [String: Any]) ?? [:] }
}
