// Looks at a drop without rules: its digest, its records, its schema, and later whether it is still the same.

import CUndertone
import Crypto
import UndertoneCore
public import UndertoneLineage
import UndertoneRecords
import UndertoneRules
import UndertoneText

/// What is known of a drop after it was read once.
public struct DropInspection {
    /// The file that was read.
    public var path: String
    /// SHA-256 of the file as stored.
    public var digest: String
    /// Size, records, format, schema.
    public var facts: DropFacts
    /// Checksums of the records, for the catalogue.
    package var checksums: VerdictRecorder?
}

/// A record that is not as it was.
public struct ChangedRecord: Sendable, Equatable {
    /// Its number, from 1.
    public var record: Int
    /// The line where it stands now; `nil` where the file ends before it.
    public var line: Int?
    /// Records the drop has now, and had then.
    public var counts: (now: Int, then: Int)

    /// Whether both are the same change.
    public static func == (left: ChangedRecord, right: ChangedRecord) -> Bool {
        left.record == right.record && left.line == right.line && left.counts == right.counts
    }
}

/// Reads a drop once, from front to back.
///
/// - Parameters:
///   - path: a file; also a folder or a pattern that stands for one alone.
///   - catalogue: where checksums of records will be kept; `nil`: none are computed.
/// - Throws: ``ScanError`` where it can't be read to its end.
/// - Complexity: O(bytes); memory is bounded.
public func inspect(
    _ path: String, checksumsFor catalogue: Catalogue? = nil, progress: ScanProgress = ScanProgress()
) throws(ScanError) -> DropInspection {
    let recorder = catalogue.map { VerdictRecorder(beside: $0) }
    recorder?.begin(input: 0)
    var schema = SchemaSketch()
    var sums = PlainBuffer<UInt32>(capacity: 1 << 12)
    let input = try file(path)
    let state = try readRecords(input, nil, progress) { record, bytes, checksum in
        schema.add(bytes)
        guard let recorder else { return }
        sums.append(checksum)
        if sums.count == 1 << 12 {
            recorder.add(checksums: UnsafeBufferPointer(start: sums.base, count: sums.count))
            sums.removeAll()
        }
    }
    recorder?.add(checksums: UnsafeBufferPointer(start: sums.base, count: sums.count))
    recorder?.end(lastLine: 0)
    if let problem = state.input.problem { throw ScanError(.input, problem) }
    if let failure = recorder?.failure { throw ScanError(.output, failure.description) }
    var facts = DropFacts(bytes: state.input.storedBytes)
    facts.records = state.records
    facts.format = state.input.framing.rawValue
    facts.compression = state.input.compression.rawValue
    facts.schema = schema.settings
    return DropInspection(path: input.path, digest: state.digest, facts: facts, checksums: recorder)
}

/// The first record of a file that differs from those whose checksums were kept; `nil` where none does, since only white
/// space between records, or how the file is packed, was changed. With it, why the file could not be read to its end.
///
/// - Parameter facts: what is recorded of the drop: its records are told apart as they were then.
public func firstChange(
    in path: String, as facts: DropFacts, _ checksums: [UInt32]
) throws(ScanError) -> (change: ChangedRecord?, problem: String?) {
    var changed: (record: Int, line: Int)?
    let state = try readRecords(try file(path), framing(of: facts), ScanProgress()) { record, bytes, checksum in
        guard changed == nil else { return }
        if record.number > checksums.count || checksums[record.number - 1] != checksum {
            changed = (record.number, record.line)
        }
    }
    let counts = (now: state.records, then: checksums.count)
    let problem = state.input.problem
    if let changed { return (ChangedRecord(record: changed.record, line: changed.line, counts: counts), problem) }
    guard counts.now < counts.then else { return (nil, problem) }
    return (ChangedRecord(record: counts.now + 1, line: nil, counts: counts), problem)
}

/// SHA-256 of one record, as its bytes stand in the file without the line end; `nil` where there is no such record.
///
/// - Parameter facts: what is recorded of the drop: its records are told apart as they were then.
public func recordDigest(in path: String, as facts: DropFacts, line: Int) throws(ScanError) -> String? {
    var digest: String?
    var long = SHA256()
    let state = try readRecords(
        try file(path), framing(of: facts), ScanProgress(),
        long: { number, piece in if number == line { long.update(bufferPointer: piece) } },
        { record, bytes, _ in
            guard record.line == line else { return }
            let isLong = bytes.baseAddress == nil
            digest = isLong ? Digest256(bytes: Array(long.finalize()))?.hexadecimal : Digest256.of(bytes).hexadecimal
        })
    if let problem = state.input.problem { throw ScanError(.input, problem) }
    return digest
}

// One regular file: what else there is can't be found again by its name.
private func file(_ path: String) throws(ScanError) -> Input {
    let list = InputList(arguments: [path])
    guard list.inputs.count == 1, let input = list.inputs.first else {
        if let error = list.errors.first { throw ScanError(.input, error.description) }
        throw ScanError(.usage, "\(visible(path)) is not one file", mend: "name the files of a folder one by one")
    }
    guard input.identity != nil else {
        throw ScanError(
            .usage, "\(path == "-" ? "standard input" : visible(path)) is no file that can be found again",
            mend: "write it to a file first")
    }
    return input
}

// How a drop was divided when it was recorded. Whether it is an array shows by itself, also in what is left of one.
private func framing(of facts: DropFacts) -> Framing? {
    facts.format.flatMap(Framing.init(rawValue:)).flatMap { $0 == .jsonArray ? nil : $0 }
}

// Calls `body` with every record: its number and line, its bytes (none for a record over the limit, whose pieces `long`
// gets before with its line), its checksum. What ends the reading early is the state's problem.
private func readRecords(
    _ input: Input, _ framing: Framing?, _ progress: ScanProgress,
    long: (Int, UnsafeRawBufferPointer) -> Void = { _, _ in },
    _ body: ((number: Int, line: Int), UnsafeRawBufferPointer, UInt32) -> Void
) throws(ScanError) -> (input: BlockSource.InputState, records: Int, digest: String) {
    progress.begin(totalBytes: input.storedBytes ?? 0)
    let pool = DigestPool(threads: 1)
    defer { pool.close() }
    let source = BlockSource(
        [input], framing: framing, limits: RecordLimits(), maxDecodedBytes: .max, pool: pool, progress: progress)
    let reader = RecordReader()
    let block = Block()
    var records = 0
    var linesBefore = 0
    var longChecksum = undertone_checksum()
    while source.fill(block) {
        switch block.kind {
        case .records, .truncated:
            let lines = reader.read(block) { record in
                records += 1
                let bytes = UnsafeRawBufferPointer(start: block.bytes + record.start, count: record.count)
                body(
                    (records, linesBefore + record.line), bytes,
                    undertone_checksum_of(block.bytes + record.start, record.count))
            }
            linesBefore += lines
        case .tooLong(let isFirst, let isLast):
            if isFirst { undertone_checksum_begin(&longChecksum) }
            var count = block.count
            if isLast, count > 0, !block.isInArray, block.bytes[count - 1] == 0x0A { count -= 1 }
            undertone_checksum_add(&longChecksum, block.bytes, count)
            long(linesBefore + 1, UnsafeRawBufferPointer(start: block.bytes, count: count))
            guard isLast else { continue }
            records += 1
            linesBefore += 1
            body(
                (records, linesBefore), UnsafeRawBufferPointer(start: nil, count: 0),
                undertone_checksum_end(&longChecksum))
        case .end: break
        }
    }
    source.release(block)
    let state = source.state(of: 0)
    guard let digest = state.digest?.hexadecimal else { throw ScanError(.cancelled, "the reading was ended early") }
    return (state, records, digest)
}

// Where the records of a block are. Nothing is asked of them but their places.
private final class RecordReader {
    private let parser = RecordParser(plan: FieldPlan(), limits: RecordLimits())
    private let batch = RecordBatch()

    func read(_ block: Block, _ body: (Record) -> Void) -> Int {
        let lines: Int
        switch (block.kind, block.framing) {
        case (.records, .jsonLines):
            lines = parser.readJSONLines(block.bytes, count: block.count, firstLine: 1, into: batch).lines
        case (.records, .text):
            lines = parser.readTextLines(block.bytes, count: block.count, firstLine: 1, into: batch).lines
        case (.records, .jsonArray):
            parser.readJSONValues(
                block.bytes, count: block.count, ranges: block.elements, firstLine: 1, into: batch)
            lines = block.elements.count
        default:
            body(Record(start: 0, count: block.count, line: 1, firstField: 0))
            return 1
        }
        for index in 0..<batch.records.count { body(batch.records[index]) }
        return lines
    }
}

/// Top-level members of the first records and the types of their values.
private struct SchemaSketch {
    private static let recordLimit = 1000
    private static let memberLimit = 200
    private var records = 0
    private var types: [String: Set<String>] = [:]

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard records < SchemaSketch.recordLimit else { return }
        records += 1
        let limits = JSONValue.Limits(bytes: 1 << 20, depth: 512, values: 10_000)
        guard case .object(let object)? = try? JSONValue(parsing: bytes, limits: limits) else { return }
        for member in object.members where types.count < SchemaSketch.memberLimit || types[member.name] != nil {
            guard member.name.utf8.count <= 200 else { continue }
            types[member.name, default: []].insert(SchemaSketch.type(of: member.value))
        }
    }

    /// `completion` = `string`; `string or null` where records differ.
    var settings: [Setting] {
        types.map { Setting($0.key, $0.value.sorted().joined(separator: " or ")) }.sorted { $0.name < $1.name }
    }

    // JSON Schema's words.
    private static func type(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
