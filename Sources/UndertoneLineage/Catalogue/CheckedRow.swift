// Values out of rows, checked: who has the file can put anything into its tables, and GRDB's own subscripts end the
// program where a column is not there or holds something else.

import GRDB

extension Row {
    /// The value of a column.
    ///
    /// - Throws: ``LineageError`` `corrupt` where there is no such column, or it holds no such value.
    func get<Value: DatabaseValueConvertible>(_ column: String) throws(LineageError) -> Value {
        do {
            return try decode(Value.self, forColumn: column)
        } catch {
            throw .wrongValue
        }
    }

    /// The value of the column at that place, which must be there.
    ///
    /// - Throws: ``LineageError`` `corrupt` where it holds no such value.
    func get<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        at index: Int, as type: Value.Type = Value.self
    ) throws(LineageError) -> Value {
        do {
            return try decode(type, atIndex: index)
        } catch {
            throw .wrongValue
        }
    }
}

extension LineageError {
    /// A table holds what no program of ours wrote. What it holds is not said: it may be anything.
    static let wrongValue = LineageError(
        .corrupt, "a table of the catalogue holds a value of the wrong type",
        mend: "undertone lineage verify --log says what was changed")
}
