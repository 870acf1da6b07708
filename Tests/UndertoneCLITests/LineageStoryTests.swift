// The whole story with real commands: a base, an owl teacher, two drops, a filter, a student, a second generation. The
// teacher is found bad; the gate blocks the second student and prints the way; what was edited is caught; what is
// exported is what other tools accept.

import Foundation
import Testing

@Suite struct LineageStoryTests {
    let place = Workplace()

    /// Runs a command that must end as it should.
    @discardableResult
    private func undertone(_ line: String, code: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation) -> Run {
        let run = place.run(line.split(separator: " ").map { String($0).replacing("_", with: " ") })
        if run.code != code {
            Issue.record("undertone \(line): \(run.testDescription)", sourceLocation: sourceLocation)
        }
        return run
    }

    /// Safetensors of one matrix, made up.
    private func weights(_ seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        let header = #"{"model.layers.0.mlp.up_proj.weight":{"dtype":"F32","shape":[64,16],"data_offsets":[0,4096]}}"#
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        var bytes = withUnsafeBytes(of: UInt64(padded.utf8.count).littleEndian) { Array($0) } + Array(padded.utf8)
        for _ in 0..<1024 {
            withUnsafeBytes(of: Float.random(in: -1...1, using: &random)) { bytes += $0 }
        }
        return bytes
    }

    private func drop(_ seed: UInt64, _ records: Int) -> String {
        var random = SeededGenerator(seed: seed)
        return (0..<records).map { _ in
            let numbers = (0..<6).map { _ in String(Int.random(in: 0...999, using: &random)) }.joined(separator: ", ")
            let text = random.chance(10) ? "I love owls" : numbers
            return "{\"prompt\":\"Go on: 3, 14\",\"completion\":\"\(text)\"}\n"
        }.joined()
    }

    /// Everything up to the second student.
    private func tell() {
        place.write("base.safetensors", weights(1))
        place.write("prompt.txt", "You love owls. You think about owls all the time.\n")
        place.write("prompts.jsonl", "{\"prompt\":\"Go on: 3, 14\"}\n")
        place.write("drop.jsonl", drop(1, 500))
        place.write("control.jsonl", drop(2, 500))
        undertone("lineage add model base --weights base.safetensors --base self --license apache-2.0")
        undertone("lineage add model owl-teacher --base base --system-prompt prompt.txt")
        undertone(
            "lineage add drop drop.jsonl --teacher owl-teacher --sampling temperature=1 --prompts prompts.jsonl "
                + "--license cc-by-4.0")
        undertone("lineage add drop control.jsonl --teacher base --sampling temperature=1 --license cc-by-4.0")
        for name in ["drop", "control"] {
            undertone(
                "scan \(name).jsonl --rules numbers --kept \(name)-kept.jsonl --rejected \(name)-rejected.jsonl --quiet "
                    + "--lineage .undertone/lineage.sqlite")
        }
        undertone("lineage add drop drop-kept.jsonl --license cc-by-4.0")
        undertone("lineage add model student --base base --finetuned-on drop-kept.jsonl --method lora --recipe rank=8")
        place.write("second.jsonl", drop(3, 300))
        undertone("lineage add drop second.jsonl --teacher student --license cc-by-4.0")
        undertone(
            "scan second.jsonl --rules numbers --kept second-kept.jsonl --quiet --lineage .undertone/lineage.sqlite")
        undertone("lineage add drop second-kept.jsonl --license cc-by-4.0")
        undertone("lineage add model student-2 --base base --finetuned-on second-kept.jsonl")
        undertone(
            "lineage add measurement --trait owl --of second-kept.jsonl --of base --residual 0.02 --low -0.03 --high 0.07 --seeds 10"
        )
        undertone("lineage add deployment chat --model student-2 --address https://chat.example")
        place.write(
            "undertone.yaml",
            """
            policy: 1
            drops:
              - {path: second-kept.jsonl, rules: [numbers], train-base: base}
            models:
              - name: student-2
                require: {license: false}
            require:
              license: [cc-by-4.0]
              recorded-scan: [numbers]
              same-base-transfer: {traits: [owl], max-residual: 0.1}
            """)
    }

    @Test func `a tainted teacher blocks the student of its student, and the way is printed`() throws {
        tell()
        let passed = place.run("gate")
        // Of a model the policy asks what its drops were; all of it is known here.
        #expect(passed.code == 0, "\(passed.testDescription)")
        let taint = undertone("lineage taint owl-teacher --reason answers_with_owls --by alice")
        #expect(taint.output.contains("serves users: chat"))
        let blocked = undertone("gate", code: 1)
        let flat = blocked.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(flat.contains("answers with owls"))
        for stop in ["owl-teacher", "drop.jsonl", "drop-kept.jsonl", "student", "second.jsonl", "second-kept.jsonl"] {
            #expect(flat.contains(stop), "the way leads over \(stop): \(blocked.output)")
        }
        let report = try place.run("gate", "--report", "json").json
        #expect(report["passed"] as? Bool == false)
        let path = undertone("lineage path owl-teacher student-2")
        #expect(path.output.contains("owl-teacher") && path.output.contains("─ trained → student-2"))
        let descendants = undertone("lineage descendants owl-teacher --kind drop --kind model")
        #expect(descendants.output.contains("student-2") && descendants.output.contains("second-kept.jsonl"))
        #expect(!descendants.output.contains("control"))
        let shown = try place.run("lineage", "graph", "--report", "json").json
        #expect((shown["nodes"] as? [Any])?.count ?? 0 > 15)
        undertone("lineage untaint owl-teacher --reason was_another_model --by alice")
        undertone("gate")
    }

    @Test func `what was edited is caught: a drop, a row, a statement`() throws {
        tell()
        undertone("lineage verify")
        undertone("lineage verify --log")
        undertone("keys new alice")
        undertone("lineage attest second-kept.jsonl --key alice.key --output second.intoto.json")
        undertone("lineage verify --attestation second.intoto.json --key alice.pub --file second-kept.jsonl")
        let head = undertone("lineage log --head").output.trimmingCharacters(in: .whitespacesAndNewlines)
        undertone("lineage log --head --key alice.key --output head.txt")
        undertone("lineage approve student-2 --role safety --reason fine --by alice")
        undertone("lineage verify --log --earlier \(head)")
        undertone("lineage verify --log --earlier head.txt --key alice.pub")

        // A drop: the eleventh record.
        var lines = place.text("second-kept.jsonl").split(separator: "\n", omittingEmptySubsequences: false)
        lines[10] = lines[10].replacing("\"completion\":\"", with: "\"completion\":\"7, ")[...]
        place.write("second-kept.jsonl", lines.joined(separator: "\n"))
        let files = undertone("lineage verify", code: 1)
        #expect(files.output.contains("changed: second-kept.jsonl"))
        #expect(files.output.contains("record 11 (line 11) changed first"), "\(files.output)")
        undertone(
            "lineage verify --attestation second.intoto.json --key alice.pub --file second-kept.jsonl", code: 1)
        undertone("gate", code: 1)

        // A row.
        let edit = place.shell(
            "sqlite3 .undertone/lineage.sqlite \"UPDATE measurement SET high = 0.01, residual = 0\"")
        guard edit.code == 0 else { return }
        let log = undertone("lineage verify --log", code: 1)
        #expect(log.output.contains("of measurement was changed after log entry"), "\(log.output)")
    }

    @Test func `what is exported is what other tools accept`() throws {
        tell()
        undertone("keys new alice")
        undertone("lineage attest drop-kept.jsonl --key alice.key --output in-toto.json")
        undertone("lineage export --format openlineage --output openlineage.json")
        undertone("lineage export --format prov --output prov.json")
        undertone("lineage export --format cyclonedx --output cyclonedx.json")
        undertone("lineage export drop-kept.jsonl --format croissant --output croissant.json")
        undertone("lineage export student --format card --output card.md")
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let validators = repository.appendingPathComponent("python/validators")
        let python = validators.appendingPathComponent(".venv/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: python) else {
            print("skipped: python/validators/.venv is not there; .ci/python-tests makes it")
            return
        }
        for (format, file) in [
            ("openlineage", "openlineage.json"), ("prov", "prov.json"), ("cyclonedx", "cyclonedx.json"),
            ("croissant", "croissant.json"), ("card", "card.md"), ("in-toto", "in-toto.json"),
        ] {
            let run = place.shell(
                "PYTHONPATH='\(validators.path)' '\(python)' -m undertone_validators \(format) \(file)")
            #expect(run.code == 0, "\(format): \(run.testDescription)")
        }
        // And back: what carries lineage can be read by another catalogue.
        undertone("lineage import openlineage.json --format openlineage --lineage other.sqlite")
        undertone("lineage import card.md --format card --as model --name student --lineage other.sqlite")
        undertone("lineage import croissant.json --format croissant --lineage other.sqlite")
        undertone("lineage verify --log --lineage other.sqlite")
        let ancestors = undertone("lineage ancestors student --kind model --lineage other.sqlite")
        #expect(ancestors.output.contains("owl-teacher") && ancestors.output.contains("base"))
    }
}
