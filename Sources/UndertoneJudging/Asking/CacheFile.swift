// Opening and making the file of a cache, without harm to files that are none.

import GRDB
import Glibc
import UndertoneText

/// The file of a cache.
struct CacheFile {
    /// `PRAGMA application_id`: "UNDJ". It tells a cache from any other SQLite file.
    static let applicationID = 0x554E_444A
    /// `PRAGMA user_version`.
    static let version = 1

    let path: String

    // Another process writes for milliseconds; one that prunes a large cache, for seconds.
    private static let patience = 60.0

    private static let schema = """
        CREATE TABLE answer (
            key TEXT NOT NULL PRIMARY KEY CHECK (length(key) = 64),
            address TEXT NOT NULL,
            requested_model TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('score', 'escape', 'refused')),
            score REAL CHECK ((state = 'score') = (score IS NOT NULL) AND (score IS NULL OR score BETWEEN 0 AND 100)),
            word TEXT CHECK ((state = 'escape') = (word IS NOT NULL)),
            reason TEXT,
            reply TEXT NOT NULL,
            finish_reason TEXT,
            model TEXT,
            fingerprint TEXT,
            prompt_tokens INTEGER,
            completion_tokens INTEGER,
            request_id TEXT,
            attempts INTEGER NOT NULL,
            created INTEGER NOT NULL,
            latency REAL NOT NULL,
            program TEXT NOT NULL
        ) STRICT;
        CREATE INDEX answer_model ON answer (address, requested_model, model, fingerprint);

        CREATE TABLE attempt (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL CHECK (length(key) = 64),
            address TEXT NOT NULL,
            requested_model TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('too-many', 'passing', 'timeout', 'lasting', 'unsupported', 'unparsed',
                'cut-off')),
            message TEXT,
            reply TEXT,
            finish_reason TEXT,
            model TEXT,
            fingerprint TEXT,
            prompt_tokens INTEGER,
            completion_tokens INTEGER,
            request_id TEXT,
            attempts INTEGER NOT NULL,
            created INTEGER NOT NULL,
            latency REAL NOT NULL,
            program TEXT NOT NULL
        ) STRICT;
        CREATE INDEX attempt_key ON attempt (key, kind);
        """

    /// Opens the cache, and makes an empty one, with its folder, where there is none.
    func openOrCreate() throws(JudgeError) -> DatabaseQueue {
        var status = stat()
        if stat(path, &status) != 0 {
            guard errno == ENOENT else { throw unwritable("can't be opened: \(String(cString: strerror(errno)))") }
            try create()
        } else if status.st_mode & S_IFMT != S_IFREG {
            throw unwritable("is no file")
        }
        do {
            // Looked at without writing first: what is no cache must stay as it is.
            let reader = try DatabaseQueue(path: plainPath, configuration: CacheFile.configuration(readOnly: true))
            try reader.read(check)
            try reader.close()
            return try DatabaseQueue(path: plainPath, configuration: CacheFile.configuration(readOnly: false))
        } catch {
            throw problem(error)
        }
    }

    private func check(_ database: Database) throws {
        let identity = try Int.fetchOne(database, sql: "PRAGMA application_id")
        guard identity == CacheFile.applicationID else {
            throw JudgeError(
                .notACache, "\(visible(path)) is an SQLite database of another program",
                mend: "name another file for the answers of judges; this one was left as it is")
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= CacheFile.version else {
            throw JudgeError(
                .newerVersion,
                "\(visible(path)) was written by a newer undertone (format \(version), this one knows \(CacheFile.version))",
                mend: "update undertone, or name another file for the answers of judges; this one was left as it is")
        }
        guard version > 0 else { throw corrupt("it has no version") }
        // What somebody else wrote would run with every statement.
        let names = try Set(
            String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE substr(name, 1, 7) <> 'sqlite_'"))
        guard names == ["answer", "answer_model", "attempt", "attempt_key"] else {
            throw corrupt("it holds other tables than a cache")
        }
    }

    // Whole or not at all; one that another process made just now is fine too.
    private func create() throws(JudgeError) {
        makeFolders()
        let temporary = "\(plainPath).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        defer { for ending in ["", "-wal", "-shm", "-journal"] { unlink(temporary + ending) } }
        do {
            let queue = try DatabaseQueue(path: temporary, configuration: CacheFile.configuration(readOnly: false))
            try CacheFile.makeTables(queue)
            try queue.close()
        } catch {
            throw problem(error)
        }
        // Unlike a rename, a link never takes the place of a file that is there.
        guard link(temporary, plainPath) == 0 || errno == EEXIST else {
            let number = errno
            // Some file systems know no links.
            if number == EPERM || number == ENOTSUP || number == ENOSYS, rename(temporary, plainPath) == 0 { return }
            throw unwritable("can't be made: \(String(cString: strerror(number)))")
        }
    }

    /// Makes the tables of an empty database.
    static func makeTables(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.inTransaction(.immediate) {
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                try database.execute(sql: schema)
                try database.execute(sql: "PRAGMA user_version = \(version)")
                return .commit
            }
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// What became of an error of SQLite, for people.
    func problem(_ error: any Error) -> JudgeError {
        if let error = error as? JudgeError { return error }
        guard let error = error as? DatabaseError else { return corrupt("a table holds a value of the wrong type") }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return JudgeError(
                .busy, "\(visible(path)): another process has been writing for more than a minute",
                mend: "try again when it is done; answers that were kept are not asked for again")
        case .SQLITE_FULL:
            return JudgeError(
                .unwritable, "\(visible(path)): the device is full",
                mend: "make room and run the same command again; answers that were kept are not asked for again")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN: return unwritable("can't be written")
        case .SQLITE_IOERR: return unwritable("can't be written: input or output failed")
        case .SQLITE_NOTADB:
            return JudgeError(
                .notACache, "\(visible(path)) holds no answers of judges",
                mend: "name another file for them; this one was left as it is")
        case .SQLITE_CORRUPT: return corrupt("its content makes no sense")
        // The message may quote the schema, never values: arguments stay hidden.
        default: return corrupt(visible(error.message ?? "error \(error.resultCode.rawValue)", limit: 200))
        }
    }

    private func corrupt(_ what: String) -> JudgeError {
        JudgeError(
            .corrupt, "\(visible(path)), where answers of judges are kept, is damaged: \(what)",
            mend: "remove it with its -wal and -shm files, and the judges are asked anew; sqlite3 can .recover the rest"
        )
    }

    private func unwritable(_ what: String) -> JudgeError {
        JudgeError(
            .unwritable, "\(visible(path)), where answers of judges are kept, \(what)",
            mend: "check the path, the rights of its folder and the free space")
    }

    // SQLite may take what begins with "file:" as a URI (sqlite.org/uri.html).
    private var plainPath: String { path.hasPrefix("/") ? path : "./" + path }

    private func makeFolders() {
        var folder = ""
        for part in plainPath.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            folder += part + "/"
            mkdir(folder, 0o777)
        }
    }

    static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            // With a write-ahead log, a killed process loses nothing that was committed, and a power failure may lose
            // the last answers but damages nothing (sqlite.org/pragma.html#pragma_synchronous).
            if !readOnly { try database.execute(sql: "PRAGMA synchronous = NORMAL") }
            // 64 MiB: keys lie in no order, so that all their pages are wanted again and again.
            try database.execute(sql: "PRAGMA cache_size = -65536")
            // Files come from outside: a schema in them may call no function with side effects.
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }
}
