// The temporary files that exist right now, where a signal handler can reach them.

import Glibc
import Synchronization

/// A fixed table of C strings. Its only locks are single atomic exchanges, so that a signal handler may use it at any
/// moment: whoever takes a string out of its slot owns it.
struct TemporaryTable: ~Copyable, @unchecked Sendable {
    typealias Slot = Atomic<UnsafeMutablePointer<CChar>?>

    /// As many outputs may be open at once.
    static let capacity = 256
    /// Never freed: the handler may come at any time.
    static let shared = TemporaryTable()

    private let slots: UnsafeMutablePointer<Slot>

    init() {
        slots = .allocate(capacity: TemporaryTable.capacity)
        for index in 0..<TemporaryTable.capacity { (slots + index).initialize(to: Slot(nil)) }
    }

    deinit {
        slots.deinitialize(count: TemporaryTable.capacity)
        slots.deallocate()
    }

    /// Does nothing, on a table that is made if it isn't yet: that takes a lock and memory, which a signal handler must not.
    func prepare() {}

    /// Enters a path; its slot, or `nil` if the table is full.
    func insert(_ path: String) -> Int? {
        guard let copy = strdup(path) else { return nil }
        for index in 0..<TemporaryTable.capacity
        where slots[index].compareExchange(expected: nil, desired: copy, ordering: .acquiringAndReleasing).exchanged {
            return index
        }
        free(copy)
        return nil
    }

    /// Forgets the path of a slot.
    func remove(_ slot: Int) {
        if let path = slots[slot].exchange(nil, ordering: .acquiringAndReleasing) { free(path) }
    }

    /// Unlinks all paths. Async-signal-safe: atomic exchanges and unlink(2), no memory freed.
    func unlinkAll() {
        for index in 0..<TemporaryTable.capacity {
            if let path = slots[index].exchange(nil, ordering: .acquiringAndReleasing) { unlink(path) }
        }
    }
}

/// The files that are being written, by folder and name, so that two outputs never fight for one place.
let liveTargets = Mutex<Set<LiveTarget>>([])

/// A place in a folder, whatever path leads to the folder.
struct LiveTarget: Hashable, Sendable {
    var folder: FileIdentity
    var name: String
}

/// Numbers the temporaries of this process.
let temporaryCounter = Atomic<Int>(0)
