// The part of a snapshot that a document shows, with its edges by node and names that hold outside of the catalogue.

import UndertoneText

struct ExchangeGraph {
    /// What the document is about.
    let focus: Node?
    /// Ordered by id.
    let nodes: [Node]
    /// Edges between ``nodes``, in the snapshot's order.
    let edges: [Edge]
    let locations: [NodeID: [Location]]
    let taints: [Taint]
    let approvals: [Approval]
    private let snapshot: LineageSnapshot
    private let graph: LineageGraph
    private let standing: [NodeID: [Taint]]
    private let approvalsByNode: [NodeID: [Approval]]
    private let uuids: [NodeID: String]
    private let moments: [NodeID: Moment]

    init(_ snapshot: LineageSnapshot, focus: NodeID?) throws(LineageError) {
        self.snapshot = snapshot
        let whole = try LineageGraph(snapshot)
        var shown: Set<NodeID>?
        if let id = focus {
            guard let node = snapshot[id] else { throw LineageError(.notFound, "the focus is not among the nodes") }
            self.focus = node
            let measurements = whole.edges(from: id).filter { $0.relation == .measured }.map(\.target)
            shown = Set(whole.ancestors(of: id).map(\.id)).union(measurements).union([id])
        } else {
            self.focus = nil
        }
        func isShown(_ id: NodeID) -> Bool { shown?.contains(id) ?? true }
        nodes = snapshot.nodes.filter { isShown($0.id) }
        edges = snapshot.edges.filter { isShown($0.source) && isShown($0.target) }
        let part = nodes.lazy.map { (id: $0.id, kind: $0.kind) }
        graph = shown == nil ? whole : try LineageGraph(nodes: part, edges: edges)
        locations = Dictionary(grouping: snapshot.locations.filter { isShown($0.node) }, by: \.node)
        taints = snapshot.taints.filter { isShown($0.node) }
        approvals = snapshot.approvals.filter { isShown($0.node) }
        standing = Dictionary(grouping: taints.filter { $0.lifted == nil }, by: \.node)
        approvalsByNode = Dictionary(grouping: approvals, by: \.node)

        var uuids: [NodeID: String] = [:]
        var seen: [[UInt8]: Int] = [:]
        var moments: [NodeID: Moment] = [:]
        for node in nodes {
            var parts = [node.kind.rawValue, node.name, node.digest ?? ""]
            // Twins (the same activity, recorded twice) are told apart by their order.
            let key = ExchangeIdentity.digest(parts)
            let twins = seen[key, default: 0]
            seen[key] = twins + 1
            if twins > 0 { parts.append(String(twins)) }
            uuids[node.id] = ExchangeIdentity.uuid(twins > 0 ? ExchangeIdentity.digest(parts) : key)
            guard let moment = Moment(node.recordedAt) else {
                throw LineageError(
                    .corrupt, "\(node.kind.rawValue) number \(node.id.rawValue) was recorded at no proper date",
                    mend: "check the catalogue with undertone lineage verify --log")
            }
            moments[node.id] = moment
        }
        self.uuids = uuids
        self.moments = moments
    }

    subscript(id: NodeID) -> Node? { snapshot[id] }

    /// The edges that lead to a node.
    func into(_ id: NodeID) -> [Edge] { graph.edges(into: id) }

    /// The edges that lead away from a node.
    func outOf(_ id: NodeID) -> [Edge] { graph.edges(from: id) }

    /// The nodes at the other end of edges that lead to a node.
    func sources(of id: NodeID, by relation: Relation) -> [Node] {
        into(id).filter { $0.relation == relation }.compactMap { self[$0.source] }
    }

    /// The same for the same kind, name and digest, whatever the catalogue.
    func uuid(of id: NodeID) -> String { uuids[id] ?? "" }

    func uri(of id: NodeID) -> String { "urn:uuid:" + uuid(of: id) }

    func moment(of id: NodeID) -> Moment? { moments[id] }

    /// Taints that stand on the node itself.
    func standingTaints(of id: NodeID) -> [Taint] { standing[id] ?? [] }

    /// Approvals of the node itself.
    func approvals(of id: NodeID) -> [Approval] { approvalsByNode[id] ?? [] }

    /// Things from which a thing came, directly or through something that happened: each once, with the edges and
    /// activities on the way.
    func thingsBehind(_ id: NodeID) -> (things: [Node], activities: [Node]) {
        var things: [NodeID] = []
        var activities: [NodeID] = []
        var seen: Set<NodeID> = [id]
        var open = [id]
        while let next = open.popLast() {
            for edge in into(next) where seen.insert(edge.source).inserted {
                guard let node = self[edge.source] else { continue }
                if node.kind.isActivity {
                    activities.append(node.id)
                    open.append(node.id)
                } else {
                    things.append(node.id)
                }
            }
        }
        return (things.sorted().compactMap { self[$0] }, activities.sorted().compactMap { self[$0] })
    }

    /// All that a node came from, near and far, ordered by id.
    func ancestors(of id: NodeID) -> [Node] {
        graph.ancestors(of: id).map(\.id).sorted().compactMap { self[$0] }
    }
}
