// The log inside the catalogue: one entry for every change, a Merkle tree over the entries, and what they say of every
// row.

import Foundation
import GRDB
import UndertoneText

/// Where the log stands: how many entries it has, and the root of the tree over them.
public struct LogHead: Sendable, Equatable {
    /// Entries.
    public var size: Int
    /// RFC 9162 section 2.1.1.
    public var root: Digest256

    /// A head.
    public init(size: Int, root: Digest256) {
        self.size = size
        self.root = root
    }
}

/// What a check of the whole catalogue against its log found.
public struct LogVerification: Sendable {
    /// Where the log stands; as far as it could be read.
    public var head: LogHead
    /// Rows that were compared.
    public var rows = 0
    /// What is not as the log says, each in a sentence, at most 100 of them.
    public var problems: [String] = []
    /// Problems beyond those that are shown.
    public var omitted = 0

    /// Whether everything is as the log says.
    public var isIntact: Bool { problems.isEmpty }

    fileprivate mutating func add(_ problem: String) {
        if problems.count < 100 { problems.append(problem) } else { omitted += 1 }
    }
}

extension Catalogue {
    // Writes the entry of a change, in its transaction.
    func appendLog(_ change: Change, action: String, subject: String) throws {
        let database = change.database
        var chain = try LogChain.read(database)
        var changes: [LogEntry.Change] = []
        for (table, key) in change.touched {
            let condition = try database.keyColumns(of: table).map { "\($0) = ?" }.joined(separator: " AND ")
            var digest: Digest256?
            try RowDigest.forEachRow(
                of: table, database, sql: "SELECT * FROM \(table) WHERE \(condition)",
                arguments: StatementArguments(key)
            ) { digest = $1 }
            changes.append(LogEntry.Change(table: table, key: rowKey(key), row: digest))
        }
        let (entry, bytes, nodes) = chain.append(
            at: change.at, actor: change.actor, action: action, subject: subject, changes: changes)
        try database.cachedStatement(sql: "INSERT INTO log (seq, entry) VALUES (?, ?)")
            .execute(arguments: [entry.seq, Data(bytes)])
        for node in nodes {
            try database.cachedStatement(sql: "INSERT INTO log_node (level, number, hash) VALUES (?, ?, ?)")
                .execute(arguments: [node.level, node.number, Data(node.hash.bytes)])
        }
    }

    /// Where the log stands.
    public func logHead() throws(LineageError) -> LogHead {
        try read { database in
            let chain = try LogChain.read(database)
            return LogHead(size: chain.size, root: chain.root)
        }
    }

    /// Entries of the log, the oldest first.
    ///
    /// - Parameters:
    ///   - first: the number of the first one; a negative number counts from the end.
    ///   - limit: how many at most.
    public func logEntries(from first: Int = 1, limit: Int = 1000) throws(LineageError) -> [LogEntry] {
        try read { database in
            let size = try Int.fetchOne(database, sql: "SELECT coalesce(max(seq), 0) FROM log") ?? 0
            let start = first < 0 ? max(1, max(0, size) + max(first, -Int.max) + 1) : first
            return try Row.fetchAll(
                database, sql: "SELECT entry FROM log WHERE seq >= ? ORDER BY seq LIMIT ?", arguments: [start, limit]
            ).map { try LogEntry(parsing: [UInt8]($0.get(at: 0) as Data)) }
        }
    }

    /// Shows that entry `seq` is in the log of the first `size` entries (RFC 9162 section 2.1.3); `nil` where it is not.
    public func inclusionProof(of seq: Int, size: Int) throws(LineageError) -> [Digest256]? {
        try read { database in
            try MerkleTree.inclusionProof(of: seq - 1, size: size) { level, number throws(LineageError) in
                try LogChain.node(database, level, number)
            }
        }
    }

    /// Shows that the log of `old` entries is the beginning of that of `size` (RFC 9162 section 2.1.4); `nil` where it
    /// can't be.
    public func consistencyProof(from old: Int, to size: Int) throws(LineageError) -> [Digest256]? {
        try read { database in
            try MerkleTree.consistencyProof(from: old, to: size) { level, number throws(LineageError) in
                try LogChain.node(database, level, number)
            }
        }
    }

    /// Compares every row of every table, the schema and the log itself with what the log says.
    ///
    /// Finds rows that were changed, added or removed past this program, and entries that were changed, reordered or
    /// removed. Who rewrites the whole log with all digests can be found only by an `earlier` head that was kept elsewhere.
    ///
    /// - Parameter earlier: a head that this log once had.
    /// - Complexity: O(bytes of the catalogue); memory grows with its rows, about 150 bytes each.
    public func verifyLog(against earlier: LogHead? = nil) throws(LineageError) -> LogVerification {
        try read { database in
            var verification = LogVerification(head: LogHead(size: 0, root: MerkleTree.emptyRoot))
            for problem in try String.fetchAll(database, sql: "PRAGMA integrity_check(20)") where problem != "ok" {
                verification.add("SQLite: \(visible(problem, limit: 200))")
            }
            let keys = try checkSchema(database, &verification)
            var rows = LoggedRows()
            guard try readLog(database, earlier, &rows, &verification) else { return verification }
            try checkRows(database, keys, &rows, &verification)
            return verification
        }
    }

    // The tables, indexes and triggers must be those that this program makes. Returns our tables that are there, with
    // the columns of their keys.
    private func checkSchema(
        _ database: Database, _ verification: inout LogVerification
    ) throws -> [(table: String, keys: [String])] {
        func objects(_ database: Database) throws -> [String: String] {
            var objects: [String: String] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
            while let row = try rows.next() { objects[try row.get(at: 0)] = try row.get(at: 1, as: String.self) }
            return objects
        }
        let (expected, tables) = try DatabaseQueue().write { fresh in
            try Schema.migrate(fresh, from: 0)
            let objects = try objects(fresh)
            let tables = objects.keys.filter { $0.hasPrefix("table ") }.map { String($0.dropFirst(6)) }.sorted()
            return (objects, try tables.map { (table: $0, keys: try fresh.keyColumns(of: $0)) })
        }
        let found = try objects(database)
        for (name, sql) in found.sorted(by: { $0.key < $1.key }) where expected[name] != sql {
            let what = expected[name] == nil ? "does not belong to a catalogue" : "is not as this program makes it"
            verification.add("the schema's \(visible(name, limit: 120)) \(what)")
        }
        for name in expected.keys.sorted() where found[name] == nil {
            verification.add("the schema's \(name) is missing")
        }
        return tables.filter { found["table \($0.table)"] != nil }
    }

    // `false` where the log is broken, so that nothing can be compared with it.
    private func readLog(
        _ database: Database, _ earlier: LogHead?, _ rows: inout LoggedRows, _ verification: inout LogVerification
    ) throws -> Bool {
        var chain = LogChain()
        let entries = try Row.fetchCursor(database, sql: "SELECT entry FROM log ORDER BY seq")
        if earlier?.size == 0, earlier?.root != chain.root { verification.add("the earlier head is of no log") }
        while let row = try entries.next() {
            do throws(LineageError) {
                let (entry, nodes) = try chain.read([UInt8](row.get(at: 0) as Data))
                for node in nodes where try LogChain.node(database, node.level, node.number) != node.hash {
                    verification.add(
                        "node \(node.level)/\(node.number) of the log's tree is not the hash of its entries")
                }
                rows.apply(entry)
            } catch {
                verification.add(error.problem)
                return false
            }
            if let earlier, earlier.size == chain.size, earlier.root != chain.root {
                verification.add(
                    "the first \(earlier.size) entries are not those of the earlier head: the log was rewritten")
            }
        }
        verification.head = LogHead(size: chain.size, root: chain.root)
        if let earlier, earlier.size > chain.size {
            verification.add(
                "the log has \(chain.size) entries, the earlier head had \(earlier.size): its end was cut off")
        }
        let nodes = try Int.fetchOne(database, sql: "SELECT count(*) FROM log_node") ?? 0
        // A tree of n leaves has n complete subtrees of one leaf, n/2 of two, and so on.
        let expected = sequence(first: chain.size) { $0 > 1 ? $0 / 2 : nil }.reduce(0, +)
        if nodes != expected { verification.add("the log's tree has \(nodes) nodes, not \(expected)") }
        return true
    }

    // What stands in tables that are not ours, the log can't say; that they are there, the schema's check has said.
    private func checkRows(
        _ database: Database, _ tables: [(table: String, keys: [String])], _ rows: inout LoggedRows,
        _ verification: inout LogVerification
    ) throws {
        for (table, keys) in tables where !Schema.unloggedTables.contains(table) {
            try RowDigest.forEachRow(of: table, database, sql: "SELECT * FROM \(table)") { row, digest in
                verification.rows += 1
                let key = rowKey(try keys.map { try row.get($0) })
                if let difference = rows.check(LoggedRows.Place(table: table, key: key), digest) {
                    verification.add(difference.description)
                }
            }
        }
        for difference in rows.missing() { verification.add(difference.description) }
    }
}

extension LoggedRows.Difference: CustomStringConvertible {
    /// The difference in a sentence.
    public var description: String {
        func name(_ place: LoggedRows.Place) -> String {
            "row \(visible(place.key, limit: 120)) of \(visible(place.table, limit: 60))"
        }
        return switch self {
        case .changed(let place, let seq): "\(name(place)) was changed after log entry \(seq) wrote it"
        case .added(let place): "\(name(place)) was added past the log"
        case .removed(let place, let seq): "\(name(place)), which log entry \(seq) wrote, is gone"
        }
    }
}

extension LogChain {
    /// Where the log of a catalogue stands. O(log n).
    fileprivate static func read(_ database: Database) throws -> LogChain {
        let last = try Row.fetchOne(database, sql: "SELECT seq, entry FROM log ORDER BY seq DESC LIMIT 1")
        guard let last else { return LogChain() }
        let size: Int = try last.get(at: 0)
        guard size > 0, size < .max else { throw LineageError.wrongValue }
        let frontier = try MerkleFrontier(size: size) { level, number throws(LineageError) in
            try node(database, level, number)
        }
        return LogChain(last: Digest256.of([UInt8](try last.get(at: 1) as Data)), frontier: frontier)
    }

    fileprivate static func node(
        _ database: Database, _ level: Int, _ number: Int
    ) throws(LineageError) -> Digest256 {
        let bytes: Data?
        do {
            bytes = try Data.fetchOne(
                database.cachedStatement(sql: "SELECT hash FROM log_node WHERE level = ? AND number = ?"),
                arguments: [level, number])
        } catch {
            throw LineageError(.corrupt, "the log's tree can't be read")
        }
        guard let hash = bytes.flatMap({ Digest256(bytes: $0) }) else {
            throw LineageError(.corrupt, "node \(level)/\(number) of the log's tree is missing")
        }
        return hash
    }
}
