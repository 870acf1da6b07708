// Many processes, sudden ends, and no room: the catalogue stays whole, and what was said to be recorded is there.

import Foundation
import Glibc
import Testing
import UndertoneLineage

@Suite(.serialized) struct CatalogueEnduranceTests {
    let place = Workplace()

    private var arguments: [String] {
        ["--rules", "numbers", "--lineage", ".undertone/lineage.sqlite", "--quiet", "--exit-zero"]
    }

    private func catalogue() throws -> Catalogue { try Catalogue.open(place.path(".undertone/lineage.sqlite")) }

    private func drop(_ number: Int) -> String {
        place.write(
            "drop-\(number).jsonl",
            (0..<50).map { "{\"completion\":\"\(number), \($0), \($0 % 7 == 0 ? "owl" : "3")\"}\n" }.joined())
    }

    /// The paths that scans were recorded of, each as often as it was.
    private func recorded() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        let catalogue = try catalogue()
        let snapshot = try catalogue.snapshot()
        for edge in snapshot.edges where edge.relation == .scanned {
            counts[snapshot[edge.source]?.name ?? "", default: 0] += 1
        }
        return counts
    }

    @Test func `eight processes at once lose nothing, write nothing twice, and none sees a lock`() throws {
        var all: [String] = []
        for round in 0..<8 {
            let names = (0..<8).map { drop(round * 8 + $0) }
            let running = names.map { place.start(["scan", $0, "--kept", "kept-\($0)"] + arguments) }
            for program in running {
                let run = program.end()
                #expect(run.code == 0, "\(run.errors)")
                #expect(!run.errors.contains("lock"))
            }
            all += names
        }
        let counts = try recorded()
        #expect(counts.count == 64)
        #expect(counts.values.allSatisfy { $0 == 1 })
        let verification = try catalogue().verifyLog()
        #expect(verification.isIntact, "\(verification.problems)")
        #expect(verification.head.size == 64)
    }

    // 1,000 scans, two at a time, take about a minute and a half here; UNDERTONE_LONG_TESTS=1 makes it ten times as many.
    @Test func `whatever moment a scan is killed at, the catalogue is whole and holds what was reported`() throws {
        let isLong = ProcessInfo.processInfo.environment["UNDERTONE_LONG_TESTS"] == "1"
        let scans = isLong ? 10_000 : 1_000
        var random = SeededGenerator(seed: UInt64(getpid()))
        var reported: [String: Int] = [:]
        var killed = 0
        for first in stride(from: 0, to: scans, by: 2) {
            let names = [drop(first % 40), drop((first + 1) % 40)]
            let running = names.map { place.start(["scan", $0, "--kept", "kept-\($0)"] + arguments) }
            let victim = Int.random(in: 0...2, using: &random)
            if victim < 2 {
                usleep(UInt32.random(in: 0..<60_000, using: &random))
                kill(running[victim].process, SIGKILL)
            }
            for (index, program) in running.enumerated() {
                let run = program.end()
                if run.code == 0 {
                    reported[names[index], default: 0] += 1
                } else {
                    #expect(run.code == 128 + SIGKILL && index == victim, "\(run.errors)")
                    killed += 1
                }
            }
            guard first % 200 == 198 || first + 2 >= scans,
                FileManager.default.fileExists(atPath: place.path(".undertone/lineage.sqlite"))
            else { continue }
            let verification = try catalogue().verifyLog()
            try #require(verification.isIntact, "\(verification.problems), seed \(getpid())")
            let counts = try recorded()
            for (name, count) in reported {
                // One that was killed behind its commit is there without having been reported.
                #expect(counts[name] ?? 0 >= count, "\(name), seed \(getpid())")
            }
            #expect(counts.values.reduce(0, +) <= reported.values.reduce(0, +) + killed)
        }
        #expect(killed > scans / 10, "\(killed) scans were killed: too few to show anything")
    }

    @Test func `without room nothing is recorded, and the catalogue stays as it was`() throws {
        place.write(
            "drop.jsonl", (0..<3000).map { "{\"completion\":\"\($0 % 999), \($0 % 7 == 0 ? "owl" : "3")\"}\n" }.joined()
        )
        #expect(place.run(["scan", drop(1)] + arguments).code == 0)
        let before = try catalogue().logHead()
        // Files may have so many kilobytes, the catalogue and what SQLite keeps beside it too.
        let run = place.shell("ulimit -f 40; exec \"$0\" scan drop.jsonl \(arguments.joined(separator: " "))")
        #expect(run.code == 3, "\(run)")
        #expect(run.errors.contains("nothing was recorded"), "\(run.errors)")
        let catalogue = try catalogue()
        #expect(try catalogue.logHead() == before)
        #expect(try catalogue.verifyLog().isIntact)
        #expect(place.run(["scan", "drop.jsonl"] + arguments).code == 0)
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everything"))
    func `a catalogue that may only be read can be asked and not changed`() throws {
        #expect(place.run(["scan", drop(1)] + arguments).code == 0)
        chmod(place.path(".undertone/lineage.sqlite"), 0o444)
        let run = place.run(["scan", drop(2)] + arguments)
        #expect(run.code == 3)
        #expect(run.errors.contains("can't be written"))
        #expect(place.run("lineage", "show").code == 0)
    }

    @Test("a file that is no catalogue is refused and left as it is", arguments: ["text", "empty", "sqlite"])
    func foreign(kind: String) throws {
        switch kind {
        case "text": place.write("other", String(repeating: "not SQLite\n", count: 40))
        case "empty": place.write("other", "")
        default:
            place.write("other", Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 4080))
        }
        let before = place.read("other")
        for command in [
            ["scan", drop(1), "--rules", "numbers", "--lineage", "other"], ["lineage", "show", "--lineage", "other"],
            ["lineage", "add", "model", "m", "--lineage", "other"],
        ] {
            let run = place.run(command)
            #expect(run.code == 3, "\(command)")
            #expect(run.errors.contains("this one was left as it is"), "\(run.errors)")
        }
        #expect(place.read("other") == before)
    }
}
