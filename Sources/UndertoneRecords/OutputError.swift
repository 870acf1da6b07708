// What can go wrong with an output: what, where, and the mend.

import Glibc

/// An output that can't be opened, written or put in its place.
public struct OutputError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; more cases may be added.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable {
            case noSpace, quota, device, brokenPipe, noSuchFolder, notPermitted, notAFile, inUse, encoder, other
        }

        let value: Value

        /// The device is full, or the file reached the size that files may have.
        public static let noSpace = Code(value: .noSpace)
        /// The user's share of the device is used up.
        public static let quota = Code(value: .quota)
        /// The device failed to write.
        public static let device = Code(value: .device)
        /// Nobody reads the pipe any more. Needs `SIGPIPE` to be ignored.
        public static let brokenPipe = Code(value: .brokenPipe)
        /// The folder that the file should stand in is not there.
        public static let noSuchFolder = Code(value: .noSuchFolder)
        /// No right to write here, or a file that is write-protected.
        public static let notPermitted = Code(value: .notPermitted)
        /// A folder or a socket.
        public static let notAFile = Code(value: .notAFile)
        /// This program is writing the same file already, or too many files.
        public static let inUse = Code(value: .inUse)
        /// The packing failed.
        public static let encoder = Code(value: .encoder)
        /// Something else that the system says.
        public static let other = Code(value: .other)
    }

    /// What is wrong, for programs.
    public var code: Code
    /// The output as the user named it; `-` for standard output.
    public var path: String
    /// What is wrong, as clauses: `no space left on the device after 4096 bytes; nothing was written there`.
    public var problem: String
    /// What to do about it, as a clause: `free space or choose another place`.
    public var mend: String?

    /// An error about one output.
    public init(_ code: Code, _ path: String, _ problem: String, mend: String? = nil) {
        self.code = code
        self.path = path
        self.problem = problem
        self.mend = mend
    }

    /// `path: problem; mend`, with control characters of the path escaped.
    public var description: String {
        var text = (path == "-" ? "standard output" : printable(path)) + ": " + problem
        if let mend { text += "; \(mend)" }
        return text
    }
}

extension OutputError {
    /// What a failed call means for the user.
    ///
    /// - Parameters:
    ///   - step: what was being done, as in "can't be <step>".
    ///   - progress: how far it came and what is there now, empty or beginning with a space.
    init(_ path: String, _ error: SystemError, while step: String, progress: String = "") {
        let elsewhere = "choose another place"
        switch error.number {
        case ENOSPC: self.init(.noSpace, path, error.text + progress, mend: "free space or \(elsewhere)")
        case EFBIG: self.init(.noSpace, path, "the file may not become larger" + progress, mend: elsewhere)
        case EDQUOT: self.init(.quota, path, error.text + progress, mend: "free space or \(elsewhere)")
        case EIO:
            self.init(.device, path, "the device failed (\(error.text))" + progress, mend: "check it or \(elsewhere)")
        case EPIPE: self.init(.brokenPipe, path, "nobody reads it any more" + progress)
        case ENOENT, ENOTDIR:
            self.init(.noSuchFolder, path, "its folder is not there" + progress, mend: "make the folder first")
        case EACCES, EPERM, EROFS:
            self.init(.notPermitted, path, error.text + progress, mend: "check the permissions or \(elsewhere)")
        case EISDIR: self.init(.notAFile, path, "is a folder", mend: "name a file in it")
        default: self.init(.other, path, "can't be \(step): \(error.text)" + progress)
        }
    }
}
