// A thread of a test that blocks.

import Glibc

/// Starts a thread; what is returned waits for its end.
func startTestThread(_ body: @escaping @Sendable () -> Void) -> () -> Void {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    return { pthread_join(thread, nil) }
}

/// Runs what blocks on a thread of its own: the server needs those of Swift's concurrency, which are few.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        _ = startTestThread { continuation.resume(with: Result { try body() }) }
    }
}
