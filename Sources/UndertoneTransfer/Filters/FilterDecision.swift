// What becomes of a record behind a filter.

/// What a filter says of a record.
public enum FilterDecision: Sendable, Hashable {
    /// It stays as it is.
    case keep
    /// It stays, and only some tokens of its completion count in the loss; the end is a token too.
    case mask([Bool])
    /// It goes.
    case reject
}
