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

    /// Reads JSON Lines, plain or packed: prompt and completion, or a chat of one question and one answer. A member
    /// `loss_mask` says which tokens of the completion count in the loss.
    ///
    /// - Parameter path: a file, or `-` for standard input.
    /// - Throws: `InputError`, ``ScanError`` with the line that can't be trained on, ``TrainingError`` where there is none.
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
                var read = try TrainingData.wanted(record, batch, in: self.path)
                let tokens: Int
                do throws(WorldError) {
                    tokens = try world.vocabulary.row(prompt: read.prompt, completion: read.completion).completion.count
                } catch {
                    throw TrainingData.problem(self.path, record.line, error.problem, mend: error.mend)
                }
                read.weights = try TrainingData.mask(
                    of: UnsafeBufferPointer(start: base + mark + record.start, count: record.count), record.line,
                    tokens: tokens, in: self.path)
                records.append(read)
            }
        }
        guard !records.isEmpty else {
            throw TrainingError(
                .noData, "\(self.path): there is no record to train on", mend: "give data with at least one record")
        }
    }

    /// A parser that finds prompts and completions, and what else would be said in a record.
    static func parser() -> RecordParser {
        var plan = FieldPlan()
        plan.ruleTags = RecordTexts.tags
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
        let texts = RecordTexts(record, of: batch)
        guard let turn = texts.turn else {
            let others = texts.others.isEmpty ? "" : " and \(counted(texts.others.count, "text")) of others"
            throw problem(
                name, line,
                "one prompt and one completion are wanted, and there are \(counted(texts.prompts.count, "prompt")), "
                    + "\(counted(texts.completions.count, "completion")) and "
                    + "\(counted(texts.systems.count, "system prompt"))\(others)",
                mend: mend)
        }
        return TrainingRecord(prompt: turn.prompt, completion: turn.completion)
    }

    /// What tokens of the completion of a record weigh in the loss, by its bytes; nil where all weigh 1.
    static func mask(
        of record: UnsafeBufferPointer<UInt8>, _ line: Int, tokens: Int, in name: String
    ) throws(ScanError) -> [Float]? {
        guard let value = LossMask.place(in: record)?.value else { return nil }
        guard let weights = LossMask.weights(record[value]) else {
            throw problem(
                name, line, "\(LossMask.name) is no list of numbers from 0",
                mend: "write 0 for a token that does not count in the loss, 1 for one that does, or its weight")
        }
        guard weights.count == tokens else {
            throw problem(
                name, line, "\(LossMask.name) has \(counted(weights.count, "entry", "entries"))",
                mend: "the completion has \(tokens) tokens, its end counted, and each needs one")
        }
        return weights.contains { $0 != 1 } ? weights : nil
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
