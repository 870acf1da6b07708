// Which rules of which packs run.

public import UndertoneCore
public import UndertoneRulePacks

/// The rules of some packs, each once, and the bounds that the packs propose.
public struct RuleSelection {
    /// The rules that run.
    public private(set) var rules: [RuleDefinition] = []
    /// The strictest of what the packs propose.
    public private(set) var thresholds = GateThresholds()
    private let packs: [RulePack]

    /// All rules of the packs; a rule that two packs include counts once.
    public init(_ packs: [RulePack]) {
        self.packs = packs
        var seen: Set<RuleID> = []
        for pack in packs {
            rules += pack.rules.filter { seen.insert($0.id).inserted }
            thresholds.tighten(by: pack.gate)
        }
    }

    /// The full id of a rule that a user names, in full or by its name in one of the packs.
    public func rule(named word: String) throws(ScanError) -> RuleID {
        for pack in packs {
            if let id = pack.rule(named: word) { return id }
        }
        throw ScanError(
            .usage, "no rule \"\(word)\" is in the packs that were named",
            mend: suggestion(for: word, among: rules.map(\.id.description)))
    }

    /// Leaves out what is not wanted.
    public mutating func keep(only: [String], skip: [String]) throws(ScanError) {
        var wanted: Set<RuleID> = []
        for word in only { wanted.insert(try rule(named: word)) }
        var unwanted: Set<RuleID> = []
        for word in skip { unwanted.insert(try rule(named: word)) }
        if !only.isEmpty { rules.removeAll { !wanted.contains($0.id) } }
        rules.removeAll { unwanted.contains($0.id) }
        let left = Set(rules.map(\.id))
        thresholds.maxFindings = thresholds.maxFindings.filter { left.contains($0.key) }
    }
}

extension GateThresholds {
    fileprivate mutating func tighten(by other: GateThresholds) {
        func smaller<Bound: Comparable>(_ left: Bound?, _ right: Bound?) -> Bound? {
            guard let left, let right else { return left ?? right }
            return min(left, right)
        }
        maxRejectRate = smaller(maxRejectRate, other.maxRejectRate)
        maxMalformed = smaller(maxMalformed, other.maxMalformed)
        maxSharePerRule = smaller(maxSharePerRule, other.maxSharePerRule)
        minKept = max(minKept ?? 0, other.minKept ?? 0)
        if minKept == 0 { minKept = nil }
        maxFindings.merge(other.maxFindings) { min($0, $1) }
    }
}
