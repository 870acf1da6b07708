// What judges answered, kept in one SQLite file: nothing is asked twice, and an answer can be looked up later.

import GRDB
import Glibc
import UndertoneText

/// Answers of judges by the key of their question.
///
/// Only answers that have the form that was asked for are kept as such, and none grows old by itself. What failed, was cut
/// off or made no sense is kept as an attempt and is asked again next time. Any number of processes may use one file at
/// once; a process that is killed loses at most what came in the last fraction of a second. Files that are no cache, or one
/// of a newer version, are refused and left as they are.
public final class JudgeCache: Sendable {
    /// Where answers are kept unless somebody says otherwise.
    public static let defaultPath = ".undertone/judge.sqlite"

    /// As the user named it.
    public let path: String
    private let file: CacheFile
    private let queue: DatabaseQueue
    private let writer = CacheWriter()

    /// Opens a cache, and makes an empty one, with its folder, where there is none.
    public init(_ path: String) throws(JudgeError) {
        self.path = path
        file = CacheFile(path: path)
        queue = try file.openOrCreate()
    }

    deinit { try? queue.close() }

    /// The answer of that key; nil where there is none.
    public func answer(_ key: String) throws(JudgeError) -> CachedAnswer? { try answers([key])[key] }

    /// The answers that there are, by their keys.
    ///
    /// - Complexity: O(`keys`); some microseconds each.
    func answers(_ keys: [String]) throws(JudgeError) -> [String: CachedAnswer] {
        var found: [String: CachedAnswer] = [:]
        found.reserveCapacity(keys.count)
        let sql = "SELECT key, state, score, word, reason, model, fingerprint FROM answer WHERE key IN"
        try rows(sql, keys) { key, row in found[key] = CachedAnswer(row, from: 1) }
        return found
    }

    /// Those of the keys whose question the server refused before, in a way that does not go away by itself.
    func refused(_ keys: [String]) throws(JudgeError) -> Set<String> {
        var found: Set<String> = []
        try rows("SELECT key FROM attempt WHERE kind = 'lasting' AND key IN", keys) { key, _ in found.insert(key) }
        return found
    }

    private func rows(_ sql: String, _ keys: [String], _ body: (String, Row) -> Void) throws(JudgeError) {
        let chunk = 500
        try reading { database in
            for start in stride(from: 0, to: keys.count, by: chunk) {
                let part = keys[start..<min(start + chunk, keys.count)]
                let marks = repeatElement("?", count: part.count).joined(separator: ",")
                let statement = try database.cachedStatement(sql: "\(sql) (\(marks))")
                let rows = try Row.fetchCursor(statement, arguments: StatementArguments(part))
                while let row = try rows.next() {
                    if let key = String.fromDatabaseValue(row[0] as DatabaseValue) { body(key, row) }
                }
            }
        }
    }

    /// Models and fingerprints that answered so far where this one was asked for.
    func origins(_ model: String, at address: String) throws(JudgeError) -> Set<Origin> {
        try reading { database in
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT DISTINCT model, fingerprint FROM answer WHERE address = ? AND requested_model = ?",
                arguments: [address, model])
            var origins: Set<Origin> = []
            while let row = try rows.next() {
                origins.insert(
                    Origin(
                        model: String.fromDatabaseValue(row[0] as DatabaseValue),
                        fingerprint: String.fromDatabaseValue(row[1] as DatabaseValue)))
            }
            return origins
        }
    }

    /// Keeps what became of a request.
    ///
    /// One thread at a time writes, all that there is to write; the others leave theirs to it and go on.
    func write(_ entry: CacheEntry) throws(JudgeError) {
        try writer.write(entry) { entries throws(JudgeError) in
            try writing { database in
                try database.inTransaction(.immediate) {
                    for entry in entries { try entry.insert(into: database) }
                    return .commit
                }
            }
        }
    }

    /// Waits until all that was given is written.
    func flush() throws(JudgeError) { try writer.flush() }

    private func reading<Value>(_ body: (Database) throws -> Value) throws(JudgeError) -> Value {
        do { return try queue.read(body) } catch { throw file.problem(error) }
    }

    private func writing<Value>(_ body: (Database) throws -> Value) throws(JudgeError) -> Value {
        do { return try queue.writeWithoutTransaction(body) } catch { throw file.problem(error) }
    }
}

/// Who answered.
struct Origin: Hashable, Sendable {
    var model: String?
    var fingerprint: String?
}

// MARK: Care

extension JudgeCache {
    /// What is in a cache.
    public struct Stats: Sendable, Hashable {
        /// Answers by the model that was asked for.
        public var answers: [String: Int] = [:]
        /// Requests that brought no answer, by their kind: `timeout`, `unparsed`, …
        public var attempts: [String: Int] = [:]
        /// Bytes of the file.
        public var bytes = 0
        /// When the oldest answer came, in seconds since 1970; nil where there is none.
        public var oldest: Int?
        /// When the newest answer came, in seconds since 1970; nil where there is none.
        public var newest: Int?
    }

    /// What is in the cache.
    public func stats() throws(JudgeError) -> Stats {
        try reading { database in
            var stats = Stats()
            func counts(_ sql: String) throws -> [String: Int] {
                let rows = try Row.fetchCursor(database, sql: sql)
                var counts: [String: Int] = [:]
                while let row = try rows.next() {
                    guard let name = String.fromDatabaseValue(row[0] as DatabaseValue) else { continue }
                    counts[name] = Int.fromDatabaseValue(row[1] as DatabaseValue)
                }
                return counts
            }
            stats.answers = try counts("SELECT requested_model, count(*) FROM answer GROUP BY requested_model")
            stats.attempts = try counts("SELECT kind, count(*) FROM attempt GROUP BY kind")
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            stats.bytes = try (Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0).multipliedReportingOverflow(
                by: pages
            )
            .partialValue
            if let row = try Row.fetchOne(database, sql: "SELECT min(created), max(created) FROM answer") {
                stats.oldest = Int.fromDatabaseValue(row[0] as DatabaseValue)
                stats.newest = Int.fromDatabaseValue(row[1] as DatabaseValue)
            }
            return stats
        }
    }

    /// Removes answers and attempts that are older, of that model, or, where both are given, both; without either, all.
    ///
    /// - Parameters:
    ///   - days: age at least, in days of 24 hours.
    ///   - model: the model that was asked for.
    ///   - now: seconds since 1970.
    /// - Returns: answers that were removed.
    public func prune(olderThan days: Int? = nil, model: String? = nil, now: Int? = nil) throws(JudgeError) -> Int {
        // Ages that no clock knows are older than anything.
        let age = days.map { $0.multipliedReportingOverflow(by: Moment.day) }
        let before = age.map { $0.overflow ? Int.min : (now ?? time(nil)) - max(0, $0.partialValue) }
        let condition = "WHERE created <= coalesce(?, created) AND requested_model = coalesce(?, requested_model)"
        return try writing { database in
            var removed = 0
            try database.inTransaction(.immediate) {
                try database.execute(sql: "DELETE FROM answer \(condition)", arguments: [before, model])
                removed = database.changesCount
                try database.execute(sql: "DELETE FROM attempt \(condition)", arguments: [before, model])
                return .commit
            }
            // Without the room of what is gone the file is as long as before; whoever else uses it may have to wait.
            try? database.execute(sql: "VACUUM")
            return removed
        }
    }
}
