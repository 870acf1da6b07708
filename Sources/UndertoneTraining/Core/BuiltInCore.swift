// The built-in core: small transformers of the small world, in this process.

import Glibc
import UndertoneText

/// Trains and questions transformers whose words are those of ``World/standard``.
public struct BuiltInCore: TrainingCore {
    /// The world whose words the models know.
    public let world = World.standard
    /// The threads it uses.
    public let workers: Workers
    /// What decides which bytes come out.
    public let environment: Versions

    /// Steps between two states that are written for resuming.
    static let stateInterval = 100

    /// Records that are written between two looks at the watch, at most: about half a second of work.
    static let recordsOfRound = 2048

    /// - Parameters:
    ///   - threads: results don't depend on them.
    ///   - program: the version of the program.
    public init(threads: Int, program: String) {
        workers = Workers(count: threads)
        environment = Versions(program: program)
    }

    /// The program, the instructions of the inner loops, the C library.
    public var versions: [(name: String, version: String)] {
        [
            ("undertone", environment.program), ("instructions", environment.instructions),
            ("c-library", environment.cLibrary),
        ]
    }

    // MARK: Base

    /// How bases are made: a recipe for the corpus of the small world.
    public static func baseRecipe(seed: UInt64) -> Recipe {
        var recipe = Recipe(steps: 1000, rate: 3e-3, seed: seed)
        recipe.batch = 128
        recipe.schedule = .cosine(warmUp: 20)
        return recipe
    }

    /// Trains a base from random numbers on the corpus of the small world: half carriers, half questions.
    ///
    /// - Parameter state: see ``FinetuningJob/state``.
    public func pretrain(
        _ shape: TransformerShape, _ recipe: Recipe, output: String, state: String? = nil, _ watch: Watch = Watch()
    ) throws -> ModelFile {
        if let problem = shape.problem { throw TrainingError(.usage, problem, mend: "change the shape") }
        guard shape.vocabulary == world.vocabulary.count, shape.context >= TokenRow.limit else {
            throw TrainingError(
                .usage, "a model of \(shape.vocabulary) words and \(shape.context) tokens does not fit the small world",
                mend: "take \(world.vocabulary.count) words and \(TokenRow.limit) tokens or more")
        }
        let model = Transformer<Float>(shape)
        guard model.layout.count <= Checkpoint.parameterLimit else {
            throw TrainingError(
                .usage,
                "such a model has \(grouped(model.layout.count)) parameters; "
                    + "at most \(grouped(Checkpoint.parameterLimit)) are possible",
                mend: "the built-in core is for small models")
        }
        let trainer = try Trainer(model, from: model.initialParameters(seed: recipe.seed), recipe, workers)
        let run = "{\"base\":null,\"recipe\":\(recipe.json),\"shape\":\(ModelShape.transformer(shape).json)}"
        let carriers = recipe.batch / 2
        try train(trainer, run: run, state: state, watch) { step in
            world.corpus(
                seed: recipe.seed, step: step, carrierRows: carriers, questionRows: recipe.batch - carriers
            ).map { TrainingExample($0) }
        }
        let provenance = Provenance(
            seed: recipe.seed, recipe: recipe.json, data: ["small world"], versions: environment)
        return try save(trainer.parameters, model, provenance, output, state)
    }

    // MARK: Finetuning

    /// Trains a model on records.
    ///
    /// - Throws: ``TrainingError``, ``CheckpointError``, ``WorldError``.
    public func finetune(_ job: FinetuningJob, _ watch: Watch) throws -> ModelFile {
        let (base, model) = try load(job.base)
        guard !job.records.isEmpty else {
            throw TrainingError(.noData, "there is no record to train on", mend: "give data with at least one record")
        }
        let examples = try job.records.map(example)
        guard examples.contains(where: { $0.weights?.contains { $0 > 0 } ?? true }) else {
            throw TrainingError(.noData, "no token of the records counts", mend: "leave at least one unmasked")
        }
        let isWeighed = examples.contains { $0.weights?.contains { $0 != 0 && $0 != 1 } ?? false }
        if job.targets != .hard, isWeighed {
            throw TrainingError(
                .usage, "soft targets know no weights of tokens", mend: "train on the tokens, or mask them instead")
        }
        let (objective, targets) = try objective(job.targets, model)
        let trainer = try Trainer(model, from: base.parameters, job.recipe, workers)
        let data = digest(of: job.records)
        let baseDigest = try Checkpoint.digest(of: job.base)
        let run =
            "{\"base\":\"\(baseDigest)\",\"data\":\"\(data)\",\"recipe\":\(job.recipe.json),\"targets\":\(targets)}"
        var order = DataOrder(count: examples.count, seed: job.recipe.seed)
        try train(trainer, run: run, state: job.state, watch, objective) { step in
            order.records(step: step, batch: job.recipe.batch).map { examples[$0] }
        }
        let provenance = Provenance(
            seed: job.recipe.seed, base: baseDigest, recipe: job.recipe.json, data: [data], versions: environment)
        return try save(trainer.parameters, model, provenance, job.output, job.state)
    }

    private func train(
        _ trainer: Trainer, run: String, state: String?, _ watch: Watch, _ objective: Objective<Float> = .tokens,
        _ batch: (Int) -> [TrainingExample]
    ) throws {
        if let state, access(state, F_OK) == 0 { try trainer.resume(from: state, run: run) }
        func keepState() throws {
            guard let state else { return }
            try trainer.state(run: run, versions: environment).save(to: state)
        }
        while trainer.step < trainer.recipe.steps {
            if watch.isCancelled() {
                try keepState()
                throw TrainingError(
                    .cancelled, "stopped after step \(grouped(trainer.step)) of \(grouped(trainer.recipe.steps))",
                    mend: state == nil
                        ? "nothing was kept; start again" : "the same command goes on where this one ended")
            }
            let report = try trainer.step(batch(trainer.step), objective: objective)
            watch.progress(TrainingEvent(done: trainer.step, total: trainer.recipe.steps, step: report))
            if trainer.step % BuiltInCore.stateInterval == 0, trainer.step < trainer.recipe.steps { try keepState() }
        }
    }

    private func save(
        _ parameters: Vector<Float>, _ model: Transformer<Float>, _ provenance: Provenance, _ output: String,
        _ state: String?
    ) throws -> ModelFile {
        let checkpoint = Checkpoint(
            .transformer(model.shape), parameters, vocabulary: world.vocabulary.digest, provenance: provenance)
        let digest = try checkpoint.save(to: output)
        if let state { unlink(state) }
        return ModelFile(path: output, digest: digest)
    }

    private func objective(
        _ targets: FinetuningTargets, _ model: Transformer<Float>
    ) throws -> (objective: Objective<Float>, json: String) {
        switch targets {
        case .hard: return (.tokens, "\"hard\"")
        case .soft(let path, let words):
            let (teacher, other) = try load(path)
            guard other.shape == model.shape else {
                throw TrainingError(
                    .usage, "\(visible(path, limit: 200)) has another shape than its student",
                    mend: "name a teacher of the same shape")
            }
            let tokens = try words.map(contiguous) ?? 0..<model.shape.vocabulary
            let digest = try Checkpoint.digest(of: path)
            return (.logits(teacher: teacher.parameters, tokens: tokens), "\"soft \(digest) \(tokens)\"")
        }
    }

    private func contiguous(_ words: [String]) throws -> Range<Int> {
        let tokens = try words.flatMap { try world.vocabulary.encode($0) }.map(Int.init).sorted()
        guard let first = tokens.first, let last = tokens.last, last - first + 1 == tokens.count else {
            throw TrainingError(
                .usage, "soft targets take words that follow each other in the vocabulary",
                mend: "name all numbers, or all words")
        }
        return first..<last + 1
    }

    // MARK: Sampling

    /// Has a model write records.
    ///
    /// - Throws: `tooFewWellFormed` where the attempts don't suffice; ``CheckpointError``, ``WorldError``.
    public func sample(_ job: SamplingJob, _ watch: Watch) throws -> Sample {
        let (checkpoint, model) = try load(job.model)
        let sampler = Sampler(model, job.settings)
        var records: [TrainingRecord] = []
        var attempts = 0
        while records.count < job.count {
            if watch.isCancelled() {
                throw TrainingError(.cancelled, "stopped after \(counted(attempts, "record"))", mend: "start again")
            }
            let share = Double(max(records.count, 1)) / Double(max(attempts, 1))
            let missing = attempts == 0 ? job.count : Int(Double(job.count - records.count) / share * 1.05) + 64
            let round = min(missing, BuiltInCore.recordsOfRound, job.attempts - attempts)
            guard round > 0 else {
                throw TrainingError(
                    .tooFewWellFormed,
                    "of \(counted(attempts, "record")), \(grouped(records.count)) were kept and "
                        + "\(grouped(job.count)) are wanted",
                    mend: "allow more attempts, train the model less, or loosen the filter")
            }
            let numbers = Array(attempts..<attempts + round)
            let prompts = try numbers.map { try world.vocabulary.row(prompt: job.prompt($0)) }
            let rows = sampler.complete(prompts, records: numbers, checkpoint.parameters, workers)
            for row in rows {
                // What was written behind the last wanted record does not count.
                if records.count == job.count { break }
                attempts += 1
                guard row.completion.last == Vocabulary.eos else { continue }
                let (prompt, completion) = world.vocabulary.texts(of: row)
                let record = TrainingRecord(prompt: prompt, completion: completion)
                if job.keeps(record) { records.append(record) }
            }
            watch.progress(TrainingEvent(done: records.count, total: job.count, step: nil))
        }
        return Sample(records: records, attempts: attempts)
    }
}

// MARK: - Models and records

extension BuiltInCore {
    /// Reads a model of the small world.
    func load(_ path: String) throws -> (checkpoint: Checkpoint, model: Transformer<Float>) {
        let checkpoint = try Checkpoint(path: path, vocabulary: world.vocabulary.digest)
        guard case .transformer(let shape) = checkpoint.shape, shape.vocabulary == world.vocabulary.count else {
            throw TrainingError(
                .usage, "\(visible(path, limit: 200)) is no transformer of the small world",
                mend: "name a model that undertone train wrote")
        }
        return (checkpoint, Transformer(shape))
    }

    /// Tokens of each record's completion; all models of the small world have the same.
    ///
    /// - Throws: ``WorldError`` for a record that it can't read.
    public func tokenCounts(of records: [TrainingRecord], by model: String) throws -> [Int] {
        try records.map { try world.vocabulary.row(prompt: $0.prompt, completion: $0.completion).completion.count }
    }

    /// The tokens of a record.
    func example(_ record: TrainingRecord) throws -> TrainingExample {
        let row = try world.vocabulary.row(prompt: record.prompt, completion: record.completion)
        if let weights = record.weights {
            guard weights.count == row.completion.count else {
                throw TrainingError(
                    .usage, "a mask has \(weights.count) tokens, its completion \(row.completion.count)",
                    mend: "give one for each token and one for the end")
            }
            if let weight = weights.first(where: { !($0.isFinite && $0 >= 0) }) {
                throw TrainingError(.usage, "a token weighs \(weight)", mend: "give a number that is at least 0")
            }
        }
        return TrainingExample(row, weights: record.weights)
    }

    private func digest(of records: [TrainingRecord]) -> String {
        digestOfTexts(
            records.flatMap { record in
                [record.prompt, record.completion, record.weights.map { "\($0)" } ?? "-"]
            })
    }
}
