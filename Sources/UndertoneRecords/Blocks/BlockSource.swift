// Cuts all inputs, one after the other, into blocks of whole records.

import Glibc
package import UndertoneCore

/// Hears how far a reading is, and may wish to end it. Any thread may ask at any time.
public protocol ReadingProgress: AnyObject, Sendable {
    /// Whether somebody wants it to end.
    var isCancelled: Bool { get }
    /// So many bytes of an input, as stored, have been read. Called by one reader at a time.
    func advance(storedBytes: Int, of input: Int)
}

/// Hands out the blocks of all inputs in order. Threads take turns; while one reads, others look at what it read.
///
/// Memory: what is read but not yet handed out is at most one record and one block.
package final class BlockSource: @unchecked Sendable {
    /// What is known of an input once it has ended.
    package struct InputState {
        package var path: String
        package var framing = Framing.jsonLines
        package var compression = Compression.none
        package var storedBytes = 0
        package var decodedBytes = 0
        package var problem: String?
        package var digest: Digest?
        package var hasByteOrderMark = false
        /// Whether it could be opened at all.
        package var isOpened = false
    }

    private let inputs: [Input]
    private let framing: Framing?
    private let limit: Int
    private let maxDecodedBytes: Int
    private let pool: DigestPool?
    private let progress: (any ReadingProgress)?
    private let monitor = Monitor()
    private let permits = Monitor()
    private var largeBlocks = 0

    // Guarded by a monitor of its own: whoever fills a block may wait for a permit, and the thread that holds the permit
    // asks for states before it gives it back.
    private let stateMonitor = Monitor()
    private var states: [InputState]

    // Guarded by the monitor.
    private var next = 0
    private var ticket = 0
    private var source: SourceBox?
    private var carry = PlainBuffer<UInt8>(capacity: 1 << 16)
    private var isAtEnd = false
    // The input ended because it could not be read on.
    private var isCutOff = false
    private var isInLongRecord = false
    private var framer: ArrayFramer?
    private var decodedOffset = 0

    private final class SourceBox {
        var source: ByteSource
        init(_ source: consuming ByteSource) { self.source = source }
    }

    private static let largeBytes = 1 << 20

    package init(
        _ inputs: [Input], framing: Framing?, limits: RecordLimits, maxDecodedBytes: Int, pool: DigestPool?,
        progress: (any ReadingProgress)?
    ) {
        self.inputs = inputs
        self.framing = framing
        limit = limits.bytes
        self.maxDecodedBytes = maxDecodedBytes
        self.pool = pool
        self.progress = progress
        states = inputs.map { InputState(path: $0.path) }
    }

    /// The state of an input; complete once its last block was handed out.
    package func state(of input: Int) -> InputState { stateMonitor.locked { states[input] } }

    /// Fills a block; `false` when all inputs have ended or the reading was cancelled.
    package func fill(_ block: Block) -> Bool {
        release(block)
        return monitor.locked {
            guard next < inputs.count else { return false }
            guard progress?.isCancelled != true else {
                // Somebody may wait for the digest of what was read in part.
                current.digest?.end()
                current.digest = nil
                return false
            }
            // Where a block ends must depend on the input alone, and not on what the block held before.
            block.shrink()
            block.count = 0
            block.kind = .records
            block.elements.removeAll(keepingCapacity: true)
            block.oversized.removeAll(keepingCapacity: true)
            block.input = next
            if source == nil { open() }
            block.isInArray = current.framing == .jsonArray
            block.framing = block.isInArray && framer == nil ? .jsonLines : current.framing
            if source == nil || !read(block) {
                block.count = 0
                block.kind = .end
                close()
            }
            block.seal()
            block.ticket = ticket
            ticket += 1
            return true
        }
    }

    /// Gives back what a large block holds.
    package func release(_ block: Block) {
        guard block.isLarge else { return }
        block.isLarge = false
        block.shrink()
        permits.locked {
            largeBlocks = 0
            permits.signalAll()
        }
    }

    // MARK: Inside the monitor

    // The state of the input that is being read.
    private var current: InputState {
        get { stateMonitor.locked { states[next] } }
        set { stateMonitor.locked { states[next] = newValue } }
    }

    private func open() {
        carry.removeAll()
        isAtEnd = false
        isCutOff = false
        isInLongRecord = false
        framer = nil
        decodedOffset = 0
        let digest = pool?.digest()
        current.digest = digest
        do throws(InputError) {
            let opened = SourceBox(try ByteSource.open(inputs[next], maxDecodedBytes: maxDecodedBytes, tap: digest))
            source = opened
            current.isOpened = true
            current.compression = opened.source.compression
            // The first bytes say how the input is divided.
            while carry.count < Framing.blockBytes, !isAtEnd { readOn() }
            let head = UnsafeRawBufferPointer(start: carry.base, count: carry.count)
            let mark = Framing.byteOrderMark(in: head)
            current.hasByteOrderMark = mark > 0
            let found = framing ?? Framing.detect(head, name: inputs[next].path, isWhole: isAtEnd)
            current.framing = found
            if mark > 0 {
                memmove(carry.base, carry.base + mark, carry.count - mark)
                carry.truncate(to: carry.count - mark)
                decodedOffset = mark
            }
            if found == .jsonArray { framer = ArrayFramer(maxElementBytes: limit, startingAt: decodedOffset) }
        } catch {
            current.problem = error.description
        }
    }

    // Reads some bytes behind the carry, never more than a block holds.
    private func readOn() {
        let room = Block.usualBytes - carry.count
        carry.reserve(room)
        let read = readSome(UnsafeMutableRawPointer(carry.base + carry.count), room)
        carry.advance(by: read)
    }

    private func readSome(_ room: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        guard let source, !isAtEnd else { return 0 }
        do throws(InputError) {
            let count = try source.source.read(into: room, capacity: capacity)
            if count == 0 { isAtEnd = true }
            progress?.advance(storedBytes: source.source.storedBytes, of: next)
            return count
        } catch {
            current.problem = error.description
            isAtEnd = true
            isCutOff = true
            return 0
        }
    }

    private func close() {
        var isDigestWhole = true
        if let source {
            // The digest is that of the whole file. A pipe may never end, so what is left of a bad one is not waited for.
            if current.problem == nil || inputs[next].storedBytes != nil {
                try? source.source.drain()
            } else {
                isDigestWhole = false
            }
            current.storedBytes = source.source.storedBytes
            current.decodedBytes = source.source.decodedBytes
        }
        current.digest?.end()
        if !isDigestWhole { current.digest = nil }
        source = nil
        next += 1
    }

    // Fills the block; false at the end of the input.
    private func read(_ block: Block) -> Bool {
        if isInLongRecord { return readLongRecord(block) }
        if carry.count > block.room { grow(block, to: carry.count) }
        memcpy(block.bytes, carry.base, carry.count)
        block.count = carry.count
        carry.removeAll()
        return framer == nil ? readLines(block) : readElements(block)
    }

    private func grow(_ block: Block, to room: Int) {
        while block.capacity - RecordParser.padding < room { block.grow() }
        if !block.isLarge, block.capacity > BlockSource.largeBytes {
            // A line of many megabytes needs a dozen times its size, so only one such is scanned at a time.
            permits.locked {
                permits.wait { largeBlocks == 0 }
                largeBlocks = 1
            }
            block.isLarge = true
        }
    }

    private func fillUp(_ block: Block) {
        while block.room > 0, !isAtEnd {
            block.count += readSome(UnsafeMutableRawPointer(block.bytes + block.count), block.room)
        }
    }

    private func readLines(_ block: Block) -> Bool {
        while true {
            fillUp(block)
            if let last = block.content.lastIndex(of: 0x0A) {
                let end = last + 1
                carry.append(block.bytes + end, count: block.count - end)
                block.count = end
                return true
            }
            if isAtEnd {
                if block.count > 0, isCutOff { block.kind = .truncated }
                return block.count > 0
            }
            if block.count > limit {
                isInLongRecord = true
                block.kind = .tooLong(isFirst: true, isLast: false)
                return true
            }
            grow(block, to: block.count * 2)
        }
    }

    private func readLongRecord(_ block: Block) -> Bool {
        block.count = min(carry.count, block.room)
        memcpy(block.bytes, carry.base, block.count)
        memmove(carry.base, carry.base + block.count, carry.count - block.count)
        carry.truncate(to: carry.count - block.count)
        if carry.count == 0 { fillUp(block) }
        let isLast = framer == nil ? endLongLine(block) : endLongElement(block)
        isInLongRecord = !isLast
        block.kind = .tooLong(isFirst: false, isLast: isLast)
        return true
    }

    private func endLongLine(_ block: Block) -> Bool {
        if let end = memchr(block.bytes, 0x0A, block.count) {
            putBack(block, from: UnsafeRawPointer(end) - UnsafeRawPointer(block.bytes) + 1)
            return true
        }
        return isAtEnd && carry.count == 0
    }

    // Bytes of the block from `count` on come again, before what is carried already.
    private func putBack(_ block: Block, from count: Int) {
        let rest = block.count - count
        carry.reserve(rest)
        memmove(carry.base + rest, carry.base, carry.count)
        memcpy(carry.base, block.bytes + count, rest)
        carry.advance(by: rest)
        block.count = count
    }

    // MARK: Elements of an array

    private func readElements(_ block: Block) -> Bool {
        while true {
            fillUp(block)
            while let event = framer?.next(in: block.content, at: decodedOffset) {
                switch event {
                case .element(let range), .oversized(let range):
                    if case .oversized = event { block.oversized.append(block.elements.count) }
                    block.elements.append(range.lowerBound - decodedOffset..<range.upperBound - decodedOffset)
                    continue
                case .failed(let failure):
                    report(failure)
                    if handOver(block, from: framer?.position) { return true }
                    // What stands there is no element; its lines are records of their own, so that nothing is lost.
                    framer = nil
                    block.framing = .jsonLines
                    return readLines(block)
                case .needsMore:
                    break
                }
                break
            }
            let open = framer?.openElement
            if isAtEnd, let failure = framer?.finish() { report(failure) }
            if handOver(block, from: open ?? framer?.position) { return true }
            if isAtEnd {
                framer = nil
                block.framing = .jsonLines
                block.kind = .truncated
                return block.count > 0
            }
            if framer?.isSkipping == true {
                decodedOffset += block.count
                isInLongRecord = true
                block.kind = .tooLong(isFirst: true, isLast: false)
                return true
            }
            if block.room == 0 { grow(block, to: block.count * 2) }
        }
    }

    // Leaves the whole elements in the block and carries on what is behind them. Without any, the bytes before `start`
    // are brackets and white space, and only those behind stay.
    private func handOver(_ block: Block, from start: Int?) -> Bool {
        let used = min(max((start ?? decodedOffset) - decodedOffset, 0), block.count)
        decodedOffset += used
        if block.elements.isEmpty {
            memmove(block.bytes, block.bytes + used, block.count - used)
            block.count -= used
            return false
        }
        carry.append(block.bytes + used, count: block.count - used)
        block.count = used
        return true
    }

    private func endLongElement(_ block: Block) -> Bool {
        while let event = framer?.next(in: block.content, at: decodedOffset) {
            switch event {
            case .oversized(let range), .element(let range):
                let behind = framer?.position ?? range.upperBound
                putBack(block, from: min(behind - decodedOffset, block.count))
                block.count = max(0, range.upperBound - decodedOffset)
                decodedOffset = behind
                return true
            case .failed(let failure): report(failure)
            case .needsMore: break
            }
            break
        }
        decodedOffset += block.count
        if isAtEnd, carry.count == 0 {
            if let failure = framer?.finish() { report(failure) }
            framer = nil
            return true
        }
        return false
    }

    private func report(_ failure: ArrayFramer.Failure) {
        guard current.problem == nil else { return }
        let path = inputs[next].path
        current.problem =
            switch failure {
            case .notAnArray(let at):
                "\(path): byte \(at): this is no JSON array; leave --format out to let the content decide"
            case .trailingGarbage(let at):
                "\(path): byte \(at): there is something behind the closing bracket of the array"
            case .missingBracket:
                "\(path): the JSON array has no closing bracket; was the file cut off?"
            }
    }
}
