// Numbers of outputs, as one thread counts them. What can be worked out from other counts is worked out at the end: for most
// numbers two cells are increased and a stamp is compared, and nothing else.

/// What is remembered while one output is read. It is a value of its own, so that loops keep it in registers.
struct OutputNumbers: BitwiseCopyable {
    /// The output's hash.
    let output: UInt64
    fileprivate var count = 0
    fileprivate var repeats = 0
    // The number before; -1 where it is none below 1000.
    fileprivate var lastSmall = -1
    // Its value where it is not small; -1 where it is not known.
    fileprivate var lastOther = -1
    fileprivate var lastStart = 0
    /// Behind the last number; 0 before the first.
    fileprivate(set) var lastEnd = 0
    fileprivate var separator: UInt64 = 0
    fileprivate var separatorRun = 0
    fileprivate var separatorStart = 0

    fileprivate init(_ output: UInt64) { self.output = output }

    fileprivate var lastValue: Int { lastSmall >= 0 ? lastSmall : lastOther }
}

/// Counts the numbers of outputs, one output after the other.
struct NumberTally: ~Copyable {
    // Numbers below 1000 without leading zeros: how often each, and how often each behind each.
    private let small: UnsafeMutablePointer<Int>
    // The latter in two steps: cells of a byte fit the second-level cache, and what runs over goes to the large ones. Cells wait
    // in a queue, since a loop that does nothing but increase them hides how long memory takes.
    private let pairs: UnsafeMutablePointer<UInt8>
    private let pairOverflow: UnsafeMutablePointer<Int>
    private let queue: UnsafeMutablePointer<UInt32>
    private var queued = 0
    // The output that a value below 1000 was last seen in.
    private let stamps: UnsafeMutablePointer<UInt32>
    private var stamp: UInt32 = 0
    // All others.
    private var rest = NumberProfile()
    private var others = TermTable(.words)
    private var otherPairs = TermTable(.pairs)
    private var separators = TermTable(.separators)
    private let steps = HistogramTally()
    private let perOutput = HistogramTally()
    private var seen = SeenValues()

    // Digits of numbers that are not in the tables, by character.
    private let digits: UnsafeMutablePointer<Int>

    static let smallLimit = NumberProfile.exactBelow
    private static let queueLimit = 1 << 12
    /// Significant digits of the longest number whose value is looked at.
    static let longest = NumberProfile.longestValue

    init() {
        small = .allocate(capacity: NumberTally.smallLimit)
        small.initialize(repeating: 0, count: NumberTally.smallLimit)
        let cells = NumberTally.smallLimit * NumberTally.smallLimit
        pairs = .allocate(capacity: cells)
        pairs.initialize(repeating: 0, count: cells)
        pairOverflow = .allocate(capacity: cells)
        pairOverflow.initialize(repeating: 0, count: cells)
        queue = .allocate(capacity: NumberTally.queueLimit)
        queue.initialize(repeating: 0, count: NumberTally.queueLimit)
        digits = .allocate(capacity: 10)
        digits.initialize(repeating: 0, count: 10)
        stamps = .allocate(capacity: NumberTally.smallLimit)
        stamps.initialize(repeating: 0, count: NumberTally.smallLimit)
    }

    deinit {
        small.deallocate()
        pairs.deallocate()
        pairOverflow.deallocate()
        queue.deallocate()
        digits.deallocate()
        stamps.deallocate()
    }

    /// Begins an output, known by its hash.
    @inline(__always)
    mutating func begin(_ output: UInt64) -> OutputNumbers {
        stamp &+= 1
        if stamp == 0 { forgetStamps() }
        return OutputNumbers(output)
    }

    // After four billion outputs old stamps would count again.
    private mutating func forgetStamps() {
        stamps.update(repeating: 0, count: NumberTally.smallLimit)
        stamp = 1
    }

    /// Takes the digits from `start` to `end` in.
    @inline(__always)
    mutating func add(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ state: inout OutputNumbers) {
        if state.count > 0 { addSeparator(text, state.lastEnd, start, &state) }
        let length = end &- start
        let first = Int(text[start] &- 0x30)
        if length <= 3, length == 1 || first != 0 {
            var value = first
            if length > 1 { value = value &* 10 &+ Int(text[start &+ 1] &- 0x30) }
            if length > 2 { value = value &* 10 &+ Int(text[start &+ 2] &- 0x30) }
            small[value] &+= 1
            state.repeats &+= stamps[value] == stamp ? 1 : 0
            stamps[value] = stamp
            if state.lastSmall >= 0 {
                queue[queued] = UInt32(truncatingIfNeeded: state.lastSmall &* NumberTally.smallLimit &+ value)
                queued &+= 1
                if queued == NumberTally.queueLimit { countQueue() }
            } else if state.count > 0 {
                addPair(text, start, end, value, state)
            }
            state.lastSmall = value
        } else {
            // A copy, since what a call may change can't stay in registers.
            var copy = state
            addOther(text, start, end, &copy)
            state = copy
        }
        state.lastStart = start
        state.lastEnd = end
        state.count &+= 1
    }

    /// Ends the output.
    @inline(__always)
    mutating func end(_ text: UnsafePointer<UInt8>, _ state: OutputNumbers) {
        perOutput.add(state.count)
        if state.separatorRun > 0 { endSeparators(text, state) }
        guard state.repeats > 0 else { return }
        rest.repeats &+= state.repeats
        rest.outputsWithRepeats &+= 1
    }

    @inline(never)
    private mutating func countQueue() {
        for index in 0..<queued {
            let cell = Int(queue[index])
            pairs[cell] &+= 1
            if pairs[cell] == 0 { pairOverflow[cell] &+= 256 }
        }
        queued = 0
    }

    // MARK: Separators

    // Up to seven bytes are compared as a word whose highest byte is their number.
    @inline(__always)
    private mutating func addSeparator(
        _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ state: inout OutputNumbers
    ) {
        let length = end &- start
        guard length <= 7 else {
            rest.longSeparators &+= 1
            return
        }
        let bits = UInt64(truncatingIfNeeded: 8 &* length)
        let word =
            UnsafeRawPointer(text).loadUnaligned(fromByteOffset: start, as: UInt64.self).littleEndian
            & (1 &<< bits &- 1) | UInt64(truncatingIfNeeded: length) &<< 56
        if word == state.separator {
            state.separatorRun &+= 1
        } else {
            if state.separatorRun > 0 { endSeparators(text, state) }
            state.separator = word
            state.separatorRun = 1
            state.separatorStart = start
        }
    }

    @inline(never)
    private mutating func endSeparators(_ text: UnsafePointer<UInt8>, _ state: OutputNumbers) {
        let start = text + state.separatorStart
        let length = Int(state.separator >> 56)
        let key = TextHash.of(start, length)
        separators.add(
            key, rank: TextHash.rank(key, in: state.output, at: 0), times: state.separatorRun,
            UnsafeBufferPointer(start: start, count: length))
    }

    // MARK: Other numbers

    @inline(never)
    private mutating func addOther(
        _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ state: inout OutputNumbers
    ) {
        let length = end - start
        for at in start..<end { digits[Int(text[at] &- 0x30)] &+= 1 }
        rest.firstDigits[Int(text[start] &- 0x30)] &+= 1
        rest.lastDigits[Int(text[end - 1] &- 0x30)] &+= 1
        rest.digitCounts[min(length, NumberProfile.digitBins) - 1] &+= 1
        if text[start] == 0x30 { rest.leadingZeros &+= 1 }
        rest.longestDigits = max(rest.longestDigits, length)
        var from = start
        while from < end - 1, text[from] == 0x30 { from += 1 }
        var value = -1
        if end - from <= NumberTally.longest {
            value = 0
            for at in from..<end { value = value &* 10 &+ Int(text[at] &- 0x30) }
            rest.minimum = min(rest.minimum ?? value, value)
            rest.maximum = max(rest.maximum ?? value, value)
            if value < NumberTally.smallLimit {
                rest.padded[value] &+= 1
                if stamps[value] == stamp { state.repeats &+= 1 } else { stamps[value] = stamp }
            } else {
                rest.powers[63 - value.leadingZeroBitCount] &+= 1
                if !seen.insert(value, in: stamp) { state.repeats &+= 1 }
            }
        } else {
            rest.long &+= 1
        }
        if length <= TermLimits.longest {
            let key = TextHash.of(text + start, length)
            others.add(
                key, rank: TextHash.rank(key, in: state.output, at: state.count),
                UnsafeBufferPointer(start: text + start, count: length))
        }
        if state.count > 0 { addPair(text, start, end, value, state) }
        state.lastSmall = -1
        state.lastOther = value
    }

    // A number behind another one, of which at least one is not below 1000 or has leading zeros.
    @inline(never)
    private mutating func addPair(
        _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ value: Int, _ state: OutputNumbers
    ) {
        let lastStart = state.lastStart
        let lastEnd = state.lastEnd
        let lastValue = state.lastValue
        if lastValue >= 0, value >= 0 {
            steps.add(abs(value - lastValue))
            if value > lastValue {
                rest.up &+= 1
            } else if value < lastValue {
                rest.down &+= 1
            } else {
                rest.level &+= 1
            }
        }
        guard end - start <= TermLimits.longest, lastEnd - lastStart <= TermLimits.longest else { return }
        let key = TextHash.pair(
            TextHash.of(text + lastStart, lastEnd - lastStart), TextHash.of(text + start, end - start))
        otherPairs.add(
            key, rank: TextHash.rank(key, in: state.output, at: state.count),
            UnsafeBufferPointer(start: text + lastStart, count: lastEnd - lastStart),
            UnsafeBufferPointer(start: text + start, count: end - start))
    }

    // MARK: The end

    /// Digits of all numbers, by character. All digits of ASCII are part of a number.
    var digitCharacters: [Int] {
        var counts = Array(UnsafeBufferPointer(start: digits, count: 10))
        for value in 0..<NumberTally.smallLimit {
            counts[value % 10] &+= small[value]
            if value >= 10 { counts[value / 10 % 10] &+= small[value] }
            if value >= 100 { counts[value / 100] &+= small[value] }
        }
        return counts
    }

    /// All that was counted.
    mutating func profile() -> NumberProfile {
        countQueue()
        var profile = rest
        let limit = NumberTally.smallLimit
        profile.perOutput = perOutput.histogram
        profile.others = others.counts()
        profile.otherPairs = otherPairs.counts()
        profile.separators = separators.counts()
        for value in 0..<limit where small[value] > 0 {
            let count = small[value]
            profile.plain[value] = count
            profile.minimum = min(profile.minimum ?? value, value)
            profile.maximum = max(profile.maximum ?? value, value)
            let digits = value < 10 ? 1 : value < 100 ? 2 : 3
            profile.digitCounts[digits - 1] &+= count
            profile.longestDigits = max(profile.longestDigits, digits)
            profile.firstDigits[value < 10 ? value : value < 100 ? value / 10 : value / 100] &+= count
            profile.lastDigits[value % 10] &+= count
        }
        var sizes = [Int](repeating: 0, count: limit)
        var cells = Array(UnsafeBufferPointer(start: pairOverflow, count: limit * limit))
        var isEmpty = true
        cells.withUnsafeMutableBufferPointer { cells in
            var cell = 0
            while cell < limit &* limit {
                let count = cells[cell] &+ Int(pairs[cell])
                if count > 0 {
                    isEmpty = false
                    cells[cell] = count
                    let step = cell % limit - cell / limit
                    sizes[abs(step)] &+= count
                    if step > 0 { profile.up &+= count } else if step < 0 { profile.down &+= count }
                }
                cell &+= 1
            }
        }
        profile.level &+= sizes[0]
        if !isEmpty { profile.pairs = cells }
        profile.steps = steps.histogram
        profile.steps.merge(LogHistogram(counts: sizes))
        return profile
    }
}

/// Which values an output has had, up to a number of them.
struct SeenValues: ~Copyable {
    /// Different values of one output that are remembered.
    static let limit = 1 << 12

    private let values: UnsafeMutablePointer<Int>
    private let stamps: UnsafeMutablePointer<UInt32>
    private var stamp: UInt32 = 0
    private var count = 0
    private static let mask = limit * 2 - 1

    init() {
        values = .allocate(capacity: SeenValues.mask + 1)
        values.initialize(repeating: 0, count: SeenValues.mask + 1)
        stamps = .allocate(capacity: SeenValues.mask + 1)
        stamps.initialize(repeating: 0, count: SeenValues.mask + 1)
    }

    deinit {
        values.deallocate()
        stamps.deallocate()
    }

    /// - Parameter output: a number of the output, of which the next one has another.
    /// - Returns: whether the value was not there before, or can't be told.
    mutating func insert(_ value: Int, in output: UInt32) -> Bool {
        if output < stamp { stamps.update(repeating: 0, count: SeenValues.mask + 1) }
        if output != stamp {
            stamp = output
            count = 0
        }
        var place = Int(truncatingIfNeeded: scrambled(UInt64(truncatingIfNeeded: value))) & SeenValues.mask
        while stamps[place] == stamp {
            if values[place] == value { return false }
            place = (place &+ 1) & SeenValues.mask
        }
        guard count < SeenValues.limit else { return true }
        (values[place], stamps[place]) = (value, stamp)
        count += 1
        return true
    }
}
