// A transfer experiment at work: bases → teachers → drops → filters → students → readings.

import Synchronization
public import UndertoneTraining

/// What a filter is told of the run that it works for.
public struct FilterContext: Sendable {
    /// The base of the run's students, a file.
    public var base: String
    /// A drop of the base, a file: another one than students are trained on, so that a filter is not judged by the data
    /// that it was set by.
    public var reference: String
    /// The teacher that wrote the run's drop, a file; nil where nobody has it.
    public var teacher: String?
    /// The trait that is looked for.
    public var trait: Trait
    /// An existing folder for what the filter makes.
    public var folder: String
}

/// What a run needs from outside of this target: files and rules.
public struct TransferDoors: Sendable {
    /// The records of a file, with their masks.
    public var read: @Sendable (_ path: String) throws -> [TrainingRecord]
    /// Runs packs over a file and writes what they keep.
    public var apply:
        @Sendable (_ packs: [String], _ input: String, _ kept: String, _ context: FilterContext) throws -> Void
    /// What decides what packs do, such as digests of their texts.
    public var identity: @Sendable (_ packs: [String]) throws -> [String]

    /// Doors.
    public init(
        read: @escaping @Sendable (_ path: String) throws -> [TrainingRecord],
        apply:
            @escaping @Sendable (
                _ packs: [String], _ input: String, _ kept: String, _ context: FilterContext
            ) throws -> Void,
        identity: @escaping @Sendable (_ packs: [String]) throws -> [String]
    ) {
        self.read = read
        self.apply = apply
        self.identity = identity
    }
}

/// Runs an experiment in a folder.
///
/// Guarantees: what is finished in the folder is not done again; the same experiment gives the same report, whatever the
/// number of threads and however often it was ended on the way.
public struct TransferRun: Sendable {
    /// What is run.
    public let experiment: TransferExperiment
    /// Traits that are looked for, one in each run, in turn.
    public let traits: [Trait]
    /// Traits of another set, for the arm of another trait.
    public let otherTraits: [Trait]
    /// Trains; on one thread, since arms run beside each other.
    public let core: any TrainingCore
    /// Makes bases where the experiment names none.
    public let bases: BuiltInBases
    /// Files and rules.
    public let doors: TransferDoors
    /// Threads that work on arms.
    public let threads: Int

    let folder: RunFolder
    let isCancelled: @Sendable () -> Bool
    private let progress: @Sendable (TraitProgress) -> Void
    private let counter = Counter()

    private final class Counter: Sendable { let done = Mutex(0) }

    /// - Parameters:
    ///   - traits: at least one.
    ///   - folder: an existing folder, empty or of an earlier run.
    ///   - progress: hears of every piece that is done, one call at a time, from any thread.
    public init(
        _ experiment: TransferExperiment, traits: [Trait], otherTraits: [Trait], core: any TrainingCore,
        bases: BuiltInBases, doors: TransferDoors, folder: String, threads: Int,
        isCancelled: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (TraitProgress) -> Void = { _ in }
    ) {
        self.experiment = experiment
        self.traits = traits
        self.otherTraits = otherTraits
        self.core = core
        self.bases = bases
        self.doors = doors
        self.folder = RunFolder(folder)
        self.threads = threads
        self.isCancelled = isCancelled
        self.progress = progress
    }

    /// Does what is not done yet, and says what came of it.
    ///
    /// - Throws: what the core and the doors throw; `cancelled`. What was finished stays finished.
    public func callAsFunction() throws -> (report: TransferReport, evidence: [RunEvidence]) {
        guard !traits.isEmpty, !experiment.seeds.isEmpty else {
            throw TrainingError(.usage, "there is no trait to look for or no seed", mend: "name at least one of each")
        }
        let workers = Workers(count: threads)
        let replicates = try workers.map(experiment.seeds) { seed, place in try replicate(seed, place) }
        let filterings = replicates.flatMap { replicate in
            experiment.filters.flatMap { filter in
                [false, true].map { (replicate: replicate, filter: filter, isControl: $0) }
            }
        }
        let kept = try workers.map(filterings) { work, _ in
            try filtered(work.filter, of: work.replicate, isControl: work.isControl)
        }
        let students = replicates.flatMap { replicate in
            self.students(of: replicate, kept.filter { $0.seed == replicate.seed })
        }
        var readings = try workers.map(students) { student, _ in try measure(student) }
        if experiment.arms.contains(.generations) {
            let later = try workers.map(replicates) { replicate, _ in try generations(of: replicate) }
            readings += later.joined()
        }
        return (
            try report(replicates, kept, readings), evidence(replicates, kept, students, readings)
        )
    }

    /// A piece of work is done.
    func note(_ what: String) {
        counter.done.withLock { done in
            done += 1
            progress(TraitProgress(done: done, total: max(done, TransferPlan.pieces(of: experiment)), what: what))
        }
    }

    /// What decides a file: the keys of files that it is made from, settings, and the versions of the core.
    func key(_ parts: String...) -> String {
        digestOfTexts(parts + core.versions.flatMap { [$0.name, $0.version] })
    }
}

/// A file of a run, and the key of what it was made from.
struct RunFile: Sendable, Hashable {
    var path: String
    var key: String
}

extension Trait {
    /// All that decides a reading.
    var key: String {
        digestOfTexts(
            [name, "\(reading)"] + taught.flatMap { [$0.prompt, $0.completion] } + ["probes"] + probes
                + ["candidates"] + candidates + ["answers"] + answers)
    }
}
