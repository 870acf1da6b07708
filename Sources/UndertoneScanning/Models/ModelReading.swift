// The reading before a scan with rules that need a model: what the other rules leave is shown to the models.

import CUndertone
import UndertoneCore
import UndertoneRecords
import UndertoneRules

/// A record that the rules which need no model leave in the drop.
struct ModelCandidate {
    /// Why a record can't be asked about.
    enum Problem { case notOneTurn, unreadable }

    /// Its number among the records of the drop that are not over the limit, from 0.
    var ordinal: Int
    /// Of its bytes, to know it again at the second reading.
    var checksum: UInt32
    /// Index of its input.
    var input = 0
    /// Its line there, from 1.
    var line = 0
    /// What is asked about.
    var texts: RecordTexts
    /// Tokens of the completion, its end counted.
    var tokens = 0
    var problem: Problem?
    /// The mask that it has already; empty where that is no list of weights.
    var ownMask: [Float]?

    /// The mask that it has already can't be one of its completion.
    var hasBadMask: Bool { ownMask.map { $0.count != tokens } ?? false }

    /// The one question and its answer; empty where the record has more than one turn.
    var prompt: String { texts.turn?.prompt ?? "" }
    var completion: String { texts.turn?.completion ?? "" }

    /// Bytes that a record takes beside its texts, for the limit.
    static let overhead = 200
}

/// Reads the candidates of a drop.
struct ModelReading {
    /// Texts of the candidates that are held at most, in bytes, with ``ModelCandidate/overhead`` for each.
    static let byteLimit = 1 << 30

    private let configuration: ScanConfiguration
    private let judge: (any ModelJudge)?
    private let limit: Int
    private let wantsMasks: Bool
    private(set) var candidates: [ModelCandidate] = []
    /// Records of the drop, those over the limit left out.
    private(set) var records = 0
    private var bytes = 0

    /// Reads the drop.
    ///
    /// - Parameter dropState: one that nobody else uses.
    /// - Throws: ``ScanError`` where the drop can't be asked about or is too large. What can't be read is left to the scan
    ///   to report.
    init(
        _ configuration: ScanConfiguration, _ judge: (any ModelJudge)?, _ inputs: [Input], _ dropState: DropState?,
        _ progress: ScanProgress, byteLimit: Int = ModelReading.byteLimit
    ) throws(ScanError) {
        self.configuration = configuration
        self.judge = judge
        limit = byteLimit
        wantsMasks = configuration.rules.kinds.contains(.tokenMask)
        let source = BlockSource(
            inputs, framing: configuration.framing, limits: configuration.limits,
            maxDecodedBytes: configuration.maxDecodedBytes, pool: nil, progress: progress)
        let scanner = BlockScanner(configuration.rules, configuration.limits)
        let baseline = BaselineFilter(configuration.rules, baseline: configuration.baseline, isCollecting: false)
        let block = Block()
        var (input, linesBefore) = (-1, 0)
        while source.fill(block) {
            if block.input != input { (input, linesBefore) = (block.input, 0) }
            scanner.findings.removeAll()
            scanner.read(block)
            configuration.rules.evaluate(scanner.batch, scratch: scanner.scratch, into: scanner.findings)
            dropState?.complete(scanner.findings)
            if baseline.isNeeded { baseline.apply(scanner.batch, scanner.findings) }
            if block.framing == .text, scanner.batch.records.count > 0, !configuration.rules.modelRules.isEmpty {
                throw noPrompts(inputs[block.input])
            }
            try add(block, scanner, linesBefore)
            linesBefore += scanner.lines
            if block.isLarge { scanner.trim() }
        }
    }

    private mutating func add(_ block: Block, _ scanner: BlockScanner, _ linesBefore: Int) throws(ScanError) {
        for index in 0..<scanner.batch.records.count where scanner.findings.verdicts[index].verdict != .reject {
            let record = scanner.batch.records[index]
            let raw = UnsafeBufferPointer(start: UnsafePointer(block.bytes) + record.start, count: record.count)
            var candidate = ModelCandidate(
                ordinal: records + index, checksum: undertone_checksum_of(block.bytes + record.start, record.count),
                input: block.input, line: linesBefore + record.line, texts: RecordTexts(record, of: scanner.batch))
            if let judge {
                if let turn = candidate.texts.turn {
                    if let tokens = judge.tokenCount(prompt: turn.prompt, completion: turn.completion), tokens > 0 {
                        candidate.tokens = tokens
                    } else {
                        candidate.problem = .unreadable
                    }
                    if wantsMasks { readMask(of: raw, into: &candidate) }
                } else {
                    candidate.problem = .notOneTurn
                }
            }
            bytes += candidate.texts.byteCount + ModelCandidate.overhead
            guard bytes <= limit else { throw tooLarge }
            candidates.append(candidate)
        }
        records += scanner.batch.records.count
    }

    private func readMask(of raw: UnsafeBufferPointer<UInt8>, into candidate: inout ModelCandidate) {
        // Only an object has a prompt and a completion; what is none has no place for a mask.
        guard let place = LossMask.place(in: raw) else { return candidate.problem = .notOneTurn }
        if let value = place.value { candidate.ownMask = LossMask.weights(raw[value]) ?? [] }
    }

    private func noPrompts(_ input: Input) -> ScanError {
        ScanError(
            .usage,
            "\(input.path) is lines of text, which have no prompt, and \(configuration.rules.firstModelRule) asks a model "
                + "about prompt and completion",
            mend: "give JSON Lines with both, or leave the rule out")
    }

    private var tooLarge: ScanError {
        ScanError(
            .input,
            "the records that \(configuration.rules.firstAskingRule) must see at once take more than \(limit >> 20) MiB",
            mend: "scan the drop in parts, or let other rules reject more of it first")
    }
}

extension RuleSet {
    /// The name of the first rule that asks the models which a trait passes between, for complaints.
    var firstModelRule: String { modelRules.first.map { definitions[$0.rule].id.description } ?? "" }

    /// The name of the first rule that asks any model, for complaints.
    var firstAskingRule: String { definitions.first(where: \.asksModel)?.id.description ?? "" }
}
