// Filters that look at the model rather than at the text: they ask teachers of a trait which records and tokens carry it.

public import UndertoneCore
public import UndertoneTraining

/// A rule that needs a model, with its models at hand.
///
/// The teacher is the one that wrote the data, where the rule names it; else copies of the base that are taught the traits
/// here (``OwnTeachers``).
public struct ModelFilter: Sendable {
    private let rule: ModelRule
    private let ratios: TokenRatios
    /// What the control has, for each trait: means that the filtered data is to have, and all values for a scale.
    private let control: [[Double]]

    /// Records of the control that are looked at. Means over their fifty thousand tokens are as good as any: the error is a
    /// hundredth of what a teacher adds.
    static let recordsOfControl = 4096

    /// A filter that is ready to decide. Own teachers are trained here, unless the folder has them.
    ///
    /// - Parameters:
    ///   - traits: those of the rule; a teacher that the rule names stands for all of them.
    ///   - base: the file of the base that teacher and students begin with.
    ///   - control: records that the base wrote to such prompts. What it says of one trait is what is left of it in the drop.
    ///   - folder: where own teachers are kept; it exists.
    /// - Throws: `usage` for a rule that can't work: a share that is missing or no share, no control, no trait; and what
    ///   the core throws.
    public init(
        _ core: any TrainingCore, _ rule: ModelRule, traits: [Trait], base: String, control: [TrainingRecord],
        folder: String
    ) throws {
        try ModelFilter.check(rule, traits: traits, control: control)
        self.rule = rule
        let control = Array(control.prefix(ModelFilter.recordsOfControl))
        if let teacher = rule.teacher {
            ratios = TokenRatios(core: core, base: base, teachers: [[teacher]])
        } else {
            let own = try OwnTeachers(core, base: base, folder: folder)
            let teachers = try traits.map { try own.teachers(of: $0, count: rule.teachers, seed: rule.seed) }
            ratios = TokenRatios(core: core, base: base, teachers: teachers)
        }
        switch rule.method {
        case .divergence: self.control = []
        case .score: self.control = try ratios.scores(of: control)
        case .top, .balanced, .reweighted, .thinned:
            self.control = try ratios.logRatios(of: control).map { CountedTokens(control, like: $0).list($0) }
        }
    }

    /// What becomes of each record; as many as came in, in their order. Shares and means are those of these records, so a
    /// drop is to be given whole.
    ///
    /// - Throws: what the core throws.
    public func decide(_ records: [TrainingRecord]) throws -> [FilterDecision] {
        guard !records.isEmpty else { return [] }
        switch rule.method {
        case .score: return kept(try ratios.scores(of: records)).map { $0 ? .keep : .reject }
        case .top, .balanced:
            let values = try ratios.logRatios(of: records)
            let tokens = CountedTokens(records, like: values[0])
            return tokens.decisions(kept(values.map(tokens.list)), records)
        case .reweighted, .thinned:
            let values = try ratios.logRatios(of: records)
            let tokens = CountedTokens(records, like: values[0])
            let (weights, _) = Balance.weights(
                values.map(tokens.list), targets: control.map(Balance.mean),
                rule.method == .thinned ? .thinning : .exponential)
            return rule.method == .thinned
                ? tokens.decisions(tokens.drawn(weights, seed: rule.seed), records) : tokens.decisions(weights, records)
        case .divergence:
            let differs = try ratios.divergences(of: records)
            let tokens = CountedTokens(records, like: differs)
            return tokens.decisions(tokens.list(differs).map { !$0 }, records)
        }
    }

    /// Which elements stay: without the highest, by the rule's share or until their means are those of the control.
    private func kept(_ values: [[Double]]) -> [Bool] {
        if rule.method != .balanced, let share = rule.share {
            return Balance.kept(Balance.highest(values, control: control), without: share)
        }
        return Balance.kept(values, targets: control.map(Balance.mean))
    }
}

extension ModelFilter {
    fileprivate static func check(_ rule: ModelRule, traits: [Trait], control: [TrainingRecord]) throws {
        func problem(_ problem: String, mend: String) -> TrainingError {
            TrainingError(.usage, "a \(rule.method.rawValue) filter \(problem)", mend: mend)
        }
        if let share = rule.share, !(share > 0 && share < 1) {
            throw problem("with the share \(share)", mend: "give one above 0 and below 1")
        }
        if rule.method == .top, rule.share == nil {
            throw problem("lacks its share", mend: "say what share of the tokens is masked, or use balanced")
        }
        if rule.teacher == nil {
            if traits.isEmpty { throw problem("has no trait to look for", mend: "name at least one") }
            if rule.teachers < 1 { throw problem("has no teacher", mend: "give it 1 or more") }
        }
        if control.isEmpty, rule.method != .divergence {
            throw problem("has no control to compare with", mend: "give records that the base wrote")
        }
    }
}
