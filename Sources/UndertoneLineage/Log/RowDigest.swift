// The digest of one row of a database, whatever order its columns stand in.

import Crypto
import Foundation
import GRDB

/// What one column of a row holds. NULL has no value here: see ``RowDigest``.
enum RowValue: Sendable, Hashable {
    /// An integer.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// A text's bytes as they are stored: UTF-8, or whatever else somebody put there.
    case text([UInt8])
    /// Bytes.
    case blob([UInt8])

    /// A text.
    static func text(_ text: String) -> RowValue { .text(Array(text.utf8)) }
}

/// SHA-256 of a row in a canonical form.
///
/// The form: `undertone row v1` and a zero byte; the table's name; then for each column that is not NULL, ordered by
/// the bytes of the names: the name, a byte for the type (`i` integer, `r` real, `t` text, `b` blob), the value. Names
/// and values stand behind their length in bytes, 8 bytes big-endian. Integers are 8 bytes big-endian, two's
/// complement; reals are 8 bytes big-endian, IEEE 754.
///
/// NULLs are left out, so a migration that adds a column with NULL in it leaves the digests of old rows as they were.
///
/// Two different rows never have the same form. The first bytes are always the same; from there on a reader knows at
/// every step how many bytes belong to the next part: a length has 8, a type 1, and a name or value as many as its
/// length says. So the form can be read in one way only, which gives back the table's name and each column's name, type
/// and value bytes; and within a type different values have different bytes. What can't be told apart: a column that
/// is NULL and one that is not there, and the order of columns. Names of columns must differ from each other, as they
/// do in a table.
enum RowDigest {
    /// The canonical form.
    static func encoding(table: String, columns: [(name: String, value: RowValue)]) -> [UInt8] {
        var bytes = Array("undertone row v1\0".utf8)
        append(table.utf8, to: &bytes)
        let ordered = columns.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (name, value) in ordered {
            append(name.utf8, to: &bytes)
            switch value {
            case .integer(let number):
                bytes.append(UInt8(ascii: "i"))
                append(bigEndian(UInt64(bitPattern: number)), to: &bytes)
            case .real(let number):
                bytes.append(UInt8(ascii: "r"))
                append(bigEndian(number.bitPattern), to: &bytes)
            case .text(let text):
                bytes.append(UInt8(ascii: "t"))
                append(text, to: &bytes)
            case .blob(let blob):
                bytes.append(UInt8(ascii: "b"))
                append(blob, to: &bytes)
            }
        }
        return bytes
    }

    /// The digest of a row.
    static func of(table: String, columns: [(name: String, value: RowValue)]) -> Digest256 {
        Digest256.of(encoding(table: table, columns: columns))
    }

    /// Calls `body` with every row that a query gives, and the row's digest.
    ///
    /// The query must give all columns of one table (`SELECT * FROM node WHERE …`). Read rows back after writing them:
    /// SQLite stores some values as others (-0.0 as 0.0, NaN as NULL, and what a column's type converts). Texts count by
    /// their stored bytes, also behind a zero byte and where they are no UTF-8, which a `String` would not show; a row
    /// that GRDB has copied has lost them, so rows are taken from the running query only, and must not be kept.
    static func forEachRow(
        of table: String, _ database: Database, sql: String, arguments: StatementArguments = StatementArguments(),
        _ body: (Row, Digest256) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        while let row = try rows.next() { try body(row, of(table: table, columns: try columns(of: row))) }
    }
}

extension RowDigest {
    private static func columns(of row: Row) throws -> [(name: String, value: RowValue)] {
        var columns: [(name: String, value: RowValue)] = []
        for (index, name) in row.columnNames.enumerated() {
            let value: DatabaseValue = row[index]
            switch value.storage {
            case .null: continue
            case .int64(let number): columns.append((name, .integer(number)))
            case .double(let number): columns.append((name, .real(number)))
            case .string: columns.append((name, .text(try stored(row, index))))
            case .blob: columns.append((name, .blob(try stored(row, index))))
            }
        }
        return columns
    }

    private static func stored(_ row: Row, _ index: Int) throws -> [UInt8] {
        try row.withUnsafeData(atIndex: index) { data in data.map { Array($0) } ?? [] }
    }

    private static func append(_ part: some Collection<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: bigEndian(UInt64(part.count)))
        bytes.append(contentsOf: part)
    }

    private static func bigEndian(_ number: UInt64) -> [UInt8] {
        stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
