// The file of a person's settings, as text.

package import UndertoneCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads files that people write: rule packs, policies.
package enum SettingsFile {
    /// The whole text.
    ///
    /// - Throws: ``SettingsError`` where the file can't be read, has more than ``SettingsText/byteLimit`` bytes, or is
    ///   not UTF-8; `asked` is the place that named it.
    package static func text(of path: String, for asked: SourceLocation? = nil) throws(SettingsError) -> String {
        try decoded(bytes(of: path, for: asked), file: path)
    }

    package static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    }

    // At most one byte more than a pack may have, so that a device or a huge file costs no more than that.
    private static func bytes(of path: String, for asked: SourceLocation?) throws(SettingsError) -> [UInt8] {
        func unreadable() -> SettingsError {
            SettingsError(
                .unreadable, at: asked, "can't read \(path): \(String(cString: strerror(errno)))",
                mend: "check the path and its rights")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable() }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: SettingsText.byteLimit + 1)
        var count = 0
        while count < bytes.count {
            let offset = count
            let got = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset)
            }
            if got < 0 {
                if errno == EINTR { continue }
                throw unreadable()
            }
            if got == 0 { break }
            count += got
        }
        guard count <= SettingsText.byteLimit else {
            throw SettingsError(
                .tooLarge, at: SourceLocation(file: path, line: 1, column: 1),
                "the file has more than \(SettingsText.byteLimit) bytes", mend: "split it")
        }
        bytes.removeSubrange(count...)
        return bytes
    }

    package static func decoded(_ bytes: [UInt8], file: String) throws(SettingsError) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var line = 1
        var column = 1
        loop: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue("\n"):
                line += 1
                column = 1
            case .scalarValue: column += 1
            case .emptyInput, .error: break loop
            }
        }
        throw SettingsError(
            .syntax, at: SourceLocation(file: file, line: line, column: column), "not UTF-8",
            mend: "save the file as UTF-8")
    }
}
