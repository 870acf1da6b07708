// A run of bytes that one thread scans: whole records of one input, or a piece of a record that is too long.

import Glibc
import UndertoneRecords

/// Bytes of one input on their way through a scan. Each thread has one and fills it again and again.
final class Block {
    /// What the bytes are.
    enum Kind {
        /// Whole records; the last one may lack its line feed.
        case records
        /// A piece of a record over the limit.
        case tooLong(isFirst: Bool, isLast: Bool)
        /// The start of a record that the input broke off.
        case truncated
        /// The input has ended; there are no bytes.
        case end
    }

    private(set) var bytes: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    var count = 0
    var kind = Kind.records
    var framing = Framing.jsonLines
    /// Elements of a JSON array, as ranges of the bytes.
    var elements: [Range<Int>] = []
    /// Indices of the elements that are longer than the limit.
    var oversized: [Int] = []
    /// The input is a JSON array, even where these bytes could not be read as its elements.
    var isInArray = false
    /// Index of the input.
    var input = 0
    /// The place in the order of blocks.
    var ticket = 0
    /// Larger blocks than usual hold a permit, so that few of them exist at a time.
    var isLarge = false

    /// Bytes that a block usually holds: they and what is made of them fit the second-level cache.
    static let usualBytes = 256 << 10

    init() {
        capacity = Block.usualBytes + RecordParser.padding
        bytes = .allocate(capacity: capacity)
        bytes.initialize(repeating: 0, count: capacity)
    }

    deinit { bytes.deallocate() }

    /// Bytes that still fit.
    var room: Int { capacity - count - RecordParser.padding }

    /// The bytes.
    var content: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: count) }

    /// Doubles the room.
    func grow() {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
        memcpy(larger, bytes, count)
        memset(larger + count, 0, capacity * 2 - count)
        bytes.deallocate()
        bytes = larger
        capacity *= 2
    }

    /// Gives the memory of a large block back.
    func shrink() {
        guard capacity > Block.usualBytes + RecordParser.padding else { return }
        bytes.deallocate()
        capacity = Block.usualBytes + RecordParser.padding
        bytes = .allocate(capacity: capacity)
        bytes.initialize(repeating: 0, count: capacity)
        count = 0
    }

    /// Zeros behind the bytes, which the parser may read.
    func seal() { memset(bytes + count, 0, RecordParser.padding) }
}
