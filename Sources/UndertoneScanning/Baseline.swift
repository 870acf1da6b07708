// Findings that were there before and may stay, known by their content and not by their place.

import Crypto
public import Foundation
import UndertoneCore
import UndertoneRecords
import UndertoneRules

/// A known set of findings. Those in it pass, each as often as it was there; anything else is new.
///
/// A finding is known by its rule and the SHA-256 of the field that it was found in, so that moving a record changes
/// nothing and changing a record's text makes it a new one.
public struct Baseline: Sendable {
    /// A finding that may stay.
    public struct Entry: Sendable, Codable {
        /// The rule's full name.
        public var rule: String
        /// The rule as it was then; an entry of a rule that has changed does not count.
        public var ruleDigest: String
        /// SHA-256 over the field's bytes.
        public var fingerprint: String
        /// Records that had it.
        public var count: Int
        /// Why it may stay; for people.
        public var reason: String?

        enum CodingKeys: String, CodingKey {
            case rule, fingerprint, count, reason
            case ruleDigest = "rule_digest"
        }
    }

    private struct File: Codable {
        var version: Int
        var entries: [Entry]

        enum CodingKeys: String, CodingKey {
            case version = "undertone_baseline"
            case entries
        }
    }

    /// The entries.
    public var entries: [Entry]

    /// A baseline of these entries.
    public init(entries: [Entry]) { self.entries = entries }

    /// Reads a baseline.
    ///
    /// - Throws: ``ScanError`` of code `usage` where it is none.
    public init(json: Data, path: String) throws(ScanError) {
        do {
            let file = try JSONDecoder().decode(File.self, from: json)
            guard file.version == 1 else {
                throw ScanError(
                    .usage, "\(path): baseline version \(file.version) is newer than this program",
                    mend: "write it anew with --write-baseline")
            }
            entries = file.entries
        } catch let error as ScanError {
            throw error
        } catch {
            throw ScanError(
                .usage, "\(path): this is no baseline", mend: "write one with --write-baseline \(path)")
        }
    }

    /// The baseline as JSON, its entries in a fixed order.
    public func json() -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let sorted = entries.sorted { ($0.rule, $0.fingerprint) < ($1.rule, $1.fingerprint) }
        return ((try? encoder.encode(File(version: 1, entries: sorted))) ?? Data()) + Data("\n".utf8)
    }

    static func fingerprint(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        var hasher = SHA256()
        hasher.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        return hexadecimal(hasher.finalize())
    }
}

/// A baseline at work: takes findings off a batch, or collects them. Batches come in the order of the input.
final class BaselineFilter {
    private struct Key: Hashable {
        var rule: Int
        var fingerprint: String
    }

    private let rules: RuleSet
    private var left: [Key: Int] = [:]
    private var collected: [Key: Int] = [:]
    private let isCollecting: Bool
    private let isFiltering: Bool
    private var kept = PlainBuffer<Finding>(capacity: 16)
    /// Records that passed, by rule.
    private(set) var suppressed: [Int]
    private(set) var suppressedRecords = 0
    /// What is odd about the baseline.
    private(set) var notes: [String] = []

    init(_ rules: RuleSet, baseline: Baseline?, isCollecting: Bool) {
        self.rules = rules
        self.isCollecting = isCollecting
        isFiltering = baseline != nil
        suppressed = Array(repeating: 0, count: rules.definitions.count)
        var outdated = 0
        for entry in baseline?.entries ?? [] {
            guard let rule = rules.definitions.firstIndex(where: { $0.id.description == entry.rule }),
                rules.definitions[rule].digest == entry.ruleDigest
            else {
                outdated += 1
                continue
            }
            left[Key(rule: rule, fingerprint: entry.fingerprint), default: 0] += entry.count
        }
        if outdated > 0 {
            notes.append(
                "\(outdated) baseline entries belong to rules that have changed or are not active; they do not count")
        }
    }

    var isNeeded: Bool { isCollecting || isFiltering }

    /// Takes the known findings off a batch. A malformed record is never known.
    func apply(_ batch: RecordBatch, _ findings: FindingBuffer) {
        kept.removeAll()
        for index in 0..<findings.verdicts.count {
            var verdict = findings.verdicts[index]
            let first = kept.count
            var seen: Set<Key> = []
            var passed: Set<Int> = []
            for found in verdict.firstFinding..<verdict.firstFinding + verdict.findingCount {
                let finding = findings.findings[found]
                if finding.rule == RuleSet.malformedRule {
                    kept.append(finding)
                    continue
                }
                let rule = Int(finding.rule)
                let field = batch.fields[batch.records[index].firstField + Int(finding.field)]
                let key = Key(rule: rule, fingerprint: Baseline.fingerprint(field.bytes))
                if seen.insert(key).inserted {
                    if isCollecting { collected[key, default: 0] += 1 }
                    if let count = left[key], count > 0 {
                        left[key] = count - 1
                        passed.insert(rule)
                    }
                }
                if isFiltering, passed.contains(rule) { continue }
                kept.append(finding)
            }
            for rule in passed { suppressed[rule] += 1 }
            if !passed.isEmpty { suppressedRecords += 1 }
            verdict.firstFinding = first
            verdict.findingCount = kept.count - first
            verdict.verdict = rules.verdict(of: kept.base + first, count: verdict.findingCount)
            findings.verdicts[index] = verdict
        }
        findings.findings.removeAll()
        findings.findings.append(kept.base, count: kept.count)
    }

    /// What was collected.
    var baseline: Baseline {
        Baseline(
            entries: collected.map { key, count in
                Baseline.Entry(
                    rule: rules.definitions[key.rule].id.description, ruleDigest: rules.definitions[key.rule].digest,
                    fingerprint: key.fingerprint, count: count, reason: nil)
            })
    }

    /// Entries that met nothing any more.
    var unused: Int { left.values.count { $0 > 0 } }
}
