// An experiment file with all that it names: traits, packs, and the ways in and out that a run needs.

import Foundation
import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneRulePacks
import UndertoneRules
import UndertoneScanning
import UndertoneTraining
import UndertoneTransfer

/// What a run is made from.
struct ExperimentPlan {
    let experiment: TransferExperiment
    private let options: TransferOptions
    private let traits: [Trait]
    private let otherTraits: [Trait]

    init(_ path: String, _ options: TransferOptions) throws {
        var experiment = try TransferExperiment(contentsOf: path)
        self.options = options
        let set = try TraitSet(named: experiment.traitSet)
        traits = try experiment.traits.map { try set.trait(named: $0) }
        // Facts of the small world tie an animal to a tree: the sixth tree is tied to none of the first five animals.
        let other = try TraitSet(named: set.name == "trees" ? "animals" : "trees").traits
        otherTraits = Array(other[5...] + other[..<5])
        // A misspelt pack or a rule that can't be used here is said before anything is trained.
        for place in experiment.filters.indices {
            let packs = try ExperimentPlan.rules(experiment.filters[place].packs).packs
            let descriptions = packs.map(\.description).filter { !$0.isEmpty }
            if experiment.filters[place].meaning == nil, !descriptions.isEmpty {
                experiment.filters[place].meaning = descriptions.joined(separator: " ")
            }
        }
        self.experiment = experiment
    }

    /// The run, in a folder.
    func run(folder: String, progress: @escaping @Sendable (TraitProgress) -> Void) throws -> TransferRun {
        let core = BuiltInCore(threads: 1, program: undertoneVersion)
        let cache = try CacheFolder.make(options.cache)
        let isCancelled: @Sendable () -> Bool = { EndRequest.isMade }
        return TransferRun(
            experiment, traits: traits, otherTraits: otherTraits, core: core,
            bases: BuiltInBases(
                core, folder: cache, recipes: experiment.recipes, isCancelled: isCancelled),
            doors: TransferDoors(
                read: { try TrainingData(path: $0, world: core.world).records },
                apply: { packs, input, kept, context in
                    try ExperimentPlan.apply(packs, to: input, kept: kept, context)
                },
                identity: { try ExperimentPlan.rules($0).packs.map(\.digest) }),
            folder: folder, threads: options.threadCount, isCancelled: isCancelled, progress: progress)
    }

    private static func rules(_ names: [String]) throws -> (packs: [RulePack], rules: RuleSet) {
        let library = PackLibrary()
        let packs = try names.map { try library.pack($0) }
        return (packs, try RuleSet(RuleSelection(packs).rules))
    }

    // The same engine as undertone scan, so that the same rules keep the same records.
    private static func apply(
        _ names: [String], to input: String, kept: String, _ context: FilterContext
    ) throws {
        let (packs, rules) = try rules(names)
        var configuration = ScanConfiguration(inputs: [input], rules: rules)
        configuration.packs = packs.map { .init(name: $0.name, version: $0.version, digest: $0.digest) }
        configuration.kept = OutputTarget(path: kept, compression: Compression.none)
        configuration.computesDigests = false
        configuration.judge = try ModelRuleJudge(rules, threads: 1, context)
        let outcome = try scan(configuration)
        if let problem = outcome.outputProblem ?? outcome.report.inputs.compactMap(\.problem).first {
            throw ScanError(
                .input, "the filter \(names.joined(separator: ", ")) failed: \(problem)", mend: "mend the file")
        }
    }
}
