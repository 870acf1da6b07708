// SHA-256 of files and folders.

import Crypto
import Glibc
import UndertoneText

/// SHA-256 and size of a file, as `sha256sum` prints it. Of a folder: SHA-256 of what `sha256sum *` prints in it for the
/// files that lie in it directly and are not hidden, in the order of their names.
///
/// - Complexity: O(bytes); memory is bounded.
public func contentDigest(of path: String) throws(LineageError) -> (digest: String, bytes: Int) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(path, errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else { return try fileDigest(path) }
    var list = ""
    var bytes = 0
    for name in try fileNames(in: path) {
        let file = try fileDigest(path + "/" + name)
        list += "\(file.digest)  \(name)\n"
        bytes += file.bytes
    }
    guard !list.isEmpty else {
        throw LineageError(.notFound, "the folder \(visible(path)) holds no file", mend: "name the folder of the files")
    }
    return (Digest256.of(Array(list.utf8)).hexadecimal, bytes)
}

private func fileNames(in folder: String) throws(LineageError) -> [String] {
    guard let handle = opendir(folder) else { throw unreadable(folder, errno) }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        var status = stat()
        guard !name.hasPrefix("."), stat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG
        else { continue }
        names.append(name)
    }
    return names.sorted()
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
        number == ENOENT ? .notFound : .unreadable,
        "\(visible(path)) can't be read: \(String(cString: strerror(number)))",
        mend: "check the path and its rights")
}
