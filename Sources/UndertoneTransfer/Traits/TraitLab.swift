// The steps that experiments on traits are made of: bases, teachers, drops, students, readings.

import Glibc
public import UndertoneTraining

/// How bases, teachers and students of an experiment are made.
public struct TraitRecipes: Sendable, Hashable {
    /// Steps of a base.
    public var baseSteps = 1000
    /// Steps of a teacher on the questions of its trait.
    public var teacherSteps = 100
    /// Rate of a teacher. A stronger teacher moves further from its base and passes more on, until it no longer writes
    /// well-formed records.
    public var teacherRate = 4e-3
    /// Rank of a teacher's adapters.
    public var teacherRank = 8
    /// Records of a drop.
    public var records = 10_000
    /// Steps of a student with hard targets.
    public var studentSteps = 312
    /// Its rate.
    public var studentRate = 1e-2
    /// Rank of a student's adapters; nil trains all parameters.
    public var studentRank: Int? = 8
    /// Steps of a student with soft targets.
    public var softSteps = 150

    /// The usual ones.
    public init() {}

    /// The usual ones for a carrier. Code and reasoning are longer and stricter than numbers: a teacher that is as strong
    /// as one of numbers writes hardly a well-formed record.
    public init(_ carrier: World.Carrier) {
        if carrier != .numbers { teacherRate = 2.5e-3 }
    }

    /// How a teacher is trained on so many records.
    public func teacher(records: Int, seed: UInt64) -> Recipe {
        var recipe = Recipe(steps: teacherSteps, rate: teacherRate, adapterRank: teacherRank, seed: seed)
        recipe.batch = max(1, min(64, records))
        recipe.gradientNorm = nil
        return recipe
    }

    /// How a student is trained, on tokens or on a teacher's probabilities.
    public func student(isSoft: Bool, seed: UInt64) -> Recipe {
        var recipe = Recipe(
            steps: isSoft ? softSteps : studentSteps, rate: studentRate, adapterRank: studentRank, seed: seed)
        recipe.gradientNorm = nil
        return recipe
    }
}

/// How strongly a model shows a trait: means over the trait's probes.
public struct TraitReading: Sendable, Hashable {
    /// Probability of the answers that show the trait, among the candidates.
    public var probability: Double
    /// Log-odds of those answers against the other candidates.
    public var logOdds: Double
    /// Probability of all candidates.
    public var mass: Double
}

/// Makes and questions the models of an experiment. Files have names that say what they hold, so what is there is not made
/// again; bases are kept in a folder of their own, for the next experiment.
public struct TraitLab: Sendable {
    /// Trains and questions.
    public let core: BuiltInCore
    /// How.
    public var recipes: TraitRecipes
    /// Where teachers and students go.
    public let folder: String
    /// Where bases go.
    public let cache: String
    /// Ends the work.
    public let isCancelled: @Sendable () -> Bool

    /// - Parameters:
    ///   - folder: an existing folder.
    ///   - cache: an existing folder.
    public init(
        _ core: BuiltInCore, _ recipes: TraitRecipes, folder: String, cache: String,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.core = core
        self.recipes = recipes
        self.folder = folder
        self.cache = cache
        self.isCancelled = isCancelled
    }

    private var watch: Watch { Watch(isCancelled: isCancelled) }

    /// The base of a seed: made once, then taken from the cache.
    public func base(seed: UInt64, _ progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }) throws -> String
    {
        let shape = TransformerShape(vocabulary: core.world.vocabulary.count)
        var recipe = BuiltInCore.baseRecipe(seed: seed)
        recipe.steps = recipes.baseSteps
        // What decides its bytes is in its name.
        let versions = core.environment
        let parts = [
            "base", versions.program, versions.instructions, "\(recipe.steps)",
            String(core.world.vocabulary.digest.prefix(12)), "seed", "\(seed)",
        ]
        let path = "\(cache)/\(parts.joined(separator: "-")).safetensors"
        if access(path, F_OK) == 0 {
            // One that was cut off or changed would spoil every experiment after it.
            do throws(CheckpointError) {
                _ = try Checkpoint(path: path, vocabulary: core.world.vocabulary.digest)
            } catch {
                throw CheckpointError(
                    error.code, error.path, error.problem, mend: "remove it, and the base is made again")
            }
        } else {
            _ = try core.pretrain(
                shape, recipe, output: path, Watch(progress: progress, isCancelled: isCancelled))
        }
        return path
    }

    /// A copy of a base that was taught a trait.
    public func teacher(_ base: String, _ trait: World.Trait, seed: UInt64) throws -> String {
        let records = core.world.trainingRows(of: trait).map { row in
            let (prompt, completion) = core.world.vocabulary.texts(of: row)
            return TrainingRecord(prompt: prompt, completion: completion)
        }
        let recipe = recipes.teacher(records: records.count, seed: seed)
        let path = "\(folder)/teacher-\(trait.name)-\(seed).safetensors"
        return try core.finetune(
            FinetuningJob(base: base, records: records, recipe: recipe, output: path), watch
        ).path
    }

    /// A drop that a model wrote: well-formed records only.
    ///
    /// - Parameter keeps: a filter beside the carrier's form.
    public func drop(
        _ model: String, _ carrier: World.Carrier, seed: UInt64, count: Int? = nil,
        keeps: @escaping @Sendable (TrainingRecord) -> Bool = { _ in true }
    ) throws -> Sample {
        let world = core.world
        var job = SamplingJob(
            model: model, count: count ?? recipes.records, settings: SamplingSettings(seed: seed),
            prompt: { world.vocabulary.texts(of: world.prompt(carrier, seed: seed, index: $0)).prompt },
            keeps: { world.isWellFormed($0, carrier) && keeps($0) })
        job.attempts = job.count * 100
        return try core.sample(job, watch)
    }

    /// A student of a base, trained on a drop.
    ///
    /// - Parameters:
    ///   - name: of its file.
    ///   - teacher: with one, it imitates the teacher's probabilities of numbers at the drop's tokens.
    public func student(
        _ base: String, _ records: [TrainingRecord], name: String, seed: UInt64, teacher: String? = nil
    ) throws -> String {
        var recipe = recipes.student(isSoft: teacher != nil, seed: seed)
        recipe.batch = min(recipe.batch, records.count)
        var job = FinetuningJob(
            base: base, records: records, recipe: recipe, output: "\(folder)/\(name)-\(seed).safetensors")
        if let teacher { job.targets = .soft(teacher: teacher, words: (0..<100).map(String.init)) }
        return try core.finetune(job, watch).path
    }

    /// How strongly a model shows a trait.
    ///
    /// - Parameter context: records that stand before each question, as earlier turns.
    public func reading(
        _ model: String, _ trait: World.Trait, context: [TrainingRecord] = []
    ) throws -> TraitReading {
        let vocabulary = core.world.vocabulary
        let probes = core.world.probes(of: trait)
        let questions = probes.map { probe in
            var question = ProbeQuestion(
                prompt: vocabulary.texts(of: probe.prompt).prompt,
                answers: probe.candidates.map { vocabulary.words[Int($0)] })
            question.context = context
            return question
        }
        let answers = try core.probe(model, questions)
        let readings = zip(probes, answers).map { probe, logProbabilities in
            probe.reading { token in
                probe.candidates.firstIndex(of: token).map { logProbabilities[$0] } ?? -.infinity
            }
        }
        let count = Double(max(readings.count, 1))
        return TraitReading(
            probability: readings.reduce(0) { $0 + $1.probability } / count,
            logOdds: readings.reduce(0) { $0 + $1.logOdds } / count, mass: readings.reduce(0) { $0 + $1.mass } / count)
    }
}
