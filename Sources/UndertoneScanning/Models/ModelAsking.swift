// Asks models about records, rule by rule, and puts together what they answer.

import UndertoneCore
import UndertoneReporting
import UndertoneRules

/// Rules that need a model, at work on the candidates of a drop: each rule sees what the earlier ones left, and weights
/// are put together so that a token counts where it counts for all of them.
struct ModelAsking {
    private let rules: RuleSet
    private let candidates: [ModelCandidate]
    private var findings: [Int: [(rule: UInt16, reason: UInt16)]] = [:]
    // What tokens weigh by the rules so far, where that is not what the record says.
    private var masks: [Int: [Float]] = [:]
    // Indices of the candidates that no rule has rejected yet.
    private var left: [Int]

    init(_ rules: RuleSet, _ candidates: [ModelCandidate]) {
        self.rules = rules
        self.candidates = candidates
        left = Array(candidates.indices)
    }

    /// Asks for all rules, in their order.
    mutating func ask(_ judge: any ModelJudge) throws(ScanError) {
        for (rule, settings) in rules.modelRules {
            var asked: [Int] = []
            for index in left {
                switch candidates[index].problem {
                case .notOneTurn: try find("not-one-turn", rule, index)
                case .unreadable: try find("unreadable", rule, index)
                case nil where settings.method != .score && candidates[index].hasBadMask:
                    try find("bad-loss-mask", rule, index)
                case nil: asked.append(index)
                }
            }
            if !asked.isEmpty { try ask(judge, rule, settings, asked) }
            if rules.definitions[rule].action >= .reject {
                left.removeAll { index in findings[index]?.contains { Int($0.rule) == rule } ?? false }
            }
        }
    }

    private mutating func ask(
        _ judge: any ModelJudge, _ rule: Int, _ settings: ModelRule, _ asked: [Int]
    ) throws(ScanError) {
        let decisions: [FilterDecision]
        do {
            decisions = try judge.decide(settings, asked.map(record))
        } catch let error as ScanError {
            throw error
        } catch {
            throw ScanError(.input, "\(rules.definitions[rule].id): \(error)")
        }
        guard decisions.count == asked.count else {
            throw wrong(rule, "gave \(decisions.count) answers about \(asked.count) records")
        }
        for (index, decision) in zip(asked, decisions) {
            switch decision {
            case .keep: break
            case .reject: try find(settings.method == .score ? "high-score" : "all-masked", rule, index)
            case .weigh(let weights): try mask(index, weights, rule, settings)
            }
        }
    }

    // A record as the rules before have left it.
    private func record(_ index: Int) -> JudgedRecord {
        let candidate = candidates[index]
        return JudgedRecord(
            prompt: candidate.prompt, completion: candidate.completion,
            weights: masks[index] ?? (candidate.hasBadMask ? nil : candidate.ownMask))
    }

    private mutating func mask(
        _ index: Int, _ weights: [Float], _ rule: Int, _ settings: ModelRule
    ) throws(ScanError) {
        let tokens = candidates[index].tokens
        guard weights.count == tokens, settings.method != .score else {
            throw wrong(rule, "masked \(weights.count) tokens of a completion that has \(tokens)")
        }
        guard weights.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw wrong(rule, "gave a weight that is no number of at least 0")
        }
        let before = masks[index] ?? candidates[index].ownMask ?? weights.map { _ in 1 }
        let after = zip(before, weights).map { $0 == 0 ? 0 : $1 }
        // A record that teaches nothing is no record to keep, whoever masked which of its tokens.
        guard after.contains(where: { $0 > 0 }) else { return try find("all-masked", rule, index) }
        if after != before { masks[index] = after }
    }

    private mutating func find(_ reason: String, _ rule: Int, _ index: Int) throws(ScanError) {
        guard let reason = rules.reasons(of: rule).firstIndex(of: reason) else {
            throw wrong(rule, "gave an answer that \(rules.kinds[rule].rawValue) has no word for")
        }
        findings[index, default: []].append((UInt16(truncatingIfNeeded: rule), UInt16(truncatingIfNeeded: reason)))
    }

    private func wrong(_ rule: Int, _ problem: String) -> ScanError {
        ScanError(.input, "the model of \(rules.definitions[rule].id) \(problem)")
    }

    // MARK: What came of it

    /// What was said of which record, in the order of the drop.
    var outcomes: [ModelVerdicts.Outcome] {
        candidates.indices.compactMap { index in
            let candidate = candidates[index]
            let found = findings[index] ?? []
            let mask = masks[index]
            guard !found.isEmpty || mask != nil else { return nil }
            return ModelVerdicts.Outcome(
                ordinal: candidate.ordinal, checksum: candidate.checksum, findings: found, mask: mask)
        }
    }

    /// What becomes of each candidate, by its ordinal.
    var decisions: [(ordinal: Int, decision: FilterDecision)] {
        let left = Set(left)
        return candidates.indices.map { index in
            let decision =
                left.contains(index) ? masks[index].map { FilterDecision.weigh($0) } ?? .keep : .reject
            return (candidates[index].ordinal, decision)
        }
    }

    /// Masks of the records that are kept; `nil` where no rule masks tokens.
    var tally: ScanReport.Masks? {
        guard rules.kinds.contains(.tokenMask) else { return nil }
        var tally = ScanReport.Masks()
        for index in left where candidates[index].problem == nil {
            tally.tokens += candidates[index].tokens
            guard let mask = masks[index] else { continue }
            tally.records += 1
            if candidates[index].ownMask != nil { tally.combined += 1 }
            let own = candidates[index].ownMask ?? mask.map { _ in 1 }
            tally.tokensMasked += zip(own, mask).count { $0 > 0 && $1 == 0 }
            tally.tokensWeighed += zip(own, mask).count { $0 != $1 && $1 > 0 }
        }
        return tally
    }
}
