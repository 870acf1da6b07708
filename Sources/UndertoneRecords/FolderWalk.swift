// The data files of a folder and of all folders below it.

import Glibc

/// Collects the data files at and below a folder.
///
/// Real files and folders come first, links second, so that what can be reached both ways has its real name. Every
/// folder is entered once: links that lead back end there.
struct FolderWalk {
    /// The data files found, sorted by path byte by byte.
    private(set) var files: [(path: String, status: FileStatus)] = []
    private(set) var errors: [InputError] = []
    /// Files whose name or kind is not that of data.
    private(set) var skippedFiles = 0

    private let fileSystem: LinuxFileSystem
    private var entered: Set<FileIdentity> = []
    private var found: Set<FileIdentity> = []

    init(fileSystem: LinuxFileSystem) { self.fileSystem = fileSystem }

    /// Walks through `folder` without recursion, so depth costs no stack.
    mutating func enter(_ folder: String) {
        var folders = [folder]
        var links: [String] = []
        while true {
            if let next = folders.popLast() {
                look(into: next, &folders, &links)
            } else if !links.isEmpty {
                follow(links.removeFirst(), &folders)
            } else {
                break
            }
        }
        files.sort { precedesByBytes($0.path, $1.path) }
    }

    /// Whether a name is that of data.
    static func isDataName(_ name: String) -> Bool {
        var stem = name.lowercased()[...]
        for ending in [".gz", ".gzip", ".zst", ".zstd"] where stem.hasSuffix(ending) {
            stem = stem.dropLast(ending.count)
            break
        }
        return [".jsonl", ".ndjson", ".json", ".txt"].contains { stem.hasSuffix($0) }
    }
}

extension FolderWalk {
    private mutating func look(into folder: String, _ folders: inout [String], _ links: inout [String]) {
        do throws(SystemError) {
            guard entered.insert(try fileSystem.status(at: folder, followingLinks: true).identity).inserted else {
                return
            }
            let entries = try folderEntries(folder)
            if entries.hasBadNames { errors.append(badName(in: folder)) }
            var below: [String] = []
            for name in entries.names.sorted(by: precedesByBytes) where !name.hasPrefix(".") {
                let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
                look(at: path, followingLinks: false, &below, &links)
            }
            folders += below.reversed()
        } catch {
            errors.append(InputError(.unreadable, folder, "can't be listed: \(error.text)"))
        }
    }

    private mutating func follow(_ link: String, _ folders: inout [String]) {
        var none: [String] = []
        look(at: link, followingLinks: true, &folders, &none)
    }

    private mutating func look(
        at path: String, followingLinks: Bool, _ folders: inout [String], _ links: inout [String]
    ) {
        do throws(SystemError) {
            let status = try fileSystem.status(at: path, followingLinks: followingLinks)
            switch status.kind {
            case .folder: folders.append(path)
            case .link: links.append(path)
            case .regular where FolderWalk.isDataName(path):
                if !followingLinks || !found.contains(status.identity) { files.append((path, status)) }
                found.insert(status.identity)
            default: skippedFiles += 1
            }
        } catch {
            // A dangling link or one that turns in a circle; only a name of data is missed.
            if FolderWalk.isDataName(path) {
                errors.append(InputError(.noSuchFile, path, "can't be found: \(error.text)"))
            } else {
                skippedFiles += 1
            }
        }
    }
}

/// The names in a folder, in no order, without `.` and `..`, and whether some are not UTF-8.
func folderEntries(_ path: String, limit: Int = .max) throws(SystemError) -> (names: [String], hasBadNames: Bool) {
    guard let folder = opendir(path) else { throw SystemError(errno) }
    defer { closedir(folder) }
    var names: [String] = []
    var hasBadNames = false
    while names.count < limit {
        errno = 0
        guard let entry = readdir(folder) else {
            if errno != 0 { throw SystemError(errno) }
            break
        }
        // The name lies behind the entry's head, as long as it needs to be.
        let start = UnsafeRawPointer(entry).advanced(by: MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
        guard let name = String(validatingCString: start.assumingMemoryBound(to: CChar.self)) else {
            hasBadNames = true
            continue
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return (names, hasBadNames)
}

extension LinuxFileSystem {
    /// Throws where this process may not read a file.
    func mayRead(_ path: String) throws(SystemError) {
        if faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0 { throw SystemError(errno) }
    }
}
