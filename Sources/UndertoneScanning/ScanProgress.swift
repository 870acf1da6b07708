// How far a scan is, for a progress bar, and the wish to end it.

import Synchronization
public import UndertoneRecords

/// Figures of a running scan; any thread may read them at any time.
public final class ScanProgress: ReadingProgress, Sendable {
    private let finishedBytes = Atomic<Int>(0)
    private let currentBytes = Atomic<Int>(0)
    private let currentInput = Atomic<Int>(-1)
    private let recordCount = Atomic<Int>(0)
    private let rejectedCount = Atomic<Int>(0)
    private let cancelled = Atomic<Bool>(false)
    private let total = Atomic<Int>(0)

    /// Nothing done yet.
    public init() {}

    /// Bytes of all inputs as stored, or 0 where that is not known.
    public var totalBytes: Int { total.load(ordering: .relaxed) }
    /// Stored bytes that were read.
    public var bytes: Int { finishedBytes.load(ordering: .relaxed) + currentBytes.load(ordering: .relaxed) }
    /// Records that were judged.
    public var records: Int { recordCount.load(ordering: .relaxed) }
    /// Records that were rejected.
    public var rejected: Int { rejectedCount.load(ordering: .relaxed) }

    /// Asks the scan to end soon; it then writes no output.
    public func cancel() { cancelled.store(true, ordering: .relaxed) }
    /// Whether somebody asked.
    public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func begin(totalBytes: Int) { total.store(totalBytes, ordering: .relaxed) }

    // Called by one reader at a time.
    /// So many bytes of an input, as stored, have been read.
    public func advance(storedBytes: Int, of input: Int) {
        if currentInput.load(ordering: .relaxed) != input {
            finishedBytes.wrappingAdd(currentBytes.load(ordering: .relaxed), ordering: .relaxed)
            currentInput.store(input, ordering: .relaxed)
        }
        currentBytes.store(storedBytes, ordering: .relaxed)
    }

    func add(records: Int, rejected: Int) {
        recordCount.wrappingAdd(records, ordering: .relaxed)
        rejectedCount.wrappingAdd(rejected, ordering: .relaxed)
    }
}
