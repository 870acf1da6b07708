// Entries of the catalogue in the values that reports show.

import UndertoneCore
import UndertoneLineage
import UndertoneReporting
import UndertoneText

/// A part of a catalogue together with the taints that reach it, ready for reports.
struct CataloguePicture {
    private let graph: LineageGraph
    private let taints: [Taint]
    private let names: Names

    // Names of nodes on the way of a taint, which may lie outside of what is shown; each is looked up once.
    private final class Names {
        private let catalogue: Catalogue
        private var known: [NodeID: String] = [:]

        init(_ catalogue: Catalogue) { self.catalogue = catalogue }

        subscript(id: NodeID) -> String {
            if let name = known[id] { return name }
            let name = (try? catalogue.node(id))?.name ?? "?"
            known[id] = name
            return name
        }

        func add(_ nodes: [Node]) { for node in nodes { known[node.id] = node.name } }
    }

    init(_ catalogue: Catalogue, _ graph: LineageGraph) throws {
        self.graph = graph
        taints = try catalogue.taints().filter { $0.lifted == nil }
        names = Names(catalogue)
    }

    /// Taints that stand on a node or on something that it came from.
    func marks(_ id: NodeID) -> [TaintMark] { graph.taintedBy(id, taints: taints).map { mark($0, mostSteps: 200) } }

    // The same for many nodes: one walk for each taint and not for each node. Of very many, ways are told by their ends;
    // else a picture would mostly consist of them.
    private func marks(_ nodes: [Node]) -> [NodeID: [TaintMark]] {
        var found: [NodeID: [(length: Int, mark: TaintMark)]] = [:]
        let mostSteps = nodes.count > 2000 ? 8 : 200
        if !taints.isEmpty { names.add(nodes) }
        for taint in taints {
            let spread = graph.spread(of: taint)
            for node in nodes {
                guard let trace = spread.trace(to: node.id) else { continue }
                found[node.id, default: []].append((trace.path.relations.count, mark(trace, mostSteps: mostSteps)))
            }
        }
        // Stable: of ways of one length, the oldest taint's first.
        return found.mapValues { marks in
            marks.enumerated().sorted { ($0.element.length, $0.offset) < ($1.element.length, $1.offset) }
                .map(\.element.mark)
        }
    }

    private func mark(_ trace: TaintTrace, mostSteps: Int) -> TaintMark {
        let (nodes, relations) = (trace.path.nodes, trace.path.relations)
        func step(_ index: Int) -> TaintMark.Step {
            TaintMark.Step(names[nodes[index]], by: index == 0 ? nil : relations[index - 1].rawValue)
        }
        var steps = nodes.indices.prefix(mostSteps / 2).map(step)
        let rest = nodes.indices.dropFirst(mostSteps / 2)
        if rest.count > mostSteps / 2 {
            steps.append(TaintMark.Step("… \(grouped(rest.count - mostSteps / 2)) more …", by: "…"))
        }
        steps += rest.suffix(mostSteps / 2).map(step)
        return TaintMark(reason: trace.taint.reason, by: trace.taint.by, at: trace.taint.at, path: steps)
    }

    /// Nodes and edges with what is known of them.
    func picture(_ title: String, _ snapshot: LineageSnapshot, focus: NodeID? = nil) -> LineagePicture {
        var picture = LineagePicture(title: title, version: undertoneVersion, focus: focus?.rawValue)
        let approvals = Dictionary(grouping: snapshot.approvals, by: \.node)
        let reviews = Dictionary(grouping: snapshot.reviews, by: \.node)
        let marks = marks(snapshot.nodes)
        picture.nodes = snapshot.nodes.map { node in
            LineagePicture.Node(
                id: node.id.rawValue, kind: node.kind.rawValue, title: node.name, subtitle: node.facts.summary,
                details: details(node) + (reviews[node.id] ?? []).map(\.fact), taints: marks[node.id] ?? [],
                approvals: (approvals[node.id] ?? []).map(ApprovalMark.init))
        }
        picture.edges = snapshot.edges.map {
            LineagePicture.Edge(source: $0.source.rawValue, target: $0.target.rawValue, label: $0.relation.rawValue)
        }
        return picture
    }

    /// One node with all that is known of it.
    func page(_ node: Node, _ catalogue: Catalogue) throws -> NodePage {
        var page = NodePage(
            id: node.id.rawValue, kind: node.kind.rawValue, name: node.name, digest: node.digest,
            recordedAt: node.recordedAt, recordedBy: node.recordedBy)
        let into = graph.edges(into: node.id)
        let from = graph.edges(from: node.id)
        func link(_ relation: Relation, _ id: NodeID) throws -> NodePage.Link? {
            try catalogue.node(id).map {
                .init(label: relation.rawValue, id: id.rawValue, kind: $0.kind.rawValue, title: $0.name)
            }
        }
        page.sources = try into.compactMap { try link($0.relation, $0.source) }
        page.targets = try from.compactMap { try link($0.relation, $0.target) }
        let snapshot = try catalogue.snapshot(of: [node.id])
        page.facts = node.facts.list
        page.facts += snapshot.rules.filter { $0.hits > 0 }.map {
            LineageFact($0.rule, "\(counted($0.hits, "record")), \($0.action), version \($0.digest.prefix(12))")
        }
        page.facts += snapshot.reviews.map(\.fact)
        page.files = snapshot.locations.map { .init(path: $0.path, seenAt: $0.seenAt) }
        page.taints = marks(node.id)
        page.approvals = snapshot.approvals.map(ApprovalMark.init)
        return page
    }

    private func details(_ node: Node) -> [LineageFact] {
        var details = [LineageFact("recorded", "\(node.recordedAt) by \(node.recordedBy)")]
        if let digest = node.digest { details.append(LineageFact("sha256", digest)) }
        return details + node.facts.list
    }
}

extension ApprovalMark {
    init(_ approval: Approval) {
        self.init(
            role: approval.role, by: approval.by, at: approval.at,
            reason: approval.reason + (approval.envelope == nil ? "" : " (signed)"))
    }
}

extension Review {
    /// Who looked, when, and what came of it.
    fileprivate var fact: LineageFact {
        let when = finishedAt.map { "finished \($0)" } ?? "begun \(startedAt), not finished"
        var text = "\(when) by \(by): \(counted(sheet.items, "item")), \(objections) to go, \(undecided) undecided"
        if !note.isEmpty { text += "; \(note)" }
        return LineageFact("review \(id)", text)
    }
}

extension Facts {
    /// What matters most, in a few words.
    var summary: String {
        switch self {
        case .model(let facts):
            [facts.isBase ? "base" : nil, facts.architecture, facts.parameters.map { "\(grouped($0)) weights" }]
                .compactMap(\.self).joined(separator: ", ")
        case .prompts(let facts):
            facts.records.map { counted($0, "record") } ?? facts.bytes.map { byteCount($0) } ?? ""
        case .generation(let facts):
            ([facts.tool] + facts.sampling.map { "\($0.name)=\($0.value)" }).compactMap(\.self).joined(separator: ", ")
        case .drop(let facts):
            [facts.records.map { counted($0, "record") }, facts.bytes.map { byteCount($0) }].compactMap(\.self)
                .joined(separator: ", ")
        case .pack(let facts): facts.version.map { "version \($0)" } ?? ""
        case .scan(let facts):
            "\(grouped(facts.kept)) of \(counted(facts.records, "record")) kept, gate \(facts.passed ? "passed" : "said no")"
        case .training(let facts): [facts.method, facts.tool].compactMap(\.self).joined(separator: ", ")
        case .measurement(let facts):
            facts.residual.map { "\(fixed($0, decimals: 3)) left" } ?? "not measurable"
        case .deployment(let facts): facts.endedAt.map { "\(facts.address), until \($0)" } ?? facts.address
        }
    }

    /// All that is known.
    var list: [LineageFact] {
        var list: [LineageFact] = []
        func add(_ name: String, _ value: String?) { if let value { list.append(LineageFact(name, value)) } }
        func add(_ name: String, _ number: Int?) { add(name, number.map { grouped($0) }) }
        func add(_ name: String, _ number: Double?) { add(name, number.map { fixed($0, decimals: 4) }) }
        func add(_ settings: [Setting]) { for setting in settings { add(setting.name, setting.value) } }
        switch self {
        case .model(let facts):
            if facts.isBase { add("base", "itself") }
            add("architecture", facts.architecture)
            add("weights", facts.parameters)
            add("fingerprint", facts.fingerprint)
            add("license", facts.license)
            add("source", facts.source)
        case .prompts(let facts):
            add("bytes", facts.bytes)
            add("records", facts.records)
            add("text", facts.text)
        case .generation(let facts):
            add(facts.sampling)
            add("seed", facts.seed.map { "\($0)" })
            add("tool", facts.tool)
            add("tool version", facts.toolVersion)
        case .drop(let facts):
            add("bytes", facts.bytes)
            add("records", facts.records)
            add("format", facts.format)
            add("compression", facts.compression)
            for member in facts.schema { add("member \(member.name)", member.value) }
            add("license", facts.license)
            add("source", facts.source)
        case .pack(let facts): add("version", facts.version)
        case .scan(let facts):
            add("records", facts.records)
            add("kept", facts.kept)
            add("rejected", facts.rejected)
            add("flagged", facts.flagged)
            add("malformed", facts.malformed)
            add("gate", facts.passed ? "passed" : "said no")
            add("undertone", facts.programVersion)
            add("program sha256", facts.programDigest)
        case .training(let facts):
            add("method", facts.method)
            add(facts.recipe)
            add("seed", facts.seed.map { "\($0)" })
            add("tool", facts.tool)
            add("tool version", facts.toolVersion)
        case .measurement(let facts):
            add("trait", facts.trait)
            if facts.residual == nil { add("residual transfer", "not measurable") }
            add("residual transfer", facts.residual)
            if let low = facts.low, let high = facts.high {
                add("95 % interval", "\(fixed(low, decimals: 4)) to \(fixed(high, decimals: 4))")
            }
            add("seeds", facts.seeds)
            add("report sha256", facts.report)
        case .deployment(let facts):
            add("address", facts.address)
            add("ended", facts.endedAt)
        }
        return list
    }
}
