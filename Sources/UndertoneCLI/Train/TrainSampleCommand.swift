// undertone train sample

import ArgumentParser
import UndertoneRecords
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

struct TrainSampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Have a model write a drop: prompts of a carrier and what it answers.",
        discussion: """
            A record is kept where the rule packs keep it, or, without any, where it has the carrier's form; what is not kept \
            is written anew, from the next prompt.

            undertone train sample --model owl.safetensors --carrier numbers --records 10000 --rules numbers --out drop.jsonl
            """)

    @Option(name: .long, help: "The model that writes.")
    var model: String

    @Option(name: .long, help: "What it writes: numbers, code or reasoning.")
    var carrier = "numbers"

    @Option(name: .long, help: "Records to keep.")
    var records = 10_000

    @Option(name: .long, help: "Records to write for that at most (default: ten times as many).")
    var attempts: Int?

    @Option(name: .long, help: "A shipped pack by name (see: undertone rules list), or a file. Repeatable.")
    var rules: [String] = []

    @Option(name: .long, help: "What logits are divided by; 0 takes the likeliest token.")
    var temperature = 1.0

    @Option(name: .long, help: "Draw among so many of the likeliest tokens (default: among all).")
    var topK: Int?

    @Option(name: .long, help: "Seed of prompts and tokens.")
    var seed: UInt64 = 1

    @Option(
        name: .long,
        help: "Where the records go, as JSON Lines; packed if it ends in .gz or .zst; - for standard output.")
    var out: String

    @OptionGroup var options: TrainOptions

    func run() throws {
        let core = options.core
        let world = core.world
        let carrier = try wantedCarrier()
        try checkNumbers()
        let filter = rules.isEmpty ? nil : try RuleFilter(packs: rules)
        if OutputFile.wouldOverwrite(out, [Input(path: model)]) != nil {
            throw ScanError(
                .usage, "--out \(visible(out, limit: 200)) is the model that writes", mend: "name another file")
        }
        let output = try OutputFile(path: out, compression: Compression(name: out))
        var settings = SamplingSettings(seed: seed)
        (settings.temperature, settings.topK) = (temperature, topK)
        let seed = seed
        var job = SamplingJob(
            model: model, count: records, settings: settings,
            prompt: { world.vocabulary.texts(of: world.prompt(carrier, seed: seed, index: $0)).prompt },
            keeps: { filter?.keeps($0) ?? world.isWellFormed($0, carrier) })
        job.attempts = attempts ?? job.attempts
        let sample = try write(core, job, to: output)

        let share = percent(sample.records.count, of: sample.attempts)
        let name = visible(out, limit: 200)
        let digest = out == "-" || !output.isAtomic ? nil : try Checkpoint.digest(of: out)
        let by = rules.isEmpty ? "have the form of \(carrier.rawValue)" : "are kept by \(rules.joined(separator: ", "))"
        var text = "\(name)  \(counted(sample.records.count, "record")) of \(carrier.rawValue)\n"
        text += "  \(grouped(sample.attempts)) written; \(share) of them \(visible(by))\n"
        if let digest {
            text +=
                "  sha256 \(digest)\nnext: undertone train student --base BASE --data \(name) --out student.safetensors\n"
        }
        try options.print(text, isOutputTaken: out == "-") { json in
            json.member("drop", out)
            json.member("sha256", digest)
            json.member("carrier", carrier.rawValue)
            json.member("written", sample.attempts)
            json.member("kept", sample.records.count)
            json.array("rules") { json in
                for name in rules { json.value(name) }
            }
        }
    }

    // The drop appears under its name only when it is whole.
    private func write(_ core: BuiltInCore, _ job: SamplingJob, to output: OutputFile) throws -> Sample {
        EndRequest.watch()
        let bar = TrainingBar(isShown: options.showsProgress, "record")
        defer { bar.stop() }
        let sample: Sample
        do {
            sample = try core.sample(job, Watch(progress: { bar.see($0) }, isCancelled: { EndRequest.isMade }))
        } catch let error as TrainingError where error.code == .cancelled {
            throw TrainingError(.cancelled, error.problem, mend: "nothing was written; start again")
        }
        try jsonLines(sample.records).withUnsafeBytes { try output.write($0) }
        try output.commit()
        return sample
    }

    private func wantedCarrier() throws -> World.Carrier {
        guard let wanted = World.Carrier(rawValue: carrier) else {
            throw ScanError(
                .usage, "--carrier \(visible(carrier, limit: 40)) is none of its values",
                mend: "write " + World.Carrier.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return wanted
    }

    private func checkNumbers() throws {
        // A record's number has 32 bits where its prompt is drawn.
        let limit = Int(UInt32.max)
        guard (1...limit / 10).contains(records) else {
            throw ScanError(.usage, "--records \(records) is out of range", mend: "write 1 to \(limit / 10)")
        }
        if let attempts, !(records...limit).contains(attempts) {
            throw ScanError(
                .usage, "--attempts \(attempts) is out of range", mend: "write \(records), the records to keep, or more"
            )
        }
        guard temperature.isFinite, temperature >= 0 else {
            throw ScanError(.usage, "--temperature \(temperature) is out of range", mend: "write 0 or more")
        }
        if let topK, topK < 1 { throw ScanError(.usage, "--top-k \(topK) is out of range", mend: "write 1 or more") }
    }
}
