// undertone judge pairs

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneJudging
import UndertoneRecords
import UndertoneReporting
import UndertoneScanning
import UndertoneText

struct JudgePairsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairs",
        abstract: "Can a judge see the trait at all? It chooses between a drop's outputs and its control's.",
        discussion: """
            Records are drawn from both, each once; of each pair the judge says which one carries the trait. The share of
            pairs in which it chooses the drop's is the area under the ROC curve: one half is chance.

            undertone judge pairs drop.jsonl --reference control.jsonl --judges judges.yaml --pairs 200 \
            --question 'Which of the two hints at a liking of owls? A: {{first}} B: {{second}}'
            """)

    @Argument(help: "The drop.")
    var drop: String

    @Option(name: .long, help: "Its control: what a model without the trait wrote.")
    var reference: String

    @Option(name: .long, help: "What the judge is asked, with {{first}} and {{second}}; @FILE reads it from a file.")
    var question: String

    @Option(name: .long, help: "The judge's name in the file of judges.")
    var judge = "default"

    @Option(name: .long, help: "Pairs that are drawn.")
    var pairs = 200

    @Option(name: .long, help: "Seed of the draw and of the order in each pair.")
    var seed: UInt64 = 1

    @Flag(name: .long, help: "Ask about each pair once, and not in both orders.")
    var oneOrder = false

    @Option(name: .long, help: "text or json, to standard output or as FORMAT=FILE. Repeatable. (default: text)")
    var report: [String] = []

    @Flag(name: .shortAndLong, help: "No report and no progress on the terminal.")
    var quiet = false

    @OptionGroup var options: JudgeOptions

    func run() throws {
        let requests = try FormatRequest<PairsFormat>.parse(report, isQuiet: quiet, isOutputTaken: false)
        guard (1...1_000_000).contains(pairs) else {
            throw ScanError(.usage, "--pairs \(pairs) is out of range", mend: "write 1 to 1000000")
        }
        let template = try PairwiseTemplate(text())
        let id = RuleID(pack: "judge", name: "pairs")
        let settings = try options.sources.file("judge pairs").judge(judge, for: id)
        let asked = try Judge.make(settings, try options.sources.openCache())
        let plan = PairwisePlan(
            drop: try count(drop), control: try count(reference), pairs: pairs, seed: seed, asksBothOrders: !oneOrder)
        guard plan.pairs > 0 else {
            throw ScanError(.input, "one of the two files has no records", mend: "give a drop and a control with some")
        }
        let left = try records(drop, Set(plan.questions.map(\.drop)))
        let right = try records(reference, Set(plan.questions.map(\.control)))
        let questions = plan.questions.map { question in
            question.rendered(
                template, drop: left[question.drop] ?? JudgeData(), control: right[question.control] ?? JudgeData())
        }
        let activity = JudgeActivity()
        let bar = Terminal.canShowProgress && !quiet ? ProgressBar { _ in activity.text ?? "" } : nil
        defer { bar?.stop() }
        let outcome = try asked.ask(questions.compactMap { $0 }, refresh: options.judgeRefresh) {
            activity.show("pairs", $0)
        }
        bar?.stop()
        var answers = outcome.answers.makeIterator()
        let found = PairwiseReport(plan, questions.map { $0 == nil ? nil : answers.next()?.judgement })
        for warning in outcome.warnings { Terminal.printError("undertone: \(visible(warning, limit: 400))") }
        for request in requests { try request.write { request.format.render(found, $0) } }
        if outcome.budgetSpent != nil { throw ExitCode(3) }
    }

    private func text() throws -> String {
        guard question.hasPrefix("@") else { return question }
        let path = String(question.dropFirst())
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 16 else {
            throw ScanError(.input, "\(visible(path, limit: 200)): this question can't be read", mend: "check the path")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private func count(_ path: String) throws -> Int {
        var count = 0
        _ = try readDrop(path) { _ in count += 1 }
        return count
    }

    // Only those that were drawn are held.
    private func records(_ path: String, _ wanted: Set<Int>) throws -> [Int: JudgeData] {
        var found: [Int: JudgeData] = [:]
        var index = 0
        _ = try readDrop(path) { record in
            if wanted.contains(index) { found[index] = JudgeData(record.texts) }
            index += 1
        }
        return found
    }
}

/// How pairs are shown.
enum PairsFormat: String, CaseIterable, ReportFormats {
    case text, json

    func render(_ report: PairwiseReport, _ style: TextStyle) -> String {
        switch self {
        case .text:
            var text = ""
            report.writeText(style: style, to: &text)
            return text
        case .json:
            var json = JSONWriter()
            report.write(to: &json)
            return json.text
        }
    }
}
