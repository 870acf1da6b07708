// One change of the catalogue: rows are written, and the log says which.

import GRDB

/// Writes rows inside one transaction and remembers which, so that the log can vouch for every one of them.
///
/// All writing to tables goes through here; column and table names are constants of this target, values are bound.
final class Change {
    /// The open transaction. For reading; what is written past this class is found by the log as tampering.
    let database: Database
    /// RFC 3339, UTC.
    let at: String
    /// Who changes the catalogue, as they say.
    let actor: String
    // Tables with the keys of their rows that were written, in the order of the first write.
    private(set) var touched: [(table: String, key: [DatabaseValue])] = []
    private var seen: Set<String> = []
    /// Files that documents told of and nobody had yet, by the bytes of kind and name; `nil` until somebody
    /// asks.
    var unseen: [[UInt8]: NodeID]?

    init(_ database: Database, at: String, actor: String) {
        self.database = database
        self.at = at
        self.actor = actor
    }

    typealias Column = (name: String, value: (any DatabaseValueConvertible)?)

    /// Adds a row.
    ///
    /// - Returns: its number.
    @discardableResult
    func insert(_ table: String, _ columns: [Column]) throws -> Int64 {
        let names = columns.map(\.name).joined(separator: ", ")
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        try database.cachedStatement(sql: "INSERT INTO \(table) (\(names)) VALUES (\(places))")
            .execute(arguments: StatementArguments(columns.map(\.value)))
        let row = database.lastInsertedRowID
        let keys = try database.keyColumns(of: table)
        touch(
            table,
            keys.map { key in
                guard let column = columns.first(where: { $0.name == key }) else { return row.databaseValue }
                return column.value?.databaseValue ?? .null
            })
        return row
    }

    /// Changes the row of that key.
    func update(_ table: String, key: [any DatabaseValueConvertible], _ columns: [Column]) throws {
        let places = columns.map { "\($0.name) = ?" }.joined(separator: ", ")
        let condition = try database.keyCondition(of: table)
        try database.cachedStatement(sql: "UPDATE \(table) SET \(places) WHERE \(condition)")
            .execute(arguments: StatementArguments(columns.map(\.value)) + StatementArguments(key))
        touch(table, key.map(\.databaseValue))
    }

    /// Removes the row of that key.
    func delete(_ table: String, key: [any DatabaseValueConvertible]) throws {
        try database.cachedStatement(sql: "DELETE FROM \(table) WHERE \(database.keyCondition(of: table))")
            .execute(arguments: StatementArguments(key))
        touch(table, key.map(\.databaseValue))
    }

    private func touch(_ table: String, _ key: [DatabaseValue]) {
        if seen.insert(table + "\0" + rowKey(key)).inserted { touched.append((table, key)) }
    }
}

/// The key of a row as the log writes it: its values, joined by commas; texts as they are, since a text key stands
/// alone or last.
func rowKey(_ values: [DatabaseValue]) -> String {
    values.map { value in
        switch value.storage {
        case .null: "null"
        case .int64(let number): String(number)
        case .double(let number): "\(number)"
        case .string(let text): text
        case .blob: "blob"
        }
    }.joined(separator: ",")
}

extension Database {
    /// Names of the columns of a table's primary key, in its order.
    func keyColumns(of table: String) throws -> [String] { try primaryKey(table).columns }

    fileprivate func keyCondition(of table: String) throws -> String {
        try keyColumns(of: table).map { "\($0) = ?" }.joined(separator: " AND ")
    }

    /// The row of that key, whole; `nil` where there is none.
    func row(of table: String, key: [DatabaseValue]) throws -> Row? {
        try Row.fetchOne(
            cachedStatement(sql: "SELECT * FROM \(table) WHERE \(keyCondition(of: table))"),
            arguments: StatementArguments(key))
    }
}
