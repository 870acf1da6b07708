// One file of records from front to back, for whoever looks at what is in it and writes nothing.

package import UndertoneCore

/// What is known of a file of records after it was read to its end.
package struct DropReading: Sendable, Hashable {
    /// As the user named it.
    package var path: String
    /// SHA-256 of its bytes as stored, in lower-case hexadecimal.
    package var digest: String
    /// Bytes as stored.
    package var storedBytes: Int
    /// Records that could be read.
    package var records = 0
    /// Records that could not.
    package var malformed = 0
    /// How it is divided.
    package var framing: Framing
    /// How it is packed.
    package var compression: Compression

    package init(
        path: String, digest: String, storedBytes: Int, records: Int = 0, malformed: Int = 0, framing: Framing,
        compression: Compression
    ) {
        self.path = path
        self.digest = digest
        self.storedBytes = storedBytes
        self.records = records
        self.malformed = malformed
        self.framing = framing
        self.compression = compression
    }
}

/// A record that could be read; valid until the call that it is given to returns.
package struct DropRecord {
    /// Its line, from 1; its element in a JSON array, from 1.
    package let line: Int
    package let record: Record
    package let batch: RecordBatch

    /// Its texts, by who says them.
    package var texts: RecordTexts { RecordTexts(record, of: batch) }

    /// Calls `body` with each text that the model wrote, in order, with its number from 0.
    package func forEachCompletion(_ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) {
        var number = 0
        for index in record.firstField..<record.firstField + record.fieldCount {
            let field = batch.fields[index]
            guard field.tags.contains(.response) else { continue }
            body(number, field.bytes)
            number += 1
        }
    }
}

/// Reads one file of records (JSON Lines, a JSON array, text; plain, gzip or zstd), in order.
///
/// Memory is bounded by a few records and blocks. SHA-256 is computed by a thread of its own; `body` is called by the
/// caller's.
///
/// - Parameters:
///   - path: a file; what can't be found again by its name (a pipe, standard input) is refused.
///   - body: gets every record that can be read.
/// - Throws: ``InputError`` where the file can't be read to its end, or the reading was cancelled.
/// - Complexity: O(bytes).
package func readDrop(
    _ path: String, limits: RecordLimits = RecordLimits(), progress: (any ReadingProgress)? = nil,
    _ body: (DropRecord) -> Void
) throws(InputError) -> DropReading {
    let list = InputList(arguments: [path])
    guard list.inputs.count == 1, let input = list.inputs.first else {
        throw list.errors.first ?? InputError(.notAFile, path, "is not one file", mend: "name one file")
    }
    guard input.identity != nil else {
        throw InputError(.notAFile, path, "is no file that can be read twice", mend: "write it to a file first")
    }
    let pool = DigestPool(threads: 1)
    defer { pool.close() }
    let source = BlockSource(
        [input], framing: nil, limits: limits, maxDecodedBytes: .max, pool: pool, progress: progress)
    var plan = FieldPlan()
    plan.ruleTags = .response
    plan.wantsAllFields = true
    let records = BlockRecords(plan, limits)
    let block = Block()
    var (readable, malformed, linesBefore) = (0, 0, 0)
    while source.fill(block) {
        records.read(block)
        if case .tooLong(_, isLast: true) = block.kind { malformed += 1 }
        for index in 0..<records.batch.records.count {
            let record = records.batch.records[index]
            guard record.malformation == nil else {
                malformed += 1
                continue
            }
            readable += 1
            body(DropRecord(line: linesBefore + record.line, record: record, batch: records.batch))
        }
        linesBefore += records.lines
        if block.isLarge { records.trim() }
    }
    source.release(block)
    let state = source.state(of: 0)
    if let problem = state.problem {
        // The problem begins with the path, as people see it.
        throw InputError(
            .unreadable, path, problem.hasPrefix(path + ": ") ? String(problem.dropFirst(path.count + 2)) : problem)
    }
    guard let digest = state.digest?.hexadecimal else {
        throw InputError(.changed, path, "the reading was ended early")
    }
    return DropReading(
        path: path, digest: digest, storedBytes: state.storedBytes, records: readable, malformed: malformed,
        framing: state.framing, compression: state.compression)
}
