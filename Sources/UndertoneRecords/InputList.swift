// From what a user typed to the list of files to read: files, folders, patterns, standard input.

import Glibc
import UndertoneCore

/// One file, pipe or standard input that is to be read.
public struct Input: Sendable, Hashable {
    /// The name to show and to open; `-` for standard input.
    public var path: String
    /// Bytes as stored, for a regular file.
    public var storedBytes: Int?
    /// Which file it was when it was listed, for a regular file.
    public var identity: FileIdentity?

    /// An input by its name, without a look at the file system.
    public init(path: String, storedBytes: Int? = nil, identity: FileIdentity? = nil) {
        self.path = path
        self.storedBytes = storedBytes
        self.identity = identity
    }

    /// Whether this is standard input.
    public var isStandardInput: Bool { path == "-" }
}

/// The inputs that a user's arguments stand for.
///
/// - `-` is standard input, once.
/// - A file is read whatever its name; the same file is read once, however often and under whatever names it was given.
/// - A folder stands for the data files in it and below it, in the order of their paths byte by byte. Data files are
///   those that end in `.jsonl`, `.ndjson`, `.json` or `.txt`, also followed by `.gz`, `.gzip`, `.zst` or `.zstd`, in
///   either case. Names that begin with a dot are left out, and folders that links lead back to are read once.
/// - A pattern that the shell left (`*`, `?`, `[`) is matched here, unless a file has that very name.
///
/// What can't be read becomes an error in ``errors`` and the rest goes on.
public struct InputList: Sendable {
    /// What is to be read, in the order of the arguments.
    public private(set) var inputs: [Input] = []
    /// What is wrong with arguments and with the folders they name.
    public private(set) var errors: [InputError] = []
    /// Files in folders that were left out, since their name or kind is not that of data.
    public private(set) var skippedFiles = 0
    /// Names that lead to a file that is in the list already.
    public private(set) var repeatedFiles = 0

    private var seen: Set<FileIdentity> = []
    private let fileSystem = LinuxFileSystem()

    /// Looks up every argument; reads folders but opens no file.
    public init(arguments: [String]) {
        for argument in arguments { add(argument) }
    }

    /// Bytes of all inputs as stored, or `nil` where one of them is a pipe or a device.
    public var storedBytes: Int? {
        var sum = 0
        for input in inputs {
            guard let bytes = input.storedBytes else { return nil }
            sum += bytes
        }
        return sum
    }
}

extension InputList {
    private mutating func add(_ argument: String) {
        if argument == "-" {
            if inputs.contains(where: \.isStandardInput) {
                errors.append(
                    InputError(.repeatedStandardInput, "-", "was given twice", mend: "it can only be read once"))
            } else {
                inputs.append(Input(path: "-"))
            }
            return
        }
        do throws(SystemError) {
            let status = try fileSystem.status(at: argument, followingLinks: true)
            add(argument, status)
        } catch {
            if error.number == ENOENT, argument.utf8.contains(where: { "*?[".utf8.contains($0) }) {
                addMatches(of: argument)
            } else {
                errors.append(failure(argument, error))
            }
        }
    }

    private mutating func add(_ path: String, _ status: FileStatus) {
        switch status.kind {
        case .folder:
            addFolder(path)
        case .regular:
            guard seen.insert(status.identity).inserted else {
                repeatedFiles += 1
                return
            }
            do throws(SystemError) {
                try fileSystem.mayRead(path)
                inputs.append(Input(path: path, storedBytes: status.size, identity: status.identity))
            } catch {
                errors.append(failure(path, error))
            }
        case .pipe, .characterDevice:
            inputs.append(Input(path: path))
        case .socket, .blockDevice, .link:
            errors.append(
                InputError(.notAFile, path, "is neither a file nor a folder nor a pipe", mend: "name a file"))
        }
    }

    private mutating func addFolder(_ path: String) {
        var walk = FolderWalk(fileSystem: fileSystem)
        walk.enter(path)
        errors += walk.errors
        skippedFiles += walk.skippedFiles
        if walk.files.isEmpty, walk.errors.isEmpty {
            let skipped = walk.skippedFiles
            errors.append(
                InputError(
                    .noData, path,
                    "holds no data (\(skipped) other file\(skipped == 1 ? "" : "s"))",
                    mend: "data files end in .jsonl, .ndjson, .json or .txt, also with .gz or .zst; "
                        + "name a file itself if it is called otherwise"))
        }
        for file in walk.files { add(file.path, file.status) }
    }

    private mutating func addMatches(of pattern: String) {
        if pattern.split(separator: "/").contains("**") {
            errors.append(
                InputError(
                    .noMatch, pattern, "** is not known in patterns",
                    mend: "name the folder itself to take all data below it"))
            return
        }
        var found = glob_t()
        defer { globfree(&found) }
        let result = glob(pattern, GLOB_NOSORT, nil, &found)
        var paths: [String] = []
        for index in 0..<(result == 0 ? Int(found.gl_pathc) : 0) {
            guard let name = found.gl_pathv[index] else { continue }
            if let path = String(validatingCString: name) {
                paths.append(path)
            } else {
                errors.append(badName(in: pattern))
            }
        }
        if paths.isEmpty {
            errors.append(
                InputError(
                    .noMatch, pattern, "no file matches this pattern",
                    mend: "name the folder itself to take all data below it"))
        }
        // By bytes, since glob(3) and String would sort by the user's language or by Unicode.
        for path in paths.sorted(by: precedesByBytes) {
            do throws(SystemError) {
                add(path, try fileSystem.status(at: path, followingLinks: true))
            } catch {
                errors.append(failure(path, error))
            }
        }
    }

    private func failure(_ path: String, _ error: SystemError) -> InputError {
        switch error.number {
        case ENOENT, ENOTDIR:
            return InputError(.noSuchFile, path, "no such file or folder", mend: nearestName(to: path))
        case EACCES, EPERM:
            return InputError(.unreadable, path, error.text, mend: "check the permissions of it and of its folders")
        default:
            return InputError(.unreadable, path, "can't be read: \(error.text)")
        }
    }
}

/// The mend for a name that is not there: a name of the same folder that is nearly the same.
func nearestName(to path: String) -> String? {
    var trimmed = Substring(path)
    while trimmed.count > 1, trimmed.last == "/" { trimmed = trimmed.dropLast() }
    let slash = trimmed.lastIndex(of: "/")
    let folder = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
    let name = String(slash.map { trimmed[trimmed.index(after: $0)...] } ?? trimmed)
    // Distances cost time: a folder of a million names is not worth it.
    guard let names = try? folderEntries(folder, limit: 4096).names else {
        return folder == "." ? nil : "the folder \(printable(folder)) can't be read or is not there"
    }
    let candidates = names.filter { !$0.hasPrefix(".") }.sorted(by: precedesByBytes)
    guard let nearest = nearestWord(to: name, in: candidates) else { return nil }
    let prefix = slash.map { String(trimmed[...$0]) } ?? ""
    return "did you mean \(printable(prefix + nearest))?"
}

func badName(in path: String) -> InputError {
    InputError(.badName, path, "a name here is not UTF-8", mend: "rename the file")
}

/// Whether a name's bytes come first; the same order in every language.
func precedesByBytes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
