// Inputs in, blocks and records out, with what every block must hold.

import Testing
import UndertoneCore
import UndertoneRecords
import UndertoneRules

@testable import UndertoneScanning

/// A record with its number in its input.
struct Seen: Equatable {
    var line: Int
    var bytes: Bytes
    var malformed: Malformation?
}

/// What came of all blocks, in order.
struct Run {
    var records: [Seen] = []
    var blocks: [String] = []
    /// All bytes of all blocks.
    var bytes: [UInt8] = []
    var lines = 0
    var blank = 0
    var problem: String?
}

func read(_ path: String, framing: Framing? = nil, limit: Int, threads: Int = 1) throws -> Run {
    try read([path], framing: framing, limit: limit, threads: threads)
}

/// Reads inputs as a scan does, on one thread or several.
func read(_ paths: [String], framing: Framing? = nil, limit: Int, threads: Int = 1) throws -> Run {
    let source = BlockSource(
        paths.map { Input(path: $0) }, framing: framing, limits: RecordLimits(bytes: limit), maxDecodedBytes: .max,
        pool: nil, progress: ScanProgress())
    let rules = try RuleSet([])
    let collector = Collector()
    runThreads(threads) { _ in
        let block = Block()
        let scanner = BlockScanner(rules, RecordLimits(bytes: limit))
        while source.fill(block) {
            // As a scan does, while others may be reading.
            _ = source.state(of: block.input)
            scanner.read(block)
            collector.add(block, scanner)
        }
        source.release(block)
    }
    return collector.run(paths.indices.lazy.compactMap { source.state(of: $0).problem }.first)
}

/// What threads made of blocks, put in order when all have ended.
private final class Collector: @unchecked Sendable {
    private struct Part {
        var ticket: Int
        var input: Int
        var kind: Block.Kind
        var bytes: [UInt8]
        var lines: Int
        var blank: Int
        var isLines: Bool
        var records: [Seen]
    }

    private let monitor = Monitor()
    private var parts: [Part] = []

    func add(_ block: Block, _ scanner: BlockScanner) {
        let bytes = Array(UnsafeBufferPointer(start: block.bytes, count: block.count))
        let records = (0..<scanner.batch.records.count).map { index in
            let record = scanner.batch.records[index]
            return Seen(
                line: record.line, bytes: Bytes(Array(bytes[record.start..<record.start + record.count])),
                malformed: record.malformation)
        }
        let part = Part(
            ticket: block.ticket, input: block.input, kind: block.kind, bytes: bytes, lines: scanner.lines,
            blank: scanner.blankLines, isLines: block.framing != .jsonArray, records: records)
        monitor.locked { parts.append(part) }
    }

    func run(_ problem: String?) -> Run {
        var run = Run()
        var (input, before) = (0, 0)
        var long: [UInt8] = []
        for (index, part) in parts.sorted(by: { $0.ticket < $1.ticket }).enumerated() {
            #expect(part.ticket == index)
            if part.input != input { (input, before) = (part.input, 0) }
            run.blocks.append("\(part.kind) \(part.bytes.count)")
            run.bytes += part.bytes
            if case .tooLong(let isFirst, let isLast) = part.kind {
                #expect(isFirst == long.isEmpty || !isFirst)
                long += part.bytes
                if isLast {
                    if part.isLines, long.last == 0x0A { long.removeLast() }
                    run.records.append(Seen(line: before + 1, bytes: Bytes(long), malformed: .tooLong))
                    long = []
                }
            }
            run.records += part.records.map { record in
                Seen(line: before + record.line, bytes: record.bytes, malformed: record.malformed)
            }
            before += part.lines
            run.lines += part.lines
            run.blank += part.blank
        }
        run.problem = problem
        return run
    }
}
