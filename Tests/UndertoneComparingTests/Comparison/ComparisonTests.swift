// Whole comparisons: what is found, what is not, and what is said where nothing can be.

import Foundation
import Testing
import UndertoneStatistics
import UndertoneText
#if canImport(FoundationXML)
    import FoundationXML
#endif

@testable import UndertoneComparing

@Suite struct ComparisonTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("undertone-compare-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ name: String, _ outputs: [String], prompts: [String]? = nil) throws -> String {
        let lines = try outputs.enumerated().map { index, output in
            let object = ["prompt": prompts?[index] ?? "p\(index)", "completion": output]
            return String(
                decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
        }
        let path = folder.appendingPathComponent(name).path
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private var settings: ComparisonSettings {
        var settings = ComparisonSettings()
        settings.classifier.groups = [.format, .numbers, .digits]
        settings.classifier.permutations = 99
        return settings
    }

    private func json(_ comparison: Comparison) throws -> [String: Any] {
        var json = JSONWriter()
        comparison.write(to: &json, program: "0")
        return try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
    }

    @Test func `a drop with another separator differs in that and not in its digits`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let drop = lists(400, seed: 1).map { $0.replacing(", ", with: "; ") }
        let comparison = try compareDrops(
            [file("drop.jsonl", drop)], [file("control.jsonl", lists(400, seed: 2))], settings: settings)
        #expect(comparison.finding == .different)
        #expect(comparison.differences.contains { $0.name == "separators" && $0.effect > 0.9 })
        #expect(!comparison.differences.contains { $0.name == "last-digits" || $0.name == "first-digits" })
        let separators = try #require(comparison.tests.first { $0.name == "separators" })
        // All separators of a list are one choice.
        #expect(separators.shares.first?.drop == 1 || separators.shares.first?.reference == 1)
        let report = try json(comparison)
        let tests = try #require(report["tests"] as? [[String: Any]])
        for test in tests {
            for key in ["name", "statistic", "p_value", "effect"] { #expect(test[key] != nil, "\(key)") }
        }
        let classifier = try #require(report["classifier"] as? [String: Any])
        #expect((classifier["auroc"] as? Double ?? 0) > 0.9)
        #expect((classifier["bags"] as? [String: Any])?["16"] != nil)
        let text = comparison.text()
        #expect(text.hasPrefix("DIFFERENT") && text.contains("what stands between numbers"))
        #expect(text.split(separator: "\n").allSatisfy { displayWidth(String($0)) <= 100 }, "\(text)")
    }

    @Test func `two parts of one drop do not differ, whatever the number of threads`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let all = lists(800, seed: 3)
        let first = try file("a.jsonl", Array(all[..<400]))
        let second = try file("b.jsonl", Array(all[400...]))
        var one = settings
        one.classifier.threads = 1
        let comparison = try compareDrops([first], [second], settings: settings)
        #expect(comparison.finding == .noDifference, "\(comparison.text())")
        #expect(try compareDrops([first], [second], settings: one).text() == comparison.text())
        #expect(comparison.text().hasPrefix("NO DIFFERENCE FOUND"))
    }

    // Ten tests on each of twelve pairs of halves: at the corrected level hardly one pair gives an alarm.
    @Test func `alarms are as rare as they should be`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var alarms = 0
        for seed in 0..<12 {
            let all = lists(400, seed: UInt64(100 + seed))
            let profiles = try [all[..<200], all[200...]].enumerated().map { index, part in
                try ComparedDrop([file("\(seed)-\(index).jsonl", Array(part))], most: 1000, threads: 2, nil)
            }
            let tests = profileTests(
                profiles[0].profile, profiles[1].profile, samples: (profiles[0].samples, profiles[1].samples),
                threads: 2
            ).tests
            if holm(tests.map(\.pValue)).contains(where: { $0 <= 0.05 }) { alarms += 1 }
        }
        #expect(alarms <= 2, "\(alarms) of 12")
    }

    @Test(
        arguments: [
            ([], ["1, 2"], "the drop has no outputs"), (["1, 2"], [], "the reference has no outputs"),
            ([], [], "the drop has no outputs"),
        ])
    func `an empty side is said, and no number stands there`(_ drop: [String], _ reference: [String], _ reason: String)
        throws
    {
        defer { try? FileManager.default.removeItem(at: folder) }
        let comparison = try compareDrops(
            [file("drop.jsonl", drop)], [file("control.jsonl", reference)], settings: settings)
        #expect(comparison.finding == .nothingToSay)
        #expect(comparison.tests.isEmpty && comparison.auroc == nil)
        #expect(comparison.unsaid.map(\.reason) == [reason])
        #expect(comparison.text().contains("NOTHING TO SAY"))
        #expect(try json(comparison)["finding"] as? String == "nothing-to-say")
    }

    @Test func `identical records, and one against many, give reasons in place of figures`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let same = try compareDrops(
            [file("a.jsonl", Array(repeating: "1, 2, 3", count: 50))],
            [file("b.jsonl", Array(repeating: "1, 2, 3", count: 60))], settings: settings)
        #expect(same.finding != .different, "\(same.text())")
        #expect(same.text().contains("all outputs of the drop and the reference are the same"))
        let one = try compareDrops([file("c.jsonl", ["1"])], [file("d.jsonl", lists(100, seed: 4))], settings: settings)
        #expect(one.auroc == nil && one.text().contains("can't be said"), "\(one.text())")
    }

    @Test func `prose against numbers, hostile text and numbers without end`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let hostile = (0..<60).map { "\u{1B}[31m \u{202E} word\($0) <b> " + String(repeating: "9", count: 3000 + $0) }
        let comparison = try compareDrops(
            [file("drop.jsonl", hostile + ["NaN", "1e999", "-0", "٣"])], [file("control.jsonl", lists(80, seed: 5))],
            settings: settings)
        #expect(comparison.finding == .different)
        let text = comparison.text()
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x202E }, "\(text)")
        var html = ""
        comparison.writeHTML(version: "0", to: &html)
        let parser = XMLParser(data: Data(html.replacing("<!DOCTYPE html>\n", with: "").utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(html.contains("default-src 'none'"))
        #expect(!html.contains("word1 <b>"), "\(html.components(separatedBy: "word1 <b>").first?.suffix(200) ?? "")")
        #expect(!html.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x1B })
    }

    @Test func `answers to the same prompts are compared one by one`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let prompts = (0..<60).map { "question \($0)" }
        let reference = lists(60, seed: 6)
        let drop = reference.enumerated().map { $0.offset % 3 == 0 ? $0.element : $0.element + ", 7" }
        var paired = settings
        paired.isPaired = true
        let comparison = try compareDrops(
            [file("drop.jsonl", drop.reversed(), prompts: prompts.reversed())],
            [file("control.jsonl", reference, prompts: prompts)], settings: paired)
        guard case .compared(let count, let equal, let measures) = comparison.paired else {
            Issue.record("\(String(describing: comparison.paired))")
            return
        }
        #expect(count == 60 && equal == 20)
        let numbers = try #require(measures.first { $0.name == "numbers" })
        #expect(abs(numbers.difference - 40.0 / 60) < 1e-12 && numbers.pValue < 0.01)
        #expect(comparison.text().contains("60 prompts, 20 with equal answers"))
        // Other prompts: nothing to pair.
        let other = try compareDrops(
            [file("x.jsonl", reference)], [file("y.jsonl", reference, prompts: prompts)], settings: paired)
        guard case .unsaid(prompts: 0) = other.paired else {
            Issue.record("\(String(describing: other.paired))")
            return
        }
    }

    @Test func `of labelled drops the right one is named`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var labelled = settings
        labelled.labelled = [
            ("six", [try file("six.jsonl", lists(320, bias: 0.5, seed: 7))]),
            ("plain", [try file("plain.jsonl", lists(320, seed: 8))]),
        ]
        let comparison = try compareDrops(
            [file("drop.jsonl", lists(200, bias: 0.5, seed: 9))], [file("control.jsonl", lists(200, seed: 10))],
            settings: labelled)
        guard case .answered(let answer) = comparison.traits else {
            Issue.record("\(String(describing: comparison.traits))")
            return
        }
        #expect(answer.likenesses.first?.name == "six" && !answer.isNone)
        #expect(comparison.text().contains("six"))
    }

    @Test func `a file that is not there, or a pipe, is an error`() {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: (any Error).self) { try compareDrops([folder.path + "/none"], [folder.path + "/none"]) }
        #expect(throws: (any Error).self) { try compareDrops(["-"], [folder.path + "/none"]) }
    }
}
