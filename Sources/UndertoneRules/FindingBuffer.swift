// Where rules write what they find.

public import UndertoneCore

/// The findings and verdicts of a batch, reused from batch to batch.
public final class FindingBuffer {
    // Behind pointers, since stored properties of a class cost a call to the runtime for every access from elsewhere.
    @usableFromInline let findingStore: UnsafeMutablePointer<PlainBuffer<Finding>>
    @usableFromInline let verdictStore: UnsafeMutablePointer<PlainBuffer<RecordVerdict>>

    /// Findings, one record's behind the other's.
    @inlinable
    public var findings: PlainBuffer<Finding> {
        @inline(__always) _read { yield findingStore.pointee }
        @inline(__always) _modify { yield &findingStore.pointee }
    }

    /// One verdict for every record of the batch.
    @inlinable
    public var verdicts: PlainBuffer<RecordVerdict> {
        @inline(__always) _read { yield verdictStore.pointee }
        @inline(__always) _modify { yield &verdictStore.pointee }
    }

    /// For rules that look at the whole drop: one key for every (record, rule) that has content to compare.
    @exclusivity(unchecked) public var contentKeys = PlainBuffer<ContentKey>(capacity: 16)

    /// Findings that one rule may report in one field; the rest would say nothing new.
    public static let limitPerField = 8

    // The rule and field that are being looked at.
    @exclusivity(unchecked) var rule: UInt16 = 0
    @exclusivity(unchecked) var field: UInt32 = 0
    @exclusivity(unchecked) private var left = 0

    /// An empty buffer.
    public init() {
        findingStore = .allocate(capacity: 1)
        findingStore.initialize(to: PlainBuffer(capacity: 1024))
        verdictStore = .allocate(capacity: 1)
        verdictStore.initialize(to: PlainBuffer(capacity: 1024))
    }

    deinit {
        findingStore.deinitialize(count: 1)
        findingStore.deallocate()
        verdictStore.deinitialize(count: 1)
        verdictStore.deallocate()
    }

    /// Forgets everything and keeps the memory.
    public func removeAll() {
        findings.removeAll()
        verdicts.removeAll()
        contentKeys.removeAll()
    }

    @inline(__always)
    func begin(rule: Int, field: Int) {
        self.rule = UInt16(truncatingIfNeeded: rule)  // A rule set holds at most 65,534 rules.
        self.field = UInt32(truncatingIfNeeded: field)  // A record holds fewer bytes than that.
        left = FindingBuffer.limitPerField
    }

    /// Reports a finding in the field that is being looked at. `false`: there is no room for more.
    @discardableResult
    func add(reason: Int, _ start: Int, _ end: Int) -> Bool {
        guard left > 0 else { return false }
        left -= 1
        findings.append(
            Finding(
                rule: rule, reason: UInt16(truncatingIfNeeded: reason), field: field,
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end)))
        return left > 0
    }
}

/// What a drop-wide rule remembers of a record: 128 bits over the normalised content of the rule's fields.
@frozen
public struct ContentKey: BitwiseCopyable, Sendable, Hashable {
    /// The lower half of the hash.
    public var low: UInt64
    /// The upper half of the hash.
    public var high: UInt64
    /// Index of the record in its batch.
    public var record: UInt32
    /// Index of the first of the fields that were compared, among the record's.
    public var field: UInt32
    /// Bytes of that first field.
    public var fieldCount: UInt32
    /// Index of the rule in its set.
    public var rule: UInt16
}
