// The flow of a scan: bytes → records → rules → verdicts → sinks.
//
//     threads   fill a block (in turn) → parse → evaluate ─┐
//     in order  line numbers, duplicates, baseline  ◄──────┘  (and what models said, where rules asked them before)
//     threads   count, make kept and rejected bytes ready ─┐
//     in order  write, collect samples              ◄──────┘

public import UndertoneCore
public import UndertoneLineage
public import UndertoneRecords
public import UndertoneReporting
public import UndertoneRules

/// What to scan, with which rules, and where to.
public struct ScanConfiguration: Sendable {
    /// Files, folders, patterns, `-`.
    public var inputs: [String]
    /// The compiled rules; without any a scan does not begin.
    public var rules: RuleSet
    /// The packs that the rules come from, for the report.
    public var packs: [ScanReport.Pack] = []
    /// Bounds that decide whether the scan passes.
    public var thresholds = GateThresholds()
    /// `nil`: by content.
    public var framing: Framing?
    /// What exceeds them is malformed.
    public var limits = RecordLimits()
    /// Decompressed bytes of one input that are read at most.
    public var maxDecodedBytes = Int.max
    /// Threads that parse and judge; reading, hashing and writing take turns among them or run beside them.
    public var threads = 1
    /// Whether SHA-256 of inputs and outputs is computed, beside the scan.
    public var computesDigests = true
    /// Where kept records go; `nil`: nowhere.
    public var kept: OutputTarget?
    /// Where rejected records go, with their reasons; `nil`: nowhere.
    public var rejected: OutputTarget?
    /// Findings that may stay.
    public var baseline: Baseline?
    /// Whether all findings are collected for a new baseline.
    public var collectsBaseline = false
    /// Earlier drops for every `duplicate` rule, beside those that the rules name.
    public var earlierDrops: [String] = []
    /// Answers for rules that need a model; a scan by such rules does not begin without.
    public var judge: (any ModelJudge)?
    /// Answers for rules of kind `judge`; a scan by such rules does not begin without.
    package var recordJudge: (any RecordJudge)?
    /// Where the scan is recorded; needs ``computesDigests``.
    public var lineage: LineageTarget?
    /// Findings that the report shows at most; a few of every rule are shown beyond.
    public var sampleLimit = 200

    /// A scan of these inputs by these rules, with nothing else asked.
    public init(inputs: [String], rules: RuleSet) {
        self.inputs = inputs
        self.rules = rules
    }
}

/// A finished scan.
public struct ScanOutcome: Sendable {
    /// What was found.
    public var report: ScanReport
    /// All findings, if they were asked for.
    public var baseline: Baseline?
    /// An output that could not be written; no output was put in its place then.
    public var outputProblem: String?

    /// Why the scan is not in the catalogue, where it should be; outputs are in their places all the same.
    public var lineageProblem: LineageError?
    /// The scan's node in the catalogue.
    public var recorded: NodeID?
    /// What judges said, record by record.
    package var judgements: [ScanJudgement] = []

    /// 0 passed · 1 the gate says no · 3 input or output failed.
    public var exitCode: Int32 {
        if outputProblem != nil || lineageProblem != nil || report.inputs.contains(where: { $0.problem != nil }) {
            return 3
        }
        return report.passed ? 0 : 1
    }
}

/// Scans drops.
///
/// Guarantees: kept and rejected records are all records that were read, in order and byte for byte but for loss masks that
/// rules add, whatever the number of threads; outputs appear whole or not at all; the same inputs and rules give the same bytes.
///
/// - Throws: ``ScanError`` where the scan could not begin or was cancelled. An input that fails on the way is in the
///   report, and the other inputs go on.
/// - Complexity: O(bytes); memory is bounded, but for rules over the whole drop (see ``DropState``) and rules that need a
///   model, which hold what they ask about (see ``ModelReading``).
public func scan(
    _ configuration: ScanConfiguration, progress: ScanProgress = ScanProgress()
) throws(ScanError) -> ScanOutcome {
    guard !configuration.rules.definitions.isEmpty else {
        throw ScanError(.usage, "no rule is active, so nothing would be checked", mend: "name a pack with --rules")
    }
    guard configuration.computesDigests || configuration.lineage == nil else {
        throw ScanError(.usage, "a scan without digests can't be recorded", mend: "leave --no-digest out")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let list = InputList(arguments: configuration.inputs)
    if list.inputs.isEmpty, let error = list.errors.first { throw ScanError(.input, error.description) }
    let models = try ModelVerdicts.read(configuration, list.inputs, progress) { () throws(ScanError) in
        try makeDropState(configuration, list, progress)
    }
    let dropState = try makeDropState(configuration, list, progress)
    let pool = configuration.computesDigests ? DigestPool(threads: min(4, configuration.threads)) : nil
    defer { pool?.close() }
    let outputs: Outputs
    do throws(OutputError) {
        outputs = try Outputs(
            kept: configuration.kept, rejected: configuration.rejected, inputs: list.inputs, pool: pool)
    } catch {
        // Nothing was opened yet: what is wrong is what the user asked for.
        throw ScanError(.usage, error.description)
    }
    progress.begin(totalBytes: list.storedBytes ?? 0)
    let program = pool?.digest()
    if let program { digestProgram(into: program) }
    let run = ScanRun(configuration, list.inputs, dropState, models, outputs, pool, progress)
    run.run()
    if progress.isCancelled, outputs.failure == nil {
        outputs.abort()
        throw ScanError(.cancelled, "the scan was ended early; nothing was written")
    }
    if run.isOutdated {
        outputs.abort()
        throw ScanError(
            .input, "the drop changed while it was read twice, so what models said of it no longer holds",
            mend: "scan it again when nobody writes to it")
    }
    if outputs.failure == nil { outputs.commit() } else { outputs.abort() }
    var report = run.report(list)
    report.programDigest = program?.hexadecimal
    var outcome = ScanOutcome(
        report: report, baseline: configuration.collectsBaseline ? run.baseline.baseline : nil,
        outputProblem: outputs.failure?.description)
    outcome.judgements = models?.judgements ?? []
    if let target = configuration.lineage, let recorder = run.recorder, outputs.failure == nil {
        record(&outcome, configuration.rules, recorder, target)
    }
    outcome.report.seconds = start.duration(to: clock.now) / .seconds(1)
    return outcome
}

// Outputs are in their places by now: what the catalogue tells of is there.
private func record(
    _ outcome: inout ScanOutcome, _ rules: RuleSet, _ recorder: ScanRecorder, _ target: LineageTarget
) {
    do throws(LineageError) {
        let recorded = try target.catalogue.record(
            try ScanRecord(outcome.report, rules, target.packs), recorder.verdicts, by: target.author)
        outcome.recorded = recorded.scan
        outcome.report.notes += recorded.notes
        outcome.report.notes.append("recorded as scan:\(recorded.scan.rawValue) in \(target.catalogue.path)")
    } catch {
        outcome.lineageProblem = error
    }
}

// The program's own file: which build it was that gave this result.
private func digestProgram(into digest: Digest) {
    _ = startThread {
        defer { digest.end() }
        guard var source = try? ByteSource.open(Input(path: "/proc/self/exe"), tap: digest) else { return }
        try? source.drain()
    }
}

// Rules over the whole drop may need to read it, or earlier drops, before the first record can be judged.
private func makeDropState(
    _ configuration: ScanConfiguration, _ list: InputList, _ progress: ScanProgress
) throws(ScanError) -> DropState? {
    let rules = configuration.rules
    guard !rules.dropRules.isEmpty else { return nil }
    let state = DropState(rules)
    var earlier = rules.earlierDrops.map { (rule: Optional($0.rule), paths: $0.paths) }
    if !configuration.earlierDrops.isEmpty { earlier.append((nil, configuration.earlierDrops)) }
    for (rule, paths) in earlier {
        let drops = InputList(arguments: paths)
        if let error = drops.errors.first { throw ScanError(.input, "an earlier drop can't be read: \(error)") }
        let problem = readKeys(configuration, drops.inputs, progress) { findings, _ in
            state.remember(findings, for: rule)
        }
        if let problem { throw ScanError(.input, "an earlier drop can't be read: \(problem)") }
    }
    if rules.needsCounting {
        // The drop is read twice; standard input can only be read once, so it is put aside first.
        try makeReadableTwice(list.inputs)
        _ = readKeys(configuration, list.inputs, progress) { findings, records in
            state.count(findings, records: records)
        }
        rewindStandardInput(list.inputs)
    }
    return state
}

// Reads inputs for the contents of their records alone. Returns the first problem.
private func readKeys(
    _ configuration: ScanConfiguration, _ inputs: [Input], _ progress: ScanProgress,
    _ body: (FindingBuffer, Int) -> Void
) -> String? {
    let source = BlockSource(
        inputs, framing: configuration.framing, limits: configuration.limits,
        maxDecodedBytes: configuration.maxDecodedBytes, pool: nil, progress: progress)
    let reader = BlockScanner(configuration.rules, configuration.limits)
    let block = Block()
    while source.fill(block) {
        if case .tooLong(isFirst: true, _) = block.kind { body(reader.findings, 1) }
        guard case .records = block.kind else { continue }
        reader.read(block)
        configuration.rules.evaluate(reader.batch, scratch: reader.scratch, into: reader.findings)
        body(reader.findings, reader.batch.records.count)
        reader.findings.removeAll()
    }
    return inputs.indices.lazy.compactMap { source.state(of: $0).problem }.first
}

/// What one thread needs to scan blocks.
final class BlockScanner {
    let rules: RuleSet
    let parser: RecordParser
    let batch: RecordBatch
    let scratch = RuleScratch()
    let findings = FindingBuffer()
    private let records: BlockRecords

    /// Lines of the block that was read last.
    var lines: Int { records.lines }
    /// Those of them that are blank.
    var blankLines: Int { records.blankLines }

    /// - Parameter showsAllFields: whether fields that no rule looks at are read too.
    init(_ rules: RuleSet, _ limits: RecordLimits, showsAllFields: Bool = false) {
        self.rules = rules
        var plan = rules.plan
        plan.wantsAllFields = showsAllFields
        records = BlockRecords(plan, limits)
        parser = records.parser
        batch = records.batch
    }

    /// Gives back memory that a large block needed.
    func trim() {
        records.trim()
        scratch.trim()
        findings.removeAll()
        findings.findings.shrink(to: 1024)
    }

    /// Reads the records of a block; their lines count from 1.
    func read(_ block: Block) { records.read(block) }
}
