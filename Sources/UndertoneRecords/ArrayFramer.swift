// Divides a JSON array into its elements without parsing them, across any borders of blocks.

/// Finds the elements of one JSON array, in O(bytes) with nothing on the heap.
///
/// All positions are offsets in the unpacked input, so that the caller may move its buffer as it likes:
/// ```
/// switch framer.next(in: buffer, at: offsetOfBuffer) {
/// case .element(let range): …                       // its bytes are buffer[range - offsetOfBuffer]
/// case .oversized(let range): …                      // longer than the limit; its bytes may be gone
/// case .needsMore(let keepFrom): …                   // drop what is before, read on, call again; at the end: finish()
/// case .failed(let failure): …                       // final
/// }
/// ```
/// Brackets and strings decide alone: an element may be anything else than JSON, and its parser says so. An empty
/// element, as in `[1,,2]` or `[1,]`, is reported with an empty range.
public struct ArrayFramer: Sendable {
    /// What was found.
    public enum Event: Sendable, Equatable {
        /// An element without the white space around it.
        case element(Range<Int>)
        /// An element of more bytes than the limit, the white space behind it counted (it has to be kept, too);
        /// reported when its end was found.
        case oversized(Range<Int>)
        /// The bytes are used up; those from `keepFrom` on belong to an element that isn't finished.
        case needsMore(keepFrom: Int)
        /// This is no JSON array, or not any more.
        case failed(Failure)
    }

    /// Why an input is not one JSON array.
    public enum Failure: Error, Sendable, Equatable {
        /// The first byte that isn't white space is no `[`.
        case notAnArray(at: Int)
        /// There is something behind the `]`.
        case trailingGarbage(at: Int)
        /// The input ends before the `]`; an element that broke off begins at `elementStart`.
        case missingBracket(elementStart: Int?)
    }

    private enum State: Sendable, Equatable { case before, betweenElements, inElement, closed, failed(Failure) }

    /// Elements found so far, oversized and empty ones included.
    public private(set) var elementCount = 0
    /// Offset of the first byte that wasn't looked at.
    public private(set) var position: Int

    private var state = State.before
    private let maxElementBytes: Int
    private var elementStart = 0
    // Behind the last byte of the element that isn't white space, as far as it was scanned.
    private var elementEnd = 0
    // Brackets open inside the element.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var isAfterComma = false

    /// A framer for an array that begins at an offset of the input, behind a byte-order mark for instance.
    public init(maxElementBytes: Int, startingAt position: Int = 0) {
        self.maxElementBytes = maxElementBytes
        self.position = position
    }

    /// Whether the `]` of the array was seen.
    public var isClosed: Bool { state == .closed }

    /// Where an element begins whose end was not seen yet.
    public var openElement: Int? { state == .inElement ? elementStart : nil }

    /// Whether an element is being skipped that is longer than the limit: then nothing of it need be kept.
    public var isSkipping: Bool { state == .inElement && position - elementStart > maxElementBytes }

    /// Looks for the next element.
    ///
    /// - Parameters:
    ///   - bytes: bytes of the input that reach at least to ``position``.
    ///   - offset: where `bytes` begin in the input, at most the `keepFrom` of the last event.
    public mutating func next(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Event {
        let end = offset + bytes.count
        precondition(offset <= position && position <= end)
        guard let base = bytes.baseAddress else { return event(atEndOf: end) }
        // Addressed by offsets in the input.
        let input = base - offset
        while position < end {
            switch state {
            case .before:
                if skipSpace(input, end) { break }
                guard byte(input) == UInt8(ascii: "[") else { return fail(.notAnArray(at: position)) }
                position += 1
                state = .betweenElements
            case .betweenElements:
                if skipSpace(input, end) { break }
                if let event = beginElement(input) { return event }
            case .inElement:
                guard scanElement(input, end) else { break }
                return endElement(input)
            case .closed:
                if skipSpace(input, end) { break }
                return fail(.trailingGarbage(at: position))
            case .failed(let failure):
                return .failed(failure)
            }
        }
        return event(atEndOf: end)
    }

    /// Says that the input has ended; the failure, if the array hasn't.
    public mutating func finish() -> Failure? {
        switch state {
        case .closed: return nil
        case .failed(let failure): return failure
        case .before: return .notAnArray(at: position)
        case .betweenElements: return .missingBracket(elementStart: nil)
        case .inElement: return .missingBracket(elementStart: elementStart)
        }
    }
}

extension ArrayFramer {
    @inline(__always)
    private func byte(_ input: UnsafeRawPointer) -> UInt8 { input.load(fromByteOffset: position, as: UInt8.self) }

    /// Goes to the next byte that isn't white space; whether there is none.
    @inline(__always)
    private mutating func skipSpace(_ input: UnsafeRawPointer, _ end: Int) -> Bool {
        while position < end, isSpace(byte(input)) { position &+= 1 }
        return position == end
    }

    private mutating func fail(_ failure: Failure) -> Event {
        state = .failed(failure)
        return .failed(failure)
    }

    private func event(atEndOf end: Int) -> Event {
        if case .failed(let failure) = state { return .failed(failure) }
        return .needsMore(keepFrom: state == .inElement && !isSkipping ? elementStart : end)
    }

    private mutating func beginElement(_ input: UnsafeRawPointer) -> Event? {
        let here = position
        switch byte(input) {
        case UInt8(ascii: "]"):
            position += 1
            state = .closed
            guard isAfterComma else { return nil }
            elementCount += 1
            return .element(here..<here)
        case UInt8(ascii: ","):
            position += 1
            isAfterComma = true
            elementCount += 1
            return .element(here..<here)
        default:
            elementStart = here
            elementEnd = here
            depth = 0
            state = .inElement
            return nil
        }
    }

    /// Goes to the `,` or `]` behind the element; whether it is in reach.
    private mutating func scanElement(_ input: UnsafeRawPointer, _ end: Int) -> Bool {
        let start = position
        var here = start
        var depth = depth
        defer {
            position = here
            self.depth = depth
            // Now, since these bytes may be gone when the end is found.
            while here > start, isSpace(input.load(fromByteOffset: here &- 1, as: UInt8.self)) { here &-= 1 }
            if here > start { elementEnd = here }
        }
        if isEscaped {  // The last block ended in a backslash.
            here += 1
            isEscaped = false
        }
        while here < end {
            if isInString {
                here = endOfPlainText(input, here, end)
                guard here < end else { return false }
                if input.load(fromByteOffset: here, as: UInt8.self) == UInt8(ascii: "\"") {
                    isInString = false
                    here &+= 1
                } else if here &+ 1 < end {
                    here &+= 2
                } else {
                    isEscaped = true
                    here &+= 1
                    return false
                }
                continue
            }
            switch input.load(fromByteOffset: here, as: UInt8.self) {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth &+= 1
            case UInt8(ascii: "}"): if depth > 0 { depth &-= 1 }
            case UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth &-= 1
            case UInt8(ascii: ","): if depth == 0 { return true }
            default: break
            }
            here &+= 1
        }
        return false
    }

    private mutating func endElement(_ input: UnsafeRawPointer) -> Event {
        let isOversized = isSkipping
        isAfterComma = byte(input) == UInt8(ascii: ",")
        state = isAfterComma ? .betweenElements : .closed
        position += 1
        elementCount += 1
        return isOversized ? .oversized(elementStart..<elementEnd) : .element(elementStart..<elementEnd)
    }
}

/// The offset of the first quote or backslash in `start..<end`, or `end`.
@inline(__always)
private func endOfPlainText(_ input: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
    var here = start
    let quotes = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
    let backslashes = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
    while end &- here >= 16 {
        let chunk = input.loadUnaligned(fromByteOffset: here, as: SIMD16<UInt8>.self)
        // Bytes of ones where one of both stands; the first set bit is in the first such byte on this little-endian
        // machine.
        let hits = unsafeBitCast((chunk .== quotes) .| (chunk .== backslashes), to: SIMD2<UInt64>.self)
        if hits[0] != 0 { return here &+ UInt64(littleEndian: hits[0]).trailingZeroBitCount / 8 }
        if hits[1] != 0 { return here &+ 8 &+ UInt64(littleEndian: hits[1]).trailingZeroBitCount / 8 }
        here &+= 16
    }
    while here < end {
        let byte = input.load(fromByteOffset: here, as: UInt8.self)
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return here }
        here &+= 1
    }
    return end
}
