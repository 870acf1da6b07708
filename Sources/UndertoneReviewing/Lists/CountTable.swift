// How often each of millions of texts was seen, in bounded memory.

/// Counts by key: exact up to a number of different keys, and beyond that with a known error.
///
/// When the table is full, its median count is taken off all counts and what is left without one is forgotten (Misra &
/// Gries, Sci. Comput. Program. 2 (1982) 143; with the median, Anderson et al., IMC 2017). Then a count is at most
/// ``error`` below the truth, never above it, and a key that is not there was seen at most ``error`` times.
struct CountTable: ~Copyable {
    private struct Slot: BitwiseCopyable {
        var low: UInt64
        var high: UInt64
        // 0: free.
        var count: UInt32
        var mark: UInt32
    }

    private var slots: UnsafeMutablePointer<Slot>
    private var mask: Int
    private let limit: Int
    /// Keys that are there.
    private(set) var count = 0
    /// What a count may be too low by.
    private(set) var error = 0

    /// - Parameter limit: keys that are held at most; 24 bytes each, twice as many while it grows, at a load of at most
    ///   three quarters.
    init(limit: Int) {
        self.limit = max(limit, 16)
        mask = (1 << 12) - 1
        slots = CountTable.allocate(mask + 1)
    }

    deinit { slots.deallocate() }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
        slots.initialize(repeating: Slot(low: 0, high: 0, count: 0, mark: 0), count: capacity)
        return slots
    }

    @inline(__always)
    private func place(of key: TextKey) -> Int {
        var place = Int(truncatingIfNeeded: key.low) & mask
        while slots[place].count != 0, slots[place].low != key.low || slots[place].high != key.high {
            place = (place &+ 1) & mask
        }
        return place
    }

    /// Counts a key once more.
    ///
    /// - Returns: whether it was not there.
    @inline(__always)
    @discardableResult
    mutating func add(_ key: TextKey) -> Bool {
        let at = place(of: key)
        if slots[at].count != 0 {
            if slots[at].count != .max { slots[at].count &+= 1 }
            return false
        }
        slots[at] = Slot(low: key.low, high: key.high, count: 1, mark: 0)
        count &+= 1
        if count >= limit { prune() } else if count &* 4 > (mask &+ 1) &* 3 { rebuild(larger: true, less: 0) }
        return true
    }

    /// How often a key was counted; 0 where it is not there.
    subscript(key: TextKey) -> Int { Int(slots[place(of: key)].count) }

    /// Marks a key.
    ///
    /// - Returns: whether it is there and was not marked before; `true` too for a key that is not there.
    mutating func mark(_ key: TextKey) -> Bool {
        let at = place(of: key)
        guard slots[at].count != 0 else { return true }
        defer { slots[at].mark = 1 }
        return slots[at].mark == 0
    }

    /// Calls `body` with every key and its count, in no order.
    func forEach(_ body: (TextKey, Int) -> Void) {
        for place in 0...mask where slots[place].count != 0 {
            body(TextKey(low: slots[place].low, high: slots[place].high), Int(slots[place].count))
        }
    }

    /// The keys with the highest counts, at least `least`, the highest first; of equal counts in an order that depends on
    /// nothing but the texts.
    func top(_ size: Int, atLeast least: Int) -> [(key: TextKey, count: Int)] {
        var best = Best<(key: TextKey, count: Int)>(size) {
            $0.count != $1.count ? $0.count > $1.count : TextKey.precedes($0.key, $1.key)
        }
        forEach { key, count in if count >= least { best.add((key, count)) } }
        return best.elements
    }

    private mutating func prune() {
        var counts: [UInt32] = []
        counts.reserveCapacity(count)
        forEach { counts.append(UInt32($1)) }
        counts.sort()
        let median = counts[counts.count / 2]
        error += Int(median)
        rebuild(larger: false, less: median)
    }

    private mutating func rebuild(larger: Bool, less: UInt32) {
        let (old, oldMask) = (slots, mask)
        if larger { mask = mask * 2 + 1 }
        slots = CountTable.allocate(mask + 1)
        count = 0
        for at in 0...oldMask where old[at].count > less {
            var slot = old[at]
            slot.count -= less
            slots[place(of: TextKey(low: slot.low, high: slot.high))] = slot
            count += 1
        }
        old.deallocate()
    }
}

extension TextKey {
    fileprivate init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }
}

/// The first `size` elements in an order, of any number that are shown.
struct Best<Element> {
    private let size: Int
    private let precedes: (Element, Element) -> Bool
    /// The elements, the first in the order first.
    private(set) var elements: [Element] = []

    init(_ size: Int, by precedes: @escaping (Element, Element) -> Bool) {
        self.size = size
        self.precedes = precedes
    }

    /// Whether an element would be kept.
    func takes(_ element: Element) -> Bool {
        guard elements.count >= size else { return size > 0 }
        return elements.last.map { precedes(element, $0) } ?? false
    }

    /// Changes the first element of which something holds, in what the order does not look at.
    ///
    /// - Returns: whether there is one.
    mutating func update(where holds: (Element) -> Bool, _ change: (inout Element) -> Void) -> Bool {
        guard let place = elements.firstIndex(where: holds) else { return false }
        change(&elements[place])
        return true
    }

    /// Keeps an element, if it is among the first.
    mutating func add(_ element: Element) {
        guard takes(element) else { return }
        var (low, high) = (0, elements.count)
        while low < high {
            let middle = (low + high) / 2
            if precedes(elements[middle], element) { low = middle + 1 } else { high = middle }
        }
        elements.insert(element, at: low)
        if elements.count > size { elements.removeLast() }
    }
}
