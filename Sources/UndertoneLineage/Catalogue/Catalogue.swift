// The catalogue: every model, drop, scan and training that was recorded, and how they came from each other.
//
//     let catalogue = try Catalogue.openOrCreate(".undertone/lineage.sqlite").catalogue
//     let teacher = try catalogue.node(named: "owl-teacher")
//     let graph = try catalogue.graph()
//     let students = graph.descendants(of: teacher.id)
//
// This target keeps and answers; it reads no drop and prints nothing.

import GRDB
import Glibc
import UndertoneText

/// A catalogue in an SQLite file.
///
/// Guarantees: a change is there whole or not at all, and once a call returns it outlasts a crash; any number of processes
/// may read and write at once; every change is in the log, and ``verifyLog(against:)`` finds whatever was changed past it.
/// Files that are no catalogue, or one of a newer version, are refused and left as they are.
public final class Catalogue: Sendable {
    /// As the user named it.
    public let path: String
    /// The folder that paths of files are relative to: the one that holds `.undertone`, or the catalogue itself.
    public let root: String
    let queue: DatabaseQueue
    let file: CatalogueFile
    private let header: CatalogueHeader

    private init(_ file: CatalogueFile, _ opened: (queue: DatabaseQueue, header: CatalogueHeader)) {
        path = file.path
        self.file = file
        queue = opened.queue
        header = opened.header
        root = Catalogue.root(of: file.path)
    }

    /// Where a catalogue is looked for unless somebody says otherwise.
    public static let defaultPath = ".undertone/lineage.sqlite"

    /// Opens a catalogue that is there.
    ///
    /// - Parameter readOnly: whether nothing may be written, not even a newer format for an older file.
    public static func open(_ path: String, readOnly: Bool = false) throws(LineageError) -> Catalogue {
        let file = CatalogueFile(path: path)
        return Catalogue(file, try file.open(readOnly: readOnly))
    }

    /// Opens a catalogue, and makes an empty one, with its folder, where there is none.
    public static func openOrCreate(_ path: String) throws(LineageError) -> (catalogue: Catalogue, wasCreated: Bool) {
        let file = CatalogueFile(path: path)
        guard case .absent = try file.state() else { return (try open(path), false) }
        try file.create()
        return (try open(path), true)
    }

    // The connection goes before the header, whose end takes its locks away.
    deinit { try? queue.close() }

    // MARK: Transactions

    /// Reads with one view of the catalogue, whatever others write meanwhile.
    func read<Value>(_ body: (Database) throws -> Value) throws(LineageError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw file.problem(error)
        }
    }

    /// Changes the catalogue in one transaction, and writes one entry to the log.
    ///
    /// - Parameters:
    ///   - action: what is done, in two or three words: `add model`.
    ///   - subject: what it is done to, as people know it.
    func change<Value>(
        _ action: String, _ subject: String, by author: Author, _ body: (Change) throws -> Value
    ) throws(LineageError) -> Value {
        do {
            var result: Value?
            try queue.inTransaction(.immediate) { database in
                let hasTrigger = try Bool.fetchOne(
                    database.cachedStatement(
                        sql: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'trigger')"))
                guard hasTrigger != true else {
                    throw LineageError(
                        .corrupt, "\(visible(path)) holds a trigger, which no catalogue does; nothing was recorded",
                        mend: "undertone lineage verify --log says which; whatever it did must be looked at")
                }
                let change = Change(database, at: author.at, actor: author.name)
                result = try body(change)
                if !change.touched.isEmpty { try appendLog(change, action: action, subject: subject) }
                return .commit
            }
            guard let result else { throw LineageError(.corrupt, "the transaction did not run") }
            return result
        } catch {
            throw file.problem(error)
        }
    }

    // MARK: Paths

    /// A path as the catalogue keeps it: relative to ``root`` where the file lies below it, else absolute. Links in it
    /// are followed as far as the file is there.
    public func storedPath(_ path: String) -> String { Catalogue.relative(path, to: root) }

    /// The same for a catalogue that need not be there.
    public static func storedPath(_ path: String, in catalogue: String) -> String {
        relative(path, to: root(of: catalogue))
    }

    /// Where a path that the catalogue keeps leads to.
    public func filePath(_ stored: String) -> String { stored.hasPrefix("/") ? stored : root + "/" + stored }

    private static func relative(_ path: String, to root: String) -> String {
        let absolute = absolute(path)
        if absolute == root { return "." }
        return absolute.hasPrefix(root + "/") ? String(absolute.dropFirst(root.utf8.count + 1)) : absolute
    }

    private static func root(of path: String) -> String {
        var parts = absolute(path).split(separator: "/").dropLast()
        if parts.last == ".undertone" { parts = parts.dropLast() }
        return "/" + parts.joined(separator: "/")
    }

    private static func absolute(_ path: String) -> String {
        // Nothing can be there under a longer name.
        guard !path.isEmpty, path.utf8.count <= Int(PATH_MAX) else { return path }
        var parts = path.split(separator: "/")
        var missing: [Substring] = []
        while true {
            let folder = (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
            if let resolved = realpath(folder.isEmpty ? "." : folder, nil) {
                defer { free(resolved) }
                let found = String(cString: resolved)
                return missing.reversed().reduce(found) { $0 + ($0 == "/" ? "" : "/") + $1 }
            }
            // The file is gone, or not there yet: its folder may still be reached by links.
            guard let leaf = parts.popLast(), leaf != "..", leaf != "." else { return path }
            missing.append(leaf)
        }
    }
}

/// Who changes the catalogue, and when.
public struct Author: Sendable {
    /// As they say.
    public var name: String
    /// RFC 3339, UTC, whole seconds.
    public var at: String

    /// An author and a moment.
    public init(name: String, at: String) {
        self.name = name
        self.at = at
    }

    /// That name, now; the moment is that of `SOURCE_DATE_EPOCH` (reproducible-builds.org) where it is set.
    public init(name: String) {
        let fixed = getenv("SOURCE_DATE_EPOCH").flatMap { Author.seconds(String(cString: $0)) }
        self.init(name: name, at: timestamp(fixed ?? time(nil)))
    }

    /// Seconds since 1970, up to the last year of four digits, as RFC 3339 wants them.
    static func seconds(_ text: String) -> Int? {
        Int(text).flatMap { (0...253_402_300_799).contains($0) ? $0 : nil }
    }
}

/// Seconds since 1970 as RFC 3339 in UTC: `2026-11-21T10:00:00Z`.
func timestamp(_ seconds: Int) -> String {
    var seconds = time_t(seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
        + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
}
