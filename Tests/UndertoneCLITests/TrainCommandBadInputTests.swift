// What undertone train can't do: which message, which code, and that no file is left.

import Foundation
import Testing

@Suite struct TrainCommandBadInputTests {
    let place = Workplace()
    private let tiny = ["--width", "16", "--layers", "1", "--heads", "2", "--steps", "2", "--batch", "4"]

    init() {
        let base = place.run(["train", "base", "--out", "base.safetensors", "-q"] + tiny)
        #expect(base.code == 0, "\(base)")
    }

    private func expect(
        _ run: Run, _ code: Int32, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(run.code == code, "\(run)", sourceLocation: sourceLocation)
        for part in parts { #expect(run.errors.contains(part), "\(run)", sourceLocation: sourceLocation) }
        #expect(!place.hasLeftovers, sourceLocation: sourceLocation)
        let outputs = place.names.filter { $0.hasPrefix("out") }
        #expect(outputs.isEmpty, sourceLocation: sourceLocation)
    }

    private func student(_ data: String, _ more: String...) -> Run {
        place.run(["train", "student", "--base", "base.safetensors", "--data", data, "--out", "out"] + more)
    }

    @Test func `wrong usage says what is possible`() {
        expect(
            place.run("train", "teacher", "--base", "base.safetensors", "--trait", "dragon", "--out", "out"), 2,
            "there is no trait \"dragon\"", "owl, fox")
        expect(place.run("train", "probe", "--model", "base.safetensors", "--trait", "dragon"), 2, "owl, fox")
        expect(
            place.run("train", "sample", "--model", "base.safetensors", "--carrier", "poems", "--out", "out"), 2,
            "--carrier poems is none of its values; write numbers, code, reasoning")
        expect(
            place.run("train", "sample", "--model", "base.safetensors", "--temperature", "-1", "--out", "out"), 2)
        expect(place.run("train", "base", "--out", "out", "--heads", "5"), 2, "5 heads don't divide width 64")
        expect(
            place.run("train", "base", "--out", "out", "--width", "4096", "--heads", "64", "--layers", "100"), 2,
            "at most 268,435,456 are possible")
        expect(place.run("train", "base", "--out", "out", "--steps", "0"), 2, "1 or more are needed")
        expect(place.run("train", "base", "--out", "out", "--rate", "nan"), 2, "the rate is nan")
        expect(place.run("train", "base", "--out", "out", "--schedule", "steep"), 2, "write constant, linear or cosine")
        expect(place.run("train", "base", "--out", "out", "--threads", "0"), 2, "write 1 to 1024")
        expect(place.run("train", "base", "--out", "out", "--metrics", "./out"), 2, "name two different files")
        expect(place.run("train", "base"), 2, "--out")
    }

    @Test func `a model is never written over what it is made from`() {
        place.write("drop.jsonl", #"{"prompt":"continue numbers: 1 2 3","completion":"4"}"# + "\n")
        let before = Bytes(place.read("base.safetensors"))
        for data in ["drop.jsonl", "base.safetensors"] {
            let run = place.run(
                "train", "student", "--base", "base.safetensors", "--data", data, "--out", "./base.safetensors")
            #expect(run.code == 2 && run.errors.contains("is the base; name another file"), "\(run)")
        }
        #expect(Bytes(place.read("base.safetensors")) == before)
        expect(student("drop.jsonl", "--metrics", "drop.jsonl"), 2, "--metrics drop.jsonl is the data")
    }

    @Test func `a damaged checkpoint is named, with what is wrong`() throws {
        let bytes = try #require(place.read("base.safetensors"))
        place.write("cut.safetensors", Array(bytes.dropLast(10)))
        place.write("text.safetensors", "these are no tensors at all")
        for name in ["cut.safetensors", "text.safetensors", "none.safetensors"] {
            expect(place.run("train", "probe", "--model", name, "--trait", "owl"), 3, "undertone: \(name): ")
            expect(place.run("train", "teacher", "--base", name, "--trait", "owl", "--out", "out"), 3, "\(name): ")
            expect(place.run("train", "sample", "--model", name, "--out", "out"), 3, "\(name): ")
        }
    }

    @Test func `a run that diverges leaves no model`() {
        let run = place.run(["train", "base", "--out", "out", "--steps", "50", "--rate", "1e9"] + tiny.dropLast(4))
        expect(run, 2, "the run diverged in step ", "lower the rate")
        let last = place.run(["train", "base", "--out", "out", "--steps", "1", "--rate", "1e60"] + tiny.dropLast(4))
        expect(last, 2, "the run diverged at its end: ", "lower the rate")
    }

    @Test(arguments: [
        ("", "drop.jsonl: there is no record to train on"),
        ("\n \n", "drop.jsonl: there is no record to train on"),
        (line("continue numbers: 1", "2") + "\n" + line("hello", "2"), #"drop.jsonl:3: word 1 of the text, "hello""#),
        (line("continue numbers: 1", "2, 100"), #"drop.jsonl:1: word 3 of the text, "100", is unknown"#),
        (line("continue numbers: 1", "<eos>"), "drop.jsonl:1: word 1"),
        (
            line("continue numbers: 1", Array(repeating: "7", count: 80).joined(separator: ", ")),
            "drop.jsonl:1: prompt and completion have "
        ),
        (#"{"prompt":"continue numbers: 1","completion":"2""#, "drop.jsonl:1: the record is malformed (invalid-json)"),
        (#"{"prompt":"continue numbers: 1"}"#, "drop.jsonl:1: no completion is there; write {"),
        (#"{"completion":"2"}"#, "0 prompts, 1 completion and 0 system prompts"),
        (
            #"{"messages":[{"role":"system","content":"a"},{"role":"user","content":"1"},{"role":"assistant","content":"2"}]}"#,
            "1 prompt, 1 completion and 1 system prompt;"
        ),
    ])
    func `data that can't be trained on is an error with its line`(data: String, message: String) {
        place.write("drop.jsonl", data)
        expect(student("drop.jsonl"), 3, message)
    }

    private static func line(_ prompt: String, _ completion: String) -> String {
        #"{"prompt":"\#(prompt)","completion":"\#(completion)"}"# + "\n"
    }

    @Test func `chats and packed drops are read too`() {
        let chat =
            #"{"messages":[{"role":"user","content":"extend numbers: 1"},{"role":"assistant","content":"2"}]}"# + "\n"
        place.write("chat.jsonl.gz", gzipped(Array(chat.utf8)))
        place.write("plain.jsonl", TrainCommandBadInputTests.line("extend numbers: 1", "2"))
        for data in ["chat.jsonl.gz", "plain.jsonl"] {
            let run = place.run(
                "train", "student", "--base", "base.safetensors", "--data", data, "--steps", "2", "--batch", "2",
                "--out", "\(data).model", "-q")
            #expect(run.code == 0, "\(run)")
        }
        #expect(Bytes(place.read("chat.jsonl.gz.model")) == Bytes(place.read("plain.jsonl.model")))
    }

    @Test func `what can't be written is an error before any work is done`() {
        let steps = ["--steps", "100000000"]
        expect(place.run(["train", "base", "--out", "missing/out"] + steps), 3, "missing/out: ")
        expect(place.run(["train", "base", "--out", "/proc/out"] + steps), 3, "/proc/out: ")
        expect(place.run(["train", "base", "--out", "/dev/null"] + steps), 2, "/dev/null is no regular file")
        expect(
            place.run(["train", "base", "--out", "out", "--metrics", "missing/m.jsonl"] + steps), 3,
            "missing/m.jsonl: metrics can't be written")
        expect(
            place.run("train", "sample", "--model", "base.safetensors", "--out", "missing/out"), 3, "missing/out: ")
    }

    @Test func `a model that writes too little of what the rules keep is an error, and no drop appears`() {
        expect(
            place.run("train", "sample", "--model", "base.safetensors", "--records", "8", "--out", "out"), 3,
            "of 80 records, 0 were kept and 8 are wanted")
    }

    @Test func `rules that look at a whole drop are refused`() {
        place.write(
            "twice.yaml",
            """
            pack: twice
            version: 1.0.0
            description: Records that occur twice.
            rules:
              - id: twice
                kind: duplicate
                description: The same answer again.
                accept: [{ records: ["1, 2", "1, 3"] }]
                reject: [{ records: ["1, 2", "1, 2"], reason: repeated }]
            """)
        expect(
            place.run(
                "train", "sample", "--model", "base.safetensors", "--rules", "twice.yaml", "--out", "out"), 2,
            "twice/twice looks at a whole drop")
        expect(
            place.run("train", "sample", "--model", "base.safetensors", "--rules", "none", "--out", "out"), 2)
    }

    @Test func `a state that can't be used says how to begin anew`() {
        place.write("again.state", "no state")
        let run = place.run(["train", "base", "--out", "again"] + tiny)
        #expect(run.code == 3, "\(run)")
        #expect(run.errors.contains("or begin anew: rm again.state"))
        #expect(!place.names.contains("again"))
        #expect(place.text("again.state") == "no state")
    }
}
