// What the tests of tensor files share: a folder that goes away, and files made byte by byte.

import Glibc
import Testing
import UndertoneTensors

/// A folder of its own under /tmp, removed with its files.
final class Folder {
    let path: String

    init() {
        var template = Array("/tmp/undertone-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/nonexistent"
        }
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// All names in it, hidden ones too.
    var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Writes a file and returns its path.
    func file(_ bytes: [UInt8], _ name: String = "model.safetensors") throws -> String {
        let path = "\(path)/\(name)"
        let file = try #require(fopen(path, "wb"))
        defer { fclose(file) }
        let count = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        try #require(count == bytes.count)
        return path
    }
}

/// A safetensors file of a header, as text, and bytes of data; `length` in place of the header's own length.
func tensorBytes(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + Array(header.utf8)
        + (0..<data).map { UInt8(truncatingIfNeeded: $0) }
}

func bytes(of path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "rb"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&piece, 1, piece.count, file)
        if count == 0 { return bytes }
        bytes += piece[..<count]
    }
}

extension TensorSet {
    func floats(_ name: String) throws -> [Float] {
        let tensor = try #require(self[name])
        var floats = [Float](repeating: 0, count: tensor.info.elementCount)
        try floats.withUnsafeMutableBufferPointer { buffer in
            try tensor.readFloats(elements: 0..<buffer.count, into: buffer)
        }
        return floats
    }
}

/// Writes tensors of floats, in order.
func write(
    _ tensors: [(TensorPlan, [Float])], to path: String, metadata: [String: String] = [:]
) throws {
    let writer = try TensorFileWriter(path: path, tensors: tensors.map(\.0), metadata: metadata)
    for (_, values) in tensors { try values.withUnsafeBufferPointer { try writer.write(floats: $0) } }
    try writer.commit()
}

/// The error that `body` throws.
func tensorError(_ body: () throws -> Void) -> TensorFileError? {
    do {
        try body()
        return nil
    } catch { return error as? TensorFileError }
}
