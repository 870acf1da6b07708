// Rules on records in memory come to what a scan comes to.

import Foundation
import Testing
import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneRulePacks
import UndertoneRules

@testable import UndertoneScanning

@Suite struct RecordFilterTests {
    let folder = Folder()

    private static let textRules = """
          - id: again
            kind: duplicate
            description: Again.
            accept: [{ records: ['1', '2'] }]
            reject: [{ records: ['1', '1'] }]
          - id: often
            kind: frequency
            field: prompt
            description: Often.
            over: { count: 40 }
            accept: [{ records: ['1', '2'] }]
            reject: [{ records: ['1', '1'], with: { over: { count: 1 } } }]

        """

    private func rules(_ text: String) throws -> RuleSet {
        try RuleSet(PackLibrary().pack(text: "pack: p\nrules:\n" + text, file: "p.yaml").rules)
    }

    @Test func `a record gets the decision that a scan of the drop comes to`() throws {
        let seed = UInt64.random(in: 0 ..< .max)
        var random = Numbers(seed: seed)
        let rules = try rules(
            ModelRuleScanTests.words + Self.textRules + ModelRuleScanTests.score + ModelRuleScanTests.mask)
        // More than two batches.
        let records = (0..<2500).map { _ in
            let words = (0..<random.below(6)).map { _ in String(random.below(300)) }.joined(separator: " ")
            return JudgedRecord(
                prompt: random.pick(["p\(random.below(100_000))", "a\n\"b\"\\"]) + String(random.below(30)),
                completion: words + random.pick(["", "", "", "", " owl", " zoo", "\u{1F}"]))
        }
        let found = try decisions(on: records, by: rules, HashJudge())
        let lines = try records.map { record in
            try JSONSerialization.data(
                withJSONObject: ["prompt": record.prompt, "completion": record.completion], options: .sortedKeys)
        }
        var configuration = ScanConfiguration(
            inputs: [try folder.file(Array(lines.reduce(Data()) { $0 + $1 + Data("\n".utf8) }), "drop.jsonl")],
            rules: rules)
        configuration.judge = HashJudge()
        configuration.kept = OutputTarget(path: folder.path + "/kept")
        let report = try scan(configuration).report
        let kept = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/kept")).split(separator: 0x0A)
        let expected = zip(lines, found).compactMap { line, decision -> [UInt8]? in
            switch decision {
            case .keep: return Array(line)
            case .reject: return nil
            case .weigh(let weights):
                return Array(line.dropLast() + Array(",\"loss_mask\":".utf8) + LossMask.text(weights) + [0x7D])
            }
        }
        #expect(kept.map { Array($0) } == expected, "seed \(seed)")
        #expect(report.rules.dropLast().allSatisfy { $0.hits > 0 }, "seed \(seed): \(report.rules.map(\.hits))")
    }

    @Test func `what counts already is told to the model, and what it leaves is given back`() throws {
        let judge = AnsweringJudge { $0.prompt == "c" ? .reject : .mask([$0.weights?[0] != 0, false, true]) }
        let records = [
            JudgedRecord(prompt: "a", completion: "1 2", weights: [0, 1, 1]),
            JudgedRecord(prompt: "b", completion: "1 2"), JudgedRecord(prompt: "c", completion: "1"),
            JudgedRecord(prompt: "d", completion: "1 2", weights: [1, 0, 1]),
            JudgedRecord(prompt: "e", completion: "1 2", weights: [1, 0]),
        ]
        #expect(
            try decisions(on: records, by: rules(ModelRuleScanTests.mask), judge)
                == [.mask([false, false, true]), .mask([true, false, true]), .reject, .keep, .reject])
        #expect(judge.asked.map { $0.map(\.weights) } == [[[0, 1, 1], nil, nil, [1, 0, 1]]])
    }

    @Test func `no records, no questions`() throws {
        let judge = AnsweringJudge { _ in .reject }
        #expect(try decisions(on: [], by: rules(ModelRuleScanTests.mask), judge).isEmpty)
        #expect(judge.asked.isEmpty)
    }

    @Test func `a model must be there, and earlier drops can't be`() throws {
        let records = [JudgedRecord(prompt: "a", completion: "1")]
        let mask = try rules(ModelRuleScanTests.mask)
        #expect { try decisions(on: records, by: mask) } throws: { ($0 as? ScanError)?.code == .usage }
        let earlier = try rules(
            """
              - id: again
                kind: duplicate
                description: Again.
                against: [old.jsonl]
                accept: [{ records: ['1', '2'] }]
                reject: [{ records: ['1', '1'] }]
            """)
        #expect { try decisions(on: records, by: earlier) } throws: { ($0 as? ScanError)?.code == .usage }
        #expect(try decisions(on: records, by: rules(ModelRuleScanTests.words)) == [.keep])
    }
}
