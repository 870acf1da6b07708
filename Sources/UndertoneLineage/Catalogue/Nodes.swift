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

    /// All nodes of a kind, in the order in which they were recorded.
    public func nodes(_ kind: NodeKind) throws(LineageError) -> [Node] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM node WHERE kind = ? ORDER BY id", arguments: [kind.rawValue])
                .map { try Node($0, database) }
        }
    }

    /// How many nodes of each kind there are.
    public func counts() throws(LineageError) -> [(kind: NodeKind, count: Int)] {
        try read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT kind, count(*) AS count FROM node GROUP BY kind")
            let counts = Dictionary(rows.map { ($0["kind"] as String, $0["count"] as Int) }) { $1 }
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
                    try NodeID.fetchAll(database, sql: "SELECT id FROM node WHERE \(condition)", arguments: arguments))
            }
            for digest in contents { try add("kind = 'drop' AND digest = ?", [digest]) }
            for path in paths {
                try add(
                    "kind = 'drop' AND (name = ? OR id IN (SELECT node FROM location WHERE path = ?))", [path, path])
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
            try Row.fetchAll(database, sql: "SELECT * FROM taint ORDER BY id").map { Taint($0) }
        }
    }
}

extension Node {
    init(_ row: Row, _ database: Database) throws {
        guard let kind = NodeKind(rawValue: row["kind"]) else {
            throw LineageError(.corrupt, "a node is of no known kind")
        }
        let id: Int64 = row["id"]
        self.init(
            id: NodeID(rawValue: id), name: row["name"], digest: row["digest"], recordedAt: row["recorded_at"],
            recordedBy: row["recorded_by"], facts: try Facts.read(database, kind, id))
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
                let target: NodeID = row["target"]
                guard wanted.contains(target), let relation = Relation(rawValue: row["relation"]) else { return }
                snapshot.edges.append(Edge(id, relation, target))
            }
            try rows("SELECT path, seen_at FROM location WHERE node = ? ORDER BY path", id) { row in
                snapshot.locations.append(Location(node: id, path: row["path"], seenAt: row["seen_at"]))
            }
            try rows("SELECT * FROM taint WHERE node = ? ORDER BY id", id) { snapshot.taints.append(Taint($0)) }
            try rows("SELECT * FROM approval WHERE node = ? ORDER BY id", id) { row in
                snapshot.approvals.append(
                    Approval(
                        id: row["id"], node: id, role: row["role"], by: row["said_by"], at: row["said_at"],
                        reason: row["reason"], envelope: row["envelope"]))
            }
            guard node.kind == .scan else { continue }
            try rows(
                """
                SELECT name, digest, action, hits FROM scan_rule JOIN rule ON rule.id = scan_rule.rule
                WHERE scan = ? ORDER BY position
                """, id
            ) { row in
                snapshot.rules.append(
                    RecordedRule(
                        scan: id, rule: row["name"], digest: row["digest"], action: row["action"], hits: row["hits"]))
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
            guard let kind = NodeKind(rawValue: row[1]) else { continue }
            builder.add(NodeID(rawValue: row[0]), kind)
        }
        let edges = try Row.fetchCursor(database, sql: "SELECT source, relation, target FROM edge")
        while let row = try edges.next() {
            guard let relation = Relation(rawValue: row[1]) else { continue }
            builder.add(NodeID(rawValue: row[0]), relation, NodeID(rawValue: row[2]))
        }
        return try builder.graph()
    }
}

extension Taint {
    fileprivate init(_ row: Row) {
        let liftedBy: String? = row["lifted_by"]
        self.init(
            id: row["id"], node: row["node"], reason: row["reason"], by: row["said_by"], at: row["said_at"],
            lifted: liftedBy.map { Lifting(by: $0, at: row["lifted_at"], reason: row["lifted_reason"]) })
    }
}
