// Verdicts as bytes: only lines that something can be said of are written, about three bytes each.
//
//     entry  = gap code pair*
//     gap    = varint: lines since the last entry (since the line before the chunk's first, for the first entry)
//     code   = varint: 0 a blank line; else 4 × number of pairs + 1 (flag) or 2 (reject)
//     pair   = varint: number of a rule's reason, counted over all rules of the scan; ascending, written as differences
//
// A varint holds seven bits a byte, the lowest first, with the high bit set on all but the last (LEB128). A line without
// an entry is a kept record that no rule met.

package import UndertoneCore

/// What is said of the lines of one block, made ready by the thread that scanned it: for each line that something can be
/// said of, its number within the block (from 1), the code of the file's head, and the reasons.
package struct VerdictMarks: ~Copyable {
    package fileprivate(set) var words = PlainBuffer<UInt32>(capacity: 1 << 12)

    package init() {}

    package mutating func removeAll() {
        words.removeAll()
        words.shrink(to: 1 << 16)
    }

    /// A line without a record.
    package mutating func addBlank(line: Int) {
        words.append(UInt32(truncatingIfNeeded: line))
        words.append(0)
    }

    /// A record with findings, whose reasons follow one by one, in any order.
    package mutating func begin(line: Int, _ verdict: Verdict) {
        words.append(UInt32(truncatingIfNeeded: line))
        words.append(verdict == .reject ? 2 : 1)
        reasons = 0
    }

    /// The number of a reason, counted over all rules of the scan. The same one again adds nothing.
    package mutating func add(reason: Int) {
        let reason = UInt32(truncatingIfNeeded: reason)
        // Few reasons of one record differ: insertion keeps them in order.
        var place = words.count
        while place > words.count - reasons, words[place - 1] > reason { place -= 1 }
        if place > words.count - reasons, words[place - 1] == reason { return }
        words.append(reason)
        var index = words.count - 1
        while index > place {
            words[index] = words[index - 1]
            index -= 1
        }
        words[place] = reason
        reasons += 1
        words[words.count - reasons - 1] += 4
    }

    // Reasons of the record that was begun last.
    private var reasons = 0
}

/// What was decided about a line.
package enum LineVerdict: Equatable, Sendable {
    /// White space alone: no record.
    case blank
    /// A kept record that no rule met.
    case kept
    /// A kept record with findings, by reason numbers.
    case flagged([Int])
    /// A rejected record, by reason numbers.
    case rejected([Int])
}

/// Writes the entries of one chunk.
struct VerdictWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var firstLine: Int
    // The line of the last entry.
    private var last: Int

    init(firstLine: Int) {
        self.firstLine = firstLine
        last = firstLine - 1
    }

    /// - Parameters:
    ///   - code: as in the file's head.
    ///   - pairs: ascending, each once; as many as the code says.
    mutating func add(line: Int, code: UInt32, pairs: UnsafeBufferPointer<UInt32>) {
        varint(UInt64(line - last))
        varint(UInt64(code))
        var before: UInt32 = 0
        for pair in pairs {
            varint(UInt64(pair - before))
            before = pair
        }
        last = line
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Reads the entries of one chunk.
struct VerdictReader {
    private let bytes: [UInt8]
    private var at = 0
    private var line: Int

    init(_ bytes: [UInt8], firstLine: Int) {
        self.bytes = bytes
        line = firstLine - 1
    }

    /// The next entry; `nil` behind the last.
    ///
    /// - Throws: ``LineageError`` for bytes that no writer wrote.
    mutating func next() throws(LineageError) -> (line: Int, verdict: LineVerdict)? {
        guard at < bytes.count else { return nil }
        let gap = try varint()
        guard gap > 0 else { throw damaged }
        let (sum, overflow) = line.addingReportingOverflow(gap)
        if overflow { throw damaged }
        line = sum
        let code = try varint()
        if code == 0 { return (line, .blank) }
        let count = code >> 2
        guard count <= bytes.count - at else { throw damaged }
        var pairs: [Int] = []
        pairs.reserveCapacity(count)
        var before = 0
        for _ in 0..<count {
            let (pair, overflow) = before.addingReportingOverflow(try varint())
            if overflow { throw damaged }
            pairs.append(pair)
            before = pair
        }
        switch code & 3 {
        case 1: return (line, .flagged(pairs))
        case 2: return (line, .rejected(pairs))
        default: throw damaged
        }
    }

    private mutating func varint() throws(LineageError) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while at < bytes.count, shift < 63 {
            let byte = bytes[at]
            at += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(value) }
            shift += 7
        }
        throw damaged
    }

    private var damaged: LineageError {
        LineageError(
            .corrupt, "the verdicts of a scan are damaged", mend: "undertone lineage verify --log says what was changed"
        )
    }
}
