// Key files: made once and never overwritten, the private half for its owner alone.

import Glibc
import UndertoneText

/// Reads and makes the files of keys.
public enum KeyFiles {
    /// What a key file holds.
    public enum Content: Sendable {
        case signing(SigningKey)
        case verifying(VerifyingKey)

        /// The public half.
        public var verifyingKey: VerifyingKey {
            switch self {
            case .signing(let key): key.verifyingKey
            case .verifying(let key): key
            }
        }
    }

    /// Writes `NAME.key` (mode 0600) and `NAME.pub`.
    ///
    /// - Throws: ``LineageError`` where one of them is there already, or can't be written; then neither was made.
    public static func write(_ key: SigningKey, named name: String) throws(LineageError) {
        let secret = name + ".key"
        let open = name + ".pub"
        // Before the first is made, so that the usual mistake leaves nothing behind; O_EXCL decides.
        for path in [secret, open] where access(path, F_OK) == 0 { throw exists(path) }
        try make(secret, mode: 0o600, key.pem)
        do throws(LineageError) {
            try make(open, mode: 0o644, key.verifyingKey.pem)
        } catch {
            unlink(secret)
            throw error
        }
    }

    /// Reads a key of either half.
    public static func read(_ path: String) throws(LineageError) -> Content {
        let bytes = try BoundedFile.read(path, limit: PEM.maxBytes)
        let isPrivate = bytes.starts(with: "-----BEGIN \(PEM.privateLabel)-----".utf8)
        return try named(path) { () throws(LineageError) in
            isPrivate ? .signing(try SigningKey(pem: bytes)) : .verifying(try VerifyingKey(pem: bytes))
        }
    }

    /// Reads a public key.
    public static func verifyingKey(_ path: String) throws(LineageError) -> VerifyingKey {
        let bytes = try BoundedFile.read(path, limit: PEM.maxBytes)
        return try named(path) { () throws(LineageError) in try VerifyingKey(pem: bytes) }
    }

    /// Reads a private key.
    public static func signingKey(_ path: String) throws(LineageError) -> SigningKey {
        let bytes = try BoundedFile.read(path, limit: PEM.maxBytes)
        return try named(path) { () throws(LineageError) in try SigningKey(pem: bytes) }
    }

    /// Whether others than its owner may read the file.
    public static func isReadableByOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o044 != 0
    }
}

extension KeyFiles {
    private static func named<Value>(
        _ path: String, _ body: () throws(LineageError) -> Value
    ) throws(LineageError) -> Value {
        do throws(LineageError) {
            return try body()
        } catch {
            throw LineageError(error.code, "\(visible(path)): \(error.problem)", mend: error.mend)
        }
    }

    private static func exists(_ path: String) -> LineageError {
        LineageError(
            .duplicate, "\(visible(path)): is there already, and keys are never overwritten",
            mend: "choose another name")
    }

    private static func make(_ path: String, mode: mode_t, _ text: String) throws(LineageError) {
        guard !path.utf8.contains(0) else { throw LineageError(.usage, "a name can't hold a zero byte") }
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else {
            if errno == EEXIST { throw exists(path) }
            throw LineageError(
                .unwritable, "\(visible(path)): can't be made: \(BoundedFile.text(of: errno))",
                mend: "choose another place")
        }
        var text = text
        var problem: Int32 = text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count, let base = bytes.baseAddress {
                let count = Glibc.write(file, base + done, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return count < 0 ? errno : EIO }
                done += count
            }
            return fsync(file) == 0 || errno == EINVAL ? 0 : errno
        }
        if Glibc.close(file) != 0, problem == 0 { problem = errno }
        guard problem == 0 else {
            unlink(path)
            throw LineageError(
                .unwritable, "\(visible(path)): can't be written: \(BoundedFile.text(of: problem))",
                mend: "free space or choose another place")
        }
    }
}
