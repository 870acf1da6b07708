// A rule met a record.

/// A rule met a record: which rule, for which reason, and where. Plain memory, nothing on the heap.
@frozen
public struct Finding: BitwiseCopyable, Sendable, Hashable {
    /// Index of the rule in its rule set.
    public var rule: UInt16
    /// Index of the reason in the rule's reasons.
    public var reason: UInt16
    /// Index of the field among the record's fields.
    public var field: UInt32
    /// The first byte that was met, in the decoded field.
    public var start: UInt32
    /// Behind the last byte that was met.
    public var end: UInt32

    /// A finding in bytes `start..<end` of a field.
    @inlinable
    public init(rule: UInt16, reason: UInt16, field: UInt32, start: UInt32, end: UInt32) {
        self.rule = rule
        self.reason = reason
        self.field = field
        self.start = start
        self.end = end
    }
}

/// What the rules say of one record of a batch.
@frozen
public struct RecordVerdict: BitwiseCopyable, Sendable {
    /// Index of its first finding in the batch's findings.
    public var firstFinding: Int
    /// Findings of the record, one behind the other; 0 where no rule met it.
    public var findingCount: Int
    /// What becomes of the record: the strongest action among its findings.
    public var verdict: Verdict

    /// What the rules say of one record.
    @inlinable
    public init(firstFinding: Int, findingCount: Int, verdict: Verdict) {
        self.firstFinding = firstFinding
        self.findingCount = findingCount
        self.verdict = verdict
    }
}
