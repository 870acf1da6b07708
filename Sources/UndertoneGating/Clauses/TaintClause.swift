// no-tainted-ancestor: nothing that it comes from is tainted, nor the model that will be trained on it.

import UndertoneCore
import UndertoneLineage
import UndertoneReporting
import UndertoneText

struct TaintClause: ItemClause {
    var name: String { ClauseKind.noTaintedAncestor.rawValue }
    var location: SourceLocation?

    func answer(_ node: Node, _ item: GateItem, _ context: GateContext) -> Answer {
        guard let graph = context.graph else { return Answer(status: .notKnown, detail: "there is no catalogue") }
        var starts = [node]
        if let base = item.trainBase, case .node(let student) = graph.model(named: base) { starts.append(student) }
        var answer = Answer(status: .pass, detail: "")
        var ancestors: Set<NodeID> = []
        for start in starts {
            let (traces, reach) = graph.taints(on: start.id)
            ancestors.formUnion(reach.lazy.map(\.id))
            for trace in traces.prefix(mostEvidence) {
                let taint = trace.taint
                guard let bad = graph[taint.node] else { continue }
                let remark = "tainted \(taint.at.prefix(10)) by \(taint.by): \"\(taint.reason)\""
                answer.evidence.append(context.way(trace.path, remark: remark))
                guard answer.status == .pass else { continue }
                let what = start.id == node.id ? context.label(start) : "\(context.label(start)), to be trained on it,"
                answer = Answer(
                    status: .fail,
                    detail: trace.isOwn
                        ? "\(what) is tainted" : "\(what) comes from \(context.label(bad)), which is tainted",
                    evidence: answer.evidence,
                    mend: "leave it out and make it anew from what is clean, or lift the taint if it was wrong: "
                        + "undertone lineage untaint \(shellWord(context.label(bad)))")
            }
        }
        if answer.status == .pass {
            let count = ancestors.subtracting(starts.map(\.id)).count
            answer.detail = "none of its \(counted(count, "ancestor")) is tainted"
            if count == 0 { answer.detail = "it is not tainted, and the catalogue knows no ancestor of it" }
            answer.evidence = starts.map(context.entry)
        }
        return answer
    }
}
