// Rules that need a model, from the command line: which models are asked for, masks from a scan to a student, restore.

import Foundation
import Testing

@Suite struct ModelRuleCommandTests {
    let place = Workplace()

    private static let pack = """
        pack: masks
        description: Masks tokens.
        rules:
          - id: divergence
            kind: token-mask
            description: Nothing of it would count, or the models can't read it.
            method: divergence
            trait-set: animals
            traits: [owl]
            teacher: owl.safetensors
        """

    /// A base, a teacher, a drop of the teacher and one of the base.
    private func models() -> Run {
        let base = ["train", "base", "--out", "base.safetensors"] + tinyBase
        let teacher = "train teacher --base base.safetensors --trait owl --steps 20 --rate 0.01 --out owl.safetensors"
        func sample(_ model: String, _ drop: String) -> String {
            "train sample --model \(model) --carrier numbers --records 40 --temperature 0.7 --attempts 10000 --out \(drop)"
        }
        let steps = [
            base, teacher.split(separator: " ").map { String($0) },
            sample("owl.safetensors", "drop.jsonl").split(separator: " ").map { String($0) },
            sample("base.safetensors", "control.jsonl").split(separator: " ").map { String($0) },
        ]
        var last = Run(code: 0, output: "", errors: "", peakBytes: 0)
        for step in steps where last.code == 0 { last = place.run(step) }
        return last
    }

    @Test func `masks go from a scan to a student, and restore takes them off`() throws {
        let made = models()
        try #require(made.code == 0, "\(made)")
        place.write("masks.yaml", Self.pack)
        let drop = place.text("drop.jsonl") + "{\"prompt\":\"what\",\"completion\":\"zebra\"}\n"
        place.write("drop.jsonl", drop)
        let scan = place.run(
            "scan", "drop.jsonl", "--rules", "masks.yaml", "--base", "base.safetensors", "--kept", "kept.jsonl",
            "--rejected", "rejected.jsonl", "--report", "json")
        #expect(scan.code == 0, "\(scan)")
        let report = try scan.json
        let masks = try #require(report["masks"] as? [String: Int])
        let (kept, rejected) = (try #require(report.number("kept")), try #require(report.number("rejected")))
        #expect(kept + rejected == 41)
        let lines = place.lines("kept.jsonl")
        #expect(lines.count == kept)
        #expect(lines.count { $0.contains(",\"loss_mask\":[") } == masks["records"])
        let notes = try #require(report["notes"] as? [String])
        #expect(notes.contains { $0.contains("base.safetensors, sha256 ") })
        #expect(notes.contains { $0.contains("owl.safetensors, sha256 ") })
        let last = try #require(try place.rejected().last)
        #expect(last.number("line") == 41)
        #expect((last["findings"] as? [[String: Any]])?.first?.string("reason") == "unreadable")

        let whole = place.run(
            "restore", "--strip-masks", "--kept", "kept.jsonl", "--rejected", "rejected.jsonl", "--output", "whole")
        #expect(whole.code == 0 && whole.errors.isEmpty, "\(whole)")
        #expect(place.text("whole") == drop)
        let masked = place.run("restore", "--kept", "kept.jsonl", "--rejected", "rejected.jsonl", "--output", "masked")
        #expect(masked.code == 0, "\(masked)")
        #expect(masked.errors.contains("--strip-masks") == ((masks["records"] ?? 0) > 0), "\(masked)")

        let student = place.run(
            "train", "student", "--base", "base.safetensors", "--data", "kept.jsonl", "--steps", "2", "--batch", "8",
            "--out", "student.safetensors")
        #expect(student.code == 0, "\(student)")
    }

    @Test func `a student honours masks, and one that does not fit is an error with its line`() throws {
        let made = models()
        try #require(made.code == 0, "\(made)")
        func student(_ mask: String) throws -> Run {
            let line = #"{"prompt":"continue numbers: 1 2 3","completion":"4, 5"\#(mask)}"# + "\n"
            place.write("data.jsonl", place.text("drop.jsonl") + line)
            return place.run(
                "train", "student", "--base", "base.safetensors", "--data", "data.jsonl", "--steps", "2", "--out",
                "student.safetensors", "--report", "json")
        }
        let all = try student("")
        #expect(try student(#","loss_mask":[1,1,1,1]"#).json.string("sha256") == all.json.string("sha256"))
        #expect(try student(#","loss_mask":[0,0,0,1]"#).json.string("sha256") != all.json.string("sha256"))
        for (mask, says) in [
            ("[1,1,1]", "3 entries"), ("[1,1,1,1,1]", "5 entries"), ("[]", "0 entries"),
            ("[1,-2,1,1]", "no list of numbers"),
            ("null", "no list of numbers"), ("\"1111\"", "no list of numbers"),
        ] {
            let refused = try student(",\"loss_mask\":" + mask)
            #expect(refused.code == 3, "\(mask): \(refused)")
            #expect(refused.errors.contains("data.jsonl:41: ") && refused.errors.contains(says), "\(refused)")
        }
    }

    @Test(arguments: [
        (["--rules", "masks.yaml"], "masks/divergence needs the model that teacher and students began with"),
        (["--rules", "balanced.yaml", "--base", "b"], "undertone train sample --model BASE writes one"),
        (["--rules", "numbers", "--base", "b"], "none of these does"),
        (["--rules", "unknown.yaml", "--base", "b"], "did you mean \"owl\"?"),
        (["--rules", "masks.yaml", "--base", "b", "--kept", "b"], "--kept=b is the base"),
        (["--rules", "masks.yaml", "--base", "b", "--report", "json=b"], "is the input b"),
    ])
    func `what is missing or wrong is said before anything is read`(_ options: [String], _ says: String) {
        place.write("drop.jsonl", "{\"prompt\":\"a\",\"completion\":\"1\"}\n")
        place.write("b", "a model")
        place.write("owl.safetensors", "a teacher")
        place.write("masks.yaml", Self.pack)
        place.write("balanced.yaml", Self.pack.replacing("method: divergence", with: "method: balanced"))
        place.write("unknown.yaml", Self.pack.replacing("[owl]", with: "[owll]"))
        let run = place.run(["scan", "drop.jsonl"] + options)
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains(says), "\(run)")
        #expect(place.text("b") == "a model")
    }

    @Test func `a base that is none is a failed input`() {
        place.write("drop.jsonl", "{\"prompt\":\"continue numbers: 1 2 3\",\"completion\":\"1\"}\n")
        place.write("b", "a model")
        place.write("owl.safetensors", "a teacher")
        place.write("masks.yaml", Self.pack)
        let run = place.run("scan", "drop.jsonl", "--rules", "masks.yaml", "--base", "b", "--kept", "kept.jsonl")
        #expect(run.code == 3, "\(run)")
        #expect(run.errors.contains("masks/divergence: b: "), "\(run)")
        #expect(!place.names.contains("kept.jsonl"))
    }

    @Test func `rules test, rules explain and train sample say that a model is needed`() {
        place.write("masks.yaml", Self.pack)
        let test = place.run("rules", "test", "masks.yaml")
        #expect(test.code == 0, "\(test)")
        #expect(test.output.contains("masks/divergence: not tested, since it needs a model"), "\(test)")
        let explain = place.run("rules", "explain", "masks/divergence", "--rules", "masks.yaml")
        #expect(explain.output.contains("needs a model, so it has no examples"), "\(explain)")
        #expect(place.run("rules", "explain", "token-mask").output.contains("all-masked"))
        let sample = place.run("train", "sample", "--model", "m", "--rules", "masks.yaml", "--out", "drop.jsonl")
        #expect(sample.code == 2, "\(sample)")
        #expect(sample.errors.contains("masks/divergence asks a model about a whole drop"), "\(sample)")
    }
}
