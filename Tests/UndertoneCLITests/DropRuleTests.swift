// Rules over the whole drop: duplicates, also of earlier drops, and answers that come too often.

import Testing

private let duplicates = """
    pack: twice
    version: 1.0.0
    description: What was there before.
    rules:
      - id: again
        kind: duplicate
        description: The answer was there before.
        accept: [{ records: ['1, 2', '1, 3'] }]
        reject: [{ records: ['1, 2', '1, 2'], reason: repeated }]

    """

private func frequent(_ over: String) -> String {
    """
    pack: often
    version: 1.0.0
    description: What comes too often.
    rules:
      - id: too-often
        kind: frequency
        description: The answer comes too often.
        over: { \(over) }
        sensitive-to: []
        accept: [{ records: ['1', '2'] }]
        reject: [{ records: ['1', '1', '1', '1'], reason: too-frequent }]

    """
}

@Suite struct DuplicateTests {
    let place = Workplace()

    init() { place.write("twice.yaml", duplicates) }

    @Test func `the first record stays and the others are rejected, across files`() throws {
        place.write("a.jsonl", completions("1, 2", "owl", "1, 2", "Owl"))
        place.write("b.jsonl", completions("3", "owl"))
        let run = place.run(
            "scan", "a.jsonl", "b.jsonl", "--rules", "twice.yaml", "--report", "json", "--kept", "kept", "--rejected",
            "rejected.jsonl")
        #expect(run.code == 0, "\(run)")
        #expect(place.text("kept") == completions("1, 2", "owl", "3"))
        let rejected = try place.rejected()
        #expect(rejected.map { $0.number("line") } == [3, 4, 2])
        #expect(rejected.allSatisfy { $0.reasons == ["twice/again repeated"] })
        #expect(rejected.last?.string("input") == "b.jsonl")
    }

    @Test func `what was in an earlier drop is rejected`() throws {
        place.write("old.jsonl.gz", gzipped(Array(completions("1, 2", "5").utf8)))
        place.write("new.jsonl", completions("1, 2", "3", "3"))
        let run = place.run(
            "scan", "new.jsonl", "--rules", "twice.yaml", "-q", "--against", "old.jsonl.gz", "--rejected",
            "rejected.jsonl")
        #expect(run.code == 0, "\(run)")
        #expect(try place.rejected().map(\.reasons) == [["twice/again in-earlier-drop"], ["twice/again repeated"]])
        // The rule may name the drop itself.
        place.write("twice.yaml", duplicates.replacing("    accept", with: "    against: [old.jsonl.gz]\n    accept"))
        _ = place.run("scan", "new.jsonl", "--rules", "twice.yaml", "-q", "--rejected", "rejected.jsonl")
        #expect(try place.rejected().count == 2)
    }

    @Test func `an earlier drop that can't be read is an error, not a pass`() {
        place.write("new.jsonl", completions("1, 2"))
        let missing = place.run(
            "scan", "new.jsonl", "--rules", "twice.yaml", "--against", "old.jsonl", "--kept", "kept")
        #expect(missing.code == 3)
        #expect(missing.errors.contains("an earlier drop can't be read"))
        let packed = gzipped(Array(String(repeating: completions("1, 2"), count: 9000).utf8))
        place.write("cut.jsonl.gz", Array(packed[..<(packed.count / 2)]))
        let cut = place.run("scan", "new.jsonl", "--rules", "twice.yaml", "--against", "cut.jsonl.gz", "--kept", "kept")
        #expect(cut.code == 3)
        #expect(cut.errors.contains("cut.jsonl.gz"))
        #expect(!place.names.contains("kept"))
    }

    @Test func `the verdicts are the same with any number of threads`() throws {
        var random = SeededGenerator(seed: 5)
        let drop = (0..<20_000).map { _ in completions("\(Int.random(in: 0..<9000, using: &random)), 5") }.joined()
        place.write("drop.jsonl", drop)
        place.write("often.yaml", frequent("count: 4"))
        var first: (Bytes, Bytes)?
        for threads in ["1", "2", "8"] {
            let run = place.run(
                "scan", "drop.jsonl", "--rules", "twice.yaml", "--rules", "often.yaml", "-q", "--threads", threads,
                "--kept", "kept", "--rejected", "rejected.jsonl")
            #expect(run.code == 0)
            let result = (Bytes(place.read("kept")), Bytes(place.read("rejected.jsonl")))
            if let first { #expect(result.0 == first.0 && result.1 == first.1, "\(threads) threads") }
            first = result
        }
        let kept = Set(place.lines("kept")).count
        #expect(kept == place.lines("kept").count)
    }
}

@Suite struct FrequencyTests {
    let place = Workplace()

    init() {
        place.write("often.yaml", frequent("count: 2"))
        // The first record is judged by what comes after it.
        place.write("drop.jsonl", completions("1", "2", "1", "2", "3", "1", "5"))
    }

    @Test func `every record of an answer that comes too often is rejected, the first one too`() throws {
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "often.yaml", "--report", "json", "--rejected", "rejected.jsonl")
        #expect(run.code == 0, "\(run)")
        #expect(try place.rejected().map { $0.number("line") } == [1, 3, 6])
        #expect(try run.json.number("records") == 7)
        #expect(try run.json.objects("inputs").first?.string("sha256")?.count == 64)
    }

    @Test func `a share of the drop is a bound too`() throws {
        place.write("often.yaml", frequent("share: 0.3"))
        _ = place.run("scan", "drop.jsonl", "--rules", "often.yaml", "-q", "--rejected", "rejected.jsonl")
        #expect(try place.rejected().map { $0.number("line") } == [1, 3, 6])
    }

    @Test func `standard input is read twice, from a pipe as from a file`() throws {
        let arguments = #"- --rules often.yaml --report json --rejected rejected.jsonl"#
        for script in [#"cat drop.jsonl | "$0" scan "# + arguments, #""$0" scan "# + arguments + " < drop.jsonl"] {
            let run = place.shell(script)
            #expect(run.code == 0, "\(run)")
            #expect(try run.json.number("records") == 7)
            #expect(try place.rejected().map { $0.number("line") } == [1, 3, 6])
        }
    }

    @Test func `a pipe that is no standard input can't be read twice`() {
        let run = place.shell(
            #"mkfifo pipe; cat drop.jsonl > pipe & "$0" scan pipe --rules often.yaml -q; code=$?; kill $!; exit $code"#)
        #expect(run.code == 3)
        #expect(run.errors.contains("save the data to a file first"))
    }
}
