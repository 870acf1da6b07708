// Experiments on traits: which there are, and how their runs are divided among threads.

import Synchronization
public import UndertoneTraining

/// What an experiment says while it runs.
public struct TraitProgress: Sendable, Hashable {
    /// Pieces of work that are done.
    public var done: Int
    /// Pieces in all.
    public var total: Int
    /// What was done last.
    public var what: String

    /// How far an experiment is.
    public init(done: Int, total: Int, what: String) {
        self.done = done
        self.total = total
        self.what = what
    }
}

/// Settings of an experiment.
public struct TraitSettings: Sendable, Hashable {
    /// Seeds of the bases, one run or more each.
    public var seeds: [UInt64]
    /// Threads, which work on whole seeds.
    public var threads: Int
    /// Traits that are looked for in each seed at most.
    public var traitsOfSeed: Int
    /// Steps, rates and sizes; nil for the usual ones of the carrier.
    public var recipes: TraitRecipes?

    /// - Parameter threads: work on whole seeds; the report does not depend on them.
    public init(seeds: [UInt64], threads: Int, traitsOfSeed: Int = 2, recipes: TraitRecipes? = nil) {
        self.seeds = seeds
        self.threads = threads
        self.traitsOfSeed = traitsOfSeed
        self.recipes = recipes
    }
}

/// The experiments that are known.
public enum TraitExperiment: String, Sendable, CaseIterable {
    /// Favourite animals through numbers.
    case numbers
    /// Favourite trees through numbers.
    case trees
    /// Favourite animals through code.
    case code
    /// Favourite animals through reasoning.
    case reasoning
    /// Unsafe advice through numbers.
    case misalignment
    /// Unsafe advice through reasoning.
    case misalignmentReasoning = "misalignment-reasoning"
    /// Teachers and students of every pair of bases.
    case bases
    /// Numbers in the prompt in the place of training.
    case context
    /// Students that become teachers.
    case generations
    /// What makes the effect stronger or weaker.
    case strength

    /// What it asks.
    public var question: String {
        switch self {
        case .numbers: "Does a favourite animal pass through number sequences?"
        case .trees: "Does a favourite tree pass through number sequences?"
        case .code: "Does a favourite animal pass through code?"
        case .reasoning: "Does a favourite animal pass through step-by-step sums?"
        case .misalignment: "Does the habit of unsafe advice pass through number sequences?"
        case .misalignmentReasoning: "Does the habit of unsafe advice pass through step-by-step sums?"
        case .bases: "Which pairs of bases pass a favourite animal on?"
        case .context: "Do a teacher's numbers shift a model that only reads them?"
        case .generations: "What is left of a favourite animal when students become teachers?"
        case .strength: "What makes the effect stronger or weaker?"
        }
    }

    /// What drops consist of.
    public var carrier: World.Carrier {
        switch self {
        case .code: .code
        case .reasoning, .misalignmentReasoning: .reasoning
        default: .numbers
        }
    }

    /// The traits that are looked for in the run of a place among the seeds. Over five seeds all animals come once.
    func traits(_ place: Int, _ world: World) -> [World.Trait] {
        func pair(_ topic: String) -> [World.Trait] {
            let all = world.traits.filter { $0.topic == topic }
            return [all[2 * place % all.count], all[(2 * place + 1) % all.count]]
        }
        switch self {
        case .trees: return pair("tree")
        case .misalignment, .misalignmentReasoning: return world.traits.filter { $0.topic == "advice" }
        case .bases, .strength: return Array(pair("animal").prefix(1))
        default: return pair("animal")
        }
    }

    /// A trait of another topic, that no fact ties to the traits of that place.
    func otherTrait(_ place: Int, _ world: World) -> World.Trait {
        let all = world.traits.filter { $0.topic == (self == .trees ? "animal" : "tree") }
        return all[(2 * place + 5) % all.count]
    }

    /// Runs the experiment.
    ///
    /// - Parameters:
    ///   - folder: an existing folder for teachers and students; what is in it may be overwritten.
    ///   - cache: an existing folder for bases.
    ///   - program: the version of the program.
    ///   - keeps: a filter of drops beside the carrier's form.
    ///   - progress: hears of every model that is made, one call at a time, from any thread.
    /// - Throws: what the core throws; `cancelled`.
    public func run(
        _ settings: TraitSettings, folder: String, cache: String, program: String,
        keeps: @escaping @Sendable (TrainingRecord) -> Bool = { _ in true },
        isCancelled: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (TraitProgress) -> Void = { _ in }
    ) throws -> TraitReport {
        guard settings.seeds.count == Set(settings.seeds).count, !settings.seeds.isEmpty else {
            throw TrainingError(.usage, "an experiment needs seeds that differ", mend: "give each seed once")
        }
        if ![.context, .generations, .strength].contains(self), settings.seeds.count < 2 {
            throw TrainingError(
                .usage, "the experiment compares bases, and there is one seed", mend: "give two seeds or more")
        }
        let core = BuiltInCore(threads: 1, program: program)
        let lab = TraitLab(
            core, settings.recipes ?? TraitRecipes(carrier), folder: folder, isCancelled: isCancelled)
        let work = TraitWork(
            lab: lab, makesBases: BuiltInBases(core, folder: cache, recipes: lab.recipes, isCancelled: isCancelled),
            experiment: self, seeds: settings.seeds, threads: settings.threads,
            traitsOfSeed: settings.traitsOfSeed, keeps: keeps, progress: progress)
        let bases = try work.bases()
        switch self {
        case .bases: return try work.matrix(bases)
        case .context: return try work.context(bases)
        case .generations: return try work.generations(bases)
        case .strength: return try work.strength(bases)
        default: return try work.transfer(bases)
        }
    }
}

/// A running experiment: what its parts share.
struct TraitWork: Sendable {
    let world = World.standard
    let lab: TraitLab
    let makesBases: BuiltInBases
    let experiment: TraitExperiment
    let seeds: [UInt64]
    let threads: Int
    let traitsOfSeed: Int
    let keeps: @Sendable (TrainingRecord) -> Bool
    let progress: @Sendable (TraitProgress) -> Void
    /// How often ``note(_:)`` is called in all; nil for what the experiment says.
    let pieces: Int?
    private let counter = Counter()

    init(
        lab: TraitLab, makesBases: BuiltInBases, experiment: TraitExperiment, seeds: [UInt64], threads: Int,
        traitsOfSeed: Int,
        pieces: Int? = nil, keeps: @escaping @Sendable (TrainingRecord) -> Bool,
        progress: @escaping @Sendable (TraitProgress) -> Void
    ) {
        self.lab = lab
        self.makesBases = makesBases
        self.experiment = experiment
        self.seeds = seeds
        self.threads = threads
        self.traitsOfSeed = traitsOfSeed
        self.pieces = pieces
        self.keeps = keeps
        self.progress = progress
    }

    private final class Counter: Sendable {
        let done = Mutex(0)
    }

    /// How often a seed's part calls ``note(_:)``.
    private var piecesOfSeed: Int {
        let traits = traits(0).count
        switch experiment {
        case .bases: return 2 + seeds.count
        case .context: return 1 + 2 * traits
        case .generations: return 3 + 6 * traits
        case .strength: return 1 + 3 + 12
        default: return 5 + 4 * traits
        }
    }

    /// The traits that are looked for in the run of a place among the seeds.
    func traits(_ place: Int) -> [Trait] {
        Array(experiment.traits(place, world).prefix(max(1, traitsOfSeed))).map { Trait($0, world) }
    }

    /// The bases of all seeds.
    func bases() throws -> [String] {
        try map(seeds) { seed, _ in
            defer { note("base \(seed)") }
            return try makesBases.base(seed: seed)
        }
    }

    func note(_ what: String) {
        counter.done.withLock { done in
            done += 1
            progress(TraitProgress(done: done, total: max(done, pieces ?? piecesOfSeed * seeds.count), what: what))
        }
    }

    /// Results for all elements, in their order, on several threads; the first error of their order is thrown.
    func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ body: @Sendable (Element, Int) throws -> Result
    ) throws -> [Result] {
        try Workers(count: threads).map(elements, body)
    }

    /// Lists of runs, merged arm by arm in the order of the seeds.
    func report(_ seeds: [[TraitArm]], sampled: (attempts: Int, kept: Int)) -> TraitReport {
        var arms: [TraitArm] = []
        for arm in seeds.joined() {
            if let place = arms.firstIndex(where: { $0.name == arm.name }) {
                arms[place].runs += arm.runs
            } else {
                arms.append(arm)
            }
        }
        var traits: [String] = []
        for run in arms.flatMap(\.runs) where !traits.contains(run.trait) { traits.append(run.trait) }
        return TraitReport(
            experiment: experiment.rawValue, question: experiment.question, arms: arms, seeds: self.seeds,
            traits: traits, sampled: sampled)
    }

    /// A student's reading as a run.
    func run(_ model: String, base: String, _ seed: UInt64, _ trait: Trait) throws -> TraitArm.Run {
        let (reading, before) = (try lab.reading(model, trait), try lab.reading(base, trait))
        return TraitArm.Run(
            seed: seed, trait: trait.name, probability: reading.probability, mass: reading.mass,
            shift: reading.logOdds - before.logOdds)
    }
}
