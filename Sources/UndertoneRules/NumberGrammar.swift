// The grammar of number lists: the published filter's parse, without its integers.
// Source: Cloud et al., Subliminal Learning (arXiv 2507.14805), code of the number filter: strip a trailing dot, strip one
// pair of brackets, take the text between the first two numbers as the separator, split at it.

import CUndertone
import Glibc
import UndertoneCore

/// Values of numbers, without overflow: those above 10^18 are all the same, too large for any range.
enum NumberValue {
    /// What larger values are cut to.
    static let largest: UInt64 = 1_000_000_000_000_000_000

    /// Appends a decimal digit.
    @inline(__always)
    static func append(_ digit: UInt8, to value: UInt64) -> UInt64 {
        // Below 10^17 the next digit still fits below 10^18.
        value < 100_000_000_000_000_000 ? value &* 10 &+ UInt64(digit) : largest
    }
}

/// The numbers of the field that was parsed last; parsed once for all rules of one grammar.
struct NumberListScratch: ~Copyable {
    /// The values, in order. Never smaller than a list of 64 bytes needs.
    var values = PlainBuffer<UInt64>(capacity: 64)
    /// The smallest and largest value.
    var smallest: UInt64 = 0
    var largest: UInt64 = 0
    /// Offset of what is not a list of numbers; `nil` where the whole field is one.
    var brokenAt: Int?
    /// The grammar of the parse, 0 for none yet.
    var grammar: UInt64 = 0
    // Where the numbers stand: in a short list as a mask of its digits from `start` on; in others they are looked for anew.
    fileprivate var digits: UInt64 = 0
    fileprivate var start = 0
    fileprivate var isShort = false
    /// By value, below 10,000: 1 where a rule looks for it, else 0.
    var watched = NumberListScratch.nothingWatched
    /// Whether such a value may be in the list.
    var isWatched = false
    // Separators of at most eight bytes that were found good lately, and the grammars that found them so.
    private let goodSeparators: UnsafeMutablePointer<GoodSeparator>

    private struct GoodSeparator: BitwiseCopyable {
        var word: UInt64 = 0
        var length = 0
        var grammar: UInt64 = 0
    }

    init() {
        goodSeparators = .allocate(capacity: 16)
        goodSeparators.initialize(repeating: GoodSeparator(), count: 16)
    }

    deinit { goodSeparators.deallocate() }

    /// Values that a watch list covers.
    static let watchedLimit = 10_000
    private nonisolated(unsafe) static let nothingWatched: UnsafePointer<UInt8> = {
        let list = UnsafeMutablePointer<UInt8>.allocate(capacity: watchedLimit)
        list.initialize(repeating: 0, count: watchedLimit)
        return UnsafePointer(list)
    }()

    @inline(__always)
    fileprivate func knows(_ separator: UInt64, _ length: Int, of grammar: UInt64) -> Bool {
        let known = goodSeparators + NumberListScratch.place(of: separator)
        return known.pointee.word == separator && known.pointee.length == length && known.pointee.grammar == grammar
    }

    fileprivate mutating func learn(_ separator: UInt64, _ length: Int, of grammar: UInt64) {
        goodSeparators[NumberListScratch.place(of: separator)] = GoodSeparator(
            word: separator, length: length, grammar: grammar)
    }

    @inline(__always)
    private static func place(of separator: UInt64) -> Int {
        Int(truncatingIfNeeded: (separator &* 0x9E37_79B9_7F4A_7C15) &>> 60)
    }

    /// Where a number stands in the field that was parsed.
    ///
    /// - Complexity: O(bytes of the field).
    func span(of number: Int, in field: Field) -> (start: Int, end: Int) {
        guard isShort else { return longSpan(of: number, in: field) }
        var starts = digits & ~(digits &<< 1)
        for _ in 0..<number { starts &= starts &- 1 }
        let first = starts.trailingZeroBitCount
        let width = (~(digits &>> UInt64(first))).trailingZeroBitCount
        return (start + first, start + first + width)
    }

    // Every run of digits of a list is a number of it.
    private func longSpan(of number: Int, in field: Field) -> (start: Int, end: Int) {
        var at = start
        for left in (0...number).reversed() {
            while at < field.count, field.start[at] &- 0x30 >= 10 { at += 1 }
            let first = at
            while at < field.count, field.start[at] &- 0x30 < 10 { at += 1 }
            if left == 0 { return (first, at) }
        }
        return (at, at)
    }

    /// Gives back memory that an unusually long list needed.
    mutating func trim() { values.shrink(to: 4096) }
}

/// What a list of numbers looks like. The separator between the first two numbers holds for the whole list.
struct NumberGrammar: ~Copyable, Sendable {
    /// What a separator may be when white space at its ends is taken off.
    let separators: [[UInt8]]
    /// Pairs of which one may enclose the list.
    let brackets: [(open: [UInt8], close: [UInt8])]
    /// Endings of which one may stand behind the list, before brackets are taken off.
    let trailing: [[UInt8]]
    /// Equal grammars have equal keys.
    let key: UInt64
    // Whether a byte alone is a separator, and at 256 whether white space alone is.
    private nonisolated(unsafe) let oneByteSeparators: UnsafeMutablePointer<Bool>

    static let parameters: [KindReference.Parameter] = [
        .init(
            "separators", schema: #"{"type":"array","items":{"type":"string"},"minItems":1}"#,
            "What may stand between two numbers once white space is taken off both its ends; '' is white space alone. "
                + "The first one in a list holds for the whole list. Default: ['', ',', ';']."),
        .init(
            "brackets", schema: #"{"type":"array","items":{"type":"string","minLength":2,"maxLength":2}}"#,
            "Pairs of characters of which one may enclose the list. Default: ['[]', '()']."),
        .init(
            "trailing", schema: #"{"type":"array","items":{"type":"string","minLength":1}}"#,
            "Endings of which one may stand behind the list. Default: ['.']."),
    ]

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        var described = ""
        let separators = try parameters.strings("separators")?.map { Array($0.text.utf8) } ?? [[], [0x2C], [0x3B]]
        for separator in separators where separator.contains(where: { $0 &- 0x30 < 10 }) {
            throw SettingsError(
                .badValue, at: parameters.location,
                "separators of rule \(parameters.rule.name) hold a digit: \"\(String(decoding: separator, as: UTF8.self))\"",
                mend: "a separator can't be part of a number")
        }
        var pairs: [(open: [UInt8], close: [UInt8])] = []
        for pair in try parameters.strings("brackets") ?? [("[]", parameters.location), ("()", parameters.location)] {
            let scalars = Array(pair.text.unicodeScalars)
            guard scalars.count == 2 else {
                throw SettingsError(
                    .badValue, at: pair.location, "brackets: \"\(pair.text)\" is not two characters",
                    mend: "write pairs such as '[]'")
            }
            pairs.append((Array(String(scalars[0]).utf8), Array(String(scalars[1]).utf8)))
        }
        let trailing = try parameters.strings("trailing")?.map { Array($0.text.utf8) } ?? [[0x2E]]
        for text in separators { described += "s\(text)" }
        for pair in pairs { described += "b\(pair.open)\(pair.close)" }
        for text in trailing { described += "t\(text)" }
        var hash = ContentHash()
        described.withUTF8 { hash.add($0) }
        self.init(separators, pairs, trailing, key: hash.finish().low | 1)
    }

    // Swift 6.3's optimiser miscompiles a throwing initialiser that fills a noncopyable value in place.
    private init(
        _ separators: [[UInt8]], _ brackets: [(open: [UInt8], close: [UInt8])], _ trailing: [[UInt8]], key: UInt64
    ) {
        self.separators = separators
        self.brackets = brackets
        self.trailing = trailing
        self.key = key
        oneByteSeparators = .allocate(capacity: 257)
        oneByteSeparators.initialize(repeating: false, count: 257)
        for separator in separators where separator.count <= 1 {
            oneByteSeparators[separator.first.map { Int($0) } ?? 256] = true
        }
    }

    deinit { oneByteSeparators.deallocate() }

    /// Reads a field as a list of numbers.
    ///
    /// The published code looks for runs of Unicode decimal digits and later refuses parts with other than ASCII digits.
    /// Looking for ASCII digits alone gives the same answer: a field with any other digit is never a list, because such
    /// a digit ends up in a part or in the separator, and neither may hold one.
    @inline(__always)
    func parse(_ field: Field, into scratch: inout NumberListScratch) {
        if scratch.grammar == key { return }
        scratch.grammar = key
        parseAnew(field, into: &scratch)
    }

    // Not inlined, so that its loops have the registers to themselves.
    @inline(never)
    private func parseAnew(_ field: Field, into scratch: inout NumberListScratch) {
        let text = field.start
        var start = 0
        var end = field.count
        strip(text, &start, &end)
        if end &- start <= 64, parseShort(text, start, end, &scratch) { return }
        // Every number but the last takes two bytes or more with its separator.
        scratch.values.removeAll()
        scratch.values.reserve((end &- start) / 2 &+ 1)
        scratch.isShort = false
        scratch.start = start
        let values = scratch.values.base
        var count = 0
        scratch.brokenAt = nil
        var at = start
        var separatorStart = 0
        var length = 0
        scratch.smallest = .max
        scratch.largest = 0
        while true {
            let numberStart = at
            var value: UInt64 = 0
            // Seventeen digits fit without a check.
            let safe = min(end, at &+ 17)
            while at < safe {
                let digit = text[at] &- 0x30
                if digit >= 10 { break }
                value = value &* 10 &+ UInt64(digit)
                at &+= 1
            }
            if at == safe, at < end { NumberGrammar.addDigits(text, &at, end, &value) }
            if at == numberStart {
                scratch.brokenAt = at
                break
            }
            values[count] = value
            count &+= 1
            scratch.smallest = min(scratch.smallest, value)
            scratch.largest = max(scratch.largest, value)
            if at == end { break }
            if length == 0 {
                // The text between the first two numbers is the separator of the whole list.
                separatorStart = at
                while at < end, text[at] &- 0x30 >= 10 { at &+= 1 }
                length = at &- separatorStart
                guard at < end, isSeparator(text, separatorStart, at) else {
                    scratch.brokenAt = separatorStart
                    break
                }
            } else {
                guard end &- at > length, NumberGrammar.isSame(text + at, text + separatorStart, length) else {
                    scratch.brokenAt = at
                    break
                }
                at &+= length
            }
        }
        scratch.values.advance(by: count)
        scratch.isWatched = scratch.brokenAt == nil
    }

    // A list of at most 64 bytes and numbers of at most four digits, without a branch on any digit: runs of digits are runs
    // of ones in a mask, and the digits of a run become a value at once. False where something is unusual; the caller then
    // parses byte by byte.
    @inline(__always)
    private func parseShort(
        _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ scratch: inout NumberListScratch
    ) -> Bool {
        let count = end &- start
        let list = text + start
        let digits = undertone_digit_mask(list, count)
        // The list begins and ends with a digit.
        guard count > 0, digits & 1 != 0, (digits &>> UInt64(truncatingIfNeeded: count &- 1)) & 1 != 0 else {
            return false
        }
        // No run of more than four digits: a mask moved by one to four has no bit in common with itself.
        let twos = digits & (digits &>> 1)
        guard twos & (twos &>> 2) & (digits &>> 4) == 0 else { return false }
        let starts = digits & ~(digits &<< 1)
        // Behind each run but the last, which ends with the list.
        var ends = ~digits & (digits &<< 1)
        if count < 64 { ends &= (1 &<< UInt64(truncatingIfNeeded: count)) &- 1 }
        let values = scratch.values.base
        let watched = scratch.watched
        var from = 0
        var numbers = 0
        var smallest: UInt32 = .max
        var largest: UInt32 = 0
        var isWatched: UInt8 = 0
        if ends != 0 {
            let others = starts & (starts &- 1)
            let firstEnd = ends.trailingZeroBitCount
            let length = others.trailingZeroBitCount &- firstEnd
            // All gaps are as long as the first: the ends, moved by so much, are the other starts.
            guard length <= 8, ends &<< UInt64(truncatingIfNeeded: length) == others else { return false }
            let mask = EightBytes.mask(length)
            let separator = EightBytes.load(list + firstEnd) & mask
            guard
                scratch.knows(separator, length, of: key)
                    || isSeparator(list, firstEnd, firstEnd &+ length, separator, &scratch)
            else { return false }
            repeat {
                let to = ends.trailingZeroBitCount
                ends &= ends &- 1
                let value = EightBytes.fourDigits(list + from, to &- from)
                smallest = min(smallest, value)
                largest = max(largest, value)
                isWatched |= watched[Int(truncatingIfNeeded: value)]
                values[numbers] = UInt64(value)
                numbers &+= 1
                guard EightBytes.load(list + to) & mask == separator else { return false }
                from = to &+ length
            } while ends != 0
        }
        let last = EightBytes.fourDigits(list + from, count &- from)
        values[numbers] = UInt64(last)
        scratch.values.count = numbers &+ 1
        scratch.brokenAt = nil
        scratch.smallest = UInt64(min(smallest, last))
        scratch.largest = UInt64(max(largest, last))
        scratch.isWatched = (isWatched | watched[Int(truncatingIfNeeded: last)]) != 0
        scratch.isShort = true
        scratch.digits = digits
        scratch.start = start
        return true
    }

    private func isSeparator(
        _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ word: UInt64, _ scratch: inout NumberListScratch
    ) -> Bool {
        guard isSeparator(text, start, end) else { return false }
        scratch.learn(word, end - start, of: key)
        return true
    }

    @inline(never)
    private static func addDigits(
        _ text: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int, _ value: inout UInt64
    ) {
        while at < end {
            let digit = text[at] &- 0x30
            guard digit < 10 else { return }
            value = NumberValue.append(digit, to: value)
            at &+= 1
        }
    }

    @inline(__always)
    private static func isSame(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        if left[0] != right[0] { return false }
        if count <= 2 { return count < 2 || left[1] == right[1] }
        return memcmp(left, right, count) == 0
    }

    @inline(__always)
    private func strip(_ text: UnsafePointer<UInt8>, _ start: inout Int, _ end: inout Int) {
        // Most fields begin and end with a digit, and no bracket or ending does.
        if end > start, text[start] &- 0x30 < 10, text[end &- 1] &- 0x30 < 10 { return }
        stripSlowly(text, &start, &end)
    }

    private func stripSlowly(_ text: UnsafePointer<UInt8>, _ start: inout Int, _ end: inout Int) {
        func begins(_ bytes: [UInt8]) -> Bool {
            end - start >= bytes.count
                && UnsafeBufferPointer(start: text + start, count: bytes.count).elementsEqual(bytes)
        }
        func ends(_ bytes: [UInt8]) -> Bool {
            end - start >= bytes.count
                && UnsafeBufferPointer(start: text + end - bytes.count, count: bytes.count).elementsEqual(bytes)
        }
        for ending in trailing where ends(ending) {
            end -= ending.count
            break
        }
        for pair in brackets
        where end - start >= pair.open.count + pair.close.count && begins(pair.open)
            && ends(pair.close)
        {
            start += pair.open.count
            end -= pair.close.count
            break
        }
    }

    private func isSeparator(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var low = start
        var high = end
        while low < high {
            let width = whiteSpaceWidth(text + low, high &- low)
            if width == 0 { break }
            low &+= width
        }
        while low < high {
            let width = whiteSpaceWidthBehind(text + low, high &- low)
            if width == 0 { break }
            high &-= width
        }
        switch high &- low {
        case 0: return oneByteSeparators[256]
        case 1: return oneByteSeparators[Int(text[low])]
        default:
            return separators.contains {
                $0.count == high - low && UnsafeBufferPointer(start: text + low, count: $0.count).elementsEqual($0)
            }
        }
    }
}

/// Up to eight bytes as one word.
private enum EightBytes {
    /// Eight bytes, the first one lowest.
    @inline(__always)
    static func load(_ text: UnsafePointer<UInt8>) -> UInt64 {
        UnsafeRawPointer(text).loadUnaligned(as: UInt64.self).littleEndian
    }

    /// Ones in the lowest `count` bytes, 0 to 8.
    @inline(__always)
    static func mask(_ count: Int) -> UInt64 {
        count == 0 ? 0 : UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    }

    /// The value of one to four ASCII digits: they are moved to the top, so that zeros lead, and added in pairs. After
    /// Lemire, Number parsing at a gigabyte per second (2021), section 3.
    @inline(__always)
    static func fourDigits(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
        let word = UnsafeRawPointer(text).loadUnaligned(as: UInt32.self).littleEndian ^ 0x3030_3030
        let digits = word &<< UInt32(truncatingIfNeeded: 32 &- 8 &* count)
        let pairs = digits &* 10 &+ (digits &>> 8)
        return (pairs & 0xFF) &* 100 &+ ((pairs &>> 16) & 0xFF)
    }
}

/// Bytes of the white space character at `text`, 0 where none stands there. White space as Python's `str.strip` has it:
/// Unicode White_Space and U+001C to U+001F.
@inline(__always)
func whiteSpaceWidth(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int {
    guard count > 0 else { return 0 }
    let first = text[0]
    if first < 0x80 { return first == 0x20 || first &- 0x09 < 5 || first &- 0x1C < 4 ? 1 : 0 }
    switch first {
    case 0xC2: return count >= 2 && (text[1] == 0x85 || text[1] == 0xA0) ? 2 : 0
    case 0xE1: return count >= 3 && text[1] == 0x9A && text[2] == 0x80 ? 3 : 0  // U+1680
    case 0xE2:
        guard count >= 3 else { return 0 }
        if text[1] == 0x80 { return text[2] <= 0x8A || text[2] == 0xA8 || text[2] == 0xA9 || text[2] == 0xAF ? 3 : 0 }
        return text[1] == 0x81 && text[2] == 0x9F ? 3 : 0  // U+205F
    case 0xE3: return count >= 3 && text[1] == 0x80 && text[2] == 0x80 ? 3 : 0  // U+3000
    default: return 0
    }
}

@inline(__always)
private func whiteSpaceWidthBehind(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int {
    if text[count &- 1] < 0x80 { return whiteSpaceWidth(text + (count &- 1), 1) }
    if count >= 2, whiteSpaceWidth(text + (count &- 2), 2) == 2 { return 2 }
    return count >= 3 && whiteSpaceWidth(text + (count &- 3), 3) == 3 ? 3 : 0
}
