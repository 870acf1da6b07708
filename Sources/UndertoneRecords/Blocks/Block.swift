// A run of bytes that one thread reads: whole records of one input, or a piece of a record that is too long.

import Glibc

/// Bytes of one input on their way through a reader. Each thread has one and fills it again and again.
package final class Block {
    /// What the bytes are.
    package enum Kind {
        /// Whole records; the last one may lack its line feed.
        case records
        /// A piece of a record over the limit.
        case tooLong(isFirst: Bool, isLast: Bool)
        /// The start of a record that the input broke off.
        case truncated
        /// The input has ended; there are no bytes.
        case end
    }

    package private(set) var bytes: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    package var count = 0
    package var kind = Kind.records
    package var framing = Framing.jsonLines
    /// Elements of a JSON array, as ranges of the bytes.
    package var elements: [Range<Int>] = []
    /// Indices of the elements that are longer than the limit.
    package var oversized: [Int] = []
    /// The input is a JSON array, even where these bytes could not be read as its elements.
    package var isInArray = false
    /// Index of the input.
    package var input = 0
    /// The place in the order of blocks.
    package var ticket = 0
    /// Larger blocks than usual hold a permit, so that few of them exist at a time.
    package var isLarge = false

    /// Bytes that a block usually holds: they and what is made of them fit the second-level cache.
    package static let usualBytes = 256 << 10

    package init() {
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
    package func seal() { memset(bytes + count, 0, RecordParser.padding) }
}
