// undertone compare

import ArgumentParser
import Foundation
import UndertoneComparing
import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneScanning
import UndertoneText

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Is a drop what its reference is? Where not?",
        discussion: """
            Counts what is in both, tests every count, and lets a classifier try to tell their records apart. What it finds is \
            a difference, not a trait: the reference must come from the same prompts and settings. Exit code 1: further apart \
            than --max-auroc allows.

            undertone compare drop.jsonl --reference control.jsonl
            undertone compare new.jsonl --reference last-week.jsonl --paired-by prompt --report json=comparison.json
            undertone compare drop.jsonl --reference control.jsonl --max-auroc 0.55
            undertone compare drop.jsonl --reference control.jsonl --like owl=owls.jsonl --like eagle=eagles.jsonl
            """)

    @Argument(help: "The drop: files, folders or patterns.")
    var drop: [String]

    @Option(name: .long, help: "What it is compared with. Repeatable, where it is of several files.")
    var reference: [String] = []

    @Option(name: .long, help: "prompt: compare answers to the same prompts, too.")
    var pairedBy: String?

    @Option(name: .long, help: "A labelled drop, NAME=FILE: which of them is the drop most like? Repeatable.")
    var like: [String] = []

    @Option(name: .long, help: "Fail if a classifier tells single records apart with a larger area under the curve.")
    var maxAuroc: Double?

    @Option(name: .long, help: "The chance of any false alarm among the tests.")
    var significance = 0.05

    @Option(name: .long, help: "Outputs of each side that the classifier looks at.")
    var sample = ClassifierSettings().most

    @Option(name: .long, help: "Seed of folds, bags and permutations.")
    var seed: UInt64 = 0

    @Option(name: .long, help: "Threads (default: one for each core). The figures don't depend on it.")
    var threads: Int?

    @Option(name: .long, help: "text, json or html, to standard output or as FORMAT=FILE. Repeatable. (default: text)")
    var report: [String] = []

    @Flag(name: .shortAndLong, help: "No report and no progress on the terminal.")
    var quiet = false

    func run() throws {
        let requests = try FormatRequest<ComparisonFormat>.parse(report, isQuiet: quiet, isOutputTaken: false)
        let settings = try self.settings()
        try checkPlaces(requests)
        let progress = ScanProgress()
        let bar = Terminal.canShowProgress && !quiet ? ProgressBar { _ in progress.readingLine } : nil
        let comparison: Comparison
        do {
            defer { bar?.stop() }
            comparison = try compareDrops(drop, reference, settings: settings, progress: progress)
        }
        for request in requests { try request.write { request.format.render(comparison, $0) } }
        guard let maxAuroc else { return }
        // A bound that can't be looked at is not kept.
        guard let area = comparison.auroc else {
            Terminal.printError("undertone: no area could be found, so it is not known to be at most \(maxAuroc)")
            throw ExitCode(1)
        }
        if area.value > maxAuroc { throw ExitCode(1) }
    }

    private func settings() throws -> ComparisonSettings {
        guard !reference.isEmpty else {
            throw ScanError(
                .usage, "there is nothing to compare with",
                mend: "name a drop without what this one may carry: --reference control.jsonl")
        }
        guard pairedBy == nil || pairedBy == "prompt" else {
            throw ScanError(
                .usage, "--paired-by \(visible(pairedBy ?? "")) is unknown", mend: "write --paired-by prompt")
        }
        for (name, value) in [("--max-auroc", maxAuroc ?? 0.5), ("--significance", significance)]
        where !(0...1).contains(value) {
            throw ScanError(.usage, "\(name) \(value) is out of range", mend: "write a number from 0 to 1")
        }
        if let threads, !(1...1024).contains(threads) {
            throw ScanError(.usage, "--threads \(threads) is out of range", mend: "write 1 to 1024")
        }
        guard (1...1_000_000).contains(sample) else {
            throw ScanError(.usage, "--sample \(sample) is out of range", mend: "write 1 to 1000000")
        }
        var settings = ComparisonSettings()
        settings.isPaired = pairedBy != nil
        settings.significance = significance
        settings.classifier.seed = seed
        settings.classifier.most = sample
        settings.classifier.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        settings.labelled = try like.map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ScanError(.usage, "--like \(visible(text)) is not NAME=FILE", mend: "write --like owl=owls.jsonl")
            }
            return (String(parts[0]), [String(parts[1])])
        }
        return settings
    }

    private func checkPlaces(_ requests: [FormatRequest<ComparisonFormat>]) throws {
        let labelled = like.compactMap { $0.split(separator: "=", maxSplits: 1).last.map(String.init) }
        let read = InputList(arguments: drop + reference + labelled).inputs
        for case .file(let path) in requests.map(\.place) {
            if let input = OutputFile.wouldOverwrite(path, read) {
                throw ScanError(
                    .usage, "--report \(path) is the input \(input.path)",
                    mend: "name another file; an input is never overwritten")
            }
        }
    }
}

/// How a comparison is shown.
enum ComparisonFormat: String, CaseIterable, ReportFormats {
    case text, json, html

    func render(_ comparison: Comparison, _ style: TextStyle) -> String {
        switch self {
        case .text: return comparison.text(style)
        case .json:
            var json = JSONWriter()
            comparison.write(to: &json, program: undertoneVersion)
            return json.text
        case .html:
            var text = ""
            comparison.writeHTML(version: undertoneVersion, to: &text)
            return text
        }
    }
}

extension ScanProgress {
    /// How much was read, for commands that read whole drops.
    var readingLine: String { "\(byteCount(bytes)) read" }
}
