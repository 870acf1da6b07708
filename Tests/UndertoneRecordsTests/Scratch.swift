// What the tests of inputs and outputs share: folders that go away, seeded numbers, bytes in and out of files.

import Glibc
import Testing
import UndertoneRecords

/// A folder of its own that is removed with all that is in it.
final class Scratch {
    let path: String

    init() {
        var template = Array("/tmp/undertone-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/nonexistent"
        }
    }

    deinit {
        removeAll(path)
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func file(_ name: String, _ bytes: [UInt8] = Array("{}\n".utf8)) -> String {
        let path = self(name)
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            done += count
        }
        return path
    }

    @discardableResult
    func file(_ name: String, _ text: String) -> String { file(name, Array(text.utf8)) }

    func folder(_ name: String) { mkdir(self(name), 0o755) }

    func link(_ name: String, to target: String) { symlink(target, self(name)) }

    /// All names in the folder, hidden ones too.
    var names: [String] { namesIn(path) }
}

private func namesIn(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
            String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

private func removeAll(_ path: String) {
    // A link is removed, not followed.
    if unlink(path) == 0 { return }
    for name in namesIn(path) { removeAll("\(path)/\(name)") }
    rmdir(path)
}

/// All bytes of a file, or `nil` if there is none.
func contents(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(file, &block, block.count)
        if count <= 0 { return bytes }
        bytes += block[..<count]
    }
}

func permissions(_ path: String) -> UInt32 {
    var status = stat()
    stat(path, &status)
    return status.st_mode & 0o7777
}

/// Reads a source to its end or its error, in reads of `capacity` bytes.
func readAll(_ source: inout ByteSource, capacity: Int = 1 << 16) -> (bytes: [UInt8], error: InputError?) {
    var bytes: [UInt8] = []
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
    defer { block.deallocate() }
    guard let start = block.baseAddress else { return ([], nil) }
    do throws(InputError) {
        while true {
            let count = try source.read(into: start, capacity: capacity)
            if count == 0 { return (bytes, nil) }
            bytes += block[..<count]
        }
    } catch {
        return (bytes, error)
    }
}

/// Reads a file through a source, from its opening on.
func readAll(_ path: String, capacity: Int = 1 << 16) -> (bytes: [UInt8], error: InputError?) {
    do throws(InputError) {
        var source = try ByteSource.open(Input(path: path))
        return readAll(&source, capacity: capacity)
    } catch {
        return ([], error)
    }
}

/// Bytes packed by the writer under test, which is zlib or zstd.
func packed(_ bytes: [UInt8], _ compression: Compression) throws -> [UInt8] {
    let scratch = Scratch()
    let output = try OutputFile(path: scratch("packed"), compression: compression)
    try bytes.withUnsafeBytes { try output.write($0) }
    try output.commit()
    return try #require(contents(scratch("packed")))
}

/// Collects what a tap sees.
final class Collector: StoredByteTap, @unchecked Sendable {
    var bytes: [UInt8] = []
    func stored(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes }
}

/// SplitMix64: small, and the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Bytes that pack neither perfectly nor not at all.
func sampleBytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() & generator.next()) & 0x7F }
}

/// Bytes that a failed test doesn't print by the hundred thousand.
struct Bytes: Equatable, CustomTestStringConvertible {
    let bytes: [UInt8]?

    init(_ bytes: [UInt8]?) { self.bytes = bytes }

    var testDescription: String {
        guard let bytes else { return "no file" }
        return "\(bytes.count) bytes (\(String(decoding: bytes.prefix(40), as: UTF8.self).debugDescription)…)"
    }
}
