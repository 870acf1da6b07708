// Threads that wait for each other, for a time.

import Glibc

/// A mutual exclusion with a condition to wait for.
final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
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

    /// Waits, inside ``locked(_:)``, until `isDone` holds or `deadline` has come, a time of ``monotonicSeconds()``;
    /// whether `isDone` holds.
    func wait(before deadline: Double, until isDone: () -> Bool) -> Bool {
        // A time that no clock reaches is as good as never.
        let deadline = min(max(deadline, 0), 1e12)
        let whole = deadline.rounded(.down)
        var moment = timespec(tv_sec: Int(whole), tv_nsec: Int((deadline - whole) * 1e9))
        while !isDone() {
            if pthread_cond_timedwait(condition, mutex, &moment) != 0 { return isDone() }
        }
        return true
    }

    /// Wakes all that wait, inside ``locked(_:)``.
    func signalAll() { pthread_cond_broadcast(condition) }
}

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

/// Starts a thread; the returned closure waits for its end. `nil` where there is no thread to be had.
func startThread(_ body: @escaping @Sendable () -> Void) -> (@Sendable () -> Void)? {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let result = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    guard result == 0 else {
        box.release()
        return nil
    }
    let started = thread
    return { pthread_join(started, nil) }
}

/// Runs `body` so that writing to a pipe or socket that nobody reads is an error and not the end of the process.
func withoutBrokenPipeSignal<Value>(_ body: () -> Value) -> Value {
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    var pending = sigset_t()
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    let value = body()
    if !wasPending {
        var zero = timespec()
        while sigtimedwait(&pipe, nil, &zero) == -1, errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    return value
}
