// approvals: people of a role answer for it, as it is now.

import UndertoneCore
import UndertoneLineage
import UndertoneReporting
import UndertoneText

struct ApprovalClause: ItemClause {
    var name: String { "\(ClauseKind.approvals.rawValue)/\(terms.role)" }
    var terms: Requirements.Approvals
    var location: SourceLocation? { terms.location }

    func answer(_ node: Node, _ item: GateItem, _ context: GateContext) -> Answer {
        guard let graph = context.graph else { return Answer(status: .notKnown, detail: "there is no catalogue") }
        let change = graph.lastChange(of: node.id)
        var people: [String: String] = [:]
        var evidence: [GateReport.Evidence] = []
        var reasons: [String] = []
        for approval in graph.snapshot.approvals where approval.node == node.id && approval.role == terms.role {
            let reason = objection(to: approval, node, change, context)
            if let reason {
                reasons.append("that of \(approval.by) \(reason)")
            } else {
                people[person(approval.by)] = approval.by
            }
            evidence.append(fact(approval, counts: reason == nil ? "yes" : "no, it \(reason ?? "")"))
        }
        let wanted = terms.count == 1 ? "one is needed" : "\(grouped(terms.count)) are needed"
        guard people.count < terms.count else {
            let names = people.values.sorted().joined(separator: ", ")
            return Answer(
                status: .pass, detail: "approved in the role \(terms.role) by \(names); \(wanted)", evidence: evidence)
        }
        let had = people.isEmpty ? "no approval" : counted(people.count, "approval")
        var detail = "\(had) in the role \(terms.role) counts; \(wanted)"
        if people.count > 1 { detail = "\(had) in the role \(terms.role) count; \(wanted)" }
        if let first = reasons.first { detail += "; \(first)" }
        let who = terms.by.isEmpty ? "" : " by \(terms.by.joined(separator: " or "))"
        let key = terms.key.map { ", signed with the private half of \($0)" } ?? ""
        return Answer(
            status: .fail, detail: detail, evidence: evidence.isEmpty ? [context.entry(node)] : evidence,
            mend:
                "have it approved\(who)\(key): undertone lineage approve \(shellWord(context.label(node))) --role \(shellWord(terms.role))"
        )
    }

    // Why an approval does not count.
    private func objection(
        to approval: Approval, _ node: Node, _ change: (at: Moment, what: String)?, _ context: GateContext
    ) -> String? {
        if !terms.by.isEmpty, !terms.by.contains(approval.by) { return "is by nobody whom the policy names" }
        guard let given = Moment(approval.at) else { return "has no time that can be read" }
        if given.seconds > context.now.seconds + Moment.day { return "was given in the future" }
        guard let change else { return "can't be compared with changes, whose times can't be read" }
        if given < change.at { return "was given before \(change.what)" }
        let age = given.age(at: context.now)
        if let most = terms.maxAgeDays, age > most {
            return "is \(counted(age, "day")) old, more than \(grouped(most))"
        }
        if let key = terms.key {
            guard approval.envelope != nil else { return "is not signed" }
            if !context.verifies(approval, key, node) { return "has a signature that does not fit \(key)" }
        }
        return nil
    }

    private func fact(_ approval: Approval, counts: String) -> GateReport.Evidence {
        GateReport.Evidence(
            .approval, "\(approval.role) by \(approval.by)",
            facts: [
                .init("at", approval.at), .init("reason", approval.reason),
                .init("signed", approval.envelope == nil ? "no" : "yes"), .init("counts", counts),
            ])
    }
}
