// Counts of what rules found. Each thread has its own; sums do not depend on who counted what.

import UndertoneCore
import UndertoneRules

/// Counts of records and findings.
struct Tally {
    var records = 0
    var rejected = 0
    var flagged = 0
    var malformed = 0
    var blankLines = 0
    /// Records with at least one finding, by rule; the last entry is for records that can't be looked at.
    var hits: [Int]
    /// Findings by reason: `reasonStarts[rule] + reason`.
    var reasons: [Int]
    private let reasonStarts: [Int]
    private let ruleCount: Int
    // The record that a rule was counted for last.
    private var lastRecord: [Int]

    init(_ rules: RuleSet) {
        ruleCount = rules.definitions.count
        hits = Array(repeating: 0, count: ruleCount + 1)
        lastRecord = Array(repeating: -1, count: ruleCount + 1)
        reasonStarts = Tally.reasonStarts(rules)
        reasons = Array(repeating: 0, count: reasonStarts[ruleCount] + Malformation.allCases.count + 1)
    }

    /// Where the reasons of each rule begin when those of all rules are counted through; behind the last rule come the
    /// reasons of malformed records.
    static func reasonStarts(_ rules: RuleSet) -> [Int] {
        var starts = [0]
        for rule in rules.definitions.indices { starts.append(starts[rule] + rules.reasons(of: rule).count) }
        return starts
    }

    /// Counts the records of a batch and their findings.
    mutating func add(_ batch: FindingBuffer) {
        let verdicts = batch.verdicts.base
        for index in 0..<batch.verdicts.count where verdicts[index].findingCount > 0 {
            add(verdicts[index], batch.findings.base, record: records &+ index)
        }
        records += batch.verdicts.count
    }

    private mutating func add(_ verdict: RecordVerdict, _ findings: UnsafePointer<Finding>, record: Int) {
        switch verdict.verdict {
        case .keep: break
        case .flag: flagged += 1
        case .reject: rejected += 1
        }
        for index in verdict.firstFinding..<verdict.firstFinding + verdict.findingCount {
            let finding = findings[index]
            let isMalformed = finding.rule == RuleSet.malformedRule
            let rule = isMalformed ? ruleCount : Int(finding.rule)
            if isMalformed { malformed += 1 }
            if lastRecord[rule] != record {
                lastRecord[rule] = record
                hits[rule] += 1
            }
            reasons[reasonStarts[rule] + Int(finding.reason)] += 1
        }
    }

    /// Counts one record over the limit.
    mutating func addTooLong() {
        records += 1
        rejected += 1
        malformed += 1
        hits[ruleCount] += 1
        reasons[reasonStarts[ruleCount] + Int(Malformation.tooLong.rawValue)] += 1
    }

    /// Findings of a rule by reason.
    func reasons(of rule: Int, names: [String]) -> [(name: String, count: Int)] {
        names.indices.map { (names[$0], reasons[reasonStarts[rule] + $0]) }
    }

    /// Malformed records by reason.
    var malformations: [(name: String, count: Int)] {
        Malformation.allCases.map { ($0.reason, reasons[reasonStarts[ruleCount] + Int($0.rawValue)]) }
    }

    static func += (sum: inout Tally, part: Tally) {
        sum.records += part.records
        sum.rejected += part.rejected
        sum.flagged += part.flagged
        sum.malformed += part.malformed
        sum.blankLines += part.blankLines
        for index in sum.hits.indices { sum.hits[index] += part.hits[index] }
        for index in sum.reasons.indices { sum.reasons[index] += part.reasons[index] }
    }
}
