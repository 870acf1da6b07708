// reference: the drop is not further from its reference than the policy allows, as a classifier tells single records apart.

import UndertoneReporting
import UndertoneText

/// The clause `reference` of a drop.
func referenceClause(
    _ reference: Policy.Reference, _ found: GateEvidence.Drop, _ subject: GateReport.Subject
) -> GateReport.Clause {
    let name = ClauseKind.reference.rawValue
    let place = GateReport.Place(reference.path.location)
    let path = reference.path.text
    let distance = found.distance ?? GateEvidence.Distance(problem: "the comparison did not take place")
    var evidence = distance.reference.map { GateReport.Evidence(.file, $0.path, sha256: $0.sha256) }
    guard let area = distance.auroc else {
        return GateReport.Clause(
            name, subject, .notKnown, detail: distance.problem ?? "no area could be found", evidence: evidence,
            mend: "look at both: undertone compare \(shellWord(subject.name)) --reference \(shellWord(path))",
            place: place)
    }
    func shown(_ value: Double) -> String { fixed(value, decimals: 3) }
    evidence.insert(
        GateReport.Evidence(
            .comparison, "compared now with \(path)",
            facts: [
                .init("auroc", shown(area.value)), .init("low", shown(area.low)), .init("high", shown(area.high)),
                .init("p_value", distance.pValue.map { fixed($0, decimals: 3) } ?? "not known"),
                .init("tells_most", distance.told.joined(separator: "; ")),
            ].filter { !$0.value.isEmpty }), at: 0)
    let detail =
        "a classifier tells single records from \(path) with an area of \(shown(area.value)) "
        + "(95 % \(shown(area.low)) to \(shown(area.high))); at most \(shown(reference.maxAuroc)) is allowed, 0.5 is chance"
    // An area below 0.5 tells the two apart no better than chance does.
    guard area.value > reference.maxAuroc else {
        return GateReport.Clause(name, subject, .pass, detail: detail, evidence: evidence, place: place)
    }
    return GateReport.Clause(
        name, subject, .fail, detail: detail, evidence: evidence,
        mend: "see what differs: undertone compare \(shellWord(subject.name)) --reference \(shellWord(path))",
        place: place)
}
