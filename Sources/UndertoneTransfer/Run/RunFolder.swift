// The folder of a run: every file that was made, beside the key of what it was made from. A file whose key is still right
// is not made again, so a run that was ended goes on where it was, and one that is changed makes only what the change touches.

import Glibc
import UndertoneRecords
import UndertoneText
import UndertoneTraining

/// Keeps what a run makes.
struct RunFolder: Sendable {
    /// Where it is.
    let path: String

    /// - Parameter path: an existing folder.
    init(_ path: String) { self.path = path }

    /// The file of a name, made where it is not there or was made from something else.
    ///
    /// - Parameter make: gets the path; the file must appear whole or not at all.
    @discardableResult
    func file(_ name: String, key: String, make: (String) throws -> Void) throws -> String {
        let file = "\(path)/\(name)"
        if access(file, F_OK) == 0, isFinished(name, key: key) { return file }
        unlink(file + ".key")
        try makeFolder(of: file)
        try make(file)
        // Last of all: a file without its key counts for nothing.
        try write(Array(key.utf8), to: file + ".key")
        return file
    }

    /// Whether the file of a name was made, and from that.
    func isFinished(_ name: String, key: String) -> Bool {
        (try? contents(of: "\(path)/\(name).key", limit: 200)) == Array(key.utf8)
    }

    /// A small file that appears whole or not at all.
    func write(_ bytes: [UInt8], to file: String) throws {
        let output = try OutputFile(path: file, compression: .none)
        try bytes.withUnsafeBytes { try output.write($0) }
        try output.commit()
    }

    /// The bytes of a file.
    ///
    /// - Throws: where it can't be read or is longer than `limit`.
    func contents(of file: String, limit: Int) throws -> [UInt8] {
        var source = try ByteSource.open(Input(path: file), maxDecodedBytes: limit)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try piece.withUnsafeMutableBytes { buffer in
                guard let start = buffer.baseAddress else { return 0 }
                return try source.read(into: start, capacity: buffer.count)
            }
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
    }

    /// Whether nothing is in a file.
    func isEmptyFile(_ file: String) -> Bool {
        var status = stat()
        return stat(file, &status) == 0 && status.st_size == 0
    }

    private func makeFolder(of file: String) throws {
        var end = file.startIndex
        while let slash = file[end...].dropFirst().firstIndex(of: "/") {
            let folder = String(file[..<slash])
            if mkdir(folder, 0o777) != 0, errno != EEXIST {
                throw TrainingError(
                    .usage,
                    "the folder \(visible(folder, limit: 200)) can't be made: \(String(cString: strerror(errno)))",
                    mend: "name another folder")
            }
            end = slash
        }
    }
}
