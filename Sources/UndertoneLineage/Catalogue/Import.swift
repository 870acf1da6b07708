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
            for (index, node) in document.nodes.enumerated() where !node.kind.isActivity {
                ids[index] = try change.add(node, &recorded)
            }
            for (index, node) in document.nodes.enumerated() where node.kind.isActivity {
                let from = document.edges.filter { $0.target == index }.compactMap { edge in
                    ids[edge.source].map { ($0, edge.relation) }
                }
                let to = document.edges.filter { $0.source == index }.compactMap { edge in
                    ids[edge.target].map { ($0, edge.relation) }
                }
                ids[index] = try change.addImported(node, from: from, to: to, &recorded)
            }
            for edge in document.edges {
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

extension Change {
    fileprivate func add(_ node: ImportedLineage.Node, _ recorded: inout RecordedImport) throws -> NodeID {
        do {
            switch node.kind {
            case .model, .deployment: return try addNamed(node.facts, name: node.name, digest: node.digest)
            default:
                if let digest = node.digest { return try addContent(node.facts, name: node.name, digest: digest) }
                // Known by its name alone until somebody has the file.
                let known = try NodeID.fetchOne(
                    database,
                    sql: "SELECT id FROM node WHERE kind = ? AND name = ? ORDER BY digest IS NOT NULL, id DESC",
                    arguments: [node.kind.rawValue, node.name])
                return try known ?? add(node.facts, name: node.name, digest: nil)
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
