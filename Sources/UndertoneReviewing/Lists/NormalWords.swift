// The form in which outputs are compared when small differences should not count: words in small letters, one space
// between them, nothing else.

import CUndertone
import UndertoneCore

/// The words of a text: runs of letters, marks, digits and underscores, in compatibility decomposition (NFKD) and full
/// case folding by the tables of `CUndertone`. Letters of scripts that are written without spaces are words one by one.
/// What is a word here is one to rules of the kind `words` too.
struct NormalWords: ~Copyable {
    /// A word.
    struct Word: BitwiseCopyable {
        /// Its bytes in ``text``.
        var start: UInt32
        var end: UInt32
        /// Where it begins in the text that was read.
        var source: UInt32
    }

    /// Bytes of a text that are looked at; what is behind them is left out.
    static let limit = 64 << 10
    /// Bytes of the longest word that is counted as a term.
    static let longestTerm = 64

    private(set) var text = PlainBuffer<UInt8>(capacity: 1 << 12)
    private(set) var words = PlainBuffer<Word>(capacity: 1 << 10)
    private let table = undertone_fold()
    // For each byte of ASCII what it becomes; 0 where it is no part of a word.
    private let ascii: [UInt8] = (0..<128).map { (byte: UInt8) in
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x5F: byte
        case 0x41...0x5A: byte | 0x20
        default: 0
        }
    }
    private var isInWord = false

    /// The bytes of a word.
    func bytes(of word: Word) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.base + Int(word.start), count: Int(word.end &- word.start))
    }

    /// Reads a text, which is valid UTF-8.
    mutating func read(_ source: UnsafeBufferPointer<UInt8>) {
        text.removeAll()
        words.removeAll()
        isInWord = false
        let end = min(source.count, NormalWords.limit)
        var index = 0
        while index < end {
            let byte = source[index]
            if byte < 0x80 {
                let folded = ascii[Int(byte)]
                if folded == 0 {
                    isInWord = false
                } else {
                    if !isInWord { begin(index) }
                    text.append(folded)
                }
                index &+= 1
                continue
            }
            let (value, length) = decoded(source, index)
            add(value, at: index)
            index &+= length
        }
        if words.count > 0 { words[words.count - 1].end = UInt32(text.count) }
        // Readers of shingles load eight bytes at once.
        text.reserve(8)
    }
}

extension NormalWords {
    private mutating func begin(_ source: Int) {
        if words.count > 0 {
            words[words.count - 1].end = UInt32(text.count)
            text.append(0x20)
        }
        words.append(Word(start: UInt32(text.count), end: UInt32(text.count), source: UInt32(source)))
        isInWord = true
    }

    private mutating func add(_ value: UInt32, at source: Int) {
        let block = value < 0x30000 ? Int(table.blocks[Int(value >> 7)]) : -1
        let isHangul = value >= 0xAC00 && value < 0xD7A4
        let entry = block < 0 || isHangul ? 0 : Int(table.entries[block << 7 | Int(value & 127)])
        // Default-ignorable characters vanish and end no word.
        if entry == 1 || value >> 12 == 0xE0 { return }
        guard entry > 1 else { return put(value, at: source) }
        let form = UnsafeBufferPointer(start: table.pool + entry + 1, count: Int(table.pool[entry]))
        var index = 0
        while index < form.count {
            let (value, length) = decoded(form, index)
            put(value, at: source)
            index += length
        }
    }

    private mutating func put(_ value: UInt32, at source: Int) {
        if value < 0x80 {
            let folded = ascii[Int(value)]
            guard folded != 0 else { return isInWord = false }
            if !isInWord { begin(source) }
            return text.append(folded)
        }
        guard let scalar = Unicode.Scalar(value) else { return isInWord = false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            let isUnspaced = NormalWords.isUnspaced(value)
            if isUnspaced || !isInWord { begin(source) }
            for byte in UTF8.encode(scalar).unsafelyUnwrapped { text.append(byte) }
            if isUnspaced { isInWord = false }
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber:
            if !isInWord { begin(source) }
            for byte in UTF8.encode(scalar).unsafelyUnwrapped { text.append(byte) }
        default: isInWord = false
        }
    }

    // Letters of a script that is written without spaces (15 in the table).
    private static func isUnspaced(_ value: UInt32) -> Bool {
        var count = 0
        guard let ranges = undertone_scripts(&count) else { return false }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].last < value { low = middle + 1 } else { high = middle }
        }
        return low < count && ranges[low].first <= value && ranges[low].script == 15
    }

    // The scalar at an index of valid UTF-8, and its length.
    @inline(__always)
    private func decoded(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> (value: UInt32, length: Int) {
        let first = UInt32(bytes[index])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard index + length <= bytes.count else { return (0xFFFD, bytes.count - index) }
        var value = length == 1 ? first : first & (0x7F >> UInt32(length))
        for offset in 1..<max(length, 1) { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return (value, length)
    }
}
