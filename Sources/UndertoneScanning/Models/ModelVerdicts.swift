// What models said of a drop, record by record, for the scan that follows.

import CUndertone
import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneRules

/// Findings and masks of the rules that need a model. Blocks are handed in one at a time, in the order of the input.
final class ModelVerdicts {
    /// What the rules say of one record; those of which they say nothing are left out.
    struct Outcome {
        var ordinal: Int
        var checksum: UInt32
        var findings: [(rule: UInt16, reason: UInt16)] = []
        /// What its mask is to be.
        var mask: [Float]?
    }

    /// Masked tokens.
    let tally: ScanReport.Masks?
    /// What judges said and what that cost, rule by rule.
    fileprivate(set) var judging: [ScanReport.Judging] = []
    /// What judges said, record by record.
    fileprivate(set) var judgements: [ScanJudgement] = []
    private let outcomes: [Outcome]
    private let records: Int
    private let merger: FindingMerger
    private var next = 0
    private var seen = 0
    private var hasChanged = false

    init(_ rules: RuleSet, _ outcomes: [Outcome], records: Int, _ tally: ScanReport.Masks?) {
        self.outcomes = outcomes
        self.records = records
        self.tally = tally
        merger = FindingMerger(rules)
    }

    /// Adds the findings of the records of a block, and gives the masks of those that have one, by index.
    func complete(_ block: Block, _ scanner: BlockScanner) -> [Int: [Float]] {
        var masks: [Int: [Float]] = [:]
        let end = seen + scanner.batch.records.count
        while next < outcomes.count, outcomes[next].ordinal < end {
            let outcome = outcomes[next]
            let index = outcome.ordinal - seen
            next += 1
            let record = scanner.batch.records[index]
            guard undertone_checksum_of(block.bytes + record.start, record.count) == outcome.checksum,
                let (field, count) = answer(of: record, scanner.batch)
            else {
                hasChanged = true
                continue
            }
            for finding in outcome.findings {
                merger.add(
                    Finding(rule: finding.rule, reason: finding.reason, field: field, start: 0, end: count),
                    record: index)
            }
            masks[index] = outcome.mask
        }
        seen = end
        merger.merge(into: scanner.findings)
        return masks
    }

    /// Whether the drop was another one at the second reading. Asked when it has been read to its end.
    var isOutdated: Bool { hasChanged || seen != records }

    // What the model wrote stands for the whole record.
    private func answer(of record: Record, _ batch: RecordBatch) -> (field: UInt32, count: UInt32)? {
        for offset in 0..<record.fieldCount {
            let field = batch.fields[record.firstField + offset]
            if field.tags.contains(.response) {
                return (UInt32(truncatingIfNeeded: offset), UInt32(truncatingIfNeeded: field.count))
            }
        }
        return nil
    }
}

extension ModelVerdicts {
    /// Asks the models about what the other rules leave of a drop; `nil` where no rule needs a model.
    ///
    /// - Parameter makeDropState: makes a state that nobody else uses.
    static func read(
        _ configuration: ScanConfiguration, _ inputs: [Input], _ progress: ScanProgress,
        _ makeDropState: () throws(ScanError) -> DropState?
    ) throws(ScanError) -> ModelVerdicts? {
        let rules = configuration.rules
        guard rules.needsModel else { return nil }
        guard configuration.judge != nil || rules.modelRules.isEmpty else { throw noJudge(rules) }
        guard configuration.recordJudge != nil || rules.judgeRules.isEmpty else { throw noRecordJudge(rules) }
        // What models are asked about is read before the first record can be judged.
        try makeReadableTwice(inputs)
        let dropState = try makeDropState()
        let reading = try ModelReading(
            configuration, rules.modelRules.isEmpty ? nil : configuration.judge, inputs, dropState, progress)
        rewindStandardInput(inputs)
        guard !progress.isCancelled else { return ModelVerdicts(rules, [], records: 0, nil) }
        var asking = ModelAsking(rules, reading.candidates)
        try asking.ask(configuration.judge, configuration.recordJudge)
        let verdicts = ModelVerdicts(rules, asking.outcomes, records: reading.records, asking.tally)
        verdicts.judging = asking.judging
        verdicts.judgements = asking.judgements(inputs)
        return verdicts
    }

    /// Nobody is there to ask.
    static func noJudge(_ rules: RuleSet) -> ScanError {
        ScanError(.usage, "\(rules.firstModelRule) needs a model, and none is given", mend: "name its base with --base")
    }

    private static func noRecordJudge(_ rules: RuleSet) -> ScanError {
        let rule = rules.judgeRules.first.map { rules.definitions[$0.rule].id.description } ?? ""
        return ScanError(
            .usage, "\(rule) asks a judge, and none is given", mend: "name a file of judges with --judges")
    }
}
