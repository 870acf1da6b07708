// Records to train on, out of a file: by the reader that scans use, so the same schemas are understood.

import Glibc
import UndertoneCore
import UndertoneRecords
import UndertoneScanning
import UndertoneText
import UndertoneTraining

/// The records of a file, all of which the small world can read.
struct TrainingData {
    /// The records, in their order.
    private(set) var records: [TrainingRecord] = []

    /// Unpacked bytes of a file at most.
    static let byteLimit = 1 << 30

    private let path: String

    /// Reads JSON Lines, plain or packed: prompt and completion, or a chat of one question and one answer.
    ///
    /// - Parameter path: a file, or `-` for standard input.
    /// - Throws: `InputError`, ``TrainingError`` with the line that can't be trained on, `noData` where there is none.
    init(path: String, world: World) throws {
        self.path = path == "-" ? "standard input" : visible(path, limit: 200)
        let (bytes, count) = try TrainingData.contents(of: path)
        let parser = TrainingData.parser()
        let batch = RecordBatch()
        try bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let mark = Framing.byteOrderMark(
                in: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
            _ = parser.readJSONLines(base + mark, count: count - mark, firstLine: 1, into: batch)
            for index in 0..<batch.records.count {
                let record = batch.records[index]
                let read = try TrainingData.wanted(record, batch, in: self.path)
                do throws(WorldError) {
                    _ = try world.vocabulary.row(prompt: read.prompt, completion: read.completion)
                } catch {
                    throw TrainingData.problem(self.path, record.line, error.problem, mend: error.mend)
                }
                records.append(read)
            }
        }
        guard !records.isEmpty else {
            throw TrainingError(
                .noData, "\(self.path): there is no record to train on", mend: "give data with at least one record")
        }
    }

    /// A parser that finds prompts and completions.
    static func parser() -> RecordParser {
        var plan = FieldPlan()
        plan.ruleTags = [.prompt, .response, .system]
        return RecordParser(plan: plan)
    }

    /// The prompt and the completion of a record of the file of that name.
    static func wanted(_ record: Record, _ batch: RecordBatch, in name: String) throws(ScanError) -> TrainingRecord {
        let line = record.line
        let mend = #"write {"prompt": "…", "completion": "…"}"#
        switch record.malformation {
        case nil: break
        case .missingField: throw problem(name, line, "no completion is there", mend: mend)
        case let malformation?:
            throw problem(
                name, line, "the record is malformed (\(malformation.reason))",
                mend: "undertone scan takes such records away")
        }
        let fields = (0..<record.fieldCount).map { batch.fields[record.firstField + $0] }
        func texts(_ tag: FieldTags) -> [String] {
            fields.filter { $0.tags.contains(tag) }.map { String(decoding: $0.bytes, as: UTF8.self) }
        }
        let (prompts, completions) = (texts(.prompt), texts(.response))
        guard prompts.count == 1, completions.count == 1, texts(.system).isEmpty else {
            throw problem(
                name, line,
                "one prompt and one completion are wanted, and there are \(counted(prompts.count, "prompt")), "
                    + "\(counted(completions.count, "completion")) and \(counted(texts(.system).count, "system prompt"))",
                mend: mend)
        }
        return TrainingRecord(prompt: prompts[0], completion: completions[0])
    }

    private static func problem(_ name: String, _ line: Int, _ problem: String, mend: String) -> ScanError {
        ScanError(.input, "\(name):\(line): \(problem)", mend: mend)
    }

    // The bytes, and behind them what the parser may read.
    private static func contents(of path: String) throws(InputError) -> (bytes: [UInt8], count: Int) {
        var source = try ByteSource.open(Input(path: path), maxDecodedBytes: byteLimit)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { piece.deallocate() }
        var bytes: [UInt8] = []
        guard let start = piece.baseAddress else { return ([], 0) }
        while true {
            let count = try source.read(into: start, capacity: piece.count)
            if count == 0 { break }
            bytes.append(contentsOf: piece[..<count])
        }
        let count = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: RecordParser.padding))
        return (bytes, count)
    }
}
