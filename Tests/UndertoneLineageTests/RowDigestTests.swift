// Different rows have different digests; the same row has the same one after a migration that adds columns.

import GRDB
import Testing

@testable import UndertoneLineage

@Suite struct RowDigestTests {
    typealias Columns = [(name: String, value: RowValue)]

    @Test func `the canonical form is this one`() {
        // Changing this changes the digests of every log there is.
        let bytes = RowDigest.encoding(
            table: "t", columns: [("r", .real(1)), ("b", .blob([7])), ("i", .integer(-2)), ("s", .text("é"))])
        func length(_ count: UInt8) -> [UInt8] { [0, 0, 0, 0, 0, 0, 0, count] }
        var wanted = Array("undertone row v1\0".utf8) + length(1) + Array("t".utf8)
        wanted += length(1) + Array("bb".utf8) + length(1) + [7]
        wanted += length(1) + Array("ii".utf8) + length(8) + [255, 255, 255, 255, 255, 255, 255, 254]
        wanted += length(1) + Array("rr".utf8) + length(8) + [0x3F, 0xF0, 0, 0, 0, 0, 0, 0]
        wanted += length(1) + Array("st".utf8) + length(2) + [0xC3, 0xA9]
        #expect(bytes == wanted)
    }

    @Test func `the order of columns does not matter`() {
        let columns: Columns = [("b", .integer(1)), ("a", .text("x")), ("ab", .blob([])), ("B", .real(0))]
        for turn in columns.indices {
            let turned = Array(columns[turn...] + columns[..<turn])
            #expect(RowDigest.of(table: "t", columns: turned) == RowDigest.of(table: "t", columns: columns))
        }
    }

    // Rows in which the same bytes stand in other places.
    static let lookalikes: [(String, Columns)] = [
        ("t", []), ("", []), ("ta", []), ("t", [("a", .text(""))]), ("t", [("", .text("a"))]),
        ("t", [("a", .blob([]))]), ("t", [("a", .integer(0))]), ("t", [("a", .real(0))]), ("t", [("a", .real(-0.0))]),
        ("t", [("a", .text([0, 0, 0, 0, 0, 0, 0, 0]))]), ("t", [("a", .blob([0, 0, 0, 0, 0, 0, 0, 0]))]),
        ("t", [("a", .text("bc"))]), ("t", [("ab", .text("c"))]), ("t", [("abc", .text(""))]),
        ("t", [("a", .text("b")), ("c", .text("d"))]), ("t", [("a", .text("bcd"))]), ("ta", [("b", .text("c"))]),
        ("t", [("a", .integer(1)), ("b", .integer(2))]), ("t", [("a", .integer(2)), ("b", .integer(1))]),
        ("t", [("a", .text("1"))]), ("t", [("a", .integer(1))]), ("t", [("a", .real(1))]),
        ("t", [("a", .text("\u{E9}"))]), ("t", [("a", .text("e\u{301}"))]), ("t", [("\u{E9}", .text(""))]),
        ("t", [("e\u{301}", .text(""))]), ("t", [("a", .text([0xFF]))]), ("t", [("a", .text("\u{FFFD}"))]),
        ("t", [("a", .text("x\0y"))]), ("t", [("a", .text("x"))]),
    ]

    @Test func `rows that look alike have different forms`() {
        let forms = Self.lookalikes.map { RowDigest.encoding(table: $0.0, columns: $0.1) }
        #expect(Set(forms).count == forms.count)
        for (index, form) in forms.enumerated() {
            #expect(PlainRow(form)?.columns.count == Self.lookalikes[index].1.count)
        }
    }

    @Test(arguments: UInt64(1)...60)
    func `a form can be read in one way, which gives the row back`(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let names = (0..<Int.random(in: 0...6, using: &generator)).map { "\($0)" + generator.text() }
        let columns: Columns = names.map { name in
            switch Int.random(in: 0...3, using: &generator) {
            case 0: (name, .integer(Int64.random(in: .min ... .max, using: &generator)))
            case 1: (name, .real(Double(bitPattern: generator.next())))
            case 2: (name, .text(generator.bytes(most: 20)))
            default: (name, .blob(generator.bytes(most: 20)))
            }
        }
        let table = generator.text()
        let row = try #require(PlainRow(RowDigest.encoding(table: table, columns: columns)))
        #expect(row.table == Array(table.utf8))
        let wanted = columns.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        #expect(row.columns.map(\.name) == wanted.map { Array($0.name.utf8) })
        for (found, column) in zip(row.columns, wanted) { #expect(found.isSame(as: column.value)) }
    }

    private func digests(_ database: Database, _ table: String) throws -> [Digest256] {
        var digests: [Digest256] = []
        try RowDigest.forEachRow(of: table, database, sql: "SELECT * FROM \(table) ORDER BY rowid") { _, digest in
            digests.append(digest)
        }
        return digests
    }

    @Test func `a row of a database has the digest of its columns`() throws {
        try DatabaseQueue().write { database in
            try database.execute(sql: "CREATE TABLE t(a INTEGER PRIMARY KEY, b REAL, c TEXT, d BLOB, e ANY) STRICT")
            try database.execute(sql: "INSERT INTO t VALUES(-5, 2.5, 'é', x'00FF', NULL), (6, 3, '', x'', 'x')")
            let found = try digests(database, "t")
            #expect(
                found == [
                    RowDigest.of(
                        table: "t",
                        columns: [("a", .integer(-5)), ("b", .real(2.5)), ("c", .text("é")), ("d", .blob([0, 255]))]),
                    RowDigest.of(
                        table: "t",
                        columns: [
                            ("a", .integer(6)), ("b", .real(3)), ("c", .text("")), ("d", .blob([])), ("e", .text("x")),
                        ]),
                ])
            try database.execute(sql: "ALTER TABLE t ADD COLUMN more TEXT")
            #expect(try digests(database, "t") == found)
        }
    }

    @Test func `no change of a row escapes, not even one that a String would not show`() throws {
        try DatabaseQueue().write { database in
            try database.execute(sql: "CREATE TABLE t(a INTEGER PRIMARY KEY, c TEXT, d BLOB, e ANY) STRICT")
            try database.execute(sql: "INSERT INTO t VALUES(1, 'owl', x'01', 1)")
            var seen = Set(try digests(database, "t"))
            for change in [
                "c = 'owl' || char(0) || 'x'", "c = CAST(x'6F776CFF' AS TEXT)", "c = 'owl' || char(65533)", "c = NULL",
                "c = ''", "d = x''", "d = NULL", "e = 1.0", "e = '1'", "e = x'31'", "e = NULL", "a = 2",
            ] {
                try database.execute(sql: "UPDATE t SET \(change)")
                let digest = try #require(try digests(database, "t").first)
                #expect(seen.insert(digest).inserted, "\(change)")
            }
        }
    }
}

/// A second reading of the canonical form, from its description.
private struct PlainRow {
    var table: [UInt8] = []
    var columns: [PlainColumn] = []

    init?(_ form: [UInt8]) {
        let start = Array("undertone row v1\0".utf8)
        guard form.starts(with: start) else { return nil }
        var rest = form[start.count...]
        func part() -> [UInt8]? {
            guard rest.count >= 8 else { return nil }
            let count = rest.prefix(8).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(8)
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        guard let table = part() else { return nil }
        self.table = table
        while !rest.isEmpty {
            guard let name = part(), let type = rest.popFirst(), let value = part() else { return nil }
            columns.append(PlainColumn(name: name, type: type, value: value))
        }
    }
}

private struct PlainColumn {
    var name: [UInt8]
    var type: UInt8
    var value: [UInt8]

    func isSame(as other: RowValue) -> Bool {
        let number = value.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch other {
        case .integer(let integer):
            return type == UInt8(ascii: "i") && value.count == 8 && integer == Int64(bitPattern: number)
        case .real(let real): return type == UInt8(ascii: "r") && value.count == 8 && real.bitPattern == number
        case .text(let text): return type == UInt8(ascii: "t") && value == text
        case .blob(let blob): return type == UInt8(ascii: "b") && value == blob
        }
    }
}
