// Scans by rules that ask a judge, with a judge that answers by the words of the text.

import Foundation
import Synchronization
import Testing
import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneRulePacks
import UndertoneRules
import UndertoneStatistics

@testable import UndertoneScanning

/// Scores a text by the number that stands behind "score"; other words make it answer otherwise. Remembers what it saw.
final class WordJudge: RecordJudge {
    struct Refusal: Error, CustomStringConvertible { let description = "the judge went away" }
    private let seen = Mutex<[String]>([])

    /// The outputs that it was asked about.
    var asked: [String] { seen.withLock { $0 } }

    func ask(_ rule: JudgeRule, _ id: RuleID, _ records: [RecordTexts]) throws -> JudgeAnswers {
        let texts = records.map { $0.completions.joined(separator: " ") }
        seen.withLock { $0 += texts }
        var effort = ScanReport.Judging.Effort()
        effort.requests = texts.count
        effort.models = ["words-1"]
        if texts.contains(where: { $0.contains("leave") }) { throw Refusal() }
        return JudgeAnswers(
            texts.map { text in
                if text.contains("code") { return .init(.escape("CODE"), reason: "it is code") }
                if text.contains("mumble") { return .init(.unjudged("unparsed")) }
                let score = text.split(separator: " ").last.flatMap { Double($0) } ?? 0
                return .init(.score(score), reason: "it says \(score)", key: "k")
            }, effort)
    }
}

@Suite struct JudgeScanTests {
    private let folder = Folder()

    private func rules(_ more: String = "", action: String = "reject") throws -> RuleSet {
        let text = """
            pack: p
            rules:
              - id: words
                kind: words
                description: Says owl.
                words: [owl]
                accept: [a]
                reject: [owl]
              - id: seen
                kind: judge
                description: The judge sees it.
                question: 'Is it there? {{response}}'
                above: 50
                action: \(action)
                \(more)
            """
        return try RuleSet(PackLibrary().pack(text: text, file: "p.yaml").rules)
    }

    private func scan(
        _ outputs: [String], _ rules: RuleSet, _ judge: WordJudge = WordJudge(), isText: Bool = false
    ) throws -> (outcome: ScanOutcome, kept: [String]) {
        let lines = try outputs.map { output in
            isText
                ? output
                : String(
                    decoding: try JSONSerialization.data(withJSONObject: ["prompt": "p", "completion": output]),
                    as: UTF8.self)
        }
        var configuration = ScanConfiguration(
            inputs: [
                try folder.file(
                    Array((lines.joined(separator: "\n") + "\n").utf8), "drop.\(isText ? "txt" : "jsonl")")
            ], rules: rules)
        configuration.recordJudge = judge
        configuration.kept = OutputTarget(path: folder.path + "/kept")
        let outcome = try UndertoneScanning.scan(configuration)
        let kept = try String(contentsOfFile: folder.path + "/kept", encoding: .utf8).split(separator: "\n")
        return (outcome, zip(lines, outputs).filter { kept.contains(Substring($0.0)) }.map(\.1))
    }

    @Test func `the judge is asked about what lexical rules leave, and what it scores high goes`() throws {
        let judge = WordJudge()
        let (outcome, kept) = try scan(["a 10", "owl 90", "b 50", "c 49"], rules(), judge)
        #expect(judge.asked == ["a 10", "b 50", "c 49"])
        #expect(kept == ["a 10", "c 49"])
        let judging = try #require(outcome.report.judging.first)
        #expect((judging.left, judging.asked, judging.scored, judging.met) == (3, 3, 3, 1))
        #expect(outcome.report.rules[1].reasons.map(\.count) == [1, 0, 0])
        #expect(outcome.judgements.map(\.line) == [1, 3, 4])
        #expect(outcome.judgements.map(\.isMet) == [false, true, false])
    }

    @Test(
        arguments: [
            ("", false, 0), ("unjudged: flag", true, 1), ("unjudged: pass", true, 0), ("unjudged: fail", false, 0),
        ])
    func `a record without a score is no score, and the rule says what becomes of it`(
        _ setting: String, _ isKept: Bool, _ flagged: Int
    ) throws {
        let (outcome, kept) = try scan(["mumble", "a 1"], rules(setting))
        #expect(kept == (isKept ? ["mumble", "a 1"] : ["a 1"]))
        #expect(outcome.report.flagged == flagged)
        #expect(outcome.report.judging.first?.unjudged == ["unparsed": 1])
        #expect(outcome.report.judging.first?.scored == 1)
        #expect(outcome.report.passed == (setting != "unjudged: fail"))
    }

    @Test func `an escape is no score either`() throws {
        let (outcome, kept) = try scan(["code", "a 1", "b 99"], rules("escaped: flag\n    escapes: [CODE]"))
        #expect(kept == ["code", "a 1"])
        #expect(outcome.report.judging.first?.escaped == 1)
        #expect(outcome.report.rules[1].reasons.map(\.count) == [1, 0, 1])
    }

    @Test func `a sample asks about so many, the same ones each time, and says what it means for the whole`() throws {
        let outputs = (0..<200).map { "t \($0 % 4 == 0 ? 80 : 20) \($0 % 4 == 0 ? 80 : 20)" }
        let (first, second) = (WordJudge(), WordJudge())
        let rules = try rules("sample: {share: 0.1, at-least: 40, seed: 3}", action: "flag")
        let outcome = try scan(outputs, rules, first).outcome
        _ = try scan(outputs, rules, second)
        #expect(first.asked.count == 40 && first.asked == second.asked)
        let judging = try #require(outcome.report.judging.first)
        #expect(judging.isSampled && judging.left == 200 && judging.asked == 40)
        #expect(judging.rate.interval.low < 0.25 && judging.rate.interval.high > 0.25)
        let other = WordJudge()
        _ = try scan(outputs, try self.rules("sample: {share: 0.1, at-least: 40, seed: 4}", action: "flag"), other)
        #expect(Set(outcome.judgements.map(\.line)).count == 40)
        #expect(other.asked.count == 40)
    }

    @Test func `lines of text are judged too`() throws {
        let (_, kept) = try scan(["a 10", "b 60"], rules(), isText: true)
        #expect(kept == ["a 10"])
    }

    @Test func `a rule that finds nearly all broken is not one that flags nearly all`() throws {
        let outputs = (0..<20).map { _ in "mumble" } + ["a 1"]
        #expect(try scan(outputs, rules("unjudged: flag")).outcome.report.passed)
        #expect(try !scan(outputs, rules()).outcome.report.passed)
    }

    @Test func `a judge that goes away ends the scan, and nothing is written`() throws {
        let error = #expect(throws: ScanError.self) { try scan(["leave 1"], rules()) }
        #expect(error?.description.contains("p/seen: the judge went away") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/kept"))
    }

    @Test func `a scan without a judge says how to name one`() throws {
        let path = try folder.file(Array("{\"completion\":\"a\"}\n".utf8), "d.jsonl")
        let error = #expect(throws: ScanError.self) {
            try UndertoneScanning.scan(ScanConfiguration(inputs: [path], rules: try rules()))
        }
        #expect(error?.description.contains("--judges") == true)
    }
}
