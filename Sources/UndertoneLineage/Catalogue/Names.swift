// What people write to name a node: a model's name, a file, the beginning of a digest, `scan:12`.

import GRDB
import UndertoneCore
import UndertoneText

extension Catalogue {
    /// The node that a person means.
    ///
    /// In this order: `kind:rest`, where rest is a number, or again what follows; the name of a model or a deployment; a
    /// file that was seen; at least four digits at the beginning of a SHA-256, with or without `sha256:` before them; the
    /// name that an entry was recorded under.
    ///
    /// - Throws: ``LineageError`` `notFound` with the nearest name, or `ambiguous` with what it could be.
    public func node(named text: String, kind: NodeKind? = nil) throws(LineageError) -> Node {
        try read { database in
            let names = Names(database, kind, storedPath)
            // No name is longer; a long text of many slashes or colons would only take long.
            let found = text.utf8.count <= 5000 ? try names.ids(text) : []
            guard let first = found.first else { throw try names.unknown(text) }
            let nodes = try found.prefix(5).compactMap { try Node.read(database, $0) }
            guard found.count == 1, let node = nodes.first else {
                let shown = nodes.map { "\($0.kind.rawValue):\($0.id.rawValue) (\(visible($0.name, limit: 60)))" }
                throw LineageError(
                    .ambiguous, "\"\(visible(text, limit: 120))\" could be " + shown.joined(separator: ", "),
                    mend: "write one of them, as in \(nodes.first?.kind.rawValue ?? "drop"):\(first.rawValue)")
            }
            return node
        }
    }
}

private struct Names {
    let database: Database
    let kind: NodeKind?
    let storedPath: (String) -> String

    init(_ database: Database, _ kind: NodeKind?, _ storedPath: @escaping (String) -> String) {
        self.database = database
        self.kind = kind
        self.storedPath = storedPath
    }

    func ids(_ text: String) throws -> [NodeID] {
        if let colon = text.firstIndex(of: ":"), let kind = NodeKind(rawValue: String(text[..<colon])),
            self.kind == nil || self.kind == kind
        {
            let rest = String(text[text.index(after: colon)...])
            let names = Names(database, kind, storedPath)
            if let number = Int64(rest) {
                let exact = try names.find("id = ?", number)
                if !exact.isEmpty { return exact }
            }
            let found = try names.ids(rest)
            if !found.isEmpty { return found }
        }
        let named = try find("name = ? AND kind IN ('model', 'deployment')", text)
        if !named.isEmpty { return named }
        // As seen from here before as the catalogue keeps it.
        for path in [storedPath(text), text] {
            let seen = try find("id IN (SELECT node FROM location WHERE path = ?)", path)
            if !seen.isEmpty { return seen }
        }
        let digits = text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text
        if (4...64).contains(digits.utf8.count), digits.utf8.allSatisfy({ isHexadecimal($0) }) {
            // 'g' comes behind every hexadecimal digit.
            let small = digits.lowercased()
            let found = try find("digest >= ? AND digest < ?", small, small + "g")
            if !found.isEmpty { return found }
        }
        return try find("name = ?", text)
    }

    private func find(_ condition: String, _ values: any DatabaseValueConvertible & Sendable...) throws -> [NodeID] {
        var arguments = StatementArguments(values.map(\.databaseValue))
        var sql = "SELECT id FROM node WHERE \(condition)"
        if let kind {
            sql += " AND kind = ?"
            arguments += [kind.rawValue]
        }
        return try NodeID.fetchAll(database, sql: sql + " ORDER BY id LIMIT 20", arguments: arguments)
    }

    func unknown(_ text: String) throws -> LineageError {
        let what = kind.map { "\($0.rawValue)" } ?? "entry"
        let names = try String.fetchAll(
            database,
            sql: "SELECT name FROM node WHERE kind IN ('model', 'deployment', 'drop') ORDER BY id DESC LIMIT 1000")
        var mend = "undertone lineage show lists what there is"
        if let nearest = nearestWord(to: text, in: names) { mend = "did you mean \"\(visible(nearest, limit: 80))\"?" }
        return LineageError(
            .notFound, "the catalogue has no \(what) named \"\(visible(text, limit: 120))\"", mend: mend)
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
