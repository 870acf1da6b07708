// What a document of another tool says becomes entries.

import GRDB
import UndertoneText

/// What became of an import.
public struct RecordedImport: Sendable {
    /// The entries of the document's nodes, in its order.
    public var nodes: [NodeID] = []
    /// What was not understood or not taken.
    public var notes: [String] = []
}

extension Catalogue {
    /// Records what a document says. Entries that are there already are completed; what contradicts them, or closes a
    /// cycle, is left out with a note.
    public func add(_ document: ImportedLineage, by author: Author) throws(LineageError) -> RecordedImport {
        let subject = document.subject.map { document.nodes[$0].name } ?? "\(document.nodes.count) entries"
        return try change("import", subject, by: author) { change in
            var recorded = RecordedImport(notes: document.notes)
            // Things first; what happened between them is told apart by what it connects.
            var ids: [NodeID?] = Array(repeating: nil, count: document.nodes.count)
            var names = KnownNames(change.database, expecting: document.nodes.count)
            for (index, node) in document.nodes.enumerated() where !node.kind.isActivity {
                ids[index] = try change.add(node, &names, &recorded)
            }
            let into = Dictionary(grouping: document.edges, by: \.target)
            let outOf = Dictionary(grouping: document.edges, by: \.source)
            for (index, node) in document.nodes.enumerated() where node.kind.isActivity {
                let from = (into[index] ?? []).compactMap { edge in ids[edge.source].map { ($0, edge.relation) } }
                let to = (outOf[index] ?? []).compactMap { edge in ids[edge.target].map { ($0, edge.relation) } }
                ids[index] = try change.addImported(node, from: from, to: to, &recorded)
            }
            for edge in document.edgesBySource {
                guard let source = ids[edge.source], let target = ids[edge.target] else { continue }
                if try change.canLink(source, target) {
                    try change.link(source, edge.relation, target)
                } else {
                    recorded.notes.append(
                        "left out: \(visible(document.nodes[edge.target].name, limit: 100)) can't come of "
                            + "\(visible(document.nodes[edge.source].name, limit: 100)), it is the other way round already"
                    )
                }
            }
            recorded.nodes = ids.compactMap(\.self)
            return recorded
        }
    }
}

extension ImportedLineage {
    /// Edges into each node before those out of it, as far as there is no cycle: whether an edge closes one is found by
    /// a walk over what comes of its target, which is nothing yet. O(nodes + edges).
    fileprivate var edgesBySource: [Edge] {
        let into = Dictionary(grouping: edges, by: \.target)
        let outOf = Dictionary(grouping: edges, by: \.source)
        var open = nodes.indices.map { into[$0]?.count ?? 0 }
        var isTaken = [Bool](repeating: false, count: nodes.count)
        var ready = nodes.indices.filter { open[$0] == 0 }
        var ordered: [Edge] = []
        var next = 0
        while true {
            if ready.isEmpty {
                // What is left goes in circles, or comes behind one: somewhere it has to be cut.
                while next < nodes.count, isTaken[next] { next += 1 }
                guard next < nodes.count else { return ordered }
                ready.append(next)
            }
            let node = ready.removeLast()
            guard !isTaken[node] else { continue }
            isTaken[node] = true
            ordered += into[node] ?? []
            for edge in outOf[node] ?? [] {
                open[edge.target] -= 1
                if open[edge.target] == 0 { ready.append(edge.target) }
            }
        }
    }
}

/// Entries that are known by their content, by name and its bytes. Names have no index, so for many all are looked at once.
private struct KnownNames {
    private let database: Database
    private let isMany: Bool
    private var known: [[UInt8]: NodeID]?

    init(_ database: Database, expecting count: Int) {
        self.database = database
        isMany = count > 20
    }

    /// The latest of that name; one that has no content yet goes first.
    mutating func id(_ kind: NodeKind, _ name: String) throws -> NodeID? {
        guard isMany else {
            return try NodeID.fetchOne(
                database,
                sql: "SELECT id FROM node WHERE kind = ? AND name = ? ORDER BY digest IS NOT NULL, id DESC",
                arguments: [kind.rawValue, name])
        }
        if known == nil {
            var all: [[UInt8]: NodeID] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT kind || ' ' || name, id FROM node ORDER BY digest IS NULL, id")
            while let row = try rows.next() {
                all[Array((try row.get(at: 0) as String).utf8)] = NodeID(rawValue: try row.get(at: 1))
            }
            known = all
        }
        return known?[Array("\(kind.rawValue) \(name)".utf8)]
    }

    mutating func add(_ kind: NodeKind, _ name: String, _ id: NodeID) {
        known?[Array("\(kind.rawValue) \(name)".utf8)] = id
    }
}

extension Change {
    fileprivate func add(
        _ node: ImportedLineage.Node, _ names: inout KnownNames, _ recorded: inout RecordedImport
    ) throws -> NodeID {
        do {
            switch node.kind {
            case .model, .deployment: return try addNamed(node.facts, name: node.name, digest: node.digest)
            default:
                if let digest = node.digest { return try addContent(node.facts, name: node.name, digest: digest) }
                // Known by its name alone until somebody has the file.
                if let known = try names.id(node.kind, node.name) { return known }
                let added = try add(node.facts, name: node.name, digest: nil)
                names.add(node.kind, node.name, added)
                return added
            }
        } catch let error as LineageError where error.code == .duplicate {
            recorded.notes.append("left out: \(error.problem)")
            let known = try NodeID.fetchOne(
                database, sql: "SELECT id FROM node WHERE kind = ? AND (name = ? OR digest = ?)",
                arguments: [node.kind.rawValue, node.name, node.digest])
            guard let known else { throw error }
            return known
        }
    }

    fileprivate func addImported(
        _ node: ImportedLineage.Node, from sources: [(NodeID, Relation)], to targets: [(NodeID, Relation)],
        _ recorded: inout RecordedImport
    ) throws -> NodeID {
        let digest = try activityDigest(node.facts, from: sources, to: targets)
        let known = try NodeID.fetchOne(
            database, sql: "SELECT id FROM node WHERE kind = ? AND digest = ?",
            arguments: [node.kind.rawValue, digest])
        return try known ?? add(node.facts, name: node.name, digest: digest)
    }
}
