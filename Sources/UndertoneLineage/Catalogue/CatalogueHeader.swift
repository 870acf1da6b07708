// The first bytes of a catalogue's file, read without SQLite, which might change a file that it opens.

import Glibc
import Synchronization

/// A file that is open for reading its first bytes, and kept open.
///
/// Closing any descriptor of a file takes away all locks that the process has on it (fcntl(2), advisory locks), those of
/// SQLite too; another process could then take the write-ahead log away under a connection that still writes to it
/// (sqlite.org/howtocorrupt.html, section 2.2). So a file is opened once, whatever the number of objects, and closed with
/// the last one, which every ``Catalogue`` keeps for as long as it lives.
final class CatalogueHeader: Sendable {
    private struct Identity: Hashable {
        var device: dev_t
        var number: ino_t

        init(_ status: stat) {
            device = status.st_dev
            number = status.st_ino
        }
    }

    /// Why a file has no header to read.
    enum Failure: Error {
        case system(Int32)
        case notAFile
    }

    private static let files = Mutex<[Identity: (descriptor: Int32, users: Int)]>([:])

    private let identity: Identity
    private let descriptor: Int32

    init(path: String) throws(Failure) {
        let opened = CatalogueHeader.files.withLock { files -> Result<(Identity, Int32), Failure> in
            var status = stat()
            guard stat(path, &status) == 0 else { return .failure(.system(errno)) }
            // A pipe or a device may never end.
            guard status.st_mode & S_IFMT == S_IFREG else { return .failure(.notAFile) }
            if let known = files[Identity(status)] {
                files[Identity(status)] = (known.descriptor, known.users + 1)
                return .success((Identity(status), known.descriptor))
            }
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { return .failure(.system(errno)) }
            // Another file may have taken the name meanwhile.
            guard fstat(descriptor, &status) == 0 else { return .failure(.system(errno)) }
            let users = files[Identity(status)]?.users ?? 0
            files[Identity(status)] = (files[Identity(status)]?.descriptor ?? descriptor, users + 1)
            return .success((Identity(status), descriptor))
        }
        (identity, descriptor) = try opened.get()
    }

    deinit {
        CatalogueHeader.files.withLock { files in
            guard let file = files[identity] else { return }
            files[identity] = file.users > 1 ? (file.descriptor, file.users - 1) : nil
            if file.users == 1 { close(file.descriptor) }
        }
    }

    /// The first `count` bytes; fewer where the file has fewer.
    func bytes(_ count: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let offset = done
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset, off_t(offset))
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw .system(errno) }
            if got == 0 { break }
            done += got
        }
        return Array(bytes.prefix(done))
    }
}
