// scan: the rules that the policy names ran over the drop just now; each clause of the scan's gate is one here.

import UndertoneReporting
import UndertoneStatistics
import UndertoneText

/// The clauses of the scan of a drop: `scan/has-records`, `scan/max-reject-rate`, …
func scanClauses(
    _ drop: Policy.Drop, _ found: GateEvidence.Drop, _ subject: GateReport.Subject
) -> [GateReport.Clause] {
    guard !drop.rules.isEmpty else { return [] }
    let place = drop.rules.first.map { GateReport.Place($0.location) }
    let name = ClauseKind.scan.rawValue
    guard let scan = found.scan else {
        return [
            GateReport.Clause(
                name, subject, .notKnown, detail: found.problem ?? "the scan did not take place", place: place)
        ]
    }
    let evidence = scanEvidence(scan)
    // The first one, has-records, shows what was read, and by which rules.
    var clauses = scan.clauses.enumerated().map { index, clause in
        GateReport.Clause(
            "\(name)/\(clause.name)", subject, clause.passed ? .pass : .fail, detail: clause.detail,
            evidence: clause.passed && index > 0 ? [] : evidence,
            mend: clause.passed
                ? nil
                : "look at the records: undertone scan \(shellWord(drop.path.text)) "
                    + drop.rules.map { "--rules \(shellWord($0.text))" }.joined(separator: " "),
            place: place)
    }
    // The scan's own verdict counts, whether or not a clause explains it.
    if !scan.passed, !clauses.contains(where: { $0.status == .fail }) {
        clauses.append(
            GateReport.Clause(
                name, subject, .fail, detail: "the scan says no", evidence: evidence, place: place))
    }
    if clauses.isEmpty {
        clauses.append(
            GateReport.Clause(name, subject, .pass, detail: "the scan passed", evidence: evidence, place: place))
    }
    return clauses
}

private let mostInputs = 10

// The figures first, then the inputs and the packs by their digests.
private func scanEvidence(_ scan: ScanReport) -> [GateReport.Evidence] {
    let rate = scan.rejectRate
    var facts: [GateReport.Evidence.Fact] = [
        .init("records", grouped(scan.records)), .init("kept", grouped(scan.kept)),
        .init("rejected", grouped(scan.rejected)), .init("malformed", grouped(scan.malformed)),
    ]
    if scan.records > 0 {
        let low = fixed(rate.interval.low * 100, decimals: 2)
        let high = fixed(rate.interval.high * 100, decimals: 2)
        facts.append(.init("reject_rate", "\(percent(scan.rejected, of: scan.records)) (95 % \(low) to \(high))"))
    }
    var evidence = [GateReport.Evidence(.scan, "scanned now", facts: facts)]
    for input in scan.inputs.prefix(mostInputs) {
        evidence.append(
            GateReport.Evidence(
                .file, input.path, sha256: input.sha256, facts: [.init("records", grouped(input.records))]))
    }
    if scan.inputs.count > mostInputs {
        evidence.append(GateReport.Evidence(.file, counted(scan.inputs.count - mostInputs, "more file")))
    }
    for pack in scan.packs {
        var facts: [GateReport.Evidence.Fact] = []
        if let version = pack.version { facts.append(.init("version", version)) }
        evidence.append(GateReport.Evidence(.entry, "rules \(pack.name)", sha256: pack.digest, facts: facts))
    }
    return evidence
}
