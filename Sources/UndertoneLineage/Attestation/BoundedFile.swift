// A small file read whole, but never more of it than expected.

import Glibc
import UndertoneText

/// Reads small files.
package enum BoundedFile {
    /// All bytes of a file or pipe.
    ///
    /// - Throws: ``LineageError`` where it can't be read, or has more than `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(LineageError) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw LineageError(.usage, "a name can't hold a zero byte") }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { throw unreadable(path, errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: block[..<count])
            guard bytes.count <= limit else {
                throw LineageError(.badDocument, "\(visible(path)): has more than \(byteCount(limit))")
            }
        }
    }

    /// What the system says of an error.
    static func text(of number: Int32) -> String {
        guard let text = strerror(number) else { return "error \(number)" }
        let words = String(cString: text)
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    private static func unreadable(_ path: String, _ number: Int32) -> LineageError {
        LineageError(.unreadable, "\(visible(path)): can't be read: \(text(of: number))")
    }
}
