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
