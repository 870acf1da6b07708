// The statement of where a drop or model comes from, as a function of a part of the catalogue (docs/attestation.md
// describes it member by member).

import UndertoneCore
import UndertoneText

extension Statement {
    /// The bytes of a statement of where `focus` comes from: its ancestors and itself, the scans and measurements of
    /// them, and what was said of them. Texts of prompts and rule packs stay out, as do paths; their digests are in.
    ///
    /// The same snapshot, focus and time give the same bytes. O(nodes + edges).
    ///
    /// - Parameters:
    ///   - snapshot: holds at least what the statement is about; more does no harm.
    ///   - time: now, RFC 3339.
    /// - Throws: ``LineageError`` where `focus` is not in the snapshot or has no digest.
    static func lineageBytes(
        of focus: NodeID, in snapshot: LineageSnapshot, at time: String
    ) throws(LineageError) -> [UInt8] {
        guard let node = snapshot[focus] else {
            throw LineageError(.notFound, "node \(focus.rawValue) is not in this part of the catalogue")
        }
        let subject = try subject(node)
        let part = try StatementPart(of: focus, in: snapshot)
        return bytes(subjects: [subject], predicateType: lineageType) { json in
            json.object("generator") { json in
                json.member("name", "undertone")
                json.member("version", undertoneVersion)
            }
            json.member("madeAt", time)
            json.member("focus", part.number(focus))
            json.member("isTainted", part.isTainted)
            part.write(into: &json)
        }
    }
}

/// What of a snapshot a statement tells, numbered from 1: a catalogue's own numbers mean nothing elsewhere.
private struct StatementPart {
    private let nodes: [Node]
    private let edges: [Edge]
    private let taints: [Taint]
    private let approvals: [Approval]
    private let rules: [RecordedRule]
    private let reviews: [Review]
    private let numbers: [NodeID: Int]
    /// Whether a taint stands on the focus or an ancestor.
    let isTainted: Bool

    init(of focus: NodeID, in snapshot: LineageSnapshot) throws(LineageError) {
        let graph = try LineageGraph(snapshot)
        let origin = Set(graph.ancestors(of: focus).map(\.id)).union([focus])
        // What was looked at and measured on the way, and with which rules, though nothing came of it.
        var told = origin
        for edge in snapshot.edges where edge.relation == .scanned || edge.relation == .measured {
            if origin.contains(edge.source) { told.insert(edge.target) }
        }
        for edge in snapshot.edges where edge.relation == .rules && told.contains(edge.target) {
            told.insert(edge.source)
        }
        nodes = snapshot.nodes.filter { told.contains($0.id) }
        edges = snapshot.edges.filter { told.contains($0.source) && told.contains($0.target) }
        taints = snapshot.taints.filter { origin.contains($0.node) }
        approvals = snapshot.approvals.filter { origin.contains($0.node) }
        rules = snapshot.rules.filter { told.contains($0.scan) }
        reviews = snapshot.reviews.filter { origin.contains($0.node) && $0.finishedAt != nil }
        numbers = Dictionary(nodes.enumerated().map { ($0.element.id, $0.offset + 1) }) { first, _ in first }
        isTainted = taints.contains { $0.lifted == nil }
    }

    /// The number of a node in the statement.
    func number(_ id: NodeID) -> Int { numbers[id] ?? 0 }

    func write(into json: inout JSONWriter) {
        json.array("nodes") { json in
            for node in nodes { write(node, into: &json) }
        }
        json.array("edges") { json in
            for edge in edges {
                json.object { json in
                    json.member("source", number(edge.source))
                    json.member("relation", edge.relation.rawValue)
                    json.member("target", number(edge.target))
                }
            }
        }
        json.array("rules") { json in
            for rule in rules {
                json.object { json in
                    json.member("scan", number(rule.scan))
                    json.member("rule", rule.rule)
                    json.object("digest") { $0.member("sha256", rule.digest) }
                    json.member("action", rule.action)
                    json.member("hits", rule.hits)
                }
            }
        }
        json.array("taints") { json in
            for taint in taints { write(taint, into: &json) }
        }
        json.array("approvals") { json in
            for approval in approvals {
                json.object { json in
                    json.member("node", number(approval.node))
                    json.member("role", approval.role)
                    json.member("by", approval.by)
                    json.member("approvedAt", approval.at)
                    json.member("reason", approval.reason)
                }
            }
        }
        guard !reviews.isEmpty else { return }
        json.array("reviews") { json in
            for review in reviews { write(review, into: &json) }
        }
    }

    // How much of what was decided; texts of data stay out.
    private func write(_ review: Review, into json: inout JSONWriter) {
        json.object { json in
            json.member("node", number(review.node))
            json.member("by", review.by)
            json.member("startedAt", review.startedAt)
            json.known("finishedAt", review.finishedAt)
            json.member("note", review.note)
            json.object("sheet") { $0.member("sha256", review.sheet.digest) }
            if let reference = review.sheet.reference { json.object("reference") { $0.member("sha256", reference) } }
            json.member("items", review.sheet.items)
            for decision in Review.Item.Decision.allCases {
                json.member(decision.rawValue, review.items.count { $0.decision == decision })
            }
        }
    }

    private func write(_ node: Node, into json: inout JSONWriter) {
        json.object { json in
            json.member("id", number(node.id))
            json.member("kind", node.kind.rawValue)
            json.member("name", node.name)
            if let digest = node.digest { json.object("digest") { $0.member("sha256", digest) } }
            json.member("recordedAt", node.recordedAt)
            json.member("recordedBy", node.recordedBy)
            json.object("facts") { json in node.facts.write(into: &json) }
        }
    }

    private func write(_ taint: Taint, into json: inout JSONWriter) {
        json.object { json in
            json.member("node", number(taint.node))
            json.member("reason", taint.reason)
            json.member("by", taint.by)
            json.member("taintedAt", taint.at)
            guard let lifted = taint.lifted else { return }
            json.object("lifted") { json in
                json.member("by", lifted.by)
                json.member("liftedAt", lifted.at)
                json.member("reason", lifted.reason)
            }
        }
    }
}

extension Facts {
    // What nobody said is left out.
    fileprivate func write(into json: inout JSONWriter) {
        switch self {
        case .model(let facts):
            json.member("isBase", facts.isBase)
            json.known("architecture", facts.architecture)
            json.known("parameters", facts.parameters)
            json.known("fingerprint", facts.fingerprint)
            json.known("license", facts.license)
            json.known("source", facts.source)
        case .prompts(let facts):
            json.known("bytes", facts.bytes)
            json.known("records", facts.records)
        case .generation(let facts):
            json.settings("sampling", facts.sampling)
            json.known("seed", facts.seed)
            json.known("tool", facts.tool)
            json.known("toolVersion", facts.toolVersion)
        case .drop(let facts):
            json.known("bytes", facts.bytes)
            json.known("records", facts.records)
            json.known("format", facts.format)
            json.known("compression", facts.compression)
            json.settings("schema", facts.schema)
            json.known("license", facts.license)
            json.known("source", facts.source)
        case .pack(let facts):
            json.known("version", facts.version)
        case .scan(let facts):
            json.member("programVersion", facts.programVersion)
            json.known("programDigest", facts.programDigest)
            json.member("records", facts.records)
            json.member("kept", facts.kept)
            json.member("rejected", facts.rejected)
            json.member("flagged", facts.flagged)
            json.member("malformed", facts.malformed)
            json.member("passed", facts.passed)
        case .training(let facts):
            json.known("method", facts.method)
            json.settings("recipe", facts.recipe)
            json.known("seed", facts.seed)
            json.known("tool", facts.tool)
            json.known("toolVersion", facts.toolVersion)
        case .measurement(let facts):
            json.member("trait", facts.trait)
            json.known("residual", facts.residual)
            json.known("low", facts.low)
            json.known("high", facts.high)
            json.known("seeds", facts.seeds)
            json.known("report", facts.report)
        case .deployment(let facts):
            json.member("address", facts.address)
            json.known("endedAt", facts.endedAt)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func known(_ name: String, _ text: String?) {
        if let text { member(name, text) }
    }

    fileprivate mutating func known(_ name: String, _ number: Int?) {
        if let number { member(name, number) }
    }

    fileprivate mutating func known(_ name: String, _ number: Double?) {
        if let number { member(name, number) }
    }

    fileprivate mutating func settings(_ name: String, _ settings: [Setting]) {
        guard !settings.isEmpty else { return }
        array(name) { json in
            for setting in settings {
                json.object { json in
                    json.member("name", setting.name)
                    json.member("value", setting.value)
                }
            }
        }
    }
}
