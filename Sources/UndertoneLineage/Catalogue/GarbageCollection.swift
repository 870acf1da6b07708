// What the catalogue can do without: verdicts of scans that newer ones have replaced.

import GRDB

/// What was given back.
public struct GarbageCollection: Sendable {
    /// Scans whose verdicts were cleared.
    public var scans = 0
    /// Bytes of their verdicts.
    public var bytes = 0
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
                scans.insert(row["scan"])
                result.bytes += row["bytes"]
                try body(row)
            }
            result.scans = scans.count
            return result
        }
        guard !isDryRun else { return try read { try collect($0) { _ in } } }
        let result = try change("clear verdicts", "keeping those of \(count) scans of each drop", by: author) {
            change in
            try collect(change.database) { row in
                try change.delete(
                    "verdicts", key: [row["scan"] as Int64, row["input"] as Int64, row["first_line"] as Int64])
            }
        }
        if result.scans > 0 {
            do {
                try queue.writeWithoutTransaction { database in
                    try database.execute(sql: "VACUUM")
                    try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                }
            } catch {
                throw file.problem(error)
            }
        }
        return result
    }
}
