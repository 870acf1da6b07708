// Many threads have something to write, one of them writes it.

/// Entries that wait to be written, and who writes.
final class CacheWriter: @unchecked Sendable {
    /// Entries of one transaction, at most: it is short, so that other processes need not wait.
    static let batch = 500

    private let alarm = Alarm()
    private var waiting: [CacheEntry] = []
    private var isWriting = false
    private var failure: JudgeError?

    /// Takes an entry; where nobody writes, the calling thread does, until there is nothing left.
    ///
    /// - Throws: why writing failed, now or before.
    func write(_ entry: CacheEntry, _ put: ([CacheEntry]) throws(JudgeError) -> Void) throws(JudgeError) {
        let isMine = try alarm.locked { () throws(JudgeError) in
            if let failure { throw failure }
            waiting.append(entry)
            defer { isWriting = true }
            return !isWriting
        }
        guard isMine else { return }
        while true {
            let entries = alarm.locked {
                let entries = Array(waiting.prefix(CacheWriter.batch))
                waiting.removeFirst(entries.count)
                if entries.isEmpty { end(nil) }
                return entries
            }
            guard !entries.isEmpty else { return }
            do throws(JudgeError) {
                try put(entries)
            } catch {
                alarm.locked { end(error) }
                throw error
            }
        }
    }

    /// Waits until nobody writes.
    ///
    /// - Throws: why writing failed.
    func flush() throws(JudgeError) {
        try alarm.locked { () throws(JudgeError) in
            while isWriting { alarm.wait() }
            if let failure { throw failure }
        }
    }

    private func end(_ error: JudgeError?) {
        isWriting = false
        failure = error
        alarm.signalAll()
    }
}
