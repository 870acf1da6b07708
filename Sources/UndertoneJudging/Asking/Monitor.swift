// Threads, until those of the records' blocks can be imported: a copy of what `UndertoneScanning/Monitor.swift` has.

import Glibc

/// Starts a thread; the returned closure waits for its end.
func startThread(_ body: @escaping @Sendable () -> Void) -> () -> Void {
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
func runThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let joins = (1..<max(count, 1)).map { index in startThread { body(index) } }
    body(0)
    for join in joins { join() }
}
