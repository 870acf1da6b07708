// Outputs appear whole or not at all, whatever call fails.

import Glibc
import Testing
import UndertoneRecords

@Suite struct OutputFileTests {
    let scratch = Scratch()
    let old = Array("old and whole\n".utf8)
    static let new = sampleBytes(700_000)
    var new: [UInt8] { OutputFileTests.new }

    private func write(
        _ bytes: [UInt8], to path: String, _ compression: Compression = .none, piece: Int = 300_001,
        tap: Collector? = nil, _ fileSystem: any FileSystem = LinuxFileSystem()
    ) throws {
        let output = try OutputFile(path: path, compression: compression, tap: tap, fileSystem: fileSystem)
        try bytes.withUnsafeBytes { all in
            for start in stride(from: 0, to: all.count, by: piece) {
                try output.write(UnsafeRawBufferPointer(rebasing: all[start..<min(start + piece, all.count)]))
            }
        }
        try output.commit()
    }

    @Test(arguments: Compression.allCases, [0, 1, 262_143, 262_144, 262_145, 700_000])
    func `what was written can be read`(_ compression: Compression, _ count: Int) throws {
        let tap = Collector()
        try write(Array(new.prefix(count)), to: scratch("out"), compression, tap: tap)
        let (bytes, error) = readAll(scratch("out"))
        #expect(Bytes(bytes) == Bytes(Array(new.prefix(count))))
        #expect(error == nil)
        #expect(Bytes(tap.bytes) == Bytes(contents(scratch("out"))))
        #expect(scratch.names == ["out"])
    }

    @Test(arguments: Compression.allCases)
    func `the pieces in which bytes are written don't show in the file`(_ compression: Compression) throws {
        try write(new, to: scratch("whole"), compression, piece: new.count)
        for piece in [1000, 4096, 262_144, 262_143, 500_000] {
            try write(new, to: scratch("pieces"), compression, piece: piece)
            #expect(Bytes(contents(scratch("pieces"))) == Bytes(contents(scratch("whole"))), "pieces of \(piece)")
        }
    }

    @Test func `nothing is seen before commit, and nothing after abort`() throws {
        let output = try OutputFile(path: scratch("out"))
        try new.withUnsafeBytes { try output.write($0) }
        #expect(Bytes(contents(scratch("out"))) == Bytes(nil))
        #expect(scratch.names.count == 1)
        #expect(scratch.names.allSatisfy { $0.hasPrefix(".out.partial-\(getpid())-") })
        output.abort()
        #expect(scratch.names.isEmpty)
        #expect(throws: OutputError.self) { try output.commit() }
    }

    @Test func `an output that is forgotten leaves nothing`() throws {
        do {
            let output = try OutputFile(path: scratch("out"), compression: .zstd)
            try new.withUnsafeBytes { try output.write($0) }
        }
        #expect(scratch.names.isEmpty)
    }

    @Test func `a new file has the usual permissions, a replacement those of the old one`() throws {
        try write(new, to: scratch("new"))
        let usual = scratch.file("usual")
        chmod(usual, 0o666 & ~currentMask())
        #expect(permissions(scratch("new")) == permissions(usual))
        scratch.file("old", old)
        chmod(scratch("old"), 0o640)
        try write(new, to: scratch("old"))
        #expect(permissions(scratch("old")) == 0o640)
        #expect(Bytes(contents(scratch("old"))) == Bytes(new))
    }

    @Test func `a link stays and what it leads to is replaced`() throws {
        scratch.folder("real")
        scratch.file("real/out", old)
        scratch.link("first", to: "second")
        scratch.link("second", to: "real/out")
        try write(new, to: scratch("first"))
        #expect(Bytes(contents(scratch("real/out"))) == Bytes(new))
        #expect(scratch.names == ["first", "real", "second"])
        var status = stat()
        lstat(scratch("first"), &status)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
        scratch.link("turning", to: "turning")
        #expect(throws: OutputError.self) { try OutputFile(path: scratch("turning")) }
    }

    @Test func `a name of 255 bytes still has room for its hidden twin`() throws {
        let name = String(repeating: "ä", count: 127) + "x"
        try write(new, to: scratch(name))
        #expect(scratch.names == [name])
    }

    @Test func `one file is not written twice at once`() throws {
        scratch.folder("sub")
        let first = try OutputFile(path: scratch("out"))
        let error = #expect(throws: OutputError.self) { try OutputFile(path: scratch("sub/../out")) }
        #expect(error?.code == .inUse)
        try first.commit()
        try write(new, to: scratch("sub/../out"))
        #expect(Bytes(contents(scratch("out"))) == Bytes(new))
    }

    @Test func `places that can't be written are refused with a reason`() throws {
        scratch.folder("folder")
        let cases: [(String, OutputError.Code)] = [
            (scratch("folder"), .notAFile), (scratch("missing/out"), .noSuchFolder), (scratch("folder/"), .notAFile),
            (scratch("a\0b"), .other),
        ]
        for (path, code) in cases {
            let error = #expect(throws: OutputError.self) { try OutputFile(path: path) }
            #expect(error?.code == code, "\(error.map(\.description) ?? "")")
        }
        #expect(scratch.names == ["folder"])
    }

    @Test(arguments: Compression.allCases)
    func `a full device is an error that says what is there`(_ compression: Compression) throws {
        let error = #expect(throws: OutputError.self) { try write(new, to: "/dev/full", compression) }
        #expect(error?.code == .noSpace)
        #expect(
            error?.description
                == "/dev/full: no space left on the device after 0 bytes; what is there is not whole; "
                + "free space or choose another place")
    }

    @Test(.enabled(if: SmallFileSystem.isAvailable, "needs the right to mount"))
    func `a full file system keeps the old file and no temporary`() throws {
        let small = try #require(SmallFileSystem(at: scratch.path, bytes: 256 << 10))
        defer { small.unmount() }
        scratch.file("out", old)
        let error = #expect(throws: OutputError.self) { try write(new, to: scratch("out")) }
        #expect(error?.code == .noSpace)
        #expect(error?.problem.contains("nothing was written there") == true)
        #expect(Bytes(contents(scratch("out"))) == Bytes(old))
        #expect(scratch.names == ["out"])
    }

    @Test func `devices and pipes are written directly`() throws {
        try write(new, to: "/dev/null")
        mkfifo(scratch("pipe"), 0o600)
        let reader = open(scratch("pipe"), O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let output = try OutputFile(path: scratch("pipe"))
        #expect(!output.isAtomic)
        try old.withUnsafeBytes { try output.write($0) }
        try output.commit()
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(reader, &bytes, 100)
        #expect(Array(bytes[..<max(count, 0)]) == old)
        #expect(scratch.names == ["pipe"])
    }

    @Test func `a pipe that nobody reads any more is an error`() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        close(ends[0])
        defer { close(ends[1]) }
        let system = FaultyFileSystem(descriptors: [1: ends[1]])
        let error = #expect(throws: OutputError.self) { try write(new, to: "-", .none, system) }
        #expect(error?.code == .brokenPipe)
        #expect(error?.description.hasPrefix("standard output: ") == true)
    }

    @Test func `an output that is an input is found under any name`() throws {
        scratch.file("in.jsonl", old)
        scratch.link("link", to: "in.jsonl")
        let list = InputList(arguments: [scratch("in.jsonl")])
        #expect(OutputFile.wouldOverwrite(scratch("link"), list.inputs)?.path == scratch("in.jsonl"))
        #expect(OutputFile.wouldOverwrite(scratch("./in.jsonl"), list.inputs) != nil)
        #expect(OutputFile.wouldOverwrite(scratch("other"), list.inputs) == nil)
        #expect(OutputFile.wouldOverwrite("/dev/null", [Input(path: "/dev/null")]) == nil)
    }
}

extension OutputFileTests {
    static let faults: [Fault] =
        [EINTR, EIO, ENOSPC, EDQUOT, EACCES, EAGAIN].map { .error($0) } + [.short, .lostAnswer(EIO)]

    @Test(arguments: Compression.allCases, [true, false])
    func `after any single fault the old or the new file is there, whole and alone`(
        _ compression: Compression, _ isReplacing: Bool
    ) throws {
        let new = Array(OutputFileTests.new.prefix(300_000))
        let whole = try packed(new, compression)
        let faultless = FaultyFileSystem()
        try prepare(isReplacing)
        try write(new, to: scratch("out"), compression, faultless)
        let calls = faultless.callCount
        #expect(calls > 8)
        for call in 0..<calls {
            for fault in OutputFileTests.faults {
                try prepare(isReplacing)
                var thrown: (any Error)?
                do {
                    try write(new, to: scratch("out"), compression, FaultyFileSystem(call: call, fault: fault))
                } catch {
                    thrown = error
                }
                let found = contents(scratch("out"))
                let isOld = found == (isReplacing ? old : nil)
                let note: Comment = "call \(call), \(fault), \(thrown.map { "\($0)" } ?? "no error")"
                let isNew = found == whole
                #expect(isNew || isOld, note)
                if thrown == nil { #expect(isNew, note) }
                // A signal is no failure; only close(2) must not be called again.
                if fault == .error(EINTR) || fault == .short { #expect(isNew, note) }
                #expect(scratch.names == (found == nil ? [] : ["out"]), note)
            }
        }
        // Nothing holds the name any more.
        try write(new, to: scratch("out"), compression)
    }

    @Test func `an abort removes the temporary even if the first try fails`() throws {
        for call in 0..<12 {
            let output = try? OutputFile(
                path: scratch("out"), compression: .none, tap: nil,
                fileSystem: FaultyFileSystem(call: call, fault: .error(EIO)))
            output?.abort()
            #expect(scratch.names.isEmpty, "call \(call)")
        }
    }

    @Test func `writes of one byte lose nothing`() throws {
        let system = FaultyFileSystem(isEveryCallShort: true)
        try write(Array(new.prefix(5000)), to: scratch("out"), .none, system)
        #expect(Bytes(contents(scratch("out"))) == Bytes(Array(new.prefix(5000))))
    }

    private func prepare(_ isReplacing: Bool) throws {
        unlink(scratch("out"))
        if isReplacing {
            scratch.file("out", old)
            chmod(scratch("out"), 0o600)
        }
    }

    private func write(_ bytes: [UInt8], to path: String, _ compression: Compression, _ system: any FileSystem) throws {
        try write(bytes, to: path, compression, piece: 130_001, tap: nil, system)
    }

    private func currentMask() -> UInt32 {
        // Reading the mask means setting it; /proc says it without.
        let text = String(decoding: contents("/proc/self/status") ?? [], as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("Umask:") } ?? "Umask:\t0022"
        return UInt32(line.dropFirst(6).filter(\.isNumber), radix: 8) ?? 0o022
    }
}

/// A file system in memory that is soon full.
struct SmallFileSystem {
    let path: String

    init?(at path: String, bytes: Int) {
        self.path = path
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0 else { return nil }
    }

    func unmount() { umount2(path, Int32(MNT_DETACH)) }

    static let isAvailable: Bool = {
        let scratch = Scratch()
        guard let small = SmallFileSystem(at: scratch.path, bytes: 1 << 16) else { return false }
        small.unmount()
        return true
    }()
}
