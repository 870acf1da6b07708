// How many requests may be under way at once, and when the next one may go.

import UndertoneStatistics

/// The law of the pace.
///
/// It starts at 8 and doubles with every clean round (as many answers as may be under way) until something goes wrong;
/// from then on it grows by one a clean round. A 429 takes a fifth away, at most once in 15 s; other failures only make it
/// wait for a clean round. While the server asks for patience, nobody sends. The idea is that of TCP's slow start and
/// congestion avoidance (RFC 5681).
struct Pace {
    static let start = 8.0
    /// Seconds in which the pace shrinks once at most.
    static let shrinkInterval = 15.0
    /// Seconds that a server is waited for at most, whatever it says.
    static let patience = 120.0

    /// Requests that may be under way at once.
    var limit: Int { Int(exact) }
    /// Nobody sends before this moment of the clock.
    private(set) var heldUntil = -Double.infinity

    private let most: Double
    private var exact: Double
    private var isDoubling = true
    private var clean = 0
    private var shrunkAt = -Double.infinity
    private var random: SplitMix64

    /// - Parameters:
    ///   - most: requests under way, at most.
    ///   - seed: of the jitter.
    init(most: Int, seed: UInt64) {
        self.most = Double(max(1, most))
        exact = min(Pace.start, self.most)
        random = SplitMix64(seed: seed)
    }

    /// An answer came.
    mutating func succeeded() {
        clean += 1
        guard clean >= limit else { return }
        clean = 0
        exact = min(most, isDoubling ? exact * 2 : exact + 1)
    }

    /// No answer came.
    ///
    /// - Parameters:
    ///   - failures: of this question so far, this one included.
    /// - Returns: seconds after which the question may be sent once more.
    mutating func failed(_ kind: TransportError.Kind, at now: Double, failures: Int) -> Double {
        clean = 0
        isDoubling = false
        var wanted: Double?
        switch kind {
        case .tooMany(let after):
            wanted = after
            if now - shrunkAt >= Pace.shrinkInterval {
                shrunkAt = now
                exact = max(1, exact * 0.8)
            }
        case .passing(let after): wanted = after
        case .timeout, .lasting, .unsupported: break
        }
        if let wanted, wanted >= 0 {
            let wait = min(wanted, Pace.patience)
            heldUntil = max(heldUntil, now + wait)
            return wait
        }
        return backoff(failures)
    }

    /// Exponential backoff with full jitter: anything up to 0.5 s · 2ⁿ, and up to 30 s at most. Source: Brooker,
    /// *Exponential backoff and jitter*, AWS Architecture Blog, 2015.
    private mutating func backoff(_ failures: Int) -> Double {
        let bound = min(30, 0.5 * Double(1 << min(max(failures, 1) - 1, 10)))
        return Double.random(in: 0...bound, using: &random)
    }
}
