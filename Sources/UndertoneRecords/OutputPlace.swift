// Where an output is written: beside its target to be put in place at the end, or straight into a pipe or device.

import Glibc
import Synchronization

/// An opened place to write to.
struct OutputPlace: Sendable {
    /// What takes the target's place at the end.
    struct Replacement: Sendable {
        /// The file to put in place, links followed.
        var target: String
        var folder: String
        /// The hidden file beside it that is being written.
        var temporary: String
        /// The temporary's slot in the table for signal handlers.
        var slot: Int
        var live: LiveTarget
    }

    var file: Int32
    /// `nil` for standard output, pipes and devices, which are written directly.
    var replacement: Replacement?

    /// Opens the place that a user named.
    static func open(_ path: String, _ fileSystem: any FileSystem) throws(OutputError) -> OutputPlace {
        if path == "-" { return OutputPlace(file: STDOUT_FILENO, replacement: nil) }
        do throws(SystemError) {
            // The links of /dev/fd lead to pipes that have no name of their own.
            let end = try? retrying { () throws(SystemError) in
                try fileSystem.status(at: path, followingLinks: true)
            }
            if end?.kind == .pipe || end?.kind == .characterDevice {
                let file = try retrying { () throws(SystemError) in
                    try fileSystem.open(path, flags: O_WRONLY, permissions: 0)
                }
                return OutputPlace(file: file, replacement: nil)
            }
            let target = try followLinks(path, fileSystem)
            let old = try statusIfThere(target, fileSystem)
            switch old?.kind {
            case .regular, nil: break
            case .folder: throw SystemError(EISDIR)
            case .pipe, .characterDevice, .blockDevice, .socket, .link:
                throw SystemError(ENXIO)
            }
            if let old, try !retrying({ () throws(SystemError) in try fileSystem.mayWrite(target) }) {
                throw SystemError(old.permissions & 0o222 == 0 ? EROFS : EACCES)
            }
            return try create(beside: target, replacing: old, path, fileSystem)
        } catch {
            throw OutputPlace.failure(path, error)
        }
    }

    /// Removes the temporary, if there is one, and closes the file.
    func discard(_ fileSystem: any FileSystem) {
        if file != STDOUT_FILENO { try? fileSystem.close(file) }
        if let replacement { replacement.discard(fileSystem) }
    }
}

extension OutputPlace.Replacement {
    /// Removes the temporary and lets go of the target.
    func discard(_ fileSystem: any FileSystem) {
        removeTemporary(fileSystem)
        liveTargets.withLock { _ = $0.remove(live) }
    }

    /// Lets go of the names of a temporary that has become the target.
    func release() {
        TemporaryTable.shared.remove(slot)
        liveTargets.withLock { _ = $0.remove(live) }
    }

    // Once more if that fails, since it is all that is left to do.
    fileprivate func removeTemporary(_ fileSystem: any FileSystem) {
        do throws(SystemError) {
            try fileSystem.remove(temporary)
        } catch {
            try? fileSystem.remove(temporary)
        }
        TemporaryTable.shared.remove(slot)
    }
}

extension OutputPlace {
    private static func failure(_ path: String, _ error: SystemError) -> OutputError {
        switch error.number {
        case EROFS:
            return OutputError(
                .notPermitted, path, "is there and write-protected", mend: "remove it or choose another place")
        case ENXIO: return OutputError(.notAFile, path, "is neither a file nor a pipe", mend: "name a file")
        case EBUSY:
            return OutputError(.inUse, path, "is being written by this program already", mend: "name another file")
        case EMFILE, ENFILE:
            return OutputError(.inUse, path, "too many files are open", mend: "write fewer outputs at once")
        case ELOOP: return OutputError(.other, path, "is a link that leads nowhere", mend: "remove the link")
        default: return OutputError(path, error, while: "opened")
        }
    }

    // The temporary stands in the target's folder, since a file can only be renamed within its file system.
    private static func create(
        beside target: String, replacing old: FileStatus?, _ path: String, _ fileSystem: any FileSystem
    ) throws(SystemError) -> OutputPlace {
        let (folder, name) = split(target)
        if name.isEmpty || name == "." || name == ".." { throw SystemError(EISDIR) }
        let folderIdentity = try retrying { () throws(SystemError) in
            try fileSystem.status(at: folder, followingLinks: true)
        }.identity
        let live = LiveTarget(folder: folderIdentity, name: name)
        guard liveTargets.withLock({ $0.insert(live).inserted }) else { throw SystemError(EBUSY) }
        do throws(SystemError) {
            for _ in 0..<100 {
                let number = temporaryCounter.wrappingAdd(1, ordering: .relaxed).newValue
                let ending = ".partial-\(getpid())-\(number)"
                let temporary = prefix(of: target, folder) + "." + shortened(name, toFitBefore: ending) + ending
                // In the table first: a signal between both would else leave the file.
                guard let slot = TemporaryTable.shared.insert(temporary) else { throw SystemError(EMFILE) }
                let file: Int32
                do throws(SystemError) {
                    file = try retrying { () throws(SystemError) in
                        try fileSystem.open(
                            temporary, flags: O_WRONLY | O_CREAT | O_EXCL, permissions: old?.permissions ?? 0o666)
                    }
                } catch {
                    TemporaryTable.shared.remove(slot)
                    if error.number == EEXIST { continue }
                    throw error
                }
                let replacement = Replacement(
                    target: target, folder: folder, temporary: temporary, slot: slot, live: live)
                do throws(SystemError) {
                    if let old { try giveRights(of: old, to: file, fileSystem) }
                } catch {
                    try? fileSystem.close(file)
                    replacement.removeTemporary(fileSystem)
                    throw error
                }
                return OutputPlace(file: file, replacement: replacement)
            }
            throw SystemError(EEXIST)
        } catch {
            liveTargets.withLock { _ = $0.remove(live) }
            throw error
        }
    }

    private static func giveRights(
        of old: FileStatus, to file: Int32, _ fileSystem: any FileSystem
    ) throws(SystemError) {
        let new = try retrying { () throws(SystemError) in try fileSystem.status(of: file) }
        if new.owner != old.owner || new.group != old.group {
            // Only root may give files away; without it the file is the writer's, as any new file.
            try? fileSystem.setOwner(old.owner, group: old.group, of: file)
        }
        if new.permissions != old.permissions {
            try retrying { () throws(SystemError) in try fileSystem.setPermissions(old.permissions, of: file) }
        }
    }

    private static func followLinks(_ path: String, _ fileSystem: any FileSystem) throws(SystemError) -> String {
        var target = path
        for _ in 0..<40 {  // As many as Linux follows.
            let here = target
            guard try statusIfThere(here, fileSystem)?.kind == .link else { return here }
            let destination = try retrying { () throws(SystemError) in try fileSystem.destination(ofLink: here) }
            target = destination.hasPrefix("/") ? destination : prefix(of: here, split(here).folder) + destination
        }
        throw SystemError(ELOOP)
    }

    private static func statusIfThere(_ path: String, _ fileSystem: any FileSystem) throws(SystemError) -> FileStatus? {
        do throws(SystemError) {
            return try retrying { () throws(SystemError) in try fileSystem.status(at: path, followingLinks: false) }
        } catch {
            if error.number == ENOENT { return nil }
            throw error
        }
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        return (folder, String(path[path.index(after: slash)...]))
    }

    // What stands before the name in `path`: nothing, or the folder with its slash.
    private static func prefix(of path: String, _ folder: String) -> String {
        if !path.contains("/") { return "" }
        return folder.hasSuffix("/") ? folder : folder + "/"
    }

    // Names have at most 255 bytes.
    private static func shortened(_ name: String, toFitBefore ending: String) -> String {
        var name = name
        while name.utf8.count + ending.utf8.count + 1 > 255, !name.isEmpty { name.removeLast() }
        return name
    }
}
