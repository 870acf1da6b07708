// Opening and creating the file of a catalogue, without harm to files that are none.

import GRDB
import Glibc
import UndertoneText

/// The file of a catalogue.
struct CatalogueFile {
    let path: String

    // Another process may hold the catalogue while it records a large scan.
    private static let patience = 120.0

    /// What the first bytes of the file say.
    enum State {
        case absent
        case catalogue(version: Int, CatalogueHeader)
    }

    /// - Throws: ``LineageError`` for a file that is no catalogue, or one of a newer version.
    func state() throws(LineageError) -> State {
        let file: CatalogueHeader
        let header: [UInt8]
        do throws(CatalogueHeader.Failure) {
            file = try CatalogueHeader(path: path)
            header = try file.bytes(100)
        } catch {
            switch error {
            case .system(ENOENT): return .absent
            case .system(let number): throw unreadable(number)
            case .notAFile:
                throw LineageError(
                    .unreadable, "\(visible(path)) is no file", mend: "name a file with --lineage, or a new one")
            }
        }
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw LineageError(
                .notACatalogue, "\(visible(path)) is no catalogue of undertone",
                mend: "name another file with --lineage; this one was left as it is")
        }
        func number(at offset: Int) -> UInt32 {
            header[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        guard number(at: 68) == UInt32(bitPattern: Schema.applicationID) else {
            throw LineageError(
                .notACatalogue, "\(visible(path)) is an SQLite database of another program",
                mend: "name another file with --lineage; this one was left as it is")
        }
        let version = Int(number(at: 60))
        guard version <= Schema.version else {
            throw LineageError(
                .newerVersion,
                "\(visible(path)) was written by a newer undertone (format \(version), this one knows \(Schema.version))",
                mend: "update undertone; the catalogue was left as it is")
        }
        guard version > 0 else { throw corrupt("it has no version") }
        return .catalogue(version: version, file)
    }

    /// Opens a catalogue that is there, and brings an older one to this version.
    func open(readOnly: Bool) throws(LineageError) -> (DatabaseQueue, CatalogueHeader) {
        guard case .catalogue(let version, let header) = try state() else {
            throw LineageError(
                .notFound, "there is no catalogue at \(visible(path))",
                mend: "undertone lineage add, or scan --lineage, makes one; --lineage names another place")
        }
        do {
            let queue = try connect(readOnly: readOnly)
            // The header may be older than what the write-ahead log holds, so the version is asked again.
            if version < Schema.version {
                guard !readOnly else { return try open(readOnly: false) }
                try queue.inTransaction(.immediate) { database in
                    let now = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                    if now < Schema.version { try Schema.migrate(database, from: now) }
                    return .commit
                }
            }
            // Somebody may have turned it off; with it, who reads and who writes don't wait for each other.
            if !readOnly {
                try queue.writeWithoutTransaction { database in
                    let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
                    if mode != "wal" { try database.execute(sql: "PRAGMA journal_mode = WAL") }
                }
            }
            let hasView = try queue.read { database in
                try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'view')")
            }
            // Reading one is running what somebody else wrote, which may never end.
            guard hasView != true else { throw corrupt("it holds a view, which no catalogue does") }
            return (queue, header)
        } catch {
            throw problem(error)
        }
    }

    private func connect(readOnly: Bool) throws -> DatabaseQueue {
        let configuration = CatalogueFile.configuration(readOnly: readOnly)
        do {
            return try DatabaseQueue(path: plainPath, configuration: configuration)
        } catch let error as DatabaseError where readOnly && isStill {
            // SQLite wants to make files beside the catalogue even for reading. Where it can't, nobody else can write
            // either, and the file may be read as it stands. Libraries that know no such names fail once more.
            if let queue = try? DatabaseQueue(path: "file:\(quotedPath)?immutable=1", configuration: configuration) {
                return queue
            }
            throw error
        }
    }

    // Whether nothing waits in a write-ahead log, and nothing can be made in the folder.
    private var isStill: Bool {
        var status = stat()
        let isLogEmpty = stat(path + "-wal", &status) != 0 || status.st_size == 0
        return isLogEmpty && access(folder, W_OK) != 0
    }

    // SQLite may take what begins with "file:" as a URI (sqlite.org/uri.html).
    private var plainPath: String { path.hasPrefix("/") ? path : "./" + path }

    private var quotedPath: String {
        let digits = Array("0123456789ABCDEF")
        return plainPath.utf8.map { byte in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "/._-".utf8.contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }

    /// Makes an empty catalogue, whole or not at all; one that is there already, made by another process just now, is
    /// fine too.
    func create() throws(LineageError) {
        makeFolders()
        let temporary = "\(plainPath).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        defer { for ending in ["", "-wal", "-shm", "-journal"] { unlink(temporary + ending) } }
        do {
            let queue = try DatabaseQueue(
                path: temporary, configuration: CatalogueFile.configuration(readOnly: false))
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA page_size = 8192")
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                try database.inTransaction(.immediate) {
                    try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
                    try Schema.migrate(database, from: 0)
                    return .commit
                }
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
            try queue.close()
        } catch {
            throw problem(error)
        }
        // Unlike a rename, a link never takes the place of a file that is there.
        guard link(temporary, path) == 0 || errno == EEXIST else {
            let number = errno
            // Some file systems know no links.
            if number == EPERM || number == ENOTSUP || number == ENOSYS, rename(temporary, path) == 0 { return }
            throw unwritable(number)
        }
        syncFolder()
    }

    /// What became of an error of SQLite, for people.
    func problem(_ error: any Error) -> LineageError {
        if let error = error as? LineageError { return error }
        guard let error = error as? DatabaseError else {
            // Rows that don't hold what they must; GRDB's text would say what they hold.
            return .wrongValue
        }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return LineageError(
                .busy, "\(visible(path)): another process has been recording for more than two minutes",
                mend: "try again when it is done")
        case .SQLITE_FULL:
            return LineageError(
                .unwritable, "\(visible(path)): the device is full; nothing was recorded", mend: "make room, then retry"
            )
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return LineageError(
                .unwritable, "\(visible(path)) can't be written", mend: "check the rights of the file and its folder")
        case .SQLITE_CANTOPEN:
            return LineageError(
                .unwritable, "\(visible(path)) can't be opened", mend: "check the path and the rights of its folder")
        case .SQLITE_IOERR:
            return LineageError(
                .unwritable, "\(visible(path)): input or output failed; nothing was recorded",
                mend: "check the device and its free space")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return corrupt("its content makes no sense")
        default:
            // The message may quote the schema, never values: arguments stay hidden.
            return corrupt(visible(error.message ?? "error \(error.resultCode.rawValue)"))
        }
    }

    private func corrupt(_ what: String) -> LineageError {
        LineageError(
            .corrupt, "\(visible(path)) is damaged: \(what)",
            mend: "take a copy from a backup; sqlite3 \(visible(path)) .recover may save the rest")
    }

    private func unreadable(_ number: Int32) -> LineageError {
        LineageError(
            .unreadable, "\(visible(path)) can't be read: \(String(cString: strerror(number)))",
            mend: "check the path and its rights")
    }

    private func unwritable(_ number: Int32) -> LineageError {
        LineageError(
            .unwritable, "\(visible(path)) can't be made: \(String(cString: strerror(number)))",
            mend: "check the folder and its rights")
    }

    var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func makeFolders() {
        var path = folder.hasPrefix("/") ? "" : "."
        for part in folder.split(separator: "/") {
            path += "/" + part
            mkdir(path, 0o777)
        }
    }

    private func syncFolder() {
        let file = Glibc.open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard file >= 0 else { return }
        fsync(file)
        close(file)
    }

    private static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            // What was said to be recorded must outlast a power failure, not only the end of this process.
            if !readOnly { try database.execute(sql: "PRAGMA synchronous = FULL") }
            // Files come from outside: a schema in them may call no function with side effects.
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }
}
