// Rules on records in memory: what a scan of them would keep, and with which masks.

public import UndertoneCore
import UndertoneRecords
public import UndertoneRules
import UndertoneText

/// What rules make of records, all kinds of rules together: words, rules over the whole drop, and rules that need a model.
///
/// - Parameters:
///   - records: one drop; shares and thresholds are taken over all of them.
///   - judge: for rules that need a model.
/// - Returns: a decision for each record, the same that a scan comes to; flagged records are kept.
/// - Throws: ``ScanError`` where a rule needs a model and there is none or it fails, and for rules that name earlier drops.
/// - Complexity: O(bytes); memory for the texts once more, and for what the judge takes.
public func decisions(
    on records: [JudgedRecord], by rules: RuleSet, _ judge: (any ModelJudge)? = nil
) throws(ScanError) -> [FilterDecision] {
    if let (rule, _) = rules.earlierDrops.first {
        throw ScanError(
            .usage,
            "\(rules.definitions[rule].id) compares with earlier drops, and there are none of records in memory",
            mend: "leave against out")
    }
    let filter = RecordFilter(records, rules)
    let isKept = filter.keptByText()
    var decisions = isKept.map { $0 ? FilterDecision.keep : .reject }
    guard rules.needsModel else { return decisions }
    guard let judge else { throw ModelVerdicts.noJudge(rules) }
    var asking = ModelAsking(rules, filter.candidates(records.indices.filter { isKept[$0] }, judge))
    try asking.ask(judge)
    for (record, decision) in asking.decisions { decisions[record] = decision }
    return decisions
}

/// Records and the rules that look at them.
private final class RecordFilter {
    private let records: [JudgedRecord]
    private let rules: RuleSet
    private let parser: RecordParser
    private let batch = RecordBatch()
    private let scratch = RuleScratch()
    private let findings = FindingBuffer()

    /// Records that are read at a time.
    private static let batchSize = 1024

    init(_ records: [JudgedRecord], _ rules: RuleSet) {
        self.records = records
        self.rules = rules
        parser = RecordParser(plan: rules.plan)
    }

    /// Which records the rules keep that need no model.
    func keptByText() -> [Bool] {
        let state = DropState(rules)
        if rules.needsCounting { forEachBatch { state.count(findings, records: batch.records.count) } }
        var isKept: [Bool] = []
        isKept.reserveCapacity(records.count)
        forEachBatch {
            state.complete(findings)
            for index in 0..<findings.verdicts.count { isKept.append(findings.verdicts[index].verdict != .reject) }
        }
        return isKept
    }

    /// What models are asked about.
    func candidates(_ indices: [Int], _ judge: any ModelJudge) -> [ModelCandidate] {
        indices.map { index in
            let record = records[index]
            var candidate = ModelCandidate(ordinal: index, checksum: 0, prompt: record.prompt)
            candidate.completion = record.completion
            candidate.ownMask = record.weights
            if let tokens = judge.tokenCount(prompt: record.prompt, completion: record.completion), tokens > 0 {
                candidate.tokens = tokens
            } else {
                candidate.problem = .unreadable
            }
            return candidate
        }
    }

    // Each record is one line, so that there are as many verdicts as records.
    private func forEachBatch(_ body: () -> Void) {
        var start = 0
        while start < records.count {
            let end = min(start + RecordFilter.batchSize, records.count)
            var bytes: [UInt8] = []
            for record in records[start..<end] {
                var json = JSONWriter(.compact)
                json.object { json in
                    json.member("prompt", record.prompt)
                    json.member("completion", record.completion)
                }
                bytes += json.bytes
                bytes.append(0x0A)
            }
            let count = bytes.count
            bytes += [UInt8](repeating: 0, count: RecordParser.padding)
            bytes.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                findings.removeAll()
                _ = parser.readJSONLines(base, count: count, firstLine: 1, into: batch)
                rules.evaluate(batch, scratch: scratch, into: findings)
                body()
            }
            start = end
        }
    }
}
