// recorded-scan: the catalogue has a scan with these packs that read the drop or kept it, and its gate passed.

import UndertoneCore
import UndertoneLineage
import UndertoneReporting
import UndertoneText

struct RecordedScanClause: ItemClause {
    var name: String { ClauseKind.recordedScan.rawValue }
    var packs: [String]
    var location: SourceLocation?

    func answer(_ node: Node, _ item: GateItem, _ context: GateContext) -> Answer {
        guard let graph = context.graph else { return Answer(status: .notKnown, detail: "there is no catalogue") }
        guard item.kind == .model else { return answer(ofDrop: node, graph, context) }
        return context.answer(ofModel: node, graph) { drop in answer(ofDrop: drop, graph, context) }
    }

    private struct Scan {
        var node: Node
        var facts: ScanFacts
        var packs: [Node]
    }

    private func answer(ofDrop drop: Node, _ graph: GateGraph, _ context: GateContext) -> Answer {
        let nodes = graph.sources(of: drop.id, .kept) + graph.targets(of: drop.id, .scanned)
        let scans = nodes.compactMap { node -> Scan? in
            guard case .scan(let facts) = node.facts else { return nil }
            return Scan(node: node, facts: facts, packs: graph.sources(of: node.id, .rules))
        }
        var evidence: [GateReport.Evidence] = []
        var problems: [String] = []
        for pack in packs {
            // Of several, one that passed, and of these the last.
            let having = scans.filter { $0.packs.contains { $0.name == pack } }
            guard let scan = having.last(where: \.facts.passed) ?? having.last else {
                problems.append("the catalogue has no scan of \(context.label(drop)) with \(pack)")
                continue
            }
            if !scan.facts.passed { problems.append("the gate of \(context.label(scan.node)) with \(pack) said no") }
            evidence.append(fact(scan, context))
            evidence += scan.packs.filter { $0.name == pack }.map(context.entry)
        }
        guard let problem = problems.first else {
            let names = packs.joined(separator: ", ")
            return Answer(
                status: .pass, detail: "\(context.label(drop)) was scanned with \(names), and the gate passed",
                evidence: evidence)
        }
        return Answer(
            status: .fail, detail: problem, evidence: evidence.isEmpty ? [context.entry(drop)] : evidence,
            mend:
                "scan it and record that: undertone scan \(shellWord(drop.name)) --rules \(packs.map(shellWord).joined(separator: " --rules ")) "
                + "--lineage PATH")
    }

    private func fact(_ scan: Scan, _ context: GateContext) -> GateReport.Evidence {
        GateReport.Evidence(
            .scan, "number \(scan.node.id.rawValue)", sha256: scan.node.digest,
            facts: [
                .init("recorded", scan.node.recordedAt), .init("records", grouped(scan.facts.records)),
                .init("kept", grouped(scan.facts.kept)), .init("rejected", grouped(scan.facts.rejected)),
                .init("malformed", grouped(scan.facts.malformed)),
                .init("gate", scan.facts.passed ? "passed" : "failed"),
            ])
    }
}
