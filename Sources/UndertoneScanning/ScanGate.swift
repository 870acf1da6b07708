// Whether a scan passes: the clauses, each with its figures.

import UndertoneCore
import UndertoneReporting
import UndertoneRules

/// Decides whether a scan passes.
enum ScanGate {
    /// Share of the records that one rule may reject unless a pack or the user says otherwise. A rule that rejects nearly
    /// everything is a broken rule, or the wrong one for the data.
    static let maxSharePerRule = 0.9

    static func clauses(
        of report: ScanReport, thresholds: GateThresholds, rules: RuleSet, hasBaseline: Bool
    ) -> [ScanReport.Clause] {
        var clauses: [ScanReport.Clause] = []
        func add(_ name: String, _ passed: Bool, _ detail: String) {
            clauses.append(ScanReport.Clause(name: name, passed: passed, detail: detail))
        }
        for input in report.inputs {
            if let problem = input.problem { add("input \(input.path)", false, problem) }
        }
        add(
            "has-records", report.records > 0,
            report.records > 0 ? "\(report.records) records were read" : "there is no record in any input")
        if report.records > 0 {
            add(
                "keeps-records", report.kept > 0,
                report.kept > 0 ? "\(report.kept) records are kept" : "all \(report.records) records are rejected")
        }
        let largest = thresholds.maxSharePerRule ?? maxSharePerRule
        for (index, definition) in rules.definitions.enumerated() {
            let tally = report.rules[index]
            func hits(_ isCounted: (Action) -> Bool) -> Int {
                guard rules.kinds[index] == .judge else { return isCounted(definition.action) ? tally.hits : 0 }
                return tally.reasons.reduce(0) { sum, reason in
                    let place = rules.reasons(of: index).firstIndex(of: reason.name)
                    guard let place, isCounted(rules.action(of: index, reason: place)) else { return sum }
                    return sum + reason.count
                }
            }
            let failing = hits { $0 == .fail }
            if failing > 0 {
                add("fail \(tally.id)", false, "\(failing) records met a rule whose action is fail; none may")
            }
            let rejecting = hits { $0 >= .reject }
            if report.records > 0, Double(rejecting) > largest * Double(report.records) {
                add(
                    "max-share-per-rule \(tally.id)", false,
                    "it rejects \(rejecting) of \(report.records) records, more than \(percent(largest)) of them; is it "
                        + "the right rule for this data?")
            }
        }
        if let bound = thresholds.maxRejectRate {
            let allowed = Int((bound * Double(report.records)).rounded(.down))
            add(
                "max-reject-rate", report.rejected <= allowed,
                "\(report.rejected) of \(report.records) records are rejected, \(allowed) may be (\(percent(bound)))")
        }
        if let bound = thresholds.maxMalformed {
            add(
                "max-malformed", report.malformed <= bound, "\(report.malformed) records are malformed, \(bound) may be"
            )
        }
        for (id, bound) in thresholds.maxFindings.sorted(by: { $0.key.description < $1.key.description }) {
            let hits = report.rules.first { $0.id == id.description }?.hits ?? 0
            add("max-findings \(id)", hits <= bound, "\(hits) records met it, \(bound) may")
        }
        if let bound = thresholds.minKept {
            add("min-kept", report.kept >= bound, "\(report.kept) records are kept, at least \(bound) must be")
        }
        if hasBaseline {
            // What models say comes behind the baseline, since some of it depends on the rest of the drop.
            let new = report.rules.reduce(0) { $0 + (RuleDefinition.asksModel($1.kind) ? 0 : $1.hits) }
            add(
                "baseline", new == 0,
                new == 0 ? "every finding is in the baseline" : "\(new) findings are not in the baseline; they are new")
        }
        return clauses
    }

    private static func percent(_ share: Double) -> String {
        let tenths = (share * 1000).rounded()
        return tenths.truncatingRemainder(dividingBy: 10) == 0
            ? "\(Int(tenths / 10)) %" : "\(Int(tenths / 10)).\(Int(tenths) % 10) %"
    }
}
