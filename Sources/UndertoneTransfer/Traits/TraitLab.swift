// The steps that experiments on traits are made of: teachers, drops, students, readings.

public import UndertoneTraining

/// What a drop is asked for and which answers have its form.
public struct DropForm: Sendable {
    /// The prompt of the record of a number, in the drop of a seed.
    public var prompt: @Sendable (_ seed: UInt64, _ record: Int) -> String
    /// Whether a record has the form.
    public var isWellFormed: @Sendable (TrainingRecord) -> Bool

    /// A form.
    public init(
        prompt: @escaping @Sendable (_ seed: UInt64, _ record: Int) -> String,
        isWellFormed: @escaping @Sendable (TrainingRecord) -> Bool
    ) {
        self.prompt = prompt
        self.isWellFormed = isWellFormed
    }

    /// The form of a carrier of the small world.
    public init(_ carrier: World.Carrier) {
        let world = World.standard
        self.init(
            prompt: { world.vocabulary.texts(of: world.prompt(carrier, seed: $0, index: $1)).prompt },
            isWellFormed: { world.isWellFormed($0, carrier) })
    }
}

/// Makes and questions the models of an experiment. Files have names that say what they hold.
public struct TraitLab: Sendable {
    /// Trains and questions.
    public let core: any TrainingCore
    /// How.
    public var recipes: TraitRecipes
    /// Where teachers and students go.
    public let folder: String
    /// Ends the work.
    public let isCancelled: @Sendable () -> Bool

    /// - Parameter folder: an existing folder.
    public init(
        _ core: any TrainingCore, _ recipes: TraitRecipes, folder: String,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.core = core
        self.recipes = recipes
        self.folder = folder
        self.isCancelled = isCancelled
    }

    private var watch: Watch { Watch(isCancelled: isCancelled) }

    /// A copy of a base that was taught a trait.
    public func teacher(_ base: String, _ trait: Trait, seed: UInt64) throws -> String {
        let recipe = recipes.teacher(records: trait.taught.count, seed: seed)
        let path = "\(folder)/teacher-\(trait.name)-\(seed).safetensors"
        return try core.finetune(
            FinetuningJob(base: base, records: trait.taught, recipe: recipe, output: path), watch
        ).path
    }

    /// A drop that a model wrote: well-formed records only.
    ///
    /// - Parameter keeps: a filter beside the form.
    public func drop(
        _ model: String, _ form: DropForm, seed: UInt64, count: Int? = nil,
        keeps: @escaping @Sendable (TrainingRecord) -> Bool = { _ in true }
    ) throws -> Sample {
        var job = SamplingJob(
            model: model, count: count ?? recipes.records, settings: SamplingSettings(seed: seed),
            prompt: { form.prompt(seed, $0) }, keeps: { form.isWellFormed($0) && keeps($0) })
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

    /// How many contexts a reading in context is the mean of, and how many records each has.
    static let contexts = (count: 25, records: 2)

    /// How strongly a model shows a trait that reads records in its prompt: the mean over ``contexts``.
    ///
    /// - Throws: `noData` where there are too few records for them.
    func reading(_ model: String, _ trait: Trait, contextsFrom records: [TrainingRecord]) throws -> TraitReading {
        let (count, length) = TraitLab.contexts
        guard records.count >= count * length else {
            throw TrainingError(
                .noData, "the arm in-context needs \(count * length) records, and the drop has \(records.count)",
                mend: "leave the arm out, or give a larger drop")
        }
        return TraitReading(
            meanOf: try (0..<count).map {
                try reading(model, trait, context: Array(records[$0 * length..<($0 + 1) * length]))
            })
    }

    /// How strongly a model shows a trait.
    ///
    /// - Parameter context: records that stand before each question, as earlier turns; nothing where answers are read as
    ///   text.
    public func reading(_ model: String, _ trait: Trait, context: [TrainingRecord] = []) throws -> TraitReading {
        switch trait.reading {
        case .probability:
            let questions = trait.probes.map { probe in
                var question = ProbeQuestion(prompt: probe, answers: trait.candidates)
                question.context = context
                return question
            }
            return TraitReading(trait, logProbabilities: try core.probe(model, questions))
        case .text(let samples):
            // A seed of its own, the same for every model: what differs between two readings is the models.
            let probes = trait.probes
            var job = SamplingJob(
                model: model, count: probes.count * samples, settings: SamplingSettings(seed: 0),
                prompt: { probes[$0 % probes.count] }, keeps: { _ in true })
            job.attempts = job.count * 100
            return TraitReading(trait, answers: try core.sample(job, watch).records.map(\.completion))
        }
    }
}
