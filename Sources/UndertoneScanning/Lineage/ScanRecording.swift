// A finished scan goes to the catalogue.

import CUndertone
import UndertoneCore
public import UndertoneLineage
import UndertoneRecords
import UndertoneReporting
public import UndertoneRulePacks
import UndertoneRules

/// Where a scan is recorded.
public struct LineageTarget: Sendable {
    /// The catalogue.
    public var catalogue: Catalogue
    /// Who records.
    public var author: Author
    /// The packs with their texts.
    public var packs: [RulePack]
    /// Whether a checksum of every record is kept, four bytes each, so that a later change can be placed.
    public var keepsChecksums = true

    /// A catalogue, and who writes to it.
    public init(_ catalogue: Catalogue, author: Author, packs: [RulePack]) {
        self.catalogue = catalogue
        self.author = author
        self.packs = packs
    }
}

/// Passes on what the catalogue wants to know of every record. Used in the order of blocks, by one thread at a time.
final class ScanRecorder {
    let verdicts: VerdictRecorder
    let keepsChecksums: Bool
    private var input = -1
    private var lastLine = 0
    private var longChecksum = undertone_checksum()

    init(_ target: LineageTarget) {
        verdicts = VerdictRecorder(beside: target.catalogue)
        keepsChecksums = target.keepsChecksums
    }

    func write(_ block: Block, _ scanner: BlockScanner, _ made: BlockVerdicts, _ linesBefore: Int) {
        if block.input != input {
            end()
            input = block.input
            lastLine = 0
            verdicts.begin(input: input)
        }
        switch block.kind {
        case .records, .truncated:
            lastLine = linesBefore + scanner.lines
            verdicts.add(made.marks, linesBefore: linesBefore, lastLine: lastLine)
            verdicts.add(
                checksums: UnsafeBufferPointer(start: made.checksums.base, count: made.checksums.count))
        case .tooLong(let isFirst, let isLast):
            if isFirst {
                verdicts.add(made.marks, linesBefore: linesBefore, lastLine: linesBefore + 1)
                undertone_checksum_begin(&longChecksum)
            }
            var count = block.count
            if isLast {
                lastLine = linesBefore + scanner.lines
                // The line feed ends the record and is no part of it.
                if count > 0, !block.isInArray, block.bytes[count - 1] == 0x0A { count -= 1 }
            }
            undertone_checksum_add(&longChecksum, block.bytes, count)
            if isLast, keepsChecksums {
                withUnsafePointer(to: undertone_checksum_end(&longChecksum)) {
                    verdicts.add(checksums: UnsafeBufferPointer(start: $0, count: 1))
                }
            }
        case .end: break
        }
    }

    /// The last input has ended.
    func end() { if input >= 0 { verdicts.end(lastLine: lastLine) } }
}

extension ScanRecord {
    /// What a catalogue keeps of a report; `nil` with the reason where it can't be kept.
    init(_ report: ScanReport, _ rules: RuleSet, _ packs: [RulePack]) throws(LineageError) {
        var facts = ScanFacts(programVersion: report.version)
        facts.programDigest = report.programDigest
        facts.records = report.records
        facts.kept = report.kept
        facts.rejected = report.rejected
        facts.flagged = report.flagged
        facts.malformed = report.malformed
        facts.passed = report.passed
        self.init(facts: facts)
        for input in report.inputs {
            guard let digest = input.sha256, input.problem == nil else {
                throw LineageError(
                    .usage, "the scan was not recorded, since \(input.path) was not read to its end",
                    mend: "mend the input and scan it again")
            }
            var facts = DropFacts(bytes: input.bytes)
            facts.records = input.records
            facts.format = input.format
            facts.compression = input.compression
            inputs.append(File(path: input.path == "-" ? nil : input.path, digest: digest, facts: facts))
        }
        // Several inputs of one form go to one file; in a folder each has its own, whose form shows when it is read.
        let formats = Set(report.inputs.map(\.format))
        for output in report.outputs {
            guard let digest = output.sha256, let role = Relation(rawValue: output.role) else { continue }
            var facts = DropFacts(bytes: output.bytes)
            facts.records = output.records
            facts.format = role == .rejected ? "json-lines" : formats.count == 1 ? formats.first : nil
            facts.compression = output.compression
            // What went down a pipe or to a device can't be found again under that name.
            let isFile = output.path != "-" && !output.path.hasPrefix("/dev/")
            outputs.append((role, File(path: isFile ? output.path : nil, digest: digest, facts: facts)))
        }
        self.packs = packs.map { pack in
            Pack(
                name: pack.name, version: pack.version, digest: pack.digest,
                texts: [(pack.name, pack.text)] + pack.includedTexts)
        }
        for (index, definition) in rules.definitions.enumerated() {
            let tally = report.rules[index]
            self.rules.append(
                Rule(
                    name: definition.id.description, digest: definition.digest, action: definition.action.name,
                    hits: tally.hits, reasons: tally.reasons))
        }
        let malformed = report.rules.dropFirst(rules.definitions.count).first
        self.rules.append(
            Rule(
                name: ScanReport.RuleTally.malformed(hits: 0, reasons: []).id, digest: "", action: Action.reject.name,
                hits: malformed?.hits ?? 0,
                reasons: malformed?.reasons ?? Malformation.allCases.map { ($0.reason, 0) }))
    }
}
