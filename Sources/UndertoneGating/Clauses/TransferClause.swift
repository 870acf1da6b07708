// same-base-transfer: where teacher and student share a base, what is left of the teacher's traits was measured.
//
// A trait travels through data that looks like nothing, between models of one initialisation (Cloud et al., 2025). A filter
// does not show that it was stopped; a measurement of students that were trained on that very data does.

import UndertoneCore
import UndertoneLineage
import UndertoneReporting
import UndertoneText

struct TransferClause: ItemClause {
    var name: String { ClauseKind.sameBaseTransfer.rawValue }
    var terms: Requirements.Transfer
    var location: SourceLocation?

    func answer(_ node: Node, _ item: GateItem, _ context: GateContext) -> Answer {
        guard let graph = context.graph else { return Answer(status: .notKnown, detail: "there is no catalogue") }
        if item.kind == .model {
            let student = graph.beginning(of: node.id)
            return context.answer(ofModel: node, graph) { drop in
                answer(drop, student: student, named: context.label(node), graph, context)
            }
        }
        guard let base = item.trainBase else {
            return Answer(
                status: .notKnown, detail: "the policy does not say which model will be trained on it",
                evidence: [context.entry(node)], mend: "write train-base: NAME at the drop or under defaults")
        }
        let found = context.item(modelNamed: base)
        guard let student = found.node else { return found.absence ?? Answer(status: .notKnown, detail: base) }
        return answer(node, student: graph.beginning(of: student.id), named: base, graph, context)
    }

    private func answer(
        _ drop: Node, student: GateGraph.Beginning, named name: String, _ graph: GateGraph, _ context: GateContext
    ) -> Answer {
        let authors = graph.authors(of: drop.id)
        var shared: (teacher: Node, base: Node)?
        var unclear: Node? = authors.undeclared.first
        for teacher in authors.teachers {
            let beginning = graph.beginning(of: teacher.id)
            if let base = graph.sharedBase(beginning, student) {
                shared = shared ?? (teacher, base)
            } else if let open = beginning.undeclared.first ?? student.undeclared.first {
                unclear = unclear ?? open
            }
        }
        if let (teacher, base) = shared {
            let why = "its teacher \(context.label(teacher)) and \(name) share the base \(context.label(base))"
            return measured(drop, student, name, why, context.entry(base), graph, context)
        }
        if let unclear {
            let what = context.label(unclear)
            return Answer(
                status: .notKnown,
                detail: unclear.kind == .model
                    ? "nobody said where the weights of \(what) began" : "nobody said which model wrote \(what)",
                evidence: [context.entry(drop), context.entry(unclear)],
                mend: unclear.kind == .model
                    ? "record the base: undertone lineage add model \(shellWord(what)) --base NAME"
                    : "record the teacher: undertone lineage add drop \(shellWord(drop.name)) --teacher NAME")
        }
        let teachers = authors.teachers.map(context.label).joined(separator: ", ")
        return Answer(
            status: .pass, detail: "its teacher \(teachers) shares no base with \(name)",
            evidence: [context.entry(drop)] + authors.teachers.map(context.entry))
    }

    // MARK: - Measurements

    private struct Measurement {
        var node: Node
        var facts: MeasurementFacts
        /// Why it does not count.
        var objection: String?
    }

    private func measured(
        _ drop: Node, _ student: GateGraph.Beginning, _ name: String, _ why: String, _ base: GateReport.Evidence,
        _ graph: GateGraph, _ context: GateContext
    ) -> Answer {
        let all = graph.targets(of: drop.id, .measured).compactMap { node -> Measurement? in
            guard case .measurement(let facts) = node.facts else { return nil }
            let objection = objection(to: node, facts, of: drop, student, name, graph, context)
            return Measurement(node: node, facts: facts, objection: objection)
        }
        var answer = Answer(status: .pass, detail: "", evidence: [context.entry(drop), base])
        answer.evidence += all.map(fact)
        let traits = terms.traits.isEmpty ? Set(all.map(\.facts.trait)).sorted() : terms.traits
        var texts: [String] = []
        for trait in traits {
            let (status, text) = verdict(on: trait, all.filter { $0.facts.trait == trait })
            if status == .fail || status == .notKnown && answer.status == .pass {
                answer.status = status
                texts.insert(text, at: 0)
            } else {
                texts.append(text)
            }
        }
        if traits.isEmpty {
            answer.status = .notKnown
            texts = ["no residual transfer of \(context.label(drop)) was measured"]
        }
        answer.detail = "\(why); \(texts.joined(separator: "; "))"
        switch answer.status {
        case .pass: break
        case .fail: answer.mend = "filter the drop more, or train a model of another base on it; then measure again"
        case .notKnown:
            answer.mend = "measure what is left with students of that base, and record it for \(drop.name) and \(name)"
        }
        return answer
    }

    // Of the measurements that count, the one with the most seeds decides; of these the last. So a measurement can't be
    // repeated until it passes.
    private func verdict(on trait: String, _ all: [Measurement]) -> (GateReport.Status, String) {
        let valid = all.filter { $0.objection == nil }
        let best = valid.max { left, right in
            (left.facts.seeds ?? 0, left.node.recordedAt, left.node.id)
                < (right.facts.seeds ?? 0, right.node.recordedAt, right.node.id)
        }
        guard let best else {
            guard let other = all.last, let objection = other.objection else {
                return (.notKnown, "\(trait) was not measured")
            }
            return (.notKnown, "measurement \(other.node.id.rawValue) of \(trait) \(objection)")
        }
        let bound = terms.maxResidual
        guard let residual = best.facts.residual else {
            return (.notKnown, "\(trait) was not measurable: raw drop and raw control can't be told apart")
        }
        guard let high = best.facts.high, high.isFinite, residual.isFinite else {
            return (.notKnown, "the measurement of \(trait) has no interval")
        }
        let low = best.facts.low.map { "\(fixed($0, decimals: 3)) to " } ?? "up to "
        let figures = "\(trait) \(fixed(residual, decimals: 3)) (95 % interval \(low)\(fixed(high, decimals: 3)))"
        // An interval that does not contain its own estimate is no interval.
        guard high >= residual else { return (.notKnown, "\(figures) contradicts itself") }
        return high < bound
            ? (.pass, "\(figures) stays below \(shortest(bound))")
            : (.fail, "\(figures) does not stay below \(shortest(bound))")
    }

    private func objection(
        to node: Node, _ facts: MeasurementFacts, of drop: Node, _ student: GateGraph.Beginning, _ name: String,
        _ graph: GateGraph, _ context: GateContext
    ) -> String? {
        let sources = graph.sources(of: node.id, .measured)
        // Where a drop and what was filtered from it are both named, it is the filtered one that was measured.
        let filtered = sources.first { other in
            other.kind == .drop && other.id != drop.id
                && graph.lineage.path(from: drop.id, to: other.id) != nil
        }
        if let filtered { return "is one of \(context.label(filtered)), which was filtered from it" }
        let models = sources.filter { $0.kind == .model }
        if models.isEmpty { return "does not say from which base its students began" }
        if !models.contains(where: { graph.sharedBase(graph.beginning(of: $0.id), student) != nil }) {
            let names = models.map(context.label).joined(separator: ", ")
            return "was made with \(names), which shares no base with \(name)"
        }
        if let most = terms.maxAgeDays {
            guard let age = Moment(node.recordedAt)?.age(at: context.now) else { return "has no time" }
            if age > most { return "is \(counted(age, "day")) old, more than \(grouped(most))" }
        }
        if let least = terms.minSeeds, facts.seeds ?? 0 < least {
            return
                "has \(facts.seeds.map { counted($0, "seed") } ?? "no known number of seeds"), fewer than \(grouped(least))"
        }
        return nil
    }

    private func fact(_ measurement: Measurement) -> GateReport.Evidence {
        let facts = measurement.facts
        func figure(_ number: Double?) -> String { number.map { fixed($0, decimals: 3) } ?? "not known" }
        var shown: [GateReport.Evidence.Fact] = [
            .init("trait", facts.trait),
            .init("residual", facts.residual == nil ? "not measurable" : figure(facts.residual)),
            .init("low", figure(facts.low)), .init("high", figure(facts.high)),
            .init("seeds", facts.seeds.map(grouped) ?? "not known"), .init("recorded", measurement.node.recordedAt),
            .init("counts", measurement.objection.map { "no, it \($0)" } ?? "yes"),
        ]
        if let report = facts.report { shown.append(.init("report_sha256", report)) }
        return GateReport.Evidence(
            .measurement, "number \(measurement.node.id.rawValue)", sha256: measurement.node.digest, facts: shown)
    }

    private func shortest(_ number: Double) -> String { "\(number)" }
}
