// The table behind counts of terms, as one thread fills it.

/// Terms that are counted by one thread.
struct TermTable: ~Copyable {
    private struct Slot: BitwiseCopyable {
        var key: UInt64
        var rank: UInt64
        // 0: free.
        var count: Int
        var text: UInt32
        var length: UInt32
    }

    let limits: TermLimits
    private var slots: UnsafeMutablePointer<Slot>
    private var mask = (1 << 8) - 1
    private var used = 0
    private var text: [UInt8] = []
    private var total = 0
    private var isPruned = false
    // Nothing above it can be among those that are kept.
    private var highestRank = UInt64.max
    private var sketch: UnsafeMutablePointer<Int>?
    // What was added lately: cells of half the size stay nearer to the processor.
    private var recent: UnsafeMutablePointer<UInt32>?
    private var recentTotal = 0
    private static let cells = TermLimits.rows * TermLimits.width
    private static let mostRecent = 1 << 31

    init(_ limits: TermLimits) {
        self.limits = limits
        slots = TermTable.allocate(mask + 1)
    }

    deinit {
        slots.deallocate()
        sketch?.deallocate()
        recent?.deallocate()
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
        slots.initialize(repeating: Slot(key: 0, rank: 0, count: 0, text: 0, length: 0), count: capacity)
        return slots
    }

    /// Counts a term.
    ///
    /// - Parameters:
    ///   - rank: what the occurrence draws; the key itself where there is no sketch.
    ///   - first, second: the text, or the two texts of a pair.
    @inline(__always)
    mutating func add(
        _ key: UInt64, rank: UInt64, times: Int = 1, _ first: UnsafeBufferPointer<UInt8>,
        _ second: UnsafeBufferPointer<UInt8>? = nil
    ) {
        total &+= times
        if isPruned {
            if let recent {
                recentTotal &+= times
                if recentTotal > TermTable.mostRecent { settle(times) }
                for row in 0..<TermLimits.rows {
                    recent[TermLimits.cell(key, row)] &+= UInt32(truncatingIfNeeded: times)
                }
            }
        }
        keep(key, rank, times, first, second)
    }

    // Counts a term, if it is among those that are kept.
    @inline(__always)
    private mutating func keep(
        _ key: UInt64, _ rank: UInt64, _ times: Int, _ first: UnsafeBufferPointer<UInt8>,
        _ second: UnsafeBufferPointer<UInt8>?
    ) {
        guard rank <= highestRank else { return }
        let at = place(of: key)
        if slots[at].count != 0 {
            slots[at].count &+= times
            if rank < slots[at].rank { slots[at].rank = rank }
        } else {
            insert(key, rank, times, first, second)
        }
    }

    @inline(__always)
    private func place(of key: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: key) & mask
        while slots[place].count != 0, slots[place].key != key { place = (place &+ 1) & mask }
        return place
    }

    @inline(never)
    private mutating func insert(
        _ key: UInt64, _ rank: UInt64, _ times: Int, _ first: UnsafeBufferPointer<UInt8>,
        _ second: UnsafeBufferPointer<UInt8>?
    ) {
        let start = text.count
        text += first
        if let second {
            text.append(0x20)
            text += second
        }
        slots[place(of: key)] = Slot(
            key: key, rank: rank, count: times, text: UInt32(start), length: UInt32(text.count - start))
        used += 1
        if used > (isPruned ? limits.kept * 2 : limits.exact) {
            prune()
        } else if used * 4 > (mask + 1) * 3 {
            rebuild(capacity: (mask + 1) * 2) { _ in true }
        }
    }

    // From here on only some terms are kept.
    private mutating func beginPruning() {
        guard !isPruned else { return }
        isPruned = true
        guard limits.hasSketch else { return }
        let made = UnsafeMutablePointer<Int>.allocate(capacity: TermTable.cells)
        made.initialize(repeating: 0, count: TermTable.cells)
        for at in 0...mask where slots[at].count != 0 {
            for row in 0..<TermLimits.rows { made[TermLimits.cell(slots[at].key, row)] &+= slots[at].count }
        }
        sketch = made
        let small = UnsafeMutablePointer<UInt32>.allocate(capacity: TermTable.cells)
        small.initialize(repeating: 0, count: TermTable.cells)
        recent = small
    }

    // Moves what was added lately to the large cells, before a small one could run over.
    @inline(never)
    private mutating func settle(_ coming: Int) {
        guard let sketch, let recent else { return }
        var cell = 0
        while cell < TermTable.cells {
            sketch[cell] &+= Int(recent[cell])
            cell &+= 1
        }
        recent.update(repeating: 0, count: TermTable.cells)
        recentTotal = coming
    }

    private mutating func prune() {
        beginPruning()
        guard used > limits.kept else { return }
        let last = ranks()[limits.kept - 1]
        highestRank = last.rank
        rebuild(capacity: TermTable.capacity(for: limits.kept * 2)) {
            $0.rank != last.rank ? $0.rank < last.rank : $0.key <= last.key
        }
    }

    private static func capacity(for count: Int) -> Int {
        var capacity = 1 << 8
        while count * 4 > capacity * 3 { capacity *= 2 }
        return capacity
    }

    // Ranks and keys, the smallest first.
    private func ranks() -> [(rank: UInt64, key: UInt64)] {
        var ranks: [(rank: UInt64, key: UInt64)] = []
        ranks.reserveCapacity(used)
        for at in 0...mask where slots[at].count != 0 { ranks.append((slots[at].rank, slots[at].key)) }
        ranks.sort { $0.rank != $1.rank ? $0.rank < $1.rank : $0.key < $1.key }
        return ranks
    }

    private mutating func rebuild(capacity: Int, _ isKept: (Slot) -> Bool) {
        let (old, oldMask, oldText) = (slots, mask, text)
        mask = capacity - 1
        slots = TermTable.allocate(capacity)
        used = 0
        text = []
        for at in 0...oldMask where old[at].count != 0 && isKept(old[at]) {
            var slot = old[at]
            let from = Int(slot.text)
            slot.text = UInt32(text.count)
            text += oldText[from..<from + Int(slot.length)]
            slots[place(of: slot.key)] = slot
            used += 1
        }
        old.deallocate()
    }

    /// Counts what was counted elsewhere under the same limits.
    mutating func absorb(_ other: TermCounts) {
        guard !other.isExact else {
            for term in other.terms {
                var text = term.text
                text.withUTF8 { bytes in
                    // In parts that small cells can hold.
                    var rest = term.count
                    while rest > 0 {
                        add(term.key, rank: term.rank, times: min(rest, TermTable.mostRecent), bytes)
                        rest -= TermTable.mostRecent
                    }
                }
            }
            return
        }
        beginPruning()
        total &+= other.total
        if let sketch {
            for index in other.sketch.indices { sketch[index] &+= other.sketch[index] }
        }
        for term in other.terms {
            var text = term.text
            text.withUTF8 { keep(term.key, term.rank, max(term.count, 1), $0, nil) }
        }
    }

    /// What was counted.
    mutating func counts() -> TermCounts {
        settle(0)
        var counts = TermCounts(limits)
        counts.total = total
        counts.isExact = !isPruned
        if let sketch {
            counts.sketch = Array(UnsafeBufferPointer(start: sketch, count: TermTable.cells))
        }
        var last: (rank: UInt64, key: UInt64) = (.max, .max)
        if isPruned, used > limits.kept { last = ranks()[limits.kept - 1] }
        counts.terms.reserveCapacity(used)
        for at in 0...mask where slots[at].count != 0 {
            let slot = slots[at]
            guard slot.rank != last.rank ? slot.rank < last.rank : slot.key <= last.key else { continue }
            let bytes = text[Int(slot.text)..<Int(slot.text) + Int(slot.length)]
            let count = counts.sketch.isEmpty ? slot.count : counts.estimate(slot.key)
            counts.terms.append(
                TermCounts.Term(
                    text: String(decoding: bytes, as: UTF8.self), count: count, key: slot.key, rank: slot.rank))
        }
        counts.terms.sort { $0.key < $1.key }
        return counts
    }
}
