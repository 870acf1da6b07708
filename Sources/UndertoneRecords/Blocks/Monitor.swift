// Threads that wait for each other. Reading blocks on files and on order, so it runs on threads of its own and not on
// Swift's cooperative pool.

import Glibc

/// A mutual exclusion with a condition to wait for.
package final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init() {
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
    package func locked<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Waits, inside ``locked(_:)``, until `isDone` holds.
    package func wait(until isDone: () -> Bool) {
        while !isDone() { pthread_cond_wait(condition, mutex) }
    }

    /// Waits, inside ``locked(_:)``, until `isDone` holds or that moment of the monotonic clock has come; whether `isDone`
    /// holds.
    ///
    /// - Parameter deadline: seconds of `CLOCK_MONOTONIC`.
    package func wait(before deadline: Double, until isDone: () -> Bool) -> Bool {
        while !isDone() {
            if !waitForSignal(before: deadline) { return isDone() }
        }
        return true
    }

    /// Waits, inside ``locked(_:)``, until somebody signals or that moment has come; it may also return without a reason.
    ///
    /// - Parameter deadline: seconds of `CLOCK_MONOTONIC`; `nil`: for as long as it takes.
    /// - Returns: whether the moment is still to come.
    @discardableResult
    package func waitForSignal(before deadline: Double? = nil) -> Bool {
        guard let deadline else { return pthread_cond_wait(condition, mutex) == 0 }
        // A time that no clock reaches is as good as never.
        let moment = min(max(deadline, 0), 1e12)
        let whole = moment.rounded(.down)
        var end = timespec(tv_sec: Int(whole), tv_nsec: Int((moment - whole) * 1e9))
        return pthread_cond_timedwait(condition, mutex, &end) == 0
    }

    /// Wakes all that wait, inside ``locked(_:)``.
    package func signalAll() { pthread_cond_broadcast(condition) }
}

/// Lets threads pass one after the other in the order of their tickets.
///
/// Whoever holds ticket n waits until all before it have called ``leave()``. As long as each ticket is taken by one thread
/// that leaves in the end, nobody waits for ever.
package final class Turnstile: @unchecked Sendable {
    private let monitor = Monitor()
    private var turn = 0

    package init() {}

    /// Waits until it is this ticket's turn, runs `body` alone and lets the next one pass.
    package func pass<Value>(_ ticket: Int, _ body: () -> Value) -> Value {
        monitor.locked { monitor.wait { turn == ticket } }
        let value = body()
        monitor.locked {
            turn += 1
            monitor.signalAll()
        }
        return value
    }
}

/// Starts a thread; the returned closure waits for its end. Where there is no thread to be had, the work is done at once.
package func startThread(_ body: @escaping @Sendable () -> Void) -> () -> Void {
    if let join = startThreadIfPossible(body) { return join }
    body()
    return {}
}

/// Starts a thread; the returned closure waits for its end. `nil` where there is no thread to be had.
package func startThreadIfPossible(_ body: @escaping @Sendable () -> Void) -> (@Sendable () -> Void)? {
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

/// Runs `body` on `count` threads, the calling one among them, and waits for all.
package func runThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let joins = (1..<max(count, 1)).map { index in startThread { body(index) } }
    body(0)
    for join in joins { join() }
}
