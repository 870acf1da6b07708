// Findings that come later than those of a batch: from rules that had to see the whole drop.

public import UndertoneCore

/// Adds findings to a batch that was judged already. It keeps its memory from batch to batch.
public final class FindingMerger {
    private let rules: RuleSet
    private var extra = PlainBuffer<Finding>(capacity: 16)
    private var extraRecords = PlainBuffer<UInt32>(capacity: 16)
    private var merged = PlainBuffer<Finding>(capacity: 16)

    /// - Parameter rules: the set whose findings are added to.
    public init(_ rules: RuleSet) { self.rules = rules }

    /// Remembers a finding of a record of the batch; records come in their order.
    public func add(_ finding: Finding, record: Int) {
        extra.append(finding)
        extraRecords.append(UInt32(truncatingIfNeeded: record))
    }

    /// Puts the findings behind those that each record has, judges the records anew, and forgets what was remembered.
    public func merge(into findings: FindingBuffer) {
        guard extra.count > 0 else { return }
        merged.removeAll()
        var next = 0
        for record in 0..<findings.verdicts.count {
            var verdict = findings.verdicts[record]
            let first = merged.count
            merged.append(findings.findings.base + verdict.firstFinding, count: verdict.findingCount)
            while next < extra.count, Int(extraRecords[next]) == record {
                merged.append(extra[next])
                next += 1
            }
            verdict.firstFinding = first
            verdict.findingCount = merged.count - first
            verdict.verdict = rules.verdict(of: merged.base + first, count: verdict.findingCount)
            findings.verdicts[record] = verdict
        }
        findings.findings.removeAll()
        findings.findings.append(merged.base, count: merged.count)
        extra.removeAll()
        extraRecords.removeAll()
    }
}
