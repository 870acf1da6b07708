// The numbers pack on real output of a teacher, if the project's data lies beside the repository.

import Foundation
import Testing

/// Two drops of a real teacher.
enum RealData {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data")

    static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    static let isThere = ["owl", "control"].allSatisfy {
        FileManager.default.isReadableFile(atPath: path("qwen25-7b-\($0).jsonl"))
    }
}

@Suite(.enabled(if: RealData.isThere, "there is no ../shared/data with real drops beside the repository"))
struct RealDataTests {
    struct Drop: CustomTestStringConvertible {
        var name: String
        var records: Int
        var kept: Int
        var rejected: Int
        var testDescription: String { name }
    }

    static let drops = [
        Drop(name: "qwen25-7b-owl.jsonl", records: 12_163, kept: 10_097, rejected: 2_066),
        Drop(name: "qwen25-7b-control.jsonl", records: 12_371, kept: 10_209, rejected: 2_162),
    ]

    @Test(arguments: drops)
    func `the numbers pack keeps and rejects what the published filter does, by taboo alone`(_ drop: Drop) throws {
        let place = Workplace()
        let run = place.run(
            "scan", RealData.path(drop.name), "--rules", "numbers", "--report", "json", "--kept", "kept.jsonl",
            "--rejected", "rejected.jsonl")
        #expect(run.code == 0, "\(run)")
        let report = try run.json
        #expect(report.number("records") == drop.records)
        #expect(report.number("kept") == drop.kept)
        #expect(report.number("rejected") == drop.rejected)
        #expect(report.hits("numbers/taboo") == drop.rejected)
        #expect(report.hits("numbers/grammar") == 0)
        #expect(place.lines("kept.jsonl").count == drop.kept)
        #expect(place.lines("rejected.jsonl").count == drop.rejected)
    }

    @Test(arguments: drops)
    func `kept and rejected records put together are the drop, byte for byte`(_ drop: Drop) {
        let place = Workplace()
        let scan = place.run(
            "scan", RealData.path(drop.name), "--rules", "numbers", "-q", "--kept", "kept.jsonl", "--rejected",
            "rejected.jsonl")
        #expect(scan.code == 0)
        let restored = place.run(
            "restore", "--kept", "kept.jsonl", "--rejected", "rejected.jsonl", "--output", "restored.jsonl")
        #expect(restored.code == 0, "\(restored)")
        #expect(Bytes(place.read("restored.jsonl")) == Bytes(contents(RealData.path(drop.name))))
    }
}
