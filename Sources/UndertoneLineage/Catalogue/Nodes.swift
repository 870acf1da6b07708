// Reading nodes, and the parts of a catalogue around them.

public import GRDB

extension NodeID: DatabaseValueConvertible {
    /// The number as SQLite keeps it.
    public var databaseValue: DatabaseValue { rawValue.databaseValue }

    /// The node of a number.
    public static func fromDatabaseValue(_ value: DatabaseValue) -> NodeID? {
        Int64.fromDatabaseValue(value).map(NodeID.init)
    }
}

extension Catalogue {
    /// The node of that id; `nil` where there is none.
    public func node(_ id: NodeID) throws(LineageError) -> Node? {
        try read { try Node.read($0, id) }
    }

    /// Nodes of a kind, in the order in which they were recorded.
    ///
    /// - Parameter count: only so many, the latest.
    public func nodes(_ kind: NodeKind, latest count: Int = .max) throws(LineageError) -> [Node] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM node WHERE kind = ? ORDER BY id DESC LIMIT ?",
                arguments: [kind.rawValue, count]
            ).reversed().map { try Node($0, database) }
        }
    }

    /// Files of these nodes, or of all, ordered by path.
    public func locations(of nodes: [NodeID]? = nil) throws(LineageError) -> [Location] {
        try read { database in
            func locations(_ condition: String, _ arguments: StatementArguments) throws -> [Location] {
                try Row.fetchAll(
                    database, sql: "SELECT node, path, seen_at FROM location WHERE \(condition)", arguments: arguments
                ).map { row in
                    Location(node: try row.get("node"), path: try row.get("path"), seenAt: try row.get("seen_at"))
                }
            }
            let found =
                try nodes.map { try Set($0).flatMap { try locations("node = ?", [$0]) } } ?? locations("true", [])
            return found.sorted { $0.path < $1.path }
        }
    }

    /// How many nodes of each kind there are.
    public func counts() throws(LineageError) -> [(kind: NodeKind, count: Int)] {
        try read { database in
            var counts: [String: Int] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT kind, count(*) FROM node GROUP BY kind") {
                counts[try row.get(at: 0)] = try row.get(at: 1, as: Int.self)
            }
            return NodeKind.allCases.compactMap { kind in counts[kind.rawValue].map { (kind, $0) } }
        }
    }

    /// The whole graph, for questions about who descends from whom.
    ///
    /// - Complexity: O(nodes + edges); about half a second for a million nodes.
    public func graph() throws(LineageError) -> LineageGraph {
        try read { try LineageGraph.read($0) }
    }

    /// Everything.
    public func snapshot() throws(LineageError) -> LineageSnapshot {
        try read { database in
            try LineageSnapshot.read(
                database, try NodeID.fetchAll(database, sql: "SELECT id FROM node ORDER BY id"))
        }
    }

    /// These nodes and what is between them. Ids without a node are left out.
    public func snapshot(of ids: some Sequence<NodeID>) throws(LineageError) -> LineageSnapshot {
        let wanted = Set(ids).sorted()
        return try read { try LineageSnapshot.read($0, wanted) }
    }

    /// A node and all that it came from.
    ///
    /// - Parameter withScans: also the scans that read any of these and the measurements of them, with what those came
    ///   from: what is known about them beyond where they came from.
    public func snapshot(above id: NodeID, withScans: Bool = false) throws(LineageError) -> LineageSnapshot {
        let graph = try graph()
        var ids = Set(graph.ancestors(of: id).map(\.id)).union([id])
        if withScans {
            for node in ids {
                for edge in graph.edges(from: node) where edge.relation == .scanned || edge.relation == .measured {
                    ids.formUnion(graph.ancestors(of: edge.target).map(\.id) + [edge.target])
                }
            }
        }
        return try snapshot(of: ids)
    }

    /// What a gate asks about: drops of these contents or seen at these paths, models of these names or beginnings of
    /// digests, all that these came from, and the scans and measurements of the drops among them.
    ///
    /// - Parameter paths: as the catalogue keeps them (``storedPath(_:)``).
    public func snapshot(
        contents: [String], paths: [String], models: [String]
    ) throws(LineageError) -> LineageSnapshot {
        let starts = try read { database in
            var starts: Set<NodeID> = []
            func add(_ condition: String, _ arguments: StatementArguments) throws {
                starts.formUnion(
                    try NodeID.fetchAll(
                        database.cachedStatement(sql: "SELECT id FROM node WHERE \(condition)"), arguments: arguments))
            }
            for digest in contents { try add("kind = 'drop' AND digest = ?", [digest]) }
            for path in paths {
                try add("kind = 'drop' AND id IN (SELECT node FROM location WHERE path = ?)", [path])
            }
            if !paths.isEmpty {
                // Names of drops have no index: one look at all, however many paths there are.
                let wanted = Set(paths)
                let drops = try Row.fetchCursor(database, sql: "SELECT id, name FROM node WHERE kind = 'drop'")
                while let row = try drops.next() {
                    guard wanted.contains(try row.get(at: 1)) else { continue }
                    starts.insert(NodeID(rawValue: try row.get(at: 0)))
                }
            }
            for name in models {
                let small = name.lowercased()
                try add("kind = 'model' AND (name = ? OR digest >= ? AND digest < ?)", [name, small, small + "g"])
            }
            return starts
        }
        let graph = try graph()
        var ids = starts
        for start in starts { ids.formUnion(graph.ancestors(of: start).map(\.id)) }
        for id in ids where graph.kind(of: id) == .drop {
            for edge in graph.edges(from: id) where edge.relation == .scanned || edge.relation == .measured {
                ids.formUnion(graph.ancestors(of: edge.target).map(\.id) + [edge.target])
            }
        }
        return try snapshot(of: ids)
    }

    /// Taints of all nodes, the oldest first; lifted ones too.
    public func taints() throws(LineageError) -> [Taint] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM taint ORDER BY id").map { try Taint($0) }
        }
    }
}

extension Node {
    init(_ row: Row, _ database: Database) throws {
        guard let kind = NodeKind(rawValue: try row.get("kind")) else {
            throw LineageError(.corrupt, "a node is of no known kind")
        }
        let id: Int64 = try row.get("id")
        self.init(
            id: NodeID(rawValue: id), name: try row.get("name"), digest: try row.get("digest"),
            recordedAt: try row.get("recorded_at"), recordedBy: try row.get("recorded_by"),
            facts: try Facts.read(database, kind, id))
    }

    static func read(_ database: Database, _ id: NodeID) throws -> Node? {
        try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM node WHERE id = ?"), arguments: [id])
            .map { try Node($0, database) }
    }
}

extension LineageSnapshot {
    /// - Parameter ids: ascending, each once.
    static func read(_ database: Database, _ ids: [NodeID]) throws -> LineageSnapshot {
        var snapshot = LineageSnapshot()
        let wanted = Set(ids)
        func rows(_ sql: String, _ id: NodeID, _ body: (Row) throws -> Void) throws {
            let cursor = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [id])
            while let row = try cursor.next() { try body(row) }
        }
        for id in ids {
            guard let node = try Node.read(database, id) else { continue }
            snapshot.nodes.append(node)
            try rows("SELECT target, relation FROM edge WHERE source = ? ORDER BY target, relation", id) { row in
                let target: NodeID = try row.get("target")
                guard wanted.contains(target), let relation = Relation(rawValue: try row.get("relation")) else {
                    return
                }
                snapshot.edges.append(Edge(id, relation, target))
            }
            try rows("SELECT path, seen_at FROM location WHERE node = ? ORDER BY path", id) { row in
                snapshot.locations.append(Location(node: id, path: try row.get("path"), seenAt: try row.get("seen_at")))
            }
            try rows("SELECT * FROM taint WHERE node = ? ORDER BY id", id) { snapshot.taints.append(try Taint($0)) }
            try rows("SELECT * FROM approval WHERE node = ? ORDER BY id", id) { row in
                snapshot.approvals.append(
                    Approval(
                        id: try row.get("id"), node: id, role: try row.get("role"), by: try row.get("said_by"),
                        at: try row.get("said_at"), reason: try row.get("reason"), envelope: try row.get("envelope")))
            }
            if node.kind == .drop { snapshot.reviews += try Review.fetchAll(database, of: id) }
            guard node.kind == .scan else { continue }
            try rows(
                """
                SELECT name, digest, action, hits FROM scan_rule JOIN rule ON rule.id = scan_rule.rule
                WHERE scan = ? ORDER BY position
                """, id
            ) { row in
                snapshot.rules.append(
                    RecordedRule(
                        scan: id, rule: try row.get("name"), digest: try row.get("digest"),
                        action: try row.get("action"), hits: try row.get("hits")))
            }
        }
        return snapshot
    }
}

extension LineageGraph {
    // Columns by their place: a catalogue may have millions of edges.
    static func read(_ database: Database) throws -> LineageGraph {
        var builder = LineageGraphBuilder()
        let nodes = try Row.fetchCursor(database, sql: "SELECT id, kind FROM node ORDER BY id")
        while let row = try nodes.next() {
            guard let kind = NodeKind(rawValue: try row.get(at: 1)) else { continue }
            builder.add(NodeID(rawValue: try row.get(at: 0)), kind)
        }
        let edges = try Row.fetchCursor(database, sql: "SELECT source, relation, target FROM edge")
        while let row = try edges.next() {
            guard let relation = Relation(rawValue: try row.get(at: 1)) else { continue }
            builder.add(NodeID(rawValue: try row.get(at: 0)), relation, NodeID(rawValue: try row.get(at: 2)))
        }
        return try builder.graph()
    }
}

extension Taint {
    fileprivate init(_ row: Row) throws(LineageError) {
        self.init(
            id: try row.get("id"), node: try row.get("node"), reason: try row.get("reason"),
            by: try row.get("said_by"), at: try row.get("said_at"))
        if let by: String = try row.get("lifted_by") {
            lifted = Lifting(by: by, at: try row.get("lifted_at"), reason: try row.get("lifted_reason"))
        }
    }
}
