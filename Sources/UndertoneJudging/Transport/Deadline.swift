// Moments by which something must have happened.

import Glibc

/// Seconds since some moment, by a clock that is never set back.
func monotonicSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// When `seconds` from now are over, which are taken as at least a millisecond and at most a day.
func deadline(after seconds: Double) -> Double {
    monotonicSeconds() + (seconds.isNaN ? 0.001 : min(max(seconds, 0.001), 86_400))
}
