// A file of records, read piece by piece and as often as one likes: its size does not matter.

import UndertoneCore
import UndertoneRecords
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

/// JSON Lines, plain or packed, whose records have a prompt and a completion.
final class RecordFile {
    /// The file.
    let path: String

    // Lines without a record shift the numbers of lines against those of records: from this record on, by so many.
    private var shifts: [(record: Int, lines: Int)] = []

    /// Bytes of a piece; a longer line makes a longer one.
    fileprivate static let pieceBytes = 256 << 10
    /// Bytes of a line at most.
    fileprivate static let lineLimit = 64 << 20

    init(path: String) { self.path = path }

    /// The line of a record that was read, by its number from 1.
    func line(of record: Int) -> Int { record + (shifts.last { $0.record <= record }?.lines ?? 0) }

    /// The first line whose record a world can't read, as an error that names it; nil where it can read all.
    func firstUnreadable(_ world: World) throws -> ScanError? {
        let stream = try open()
        var count = 0
        while true {
            let records = try stream()
            if records.isEmpty { return nil }
            for record in records {
                count += 1
                do throws(WorldError) {
                    _ = try world.vocabulary.row(prompt: record.prompt, completion: record.completion)
                } catch {
                    return ScanError(
                        .input, "\(visible(path, limit: 200)):\(line(of: count)): \(error.problem)", mend: error.mend)
                }
            }
        }
    }

    /// The records from the first one on.
    func open() throws -> RecordStream {
        let source = RecordPieces(try ByteSource.open(Input(path: path)))
        let parser = TrainingData.parser()
        let batch = RecordBatch()
        let name = visible(path, limit: 200)
        var (nextLine, count) = (1, 0)
        shifts = []
        return { [self] in
            while let piece = try source.next(RecordFile.pieceBytes, name, nextLine) {
                let records = try piece.withUnsafeBufferPointer { buffer -> [TrainingRecord] in
                    guard let base = buffer.baseAddress else { return [] }
                    let first = nextLine
                    let read = parser.readJSONLines(
                        base, count: buffer.count - RecordParser.padding, firstLine: first, into: batch)
                    nextLine += read.lines
                    return try (0..<batch.records.count).map { index in
                        let record = batch.records[index]
                        count += 1
                        let shift = record.line - count
                        if shift != shifts.last?.lines ?? 0 { shifts.append((count, shift)) }
                        return try TrainingData.wanted(record, batch, in: name)
                    }
                }
                if !records.isEmpty { return records }
            }
            return []
        }
    }
}

/// Cuts a file behind line ends.
private final class RecordPieces {
    private var source: ByteSource
    private var rest: [UInt8] = []
    private var isAtEnd = false
    private var isFirst = true

    init(_ source: consuming ByteSource) { self.source = source }

    /// Whole lines and the padding that the parser reads; nil at the end.
    func next(_ bytes: Int, _ name: String, _ line: Int) throws -> [UInt8]? {
        while true {
            if let end = rest.lastIndex(of: UInt8(ascii: "\n")), rest.count >= bytes || isAtEnd {
                let piece = Array(rest[...end])
                rest.removeFirst(end + 1)
                return piece + [UInt8](repeating: 0, count: RecordParser.padding)
            }
            if isAtEnd {
                guard !rest.isEmpty else { return nil }
                defer { rest = [] }
                return rest + [UInt8](repeating: 0, count: RecordParser.padding)
            }
            guard rest.count < RecordFile.lineLimit else {
                throw ScanError(
                    .input, "\(name):\(line): a line has more than \(byteCount(RecordFile.lineLimit))",
                    mend: "records go one to a line, as JSON Lines")
            }
            try read(bytes)
        }
    }

    private func read(_ bytes: Int) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 16)
        defer { buffer.deallocate() }
        guard let start = buffer.baseAddress else { return }
        let count = try source.read(into: start, capacity: bytes)
        isAtEnd = count == 0
        rest += buffer[..<count]
        if isFirst, !rest.isEmpty {
            isFirst = false
            let mark = rest.withUnsafeBytes { Framing.byteOrderMark(in: $0) }
            rest.removeFirst(mark)
        }
    }
}
