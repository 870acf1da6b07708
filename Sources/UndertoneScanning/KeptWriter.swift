// Kept data: the records as they were, in the form of their input.

import UndertoneCore
import UndertoneRecords

/// Writes kept records to one file, from one input or several of the same form.
struct KeptWriter {
    private let file: OutputFile
    private var form: Framing?
    private var hasElement = false
    // The last record has no line feed; one must follow before the next.
    private var isUnterminated = false
    private var isEmpty = true

    init(_ file: OutputFile) { self.file = file }

    /// Begins an input.
    ///
    /// - Throws: where records of an array and lines would stand in one file.
    mutating func begin(_ framing: Framing, hasByteOrderMark: Bool) throws(OutputError) {
        if let form, (form == .jsonArray) != (framing == .jsonArray) {
            throw OutputError(
                .other, file.path, "would hold lines and elements of an array together",
                mend: "name a folder (with a slash at its end), so that each input has a file of its own")
        }
        if isEmpty, hasByteOrderMark { try write([0xEF, 0xBB, 0xBF]) }
        if form == nil, framing == .jsonArray { try write(Array("[".utf8)) }
        form = framing
    }

    /// Adds the kept records of a block.
    mutating func add(_ records: UnsafeRawBufferPointer, isTerminated: Bool) throws(OutputError) {
        guard !records.isEmpty else { return }
        if form == .jsonArray {
            try write(Array((hasElement ? ",\n" : "\n").utf8))
            hasElement = true
        } else if isUnterminated {
            try write([0x0A])
        }
        isUnterminated = !isTerminated
        isEmpty = false
        try file.write(records)
    }

    /// Ends the file; it still has to be committed.
    mutating func finish() throws(OutputError) {
        if form == .jsonArray { try write(Array("\n]\n".utf8)) }
    }

    private func write(_ bytes: [UInt8]) throws(OutputError) {
        let copy = bytes
        var failure: OutputError?
        copy.withUnsafeBytes { raw in
            do throws(OutputError) { try file.write(raw) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
