// Rules of a pack that need a model, and the models of the built-in core: what a scan asks, a filter answers.

import UndertoneCore
import UndertoneRecords
import UndertoneRules
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

/// Answers the rules of a scan with the small world's models. Teachers of one's own are taught when the first record is
/// asked about, and kept in the cache.
struct ModelRuleJudge: ModelJudge {
    /// What a rule has besides its settings.
    private struct Models {
        var traits: [Trait]
        var base: String
        var control: [TrainingRecord]
        var teacher: String?
    }

    /// Which files were asked, for the report: what a rule finds depends on them and not on the pack alone.
    let notes: [String]
    /// Files that no output may take the place of, by option.
    let inputs: [(name: String, path: String)]
    private let core: BuiltInCore
    private let cache: String
    private let models: [ModelRule: Models]

    /// Looks at everything that the rules name before a record is read; `nil` where no rule needs a model.
    ///
    /// - Parameters:
    ///   - base: for rules that name none.
    ///   - reference: a drop of the base, for rules that name none.
    /// - Throws: wrong usage for what is missing, `SettingsError` for a trait set, and what reading the files throws.
    init?(_ rules: RuleSet, base: String?, reference: String?, threads: Int) throws {
        try self.init(rules, base: base, reference: reference, teacher: nil, trait: nil, cache: nil, threads: threads)
    }

    /// For a filter of an experiment: what rules leave open is what its run has.
    init?(_ rules: RuleSet, threads: Int, _ context: FilterContext) throws {
        guard !rules.modelRules.isEmpty else { return nil }
        try self.init(
            rules, base: context.base, reference: context.reference, teacher: context.teacher, trait: context.trait,
            cache: context.folder, threads: threads)
    }

    private init?(
        _ rules: RuleSet, base: String?, reference: String?, teacher: String?, trait: Trait?,
        cache: String?, threads: Int
    ) throws {
        guard !rules.modelRules.isEmpty else {
            guard base == nil, reference == nil else {
                throw ScanError(
                    .usage, "--base and --reference are for rules that need a model, and none of these does",
                    mend: "leave them out, or name a pack with such a rule")
            }
            return nil
        }
        core = BuiltInCore(threads: threads, program: undertoneVersion)
        self.cache = try CacheFolder.make(cache)
        var models: [ModelRule: Models] = [:]
        var files: [(name: String, path: String)] = []
        var controls: [String: [TrainingRecord]] = [:]
        func add(_ name: String, _ path: String) {
            if !files.contains(where: { $0.path == path }) { files.append((name, path)) }
        }
        for (rule, settings) in rules.modelRules where models[settings] == nil {
            let id = rules.definitions[rule].id.description
            guard let base = settings.base ?? base else {
                throw ScanError(
                    .usage, "\(id) needs the model that teacher and students began with", mend: "name it with --base")
            }
            add("the base", base)
            var wrote = settings.teacher
            if wrote == ModelRule.givenTeacher {
                guard let teacher else {
                    throw ScanError(
                        .usage, "\(id) asks for the teacher that wrote the drop, and nobody has it here",
                        mend: "name its file in the rule, or leave teacher out: copies of the base are taught then")
                }
                wrote = teacher
            } else if let wrote {
                add("the teacher", wrote)
            }
            var control: [TrainingRecord] = []
            if let reference = settings.reference ?? reference {
                if controls[reference] == nil {
                    controls[reference] = try TrainingData(path: reference, world: core.world).records
                }
                control = controls[reference] ?? []
                add("the reference", reference)
            } else if settings.method != .divergence {
                throw ScanError(
                    .usage, "\(id) compares with a drop of the base, and none is given",
                    mend: "name one with --reference; undertone train sample --model BASE writes one")
            }
            models[settings] = Models(
                traits: try ModelRuleJudge.traits(of: settings, id, lookedFor: trait), base: base, control: control,
                teacher: wrote)
        }
        self.models = models
        inputs = files
        notes = try files.map { file in
            "\(file.name) that models were asked with: \(file.path), sha256 \(try storedDigest(of: Input(path: file.path)))"
        }
    }

    // Where the rule names none, those that the run looks for; in a scan, all of the set.
    private static func traits(of rule: ModelRule, _ id: String, lookedFor: Trait?) throws -> [Trait] {
        let known = try TraitSet(named: rule.traitSet).traits
        if rule.traits.isEmpty { return lookedFor.map { [$0] } ?? known }
        return try rule.traits.map { name throws(ScanError) in
            guard let trait = known.first(where: { $0.name == name }) else {
                throw ScanError(
                    .usage, "\(id): the trait set \(rule.traitSet) has no trait \"\(name)\"",
                    mend: suggestion(for: name, among: known.map(\.name)))
            }
            return trait
        }
    }

    func tokenCount(prompt: String, completion: String) -> Int? {
        try? core.world.vocabulary.row(prompt: prompt, completion: completion).completion.count
    }

    func decide(_ rule: ModelRule, _ records: [JudgedRecord]) throws -> [FilterDecision] {
        guard let models = models[rule] else { return records.map { _ in .keep } }
        var rule = rule
        rule.teacher = models.teacher
        let filter = try ModelFilter(
            core, rule, traits: models.traits, base: models.base, control: models.control, folder: cache)
        return try filter.decide(
            records.map { TrainingRecord(prompt: $0.prompt, completion: $0.completion, weights: $0.weights) })
    }
}
