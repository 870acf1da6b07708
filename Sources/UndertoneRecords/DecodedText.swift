// Memory for decoded strings that stays where it is.

/// Blocks of bytes that never move, so that fields may point into them until ``removeAll()``.
struct DecodedText: ~Copyable {
    /// Bytes behind every string that may be read.
    static let padding = 64
    private static let blockSize = 1 << 18

    private var block: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var used = 0
    private var full: [UnsafeMutablePointer<UInt8>] = []

    init() {
        capacity = DecodedText.blockSize
        block = .allocate(capacity: capacity)
        block.initialize(repeating: 0, count: capacity)
    }

    deinit {
        for old in full { old.deallocate() }
        block.deallocate()
    }

    /// Room for `count` bytes and the padding behind them; the same room until ``keep(_:)``.
    @inline(__always)
    mutating func room(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity &- used < count &+ DecodedText.padding { nextBlock(count) }
        return block + used
    }

    /// Keeps the first `count` bytes of the room.
    @inline(__always)
    mutating func keep(_ count: Int) { used &+= count }

    /// Forgets all strings and gives back all memory but one small block.
    mutating func removeAll() {
        used = 0
        guard !full.isEmpty || capacity > DecodedText.blockSize else { return }
        for old in full { old.deallocate() }
        full.removeAll()
        if capacity > DecodedText.blockSize {
            block.deallocate()
            capacity = DecodedText.blockSize
            block = .allocate(capacity: capacity)
            block.initialize(repeating: 0, count: capacity)
        }
    }

    private mutating func nextBlock(_ count: Int) {
        full.append(block)
        capacity = max(DecodedText.blockSize, count + DecodedText.padding)
        block = .allocate(capacity: capacity)
        block.initialize(repeating: 0, count: capacity)
        used = 0
    }
}
