// One scan under way: the threads, and what passes between them in order.

import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneRules

/// The state of a running scan.
final class ScanRun: @unchecked Sendable {
    private let configuration: ScanConfiguration
    private let rules: RuleSet
    private let inputs: [Input]
    private let source: BlockSource
    private let progress: ScanProgress
    private let inputMembers: [[UInt8]]

    // Used in the order of blocks, inside the turnstiles.
    private let numbering = Turnstile()
    private let writing = Turnstile()
    private var linesBefore = 0
    private var numberedInput = -1
    private let dropState: DropState?
    private let models: ModelVerdicts?
    let baseline: BaselineFilter
    private let outputs: Outputs
    /// What the catalogue wants to know, where the scan is recorded.
    let recorder: ScanRecorder?
    private var samples: Samples
    private var recordsOfInput: [Int]
    private var writtenInput = -1

    private let tallies = Monitor()
    private var tally: Tally

    init(
        _ configuration: ScanConfiguration, _ inputs: [Input], _ dropState: DropState?, _ models: ModelVerdicts?,
        _ outputs: Outputs, _ pool: DigestPool?, _ progress: ScanProgress
    ) {
        self.configuration = configuration
        self.inputs = inputs
        self.dropState = dropState
        self.models = models
        self.outputs = outputs
        self.progress = progress
        rules = configuration.rules
        recorder = configuration.lineage.map { ScanRecorder($0) }
        source = BlockSource(
            inputs, framing: configuration.framing, limits: configuration.limits,
            maxDecodedBytes: configuration.maxDecodedBytes, pool: pool, progress: progress)
        baseline = BaselineFilter(
            rules, baseline: configuration.baseline, isCollecting: configuration.collectsBaseline)
        inputMembers = inputs.map { RejectedLines.inputMember($0.path) }
        samples = Samples(limit: configuration.sampleLimit, rules: rules.definitions.count)
        recordsOfInput = Array(repeating: 0, count: inputs.count)
        tally = Tally(rules)
    }

    /// Scans all inputs.
    func run() {
        runThreads(max(1, configuration.threads)) { [self] _ in
            let worker = Worker(self)
            worker.work()
            tallies.locked { tally += worker.tally }
        }
        recorder?.end()
    }

    /// Whether models were asked about other records than were scanned.
    var isOutdated: Bool {
        guard let models, outputs.failure == nil, inputs.indices.allSatisfy({ source.state(of: $0).problem == nil })
        else { return false }
        return models.isOutdated
    }

    // MARK: What each thread does

    private final class Worker {
        private let run: ScanRun
        private let scanner: BlockScanner
        private let lines: RejectedLines
        private let output = BlockOutput()
        private let block = Block()
        private let verdicts: BlockVerdicts?
        // Loss masks that records of the block get, by index.
        private var masks: [Int: [Float]] = [:]
        @exclusivity(unchecked) var tally: Tally

        init(_ run: ScanRun) {
            self.run = run
            scanner = BlockScanner(run.rules, run.configuration.limits)
            lines = RejectedLines(run.rules, scanner.parser)
            tally = Tally(run.rules)
            verdicts = run.recorder.map { BlockVerdicts(run.rules, wantsChecksums: $0.keepsChecksums) }
        }

        func work() {
            while run.source.fill(block) {
                scanner.findings.removeAll()
                scanner.read(block)
                run.rules.evaluate(scanner.batch, scratch: scanner.scratch, into: scanner.findings)
                let linesBefore = run.numbering.pass(block.ticket) { run.number(block, scanner, &masks) }
                if case .tooLong(isFirst: true, _) = block.kind { tally.addTooLong() }
                let before = (tally.records, tally.rejected)
                tally.blankLines += scanner.blankLines
                tally.add(scanner.findings)
                format(linesBefore)
                if let verdicts {
                    if case .tooLong = block.kind { verdicts.readTooLong() } else { verdicts.read(block, scanner) }
                }
                run.progress.add(records: tally.records - before.0, rejected: tally.rejected - before.1)
                run.writing.pass(block.ticket) { run.write(block, scanner, output, lines, verdicts, linesBefore) }
                if block.isLarge {
                    output.removeAll()
                    scanner.trim()
                }
            }
            run.source.release(block)
        }

        // Makes the bytes of kept and rejected records ready. Kept records that follow each other are copied at once, the
        // blank lines between them too.
        private func format(_ linesBefore: Int) {
            output.removeAll()
            let wantsKept = run.outputs.wantsKept
            let wantsRejected = run.outputs.wantsRejected
            guard wantsKept || wantsRejected else { return }
            switch block.kind {
            case .records, .truncated: break
            case .tooLong, .end: return
            }
            let bytes = UnsafePointer(block.bytes)
            let verdicts = scanner.findings.verdicts.base
            let isArray = block.isInArray
            let hasMasks = !masks.isEmpty
            var copied = 0
            for index in 0..<scanner.findings.verdicts.count {
                let verdict = verdicts[index]
                let record = scanner.batch.records[index]
                let end = record.start + record.count
                if isArray, verdict.verdict != .reject {
                    if output.kept.count > 0 { output.kept.append(",\n") }
                    let start = hasMasks ? appendMasked(index, record, bytes, from: record.start) : record.start
                    output.kept.append(bytes + start, count: end - start)
                }
                guard verdict.verdict == .reject else {
                    output.keptRecords += 1
                    if hasMasks, wantsKept, !isArray { copied = appendMasked(index, record, bytes, from: copied) }
                    continue
                }
                output.rejectedRecords += 1
                let isTerminated = isArray || end < block.count
                if wantsKept, !isArray, record.start > copied {
                    output.kept.append(bytes + copied, count: record.start - copied)
                }
                copied = min(end + 1, block.count)
                guard wantsRejected else { continue }
                let isFirst = linesBefore + record.line == 1
                lines.append(
                    record, bytes, line: linesBefore + record.line, input: run.inputMembers[block.input],
                    isText: block.framing == .text, isTerminated: isTerminated,
                    hasByteOrderMark: isFirst && run.source.state(of: block.input).hasByteOrderMark,
                    scanner.batch.fields.base,
                    UnsafeBufferPointer(
                        start: scanner.findings.findings.base + verdict.firstFinding, count: verdict.findingCount),
                    into: &output.rejected)
            }
            guard wantsKept, !isArray, copied < block.count else { return }
            output.kept.append(bytes + copied, count: block.count - copied)
            output.isKeptTerminated = block.bytes[block.count - 1] == 0x0A
        }

        // Copies what stands before a record's mask, and the mask; gives the place from where bytes are still to be copied.
        private func appendMasked(_ index: Int, _ record: Record, _ bytes: UnsafePointer<UInt8>, from: Int) -> Int {
            guard let mask = masks[index],
                let change = LossMask.change(
                    of: UnsafeBufferPointer(start: bytes + record.start, count: record.count), to: mask)
            else { return from }
            output.kept.append(bytes + from, count: record.start + change.bytes.lowerBound - from)
            output.kept.append(change.text)
            return record.start + change.bytes.upperBound
        }
    }

    // MARK: In order

    // Returns the lines of the input before this block.
    private func number(_ block: Block, _ scanner: BlockScanner, _ masks: inout [Int: [Float]]) -> Int {
        if block.input != numberedInput {
            numberedInput = block.input
            linesBefore = 0
        }
        let before = linesBefore
        linesBefore += scanner.lines
        dropState?.complete(scanner.findings)
        if baseline.isNeeded { baseline.apply(scanner.batch, scanner.findings) }
        // Behind the baseline: what is chosen against the rest of a drop can't be known from another one.
        if let models { masks = models.complete(block, scanner) }
        return before
    }

    private func write(
        _ block: Block, _ scanner: BlockScanner, _ output: BlockOutput, _ lines: RejectedLines,
        _ verdicts: BlockVerdicts?, _ linesBefore: Int
    ) {
        if let recorder, let verdicts { recorder.write(block, scanner, verdicts, linesBefore) }
        if block.input != writtenInput {
            writtenInput = block.input
            let state = source.state(of: block.input)
            // An input that can't be opened leaves no empty file behind that looks like a result.
            guard state.isOpened else { return }
            outputs.begin(block.input, state)
        }
        switch block.kind {
        case .records, .truncated:
            recordsOfInput[block.input] += scanner.batch.records.count
            outputs.write(output)
            collectSamples(block, scanner, linesBefore)
        case .tooLong(let isFirst, let isLast):
            writeLong(block, lines, linesBefore, isFirst: isFirst, isLast: isLast)
        case .end:
            break
        }
        if outputs.failure != nil { progress.cancel() }
    }

    private func writeLong(_ block: Block, _ lines: RejectedLines, _ linesBefore: Int, isFirst: Bool, isLast: Bool) {
        var head = PlainBuffer<UInt8>(capacity: 256)
        if isFirst {
            recordsOfInput[block.input] += 1
            let finding = Finding(
                rule: RuleSet.malformedRule, reason: UInt16(Malformation.tooLong.rawValue), field: .max, start: 0,
                end: 0)
            lines.begin(line: linesBefore + 1, input: inputMembers[block.input], into: &head)
            let (rule, action, reason) = rules.names(of: finding)
            head.append(Array(#"{"rule":"\#(rule)","action":"\#(action)","reason":"\#(reason)","at":[0]}],"#.utf8))
            if linesBefore == 0, source.state(of: block.input).hasByteOrderMark {
                head.append(RejectedLines.byteOrderMark)
            }
            head.append(#""raw_base64":""#)
            addSample(
                finding, block, record: Record(start: 0, count: block.count, line: 1, firstField: 0), nil, linesBefore,
                "")
        }
        // The line feed ends the record and is no part of it.
        var count = block.count
        let endsInLineFeed = isLast && count > 0 && !block.isInArray && block.bytes[count - 1] == 0x0A
        if endsInLineFeed { count -= 1 }
        outputs.writeLong(
            UnsafeRawBufferPointer(start: head.base, count: head.count),
            UnsafeBufferPointer(start: block.bytes, count: count), isLast: isLast,
            isTerminated: block.isInArray || endsInLineFeed)
    }

    private func collectSamples(_ block: Block, _ scanner: BlockScanner, _ linesBefore: Int) {
        // Most blocks come when there are samples enough.
        let found = scanner.findings.findings.count
        guard (0..<found).contains(where: { samples.wants(ruleIndex(scanner.findings.findings[$0])) }) else {
            return samples.omit(found)
        }
        for index in 0..<scanner.findings.verdicts.count {
            let verdict = scanner.findings.verdicts[index]
            for found in verdict.firstFinding..<verdict.firstFinding + verdict.findingCount {
                let finding = scanner.findings.findings[found]
                let record = scanner.batch.records[index]
                let field =
                    finding.field == .max
                    ? nil : scanner.batch.fields[record.firstField + Int(finding.field)]
                addSample(
                    finding, block, record: record, field, linesBefore,
                    field.map { scanner.parser.pointer(of: $0) } ?? "")
            }
        }
    }

    private func addSample(
        _ finding: Finding, _ block: Block, record: Record, _ field: Field?, _ linesBefore: Int,
        _ pointer: @autoclosure () -> String
    ) {
        let rule = ruleIndex(finding)
        guard samples.wants(rule) else { return samples.omit(1) }
        samples.add(
            ScanReport.Sample(
                finding, rule: rule, reason: rules.names(of: finding).reason, record: record, field: field,
                block: block.bytes, input: block.input, line: linesBefore + record.line, pointer: pointer(),
                isJSON: block.framing != .text, groups: field.map { rules.groups(of: finding, in: $0) } ?? []))
    }

    // Records that can't be looked at come behind all rules.
    private func ruleIndex(_ finding: Finding) -> Int {
        finding.rule == RuleSet.malformedRule ? rules.definitions.count : Int(finding.rule)
    }

    // MARK: The report

    /// The report of a finished scan, without its duration.
    func report(_ list: InputList) -> ScanReport {
        var report = ScanReport(version: undertoneVersion)
        report.packs = configuration.packs
        report.records = tally.records
        report.rejected = tally.rejected
        report.kept = tally.records - tally.rejected
        report.flagged = tally.flagged
        report.malformed = tally.malformed
        report.blankLines = tally.blankLines
        report.suppressed = baseline.suppressedRecords
        report.masks = models?.tally
        report.judging = models?.judging ?? []
        for (rule, definition) in rules.definitions.enumerated() {
            report.rules.append(
                ScanReport.RuleTally(
                    id: definition.id.description, kind: definition.kind, description: definition.description,
                    why: definition.why, source: definition.source, action: definition.action.name,
                    tags: definition.tags, digest: definition.digest, hits: tally.hits[rule],
                    reasons: tally.reasons(of: rule, names: rules.reasons(of: rule)),
                    suppressed: baseline.suppressed[rule]))
        }
        if tally.malformed > 0 {
            report.rules.append(.malformed(hits: tally.hits[rules.definitions.count], reasons: tally.malformations))
        }
        for (index, input) in inputs.enumerated() {
            let state = source.state(of: index)
            report.bytes += state.decodedBytes
            report.inputs.append(
                ScanReport.Input(
                    path: input.path, sha256: state.digest?.hexadecimal, bytes: state.storedBytes,
                    records: recordsOfInput[index], format: state.framing.rawValue,
                    compression: state.compression.rawValue, problem: state.problem))
        }
        for error in list.errors {
            report.inputs.append(
                ScanReport.Input(path: error.path, records: 0, format: "", problem: error.description))
        }
        report.outputs = outputs.failure == nil ? outputs.reports : []
        report.samples = samples.sorted
        report.omittedSamples = samples.omitted
        report.notes = baseline.notes
        if configuration.baseline != nil, baseline.unused > 0 {
            report.notes.append(
                "\(baseline.unused) baseline entries met nothing any more; --write-baseline makes a smaller one")
        }
        if let masks = report.masks, outputs.wantsKept { report.notes += masks.notes }
        if list.skippedFiles > 0 {
            report.notes.append("\(list.skippedFiles) files in folders have no ending of a data file and were not read")
        }
        report.clauses = ScanGate.clauses(
            of: report, thresholds: configuration.thresholds, rules: rules,
            hasBaseline: configuration.baseline != nil)
        if let failure = outputs.failure {
            report.clauses.insert(
                ScanReport.Clause(name: "output", passed: false, detail: failure.description), at: 0)
        }
        report.passed = report.clauses.allSatisfy(\.passed)
        return report
    }
}
