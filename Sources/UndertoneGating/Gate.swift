// The decision: a policy and evidence in, a report out. Pure.

public import UndertoneCore
public import UndertoneReporting
import UndertoneLineage
import UndertoneText

/// Holds a policy against evidence.
///
/// A clause that nobody can answer is *not known* and blocks, unless the policy allows that. A policy that checks nothing,
/// and a drop without any file, fail.
///
/// - Parameter verifies: whether an approval's signature fits; asked only where the policy names a key.
/// - Complexity: O(subjects × (nodes + edges)).
public func evaluate(
    _ policy: Policy, _ evidence: GateEvidence, version: String = undertoneVersion,
    verifies: @escaping ApprovalCheck = { _, _, _ in false }
) -> GateReport {
    var report = GateReport(version: version, policy: policy.file, decidedAt: Moment(seconds: evidence.now).text)
    if case .snapshot(_, let path) = evidence.lineage { report.lineage = path }
    let context = GateContext(evidence, verifies: verifies)
    for (index, drop) in policy.drops.enumerated() {
        let found = index < evidence.drops.count ? evidence.drops[index] : GateEvidence.Drop()
        let subject = GateReport.Subject(.drop, drop.path.text)
        let place = GateReport.Place(drop.path.location)
        if found.files.isEmpty {
            report.clauses.append(
                GateReport.Clause(
                    "has-files", subject, .fail, detail: found.problem ?? "no file is there",
                    mend: "mend the path, or take the drop out of the policy", place: place))
            continue
        }
        if let problem = found.problem {
            report.clauses.append(
                GateReport.Clause(
                    "has-files", subject, .fail, detail: problem, mend: "mend the path or the file's rights",
                    place: place))
        }
        report.clauses += scanClauses(drop, found, subject)
        if let reference = drop.reference { report.clauses.append(referenceClause(reference, found, subject)) }
        let items = found.files.map { context.item($0, trainBase: drop.trainBase?.text) }
        report.clauses += clauses(drop.requirements, items, subject, drop.path.location, context)
    }
    for model in policy.models {
        let subject = GateReport.Subject(.model, model.name.text)
        let items = [context.item(modelNamed: model.name.text)]
        report.clauses += clauses(model.requirements, items, subject, model.name.location, context)
    }
    for index in report.clauses.indices where report.clauses[index].status == .notKnown {
        let kind = ClauseKind(rawValue: String(report.clauses[index].name.prefix { $0 != "/" }))
        report.clauses[index].isAllowed = kind.map(policy.allowedNotKnown.contains) ?? false
    }
    if report.clauses.isEmpty {
        let named = policy.drops.isEmpty && policy.models.isEmpty
        report.clauses = [
            GateReport.Clause(
                "checks-something", GateReport.Subject(.policy, policy.file), .fail,
                detail: named ? "the policy names no drop and no model" : "the policy asks for nothing",
                mend: named
                    ? "name what may be trained on under drops, or a model under models"
                    : "name rules, or switch a clause on under require")
        ]
    }
    report.notes = context.notes(policy, evidence)
    return report
}

/// One thing that clauses of the catalogue are asked about: a file of a drop, or a model.
struct GateItem {
    enum Kind { case drop, model }

    var kind: Kind
    /// As people know it.
    var name: String
    var sha256: String?
    /// Its entry in the catalogue.
    var node: Node?
    /// Why there is no entry, and what to do about it.
    var absence: Answer?
    /// The model that will be trained on it.
    var trainBase: String?
}

/// What a clause says about one item.
struct Answer {
    var status: GateReport.Status
    var detail: String
    var evidence: [GateReport.Evidence] = []
    var mend: String?
}

/// A clause that is asked of every item by itself.
protocol ItemClause {
    /// Its name in reports.
    var name: String { get }
    /// Where the policy asks for it; `nil` for a default.
    var location: SourceLocation? { get }
    /// What it says about an item that is in the catalogue.
    func answer(_ node: Node, _ item: GateItem, _ context: GateContext) -> Answer
}

extension Requirements {
    /// The clauses that are asked for, in the order of reports.
    var clauses: [any ItemClause] {
        var clauses: [any ItemClause] = []
        if noTaintedAncestor.terms { clauses.append(TaintClause(location: noTaintedAncestor.location)) }
        if teacher.terms { clauses.append(TeacherClause(location: teacher.location)) }
        if let sameBaseTransfer {
            clauses.append(TransferClause(terms: sameBaseTransfer.terms, location: sameBaseTransfer.location))
        }
        if let recordedScan {
            clauses.append(RecordedScanClause(packs: recordedScan.terms, location: recordedScan.location))
        }
        if let license { clauses.append(LicenseClause(terms: license.terms, location: license.location)) }
        clauses += approvals.map { ApprovalClause(terms: $0) }
        if let reviews { clauses.append(ReviewClause(terms: reviews.terms, location: reviews.location)) }
        return clauses
    }
}

/// Most facts that one clause shows.
let mostEvidence = 50

private func clauses(
    _ requirements: Requirements, _ items: [GateItem], _ subject: GateReport.Subject, _ location: SourceLocation,
    _ context: GateContext
) -> [GateReport.Clause] {
    requirements.clauses.map { clause in
        let answers = items.map { item -> Answer in
            guard let node = item.node else {
                return item.absence ?? Answer(status: .notKnown, detail: "\(item.name) is not in the catalogue")
            }
            return clause.answer(node, item, context)
        }
        let whole = Answer.joined(answers, "file")
        return GateReport.Clause(
            clause.name, subject, whole.status, detail: whole.detail,
            evidence: Array(whole.evidence.prefix(mostEvidence)), mend: whole.mend,
            place: GateReport.Place(clause.location ?? location))
    }
}

extension Answer {
    /// One answer for several things: the worst of them, the figures, and the evidence of all.
    static func joined(_ answers: [Answer], _ noun: String) -> Answer {
        guard answers.count > 1 else {
            return answers.first ?? Answer(status: .notKnown, detail: "there is nothing to ask about")
        }
        let failed = answers.filter { $0.status == .fail }
        let open = answers.filter { $0.status == .notKnown }
        let worst = failed.first ?? open.first ?? answers[0]
        var whole = worst
        whole.evidence = (failed + open + answers.filter { $0.status == .pass }).flatMap(\.evidence)
        let all = counted(answers.count, noun)
        switch worst.status {
        case .pass: whole.detail = "holds for all of \(all); of the first: \(worst.detail)"
        case .fail: whole.detail = "fails for \(grouped(failed.count)) of \(all); of the first: \(worst.detail)"
        case .notKnown: whole.detail = "not known for \(grouped(open.count)) of \(all); of the first: \(worst.detail)"
        }
        return whole
    }
}

extension GateReport.Place {
    init(_ location: SourceLocation) { self.init(line: location.line, column: location.column) }
}
