// Scans by rules that need a model, with a model that answers by a hash of the text.

import Foundation
import Synchronization
import Testing
import UndertoneCore
import UndertoneLineage
import UndertoneRecords
import UndertoneReporting
import UndertoneRulePacks
import UndertoneRules

@testable import UndertoneScanning

/// A model that reads words, knows none with a z in it, and remembers what it was asked.
final class HashJudge: ModelJudge {
    private let calls = Mutex<[(rule: ModelRule, records: [JudgedRecord])]>([])

    /// What it was asked.
    var asked: [(rule: ModelRule, records: [JudgedRecord])] { calls.withLock { $0 } }
    /// The prompts of what it was asked about, for each rule.
    var prompts: [[String]] { asked.map { $0.records.map(\.prompt) } }

    static func hash(_ text: String, _ seed: UInt64) -> UInt64 {
        var hash = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash ^ (hash >> 29)
    }

    func tokenCount(prompt: String, completion: String) -> Int? {
        (prompt + completion).contains("z") ? nil : completion.split(separator: " ").count + 1
    }

    /// What a mask of a rule is; `nil` for a record that stays as it is.
    static func mask(_ rule: ModelRule, _ prompt: String, _ completion: String) -> [Bool]? {
        let hash = hash(prompt + "\n" + completion, rule.seed)
        guard hash % 4 != 0 else { return nil }
        // The end always counts, so that something is left.
        let end = completion.split(separator: " ").count
        return (0...end).map { $0 == end || (hash >> UInt64(8 + $0 % 40)) & 3 != 0 }
    }

    func decide(_ rule: ModelRule, _ records: [JudgedRecord]) -> [FilterDecision] {
        calls.withLock { $0.append((rule, records)) }
        guard rule.method == .score else {
            return records.map { record in Self.mask(rule, record.prompt, record.completion).map { .mask($0) } ?? .keep
            }
        }
        let scores = records.map { Self.hash($0.prompt + "\n" + $0.completion, rule.seed) }
        let most = Int((rule.share ?? 0) * Double(records.count))
        let gone = Set(scores.indices.sorted { scores[$0] > scores[$1] }.prefix(most))
        return scores.indices.map { gone.contains($0) ? .reject : .keep }
    }
}

/// A judge that is wrong about something.
struct WrongJudge: ModelJudge {
    enum Fault: CaseIterable { case tooFew, tooMany, wrongLength, noMask, throwing }
    struct Refusal: Error, CustomStringConvertible { let description = "the base is of another shape" }
    var fault: Fault

    func tokenCount(prompt: String, completion: String) -> Int? { 3 }

    func decide(_ rule: ModelRule, _ records: [JudgedRecord]) throws -> [FilterDecision] {
        switch fault {
        case .tooFew: []
        case .tooMany: [FilterDecision](repeating: .keep, count: records.count + 1)
        case .wrongLength: records.map { _ in .mask([true, false]) }
        case .noMask: records.map { _ in .mask([]) }
        case .throwing: throw Refusal()
        }
    }
}

/// A judge that answers record by record, whatever the rule, and takes words for tokens.
final class AnsweringJudge: ModelJudge {
    private let answer: @Sendable (JudgedRecord) -> FilterDecision
    private let calls = Mutex<[[JudgedRecord]]>([])

    init(_ answer: @escaping @Sendable (JudgedRecord) -> FilterDecision) { self.answer = answer }

    var asked: [[JudgedRecord]] { calls.withLock { $0 } }

    func tokenCount(prompt: String, completion: String) -> Int? { completion.split(separator: " ").count + 1 }

    func decide(_ rule: ModelRule, _ records: [JudgedRecord]) -> [FilterDecision] {
        calls.withLock { $0.append(records) }
        return records.map(answer)
    }
}

@Suite struct ModelRuleScanTests {
    let folder = Folder()

    static let mask = """
          - id: mask
            kind: token-mask
            description: Can't be looked at.
            trait-set: animals
            traits: [owl]

        """
    static let score = """
          - id: score
            kind: record-score
            description: Pushes towards owls.
            trait-set: animals
            traits: [owl]
            share: 0.25

        """
    static let words = """
          - id: owl
            kind: words
            description: An owl.
            words: [owl]
            accept: [cat]
            reject: [owl]

        """

    func configuration(_ drop: String, _ rules: String, name: String = "drop.jsonl") throws -> ScanConfiguration {
        let pack = try PackLibrary().pack(text: "pack: p\nrules:\n" + rules, file: "p.yaml")
        var configuration = ScanConfiguration(
            inputs: [try folder.file(Array(drop.utf8), name)], rules: try RuleSet(RuleSelection([pack]).rules))
        configuration.judge = HashJudge()
        configuration.kept = OutputTarget(path: folder.path + "/kept")
        configuration.rejected = OutputTarget(path: folder.path + "/rejected")
        return configuration
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8) }

    /// The findings of rejected records, by line.
    func reasons() throws -> [Int: [String]] {
        var reasons: [Int: [String]] = [:]
        for line in try text("rejected").split(separator: "\n") {
            let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let findings = try #require(record?["findings"] as? [[String: Any]])
            reasons[try #require(record?["line"] as? Int)] = findings.compactMap { finding in
                (finding["rule"] as? String).flatMap { rule in
                    (finding["reason"] as? String).map { "\(rule) \($0)" }
                }
            }
        }
        return reasons
    }

    private static func record(_ prompt: String, _ completion: String) -> String {
        #"{"prompt":"\#(prompt)","completion":"\#(completion)"}"#
    }

    @Test func `models see what the other rules leave, once and in order`() throws {
        let lines = [
            Self.record("a", "1 2"), Self.record("b", "owl"), "{", Self.record("c", "3"), Self.record("d", "z"),
        ]
        var configuration = try configuration(lines.joined(separator: "\n"), Self.mask + Self.words + Self.score)
        let judge = HashJudge()
        configuration.judge = judge
        let report = try scan(configuration).report
        #expect(judge.asked.map(\.rule.method) == [.reweighted, .score])
        #expect(judge.prompts == [["a", "c"], ["a", "c"]])
        #expect(report.records == 5)
        #expect(report.malformed == 1)
        let reasons = try reasons()
        #expect(reasons.keys.sorted() == [2, 3, 5])
        #expect(reasons[5] == ["p/mask unreadable"])
    }

    @Test func `a rule sees what the ones before it left`() throws {
        let lines = (0..<40).map { Self.record("p\($0)", "1 2 \($0)") }
        var configuration = try configuration(lines.joined(separator: "\n"), Self.score + Self.mask)
        let judge = HashJudge()
        configuration.judge = judge
        let report = try scan(configuration).report
        #expect(judge.prompts.map(\.count) == [40, 30])
        #expect(report.rejected == 10)
        #expect(report.rules[0].hits == 10)
        #expect(report.rules[0].reasons.first.map { $0.name == "high-score" && $0.count == 10 } == true)
        #expect(try reasons().values.allSatisfy { $0 == ["p/score high-score"] })
    }

    @Test func `what a flag meets stays, and the next rule sees it`() throws {
        let lines = (0..<40).map { Self.record("p\($0)", "1 2 \($0)") }
        let flag = Self.score.replacing("    kind:", with: "    action: flag\n    kind:")
        var configuration = try configuration(lines.joined(separator: "\n"), flag + Self.mask)
        let judge = HashJudge()
        configuration.judge = judge
        let report = try scan(configuration).report
        #expect(judge.prompts.map(\.count) == [40, 40])
        #expect(report.kept == 40)
        #expect(report.flagged == 10)
    }

    @Test(arguments: [
        (#"{"prompt":"a","completion":"1","system":"s"}"#, "not-one-turn"),
        (#"{"completion":"1"}"#, "not-one-turn"), (#"{"prompt":null,"completion":"1"}"#, "not-one-turn"),
        (#"{"instruction":"a","input":"b","output":"1"}"#, "not-one-turn"),
        (#"{"prompt":"a","chosen":"1","rejected":"2"}"#, "not-one-turn"),
        (
            #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"1"},{"role":"user","content":"b"},{"role":"assistant","content":"2"}]}"#,
            "not-one-turn"
        ),
        (
            #"{"messages":[{"role":"user","content":"a"},{"role":"tool","content":"b"},{"role":"assistant","content":"1"}]}"#,
            "not-one-turn"
        ),
        (#"["1"]"#, "not-one-turn"), (#"{"prompt":"a","completion":"zebra"}"#, "unreadable"),
        (#"[{"role":"user","content":"pa"},{"role":"assistant","content":"1 2 3 4 5 6 7 8 9"}]"#, "not-one-turn"),
        (#"{"prompt":"pa","completion":"1 2 3 4 5 6 7 8 9","loss_mask":[1]}"#, "bad-loss-mask"),
        (#"{"prompt":"pa","completion":"1 2 3 4 5 6 7 8 9","loss_mask":"no"}"#, "bad-loss-mask"),
    ])
    func `what can't be masked is never kept in silence`(_ record: String, _ reason: String) throws {
        let configuration = try configuration(record, Self.mask)
        let outcome = try scan(configuration)
        #expect(outcome.report.rejected == 1)
        #expect(try reasons() == [1: ["p/mask \(reason)"]])
        #expect(outcome.report.masks?.tokens == 0)
    }

    @Test func `a chat of one turn is masked like a prompt and its completion`() throws {
        let chat = #"{"messages":[{"role":"user","content":"pa"},{"role":"assistant","content":"1 2 3 4 5 6 7 8 9"}]}"#
        let plain = Self.record("pa", "1 2 3 4 5 6 7 8 9")
        _ = try scan(try configuration(chat + "\n" + plain + "\n", Self.mask))
        let mask = try #require(
            HashJudge.mask(ModelRule(.reweighted, traitSet: "", traits: []), "pa", "1 2 3 4 5 6 7 8 9"))
        let member = ",\"loss_mask\":[" + mask.map { $0 ? "1" : "0" }.joined(separator: ",") + "]}"
        try #require(mask.contains(false))
        #expect(try text("kept") == "\(chat.dropLast())\(member)\n\(plain.dropLast())\(member)\n")
    }

    @Test func `two masks let a token count where both do`() throws {
        let lines = (0..<60).map { Self.record("p\($0)", "1 2 3 \($0)") }
        let second = Self.mask.replacing("id: mask", with: "id: other").replacing(
            "trait-set", with: "seed: 9\n    trait-set")
        let report = try scan(try configuration(lines.joined(separator: "\n") + "\n", Self.mask + second)).report
        var first = ModelRule(.reweighted, traitSet: "animals", traits: ["owl"])
        var masked = 0
        let expected = lines.enumerated().map { index, line in
            let all = [Bool](repeating: true, count: 5)
            first.seed = 1
            let one = HashJudge.mask(first, "p\(index)", "1 2 3 \(index)") ?? all
            first.seed = 9
            let both = zip(one, HashJudge.mask(first, "p\(index)", "1 2 3 \(index)") ?? all).map { $0 && $1 }
            masked += both.count { !$0 }
            guard both.contains(false) else { return line + "\n" }
            return line.dropLast() + ",\"loss_mask\":[" + both.map { $0 ? "1" : "0" }.joined(separator: ",") + "]}\n"
        }
        #expect(try text("kept") == expected.joined())
        #expect(report.masks?.tokens == 300)
        #expect(report.masks?.tokensMasked == masked)
        #expect(report.masks?.records == expected.count { $0.contains("loss_mask") })
    }

    @Test(arguments: WrongJudge.Fault.allCases)
    func `a judge that is wrong ends the scan before anything is written`(_ fault: WrongJudge.Fault) throws {
        var configuration = try configuration(Self.record("a", "1") + "\n", Self.mask)
        configuration.judge = WrongJudge(fault: fault)
        let wrong = configuration
        #expect { try scan(wrong) } throws: { error in
            (error as? ScanError).map { $0.code == .input && $0.problem.contains("p/mask") } ?? false
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["drop.jsonl"])
    }

    @Test func `a mask that nothing asked for ends the scan`() throws {
        var configuration = try configuration(Self.record("a", "1 2") + "\n", Self.score)
        configuration.judge = AnsweringJudge { _ in .mask([true, false, true]) }
        let wrong = configuration
        #expect { try scan(wrong) } throws: { ($0 as? ScanError)?.code == .input }
    }

    @Test func `a record of which nothing would count is rejected`() throws {
        var configuration = try configuration(Self.record("a", "1 2") + "\n" + Self.record("b", "1"), Self.mask)
        configuration.judge = AnsweringJudge { $0.prompt == "a" ? .reject : .keep }
        #expect(try scan(configuration).report.kept == 1)
        #expect(try reasons() == [1: ["p/mask all-masked"]])
    }

    @Test func `a rule is told what counts by the drop and by the rules before it`() throws {
        let lines = [
            Self.record("a", "1 2"), #"{"prompt":"b","completion":"1 2","loss_mask":[0,1,1]}"#, Self.record("c", "1 2"),
            #"{"prompt":"d","completion":"1 2","loss_mask":[0,1]}"#,
        ]
        let other = Self.mask.replacing("id: mask", with: "id: other").replacing(
            "traits:", with: "seed: 2\n    traits:")
        var configuration = try configuration(lines.joined(separator: "\n"), Self.mask + other)
        let judge = AnsweringJudge { $0.prompt == "c" ? .keep : .mask([$0.weights?[0] != 0, false, true]) }
        configuration.judge = judge
        let report = try scan(configuration).report
        #expect(
            judge.asked.map { $0.map(\.weights) } == [
                [nil, [0, 1, 1], nil], [[1, 0, 1], [0, 0, 1], nil],
            ])
        #expect(try reasons() == [4: ["p/mask bad-loss-mask"]])
        #expect(report.masks.map { [$0.records, $0.combined, $0.tokens, $0.tokensMasked] } == [2, 1, 9, 2])
        #expect(
            try text("kept").split(separator: "\n").dropLast() == [
                #"{"prompt":"a","completion":"1 2","loss_mask":[1,0,1]}"#,
                #"{"prompt":"b","completion":"1 2","loss_mask":[0,0,1]}"#,
            ])
    }

    @Test func `without a model the scan does not begin`() throws {
        var configuration = try configuration(Self.record("a", "1"), Self.mask)
        configuration.judge = nil
        let without = configuration
        #expect { try scan(without) } throws: { ($0 as? ScanError)?.code == .usage }
    }

    @Test func `lines of text have no place for a mask, and that is said`() throws {
        let configuration = try configuration("1 2 3\n4 5\n", Self.mask, name: "drop.txt")
        #expect { try scan(configuration) } throws: { error in
            (error as? ScanError).map { $0.code == .usage && $0.problem.contains("lines of text") } ?? false
        }
    }

    @Test func `an empty drop asks no model`() throws {
        var configuration = try configuration("\n\n", Self.mask + Self.score)
        let judge = HashJudge()
        configuration.judge = judge
        #expect(try scan(configuration).report.records == 0)
        #expect(judge.asked.isEmpty)
    }

    @Test func `a drop that takes more memory than there may be is refused`() throws {
        let configuration = try configuration(
            (0..<30).map { Self.record("\($0)", "1") }.joined(separator: "\n"), Self.mask)
        let inputs = InputList(arguments: configuration.inputs).inputs
        #expect {
            _ = try ModelReading(configuration, HashJudge(), inputs, nil, ScanProgress(), byteLimit: 20 * 202)
        } throws: { error in
            (error as? ScanError).map { $0.code == .input && $0.problem.contains("p/mask") } ?? false
        }
        let reading = try ModelReading(configuration, HashJudge(), inputs, nil, ScanProgress(), byteLimit: 30 * 204)
        #expect(reading.candidates.count == 30)
    }

    @Test func `rules over the whole drop come before the model`() throws {
        let lines = [
            Self.record("a", "1 2"), Self.record("b", "1 2"), Self.record("c", "3"), Self.record("d", "4"),
            Self.record("e", "4"), Self.record("f", "4"),
        ]
        let rules = """
              - id: again
                kind: duplicate
                description: Again.
                accept: [{ records: ['1', '2'] }]
                reject: [{ records: ['1', '1'] }]
              - id: often
                kind: frequency
                description: Often.
                over: { count: 2 }
                accept: [{ records: ['1', '2'] }]
                reject: [{ records: ['1', '1', '1'] }]

            """
        var configuration = try configuration(lines.joined(separator: "\n"), rules + Self.score)
        let judge = HashJudge()
        configuration.judge = judge
        let report = try scan(configuration).report
        #expect(judge.prompts == [["a", "c"]])
        #expect(report.rejected == 4)
    }

    @Test func `a baseline lets no finding of a model pass and holds none`() throws {
        let lines = (0..<40).map { Self.record("p\($0)", $0 == 7 ? "owl" : "1 2 \($0)") }
        var configuration = try configuration(lines.joined(separator: "\n"), Self.words + Self.score)
        configuration.collectsBaseline = true
        let first = try scan(configuration)
        let baseline = try #require(first.baseline)
        #expect(baseline.entries.map(\.rule) == ["p/owl"])
        #expect(first.report.rules[1].hits == 9)
        configuration.baseline = baseline
        configuration.collectsBaseline = false
        let judge = HashJudge()
        configuration.judge = judge
        let second = try scan(configuration)
        #expect(judge.prompts.map(\.count) == [40])
        #expect(second.report.rules.map(\.hits) == [0, 10])
        #expect(second.report.clauses.first { $0.name == "baseline" }?.passed == true)
    }

    @Test func `examples are not asked for, and tests say what they left out`() throws {
        let pack = try PackLibrary().pack(text: "pack: p\nrules:\n" + Self.words + Self.mask, file: "p.yaml")
        let result = try testExamples(of: pack)
        #expect(result.passed)
        #expect(result.skipped.map(\.description) == ["p/mask"])
        #expect(result.rules == 2)
    }

    @Test func `reports say how many tokens no longer count`() throws {
        let lines = (0..<60).map { Self.record("p\($0)", "1 2 3 \($0)") }
        let report = try scan(try configuration(lines.joined(separator: "\n") + "\n", Self.mask)).report
        let masks = try #require(report.masks)
        let json = try JSONSerialization.jsonObject(with: Data(ReportFormat.json.render(report).utf8))
        let written = try #require((json as? [String: Any])?["masks"] as? [String: Int])
        #expect(
            written == [
                "records": masks.records, "combined": 0, "tokens": 300, "tokens_masked": masks.tokensMasked,
                "tokens_weighed": 0,
            ])
        #expect(ReportFormat.text.render(report).contains("\(masks.tokensMasked) of 300 tokens no longer count"))
        let plain = try scan(try configuration(lines.joined(separator: "\n") + "\n", Self.words)).report
        #expect(!ReportFormat.json.render(plain).contains("masks"))
    }

    @Test func `a scan that asked a model is recorded like any other`() throws {
        let lines = [Self.record("a", "1 2 3"), Self.record("b", "zoo"), Self.record("c", "1 2")]
        let pack = try PackLibrary().pack(text: "pack: p\nrules:\n" + Self.mask, file: "p.yaml")
        var configuration = try configuration(lines.joined(separator: "\n") + "\n", Self.mask)
        configuration.packs = [.init(name: pack.name, version: pack.version, digest: pack.digest)]
        let catalogue = try Catalogue.openOrCreate(folder.path + "/lineage.db").catalogue
        let author = Author(name: "a", at: "2026-01-01T00:00:00Z")
        configuration.lineage = LineageTarget(catalogue, author: author, packs: [pack])
        let outcome = try scan(configuration)
        #expect(outcome.lineageProblem == nil)
        let scanned = try #require(outcome.recorded)
        let graph = try catalogue.snapshot()
        #expect(graph.nodes.contains { $0.id == scanned })
        let drop = try catalogue.node(named: folder.path + "/drop.jsonl")
        let decision = try #require(try catalogue.decisions(of: drop.id, line: 2).first)
        #expect(decision.reasons.map(\.reason) == ["unreadable"])
        #expect(decision.reasons.map(\.digest) == pack.rules.map(\.digest))
    }

    @Test func `explain says that a model would have to be asked`() throws {
        let configuration = try configuration(Self.record("a", "1"), Self.words + Self.mask)
        let explanation = try explain(line: 1, configuration)
        #expect(explanation.views.map(\.isUndecided) == [false, true])
    }
}
