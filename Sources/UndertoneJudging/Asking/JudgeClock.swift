// Time, as whoever asks sees it: real, or a test's own.

import Glibc

/// A clock that can be waited on.
public struct JudgeClock: Sendable {
    /// Seconds since some moment, never going back.
    var now: @Sendable () -> Double
    /// Seconds since 1970.
    var date: @Sendable () -> Int
    /// Goes to a moment at once, in place of waiting for it; nil: time passes by itself.
    var skip: (@Sendable (Double) -> Void)?

    /// Real time.
    public static let system = JudgeClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        },
        date: { time(nil) })

    /// Waits, inside the alarm's lock, until somebody signals or the moment is there; nil: only until somebody signals.
    func wait(_ alarm: Alarm, until deadline: Double?) {
        guard let deadline else { return alarm.wait() }
        if let skip { skip(deadline) } else { alarm.wait(until: deadline) }
    }
}
