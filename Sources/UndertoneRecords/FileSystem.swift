// The system calls behind inputs and outputs, behind one protocol so that tests can make any of them fail.

import Glibc

/// Why a system call failed.
package struct SystemError: Error, Sendable, Equatable {
    /// The value of `errno`.
    package let number: Int32

    package init(_ number: Int32) { self.number = number }

    /// The error in words, in lower case: "permission denied".
    package var text: String {
        switch number {
        case ENOENT: return "no such file or folder"
        case ENOSPC: return "no space left on the device"
        case EDQUOT: return "the disk quota is used up"
        case EISDIR: return "is a folder"
        default:
            guard let text = strerror(number) else { return "error \(number)" }
            let words = String(cString: text)
            return words.prefix(1).lowercased() + words.dropFirst()
        }
    }
}

/// Which file a name leads to, whatever the name.
public struct FileIdentity: Sendable, Hashable {
    var device: UInt64
    var inode: UInt64
}

/// What the system knows of a file.
package struct FileStatus: Sendable, Equatable {
    package enum Kind: Sendable, Equatable { case regular, folder, link, pipe, characterDevice, blockDevice, socket }

    package var kind: Kind
    package var identity: FileIdentity
    /// Bytes.
    package var size: Int
    /// Nanoseconds since 1970.
    package var modified: Int64
    /// The lowest nine bits of the mode.
    package var permissions: UInt32
    package var owner: UInt32
    package var group: UInt32
}

/// The system calls that readers and writers make. Implementations don't retry: callers must expect `EINTR` and
/// short counts.
package protocol FileSystem: Sendable {
    func open(_ path: String, flags: Int32, permissions: UInt32) throws(SystemError) -> Int32
    func close(_ file: Int32) throws(SystemError)
    func read(_ file: Int32, into bytes: UnsafeMutableRawPointer, count: Int) throws(SystemError) -> Int
    func write(_ file: Int32, _ bytes: UnsafeRawPointer, count: Int) throws(SystemError) -> Int
    func synchronise(_ file: Int32) throws(SystemError)
    func status(of file: Int32) throws(SystemError) -> FileStatus
    func status(at path: String, followingLinks: Bool) throws(SystemError) -> FileStatus
    func destination(ofLink path: String) throws(SystemError) -> String
    func mayWrite(_ path: String) throws(SystemError) -> Bool
    func setPermissions(_ permissions: UInt32, of file: Int32) throws(SystemError)
    func setOwner(_ owner: UInt32, group: UInt32, of file: Int32) throws(SystemError)
    func rename(_ source: String, to target: String) throws(SystemError)
    func remove(_ path: String) throws(SystemError)
    /// Waits until a descriptor in non-blocking mode can be read or written.
    func wait(for file: Int32, toWrite: Bool) throws(SystemError)
    /// Advice that the file will be read from front to back.
    func adviseSequential(_ file: Int32)
}

/// The system's own calls.
package struct LinuxFileSystem: FileSystem {
    package init() {}

    package func open(_ path: String, flags: Int32, permissions: UInt32) throws(SystemError) -> Int32 {
        try checkName(path)
        return try checked(Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY, permissions))
    }

    package func close(_ file: Int32) throws(SystemError) { _ = try checked(Glibc.close(file)) }

    package func read(_ file: Int32, into bytes: UnsafeMutableRawPointer, count: Int) throws(SystemError) -> Int {
        try checked(Glibc.read(file, bytes, count))
    }

    package func write(_ file: Int32, _ bytes: UnsafeRawPointer, count: Int) throws(SystemError) -> Int {
        try checked(Glibc.write(file, bytes, count))
    }

    package func synchronise(_ file: Int32) throws(SystemError) { _ = try checked(fsync(file)) }

    package func status(of file: Int32) throws(SystemError) -> FileStatus {
        var raw = stat()
        _ = try checked(fstat(file, &raw))
        return FileStatus(raw)
    }

    package func status(at path: String, followingLinks: Bool) throws(SystemError) -> FileStatus {
        try checkName(path)
        var raw = stat()
        _ = try checked(followingLinks ? stat(path, &raw) : lstat(path, &raw))
        return FileStatus(raw)
    }

    package func destination(ofLink path: String) throws(SystemError) -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try checked(readlink(path, &bytes, bytes.count))
        let name = bytes[..<count].map { UInt8(bitPattern: $0) }
        guard let text = String(validating: name, as: UTF8.self) else { throw SystemError(EILSEQ) }
        return text
    }

    package func mayWrite(_ path: String) throws(SystemError) -> Bool {
        if faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 { return true }
        if errno == EACCES || errno == EROFS || errno == EPERM { return false }
        throw SystemError(errno)
    }

    package func setPermissions(_ permissions: UInt32, of file: Int32) throws(SystemError) {
        _ = try checked(fchmod(file, permissions))
    }

    package func setOwner(_ owner: UInt32, group: UInt32, of file: Int32) throws(SystemError) {
        _ = try checked(fchown(file, owner, group))
    }

    package func rename(_ source: String, to target: String) throws(SystemError) {
        _ = try checked(Glibc.rename(source, target))
    }

    package func remove(_ path: String) throws(SystemError) { _ = try checked(unlink(path)) }

    package func wait(for file: Int32, toWrite: Bool) throws(SystemError) {
        var request = pollfd(fd: file, events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0)
        _ = try checked(poll(&request, 1, -1))
    }

    package func adviseSequential(_ file: Int32) { _ = posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL) }

    private func checked<Count: SignedInteger>(_ result: Count) throws(SystemError) -> Count {
        if result < 0 { throw SystemError(errno) }
        return result
    }

    // A C string would end at the NUL and name another file.
    private func checkName(_ path: String) throws(SystemError) {
        if path.utf8.contains(0) { throw SystemError(EINVAL) }
    }
}

extension FileStatus {
    fileprivate init(_ raw: stat) {
        switch raw.st_mode & S_IFMT {
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link
        case S_IFIFO: kind = .pipe
        case S_IFCHR: kind = .characterDevice
        case S_IFBLK: kind = .blockDevice
        case S_IFSOCK: kind = .socket
        default: kind = .regular
        }
        identity = FileIdentity(device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino))
        size = Int(raw.st_size)
        modified = Int64(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(raw.st_mtim.tv_nsec)  // Wraps in the year 2262.
        permissions = raw.st_mode & 0o777
        owner = raw.st_uid
        group = raw.st_gid
    }
}

/// Makes a call again as long as a signal interrupts it.
package func retrying<Value>(_ call: () throws(SystemError) -> Value) throws(SystemError) -> Value {
    while true {
        do throws(SystemError) {
            return try call()
        } catch {
            if error.number != EINTR { throw error }
        }
    }
}

/// A path as an error text may show it: control and format characters are escaped, since a name comes from outside
/// and a terminal would obey them.
func printable(_ path: String) -> String {
    var text = ""
    for scalar in path.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
            text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        default:
            text.unicodeScalars.append(scalar)
        }
    }
    return text
}
