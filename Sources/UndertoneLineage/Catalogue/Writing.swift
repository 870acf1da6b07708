// Writing nodes and edges. A thing that is there already is completed, never contradicted.

import GRDB
import UndertoneText

extension Change {
    /// Adds a node, and what is known of it.
    func add(_ facts: Facts, name: String, digest: String?) throws -> NodeID {
        try Change.check(name: name)
        let id = try insert(
            "node",
            [
                ("kind", facts.kind.rawValue), ("name", name), ("digest", digest), ("recorded_at", at),
                ("recorded_by", actor),
            ])
        let row = facts.row
        try insert(row.table, [("node", id)] + row.columns)
        return NodeID(rawValue: id)
    }

    /// The thing of that content; added where it is not there, completed where less was known of it.
    func addContent(_ facts: Facts, name: String, digest: String) throws -> NodeID {
        let known = try NodeID.fetchOne(
            database, sql: "SELECT id FROM node WHERE kind = ? AND digest = ?",
            arguments: [facts.kind.rawValue, digest])
        guard let known else { return try add(facts, name: name, digest: digest) }
        try complete(known, facts, name: name)
        return known
    }

    /// The model or deployment of that name; added where it is not there, completed where less was known of it.
    func addNamed(_ facts: Facts, name: String, digest: String?) throws -> NodeID {
        let row = try Row.fetchOne(
            database, sql: "SELECT id, digest FROM node WHERE kind = ? AND name = ?",
            arguments: [facts.kind.rawValue, name])
        guard let row else { return try add(facts, name: name, digest: digest) }
        let id: NodeID = row["id"]
        let known: String? = row["digest"]
        if let digest, digest != known {
            guard known == nil else { throw Change.contradiction(facts.kind, name, "digest", known ?? "", digest) }
            try update("node", key: [id], [("digest", digest)])
        }
        try complete(id, facts, name: name)
        return id
    }

    // Fills in what nobody had said yet.
    private func complete(_ id: NodeID, _ facts: Facts, name: String) throws {
        let (table, columns) = facts.row
        guard let row = try row(of: table, id) else { return }
        var missing: [Column] = []
        for column in columns {
            let new = column.value?.databaseValue ?? .null
            let old: DatabaseValue = row[column.name]
            if new.isNull || new == old { continue }
            // Nobody said so is no claim: an empty list of settings, or not being a base.
            if old.isNull || old == "{}".databaseValue || (column.name == "is_base" && old == false.databaseValue) {
                missing.append(column)
            } else if new == "{}".databaseValue || (column.name == "is_base" && new == false.databaseValue) {
                continue
            } else {
                throw Change.contradiction(facts.kind, name, column.name, text(old), text(new))
            }
        }
        if !missing.isEmpty { try update(table, key: [id], missing) }
    }

    private func row(of table: String, _ id: NodeID) throws -> Row? {
        try database.row(of: table, key: [id.databaseValue])
    }

    private func text(_ value: DatabaseValue) -> String { rowKey([value]) }

    private static func contradiction(
        _ kind: NodeKind, _ name: String, _ column: String, _ old: String, _ new: String
    ) -> LineageError {
        LineageError(
            .duplicate,
            "\(kind.rawValue) \(visible(name, limit: 120)) is recorded with \(column) \(visible(old, limit: 80)), not "
                + visible(new, limit: 80),
            mend: kind == .model ? "give the other model another name" : "record it as it is")
    }

    private static func check(name: String) throws(LineageError) {
        guard !name.isEmpty, name.utf8.count <= 4096 else {
            throw LineageError(
                .usage, name.isEmpty ? "a name is empty" : "a name has more than 4096 bytes",
                mend: "write a shorter one")
        }
    }

    // MARK: Edges

    /// Says that `target` came of `source`. Saying it again changes nothing.
    ///
    /// - Throws: ``LineageError`` where `source` already descends from `target`.
    func link(_ source: NodeID, _ relation: Relation, _ target: NodeID) throws {
        guard try canLink(source, target) else {
            let names = try [source, target].map { try Node.read(database, $0)?.name ?? "?" }
            throw LineageError(
                .usage,
                "\(visible(names[1], limit: 120)) can't come of \(visible(names[0], limit: 120)): "
                    + (source == target ? "they are the same" : "it is the other way round already"),
                mend: "check which one was there first; undertone lineage path shows how they are related")
        }
        let known = try Bool.fetchOne(
            database.cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM edge WHERE source = ? AND target = ? AND relation = ?)"),
            arguments: [source, target, relation.rawValue])
        guard known != true else { return }
        try insert("edge", [("source", source), ("relation", relation.rawValue), ("target", target)])
    }

    /// Whether an edge would leave the graph without a cycle.
    func canLink(_ source: NodeID, _ target: NodeID) throws -> Bool {
        guard source != target else { return false }
        let closes = try Bool.fetchOne(
            database.cachedStatement(
                sql: """
                    WITH RECURSIVE below (id) AS (
                        VALUES (?) UNION SELECT edge.target FROM edge JOIN below ON edge.source = below.id
                    ) SELECT EXISTS (SELECT 1 FROM below WHERE id = ?)
                    """), arguments: [target, source])
        return closes != true
    }

    // MARK: Files

    /// Says that a file holds the content of a node.
    ///
    /// - Returns: what the file held before, if that was something else.
    @discardableResult
    func see(_ path: String, _ node: NodeID) throws -> NodeID? {
        let before = try NodeID.fetchOne(
            database.cachedStatement(sql: "SELECT node FROM location WHERE path = ?"), arguments: [path])
        if before == nil {
            try insert("location", [("path", path), ("node", node), ("seen_at", at)])
        } else {
            try update("location", key: [path], [("node", node), ("seen_at", at)])
        }
        return before == node ? nil : before
    }
}
