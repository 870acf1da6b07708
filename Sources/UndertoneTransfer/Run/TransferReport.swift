// What came of a transfer experiment: arms, filters, and what a reader must know before believing them.

public import UndertoneStatistics

/// A number with its 95 % interval.
public struct Estimate: Sendable, Hashable {
    /// The number.
    public var value: Double
    /// Its interval; nil where there are too few runs for one.
    public var interval: Interval?

    /// A number with its interval.
    public init(_ value: Double, _ interval: Interval?) {
        self.value = value
        self.interval = interval
    }
}

extension Estimate {
    /// Below so many runs nothing is concluded.
    static let leastRuns = 3

    /// Whether a mean over runs is an effect: its interval excludes 0, and it is beyond the bounds of equivalence.
    ///
    /// A drop and a control that are one file in all runs differ by chance in ways that all students share, and runs can't
    /// show; such differences are small. So an effect within the bounds of equivalence is none.
    func isShown(beyond bound: Double, runs: Int) -> Bool {
        guard runs >= Estimate.leastRuns, let interval else { return false }
        return value.magnitude > bound && (interval.low > 0 || interval.high < 0)
    }
}

/// Whether something is left behind a filter.
public enum FilterVerdict: String, Sendable, Hashable {
    /// The filtered drop shifts the trait beyond the filtered control.
    case transfers
    /// The shift beyond the filtered control is inside the bounds of equivalence, or its residual within a quarter of 0.
    case clean
    /// The filtered drop shifts the trait the other way: the filter took more than there was.
    case reverses
    /// Neither can be shown with these runs.
    case undecided
    /// Raw drop and raw control can't be told apart, so there is nothing that a filter could take away.
    case notMeasurable = "not-measurable"
}

/// What a filter took away from a drop, and what it left.
public struct FilterOutcome: Sendable, Hashable {
    /// Its name in the experiment: `number-grammar`.
    public var name: String
    /// What it does, for people.
    public var meaning: String
    /// Records of the drop that are kept, over all runs.
    public var recordsKept: Int
    /// Records of the drop that came in, over all runs.
    public var recordsRead: Int
    /// Tokens of completions that still train, over all runs.
    public var tokensKept: Int
    /// Tokens of completions that came in, over all runs.
    public var tokensRead: Int
    /// (T filtered drop − T filtered control) / (T raw drop − T raw control), T being the trait's log-odds; nil where the
    /// divisor can't be told from 0.
    public var residual: Estimate?
    /// T filtered drop − T filtered control, paired by run.
    public var difference: Estimate
    /// T filtered control − T raw control: what the filter does to data without the trait.
    public var push: Estimate
    /// T filtered drop − T of a random part of the drop of the same size; nil where that arm was not asked for.
    public var againstRandom: Estimate?
    /// Two-sided p-value of ``difference``: sign-flip permutation of the runs.
    public var pValue: Double?
    /// Whether something is left.
    public var verdict: FilterVerdict
    /// Whether the filter pushes the trait on data that does not carry it: the interval of ``push`` does not hold 0 and
    /// the push is beyond the bounds of equivalence.
    public var pushesTrait: Bool

    /// An outcome without its figures' order.
    public init(
        name: String, meaning: String, recordsKept: Int, recordsRead: Int, tokensKept: Int, tokensRead: Int,
        residual: Estimate?, difference: Estimate, push: Estimate, againstRandom: Estimate?, pValue: Double?,
        verdict: FilterVerdict, pushesTrait: Bool
    ) {
        self.name = name
        self.meaning = meaning
        self.recordsKept = recordsKept
        self.recordsRead = recordsRead
        self.tokensKept = tokensKept
        self.tokensRead = tokensRead
        self.residual = residual
        self.difference = difference
        self.push = push
        self.againstRandom = againstRandom
        self.pValue = pValue
        self.verdict = verdict
        self.pushesTrait = pushesTrait
    }
}

/// Something that a reader must know before believing a result.
public struct TransferWarning: Sendable, Hashable {
    /// `shared-records`, `foreign-control`, `low-mass`, `few-seeds`, …
    public var code: String
    /// What was seen, with figures.
    public var problem: String
    /// What helps.
    public var mend: String

    /// A warning.
    public init(_ code: String, _ problem: String, mend: String) {
        self.code = code
        self.problem = problem
        self.mend = mend
    }
}

/// The results of a transfer experiment.
public struct TransferReport: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// What is looked for, in the order of the runs.
    public var traits: [String]
    /// Seeds of its runs.
    public var seeds: [UInt64]
    /// Its arms: `raw`, `control`, `other-base`, …; those of filters are `filtered/NAME`, `filtered-control/NAME`,
    /// `random/NAME`.
    public var arms: [TraitArm]
    /// Its filters, in their order.
    public var filters: [FilterOutcome]
    /// T raw drop − T raw control, paired by run.
    public var effect: Estimate
    /// Two-sided p-value of ``effect``.
    public var effectPValue: Double?
    /// Shifts of the log-odds below this count as none.
    public var equivalenceBound: Double
    /// Records that a student was trained on and the shift that came of it, where the experiment asks for several sizes.
    public var doses: [TraitArm]
    /// What a reader must know.
    public var warnings: [TransferWarning]
    /// SHA-256 of what decides the result, by name: `experiment`, `base`, `drop`, `control`, …
    public var digests: [(name: String, sha256: String)]
    /// What decides the bytes of models: `undertone`, `instructions`, `c-library`.
    public var versions: [(name: String, version: String)]
    /// What the recipe was, as JSON on one line.
    public var recipe: String

    /// The arm of that name.
    public subscript(arm: String) -> TraitArm? { arms.first { $0.name == arm } }

    /// Equal in all that it holds.
    public static func == (a: TransferReport, b: TransferReport) -> Bool {
        a.name == b.name && a.traits == b.traits && a.seeds == b.seeds && a.arms == b.arms && a.filters == b.filters
            && a.effect == b.effect && a.effectPValue == b.effectPValue && a.equivalenceBound == b.equivalenceBound
            && a.doses == b.doses && a.warnings == b.warnings && a.recipe == b.recipe
            && a.digests.elementsEqual(b.digests, by: ==) && a.versions.elementsEqual(b.versions, by: ==)
    }
}
