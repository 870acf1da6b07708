// SHA-256 of files and folders.

import Crypto
import Glibc
import UndertoneText

/// SHA-256 and size of a file, as `sha256sum` prints it. Of a folder: SHA-256 of what `sha256sum *` prints in it for the
/// files that lie in it directly and are not hidden, in the order of the bytes of their names.
///
/// - Parameter isRecorded: whether the path was kept, and not named just now. What stands there may be another thing by
///   now: a pipe or a device, which may never end, is refused then.
/// - Complexity: O(bytes); memory is bounded.
public func contentDigest(
    of path: String, isRecorded: Bool = false
) throws(LineageError) -> (digest: String, bytes: Int) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(path, errno) }
    let kind = status.st_mode & S_IFMT
    guard !isRecorded || kind == S_IFREG || kind == S_IFDIR else {
        throw LineageError(.unreadable, "\(visible(path)) is a pipe or a device now, and no file")
    }
    guard kind == S_IFDIR else { return try fileDigest(path) }
    var list = ""
    var bytes = 0
    for name in try fileNames(in: path) {
        let file = try fileDigest(path + "/" + name)
        list += line(file.digest, name)
        bytes += file.bytes
    }
    guard !list.isEmpty else {
        throw LineageError(.notFound, "the folder \(visible(path)) holds no file", mend: "name the folder of the files")
    }
    return (Digest256.of(Array(list.utf8)).hexadecimal, bytes)
}

// As sha256sum (GNU coreutils) prints it: a name that holds a line's end or a backslash is escaped, so that no name can
// pass for the lines of several files.
private func line(_ digest: String, _ name: String) -> String {
    let escaped = name.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
    return (escaped == name ? "" : "\\") + "\(digest)  \(escaped)\n"
}

private func fileNames(in folder: String) throws(LineageError) -> [String] {
    guard let handle = opendir(folder) else { throw unreadable(folder, errno) }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
        let valid = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
        }
        // Left out, it could hold anything and change nothing.
        guard let name = valid else {
            throw LineageError(.unreadable, "\(visible(folder)) holds a file whose name is no UTF-8", mend: "rename it")
        }
        var status = stat()
        guard !name.hasPrefix("."), stat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG
        else { continue }
        names.append(name)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

private func fileDigest(_ path: String) throws(LineageError) -> (digest: String, bytes: Int) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(path, errno) }
    defer { close(file) }
    var hasher = SHA256()
    var total = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
        let count = read(file, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw unreadable(path, errno) }
        if count == 0 { break }
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        total += count
    }
    guard let digest = Digest256(bytes: Array(hasher.finalize())) else { throw unreadable(path, EIO) }
    return (digest.hexadecimal, total)
}

private func unreadable(_ path: String, _ number: Int32) -> LineageError {
    LineageError(
        number == ENOENT || number == ENOTDIR ? .notFound : .unreadable,
        "\(visible(path)) can't be read: \(String(cString: strerror(number)))",
        mend: "check the path and its rights")
}
