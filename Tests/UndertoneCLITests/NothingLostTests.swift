// Nothing is lost and nothing is invented: what is kept and what is rejected are the drop, whatever it holds.

import Foundation
import Testing

@Suite struct NothingLostTests {
    enum Packing: String, CaseIterable {
        case none, gzip, zstd

        func pack(_ bytes: [UInt8]) -> [UInt8] {
            switch self {
            case .none: bytes
            case .gzip: gzipped(bytes)
            case .zstd: zstandard(bytes)
            }
        }
    }

    /// What a scan wrote and said.
    struct Result: Equatable {
        var code: Int32
        var kept: Bytes
        var rejected: Bytes
        var report: String
    }

    func scan(_ place: Workplace, _ arguments: [String], threads: Int) throws -> Result {
        let run = place.run(
            ["scan"] + arguments + [
                "--threads", "\(threads)", "--report", "json", "--kept", "kept", "--rejected", "rejected",
            ])
        #expect(run.code < 2, "\(run)")
        #expect(!place.hasLeftovers)
        let report = try run.json
        #expect((report.number("kept") ?? 0) + (report.number("rejected") ?? 0) == report.number("records"))
        return Result(
            code: run.code, kept: Bytes(place.read("kept")), rejected: Bytes(place.read("rejected")),
            report: run.output.split(separator: "\n").filter { !$0.contains(#""seconds""#) }.joined(separator: "\n"))
    }

    func restored(_ place: Workplace) -> Bytes {
        let run = place.run("restore", "--kept", "kept", "--rejected", "rejected", "--output", "restored")
        #expect(run.code == 0, "\(run)")
        return Bytes(place.read("restored"))
    }

    @Test func `elements of an array are not put back together as lines`() {
        let place = Workplace()
        place.write("drop.json", #"[{"completion":"1, 2"}, {"completion":"owl"}]"#)
        _ = place.run("scan", "drop.json", "--rules", "numbers", "--kept", "kept", "--rejected", "rejected")
        let restored = place.run("restore", "--kept", "kept", "--rejected", "rejected")
        #expect(restored.code == 2)
        #expect(restored.output.isEmpty)
        #expect(restored.errors.contains("JSON array"))
    }

    @Test(arguments: 1...2, Packing.allCases)
    func `kept and rejected lines are the drop, and the same with any number of threads`(
        seed: UInt64, packing: Packing
    ) throws {
        for isText in [false, true] {
            var random = SeededGenerator(seed: seed &* 2 + (isText ? 1 : 0))
            let drop = random.drop(DropShape(records: 1200, isText: isText))
            let place = Workplace()
            place.write("drop", packing.pack(drop))
            let arguments =
                ["drop", "--rules", "numbers", "--rules", "hidden-text"]
                + ["--format", isText ? "text" : "json-lines"]
            let one = try scan(place, arguments, threads: 1)
            #expect(restored(place) == Bytes(drop), "seed \(seed)")
            for threads in [2, 8] {
                #expect(try scan(place, arguments, threads: threads) == one, "seed \(seed), \(threads) threads")
            }
        }
    }

    @Test(arguments: 1...2)
    func `records of all sizes around a small limit are restored, and the same with any number of threads`(
        seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        let drop = random.drop(DropShape(records: 16, filler: 700_000))
        let place = Workplace()
        place.write("drop", drop)
        let arguments = ["drop", "--rules", "numbers", "--format", "json-lines", "--max-record-bytes", "300000"]
        let one = try scan(place, arguments, threads: 1)
        #expect(restored(place) == Bytes(drop), "seed \(seed)")
        let reasons = try place.rejected("rejected").flatMap(\.reasons)
        #expect(reasons.contains("undertone/malformed too-long"))
        for threads in [2, 8] {
            #expect(try scan(place, arguments, threads: threads) == one, "seed \(seed), \(threads) threads")
        }
    }

    @Test func `threads that hold large records do not wait for each other`() throws {
        let place = Workplace()
        let line = #"{"completion":"\#(String(repeating: "x", count: 3_000_000))"}"# + "\n"
        place.write("drop.jsonl", String(repeating: line, count: 5) + completions("1, 2"))
        let run = place.run(
            "scan", "drop.jsonl", "drop.jsonl", "--rules", "numbers", "--threads", "8", "--report", "json")
        #expect(try run.json.number("rejected") == 5)
    }

    @Test(arguments: 1...6, [false, true])
    func `elements of an array are kept and rejected as they are`(seed: UInt64, isLarge: Bool) throws {
        var random = SeededGenerator(seed: seed)
        let elements = (0..<(isLarge ? 1500 : 12)).map { _ in
            let record = random.record()
            // Line feeds between tokens, as in arrays that were made for people.
            return random.chance(30) && record.first == 0x7B ? [0x7B, 0x0A, 0x20] + record.dropFirst() : record
        }
        var drop: [UInt8] = random.chance(30) ? [0xEF, 0xBB, 0xBF] : []
        drop += Array("[".utf8)
        for (index, element) in elements.enumerated() {
            if index > 0 { drop += Array(random.pick([",", ", ", " ,\n", ",\r\n\t"]).utf8) }
            drop += element
        }
        drop += Array(random.pick(["]", " ]\n", "\n]\r\n"]).utf8)
        let place = Workplace()
        place.write("drop.json", random.pick(Packing.allCases).pack(drop))
        let arguments = ["drop.json", "--rules", "numbers", "--compress", "none"]
        let one = try scan(place, arguments, threads: 1)
        let rejected = try place.rejected("rejected")
        let numbers = Set(rejected.compactMap { $0.number("line") })
        #expect(numbers.count == rejected.count)
        let kept = elements.indices.filter { !numbers.contains($0 + 1) }.map { elements[$0] }
        let mark: [UInt8] = drop.first == 0xEF ? [0xEF, 0xBB, 0xBF] : []
        #expect(
            one.kept
                == Bytes(mark + Array("[\n".utf8) + kept.joined(separator: Array(",\n".utf8)) + Array("\n]\n".utf8)))
        for line in place.lines("rejected") {
            let record = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let element = elements[try #require(record.number("line")) - 1]
            if let raw = record.string("raw") {
                #expect(Bytes(Array(raw.utf8)) == Bytes(element))
            } else {
                #expect(line.utf8.reversed().dropFirst().starts(with: element.reversed()), "line \(line)")
            }
        }
        for threads in [2, 8] { #expect(try scan(place, arguments, threads: threads) == one) }
    }

    @Test(arguments: 1...4)
    func `a scan of two drops is one scan behind the other`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let place = Workplace()
        var kept: [UInt8] = []
        var rejected: [UInt8] = []
        var records = 0
        for name in ["a.jsonl", "b.jsonl"] {
            var drop = random.drop(DropShape(records: 1500))
            if drop.first == 0xEF { drop.removeFirst(3) }
            place.write(name, drop + [0x0A])
            let run = place.run(
                "scan", name, "--rules", "numbers", "--report", "json", "--kept", "kept", "--rejected", "rejected")
            records += try run.json.number("records") ?? 0
            kept += try #require(place.read("kept"))
            rejected += try #require(place.read("rejected"))
        }
        for threads in [1, 8] {
            let both = try scan(place, ["a.jsonl", "b.jsonl", "--rules", "numbers"], threads: threads)
            #expect(both.kept == Bytes(kept), "seed \(seed)")
            #expect(both.rejected == Bytes(rejected), "seed \(seed)")
            #expect(both.report.contains(#""records": \#(records)"#))
        }
        // One output for each input, in a folder.
        place.makeFolder("out")
        _ = place.run("scan", "a.jsonl", "b.jsonl", "--rules", "numbers", "-q", "--kept", "out/")
        #expect(Bytes((place.read("out/a.jsonl") ?? []) + (place.read("out/b.jsonl") ?? [])) == Bytes(kept))
    }

    @Test func `a drop without a last line feed does not run into the next`() {
        let place = Workplace()
        place.write("a.jsonl", #"{"completion":"1"}"#)
        place.write("b.jsonl", #"{"completion":"2"}"#)
        #expect(place.run("scan", "a.jsonl", "b.jsonl", "--rules", "numbers", "-q", "--kept", "kept").code == 0)
        #expect(place.text("kept") == "{\"completion\":\"1\"}\n{\"completion\":\"2\"}")
    }

    @Test(arguments: ["kept.jsonl.gz", "kept.jsonl.zst"])
    func `an output is packed by its name, and --compress goes before it`(name: String) throws {
        let place = Workplace()
        place.write("drop.jsonl", completions("1, 2", "3"))
        #expect(place.run("scan", "drop.jsonl", "--rules", "numbers", "-q", "--kept", name).code == 0)
        let packed = try #require(place.read(name))
        #expect(packed.starts(with: name.hasSuffix("gz") ? [0x1F, 0x8B] : [0x28, 0xB5, 0x2F, 0xFD]))
        place.write("none.jsonl", "")
        let restored = place.run("restore", "--kept", name, "--rejected", "none.jsonl")
        #expect(restored.output == place.text("drop.jsonl"))
        #expect(
            place.run("scan", "drop.jsonl", "--rules", "numbers", "-q", "--kept", name, "--compress", "none").code == 0)
        #expect(place.text(name) == place.text("drop.jsonl"))
    }

    @Test func `other programs can unpack what is written`() {
        let place = Workplace()
        place.write("drop.jsonl", completions("1, 2", "3"))
        #expect(place.run("scan", "drop.jsonl", "--rules", "numbers", "-q", "--kept", "kept.gz").code == 0)
        let unpacked = place.shell("gzip -dc kept.gz")
        #expect(unpacked.code == 0)
        #expect(unpacked.output == place.text("drop.jsonl"))
    }

    @Test func `restore says what does not fit together`() {
        let place = Workplace()
        place.write("drop.jsonl", completions("1", "owl", "2"))
        _ = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "-q", "--kept", "kept", "--rejected", "rejected")
        place.write("short", "")
        let short = place.run("restore", "--kept", "short", "--rejected", "rejected", "--output", "out")
        #expect(short.code == 3)
        #expect(short.errors.contains("ends before it"))
        let swapped = place.run("restore", "--kept", "rejected", "--rejected", "kept", "--output", "out")
        #expect(swapped.code == 3)
        #expect(swapped.errors.contains("kept is no rejected data of a scan"))
        let missing = place.run("restore", "--kept", "kepd", "--rejected", "rejected")
        #expect(missing.code == 3)
        #expect(missing.errors.contains("did you mean kept?"))
        let same = place.run("restore", "--kept", "kept", "--rejected", "rejected", "--output", "kept")
        #expect(same.code == 2)
        #expect(place.names == ["drop.jsonl", "kept", "rejected", "short"])
    }
}
