// Threads that wait for each other. Reading blocks on files and on order, so it runs on threads of its own and not on
// Swift's cooperative pool.

import Glibc

/// A mutual exclusion with a condition to wait for.
package final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
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

/// Starts a thread; the returned closure waits for its end.
package func startThread(_ body: @escaping @Sendable () -> Void) -> () -> Void {
    final class Box {
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
        // No thread to be had: the work is done here and now.
        box.takeRetainedValue().body()
        return {}
    }
    return { pthread_join(thread, nil) }
}

/// Runs `body` on `count` threads, the calling one among them, and waits for all.
package func runThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let joins = (1..<max(count, 1)).map { index in startThread { body(index) } }
    body(0)
    for join in joins { join() }
}
