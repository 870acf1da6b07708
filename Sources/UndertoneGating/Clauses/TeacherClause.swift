// teacher: the catalogue names the model that wrote the data.

import UndertoneCore
import UndertoneLineage
import UndertoneReporting

struct TeacherClause: ItemClause {
    var name: String { ClauseKind.teacher.rawValue }
    var location: SourceLocation?

    func answer(_ node: Node, _ item: GateItem, _ context: GateContext) -> Answer {
        guard let graph = context.graph else { return Answer(status: .notKnown, detail: "there is no catalogue") }
        guard item.kind == .model else { return answer(ofDrop: node, graph, context) }
        return context.answer(ofModel: node, graph) { drop in answer(ofDrop: drop, graph, context) }
    }

    private func answer(ofDrop drop: Node, _ graph: GateGraph, _ context: GateContext) -> Answer {
        let authors = graph.authors(of: drop.id)
        if let first = authors.undeclared.first {
            let what = context.label(first)
            let isItself = first.id == drop.id
            return Answer(
                status: .fail,
                detail: isItself
                    ? "nobody said which model wrote \(what)"
                    : "\(context.label(drop)) comes from \(what), and nobody said which model wrote that",
                evidence: [context.entry(drop)] + (isItself ? [] : [context.entry(first)]),
                mend: "record the teacher: undertone lineage add drop \(shellWord(drop.name)) --teacher NAME")
        }
        let names = authors.teachers.map(context.label)
        return Answer(
            status: .pass, detail: "\(context.label(drop)) was written by \(names.joined(separator: ", "))",
            evidence: [context.entry(drop)] + authors.teachers.map(context.entry))
    }
}

extension GateContext {
    /// What holds for a model where `ask` is asked of every drop that its weights were trained on.
    func answer(ofModel model: Node, _ graph: GateGraph, _ ask: (Node) -> Answer) -> Answer {
        let beginning = graph.beginning(of: model.id)
        if let first = beginning.undeclared.first {
            return Answer(
                status: .notKnown, detail: "nobody said where the weights of \(label(first)) began",
                evidence: [entry(first)],
                mend: "record it: undertone lineage add model \(shellWord(label(first))) --base NAME")
        }
        var seen: Set<NodeID> = []
        var drops: [Node] = []
        for training in beginning.trainings {
            drops += graph.sources(of: training, .trainedOn).filter { seen.insert($0.id).inserted }
        }
        guard !drops.isEmpty else {
            return Answer(
                status: .pass, detail: "the catalogue has no training of it on a drop", evidence: [entry(model)])
        }
        return Answer.joined(drops.map(ask), "drop")
    }
}
