// Scans that record themselves: the catalogue says of every line what the rejected data says.

import Foundation
import Testing
import UndertoneLineage

@Suite struct RecordedScanTests {
    let place = Workplace()

    private func catalogue() throws -> Catalogue { try Catalogue.open(place.path(".undertone/lineage.sqlite")) }

    private func scan(_ arguments: String...) -> Run {
        place.run(["scan", "--rules", "numbers", "--lineage", ".undertone/lineage.sqlite", "--exit-zero"] + arguments)
    }

    @Test("the catalogue knows why each line was rejected", arguments: 0..<12 as Range<UInt64>)
    func decisions(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let isText = seed % 4 == 3
        var shape = DropShape(records: 1500)
        shape.isText = isText
        let drop = random.drop(shape)
        place.write("drop.jsonl", drop)
        let run = scan(
            "drop.jsonl", "--rejected", "rejected.jsonl", "--threads", "\(1 + seed % 4)", "--max-record-bytes",
            seed % 3 == 0 ? "300" : "8388608", "--format", isText ? "text" : "json-lines", "--report", "json")
        try #require(run.code == 0, "seed \(seed): \(run.errors)")
        let report = try run.json
        var wanted: [Int: [String]] = [:]
        for rejected in try place.rejected() {
            let findings = try #require(rejected["findings"] as? [[String: Any]])
            let line = try #require(rejected.number("line"))
            wanted[line] = Set(findings.map { "\($0["rule"] ?? "") \($0["reason"] ?? "")" }).sorted()
        }
        let catalogue = try catalogue()
        let node = try catalogue.node(named: place.path("drop.jsonl"))
        var outcomes: [LineDecision.Outcome: Int] = [:]
        let lines = drop.split(separator: 0x0A, omittingEmptySubsequences: false).count
        for line in 1...lines + 3 {
            let decision = try #require(try catalogue.decisions(of: node.id, line: line).first)
            outcomes[decision.outcome, default: 0] += 1
            let reasons = decision.reasons.filter { $0.action != "flag" || wanted[line] == nil }
            if let wanted = wanted[line] {
                #expect(decision.outcome == .rejected, "seed \(seed), line \(line)")
                let found = Set(decision.reasons.map { "\($0.rule) \($0.reason)" }).sorted()
                #expect(found == wanted, "seed \(seed), line \(line)")
            } else {
                #expect(decision.outcome != .rejected, "seed \(seed), line \(line)")
                #expect(reasons.allSatisfy { $0.action == "flag" })
            }
        }
        let counts = try #require(report["counts"] as? [String: Any] ?? report)
        #expect(outcomes[.rejected] == wanted.count)
        #expect((outcomes[.kept] ?? 0) + (outcomes[.flagged] ?? 0) == counts.number("kept"), "seed \(seed)")
        #expect(try catalogue.verifyLog().isIntact)
        #expect(place.run("lineage", "verify").code == 0)
    }

    @Test func `the first record that changed is named, and what became of a file`() throws {
        var random = SeededGenerator(seed: 7)
        let drop = random.drop(DropShape(records: 4000))
        place.write("drop.jsonl", drop)
        place.write("other.jsonl", "{\"completion\":\"1, 2\"}\n")
        #expect(scan("drop.jsonl", "--kept", "kept.jsonl").code == 0)
        #expect(place.run("lineage", "add", "drop", "other.jsonl").code == 0)
        func status(_ name: String) throws -> (status: String?, change: [String: Any]?) {
            let run = place.run("lineage", "verify", "--report", "json")
            let files = try #require(try run.json["files"] as? [[String: Any]])
            #expect((run.code == 0) == files.allSatisfy { $0.string("status") == "intact" })
            let file = try #require(files.first { $0.string("path") == name })
            return (file.string("status"), file["first_change"] as? [String: Any])
        }
        #expect(try status("drop.jsonl").status == "intact")
        // One byte of one record.
        let lines = drop.split(separator: 0x0A, omittingEmptySubsequences: false)
        var number = 2000
        while !lines[number].contains(UInt8(ascii: "{")) { number += 1 }
        var changed = drop
        let place200 = lines[number].startIndex + lines[number].count / 2
        changed[place200] ^= 1
        place.write("drop.jsonl", changed)
        let edit = try status("drop.jsonl")
        #expect(edit.status == "changed")
        #expect(edit.change?.number("line") == number + 1)
        // The end cut off, inside a record.
        place.write("drop.jsonl", Array(drop.prefix(drop.count / 2)))
        #expect(try status("drop.jsonl").status == "truncated")
        // White space between records.
        place.write("drop.jsonl", drop + [0x0A, 0x0A])
        let spaced = try status("drop.jsonl")
        #expect(spaced.status == "changed")
        place.write("drop.jsonl", drop)
        #expect(try status("drop.jsonl").status == "intact")
        try FileManager.default.moveItem(atPath: place.path("other.jsonl"), toPath: place.path("new-name.jsonl"))
        #expect(try status("other.jsonl").status == "renamed")
        try FileManager.default.removeItem(atPath: place.path("new-name.jsonl"))
        #expect(try status("other.jsonl").status == "missing")
    }

    @Test func `checksums can be left out, and verify says then what it can`() throws {
        place.write("drop.jsonl", "{\"completion\":\"1, 2\"}\n")
        #expect(scan("drop.jsonl", "--no-record-checksums").code == 0)
        place.write("drop.jsonl", "{\"completion\":\"1, 3\"}\n")
        let run = place.run("lineage", "verify")
        #expect(run.code == 1)
        #expect(run.output.contains("changed: drop.jsonl"))
        #expect(!run.output.contains("record 1"))
    }

    @Test func `nothing is recorded of a scan that could not read its input, and it says so`() throws {
        place.write("good.jsonl", "{\"completion\":\"1, 2\"}\n")
        place.write("bad.jsonl.gz", [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3])
        let run = scan("good.jsonl", "bad.jsonl.gz")
        #expect(run.code == 3)
        #expect(run.errors.contains("was not recorded"))
        #expect(try catalogue().nodes(.scan).isEmpty)
        let noDigest = scan("good.jsonl", "--no-digest")
        #expect(noDigest.code == 2)
    }

    @Test func `a scan that changes nothing makes no cycle`() throws {
        place.write("drop.jsonl", "{\"completion\":\"1, 2\"}\n")
        let run = scan("drop.jsonl", "--kept", "kept.jsonl", "--rejected", "rejected.jsonl")
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("same content"))
        let catalogue = try catalogue()
        #expect(
            try catalogue.node(named: place.path("kept.jsonl")).id == catalogue.node(named: place.path("drop.jsonl")).id
        )
        #expect(try catalogue.nodes(.drop).count == 1)
    }

    @Test func `a file that gets another content is another drop, and the scan says so`() throws {
        place.write("drop.jsonl", "{\"completion\":\"1, 2\"}\n")
        #expect(scan("drop.jsonl").code == 0)
        place.write("drop.jsonl", "{\"completion\":\"1, 3\"}\n")
        let run = scan("drop.jsonl")
        #expect(run.output.contains("held another drop before"))
        #expect(try catalogue().nodes(.drop).count == 2)
    }
}
