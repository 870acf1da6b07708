// Where the text of a pack comes from: the program itself, or a file.

import UndertoneCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where a pack's text comes from.
enum PackSource {
    case shipped(String)
    /// A path as the user or the including pack wrote it.
    case file(String)

    /// One name for one text: a file that is reached by two paths is one file.
    var identity: String {
        switch self {
        case .shipped(let name): return "shipped:\(name)"
        case .file(let path):
            guard let resolved = realpath(path, nil) else { return "file:\(path)" }
            defer { free(resolved) }
            return "file:" + String(cString: resolved)
        }
    }

    /// The file that places name.
    var file: String {
        switch self {
        case .shipped(let name): "rules/\(name).yaml"
        case .file(let path): path
        }
    }

    var path: String? {
        if case .file(let path) = self { path } else { nil }
    }

    /// The whole text.
    ///
    /// - Throws: ``RuleError`` where the file can't be read, is too large, or is not UTF-8.
    func text(for asked: SourceLocation?) throws(RuleError) -> String {
        switch self {
        case .shipped(let name):
            guard let text = ShippedPacks.text(name) else {
                throw RuleError(.unknownPack, at: asked, "no pack \"\(name)\" ships with this program")
            }
            return text
        case .file(let path):
            return try PackSource.decoded(PackSource.bytes(of: path, for: asked), file: path)
        }
    }

    static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    }

    // At most one byte more than a pack may have, so that a device or a huge file costs no more than that.
    private static func bytes(of path: String, for asked: SourceLocation?) throws(RuleError) -> [UInt8] {
        func unreadable() -> RuleError {
            RuleError(
                .unreadable, at: asked, "can't read \(path): \(String(cString: strerror(errno)))",
                mend: "check the path and its rights")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable() }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: PackText.byteLimit + 1)
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
        guard count <= PackText.byteLimit else {
            throw RuleError(
                .tooLarge, at: SourceLocation(file: path, line: 1, column: 1),
                "the file has more than \(PackText.byteLimit) bytes", mend: "split it and use include")
        }
        bytes.removeSubrange(count...)
        return bytes
    }

    static func decoded(_ bytes: [UInt8], file: String) throws(RuleError) -> String {
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
        throw RuleError(
            .syntax, at: SourceLocation(file: file, line: line, column: column), "not UTF-8",
            mend: "save the file as UTF-8")
    }
}
