// Which records of a model are kept: by the rules and the engine of scans, in memory, or by their carrier's form.

import UndertoneCore
import UndertoneRecords
import UndertoneRulePacks
import UndertoneRules
import UndertoneScanning
import UndertoneTraining
import UndertoneTransfer

/// Judges one record at a time by rule packs. One thread at a time may use it.
final class RuleFilter: @unchecked Sendable {
    private let rules: RuleSet
    private let parser: RecordParser
    private let batch = RecordBatch()
    private let scratch = RuleScratch()
    private let findings = FindingBuffer()

    /// - Parameter names: packs by name or file.
    /// - Throws: `SettingsError`; wrong usage for rules that only a whole drop can be judged by, or that need a model.
    init(packs names: [String]) throws {
        let library = PackLibrary()
        rules = try RuleSet(RuleSelection(try names.map { try library.pack($0) }).rules)
        if let first = rules.dropRules.first {
            throw ScanError(
                .usage, "\(rules.definitions[first].id) looks at a whole drop, and records are judged one by one here",
                mend: "sample by other rules, and scan the drop by this one")
        }
        if let first = rules.definitions.first(where: \.asksModel) {
            throw ScanError(
                .usage,
                "\(first.id) asks a model about a whole drop, and records are judged one by one here",
                mend: "sample by other rules, and scan the drop by this one")
        }
        parser = RecordParser(plan: rules.plan)
    }

    /// Whether the rules keep a record, flagged or not.
    func keeps(_ record: TrainingRecord) -> Bool {
        let bytes = record.line + [UInt8](repeating: 0, count: RecordParser.padding)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            findings.removeAll()
            _ = parser.readJSONLines(base, count: bytes.count - RecordParser.padding, firstLine: 1, into: batch)
            rules.evaluate(batch, scratch: scratch, into: findings)
            return findings.verdicts.count == 1 && findings.verdicts[0].verdict != .reject
        }
    }
}
