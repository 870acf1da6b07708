// When it makes no sense to go on.

/// Failures without a success between them.
///
/// A 429 counts only where its request was sent after the last one that counted: a server that says "too many" says so to
/// all that are under way.
struct FailureStreak {
    /// Failures in a row after which it is over.
    static let limit = 20
    /// Where there were answers before, seconds for which nothing must have come: a server may start anew.
    static let grace = 10.0
    /// Where there never was an answer, errors that won't go away by themselves after which it is over.
    static let lastingLimit = 3

    /// Failures since the last success.
    private(set) var count = 0
    /// Whether there was a success at all.
    private(set) var hasSucceeded = false
    private var lasting = 0
    private var began = 0.0
    private var lastCounted = -Double.infinity

    /// An answer came.
    mutating func succeeded() {
        hasSucceeded = true
        count = 0
        lasting = 0
    }

    /// No answer came.
    ///
    /// - Returns: whether it is over.
    mutating func failed(_ kind: TransportError.Kind, sent: Double, at now: Double) -> Bool {
        if count == 0 {
            began = now
            lastCounted = -.infinity
        }
        if case .tooMany = kind, sent < lastCounted { return false }
        count += 1
        lastCounted = now
        switch kind {
        case .unsupported: return true
        case .lasting:
            lasting += 1
            if !hasSucceeded, lasting >= FailureStreak.lastingLimit { return true }
            return count >= FailureStreak.limit
        case .tooMany, .passing, .timeout:
            return count >= FailureStreak.limit && (!hasSucceeded || now - began >= FailureStreak.grace)
        }
    }
}
