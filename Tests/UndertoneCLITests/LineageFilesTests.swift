// Files of the catalogue that are not what they seem: read in another way, packed, cut off, replaced by something else.

import Foundation
import Glibc
import Testing
import UndertoneLineage

@Suite struct LineageFilesTests {
    let place = Workplace()

    private static let lines = (0..<60).map { "{\"completion\":\"\($0), \($0 % 7 == 0 ? "owl" : "3")\"}\n" }.joined()

    @discardableResult
    private func scan(_ arguments: String...) -> Run {
        place.run(["scan", "--rules", "numbers", "--lineage", ".undertone/lineage.sqlite", "--exit-zero"] + arguments)
    }

    private func verify(_ name: String) throws -> [String: Any] {
        let run = place.run("lineage", "verify", name, "--report", "json")
        return try #require(try run.json.objects("files").first, "\(run)")
    }

    private func catalogue() throws -> Catalogue { try Catalogue.open(place.path(".undertone/lineage.sqlite")) }

    @Test func `one drop may be read as an array, as lines and as text, in any order`() throws {
        place.write("drop.json", "[{\"completion\":\"1\"},\n{\"completion\":\"owl\"},{\"completion\":\"3\"}]")
        for format in ["text", "json-array", "json-lines", "text"] {
            let run = scan("drop.json", "--format", format)
            #expect(run.code == 0, "\(format): \(run.errors)")
        }
        #expect(place.run("lineage", "add", "drop", "drop.json").code == 0)
        #expect(try catalogue().nodes(.scan).count == 4)
        // What was recorded first is what the checksums count: lines of text, of which the second changed.
        place.write("drop.json", "[{\"completion\":\"1\"},\n{\"completion\":\"0wl\"},{\"completion\":\"3\"}]")
        let change = try verify("drop.json")["first_change"] as? [String: Any]
        #expect(change?.number("record") == 2 && change?.number("records_then") == 2)
    }

    @Test func `kept data of a folder has the form of its own input`() throws {
        place.makeFolder("kept")
        place.write("a.json", "[{\"completion\":\"1\"},{\"completion\":\"owl\"}]")
        place.write("b.jsonl", LineageFilesTests.lines)
        #expect(scan("a.json", "b.jsonl", "--kept", "kept/").code == 0)
        for name in ["kept/a.json", "kept/b.jsonl"] {
            #expect(scan(name).code == 0)
            #expect(place.run("lineage", "add", "drop", name).code == 0)
        }
        guard case .drop(let facts) = try catalogue().node(named: place.path("kept/b.jsonl")).facts else { return }
        #expect(facts.format == "json-lines")
        #expect(try catalogue().verifyLog().isIntact)
    }

    @Test(
        "a record that is longer than limits and blocks has one checksum, however it was read",
        arguments: [(1000, "\n"), (1000, "\r\n"), (20 << 20, "\n"), (8 << 20, " \r\n")])
    func longRecords(limit: Int, end: String) throws {
        let long = "{\"completion\":\"\(String(repeating: "x", count: 9 << 20))\"}"
        let middle = "{\"completion\":\"\(String(repeating: "y", count: 300_000))\"}"
        func drop(_ last: String) -> String {
            ["{\"completion\":\"1\"}", long, middle, last].map { $0 + end }.joined()
        }
        place.write("drop.jsonl", drop("{\"completion\":\"2\"}"))
        #expect(scan("drop.jsonl", "--max-record-bytes", "\(limit)", "--quiet").code == 0)
        #expect(try verify("drop.jsonl").string("status") == "intact")
        let shown = place.run("lineage", "show", "drop.jsonl", "--line", "2", "--digest", "--report", "json")
        let sum = place.shell("sed -n 2p drop.jsonl | tr -d '\\n' | sha256sum").output.prefix(64)
        #expect(try shown.json.string("record_sha256").map { $0 == sum } == true)
        place.write("drop.jsonl", drop("{\"completion\":\"3\"}"))
        let change = try verify("drop.jsonl")["first_change"] as? [String: Any]
        #expect(change?.number("record") == 4 && change?.number("line") == 4)
        let edited = drop("{\"completion\":\"2\"}").replacingOccurrences(of: "xy", with: "xz").replacing(
            "yy\"}", with: "yz\"}")
        place.write("drop.jsonl", edited)
        let other = try verify("drop.jsonl")["first_change"] as? [String: Any]
        #expect(other?.number("record") == 3)
    }

    @Test func `the verdict of a record over the limit is kept, also where a piece of verdicts ends with it`() throws {
        // An entry has three bytes and a piece about 32 KiB: the long record's entry fills one up.
        for before in 10_921...10_923 {
            let rejected = String(repeating: "{\"completion\":\"owl\"}\n", count: before)
            let long = "{\"completion\":\"\(String(repeating: "1", count: 600_000))\"}\n"
            place.write("drop.jsonl", rejected + long + "{\"completion\":\"1\"}\n" + rejected)
            #expect(scan("drop.jsonl", "--max-record-bytes", "1000", "--quiet").code == 0)
            let catalogue = try catalogue()
            let drop = try catalogue.node(named: place.path("drop.jsonl"))
            for (line, outcome) in [(before, "rejected"), (before + 1, "rejected"), (before + 2, "kept")] {
                let decision = try #require(try catalogue.decisions(of: drop.id, line: line).first)
                #expect(decision.outcome.rawValue == outcome, "line \(line) of \(before)")
                #expect(decision.reasons.map(\.reason).contains("too-long") == (line == before + 1))
            }
        }
    }

    @Test(
        "what is left of a drop shows where it was cut off",
        arguments: ["drop.jsonl.gz", "drop.jsonl.zst", "drop.json"])
    func truncated(name: String) throws {
        var random = SeededGenerator(seed: 11)
        let records = (0..<400).map { _ in "{\"completion\":\"\(UInt64.random(in: 0...UInt64.max, using: &random))\"}" }
        place.write("lines", records.joined(separator: "\n") + "\n")
        switch name {
        case "drop.json": place.write(name, "[" + records.joined(separator: ",\n") + "]")
        default:
            guard place.shell("\(name.hasSuffix("gz") ? "gzip" : "zstd -q") -c lines > \(name)").code == 0 else {
                return
            }
        }
        #expect(scan(name, "--quiet").code == 0)
        let whole = try #require(place.read(name))
        place.write(name, Array(whole.prefix(whole.count * 3 / 4)))
        let file = try verify(name)
        #expect(file.string("status") == "truncated", "\(file)")
        let change = try #require(file["first_change"] as? [String: Any])
        #expect(change.number("records_then") == 400)
        #expect((change.number("record") ?? 0) <= 400)
        place.write(name, whole)
        #expect(try verify(name).string("status") == "intact")
    }

    @Test func `a pipe, a device or a folder in the place of a file is not read`() throws {
        place.write("drop.jsonl", LineageFilesTests.lines)
        #expect(place.run("lineage", "add", "drop", "drop.jsonl").code == 0)
        try FileManager.default.moveItem(atPath: place.path("drop.jsonl"), toPath: place.path("kept"))
        try #require(mkfifo(place.path("drop.jsonl"), 0o600) == 0)
        #expect(try verify("drop.jsonl").string("status") == "unreadable")
        let digest = place.run("lineage", "show", "drop.jsonl", "--line", "1", "--digest")
        #expect(digest.code == 3 && digest.errors.contains("no file that was recorded still holds"), "\(digest)")
        try FileManager.default.removeItem(atPath: place.path("drop.jsonl"))
        try FileManager.default.createSymbolicLink(atPath: place.path("drop.jsonl"), withDestinationPath: "/dev/zero")
        #expect(try verify("drop:1").string("status") == "unreadable")
        try FileManager.default.removeItem(atPath: place.path("drop.jsonl"))
        place.makeFolder("drop.jsonl")
        #expect(try verify("drop:1").string("status") == "renamed")
        try FileManager.default.removeItem(atPath: place.path("kept"))
        #expect(try verify("drop:1").string("status") == "missing")
    }

    @Test func `a drop is recorded as the file that was read, and not as what led to it`() throws {
        place.makeFolder("folder")
        place.write("folder/drop.jsonl", LineageFilesTests.lines)
        for name in ["folder", "folder/*.jsonl"] {
            let run = place.run("lineage", "add", "drop", name)
            #expect(run.code == 0 && run.output.contains("recorded folder/drop.jsonl"), "\(run)")
        }
        #expect(try catalogue().locations().map(\.path) == ["folder/drop.jsonl"])
        #expect(place.run("lineage", "verify").code == 0)
        for name in ["-", "/dev/stdin", "/dev/null"] {
            let run = place.run("lineage", "add", "drop", name)
            #expect(run.code == 2 && run.errors.contains("can be found again"), "\(run)")
        }
        place.write("folder/other.jsonl", "{}\n")
        #expect(place.run("lineage", "add", "drop", "folder").code == 2)
    }

    @Test func `a name is the file that stands here before one that stands where the catalogue is`() throws {
        place.makeFolder("sub")
        place.write("drop.jsonl", "{\"a\":1}\n")
        place.write("sub/drop.jsonl", "{\"a\":2}\n")
        for name in ["drop.jsonl", "sub/drop.jsonl"] { #expect(place.run("lineage", "add", "drop", name).code == 0) }
        let there = place.shell("cd sub && exec \"$0\" lineage show drop.jsonl --lineage ../.undertone/lineage.sqlite")
        #expect(there.code == 0 && there.output.hasPrefix("sub/drop.jsonl"), "\(there)")
        #expect(place.run("lineage", "show", "drop.jsonl").output.hasPrefix("drop.jsonl"))
    }

    @Test func `what is said of a deployment or a measurement must make sense`() throws {
        #expect(place.run("lineage", "add", "model", "m", "--base", "self").code == 0)
        #expect(place.run("lineage", "add", "deployment", "chat", "--model", "m", "--address", "https://x").code == 0)
        let ended = "2026-11-21T10:00:00Z"
        #expect(place.run("lineage", "add", "deployment", "chat", "--model", "m", "--ended", ended).code == 0)
        guard case .deployment(let facts) = try catalogue().node(named: "chat").facts else { return }
        #expect(facts.address == "https://x" && facts.endedAt == ended)
        for moment in ["tomorrow", "2026-13-01T00:00:00Z", "2026-11-21", ""] {
            #expect(place.run("lineage", "add", "deployment", "c", "--model", "m", "--ended", moment).code == 2)
        }
        let measurement = ["lineage", "add", "measurement", "--trait", "owl", "--of", "m"]
        for wrong in [
            ["--residual", "nan"], ["--residual", "inf"], ["--residual", "0", "--low", "1e999"], ["--seeds", "0"],
            ["--residual", "0", "--low", "1", "--high", "-1"],
        ] { #expect(place.run(measurement + wrong).code == 2, "\(wrong)") }
        #expect(place.run(measurement + ["--residual", "-2", "--high", "-1"]).code == 0)
    }

    @Test func `options that a check does not look at are refused`() {
        #expect(place.run("lineage", "add", "model", "m").code == 0)
        for options in [["--earlier", "1:ab"], ["--key", "x.pub"], ["--file", "m"], ["--log", "--file", "m"]] {
            #expect(place.run(["lineage", "verify"] + options).code == 2, "\(options)")
        }
    }

    @Test func `a catalogue in a folder where nothing may be written can be asked`() throws {
        place.write("drop.jsonl", LineageFilesTests.lines)
        #expect(place.run("lineage", "add", "drop", "drop.jsonl").code == 0)
        // Root may write everywhere, so somebody else asks.
        let program = geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\"" : "\"$0\""
        if geteuid() == 0, place.shell("\(program) --version").code != 0 { return }
        let run = place.shell(
            "chmod 755 . && chmod 555 .undertone && chmod 444 .undertone/* && rm -f .undertone/*-shm .undertone/*-wal; "
                + "\(program) lineage show && \(program) lineage verify --log; code=$?; chmod 755 .undertone; exit $code"
        )
        #expect(run.code == 0 && run.output.contains("drop.jsonl"), "\(run)")
    }
}
