// Waiting with an end: what threads that ask wait for is a moment as often as another thread.

import Glibc

/// A mutual exclusion with a condition to wait for, until a moment at most.
final class Alarm: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // The time of day may jump.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` alone.
    func locked<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Waits, inside ``locked(_:)``, until somebody signals; it may also return without a reason.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// Waits, inside ``locked(_:)``, until somebody signals or that moment of the clock is there.
    ///
    /// - Parameter deadline: seconds of ``JudgeClock/system``.
    func wait(until deadline: Double) {
        let whole = deadline.rounded(.down)
        var moment = timespec(tv_sec: Int(whole), tv_nsec: Int((deadline - whole) * 1e9))
        pthread_cond_timedwait(condition, mutex, &moment)
    }

    /// Wakes all that wait, inside ``locked(_:)``.
    func signalAll() { pthread_cond_broadcast(condition) }
}
