// Puts the records of a scan back together.

import Foundation
import UndertoneRecords

/// Writes kept and rejected records of one scan of one input of lines, in order and byte for byte as they were.
///
/// Nothing in a record tells a loss mask that a scan added from one that stood in the drop, so the caller says it.
///
/// - Parameter stripsMasks: whether loss masks at the end of kept records are taken off, in the form in which a scan adds
///   them.
/// - Returns: kept records with such a mask at their end.
/// - Throws: ``ScanError`` where a file can't be read or is not what a scan wrote.
/// - Complexity: O(bytes); memory for one line of each file.
@discardableResult
public func restore(kept: String, rejected: String, to output: String, stripsMasks: Bool = false) throws -> Int {
    let keptLines = try LineReader(kept)
    let rejectedLines = try LineReader(rejected)
    if let input = OutputFile.wouldOverwrite(output, [Input(path: kept), Input(path: rejected)]) {
        throw ScanError(.usage, "\(output) is the input \(input.path)", mend: "name another file")
    }
    let file = try OutputFile(path: output, compression: .none)
    var line = 1
    var isFirstKept = true
    var masked = 0
    var next = try rejectedLines.next().map { try RejectedRecord($0, rejected) }
    func put(_ bytes: [UInt8], isTerminated: Bool) throws {
        var whole = bytes
        if isTerminated { whole.append(0x0A) }
        try whole.withUnsafeBytes { try file.write($0) }
    }
    while true {
        if let record = next, record.line == line {
            if record.hasByteOrderMark {
                // The mark of the file; a scan leaves it at the start of the kept data.
                try put(LineReader.byteOrderMark, isTerminated: false)
                try keptLines.dropByteOrderMark()
            }
            try put(record.bytes, isTerminated: !record.isUnterminated)
            next = try rejectedLines.next().map { try RejectedRecord($0, rejected) }
        } else if let bytes = try keptLines.next() {
            if isFirstKept, bytes.elementsEqual([UInt8(ascii: "[")]) {
                throw ScanError(
                    .usage, "\(kept) holds elements of a JSON array, and only lines can be put back together",
                    mend: "the bytes between the elements were no records, and a scan does not keep them")
            }
            isFirstKept = false
            let unmasked = LossMask.without(bytes)
            if unmasked != nil { masked += 1 }
            try put(stripsMasks ? unmasked ?? bytes : bytes, isTerminated: keptLines.wasTerminated)
        } else if next != nil {
            throw ScanError(
                .input, "\(rejected) holds line \(next?.line ?? 0), but \(kept) ends before it",
                mend: "name the two files of one scan of one input")
        } else {
            break
        }
        line += 1
    }
    try file.commit()
    return masked
}

/// One line of rejected data.
private struct RejectedRecord {
    let line: Int
    let bytes: [UInt8]
    let isUnterminated: Bool
    let hasByteOrderMark: Bool

    init(_ text: [UInt8], _ path: String) throws {
        // The record is not parsed: it may be nested deeper, or hold larger numbers, than Foundation reads.
        let record = RejectedRecord.startOfRecord(text)
        let head = record.map { Data(text[..<($0 - RejectedRecord.mark.count)] + [UInt8(ascii: "}")]) } ?? Data(text)
        let object = try? JSONSerialization.jsonObject(with: head) as? [String: Any]
        guard let object, let line = object["line"] as? Int else {
            throw ScanError(.input, "\(path) is no rejected data of a scan", mend: "name the file of --rejected")
        }
        self.line = line
        isUnterminated = object["unterminated"] as? Bool ?? false
        hasByteOrderMark = object["byte_order_mark"] as? Bool ?? false
        let hasReturn = object["carriage_return"] as? Bool ?? false
        if let raw = object["raw"] as? String {
            bytes = Array(raw.utf8)
        } else if let raw = (object["raw_base64"] as? String).flatMap({ Data(base64Encoded: $0) }) {
            bytes = Array(raw)
        } else if let record {
            bytes = Array(text[record..<text.count - 1]) + (hasReturn ? [0x0D] : [])
        } else {
            throw ScanError(.input, "\(path): line \(line) holds no record", mend: "name the file of --rejected")
        }
    }

    // Behind `"findings":[…]` comes the record, and no string before it can hold the bare text `,"record":` since quotes
    // in strings are escaped.
    private static let mark = Array(#","record":"#.utf8)

    private static func startOfRecord(_ text: [UInt8]) -> Int? {
        guard text.count > mark.count else { return nil }
        return (0..<text.count - mark.count).first {
            text[$0] == mark[0] && text[$0..<$0 + mark.count].elementsEqual(mark)
        }
        .map { $0 + mark.count }
    }
}

/// Lines of a file, packed or not.
private final class LineReader {
    private var source: ByteSource
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// Whether a line feed stood behind the last line.
    private(set) var wasTerminated = true

    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    init(_ path: String) throws { source = try ByteSource.open(Input(path: path)) }

    /// Passes over a byte-order mark at the start of the file, before the first line is asked for.
    func dropByteOrderMark() throws {
        while buffer.count < 3, !isAtEnd { try readOn() }
        if buffer.starts(with: LineReader.byteOrderMark) { start = 3 }
    }

    func next() throws -> [UInt8]? {
        while true {
            if let end = buffer[start...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                wasTerminated = true
                return Array(buffer[start..<end])
            }
            if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                wasTerminated = false
                return Array(buffer[start...])
            }
            buffer.removeSubrange(..<start)
            start = 0
            try readOn()
        }
    }

    private func readOn() throws {
        let room = 1 << 18
        let old = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: room))
        let read = try buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return try source.read(into: base + old, capacity: room)
        }
        buffer.removeSubrange((old + read)...)
        if read == 0 { isAtEnd = true }
    }
}
