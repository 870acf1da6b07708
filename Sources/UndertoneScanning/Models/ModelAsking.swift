// Asks models about records, rule by rule, and puts together what they answer.

import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneRules
import UndertoneStatistics

/// Rules that need a model, at work on the candidates of a drop: each rule sees what the earlier ones left, and weights
/// are put together so that a token counts where it counts for all of them.
struct ModelAsking {
    private let rules: RuleSet
    private let candidates: [ModelCandidate]
    private var findings: [Int: [(rule: UInt16, reason: UInt16)]] = [:]
    // What tokens weigh by the rules so far, where that is not what the record says.
    private var masks: [Int: [Float]] = [:]
    /// What judges said and what that cost, rule by rule.
    private(set) var judging: [ScanReport.Judging] = []
    private var judged: [(index: Int, rule: Int, answer: JudgeAnswers.Answer, isMet: Bool)] = []
    // Indices of the candidates that no rule has rejected yet.
    private var left: [Int]

    init(_ rules: RuleSet, _ candidates: [ModelCandidate]) {
        self.rules = rules
        self.candidates = candidates
        left = Array(candidates.indices)
    }

    /// Asks for all rules, in their order.
    mutating func ask(_ judge: (any ModelJudge)?, _ recordJudge: (any RecordJudge)?) throws(ScanError) {
        let models = Dictionary(uniqueKeysWithValues: rules.modelRules.map { ($0.rule, $0.settings) })
        let questions = Dictionary(uniqueKeysWithValues: rules.judgeRules.map { ($0.rule, $0.settings) })
        for rule in rules.definitions.indices {
            if let judge, let settings = models[rule] { try askModel(judge, rule, settings) }
            if let recordJudge, let settings = questions[rule] { try askJudge(recordJudge, rule, settings) }
            left.removeAll { index in
                findings[index]?.contains {
                    Int($0.rule) == rule && rules.action(of: rule, reason: Int($0.reason)) >= .reject
                } ?? false
            }
        }
    }

    private mutating func askModel(
        _ judge: any ModelJudge, _ rule: Int, _ settings: ModelRule
    ) throws(ScanError) {
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
    }

    // A judge looks at each record by itself, so a sample of them says something about the rest.
    private mutating func askJudge(_ judge: any RecordJudge, _ rule: Int, _ settings: JudgeRule) throws(ScanError) {
        let id = rules.definitions[rule].id
        let asked = sample(of: left, settings.sample)
        var tally = ScanReport.Judging(
            rule: id.description, judge: settings.judge, left: left.count, asked: asked.count)
        tally.isSampled = settings.sample != nil
        guard !asked.isEmpty else { return judging.append(tally) }
        let said: JudgeAnswers
        do {
            said = try judge.ask(settings, id, asked.map { candidates[$0].texts })
        } catch let error as ScanError {
            throw error
        } catch {
            throw ScanError(.input, "\(id): \(error)")
        }
        guard said.answers.count == asked.count else {
            throw wrong(rule, "gave \(said.answers.count) answers about \(asked.count) records")
        }
        tally.effort = said.effort
        for (index, answer) in zip(asked, said.answers) {
            var reason: JudgeReason?
            switch answer.answer {
            case .score(let score):
                tally.scored += 1
                if score >= settings.above {
                    tally.met += 1
                    reason = .highScore
                }
            case .escape:
                tally.escaped += 1
                reason = .escaped
            case .unjudged(let why):
                tally.unjudged[why, default: 0] += 1
                reason = .unjudged
            }
            let isMet = reason.map { settings.outcome($0) != .pass } ?? false
            if let reason, isMet {
                findings[index, default: []].append(
                    (UInt16(truncatingIfNeeded: rule), UInt16(truncatingIfNeeded: reason.rawValue)))
            }
            judged.append((index, rule, answer, isMet))
        }
        judging.append(tally)
    }

    // So many of them, drawn without replacement, in their order.
    private func sample(of indices: [Int], _ sample: JudgeRule.Sample?) -> [Int] {
        guard let sample else { return indices }
        let wanted = max((sample.share * Double(indices.count)).rounded(.up), Double(sample.atLeast))
        guard wanted < Double(indices.count) else { return indices }
        var random = SplitMix64(seed: sample.seed)
        var missing = Int(wanted)
        var chosen: [Int] = []
        // Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S.
        for (seen, index) in indices.enumerated() where missing > 0 {
            guard Int.random(in: 0..<(indices.count - seen), using: &random) < missing else { continue }
            chosen.append(index)
            missing -= 1
        }
        return chosen
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

    /// What judges said, in the order in which they were asked.
    func judgements(_ inputs: [Input]) -> [ScanJudgement] {
        judged.map { index, rule, answer, isMet in
            ScanJudgement(
                path: inputs[candidates[index].input].path, line: candidates[index].line,
                rule: rules.definitions[rule].id, answer: answer, isMet: isMet)
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
