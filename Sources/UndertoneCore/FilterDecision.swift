// The answer of whoever filters records, by text or by model, for the ones that act on it: scans and experiments.

/// Whether a record still trains, and with which of its tokens.
public enum FilterDecision: Sendable, Hashable {
    /// All of it, as before.
    case keep
    /// What the loss of each token of the completion is multiplied with, as the model divides the text, and one entry more
    /// for the end of the record, which is a token too: 0 where it does not count, 1 where it counts as before.
    case weigh([Float])
    /// None of it.
    case reject

    /// Only those tokens of the completion where it is true.
    public static func mask(_ counts: [Bool]) -> FilterDecision { .weigh(counts.map { $0 ? 1 : 0 }) }
}

/// The member of a record that says what the loss of each token of its completion is multiplied with, and of its end: 0
/// where it does not count.
package let lossMaskName = "loss_mask"

/// Weights as the value of a record's member `loss_mask`: `[1,0.42,0]`.
package func lossMaskText(_ weights: [Float]) -> String {
    "[" + weights.map { $0 == $0.rounded() && $0 < 1e6 ? "\(Int($0))" : "\($0)" }.joined(separator: ",") + "]"
}
