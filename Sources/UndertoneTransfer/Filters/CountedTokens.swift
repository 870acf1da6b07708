// The tokens of records that count in the loss, as one list, and back to records.

import UndertoneCore
import UndertoneTraining

/// Which tokens of which records count before a filter looks at them.
struct CountedTokens: Sendable {
    /// For each record and token of its completion, the end included.
    let counts: [[Bool]]

    /// - Parameter values: for each record something for each token; nothing but their number matters.
    init<Value>(_ records: [TrainingRecord], like values: [[Value]]) {
        counts = zip(records, values).map { record, tokens in record.weights?.map { $0 > 0 } ?? tokens.map { _ in true }
        }
    }

    /// The values of the tokens that count, record behind record.
    func list<Value>(_ values: [[Value]]) -> [Value] {
        zip(values, counts).flatMap { values, counts in zip(values, counts).filter(\.1).map(\.0) }
    }

    /// What becomes of the records where some of the tokens that count no longer do. A record without any goes.
    ///
    /// - Parameter kept: for each element of ``list(_:)``.
    func decisions(_ kept: [Bool], _ records: [TrainingRecord]) -> [FilterDecision] {
        var next = 0
        return zip(counts, records).map { counts, record in
            var weights = record.weights ?? counts.map { _ in 1 }
            let before = weights
            for place in counts.indices where counts[place] {
                if !kept[next] { weights[place] = 0 }
                next += 1
            }
            return weights == before ? .keep : weights.contains { $0 > 0 } ? .weigh(weights) : .reject
        }
    }

    /// Draws which tokens stay, each by its own probability. The draws of a record depend on the seed and its place alone.
    ///
    /// - Parameter probabilities: for each element of ``list(_:)``.
    func drawn(_ probabilities: [Double], seed: UInt64) -> [Bool] {
        var next = 0
        return counts.enumerated().flatMap { record, counts in
            var random = RandomStream(seed: seed, stream: CountedTokens.streams | UInt64(record))
            return counts.filter { $0 }.map { _ in
                defer { next += 1 }
                return Double(random.unit()) < probabilities[next]
            }
        }
    }

    // Streams of other purposes have another highest byte.
    private static let streams: UInt64 = 0xC0 << 56

    /// What becomes of the records where the tokens that count weigh as given, scaled to a mean of 1; a weight that a token
    /// has already is a factor.
    ///
    /// - Parameter weights: for each element of ``list(_:)``, 0 or more.
    func decisions(_ weights: [Double], _ records: [TrainingRecord]) -> [FilterDecision] {
        let mean = Balance.mean(weights)
        guard mean > 0, weights.contains(where: { $0 != weights[0] }) else { return records.map { _ in .keep } }
        var next = 0
        return zip(counts, records).map { counts, record in
            var all = record.weights ?? counts.map { _ in 1 }
            for place in counts.indices where counts[place] {
                // Three decimals, as a file has them.
                all[place] = (all[place] * Float(weights[next] / mean) * 1000).rounded() / 1000
                next += 1
            }
            return .weigh(all)
        }
    }
}
