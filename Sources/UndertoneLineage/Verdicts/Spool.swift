// Bytes that wait until a scan is done: in memory, and beyond that in a file that has no name.

import Glibc

/// Keeps pieces of bytes in the order in which they come. Memory is bounded: what exceeds it goes to a file beside the
/// catalogue, where there must be room for it anyway. The file goes away with the object, also when the process is killed.
final class Spool {
    private let folder: String
    private let memoryLimit: Int
    private var tail: [UInt8] = []
    private var stored = 0
    private var file: Int32 = -1

    init(folder: String, memoryLimit: Int = 4 << 20) {
        self.folder = folder
        self.memoryLimit = memoryLimit
    }

    deinit { if file >= 0 { close(file) } }

    /// Adds a piece.
    ///
    /// - Returns: where it is.
    func append(_ bytes: UnsafeRawBufferPointer) throws(LineageError) -> Range<Int> {
        let start = stored + tail.count
        tail.append(contentsOf: bytes)
        if tail.count > memoryLimit { try store() }
        return start..<start + bytes.count
    }

    /// A piece that was added.
    func bytes(_ range: Range<Int>) throws(LineageError) -> [UInt8] {
        if range.lowerBound >= stored { return Array(tail[range.lowerBound - stored..<range.upperBound - stored]) }
        if range.upperBound > stored { try store() }
        var bytes = [UInt8](repeating: 0, count: range.count)
        var done = 0
        while done < bytes.count {
            let offset = done
            let got = bytes.withUnsafeMutableBytes {
                pread(file, $0.baseAddress.map { $0 + offset }, $0.count - offset, off_t(range.lowerBound + offset))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw failure(got < 0 ? errno : EIO) }
            done += got
        }
        return bytes
    }

    private func store() throws(LineageError) {
        if file < 0 {
            try openFile()
        }
        var done = 0
        while done < tail.count {
            let offset = done
            let count = tail.withUnsafeBytes { write(file, $0.baseAddress.map { $0 + offset }, $0.count - offset) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(count < 0 ? errno : EIO) }
            done += count
        }
        stored += tail.count
        tail.removeAll(keepingCapacity: true)
    }

    // Its name is taken away at once, so that nothing is left behind.
    private func openFile() throws(LineageError) {
        var template = Array("\(folder)/.verdicts-XXXXXX".utf8CString)
        file = mkstemp(&template)
        guard file >= 0 else { throw failure(errno) }
        unlink(template)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    }

    private func failure(_ number: Int32) -> LineageError {
        LineageError(
            .unwritable, "verdicts can't be kept beside the catalogue: \(String(cString: strerror(number)))",
            mend: "make room there, or name another place with --lineage")
    }
}
