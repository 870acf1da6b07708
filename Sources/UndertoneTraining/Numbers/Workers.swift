// Threads that share numbered pieces of work.

import Dispatch
import Synchronization

/// Runs pieces of work on several threads. Which thread takes which piece is open, so a piece may write only what is its
/// own; then results don't depend on the number of threads.
public struct Workers: Sendable {
    /// Threads, at least 1.
    public let count: Int

    /// - Parameter count: threads.
    public init(count: Int) {
        self.count = max(1, count)
    }

    /// Runs `body` for all pieces, and returns when the last one is done.
    ///
    /// - Parameter body: gets the number of the piece, and that of the thread, below ``count``.
    public func run(_ pieces: Int, _ body: (_ piece: Int, _ thread: Int) -> Void) {
        guard count > 1, pieces > 1 else {
            for piece in 0..<pieces { body(piece, 0) }
            return
        }
        let next = Atomic(0)
        // Returns when all threads have: nothing outlives this call.
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: min(count, pieces)) { thread in
            while true {
                let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard piece < pieces else { return }
                body(piece, thread)
            }
        }
    }

    /// Results for all elements, in their order. Of several errors the first in that order is thrown; behind an error
    /// nothing new begins.
    ///
    /// - Parameter body: gets an element and its place.
    public func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ body: @Sendable (Element, Int) throws -> Result
    ) throws -> [Result] {
        let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: elements.count))
        let failed = Atomic(false)
        run(elements.count) { place, _ in
            guard !failed.load(ordering: .relaxed) else { return }
            let result = Swift.Result { try body(elements[place], place) }
            if case .failure = result { failed.store(true, ordering: .relaxed) }
            results.withLock { $0[place] = result }
        }
        let all = results.withLock { $0 }
        for case .failure(let error)? in all { throw error }
        return all.compactMap { try? $0?.get() }
    }
}
