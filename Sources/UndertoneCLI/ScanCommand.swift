// undertone scan

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneLineage
import UndertoneRecords
import UndertoneReporting
import UndertoneRulePacks
import UndertoneRules
import UndertoneScanning
import UndertoneText

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Filter data by rules: a verdict and reasons for every record.",
        discussion: """
            Reads JSON Lines, a JSON array or lines of text, plain or packed with gzip or zstd, and looks at what the model
            wrote: completions, outputs, assistant turns, chosen and rejected answers. Every record is kept or rejected,
            byte for byte; one that can't be read is rejected as malformed.

            undertone scan drop.jsonl --rules numbers --kept kept.jsonl --rejected rejected.jsonl
            undertone scan 'data/*.jsonl.zst' --rules numbers --rules hidden-text --report json
            cat drop.jsonl | undertone scan - --rules my.yaml --report sarif=out.sarif --report text
            undertone scan drop.jsonl --rules numbers --explain 17
            undertone scan drop.jsonl --rules masks.yaml --base base.safetensors --reference control.jsonl --kept kept.jsonl
            undertone scan drop.jsonl --rules owls.yaml --judges judges.yaml --judgements judgements.jsonl
            """)

    @Argument(help: "Files, folders, patterns, or - for standard input.")
    var inputs: [String]

    @Option(name: .long, help: "A shipped pack by name (see: undertone rules list), or a file. Repeatable.")
    var rules: [String] = []

    @Option(name: .long, help: "Run only this rule. Repeatable.")
    var only: [String] = []

    @Option(name: .long, help: "Leave this rule out. Repeatable.")
    var skip: [String] = []

    @Option(name: .long, help: "Where kept records go; a folder if it ends in a slash.")
    var kept: String?

    @Option(name: .long, help: "Where rejected records go, with the reasons; a folder if it ends in a slash.")
    var rejected: String?

    @Option(name: .long, help: "none, gzip or zstd for the outputs (default: by their names, else as the input).")
    var compress: String?

    @Option(name: .long, help: "A JSON Pointer to what the model wrote, in place of the known fields. Repeatable.")
    var field: [String] = []

    @Option(name: .long, help: "json-lines, json-array or text (default: by content).")
    var format: String?

    @Option(
        name: .long,
        help: "text, json, sarif, junit or github, to standard output or as FORMAT=FILE. Repeatable. (default: text)")
    var report: [String] = []

    @Option(name: .long, help: "Threads that scan (default: one for each core).")
    var threads: Int?

    @Flag(name: .long, help: "Compute no SHA-256 of inputs and outputs.")
    var noDigest = false

    @Option(name: .long, help: "Fail if a larger share of the records is rejected, from 0 to 1.")
    var maxRejectRate: Double?

    @Option(name: .long, help: "Fail if more records meet a rule: RULE=N. Repeatable.")
    var maxFindings: [String] = []

    @Option(name: .long, help: "Fail if more records are malformed.")
    var maxMalformed: Int?

    @Option(name: .long, help: "Fail if one rule rejects a larger share of the records (default: 0.9).")
    var maxSharePerRule: Double?

    @Option(name: .long, help: "Fail if fewer records are kept.")
    var minKept: Int?

    @Option(name: .long, help: "A longer record is malformed. (bytes)")
    var maxRecordBytes = RecordLimits().bytes

    @Option(name: .long, help: "Read no more than this of one unpacked input. (bytes)")
    var maxDecodedBytes: Int?

    @Option(name: .long, help: "Let the findings in this file pass, and fail on any other.")
    var baseline: String?

    @Option(name: .long, help: "Write all findings to this file, as a baseline for later.")
    var writeBaseline: String?

    @Option(name: .long, help: "An earlier drop, for rules of kind duplicate. Repeatable.")
    var against: [String] = []

    @Option(name: .long, help: "For rules that need a model: the one that teacher and students began with.")
    var base: String?

    @Option(name: .long, help: "For rules that need a model: a drop of the base, without the trait.")
    var reference: String?

    @OptionGroup var judging: JudgeOptions

    @Option(name: .long, help: "Write what judges said of each record to this file, as JSON Lines.")
    var judgements: String?

    @Flag(name: .long, help: "Say what asking judges would take, and ask nobody, write nothing.")
    var judgeEstimate = false

    @Option(name: .long, help: "Record the scan in this catalogue, which is made where there is none.")
    var lineage: String?

    @Flag(name: .long, help: "Record no checksums of records; verify can't say then which record changed first.")
    var noRecordChecksums = false

    @OptionGroup var author: AuthorOptions

    @Option(name: .long, help: "Show what every rule sees in the record on this line, and do nothing else.")
    var explain: Int?

    @Flag(name: .long, help: "Exit with 0 where the gate says no; for uploads of reports.")
    var exitZero = false

    @Flag(name: .shortAndLong, help: "No report and no progress bar on the terminal.")
    var quiet = false

    func run() throws {
        let packs = try selectedPacks()
        let configuration = try self.configuration(packs)
        if let line = explain {
            let explanation = try UndertoneScanning.explain(line: line, configuration)
            try Terminal.print(explanation.text(TextStyle(color: Terminal.hasColor, width: Terminal.width)))
            return
        }
        let reports = try ReportRequest.parse(report, isQuiet: quiet, isOutputTaken: kept == "-" || rejected == "-")
        let judge = try ModelRuleJudge(
            configuration.rules, base: base, reference: reference, threads: configuration.threads)
        let recordJudge = try RuleJudges(
            configuration.rules, judging.sources, estimates: judgeEstimate)
        try checkPlaces(reports, (judge?.inputs ?? []) + judging.sources.inputs)
        var scanned = configuration
        scanned.judge = judge
        scanned.recordJudge = recordJudge
        guard recordJudge != nil || (judgements == nil && !judgeEstimate && !judging.sources.isGiven) else {
            throw ScanError(
                .usage, "options of judges are for rules that ask one, and none of these does",
                mend: "leave them out, or name a pack with such a rule")
        }
        if judgeEstimate { return try estimate(scanned, recordJudge) }
        let said = try judgements.map { try OutputFile(path: $0, compression: Compression(name: $0)) }
        if let lineage {
            let (catalogue, wasCreated) = try Catalogue.openOrCreate(lineage)
            if wasCreated, !quiet { Terminal.printError("undertone: made the catalogue \(visible(lineage))") }
            var target = LineageTarget(catalogue, author: author.author, packs: packs)
            target.keepsChecksums = !noRecordChecksums
            scanned.lineage = target
        }
        scanned.sampleLimit = reports.map(\.sampleLimit).max() ?? 0
        Interrupts.removeTemporaries()
        let progress = ScanProgress()
        let bar = Terminal.canShowProgress && !quiet ? ProgressBar(progress, recordJudge?.activity) : nil
        var outcome: ScanOutcome
        do {
            defer { bar?.stop() }
            outcome = try scan(scanned, progress: progress)
        }
        outcome.report.notes += (judge?.notes ?? []) + (recordJudge?.notes ?? [])
        outcome.report.notes += outcome.report.judging.flatMap(\.effort.notes)
        if let said { try JudgementFile.write(outcome.judgements, to: said) }
        for request in reports { try request.write(outcome.report) }
        if let path = writeBaseline, let baseline = outcome.baseline { try writeFile(path, baseline.json()) }
        if let problem = outcome.outputProblem { Terminal.printError("undertone: " + problem) }
        if let problem = outcome.lineageProblem { Terminal.printError("undertone: " + problem.description) }
        let code = outcome.exitCode
        if code != 0, !(code == 1 && exitZero) { throw ExitCode(code) }
    }

    // The scan runs as far as to know what judges would be asked.
    private func estimate(_ configuration: ScanConfiguration, _ judges: RuleJudges?) throws {
        var configuration = configuration
        configuration.kept = nil
        configuration.rejected = nil
        configuration.computesDigests = false
        configuration.collectsBaseline = false
        _ = try scan(configuration)
        for line in judges?.estimates ?? [] { try Terminal.print(line) }
    }

    // Reports and baselines are written when all is over, so what they would overwrite is looked for before.
    private func checkPlaces(_ reports: [ReportRequest], _ models: [(name: String, path: String)]) throws {
        var places = reports.compactMap { report in
            if case .file(let path) = report.place {
                (name: "--report \(report.format.rawValue)", path: path)
            } else {
                nil
            }
        }
        if let writeBaseline { places.append(("--write-baseline", writeBaseline)) }
        if let judgements { places.append(("--judgements", judgements)) }
        let read = InputList(arguments: inputs + against).inputs + models.map { Input(path: $0.path) }
        var taken: [String: String] = [:]
        for (name, path) in [("--kept", kept), ("--rejected", rejected)] {
            if let path, let model = OutputFile.wouldOverwrite(path, models.map { Input(path: $0.path) }) {
                throw ScanError(
                    .usage, "\(name)=\(path) is \(models.first { $0.path == model.path }?.name ?? "a model")",
                    mend: "name another file")
            }
            if let path, !path.hasSuffix("/") { taken[URL(fileURLWithPath: path).standardizedFileURL.path] = name }
        }
        for (name, path) in places {
            if let input = OutputFile.wouldOverwrite(path, read) {
                throw ScanError(
                    .usage, "\(name)=\(path) is the input \(input.path)",
                    mend: "name another file; an input is never overwritten")
            }
            let place = URL(fileURLWithPath: path).standardizedFileURL.path
            if let other = taken.updateValue(name, forKey: place), !place.hasPrefix("/dev/") {
                throw ScanError(
                    .usage, "\(other) and \(name) name the same file \(path)", mend: "name two different files")
            }
        }
    }

    private func selectedPacks() throws -> [RulePack] {
        guard !rules.isEmpty else {
            throw ScanError(
                .usage, "no rule pack is named, so nothing would be checked",
                mend: "add --rules NAME; shipped are " + PackLibrary.shippedNames.joined(separator: ", "))
        }
        let library = PackLibrary()
        return try rules.map { try library.pack($0) }
    }

    private func configuration(_ packs: [RulePack]) throws -> ScanConfiguration {
        var selection = RuleSelection(packs)
        try selection.keep(only: only, skip: skip)
        for pointer in field where !pointer.hasPrefix("/") {
            throw ScanError(
                .usage, "--field \(pointer) is no JSON Pointer", mend: "write /\(pointer), with slashes between names")
        }
        var configuration = ScanConfiguration(
            inputs: inputs, rules: try RuleSet(selection.rules, overrides: field))
        configuration.packs = packs.map { .init(name: $0.name, version: $0.version, digest: $0.digest) }
        configuration.thresholds = try thresholds(selection)
        configuration.framing = try choice(format, of: Framing.self, "--format")
        guard maxRecordBytes > 0 else { throw ScanError(.usage, "--max-record-bytes must be above 0") }
        configuration.limits.bytes = maxRecordBytes
        configuration.maxDecodedBytes = maxDecodedBytes ?? .max
        if let threads, !(1...1024).contains(threads) {
            throw ScanError(.usage, "--threads \(threads) is out of range", mend: "write 1 to 1024")
        }
        configuration.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        configuration.computesDigests = !noDigest
        let compression = try choice(compress, of: Compression.self, "--compress")
        configuration.kept = kept.map { OutputTarget(path: $0, compression: compression) }
        configuration.rejected = rejected.map { OutputTarget(path: $0, compression: compression) }
        if let path = baseline {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ScanError(
                    .input, "\(path): this baseline can't be read", mend: "write one with --write-baseline \(path)")
            }
            configuration.baseline = try Baseline(json: data, path: path)
        }
        configuration.collectsBaseline = writeBaseline != nil
        configuration.earlierDrops = against
        return configuration
    }

    private func thresholds(_ selection: RuleSelection) throws -> GateThresholds {
        var thresholds = selection.thresholds
        for (name, value) in [("--max-reject-rate", maxRejectRate), ("--max-share-per-rule", maxSharePerRule)] {
            if let value, !(0...1).contains(value) {
                throw ScanError(.usage, "\(name) \(value) is out of range", mend: "write a share from 0 to 1")
            }
        }
        thresholds.maxRejectRate = maxRejectRate ?? thresholds.maxRejectRate
        thresholds.maxMalformed = maxMalformed ?? thresholds.maxMalformed
        thresholds.maxSharePerRule = maxSharePerRule ?? thresholds.maxSharePerRule
        thresholds.minKept = minKept ?? thresholds.minKept
        for text in maxFindings {
            let parts = text.split(separator: "=")
            guard parts.count == 2, let count = Int(parts[1]), count >= 0 else {
                throw ScanError(.usage, "--max-findings \(text) is not RULE=N", mend: "write numbers/taboo=100")
            }
            thresholds.maxFindings[try selection.rule(named: String(parts[0]))] = count
        }
        return thresholds
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ text: String?, of type: Choice.Type, _ option: String
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw ScanError(
                .usage, "\(option) \(text) is none of its values",
                mend: suggestion(for: text, among: Choice.allCases.map(\.rawValue)))
        }
        return choice
    }
}
