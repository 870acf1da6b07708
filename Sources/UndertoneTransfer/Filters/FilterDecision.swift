// What becomes of a record behind a filter.

public import UndertoneTraining

/// What a filter says of a record.
public enum FilterDecision: Sendable, Hashable {
    /// It stays as it is.
    case keep
    /// It stays, and only some tokens of its completion count in the loss; the end is a token too.
    case mask([Bool])
    /// It stays, and the tokens of its completion, the end included, weigh differently in the loss: 1 on average over the
    /// whole drop.
    case weigh([Float])
    /// It goes.
    case reject

    /// The record behind the filter; nil where it goes.
    public func applied(to record: TrainingRecord) -> TrainingRecord? {
        var record = record
        switch self {
        case .keep: break
        case .mask(let counts): record.counts = counts
        case .weigh(let weights): record.weights = weights
        case .reject: return nil
        }
        return record
    }

    /// How many of a record's tokens still train.
    ///
    /// - Parameter tokens: those of the record that counted before.
    public func trainedTokens(of tokens: Int) -> Int {
        switch self {
        case .keep: tokens
        case .mask(let counts): counts.filter { $0 }.count
        case .weigh(let weights): weights.filter { $0 > 0 }.count
        case .reject: 0
        }
    }
}
