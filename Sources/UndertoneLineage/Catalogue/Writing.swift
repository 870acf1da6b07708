// Writing nodes and edges. A thing that is there already is completed, never contradicted.

import GRDB
import UndertoneText

extension Change {
    /// Adds a node, and what is known of it.
    func add(_ facts: Facts, name: String, digest: String?) throws -> NodeID {
        try Change.check(name: name, facts.kind)
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
    ///
    /// - Parameter wasRead: whether the facts are what reading the content gave, and not what somebody says of it.
    func addContent(_ facts: Facts, name: String, digest: String, wasRead: Bool = false) throws -> NodeID {
        let known =
            try NodeID.fetchOne(
                database, sql: "SELECT id FROM node WHERE kind = ? AND digest = ?",
                arguments: [facts.kind.rawValue, digest]) ?? (wasRead ? adopt(facts.kind, name, digest) : nil)
        guard let known else { return try add(facts, name: name, digest: digest) }
        try complete(known, facts, name: name, wasRead: wasRead)
        return known
    }

    // A document may have told of a file that nobody had yet; now somebody has.
    private func adopt(_ kind: NodeKind, _ name: String, _ digest: String) throws -> NodeID? {
        if unseen == nil {
            var all: [[UInt8]: NodeID] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT kind || ' ' || name, id FROM node WHERE digest IS NULL AND kind IN ('drop', 'prompts')")
            while let row = try rows.next() {
                all[Array((try row.get(at: 0) as String).utf8)] = NodeID(rawValue: try row.get(at: 1))
            }
            unseen = all
        }
        guard let id = unseen?.removeValue(forKey: Array("\(kind.rawValue) \(name)".utf8)) else { return nil }
        try update("node", key: [id], [("digest", digest)])
        return id
    }

    /// The model or deployment of that name; added where it is not there, completed where less was known of it.
    func addNamed(_ facts: Facts, name: String, digest: String?) throws -> NodeID {
        let row = try Row.fetchOne(
            database, sql: "SELECT id, digest FROM node WHERE kind = ? AND name = ?",
            arguments: [facts.kind.rawValue, name])
        guard let row else { return try add(facts, name: name, digest: digest) }
        let id: NodeID = try row.get("id")
        let known: String? = try row.get("digest")
        if let digest, digest != known {
            guard known == nil else { throw Change.contradiction(facts.kind, name, "digest", known ?? "", digest) }
            try update("node", key: [id], [("digest", digest)])
        }
        try complete(id, facts, name: name)
        return id
    }

    // Fills in what nobody had said yet.
    private func complete(_ id: NodeID, _ facts: Facts, name: String, wasRead: Bool = false) throws {
        let (table, columns) = facts.row
        guard let row = try row(of: table, id) else { return }
        var missing: [Column] = []
        let replaced = try wasRead ? columnsThatReadingReplaces(id, facts.kind) : [:]
        for column in columns {
            let new = column.value?.databaseValue ?? .null
            let old: DatabaseValue = try row.get(column.name)
            if new.isNull || new == old { continue }
            // Nobody said so is no claim: an empty list of settings, or not being a base.
            if old.isNull || old == "{}".databaseValue || (column.name == "is_base" && old == false.databaseValue) {
                missing.append(column)
            } else if new == "{}".databaseValue || (column.name == "is_base" && new == false.databaseValue) {
                continue
            } else if let isReplaced = replaced[column.name] {
                if isReplaced { missing.append(column) }
            } else {
                throw Change.contradiction(facts.kind, name, column.name, text(old), text(new))
            }
        }
        if !missing.isEmpty { try update(table, key: [id], missing) }
    }

    // What reading a file finds is true of its content, and goes before what documents say. But how many records there
    // are depends on how it is read (`--format`), so there the first reading stays. `false`: what is there stays.
    private func columnsThatReadingReplaces(_ id: NodeID, _ kind: NodeKind) throws -> [String: Bool] {
        guard kind == .drop else { return ["bytes": true, "records": true, "text": true] }
        let wasReadBefore = try Bool.fetchOne(
            database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM scan_input WHERE data_drop = :id)
                    OR EXISTS (SELECT 1 FROM record_checksums WHERE data_drop = :id)
                    OR EXISTS (SELECT 1 FROM edge WHERE target = :id AND relation IN ('kept', 'rejected'))
                """, arguments: ["id": id])
        let isFirst = wasReadBefore != true
        return [
            "bytes": true, "compression": true, "records": isFirst, "format": isFirst, "schema": isFirst,
        ]
    }

    private func row(of table: String, _ id: NodeID) throws -> Row? {
        try database.row(of: table, key: [id.databaseValue])
    }

    private func text(_ value: DatabaseValue) -> String { rowKey([value]) }

    static func contradiction(
        _ kind: NodeKind, _ name: String, _ column: String, _ old: String, _ new: String
    ) -> LineageError {
        LineageError(
            .duplicate,
            "\(kind.rawValue) \(visible(name, limit: 120)) is recorded with \(column) \(visible(old, limit: 80)), not "
                + visible(new, limit: 80),
            mend: kind == .model ? "give the other model another name" : "record it as it is")
    }

    private static func check(name: String, _ kind: NodeKind) throws(LineageError) {
        guard !name.isEmpty, name.utf8.count <= 4096 else {
            throw LineageError(
                .usage, name.isEmpty ? "a name is empty" : "a name has more than 4096 bytes",
                mend: "write a shorter one")
        }
        let parts = name.split(separator: ":", maxSplits: 1)
        guard kind == .model || kind == .deployment, parts.count == 2, NodeKind(rawValue: String(parts[0])) != nil,
            Int64(parts[1]) != nil
        else { return }
        throw LineageError(
            .usage, "\"\(visible(name, limit: 120))\" can't be a name: it is how entries are told by their numbers",
            mend: "choose another one")
    }

    /// The beginning of a text that is to be part of a name.
    static func brief(_ text: String) -> String {
        text.utf8.count <= 1000 ? text : String(decoding: text.utf8.prefix(1000), as: UTF8.self) + "…"
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

    /// Says where the weights of a model began: with those of `base`, or as random numbers.
    ///
    /// - Throws: ``LineageError`` `duplicate` where something else is recorded.
    func begin(_ model: NodeID, name: String, with base: NodeID?) throws {
        if let base { try link(base, .base, model) }
        let isBase = try Bool.fetchOne(database, sql: "SELECT is_base FROM model WHERE node = ?", arguments: [model])
        let bases = try String.fetchAll(
            database,
            sql: "SELECT name FROM edge JOIN node ON id = source WHERE target = ? AND relation = 'base' ORDER BY id",
            arguments: [model])
        let beginnings = (isBase == true ? ["self"] : []) + bases
        guard beginnings.count > 1 else { return }
        throw Change.contradiction(.model, name, "base", beginnings[0], beginnings[1])
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
