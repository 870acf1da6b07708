// SHA-256 beside the reading is SHA-256.

import Glibc
import Testing

@testable import UndertoneRecords

@Suite struct DigestTests {
    /// What `sha256sum` says of a file.
    private func sha256sum(_ bytes: [UInt8]) throws -> String {
        let scratch = Scratch()
        let path = scratch.file("bytes", bytes)
        let pipe = try #require(popen("sha256sum '\(path)'", "r"))
        defer { pclose(pipe) }
        var line = [CChar](repeating: 0, count: 256)
        try #require(fgets(&line, 256, pipe) != nil)
        return String(decoding: line.prefix(64).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func sample(_ count: Int, _ seed: Int = 1) -> [UInt8] {
        let pattern = (0..<4_099).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 251 &+ seed) }
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += pattern }
        return Array(bytes[..<count])
    }

    private func digest(_ pool: DigestPool, _ bytes: [UInt8], pieces: Int) -> Digest {
        let digest = pool.digest()
        var start = 0
        while start < bytes.count {
            let end = min(start + pieces, bytes.count)
            bytes[start..<end].withUnsafeBytes { digest.stored($0) }
            start = end
        }
        digest.end()
        return digest
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 119, 120, 262_143, 262_144, 262_145, 524_288, 5_000_000])
    func `the digest is what sha256sum prints`(_ count: Int) throws {
        let bytes = sample(count)
        let expected = try sha256sum(bytes)
        let pool = DigestPool(threads: 2)
        defer { pool.close() }
        for pieces in [max(1, count / 7), 64, 262_144, 300_000, max(1, count)] where count / pieces < 20_000 {
            #expect(digest(pool, bytes, pieces: pieces).hexadecimal == expected, "\(count) bytes, \(pieces) at a time")
        }
    }

    @Test func `known digests`() {
        let pool = DigestPool(threads: 1)
        defer { pool.close() }
        // FIPS 180-4, examples.
        #expect(
            digest(pool, Array("abc".utf8), pieces: 2).hexadecimal
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            digest(pool, [], pieces: 1).hexadecimal
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test(arguments: [1, 2, 3]) func `many streams at once keep apart`(_ threads: Int) throws {
        let pool = DigestPool(threads: threads)
        defer { pool.close() }
        let contents = (0..<24).map { sample($0 * 40_000 + $0, $0) }
        let digests = contents.map { _ in pool.digest() }
        // All streams grow together, from several threads, and end in any order.
        runThreads(3) { thread in
            for start in stride(from: 0, to: 1_000_000, by: 30_011) {
                for index in stride(from: thread, to: contents.count, by: 3) where start < contents[index].count {
                    let end = min(start + 30_011, contents[index].count)
                    contents[index][start..<end].withUnsafeBytes { digests[index].stored($0) }
                }
            }
            for index in stride(from: thread, to: contents.count, by: 3) { digests[index].end() }
        }
        for index in stride(from: 0, to: contents.count, by: 5) {
            #expect(try digests[index].hexadecimal == sha256sum(contents[index]))
        }
        // To end twice is to end once.
        digests[1].end()
        #expect(digests[1].hexadecimal.utf8.count == 64)
    }
}
