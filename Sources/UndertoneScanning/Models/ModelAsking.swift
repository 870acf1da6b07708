// Asks models about records, rule by rule, and puts together what they answer.

import UndertoneCore
import UndertoneReporting
import UndertoneRules

/// Rules that need a model, at work on the candidates of a drop: each rule sees what the earlier ones left, and masks
/// are put together so that a token counts where it counts for all of them.
struct ModelAsking {
    private let rules: RuleSet
    private let candidates: [ModelCandidate]
    private var findings: [Int: [(rule: UInt16, reason: UInt16)]] = [:]
    private var masks: [Int: [Bool]] = [:]
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
        let decisions: [ModelDecision]
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
            case .mask(let bits): try mask(index, bits, rule, settings)
            }
        }
    }

    // A record as the rules before have left it.
    private func record(_ index: Int) -> JudgedRecord {
        let candidate = candidates[index]
        return JudgedRecord(
            prompt: candidate.prompt, completion: candidate.completion,
            counts: newMask(index) ?? (candidate.hasBadMask ? nil : candidate.ownMask))
    }

    private mutating func mask(
        _ index: Int, _ bits: [Bool], _ rule: Int, _ settings: ModelRule
    ) throws(ScanError) {
        let tokens = candidates[index].tokens
        guard bits.count == tokens, settings.method != .score else {
            throw wrong(rule, "masked \(bits.count) tokens of a completion that has \(tokens)")
        }
        guard bits.contains(false) else { return }
        let mask = masks[index].map { earlier in zip(earlier, bits).map { $0 && $1 } } ?? bits
        // A record that teaches nothing is no record to keep, whoever masked which of its tokens.
        let own = candidates[index].ownMask ?? mask
        guard zip(own, mask).contains(where: { $0 && $1 }) else { return try find("all-masked", rule, index) }
        masks[index] = mask
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
            let mask = newMask(index)
            guard !found.isEmpty || mask != nil else { return nil }
            return ModelVerdicts.Outcome(
                ordinal: candidate.ordinal, checksum: candidate.checksum, findings: found, mask: mask)
        }
    }

    /// What becomes of each candidate, by its ordinal.
    var decisions: [(ordinal: Int, decision: ModelDecision)] {
        let left = Set(left)
        return candidates.indices.map { index in
            let decision =
                left.contains(index) ? newMask(index).map { ModelDecision.mask($0) } ?? .keep : .reject
            return (candidates[index].ordinal, decision)
        }
    }

    /// Masks of the records that are kept; `nil` where no rule masks tokens.
    var tally: ScanReport.Masks? {
        guard rules.kinds.contains(.tokenMask) else { return nil }
        var tally = ScanReport.Masks()
        for index in left where candidates[index].problem == nil {
            tally.tokens += candidates[index].tokens
            guard let mask = newMask(index) else { continue }
            tally.records += 1
            if let own = candidates[index].ownMask {
                tally.combined += 1
                tally.tokensMasked += zip(own, mask).count { $0 && !$1 }
            } else {
                tally.tokensMasked += mask.count { !$0 }
            }
        }
        return tally
    }

    // The mask that a record is to have, where it is another one than it has.
    private func newMask(_ index: Int) -> [Bool]? {
        guard let mask = masks[index] else { return nil }
        guard let own = candidates[index].ownMask else { return mask }
        let both = zip(own, mask).map { $0 && $1 }
        return both == own ? nil : both
    }
}
