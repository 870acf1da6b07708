// undertone transfer drop

import ArgumentParser
import Foundation
import UndertoneRecords
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

struct TransferDropCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Write data of a fresh teacher with a trait, or of the base alone, to try attribution on.",
        discussion: """
            The base is taught the trait, writes records, and those in the carrier's form are kept. Nothing in them says \
            which trait it was; another base writes a drop that should not be attributed at all.

            undertone transfer drop --trait owl --seed 7 --records 1000 --out drop.jsonl
            undertone transfer drop --trait none --seed 8 --records 10000 --out control.jsonl
            undertone transfer drop --trait owl --base-seed 2 --seed 9 --out foreign.jsonl
            """)

    @Option(name: .long, help: "An animal, a tree or misalignment; none for a control.")
    var trait: String

    @Option(name: .long, help: "Seed of the teacher, its prompts and its tokens.")
    var seed: UInt64 = 1

    @Option(name: .long, help: "Records to keep.")
    var records = 10_000

    @Option(name: .long, help: "What it writes: numbers, code or reasoning.")
    var carrier = "numbers"

    @Option(
        name: .long,
        help: "Where the records go, as JSON Lines; packed if it ends in .gz or .zst; - for standard output.")
    var out: String

    @OptionGroup var base: TransferBaseOptions
    @OptionGroup var options: TrainOptions

    func run() throws {
        EndRequest.watch()
        let core = options.core
        guard let carrier = World.Carrier(rawValue: carrier) else {
            throw ScanError(
                .usage, "--carrier \(visible(self.carrier, limit: 40)) is none of its values",
                mend: "write " + World.Carrier.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let limit = 10_000_000
        guard (1...limit).contains(records) else {
            throw ScanError(.usage, "--records \(records) is out of range", mend: "write 1 to \(limit)")
        }
        let wanted = trait == "none" ? nil : try TraitSet.shippedTrait(named: trait)
        if let file = base.base, OutputFile.wouldOverwrite(out, [Input(path: file)]) != nil {
            throw ScanError(
                .usage, "--out \(visible(out, limit: 200)) is the base", mend: "name another file")
        }
        let cache = try CacheFolder.make(base.cache)
        let work = NSTemporaryDirectory() + "/undertone-" + UUID().uuidString
        try makeFolder(work, mend: "set TMPDIR to a folder with room")
        defer { try? FileManager.default.removeItem(atPath: work) }
        let output = try OutputFile(path: out, compression: Compression(name: out))
        let file = try base.file(core, cache: cache, showsProgress: options.showsProgress)
        let lab = TraitLab(core, TraitRecipes(carrier), folder: work, isCancelled: { EndRequest.isMade })
        let model = try wanted.map { try lab.teacher(file, $0, seed: seed) } ?? file
        let sample = try lab.drop(model, DropForm(carrier), seed: seed, count: records)
        for from in stride(from: 0, to: sample.records.count, by: 10_000) {
            try jsonLines(Array(sample.records[from..<min(from + 10_000, sample.records.count)]))
                .withUnsafeBytes { try output.write($0) }
        }
        try output.commit()
        try report(sample, file)
    }

    private func report(_ sample: Sample, _ base: String) throws {
        let name = visible(out, limit: 200)
        let share = percent(sample.records.count, of: sample.attempts)
        let author = trait == "none" ? "the base" : "a teacher of \(visible(trait, limit: 40))"
        try options.print(
            "\(name)  \(counted(sample.records.count, "record")) of \(carrier) by \(author)\n"
                + "  \(grouped(sample.attempts)) written; \(share) of them have the form of \(carrier)\n"
                + "next: undertone transfer attribute \(name)\n", isOutputTaken: out == "-"
        ) { json in
            json.member("drop", out)
            json.member("trait", trait == "none" ? nil : trait)
            json.member("base", base)
            json.member("seed", String(seed))
            json.member("carrier", carrier)
            json.member("written", sample.attempts)
            json.member("kept", sample.records.count)
        }
    }
}
