// What storage does to a scan: broken shards, bombs, inputs that are missing, change or go away.

import Foundation
import Glibc
import Testing

@Suite struct BadShardTests {
    @Test(arguments: ["gzip", "zstd"], [false, true])
    func `a truncated shard is judged as far as it goes, named, and fails the gate; the others go on`(
        packing: String, isArray: Bool
    ) throws {
        let place = Workplace()
        let pack = packing == "gzip" ? gzipped : zstandard
        // Some hundred kilobytes, so that whole blocks of the packed data are there.
        let lines = (0..<20_000).map { #"{"completion":"\#($0 % 900 + 1000)"}"# }
        let records = lines.map { $0.replacing("\":\"1", with: "\":\"") }
        let whole = isArray ? "[" + records.joined(separator: ",\n") + "]" : records.joined(separator: "\n") + "\n"
        let packed = pack(Array(whole.utf8))
        place.write("a.json", pack(Array(whole.utf8)))
        place.write("b.json", Array(packed[..<(packed.count / 2)]))
        place.write("c.json", whole)
        let alone = try place.run("scan", "c.json", "--rules", "numbers", "--report", "json").json
        let kept = try #require(alone.number("kept"))
        let run = place.run(
            "scan", "a.json", "b.json", "c.json", "--rules", "numbers", "--report", "json", "--kept", "kept",
            "--rejected", "rejected", "--compress", "none")
        #expect(run.code == 3, "\(run)")
        let report = try run.json
        #expect(report["passed"] as? Bool == false)
        #expect(report.clause("input b.json") == false)
        let inputs = report.objects("inputs")
        #expect(inputs.map { $0.string("path") } == ["a.json", "b.json", "c.json"])
        #expect(inputs[0].number("records") == 20_000 && inputs[2].number("records") == 20_000)
        let judged = try #require(inputs[1].number("records"))
        #expect(judged > 5000 && judged < 20_000)
        let problem = try #require(inputs[1].string("problem"))
        #expect(problem.hasPrefix("b.json: the \(packing) data ends too early"))
        #expect(problem.contains("get the file again"))
        #expect(report.number("kept") ?? 0 >= 2 * kept)
        // The record in which it broke off is rejected.
        let truncated = try place.rejected("rejected").filter { $0.reasons.contains("undertone/malformed truncated") }
        #expect(truncated.count <= 1)
        #expect(truncated.allSatisfy { $0.string("input") == "b.json" })
        #expect((report.number("kept") ?? 0) + (report.number("rejected") ?? 0) == report.number("records"))
        #expect(!place.hasLeftovers)
    }

    @Test func `damage in the middle of a shard is an error with a mend`() throws {
        let place = Workplace()
        var packed = gzipped(Array(String(repeating: completions("1, 2"), count: 9000).utf8))
        packed[70_000] ^= 0xFF
        packed[70_001] ^= 0x10
        place.write("bad.jsonl.gz", packed)
        let run = place.run("scan", "bad.jsonl.gz", "--rules", "numbers", "--report", "json")
        #expect(run.code == 3)
        let problem = try #require(run.json.objects("inputs").first?.string("problem"))
        #expect(problem.hasPrefix("bad.jsonl.gz: "))
    }

    @Test func `an array that is not closed is judged as far as it goes`() throws {
        let place = Workplace()
        place.write("cut.json", #"[{"completion":"1"},{"completion":"2"},{"compl"#)
        let run = place.run(
            "scan", "cut.json", "--rules", "numbers", "--report", "json", "--kept", "kept", "--rejected",
            "rejected.jsonl")
        #expect(run.code == 3)
        let report = try run.json
        #expect(report.number("kept") == 2)
        #expect(report.number("malformed") == 1)
        #expect(try #require(report.objects("inputs").first?.string("problem")).contains("no closing bracket"))
        #expect(try place.rejected().first?.string("raw") == #"{"compl"#)
        #expect((try? JSONSerialization.jsonObject(with: Data(place.read("kept") ?? []))) != nil)
    }

    @Test func `what stands behind an array is judged line by line and the kept array stays one`() throws {
        let place = Workplace()
        place.write("drop.json", "[{\"completion\":\"1\"}]\n{\"completion\":\"2\"}\n\n{\"completion\":\"3\"}\nowl\n")
        let run = place.run("scan", "drop.json", "--rules", "numbers", "--report", "json", "--kept", "kept")
        #expect(run.code == 3)
        #expect(try run.json.number("kept") == 3)
        let kept = try JSONSerialization.jsonObject(with: Data(place.read("kept") ?? [])) as? [Any]
        #expect(kept?.count == 3)
    }

    @Test(arguments: [UInt8(ascii: "x"), UInt8(ascii: "\n"), UInt8(ascii: "[")])
    func `a bomb is stopped by --max-decoded-bytes and needs little memory`(byte: UInt8) throws {
        let place = Workplace()
        place.write("bomb.jsonl.zst", zstandardBomb(blocks: 320, of: byte))  // 40 MiB
        place.write("good.jsonl", completions("1"))
        let run = place.start([
            "scan", "bomb.jsonl.zst", "good.jsonl", "--rules", "numbers", "--report", "json", "--max-decoded-bytes",
            "\(8 << 20)", "--threads", "2",
        ]).end(measuresMemory: true)
        #expect(run.code == 3, "\(run)")
        #expect(run.peakBytes < 200 << 20, "\(run.peakBytes >> 20) MiB")
        let inputs = try run.json.objects("inputs")
        #expect(
            inputs[0].string("problem")
                == "bomb.jsonl.zst: holds more than 8388608 bytes when unpacked; raise the limit if that much is expected"
        )
        #expect(inputs[1].number("records") == 1)
        let whole = place.start(["scan", "bomb.jsonl.zst", "--rules", "numbers", "-q"]).end(measuresMemory: true)
        #expect(whole.code == 1)
        #expect(whole.peakBytes < 200 << 20, "\(whole.peakBytes >> 20) MiB")
    }

    @Test func `a pipe without an end is given up at --max-decoded-bytes`() throws {
        let place = Workplace()
        let run = place.shell(
            #"yes '{"completion":"1"}' | "$0" scan - --rules numbers --report json --max-decoded-bytes 1000000"#)
        #expect(run.code == 3)
        let input = try #require(run.json.objects("inputs").first)
        #expect(input.string("sha256") == nil)
        #expect((input.number("records") ?? 0) > 50_000)
    }
}

@Suite struct MissingInputTests {
    @Test func `a folder without data is an error that names it`() {
        let place = Workplace()
        place.makeFolder("data")
        place.write("data/readme.md", "x")
        let run = place.run("scan", "data", "--rules", "numbers", "--kept", "kept")
        #expect(run.code == 3)
        #expect(run.errors.contains("data: holds no data (1 other file)"))
        #expect(place.names == ["data"])
    }

    @Test func `a file that is not there is an error with the nearest name`() {
        let place = Workplace()
        place.write("drop.jsonl", completions("1"))
        let run = place.run("scan", "dorp.jsonl", "--rules", "numbers")
        #expect(run.code == 3)
        #expect(run.errors.contains("dorp.jsonl: no such file or folder; did you mean drop.jsonl?"))
        #expect(run.output.isEmpty)
    }

    @Test func `a missing file among others fails the gate and the others are judged`() throws {
        let place = Workplace()
        place.write("drop.jsonl", completions("1"))
        let run = place.run("scan", "drop.jsonl", "other.jsonl", "no*.jsonl", "--rules", "numbers", "--report", "json")
        #expect(run.code == 3)
        let report = try run.json
        #expect(report["passed"] as? Bool == false)
        #expect(report.number("kept") == 1)
        #expect(report.objects("inputs").count { $0.string("problem") != nil } == 2)
    }

    @Test func `files, folders, patterns and standard input are read`() throws {
        let place = Workplace()
        place.makeFolder("data/deep")
        place.write("data/a.jsonl", completions("1"))
        place.write("data/deep/b.jsonl.gz", gzipped(Array(completions("2").utf8)))
        place.write("data/notes.md", "no data")
        place.write("c1.txt", "3\n")
        place.write("c2.json", #"[{"completion":"5"}]"#)
        let run = place.run(
            "scan", "data", "c?.*", "-", "--rules", "numbers", "--report", "json", input: place.path("data/a.jsonl"))
        #expect(run.code == 0, "\(run)")
        let inputs = try run.json.objects("inputs")
        #expect(inputs.map { $0.string("path") } == ["data/a.jsonl", "data/deep/b.jsonl.gz", "c1.txt", "c2.json", "-"])
        #expect(inputs.map { $0.string("format") } == ["json-lines", "json-lines", "text", "json-array", "json-lines"])
        #expect(inputs.map { $0.string("compression") } == ["none", "gzip", "none", "none", "none"])
        #expect(inputs.allSatisfy { $0.number("records") == 1 })
    }
}

@Suite struct ChangingInputTests {
    // The program writes kept records into a pipe that nobody reads yet, so it stands still in the middle of its input.
    private func scanStopped(_ place: Workplace, then change: (Workplace) -> Void) throws -> Run {
        place.write("drop.jsonl", String(repeating: completions("1, 2, 3"), count: 100_000))
        #expect(mkfifo(place.path("kept"), 0o600) == 0)
        let program = place.start([
            "scan", "drop.jsonl", "--rules", "numbers", "--report", "json", "--kept", "kept", "--threads", "1",
        ])
        let pipe = open(place.path("kept"), O_RDONLY)  // Waits until the program has opened it.
        defer { close(pipe) }
        change(place)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while read(pipe, &buffer, buffer.count) > 0 {}
        return program.end()
    }

    @Test func `a file that vanishes while it is read fails the gate`() throws {
        let run = try scanStopped(Workplace()) { unlink($0.path("drop.jsonl")) }
        #expect(run.code == 3, "\(run)")
        #expect(run.output.contains("drop.jsonl: vanished while it was read"))
    }

    @Test func `a file that grows while it is read fails the gate`() throws {
        let run = try scanStopped(Workplace()) { place in
            let file = open(place.path("drop.jsonl"), O_WRONLY | O_APPEND)
            let more = Array(completions("5").utf8)
            #expect(write(file, more, more.count) == more.count)
            close(file)
        }
        #expect(run.code == 3, "\(run)")
        #expect(run.output.contains("drop.jsonl: was changed while it was read; scan a copy"))
    }

    @Test func `a file that is cut off while it is read fails the gate`() throws {
        let run = try scanStopped(Workplace()) { truncate($0.path("drop.jsonl"), 2_000_000) }
        #expect(run.code == 3, "\(run)")
        #expect(try run.json.objects("inputs").first?.string("problem")?.contains("was changed") == true)
    }
}
