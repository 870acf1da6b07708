// What the catalogue can do without: verdicts of scans that newer ones have replaced.

import GRDB

/// What was given back.
public struct GarbageCollection: Sendable {
    /// Scans whose verdicts were cleared.
    public var scans = 0
    /// Bytes of their verdicts.
    public var bytes = 0
    /// Why the file did not get smaller; `nil` where it did, or had no need to.
    public var obstacle: LineageError?
}

extension Catalogue {
    /// Clears verdicts of records; entries, edges, tallies and the log stay.
    ///
    /// - Parameter count: how many latest scans of each drop keep their verdicts.
    public func collectGarbage(
        keepingScans count: Int, isDryRun: Bool, by author: Author
    ) throws(LineageError) -> GarbageCollection {
        // A scan stays if it is among the latest of any drop that it read.
        let old = """
            SELECT verdicts.scan, input, first_line, length(data) AS bytes FROM verdicts WHERE scan NOT IN (
                SELECT scan FROM (
                    SELECT scan, row_number() OVER (PARTITION BY data_drop ORDER BY scan DESC) AS place FROM (
                        SELECT DISTINCT scan, data_drop FROM scan_input)
                ) WHERE place <= ?
            ) ORDER BY verdicts.scan, input, first_line
            """
        func collect(_ database: Database, _ body: (Row) throws -> Void) throws -> GarbageCollection {
            var result = GarbageCollection()
            var scans: Set<Int64> = []
            for row in try Row.fetchAll(database, sql: old, arguments: [count]) {
                scans.insert(try row.get("scan"))
                result.bytes += try row.get("bytes") as Int
                try body(row)
            }
            result.scans = scans.count
            return result
        }
        guard !isDryRun else { return try read { try collect($0) { _ in } } }
        var result = try change("clear verdicts", "keeping those of \(count) scans of each drop", by: author) {
            change in
            try collect(change.database) { row in
                try change.delete(
                    "verdicts",
                    key: [row.get("scan") as Int64, row.get("input") as Int64, row.get("first_line") as Int64])
            }
        }
        // What was cleared is cleared, also where the room can't be given back now: another call may.
        do {
            try queue.writeWithoutTransaction { database in
                guard try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0 > 0 else { return }
                try database.execute(sql: "VACUUM")
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        } catch {
            result.obstacle = file.problem(error)
        }
        return result
    }
}
