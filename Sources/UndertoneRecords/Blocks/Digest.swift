// SHA-256 beside the reading: the bytes are copied into blocks that other threads hash.

package import Crypto
import Glibc

/// Hashes streams on threads of its own, with bounded memory: 256 KiB blocks, sixteen of them.
///
/// SHA-256 runs at about 2 GB/s a core, slower than a scan. One stream can't be divided; different streams are hashed
/// by different threads.
package final class DigestPool: @unchecked Sendable {
    private static let blockBytes = 256 << 10
    private static let blockLimit = 16

    private final class Job {
        let digest: Digest
        /// Empty: the stream has ended.
        var bytes: [UInt8] = []

        init(_ digest: Digest) { self.digest = digest }
    }

    private let monitor = Monitor()
    private var queues: [[Job]]
    private var isClosed = false
    private var freeBlocks: [[UInt8]] = []
    private var blocks = 0
    private var joins: [() -> Void] = []
    private var nextThread = 0

    package init(threads: Int) {
        queues = Array(repeating: [], count: max(1, threads))
        for index in queues.indices { joins.append(startThread { [self] in work(index) }) }
    }

    /// Ends the threads when all that was handed in is hashed.
    package func close() {
        monitor.locked {
            isClosed = true
            monitor.signalAll()
        }
        for join in joins { join() }
        joins = []
    }

    /// A new stream to hash.
    package func digest() -> Digest {
        monitor.locked {
            nextThread += 1
            return Digest(self, thread: nextThread % queues.count)
        }
    }

    fileprivate func add(_ bytes: UnsafeRawBufferPointer, to digest: Digest) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(DigestPool.blockBytes)
            let job = Job(digest)
            monitor.locked {
                monitor.wait { !freeBlocks.isEmpty || blocks < DigestPool.blockLimit }
                if let free = freeBlocks.popLast() {
                    job.bytes = free
                } else {
                    blocks += 1
                }
            }
            job.bytes.removeAll(keepingCapacity: true)
            job.bytes.append(contentsOf: piece)
            enqueue(job)
            rest = rest.dropFirst(piece.count)
        }
    }

    fileprivate func end(_ digest: Digest) { enqueue(Job(digest)) }

    fileprivate func wait(for digest: Digest) -> String {
        monitor.locked {
            monitor.wait { digest.value != nil }
            return digest.value ?? ""
        }
    }

    private func enqueue(_ job: Job) {
        monitor.locked {
            queues[job.digest.thread].append(job)
            monitor.signalAll()
        }
    }

    private func work(_ index: Int) {
        while true {
            let jobs = monitor.locked { () -> [Job] in
                monitor.wait { !queues[index].isEmpty || isClosed }
                let jobs = queues[index]
                queues[index] = []
                return jobs
            }
            if jobs.isEmpty { return }
            for job in jobs {
                if job.bytes.isEmpty {
                    let value = hexadecimal(job.digest.hasher.finalize())
                    monitor.locked {
                        job.digest.value = value
                        monitor.signalAll()
                    }
                } else {
                    job.bytes.withUnsafeBytes { job.digest.hasher.update(bufferPointer: $0) }
                    monitor.locked {
                        freeBlocks.append(job.bytes)
                        job.bytes = []
                        monitor.signalAll()
                    }
                }
            }
        }
    }
}

/// The SHA-256 of one stream of bytes.
package final class Digest: StoredByteTap, @unchecked Sendable {
    private let pool: DigestPool
    fileprivate let thread: Int
    // Touched by the hashing thread alone.
    fileprivate var hasher = SHA256()
    // Guarded by the pool's monitor.
    fileprivate var value: String?
    private var hasEnded = false

    fileprivate init(_ pool: DigestPool, thread: Int) {
        self.pool = pool
        self.thread = thread
    }

    /// Adds bytes; returns once they are copied.
    package func stored(_ bytes: UnsafeRawBufferPointer) {
        if !bytes.isEmpty { pool.add(bytes, to: self) }
    }

    /// Says that the stream has ended.
    package func end() {
        guard !hasEnded else { return }
        hasEnded = true
        pool.end(self)
    }

    /// The digest in lower-case hexadecimal, as `sha256sum` prints it. Waits for it; call ``end()`` before.
    package var hexadecimal: String { pool.wait(for: self) }
}

/// A digest as `sha256sum` prints it.
package func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
