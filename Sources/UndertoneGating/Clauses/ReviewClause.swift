// reviews: so many people looked at exactly this drop, item by item, and nobody's last word on it is a rejection.

import UndertoneCore
import UndertoneLineage
import UndertoneReporting
import UndertoneText

struct ReviewClause: ItemClause {
    var name: String { ClauseKind.reviews.rawValue }
    var terms: Requirements.Reviews
    var location: SourceLocation?

    // Rejected items that one review shows as evidence.
    private static let mostItems = 5

    func answer(_ node: Node, _ item: GateItem, _ context: GateContext) -> Answer {
        guard let graph = context.graph else { return Answer(status: .notKnown, detail: "there is no catalogue") }
        // Of a model: every drop that its weights were trained on.
        guard item.kind == .model else { return answer(ofDrop: node, graph, context) }
        return context.answer(ofModel: node, graph) { drop in answer(ofDrop: drop, graph, context) }
    }

    private func answer(ofDrop drop: Node, _ graph: GateGraph, _ context: GateContext) -> Answer {
        let change = graph.lastChange(of: drop.id)
        var people: [String: String] = [:]
        var rejections: [Review] = []
        var reasons: [String] = []
        var evidence: [GateReport.Evidence] = []
        let reviews = graph.snapshot.reviews.filter { $0.node == drop.id }
        let last = lastWords(reviews, context)
        for review in reviews {
            let isAllowed = terms.by.isEmpty || terms.by.map(person).contains(person(review.by))
            let isLast = last[person(review.by)] == review.id
            // A rejection stands until the same person reviews again, however old it is and whatever was recorded since:
            // the content is still the one that was rejected.
            let isRejection = isAllowed && isLast && review.objections > terms.maxRejected
            var reason: String?
            if isRejection {
                rejections.append(review)
                reason = "rejects \(counted(review.objections, "item"))"
            } else {
                reason =
                    isAllowed
                    ? objection(to: review, isLast: isLast, change, context) : "is by nobody whom the policy names"
                if let reason {
                    reasons.append("that of \(review.by) \(reason)")
                } else {
                    people[person(review.by)] = review.by
                }
            }
            evidence.append(fact(review, counts: reason.map { "no, it \($0)" } ?? "yes"))
            guard isRejection else { continue }
            let rejected = review.items.filter { $0.decision != .fine }
            evidence += rejected.prefix(ReviewClause.mostItems).map { fact($0, of: review) }
        }
        let shown = evidence.isEmpty ? [context.entry(drop)] : evidence
        let command = "undertone review \(shellWord(drop.name)) --by NAME"
        if let first = rejections.first {
            let names = Set(rejections.map(\.by)).sorted().joined(separator: ", ")
            return Answer(
                status: .fail,
                detail: "\(names) rejected items of \(context.label(drop)), which are still in it; "
                    + "\(first.by) rejected \(counted(first.objections, "item")), "
                    + "and \(grouped(terms.maxRejected)) may be",
                evidence: shown,
                mend: "export what was rejected as a rule pack, scan with it and review the kept data; whoever thinks "
                    + "otherwise now reviews again: \(command)")
        }
        let wanted = terms.people == 1 ? "one is needed" : "\(grouped(terms.people)) are needed"
        guard people.count < terms.people else {
            let names = people.values.sorted().joined(separator: ", ")
            return Answer(status: .pass, detail: "reviewed by \(names); \(wanted)", evidence: evidence)
        }
        let had = people.isEmpty ? "no review" : counted(people.count, "review")
        var detail = "\(had) of \(context.label(drop)) \(people.count > 1 ? "count" : "counts"); \(wanted)"
        if let first = reasons.first { detail += "; \(first)" }
        let who = terms.by.isEmpty ? "" : " by \(terms.by.joined(separator: " or "))"
        return Answer(status: .fail, detail: detail, evidence: shown, mend: "have it reviewed\(who): \(command)")
    }

    // The last finished review of each person that is not from the future, by the person.
    private func lastWords(_ reviews: [Review], _ context: GateContext) -> [String: Int64] {
        var last: [String: (at: Moment, id: Int64)] = [:]
        for review in reviews {
            guard let at = review.finishedAt.flatMap({ Moment($0) }), !isToCome(at, context) else { continue }
            let name = person(review.by)
            if let known = last[name], (known.at, known.id) > (at, review.id) { continue }
            last[name] = (at, review.id)
        }
        return last.mapValues(\.id)
    }

    private func isToCome(_ moment: Moment, _ context: GateContext) -> Bool {
        moment.seconds > context.now.seconds + Moment.day
    }

    // Why a review does not count.
    private func objection(
        to review: Review, isLast: Bool, _ change: (at: Moment, what: String)?, _ context: GateContext
    ) -> String? {
        guard let finished = review.finishedAt else { return "is not finished" }
        guard let given = Moment(finished) else { return "has no time that can be read" }
        if isToCome(given, context) { return "was finished in the future" }
        guard isLast else { return "was followed by another one" }
        guard let change else { return "can't be compared with changes, whose times can't be read" }
        if given < change.at { return "was finished before \(change.what)" }
        let age = given.age(at: context.now)
        if let most = terms.maxAgeDays, age > most {
            return "is \(counted(age, "day")) old, more than \(grouped(most))"
        }
        if review.undecided > terms.maxUndecided {
            return "leaves \(counted(review.undecided, "item")) undecided, more than \(grouped(terms.maxUndecided))"
        }
        return nil
    }

    private func fact(_ review: Review, counts: String) -> GateReport.Evidence {
        func decided(_ decision: Review.Item.Decision) -> String {
            grouped(review.items.count { $0.decision == decision })
        }
        return GateReport.Evidence(
            .review, "number \(review.id) by \(review.by)", sha256: review.sheet.digest,
            facts: [
                .init("at", review.finishedAt ?? "not finished"), .init("items", grouped(review.sheet.items)),
                .init("fine", decided(.fine)), .init("rejected", decided(.reject)), .init("rules", decided(.rule)),
                .init("undecided", grouped(review.undecided)), .init("note", review.note), .init("counts", counts),
            ])
    }

    private func fact(_ item: Review.Item, of review: Review) -> GateReport.Evidence {
        GateReport.Evidence(
            .review, "item \(item.position + 1) of number \(review.id)",
            facts: [
                .init("list", item.list), .init("text", String(item.text.prefix(200))),
                .init("records", grouped(item.count)), .init("decision", item.decision.rawValue),
                .init("phrase", item.phrase ?? ""), .init("note", item.note),
            ].filter { !$0.value.isEmpty })
    }
}
