// Inputs are unpacked by content; what is wrong is said after all that could be had.

import Glibc
import Synchronization
import Testing
import UndertoneRecords

@Suite struct ByteSourceTests {
    let scratch = Scratch()
    static let sample = sampleBytes(900_000)
    var sample: [UInt8] { ByteSourceTests.sample }

    // `printf 'undertone\n' | gzip -n` and `zstd`, made elsewhere than in this program.
    static let gzipOfElsewhere: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x2B, 0xCD, 0x4B, 0x49, 0x2D, 0x2A, 0xC9, 0xCF,
        0x4B, 0xE5, 0x02, 0x00, 0xD9, 0x2C, 0x8F, 0x79, 0x0A, 0x00, 0x00, 0x00,
    ]
    static let zstdOfElsewhere: [UInt8] = [
        0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x51, 0x00, 0x00, 0x75, 0x6E, 0x64, 0x65, 0x72, 0x74, 0x6F, 0x6E, 0x65,
        0x0A, 0xEB, 0xC1, 0xD9, 0xD6,
    ]

    @Test func `what other programs packed is unpacked`() {
        scratch.file("a.txt", ByteSourceTests.gzipOfElsewhere)
        scratch.file("b.txt", ByteSourceTests.zstdOfElsewhere)
        for name in ["a.txt", "b.txt"] {
            let (bytes, error) = readAll(scratch(name))
            #expect(Bytes(bytes) == Bytes(Array("undertone\n".utf8)))
            #expect(error == nil)
        }
    }

    @Test(arguments: Compression.allCases, [1, 7, 4096, 1 << 20])
    func `reads of any size give the same bytes`(_ compression: Compression, _ capacity: Int) throws {
        let bytes = Array(sample.prefix(capacity == 1 ? 5000 : sample.count))
        let stored = try packed(bytes, compression)
        let tap = Collector()
        scratch.file("data.gz", stored)
        var source = try ByteSource.open(Input(path: scratch("data.gz")), tap: tap)
        #expect(source.compression == compression)
        #expect(source.storedSize == stored.count)
        let (found, error) = readAll(&source, capacity: capacity)
        #expect(Bytes(found) == Bytes(bytes))
        #expect(error == nil)
        #expect(Bytes(tap.bytes) == Bytes(stored))
        #expect(source.storedBytes == stored.count)
        #expect(source.decodedBytes == bytes.count)
    }

    @Test(arguments: Compression.allCases)
    func `one stored byte at a time is enough`(_ compression: Compression) throws {
        let stored = try packed(Array(sample.prefix(3000)), compression)
        scratch.file("data", stored)
        let tap = Collector()
        var source = try ByteSource.open(
            Input(path: scratch("data")), maxDecodedBytes: .max, tap: tap,
            fileSystem: FaultyFileSystem(isEveryCallShort: true))
        #expect(Bytes(readAll(&source).bytes) == Bytes(Array(sample.prefix(3000))))
        #expect(Bytes(tap.bytes) == Bytes(stored))
    }

    @Test(arguments: [Compression.gzip, .zstd])
    func `members and frames follow each other`(_ compression: Compression) throws {
        let part = try packed(Array("one\n".utf8), compression)
        let empty = try packed([], compression)
        let large = try packed(sample, compression)
        scratch.file("data", part + empty + large + part)
        for capacity in [1 << 16, 1000] {
            let (bytes, error) = readAll(scratch("data"), capacity: capacity)
            #expect(Bytes(bytes) == Bytes(Array("one\n".utf8) + sample + Array("one\n".utf8)))
            #expect(error == nil)
        }
    }

    @Test func `skippable frames are skipped`() throws {
        let skippable: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
        let frame = try packed(Array("one\n".utf8), .zstd)
        scratch.file("data", skippable + frame + skippable)
        expectWhole(readAll(scratch("data")), Array("one\n".utf8))
        scratch.file("only", skippable)
        expectWhole(readAll(scratch("only")), [])
    }

    @Test(arguments: [Compression.gzip, .zstd])
    func `a stream that ends early gives all that it holds, then an error`(_ compression: Compression) throws {
        let stored = try packed(sample, compression)
        for cut in [5, 11, 20, stored.count / 2, stored.count - 5, stored.count - 1] {
            scratch.file("data", Array(stored.prefix(cut)))
            let (bytes, error) = readAll(scratch("data"))
            let isStart = sample.starts(with: bytes)
            #expect(isStart, "cut at \(cut)")
            #expect(error?.code == .truncated, "cut at \(cut)")
            // A block of zstd holds 128 KiB, and of those that are whole none may be missing.
            let share = sample.count * cut / stored.count
            #expect(bytes.count >= share - (compression == .zstd ? 256 << 10 : 64 << 10), "cut at \(cut)")
        }
    }

    @Test(arguments: [Compression.gzip, .zstd])
    func `what was whole is delivered before damage is reported`(_ compression: Compression) throws {
        var stored = try packed(sample, compression)
        for index in (stored.count * 3 / 4)..<(stored.count * 3 / 4 + 2000) { stored[index] = 0xFF }
        scratch.file("data", stored)
        let tap = Collector()
        var source = try ByteSource.open(Input(path: scratch("data")), tap: tap)
        let (bytes, error) = readAll(&source)
        #expect(error?.code == .corrupt)
        #expect(bytes.count >= sample.count / 2)
        let isStart = sample.starts(with: bytes.prefix(sample.count / 2))
        #expect(isStart)
        #expect(readAll(&source).error?.code == .corrupt)
        try source.drain()
        #expect(Bytes(tap.bytes) == Bytes(stored))
    }

    @Test(arguments: [Compression.gzip, .zstd], [[0x78], Array("garbage".utf8), [0, 0, 0, 0, 0, 0, 0, 0]])
    func `something behind the end is an error`(_ compression: Compression, _ garbage: [UInt8]) throws {
        scratch.file("data", try packed(sample, compression) + garbage)
        let (bytes, error) = readAll(scratch("data"))
        #expect(Bytes(bytes) == Bytes(sample))
        // One byte may be the beginning of another member.
        let codes: [InputError.Code?] = garbage.count == 1 ? [.truncated, .corrupt] : [.corrupt]
        #expect(codes.contains(error?.code))
    }

    @Test(arguments: [Compression.gzip, .zstd])
    func `a checksum that is wrong is an error`(_ compression: Compression) throws {
        var stored = try packed(sample, compression)
        // gzip ends in checksum and size, zstd in the checksum.
        stored[stored.count - (compression == .gzip ? 6 : 2)] ^= 1
        scratch.file("data", stored)
        let (_, error) = readAll(scratch("data"))
        #expect(error?.code == .corrupt)
    }

    @Test func `a zstd window over the limit is refused in words`() {
        // Magic, descriptor without a single segment, window of 2^(10 + 20) bytes, an empty last block.
        scratch.file("data", [0x28, 0xB5, 0x2F, 0xFD, 0x00, 20 << 3, 0x01, 0x00, 0x00])
        let (bytes, error) = readAll(scratch("data"))
        #expect(bytes.isEmpty)
        #expect(error?.code == .unsupported)
        #expect(error?.problem == "the zstd window is over 128 MiB")
    }

    @Test(arguments: Compression.allCases)
    func `a limit on bytes stops bombs behind exactly that many`(_ compression: Compression) throws {
        let zeros = [UInt8](repeating: 0x20, count: 4 << 20)
        scratch.file("bomb", try packed(zeros, compression))
        var source = try ByteSource.open(Input(path: scratch("bomb")), maxDecodedBytes: 1_000_000)
        let (bytes, error) = readAll(&source)
        #expect(bytes.count == 1_000_000)
        #expect(error?.code == .tooLarge)
        var exact = try ByteSource.open(Input(path: scratch("bomb")), maxDecodedBytes: zeros.count)
        expectWhole(readAll(&exact), zeros)
    }

    @Test(arguments: [[], [0x1F], [0x28, 0xB5], [0xEF, 0xBB, 0xBF], Array("{}".utf8)] as [[UInt8]])
    func `short files are plain`(_ bytes: [UInt8]) {
        scratch.file("data.gz", bytes)
        expectWhole(readAll(scratch("data.gz")), bytes)
    }

    @Test func `formats that can't be read are named`() {
        scratch.file("x", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0, 0, 0, 0, 0])
        #expect(readAll(scratch("x")).error?.problem == "is xz, which is not read here")
        scratch.file("p", Array("PAR1".utf8) + [0x15, 0, 0x15])
        #expect(readAll(scratch("p")).error?.code == .unsupported)
        scratch.file("t", "PAR1 is a word here")
        #expect(readAll(scratch("t")).error == nil)
    }

    @Test func `folders and missing files are refused`() {
        scratch.folder("folder")
        scratch.file("drop.jsonl")
        #expect(readAll(scratch("folder")).error?.code == .notAFile)
        let error = readAll(scratch("drop.json")).error
        #expect(error?.code == .noSuchFile)
        #expect(error?.mend == "did you mean \(scratch("drop.jsonl"))?")
    }
}

extension ByteSourceTests {
    @Test(arguments: Compression.allCases)
    func `pipes are read to their end, in standard input too`(_ compression: Compression) throws {
        let stored = try packed(sample, compression)
        for isStandardInput in [false, true] {
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            let (reading, writing) = (ends[0], ends[1])
            _ = fcntl(reading, F_SETFL, O_NONBLOCK)
            let thread = WritingThread(stored, to: writing)
            var source = try ByteSource.open(
                Input(path: isStandardInput ? "-" : "/dev/fd/\(reading)"), maxDecodedBytes: .max, tap: nil,
                fileSystem: FaultyFileSystem(descriptors: isStandardInput ? [0: reading] : [:]))
            #expect(source.storedSize == nil)
            expectWhole(readAll(&source), sample)
            thread.join()
            close(reading)
        }
    }

    @Test(arguments: Compression.allCases)
    func `a file that changes while it is read is an error at its end`(_ compression: Compression) throws {
        let stored = try packed(sample, compression)
        let changes: [(String, (String) -> Void)] = [
            ("cut", { truncate($0, off_t(stored.count - 100)) }),
            ("longer", { path in self.append([0x20], to: path) }),
            (
                "touched",
                { path in _ = utimes(path, [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)]) }
            ),
            (
                "replaced",
                { path in
                    self.scratch.file("other", stored)
                    rename(self.scratch("other"), path)
                }
            ),
            ("vanished", { unlink($0) }),
        ]
        for (name, change) in changes {
            scratch.file("data", stored)
            var source = try ByteSource.open(Input(path: scratch("data")))
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
            defer { room.deallocate() }
            let start = try #require(room.baseAddress)
            let count = try source.read(into: start, capacity: 1000)
            change(scratch("data"))
            let (rest, error) = readAll(&source)
            let bytes = Array(room[..<count]) + rest
            #expect(error?.code == .changed, "\(name): \(error?.description ?? "no error")")
            if name != "cut", name != "longer" { #expect(Bytes(bytes) == Bytes(sample), "\(name)") }
        }
    }

    @Test func `any single fault of the system is an error or no matter`() throws {
        let sample = Array(sample.prefix(300_000))
        for compression in Compression.allCases {
            scratch.file("data", try packed(sample, compression))
            let faultless = FaultyFileSystem()
            var source = try ByteSource.open(
                Input(path: scratch("data")), maxDecodedBytes: .max, tap: nil, fileSystem: faultless)
            _ = readAll(&source)
            for call in 0..<faultless.callCount {
                for fault in [Fault.short, .error(EINTR), .error(EAGAIN), .error(EIO)] {
                    var bytes: [UInt8] = []
                    var error: InputError?
                    do throws(InputError) {
                        var source = try ByteSource.open(
                            Input(path: scratch("data")), maxDecodedBytes: .max, tap: nil,
                            fileSystem: FaultyFileSystem(call: call, fault: fault))
                        (bytes, error) = readAll(&source)
                    } catch let opening {
                        error = opening
                    }
                    let note: Comment = "call \(call), \(fault), \(error?.description ?? "no error")"
                    let isStart = sample.starts(with: bytes)
                    #expect(isStart, note)
                    if error == nil { #expect(bytes.count == sample.count, note) }
                    if fault == .short || fault == .error(EINTR) { #expect(error == nil, note) }
                }
            }
        }
    }

    func expectWhole(
        _ found: (bytes: [UInt8], error: InputError?), _ bytes: [UInt8], at location: SourceLocation = #_sourceLocation
    ) {
        #expect(Bytes(found.bytes) == Bytes(bytes), sourceLocation: location)
        #expect(found.error == nil, sourceLocation: location)
    }

    private func append(_ bytes: [UInt8], to path: String) {
        let file = open(path, O_WRONLY | O_APPEND)
        write(file, bytes, bytes.count)
        close(file)
    }
}

/// Writes into a pipe from a thread of its own, in uneven pieces, and closes it.
final class WritingThread: Sendable {
    private let thread: Mutex<pthread_t>

    init(_ bytes: [UInt8], to file: Int32) {
        let work = Unmanaged.passRetained(Work(bytes, file))
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
                var start = 0
                while start < work.bytes.count {
                    let count = min(start % 5000 + 1, work.bytes.count - start)
                    let written = work.bytes[start...].withUnsafeBytes { write(work.file, $0.baseAddress, count) }
                    if written <= 0 { break }
                    start += written
                }
                close(work.file)
                return nil
            }, work.toOpaque())
        self.thread = Mutex(thread)
    }

    func join() { _ = pthread_join(thread.withLock { $0 }, nil) }

    private final class Work: Sendable {
        let bytes: [UInt8]
        let file: Int32

        init(_ bytes: [UInt8], _ file: Int32) {
            self.bytes = bytes
            self.file = file
        }
    }
}
