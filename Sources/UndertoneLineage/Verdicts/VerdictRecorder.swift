// Collects what a scan says of every record, for the catalogue.

import UndertoneCore

/// Takes verdicts and checksums of records in the order of the input, one thread at a time.
///
/// Memory is bounded: finished chunks wait in a ``Spool``.
package final class VerdictRecorder {
    struct Chunk {
        var input: Int
        /// Of verdicts the first line, of checksums the first record; from 1.
        var first: Int
        /// Lines, or records.
        var count: Int
        var range: Range<Int>
    }

    private static let chunkBytes = 32 << 10
    private static let chunkRecords = 32 << 10

    let spool: Spool
    private(set) var verdicts: [Chunk] = []
    private(set) var checksums: [Chunk] = []
    private var input = -1
    private var writer = VerdictWriter(firstLine: 1)
    private var sums: [UInt32] = []
    private var firstRecord = 1
    /// The first error; from then on nothing is kept.
    package private(set) var failure: LineageError?

    /// - Parameter catalogue: beside whose file large scans wait.
    package init(beside catalogue: Catalogue) { spool = Spool(folder: catalogue.file.folder) }

    init(spool: Spool) { self.spool = spool }

    /// The records that follow are of that input.
    package func begin(input: Int) {
        self.input = input
        writer = VerdictWriter(firstLine: 1)
        sums.removeAll(keepingCapacity: true)
        firstRecord = 1
    }

    /// What is said of the next lines, up to `lastLine`.
    package func add(_ marks: borrowing VerdictMarks, linesBefore: Int, lastLine: Int) {
        let words = UnsafeBufferPointer(start: UnsafePointer(marks.words.base), count: marks.words.count)
        var at = 0
        while at < words.count {
            let pairs = Int(words[at + 1] >> 2)
            writer.add(
                line: linesBefore + Int(words[at]), code: words[at + 1],
                pairs: UnsafeBufferPointer(rebasing: words[at + 2..<at + 2 + pairs]))
            at += 2 + pairs
        }
        if writer.bytes.count >= VerdictRecorder.chunkBytes { flushVerdicts(through: lastLine) }
    }

    /// Checksums of the next records.
    package func add(checksums new: UnsafeBufferPointer<UInt32>) {
        sums.append(contentsOf: new)
        if sums.count >= VerdictRecorder.chunkRecords { flushChecksums() }
    }

    /// The input has ended behind that line.
    package func end(lastLine: Int) {
        flushVerdicts(through: lastLine)
        flushChecksums()
    }

    private func flushVerdicts(through line: Int) {
        guard line >= writer.firstLine else { return }
        if let range = keep(writer.bytes) {
            verdicts.append(
                Chunk(input: input, first: writer.firstLine, count: line - writer.firstLine + 1, range: range))
        }
        writer = VerdictWriter(firstLine: line + 1)
    }

    private func flushChecksums() {
        guard !sums.isEmpty else { return }
        let count = sums.count
        for index in sums.indices { sums[index] = sums[index].littleEndian }
        let range = sums.withUnsafeBytes { keep($0) }
        if let range { checksums.append(Chunk(input: input, first: firstRecord, count: count, range: range)) }
        firstRecord += count
        sums.removeAll(keepingCapacity: true)
    }

    private func keep(_ bytes: [UInt8]) -> Range<Int>? { bytes.withUnsafeBytes { keep($0) } }

    private func keep(_ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard failure == nil else { return nil }
        do throws(LineageError) {
            return try spool.append(bytes)
        } catch {
            failure = error
            return nil
        }
    }
}
