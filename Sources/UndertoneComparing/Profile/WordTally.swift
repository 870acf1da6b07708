// Words of outputs and their successors, as one thread counts them.

/// Counts words, in batches: reading a text and looking into large tables take turns, since a loop that does only the latter hides
/// how long memory takes.
struct WordTally: ~Copyable {
    private static let limit = 256

    private var words = TermTable(.words)
    private var pairs = TermTable(.pairs)
    private(set) var longWords = 0

    // The words of the batch, in small letters, one behind the other.
    private let bytes: UnsafeMutablePointer<UInt8>
    private var end = 0
    // The first entry is the last word of the batch before. A length of 0: no word that is counted.
    private let keys: UnsafeMutablePointer<UInt64>
    private let starts: UnsafeMutablePointer<Int>
    private let lengths: UnsafeMutablePointer<Int>
    private var count = 1
    // Words of the output before the batch.
    private var before = 0

    init() {
        let room = WordTally.limit + 1
        // Copies are made eight bytes at a time, and hashes read sixteen behind a word.
        bytes = .allocate(capacity: room * TermLimits.longest + 64)
        bytes.initialize(repeating: 0, count: room * TermLimits.longest + 64)
        keys = .allocate(capacity: room)
        keys.initialize(repeating: 0, count: room)
        starts = .allocate(capacity: room)
        starts.initialize(repeating: 0, count: room)
        lengths = .allocate(capacity: room)
        lengths.initialize(repeating: 0, count: room)
    }

    deinit {
        bytes.deallocate()
        keys.deallocate()
        starts.deallocate()
        lengths.deallocate()
    }

    /// What was counted: words, and words behind words.
    mutating func counts() -> (words: TermCounts, pairs: TermCounts) { (words.counts(), pairs.counts()) }

    /// Where the bytes of the next word go, in small letters; 64 of them are looked at.
    var next: UnsafeMutablePointer<UInt8> { bytes + end }

    /// Ends the word whose bytes stand at ``next``.
    @inline(__always)
    mutating func add(_ length: Int, in output: UInt64) {
        starts[count] = end
        if length <= TermLimits.longest {
            keys[count] = TextHash.of(bytes + end, length)
            lengths[count] = length
            end &+= length
        } else {
            lengths[count] = 0
            longWords &+= 1
        }
        count &+= 1
        if count > WordTally.limit { countBatch(output) }
    }

    /// Adds a word of letters of ASCII.
    @inline(__always)
    mutating func add(_ text: UnsafePointer<UInt8>, _ length: Int, in output: UInt64) {
        let (from, to) = (UnsafeRawPointer(text), UnsafeMutableRawPointer(next))
        var at = 0
        while at < min(length, TermLimits.longest) {
            let word = from.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            to.storeBytes(of: word | 0x2020_2020_2020_2020, toByteOffset: at, as: UInt64.self)
            at &+= 8
        }
        add(length, in: output)
    }

    /// Ends the output; gives how many words it had.
    mutating func endOutput(_ output: UInt64) -> Int {
        countBatch(output)
        let words = before
        before = 0
        lengths[0] = 0
        end = 0
        return words
    }

    private mutating func countBatch(_ output: UInt64) {
        for index in 1..<max(count, 1) where lengths[index] > 0 {
            words.add(keys[index], rank: TextHash.rank(keys[index], in: output, at: before &+ index), text(index))
        }
        for index in 1..<max(count, 1) where lengths[index] > 0 && lengths[index &- 1] > 0 {
            let key = TextHash.pair(keys[index &- 1], keys[index])
            pairs.add(key, rank: TextHash.rank(key, in: output, at: before &+ index), text(index &- 1), text(index))
        }
        before &+= count &- 1
        // The last word is the first one's predecessor.
        let last = count &- 1
        (keys[0], lengths[0]) = (keys[last], lengths[last])
        for offset in 0..<lengths[0] { bytes[offset] = bytes[starts[last] &+ offset] }
        starts[0] = 0
        end = lengths[0]
        count = 1
    }

    @inline(__always)
    private func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: UnsafePointer(bytes) + starts[index], count: lengths[index])
    }
}
