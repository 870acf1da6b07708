// The tokens of records that count in the loss, as one list, and back to records.

import UndertoneCore
import UndertoneTraining

/// Which tokens of which records count before a filter looks at them.
struct CountedTokens: Sendable {
    /// For each record and token of its completion, the end included.
    let counts: [[Bool]]

    /// - Parameter values: for each record something for each token; nothing but their number matters.
    init<Value>(_ records: [TrainingRecord], like values: [[Value]]) {
        counts = zip(records, values).map { record, tokens in record.counts ?? tokens.map { _ in true } }
    }

    /// The values of the tokens that count, record behind record.
    func list<Value>(_ values: [[Value]]) -> [Value] {
        zip(values, counts).flatMap { values, counts in zip(values, counts).filter(\.1).map(\.0) }
    }

    /// What becomes of the records where some of the tokens that count no longer do. A record without any goes.
    ///
    /// - Parameter kept: for each element of ``list(_:)``.
    func decisions(_ kept: [Bool]) -> [FilterDecision] {
        var next = 0
        return counts.map { counts in
            var mask = counts
            for place in mask.indices where mask[place] {
                mask[place] = kept[next]
                next += 1
            }
            return mask == counts ? .keep : mask.contains(true) ? .mask(mask) : .reject
        }
    }
}
