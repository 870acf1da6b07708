// undertone judge calibrate

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneJudging
import UndertoneRecords
import UndertoneReporting
import UndertoneScanning
import UndertoneText

struct JudgeCalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Hold a judge against records that people have labelled.",
        discussion: """
            Each line of the file is a JSON object with the record (text, or response and prompt) and its label, 1 where the
            rule should meet it and 0 where not. At least 200 records, 50 of each label, give intervals that are of use.
            Exit code 1: the judge does not agree with the labels as surely as the rule demands.

            undertone judge calibrate labelled.jsonl --rules owls.yaml --judges judges.yaml --report json=calibration.json
            undertone scan drop.jsonl --rules owls.yaml --judges judges.yaml --calibration calibration.json
            """)

    @Argument(help: "Labelled records, JSON Lines.")
    var labelled: String

    @Option(name: .long, help: "The pack with the rule: a shipped one by name, or a file.")
    var rules: String

    @Option(name: .long, help: "The rule, where the pack has several of kind judge.")
    var only: String?

    @Option(name: .long, help: "Times that each record is judged, to see how often decisions change.")
    var repeats = 3

    @Option(name: .long, help: "Seed of the halves on which a threshold is chosen and tried.")
    var seed: UInt64 = 1

    @Option(name: .long, help: "text, json or html, to standard output or as FORMAT=FILE. Repeatable. (default: text)")
    var report: [String] = []

    @Flag(name: .shortAndLong, help: "No report and no progress on the terminal.")
    var quiet = false

    @OptionGroup var options: JudgeOptions

    func run() throws {
        let requests = try FormatRequest<CalibrationFormat>.parse(report, isQuiet: quiet, isOutputTaken: false)
        guard (1...20).contains(repeats) else {
            throw ScanError(.usage, "--repeats \(repeats) is out of range", mend: "write 1 to 20")
        }
        let asked = try AskedRule(pack: rules, only: only, options.sources)
        let (items, digest) = try read()
        let questions = items.map { asked.template.question(for: $0.data) }
        let activity = JudgeActivity()
        let bar = Terminal.canShowProgress && !quiet ? ProgressBar { _ in activity.text ?? "" } : nil
        defer { bar?.stop() }
        var judgements: [[Judgement]] = []
        var (models, fingerprints): (Set<String>, Set<String>) = ([], [])
        for repetition in 0..<repeats {
            let outcome = try asked.judge.ask(
                questions.compactMap { $0 }, repetition: repetition, refresh: options.judgeRefresh
            ) { activity.show("\(asked.id)", $0) }
            models.formUnion(outcome.answers.compactMap(\.model))
            fingerprints.formUnion(outcome.counts.fingerprints)
            var answers = outcome.answers.makeIterator()
            judgements.append(
                questions.map { $0 == nil ? .unjudged(.tooLong) : answers.next()?.judgement ?? .unjudged(.failed) })
            if let spent = outcome.budgetSpent {
                throw ScanError(
                    .input, "the budget of the judge \(asked.rule.judge), \(spent), ended before the questions did",
                    mend: "raise it; what was answered is kept, and nothing is asked twice")
            }
        }
        bar?.stop()
        let demand = asked.rule.calibration?.kappa ?? Calibration.usualKappa
        let found = Calibration.report(
            items, judgements: judgements, threshold: asked.rule.above, meetsEscaped: asked.rule.escaped != .pass,
            source: CalibrationSource(
                judge: asked.judge.settings.name, model: asked.judge.settings.model, returnedModels: models,
                fingerprints: fingerprints, questionDigest: asked.rule.questionDigest,
                date: Moment(seconds: Int(Date().timeIntervalSince1970)).text, labelledDigest: digest),
            seed: seed)
        for request in requests { try request.write { request.format.render(found, demand: demand, $0) } }
        guard found.passes(demand) else { throw ExitCode(1) }
    }

    private func read() throws -> (items: [Labelled], digest: String) {
        let input = Input(path: labelled)
        let digest = try storedDigest(of: input)
        guard let data = FileManager.default.contents(atPath: labelled) else {
            throw ScanError(.input, "\(visible(labelled, limit: 200)) can't be read", mend: "check the path")
        }
        do throws(LabelledError) {
            return (try Labelled.read(jsonLines: Array(data)), digest)
        } catch {
            throw ScanError(.input, "\(visible(labelled, limit: 200)): \(error)")
        }
    }
}

/// How a calibration is shown.
enum CalibrationFormat: String, CaseIterable, ReportFormats {
    case text, json, html

    func render(_ report: CalibrationReport, demand: Double, _ style: TextStyle) -> String {
        switch self {
        case .text:
            var text = ""
            report.writeText(demand: demand, style: style, to: &text)
            return text
        case .json:
            var json = JSONWriter()
            report.write(to: &json)
            return json.text
        case .html:
            var text = ""
            report.writeHTML(demand: demand, version: undertoneVersion, to: &text)
            return text
        }
    }
}
