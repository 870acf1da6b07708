// What rules over a whole drop remember from batch to batch.

import UndertoneCore

/// The memory of `duplicate` and `frequency` rules during a scan. Batches are handed in one at a time, in the order of
/// the input, so that "the first one stays" means the same on any number of threads.
///
/// Memory: 16 bytes for each different content of each such rule, at 35 to 70 % load: 23 to 46 bytes.
public final class DropState {
    private let rules: RuleSet
    // One table for each rule of the set; only those of drop-wide rules are ever filled.
    private var tables: [Int: TableBox] = [:]
    private let merger: FindingMerger
    /// Records that a first pass counted.
    public private(set) var countedRecords = 0

    private final class TableBox {
        var table = ContentTable()
    }

    private static let inDrop: UInt32 = 1
    private static let inEarlierDrop: UInt32 = 2

    /// - Parameter rules: the set whose findings are completed.
    public init(_ rules: RuleSet) {
        self.rules = rules
        merger = FindingMerger(rules)
        for rule in rules.dropRules { tables[rule] = TableBox() }
    }

    /// First pass of `frequency` rules: counts the contents of a batch.
    ///
    /// - Parameter records: records of the batch, malformed ones included.
    public func count(_ findings: FindingBuffer, records: Int) {
        countedRecords += records
        for index in 0..<findings.contentKeys.count {
            let key = findings.contentKeys[index]
            guard rules.isFrequency(Int(key.rule)), let box = tables[Int(key.rule)] else { continue }
            box.table.update(key) { $0 == .max ? $0 : $0 + 1 }
        }
    }

    /// Remembers the contents of a batch of an earlier drop for `duplicate` rules.
    ///
    /// - Parameter rule: the one rule that asked for this drop, or `nil` for all.
    public func remember(_ findings: FindingBuffer, for rule: Int?) {
        for index in 0..<findings.contentKeys.count {
            let key = findings.contentKeys[index]
            guard rule == nil || rule == Int(key.rule), !rules.isFrequency(Int(key.rule)),
                let box = tables[Int(key.rule)]
            else { continue }
            box.table.update(key) { _ in DropState.inEarlierDrop }
        }
    }

    /// Adds the findings of drop-wide rules to a batch's.
    public func complete(_ findings: FindingBuffer) {
        for index in 0..<findings.contentKeys.count {
            let key = findings.contentKeys[index]
            guard let reason = reason(for: key) else { continue }
            merger.add(
                Finding(rule: key.rule, reason: reason, field: key.field, start: 0, end: key.fieldCount),
                record: Int(key.record))
        }
        merger.merge(into: findings)
    }

    private func reason(for key: ContentKey) -> UInt16? {
        guard let box = tables[Int(key.rule)] else { return nil }
        if let isOver = rules.isTooFrequent(Int(key.rule), Int(box.table[key]), of: countedRecords) {
            return isOver ? 0 : nil
        }
        let seen = box.table[key]
        if seen == 0 {
            box.table.update(key) { _ in DropState.inDrop }
            return nil
        }
        return seen == DropState.inEarlierDrop ? 1 : 0
    }
}
