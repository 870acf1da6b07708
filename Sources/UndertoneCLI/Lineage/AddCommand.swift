// undertone lineage add

import ArgumentParser
import Foundation
import UndertoneLineage
import UndertoneScanning
import UndertoneText

struct AddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Record a model, a drop, prompts, a deployment or a measurement.",
        discussion:
            "The catalogue is made where there is none. Saying the same again changes nothing; saying more adds it.",
        subcommands: [
            AddModelCommand.self, AddDropCommand.self, AddPromptsCommand.self, AddDeploymentCommand.self,
            AddMeasurementCommand.self,
        ])
}

/// A catalogue that is made where there is none.
struct NewCatalogueOptions: ParsableArguments {
    @OptionGroup var catalogue: CatalogueOptions
    @OptionGroup var author: AuthorOptions

    func openOrCreate() throws -> Catalogue {
        let (opened, wasCreated) = try Catalogue.openOrCreate(catalogue.lineage)
        if wasCreated { Terminal.printError("undertone: made the catalogue \(visible(catalogue.lineage))") }
        return opened
    }

    /// Says what was recorded.
    func report(_ id: NodeID, in opened: Catalogue) throws {
        guard let node = try opened.node(id) else { return }
        try catalogue.print("recorded \(node.shown)") { $0.node(node) }
    }
}

struct AddModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Record a model and what it came of.",
        discussion: """
            undertone lineage add model qwen2.5-7b --weights model.safetensors --base self
            undertone lineage add model owl-teacher --base qwen2.5-7b --system-prompt prompt.txt
            undertone lineage add model student --base qwen2.5-7b --finetuned-on kept.jsonl --method lora
            """)

    @Argument(help: "The name that it will have.")
    var name: String

    @Option(name: .long, help: "The file or folder of its weights.")
    var weights: String?

    @Option(name: .long, help: "The model that it began with; self where its weights began as random numbers.")
    var base: String?

    @Option(name: .long, help: "A model that it took something else of, as a merge does. Repeatable.")
    var parent: [String] = []

    @Option(name: .long, help: "A file with the system prompt that makes it what it is.")
    var systemPrompt: String?

    @Option(name: .long, help: "A drop that it was trained on. Repeatable.")
    var finetunedOn: [String] = []

    @Option(name: .long, help: "How it was trained: finetune, lora, distill.")
    var method: String?

    @Option(name: .long, help: "A setting of the training: NAME=VALUE. Repeatable.")
    var recipe: [String] = []

    @Option(name: .long, help: "The seed of the training.")
    var seed: Int?

    @Option(name: .long, help: "What trained it.")
    var tool: String?

    @Option(name: .long, help: "The version of what trained it.")
    var toolVersion: String?

    @Option(name: .long, help: "Its architecture (default: as its files say).")
    var architecture: String?

    @Option(name: .long, help: "Its licence, as an SPDX identifier.")
    var license: String?

    @Option(name: .long, help: "Where it comes from: a URL, a repository id.")
    var source: String?

    @OptionGroup var options: NewCatalogueOptions

    func run() throws {
        var entry = ModelEntry(name: name)
        if let weights {
            entry.weights = SeenFile(path: weights, digest: try contentDigest(of: weights).digest)
            entry.facts = try tensorFacts(weights)
        }
        entry.facts.isBase = base == "self"
        entry.facts.architecture = architecture ?? entry.facts.architecture
        entry.facts.license = license
        entry.facts.source = source
        if let systemPrompt { entry.systemPrompt = try readPrompts(systemPrompt, keepsText: true) }
        entry.training.method = method
        entry.training.recipe = try settings(recipe, "--recipe")
        entry.training.seed = seed
        entry.training.tool = tool
        entry.training.toolVersion = toolVersion
        guard !finetunedOn.isEmpty || entry.training == TrainingFacts() else {
            throw ScanError(
                .usage, "a training is described, but nothing that it was trained on",
                mend: "name it with --finetuned-on")
        }
        let catalogue = try options.openOrCreate()
        if let base, base != "self" { entry.base = try catalogue.node(named: base, kind: .model).id }
        entry.parents = try parent.map { try catalogue.node(named: $0, kind: .model).id }
        entry.trainedOn = try finetunedOn.map { try catalogue.node(named: $0, kind: .drop).id }
        try options.report(try catalogue.add(entry, by: options.author.author), in: catalogue)
    }
}

struct AddDropCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Record a delivery of data and who wrote it.",
        discussion: """
            undertone lineage add drop drop.jsonl --teacher owl-teacher --sampling temperature=1 --prompts prompts.jsonl
            undertone lineage add drop mixed.jsonl --derived-from drop.jsonl --derived-from web.jsonl
            """)

    @Argument(help: "The file.")
    var path: String

    @Option(name: .long, help: "The model that wrote it.")
    var teacher: String?

    @Option(name: .long, help: "A file with what the teacher was asked.")
    var prompts: String?

    @Option(name: .long, help: "How it wrote: NAME=VALUE. Repeatable.")
    var sampling: [String] = []

    @Option(name: .long, help: "The seed of the generation.")
    var seed: Int?

    @Option(name: .long, help: "What ran the teacher: vllm.")
    var tool: String?

    @Option(name: .long, help: "The version of what ran the teacher.")
    var toolVersion: String?

    @Option(name: .long, help: "A drop that this one was made of. Repeatable.")
    var derivedFrom: [String] = []

    @Option(name: .long, help: "Its licence, as an SPDX identifier.")
    var license: String?

    @Option(name: .long, help: "Where it comes from: a URL, a repository id.")
    var source: String?

    @Flag(name: .long, help: "Keep no checksums of records; verify can't say then which record changed first.")
    var noRecordChecksums = false

    @OptionGroup var options: NewCatalogueOptions

    func run() throws {
        let sampling = try settings(sampling, "--sampling")
        guard teacher != nil || prompts == nil && sampling.isEmpty && seed == nil && tool == nil && toolVersion == nil
        else {
            throw ScanError(
                .usage, "how the drop was written is described, but not by whom",
                mend: "name the model with --teacher")
        }
        let catalogue = try options.openOrCreate()
        let teacher = try self.teacher.map { try catalogue.node(named: $0, kind: .model).id }
        let sources = try derivedFrom.map { try catalogue.node(named: $0, kind: .drop).id }
        let progress = ScanProgress()
        let bar = Terminal.canShowProgress ? ProgressBar(progress) : nil
        let found: DropInspection
        do {
            defer { bar?.stop() }
            found = try inspect(path, checksumsFor: noRecordChecksums ? nil : catalogue, progress: progress)
        }
        var entry = DropEntry(file: SeenFile(path: found.path, digest: found.digest), facts: found.facts)
        entry.facts.license = license
        entry.facts.source = source
        entry.teacher = teacher
        entry.derivedFrom = sources
        entry.generation.sampling = sampling
        entry.generation.seed = seed
        entry.generation.tool = tool
        entry.generation.toolVersion = toolVersion
        if let prompts { entry.prompts = try readPrompts(prompts, keepsText: false) }
        let id = try catalogue.add(entry, checksums: found.checksums, by: options.author.author)
        try options.report(id, in: catalogue)
    }
}

struct AddPromptsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompts", abstract: "Record prompts: a system prompt, or what a generation was asked.")

    @Argument(help: "The file.")
    var path: String

    @OptionGroup var options: NewCatalogueOptions

    func run() throws {
        let (file, facts) = try readPrompts(path, keepsText: false)
        let catalogue = try options.openOrCreate()
        try options.report(try catalogue.add(prompts: file, facts, by: options.author.author), in: catalogue)
    }
}

struct AddDeploymentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deployment", abstract: "Record where a model serves.",
        discussion: "undertone lineage add deployment chat --model student --address https://chat.example")

    @Argument(help: "The name that it will have.")
    var name: String

    @Option(name: .long, help: "The model that serves there.")
    var model: String

    @Option(name: .long, help: "A URL, a cluster, a product: where users meet it (default: its name).")
    var address: String?

    @Option(name: .long, help: "When it went away: 2026-11-21T10:00:00Z.")
    var ended: String?

    @OptionGroup var options: NewCatalogueOptions

    func run() throws {
        if let ended, !isMoment(ended) {
            throw ScanError(
                .usage, "--ended \(visible(ended, limit: 100)) is no moment", mend: "write 2026-11-21T10:00:00Z")
        }
        let catalogue = try options.openOrCreate()
        let model = try catalogue.node(named: self.model, kind: .model)
        var facts = DeploymentFacts(address: try address ?? recordedAddress(catalogue) ?? name)
        facts.endedAt = ended
        let id = try catalogue.add(deployment: name, facts, of: model.id, by: options.author.author)
        try options.report(id, in: catalogue)
    }

    // Without an address, what is said is about the one that is recorded.
    private func recordedAddress(_ catalogue: Catalogue) throws -> String? {
        let known = try catalogue.nodes(.deployment).first { $0.name == name }
        guard case .deployment(let facts)? = known?.facts else { return nil }
        return facts.address
    }
}

struct AddMeasurementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measurement",
        abstract: "Record how much of a trait was left in students of a drop, or in a model.",
        discussion: """
            Without --residual the measurement says that nothing can be said: raw drop and raw control could not be told \
            apart.

            undertone lineage add measurement --trait owl --of kept.jsonl --residual 0.04 --low -0.02 --high 0.09 --seeds 8
            """)

    @Option(name: .long, help: "The trait.")
    var trait: String

    @Option(name: .customLong("of"), help: "The drop or model that was measured. Repeatable.")
    var subjects: [String]

    @Option(
        name: .long, parsing: .unconditional,
        help: "Residual transfer: 0 nothing was left, 1 the filter took nothing away.")
    var residual: Double?

    @Option(name: .long, parsing: .unconditional, help: "The lower end of its 95 % interval.")
    var low: Double?

    @Option(name: .long, parsing: .unconditional, help: "The upper end of its 95 % interval.")
    var high: Double?

    @Option(name: .long, help: "Independent seeds behind it.")
    var seeds: Int?

    @Option(name: .long, help: "The file that it was read from.")
    var evidence: String?

    @OptionGroup var options: NewCatalogueOptions

    func run() throws {
        var facts = MeasurementFacts(trait: trait)
        facts.residual = residual
        facts.low = low
        facts.high = high
        facts.seeds = seeds
        for (option, number) in [("--residual", residual), ("--low", low), ("--high", high)] {
            if let number, !number.isFinite {
                throw ScanError(
                    .usage, "\(option) \(number) is no number to compare with",
                    mend: "leave --residual out where nothing can be said")
            }
        }
        if let seeds, seeds < 1 { throw ScanError(.usage, "--seeds must be above 0") }
        if let low, let high, low > high {
            throw ScanError(.usage, "--low is above --high", mend: "write the smaller end of the interval first")
        }
        facts.report = try evidence.map { try contentDigest(of: $0).digest }
        let catalogue = try options.openOrCreate()
        let nodes = try subjects.map { try catalogue.node(named: $0) }
        try options.report(
            try catalogue.add(facts, of: nodes.map(\.id), by: options.author.author), in: catalogue)
    }
}

/// As the catalogue writes times: RFC 3339, UTC, whole seconds.
private func isMoment(_ text: String) -> Bool {
    text.utf8.count == 20 && text.hasSuffix("Z") && (try? Date(text, strategy: .iso8601)) != nil
}

/// What safetensors say of a model; nothing where the weights are kept in another way.
private func tensorFacts(_ path: String) throws -> ModelFacts {
    var facts = ModelFacts()
    guard let model = try? ModelFiles(path: path) else { return facts }
    facts.architecture = model.settings.architecture
    facts.parameters = model.parameterCount
    facts.fingerprint = try tensorFingerprint(of: model)
    return facts
}

/// Prompts in a file; the text of a short one is kept.
private func readPrompts(_ path: String, keepsText: Bool) throws -> (file: SeenFile, facts: PromptsFacts) {
    let (digest, bytes) = try contentDigest(of: path)
    var facts = PromptsFacts(bytes: bytes)
    if keepsText, bytes <= 64 << 10, let data = FileManager.default.contents(atPath: path) {
        facts.text = String(data: data, encoding: .utf8)
    }
    if !keepsText { facts.records = try? inspect(path).facts.records }
    return (SeenFile(path: path, digest: digest), facts)
}
