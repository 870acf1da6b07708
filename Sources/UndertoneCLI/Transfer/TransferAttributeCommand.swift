// undertone transfer attribute

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneRecords
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

struct TransferAttributeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attribute",
        abstract: "Which trait does a drop carry?",
        discussion: """
            Each candidate trait is taught to a copy of the base, once. The drop is compared with a control of the same base \
            along the direction in which each of these copies moved. A trait is named where the drop lies along it and along \
            nothing else; a drop of another base is not named. docs/attribution.md says how sure that is.

            undertone transfer attribute drop.jsonl --base base.safetensors --reference control.jsonl --traits animals
            undertone transfer attribute drop.jsonl --records-out scores.jsonl --report json
            """)

    @Argument(help: "The drop, JSON Lines.")
    var drop: String

    @Option(name: .long, help: "A control that the base wrote (default: the base writes one, to the drop's prompts).")
    var reference: String?

    @Option(name: .long, help: "A trait set that ships (animals, trees, misalignment), or a file.")
    var traits = "animals"

    @Option(name: .long, help: "The trait whose scores records get (default: the one that is found).")
    var scoresOf: String?

    @Option(name: .long, help: "A file for the scores of all records, as JSON Lines: line, score, tokens.")
    var recordsOut: String?

    @Option(name: .long, help: "Copies of the base that are taught each trait; the ways they went are averaged.")
    var teachers = 4

    @Option(name: .long, help: "Seed of one's own teachers and of random divisions; not that of the drop's teacher.")
    var seed: UInt64 = 4_711

    @Option(name: .long, help: "Threads; the results don't depend on them (default: one for each core).")
    var threads: Int?

    @Option(name: .long, help: "text, json or html, to standard output or as FORMAT=FILE. Repeatable. (default: text)")
    var report: [String] = []

    @Flag(name: .shortAndLong, help: "No report and no progress bar on the terminal.")
    var quiet = false

    @OptionGroup var base: TransferBaseOptions

    /// Scores that the picture of them is drawn from, at most.
    private static let scoresShown = 20_000

    private var core: BuiltInCore {
        BuiltInCore(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, program: undertoneVersion)
    }

    private var showsProgress: Bool { Terminal.canShowProgress && !quiet }

    /// Records of a control that the base writes.
    private static let controlRecords = 10_000

    func run() throws {
        EndRequest.watch()
        let core = core
        let requests = try FormatRequest<AttributionReportFormat>.parse(report, isQuiet: quiet, isOutputTaken: false)
        if let threads, !(1...1024).contains(threads) {
            throw ScanError(.usage, "--threads \(threads) is out of range", mend: "write 1 to 1024")
        }
        let wanted = try TraitSet(named: traits).traits
        if let scoresOf, !wanted.contains(where: { $0.name == scoresOf }) {
            throw ScanError(
                .usage, "--scores-of \(visible(scoresOf, limit: 40)) is none of the traits",
                mend: "there are " + wanted.map(\.name).joined(separator: ", "))
        }
        guard (1...16).contains(teachers) else {
            throw ScanError(.usage, "--teachers \(teachers) is out of range", mend: "write 1 to 16")
        }
        let inputs = [drop, reference, base.base].compactMap { $0 }
        guard !inputs.contains("-") else {
            throw ScanError(.usage, "data is read more than once here", mend: "name files")
        }
        if let recordsOut, OutputFile.wouldOverwrite(recordsOut, inputs.map { Input(path: $0) }) != nil {
            throw ScanError(
                .usage, "--records-out \(visible(recordsOut, limit: 200)) is one of the inputs",
                mend: "name another file")
        }
        let output = try recordsOut.map { try OutputFile(path: $0, compression: Compression(name: $0)) }
        let cache = try CacheFolder.make(base.cache)
        let file = try base.file(core, cache: cache, showsProgress: showsProgress)
        // The built-in core knows other traits than those that are asked for: what one of them explains better is not
        // taken for one of these.
        let rivals = core.world.traits.map { Trait($0, core.world) }
        var attribution = try Attribution(
            OwnTeachers(core, base: file, folder: cache), traits: wanted, rivals: rivals, each: teachers, seed: seed,
            threads: core.workers.count, Watch(isCancelled: { EndRequest.isMade }))
        attribution.seed = seed
        let records = RecordFile(path: drop)
        do {
            var scores: [Double] = []
            let report = try report(attribution, records, file, output) { score in
                if scores.count < TransferAttributeCommand.scoresShown { scores.append(score) }
            }
            try output?.commit()
            for request in requests {
                try request.write { _ in
                    request.format.render(report, scores: scores, versions: core.versions) { records.line(of: $0) }
                }
            }
        } catch let error as WorldError {
            throw try unreadable(records, core.world) ?? error
        }
    }

    private func report(
        _ attribution: Attribution, _ records: RecordFile, _ base: String, _ output: OutputFile?,
        _ score: (Double) -> Void
    ) throws -> AttributionReport {
        let control = try reference == nil ? written(for: records, base) : nil
        return try attribution.report(
            drop: { try records.open() },
            control: {
                if let reference { return try RecordFile(path: reference).open() }
                var waiting = control ?? []
                return {
                    defer { waiting = [] }
                    return waiting
                }
            }, scoresOf: scoresOf, folder: NSTemporaryDirectory()
        ) { record in
            score(record.score)
            guard let output else { return }
            var json = JSONWriter(.compact)
            json.object { json in
                json.member("line", records.line(of: record.number))
                record.writeScores(to: &json)
            }
            try (json.bytes + [UInt8(ascii: "\n")]).withUnsafeBytes { try output.write($0) }
        }
    }

    // What the base itself writes to the drop's prompts, in the form of the drop's first record.
    private func written(for drop: RecordFile, _ base: String) throws -> [TrainingRecord] {
        let core = core
        let stream = try drop.open()
        var prompts: [String] = []
        var carrier: World.Carrier?
        while prompts.count < TransferAttributeCommand.controlRecords {
            let more = try stream()
            if more.isEmpty { break }
            if prompts.isEmpty { carrier = more.first.flatMap { core.world.carrier(of: $0) } }
            prompts += more.map(\.prompt)
        }
        guard let first = prompts.first else {
            throw TrainingError(
                .noData, "\(visible(self.drop, limit: 200)): there is no record", mend: "give a drop with records")
        }
        let (asked, form, world) = (prompts, carrier, core.world)
        var job = SamplingJob(
            model: base, count: TransferAttributeCommand.controlRecords, settings: SamplingSettings(seed: seed),
            prompt: { asked.isEmpty ? first : asked[$0 % asked.count] },
            keeps: { record in form.map { world.isWellFormed(record, $0) } ?? true })
        job.attempts = 20 * job.count
        let bar = TrainingBar(isShown: showsProgress, "record")
        defer { bar.stop() }
        return try core.sample(job, Watch(progress: { bar.see($0) }, isCancelled: { EndRequest.isMade })).records
    }

    private func unreadable(_ drop: RecordFile, _ world: World) throws -> ScanError? {
        if let error = try drop.firstUnreadable(world) { return error }
        return try reference.flatMap { try RecordFile(path: $0).firstUnreadable(world) }
    }
}

extension AttributionReportFormat: ReportFormats {}
