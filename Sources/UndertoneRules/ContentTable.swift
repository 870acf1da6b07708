// Counts by content, for rules over a whole drop: sixteen bytes a slot, at most 70 % of the slots in use.

/// A hash table from contents to counts. It keeps 96 bits of a content's hash: among 10⁸ contents the chance that any
/// two share them is below 10⁻¹².
struct ContentTable: ~Copyable {
    private struct Slot: BitwiseCopyable {
        var low: UInt64 = 0
        var high: UInt32 = 0
        /// 0 in an empty slot.
        var value: UInt32 = 0
    }

    private var slots: UnsafeMutablePointer<Slot>
    private var capacity: Int
    /// Different contents.
    private(set) var count = 0

    init() {
        capacity = 1024
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Slot(), count: capacity)
    }

    deinit { slots.deallocate() }

    /// The count of a content, 0 where it was never added.
    subscript(key: ContentKey) -> UInt32 { slots[place(key.low, UInt32(truncatingIfNeeded: key.high))].value }

    /// Replaces the count of a content by what `change` makes of it; the new count must not be 0.
    mutating func update(_ key: ContentKey, _ change: (UInt32) -> UInt32) {
        if (count + 1) * 10 > capacity * 7 { grow() }
        let high = UInt32(truncatingIfNeeded: key.high)
        let index = place(key.low, high)
        if slots[index].value == 0 { count += 1 }
        slots[index] = Slot(low: key.low, high: high, value: max(change(slots[index].value), 1))
    }

    private func place(_ low: UInt64, _ high: UInt32) -> Int {
        let mask = capacity - 1
        var index = Int(truncatingIfNeeded: low) & mask
        while slots[index].value != 0, slots[index].low != low || slots[index].high != high {
            index = (index + 1) & mask
        }
        return index
    }

    private mutating func grow() {
        let old = slots
        let oldCapacity = capacity
        capacity *= 2
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Slot(), count: capacity)
        for index in 0..<oldCapacity where old[index].value != 0 {
            slots[place(old[index].low, old[index].high)] = old[index]
        }
        old.deallocate()
    }
}
