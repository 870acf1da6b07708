// The answer of whoever filters records, by text or by model, for the ones that act on it: scans and experiments.

/// Whether a record still trains, and with which of its tokens.
public enum FilterDecision: Sendable, Hashable {
    /// All of it, as before.
    case keep
    /// Only those tokens of the completion where it is true. One entry for each token as the model divides the text, and
    /// one for the end of the record, which is a token too.
    case mask([Bool])
    /// None of it.
    case reject
}
