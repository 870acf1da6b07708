// Characters, words and numbers of outputs, as one thread counts them.

/// Counts what stands in outputs, one output after the other.
///
/// An output of ASCII is read eight bytes at a time; any other byte by byte.
struct TextTally: ~Copyable {
    private let ascii: UnsafeMutablePointer<Int>
    private let categories: UnsafeMutablePointer<Int>
    private let scripts: UnsafeMutablePointer<Int>
    private let tokens: UnsafeMutablePointer<Int>
    // For each byte of ASCII its kind: one of the constants below.
    private let kinds: UnsafeMutablePointer<UInt8>
    private let classes = CharacterClasses()
    private var words = WordTally()
    var numbers = NumberTally()

    private static let single: UInt8 = 0
    private static let digit: UInt8 = 1
    private static let letter: UInt8 = 2
    private static let beyond: UInt8 = 3

    init() {
        func counters(_ count: Int) -> UnsafeMutablePointer<Int> {
            let counters = UnsafeMutablePointer<Int>.allocate(capacity: count)
            counters.initialize(repeating: 0, count: count)
            return counters
        }
        // Four tables of bytes that take turns, since increasing the cell that was just increased waits for it.
        ascii = counters(4 * 256)
        categories = counters(32)
        scripts = counters(32)
        tokens = counters(8)
        kinds = .allocate(capacity: 256)
        for byte in 0..<256 {
            switch UInt8(byte) {
            case 0x30...0x39: kinds[byte] = TextTally.digit
            case 0x41...0x5A, 0x61...0x7A: kinds[byte] = TextTally.letter
            case 0x80...0xFF: kinds[byte] = TextTally.beyond
            default: kinds[byte] = TextTally.single
            }
        }
    }

    deinit {
        ascii.deallocate()
        categories.deallocate()
        scripts.deallocate()
        tokens.deallocate()
        kinds.deallocate()
    }

    /// Takes an output in; 16 bytes behind it must be readable.
    ///
    /// - Parameter key: its hash.
    /// - Returns: its characters and words.
    @inline(__always)
    mutating func add(_ text: UnsafePointer<UInt8>, _ count: Int, _ key: UInt64) -> (characters: Int, words: Int) {
        let kinds = TextTally.kinds(of: text, count)
        if kinds.hasOthers { return readText(text, count, key) }
        return (count, readASCII(text, count, key, hasLetters: kinds.hasLetters))
    }

    // MARK: Outputs of ASCII

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let high: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    private static func word(_ text: UnsafePointer<UInt8>, _ at: Int, _ count: Int) -> UInt64 {
        let word = UnsafeRawPointer(text).loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
        let rest = count &- at
        return rest >= 8 ? word : word & (1 &<< UInt64(truncatingIfNeeded: 8 &* rest) &- 1)
    }

    // One bit for each letter, the highest of its byte. All bytes are ASCII.
    @inline(__always)
    private static func letters(_ word: UInt64) -> UInt64 {
        let small = word | ones &* 0x20
        return (small &+ ones &* (0x80 - 0x61)) & ~(small &+ ones &* (0x80 - 0x7B)) & high
    }

    // One bit for each digit, the highest of its byte. All bytes are ASCII.
    @inline(__always)
    private static func digits(_ word: UInt64) -> UInt64 {
        ~((word ^ ones &* 0x30) &+ ones &* (0x80 - 10)) & high
    }

    // The highest bits of eight bytes side by side: each is moved to its place in the highest byte.
    @inline(__always)
    private static func gathered(_ bits: UInt64) -> UInt64 { ((bits &>> 7) &* 0x0102_0408_1020_4080) &>> 56 }

    // Whether any byte is a letter of ASCII, and whether any is no ASCII at all.
    @inline(__always)
    private static func kinds(of text: UnsafePointer<UInt8>, _ count: Int) -> (hasLetters: Bool, hasOthers: Bool) {
        var (found, others): (UInt64, UInt64) = (0, 0)
        var at = 0
        while at < count {
            let word = word(text, at, count)
            others |= word
            found |= letters(word & ~high)
            at &+= 8
        }
        return (found != 0, others & high != 0)
    }

    // Gives the words of the output.
    private mutating func readASCII(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ key: UInt64, hasLetters: Bool
    ) -> Int {
        var state = numbers.begin(key)
        var base = 0
        var numberStart = -1
        var wordStart = -1
        var digitCarry: UInt64 = 0
        var letterCarry: UInt64 = 0
        while base < count {
            let end = min(count, base &+ 64)
            var digits: UInt64 = 0
            var letters: UInt64 = 0
            var at = base
            while at < end {
                let word = TextTally.word(text, at, count)
                let place = UInt64(truncatingIfNeeded: at &- base)
                digits |= TextTally.gathered(TextTally.digits(word)) &<< place
                if hasLetters { letters |= TextTally.gathered(TextTally.letters(word)) &<< place }
                at &+= 8
            }
            // Where runs of digits begin and end, in turn.
            var edges = digits ^ (digits &<< 1 | digitCarry)
            digitCarry = digits &>> 63
            while edges != 0 {
                let edge = base &+ edges.trailingZeroBitCount
                edges &= edges &- 1
                if numberStart < 0 {
                    numberStart = edge
                    continue
                }
                if !hasLetters { countOthers(text, state.lastEnd, numberStart) }
                numbers.add(text, numberStart, edge, &state)
                numberStart = -1
            }
            edges = letters ^ (letters &<< 1 | letterCarry)
            letterCarry = letters &>> 63
            while edges != 0 {
                let edge = base &+ edges.trailingZeroBitCount
                edges &= edges &- 1
                if wordStart < 0 {
                    wordStart = edge
                    continue
                }
                words.add(text + wordStart, edge &- wordStart, in: key)
                wordStart = -1
            }
            base &+= 64
        }
        if numberStart >= 0 {
            if !hasLetters { countOthers(text, state.lastEnd, numberStart) }
            numbers.add(text, numberStart, count, &state)
        }
        if wordStart >= 0 { words.add(text + wordStart, count &- wordStart, in: key) }
        if hasLetters { countBytes(text, count) } else { countOthers(text, state.lastEnd, count) }
        numbers.end(text, state)
        guard hasLetters else { return 0 }
        let found = words.endOutput(key)
        tokens[TokenClass.word.rawValue] &+= found
        return found
    }

    // Digits are counted with their numbers.
    @inline(__always)
    private func countOthers(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
        var at = start
        while at < end {
            ascii[Int(text[at])] &+= 1
            at &+= 1
        }
    }

    @inline(__always)
    private func countBytes(_ text: UnsafePointer<UInt8>, _ count: Int) {
        var at = 0
        while at &+ 4 <= count {
            ascii[Int(text[at])] &+= 1
            ascii[256 &+ Int(text[at &+ 1])] &+= 1
            ascii[512 &+ Int(text[at &+ 2])] &+= 1
            ascii[768 &+ Int(text[at &+ 3])] &+= 1
            at &+= 4
        }
        while at < count {
            ascii[Int(text[at])] &+= 1
            at &+= 1
        }
    }

    // MARK: Any output

    private mutating func readText(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ key: UInt64
    ) -> (characters: Int, words: Int) {
        var state = numbers.begin(key)
        // Bytes that are not the first of their character.
        var inner = 0
        var at = 0
        countBytes(text, count)
        while at < count {
            switch kinds[Int(text[at])] {
            case TextTally.single:
                at &+= 1
            case TextTally.digit:
                let start = at
                repeat { at &+= 1 } while at < count && text[at] &- 0x30 < 10
                numbers.add(text, start, at, &state)
            case TextTally.letter:
                readWord(text, &at, count, key, &inner)
            default:
                let (value, length) = TextTally.scalar(text, at)
                let found = classes[value]
                if found.token == TokenClass.word.rawValue {
                    readWord(text, &at, count, key, &inner)
                } else {
                    tokens[found.token] &+= 1
                    categories[found.category] &+= 1
                    inner &+= length &- 1
                    at &+= length
                }
            }
        }
        let wordCount = words.endOutput(key)
        tokens[TokenClass.word.rawValue] &+= wordCount
        numbers.end(text, state)
        return (count &- inner, wordCount)
    }

    // A word from `at` on, where one begins.
    @inline(__always)
    private mutating func readWord(
        _ text: UnsafePointer<UInt8>, _ at: inout Int, _ count: Int, _ output: UInt64, _ inner: inout Int
    ) {
        let start = at
        let word = words.next
        var isAlone = false
        while at < count {
            let kind = kinds[Int(text[at])]
            if kind == TextTally.letter {
                if isAlone { break }
                let length = at &- start
                if length < TermLimits.longest { word[length] = text[at] | 0x20 }
                at &+= 1
            } else {
                guard kind == TextTally.beyond else { break }
                let (value, length) = TextTally.scalar(text, at)
                let found = classes[value]
                guard found.token == TokenClass.word.rawValue else { break }
                // A letter that stands for itself begins a word, and only marks may follow it.
                if at > start, found.isWordAlone || isAlone && !found.isMark { break }
                isAlone = isAlone || found.isWordAlone
                for offset in 0..<length where at &- start &+ offset < TermLimits.longest {
                    word[at &- start &+ offset] = text[at &+ offset]
                }
                categories[found.category] &+= 1
                if found.isLetterOrMark { scripts[found.script] &+= 1 }
                inner &+= length &- 1
                at &+= length
            }
        }
        words.add(at &- start, in: output)
    }

    // The character that begins at a byte from 0x80 on of valid UTF-8.
    @inline(__always)
    private static func scalar(_ text: UnsafePointer<UInt8>, _ at: Int) -> (value: UInt32, length: Int) {
        let first = UInt32(text[at])
        let second = UInt32(text[at &+ 1] & 0x3F)
        if first < 0xE0 { return ((first & 0x1F) &<< 6 | second, 2) }
        let third = UInt32(text[at &+ 2] & 0x3F)
        if first < 0xF0 { return ((first & 0x0F) &<< 12 | second &<< 6 | third, 3) }
        return ((first & 0x07) &<< 18 | second &<< 12 | third &<< 6 | UInt32(text[at &+ 3] & 0x3F), 4)
    }

    // MARK: The end

    /// All that was counted.
    mutating func profile(_ counted: NumberProfile) -> TextProfile {
        var profile = TextProfile()
        for byte in 0..<128 {
            profile.ascii[byte] = ascii[byte] &+ ascii[256 + byte] &+ ascii[512 + byte] &+ ascii[768 + byte]
        }
        for (digit, count) in numbers.digitCharacters.enumerated() { profile.ascii[0x30 + digit] = count }
        profile.categories = Array(UnsafeBufferPointer(start: categories, count: profile.categories.count))
        profile.scripts = Array(UnsafeBufferPointer(start: scripts, count: profile.scripts.count))
        profile.tokens = Array(UnsafeBufferPointer(start: tokens, count: profile.tokens.count))
        for byte in 0..<128 {
            let token = classes[UInt32(byte)].token
            if kinds[byte] == TextTally.single { profile.tokens[token] &+= profile.ascii[byte] }
        }
        profile.tokens[TokenClass.number.rawValue] = counted.total
        (profile.words, profile.wordPairs) = words.counts()
        profile.longWords = words.longWords
        return profile
    }
}
