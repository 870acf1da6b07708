// The file of a catalogue: what stands in its place, who else has it open, and where it lies.

import Foundation
import GRDB
import Glibc
import Testing

@testable import UndertoneLineage

@Suite struct CatalogueFileTests {
    let folder = CatalogueFolder()

    @Test func `a pipe in the place of a catalogue is refused and not waited for`() throws {
        let path = folder.path + "/pipe"
        try #require(mkfifo(path, 0o600) == 0)
        let error = #expect(throws: LineageError.self) { try Catalogue.openOrCreate(path) }
        #expect(error?.code == .unreadable)
        let other = #expect(throws: LineageError.self) { try Catalogue.open(folder.path) }
        #expect(other?.code == .unreadable)
    }

    @Test func `opening a catalogue once more leaves the locks of the first in place`() throws {
        let first = try folder.catalogue()
        try first.add(ModelEntry(name: "m"), by: tester)
        do { _ = try Catalogue.open(folder.cataloguePath).counts() }
        // F_OFD_GETLK, which Glibc does not bring along: a lock of the description, unlike one of the process, meets those
        // of this process too.
        let file = open(folder.cataloguePath, O_RDWR | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        // SQLite's shared bytes (sqlite.org, os.h): every connection in WAL mode holds a lock there.
        lock.l_start = 0x4000_0002
        lock.l_len = 510
        #expect(withUnsafeMutablePointer(to: &lock) { fcntl(file, 36, $0) } == 0)
        #expect(Int32(lock.l_type) == F_RDLCK)
        withExtendedLifetime(first) {}
    }

    @Test func `names that SQLite has a meaning for are names of files`() throws {
        let here = FileManager.default.currentDirectoryPath
        for name in ["file:a?mode=memory", ":memory:", "a%20b", "x?immutable=1"] {
            let path = folder.path + "/" + name
            try Catalogue.openOrCreate(path).catalogue.add(ModelEntry(name: "m"), by: tester)
            #expect(FileManager.default.fileExists(atPath: path))
            #expect(try Catalogue.open(path).nodes(.model).count == 1)
        }
        #expect(FileManager.default.currentDirectoryPath == here)
    }

    @Test func `paths are kept relative to the folder that holds the catalogue, links followed`() throws {
        let catalogue = try folder.catalogue()
        let root = catalogue.root
        #expect(catalogue.storedPath(root) == ".")
        #expect(catalogue.storedPath(root + "/a/b.jsonl") == "a/b.jsonl")
        #expect(catalogue.storedPath(root + "/a/../b.jsonl") == "a/../b.jsonl")
        #expect(catalogue.storedPath(root + "x/b.jsonl") == root + "x/b.jsonl")
        try FileManager.default.createDirectory(atPath: root + "/real", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: "real")
        #expect(catalogue.storedPath(root + "/link/new.jsonl") == "real/new.jsonl")
        #expect(catalogue.storedPath(root + "/link/") == "real")
        #expect(catalogue.filePath(".") == root + "/.")
        #expect(catalogue.storedPath("/") == "/")
        #expect(catalogue.storedPath("/no such folder/x") == "/no such folder/x")
        let deep = String(repeating: "a/", count: 60_000) + "b"
        #expect(catalogue.storedPath(deep) == deep)
        for name in [deep, String(repeating: "model:", count: 20_000) + "b", ""] {
            let error = #expect(throws: LineageError.self) { try catalogue.node(named: name) }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `room that verdicts took is given back, also later`() throws {
        let catalogue = try folder.catalogue()
        for number in 0..<3 { try scan(catalogue, "/d/a.jsonl", content: "a \(number % 2)") }
        let kept = try catalogue.collectGarbage(keepingScans: 1, isDryRun: false, by: tester)
        #expect(kept.scans == 1 && kept.obstacle == nil)
        let queue = try DatabaseQueue(path: folder.cataloguePath)
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") } == 0)
        // Somebody holds the catalogue while room is given back.
        try queue.writeWithoutTransaction {
            try $0.execute(sql: "CREATE TABLE t AS SELECT zeroblob(100000); DROP TABLE t")
        }
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") } != 0)
        #expect(try catalogue.collectGarbage(keepingScans: 1, isDryRun: false, by: tester).scans == 0)
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") } == 0)
        #expect(try catalogue.verifyLog().isIntact)
    }

    @Test func `a folder's digest is that of what sha256sum prints, whatever its files are called`() throws {
        let place = folder.path + "/weights"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        for name in ["b", "a", "B", "é", "back\\slash", "line\nfeed", ".hidden"] {
            try Data(name.utf8).write(to: URL(fileURLWithPath: place + "/" + name))
        }
        try #require(mkfifo(place + "/pipe", 0o600) == 0)
        try FileManager.default.createDirectory(atPath: place + "/sub", withIntermediateDirectories: true)
        let found = try contentDigest(of: place).digest
        let list = try runProgram("sh", ["-c", "rm pipe && rmdir sub && LC_ALL=C sha256sum *"], in: place)
        #expect(found == Digest256.of(list).hexadecimal)
        let pipe = folder.path + "/other"
        try #require(mkfifo(pipe, 0o600) == 0)
        let error = #expect(throws: LineageError.self) { try contentDigest(of: pipe, isRecorded: true) }
        #expect(error?.code == .unreadable)
    }

    @Test func `a moment whose year has no four digits is none`() {
        for text in ["253402300800", "67767976233500000", "9223372036854775807", "-5", "x", ""] {
            #expect(Author.seconds(text) == nil, "\(text)")
        }
        #expect(Author.seconds("253402300799").map(timestamp) == "9999-12-31T23:59:59Z")
        #expect(Author.seconds("0").map(timestamp) == "1970-01-01T00:00:00Z")
    }
}
