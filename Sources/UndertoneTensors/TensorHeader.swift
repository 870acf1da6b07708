// The header of a safetensors file: read, and checked so that nothing in it can be believed that is not so.

import UndertoneText

/// What stands in front of the data: which tensors there are, and where. What the format's own library refuses is refused
/// here too, and two members of one name besides, which it lets pass.
///
/// Source of the format: huggingface.co/docs/safetensors, and the cases of `SafeTensorError` in its library, 0.7.
public struct TensorHeader: Sendable, Equatable {
    /// Longest header that is read, in bytes; the library's bound.
    public static let byteLimit = 100_000_000
    /// Bytes in front of the header, which give its length.
    static let prefixBytes = 8

    /// The tensors, in the order of their data.
    public var tensors: [TensorInfo]
    /// `__metadata__`, untrusted.
    public var metadata: [String: String]

    /// Reads the bytes of a header (without its length) of a file of `fileBytes` bytes.
    ///
    /// O(length), and O(n log n) for n tensors.
    public init(_ bytes: UnsafeRawBufferPointer, path: String, fileBytes: Int) throws(TensorFileError) {
        guard bytes.first == UInt8(ascii: "{") else {
            throw TensorFileError(
                .headerStart, path, "the header does not begin with {", mend: "is this a safetensors file?")
        }
        var reader = HeaderReader(path: path, dataStart: TensorHeader.prefixBytes + bytes.count, fileBytes: fileBytes)
        try reader.read(bytes)
        tensors = try reader.orderedTensors()
        metadata = reader.metadata
    }
}

private struct HeaderReader {
    let path: String
    let dataStart: Int
    let fileBytes: Int
    var tensors: [TensorInfo] = []
    var metadata: [String: String] = [:]

    mutating func read(_ bytes: UnsafeRawBufferPointer) throws(TensorFileError) {
        var json = JSONScanner(bytes)
        let path = path
        var tensors: [TensorInfo] = []
        var metadata: [String: String] = [:]
        let (dataStart, fileBytes) = (dataStart, fileBytes)
        try json.object(
            { failure($0, path) },
            { (name, json) throws(TensorFileError) in
                if name == "__metadata__" {
                    metadata = try readMetadata(&json, path)
                } else {
                    tensors.append(try readTensor(name, &json, path, dataStart: dataStart, fileBytes: fileBytes))
                }
            })
        do throws(JSONError) { try json.end() } catch { throw failure(error, path) }
        self.tensors = tensors
        self.metadata = metadata
    }

    // In the order of their data, where each must begin where the one before ends.
    func orderedTensors() throws(TensorFileError) -> [TensorInfo] {
        let ordered = tensors.sorted { ($0.offset, $0.byteCount) < ($1.offset, $1.byteCount) }
        var end = dataStart
        for tensor in ordered {
            guard tensor.offset >= end else {
                throw TensorFileError(
                    .overlap, path,
                    "tensor \(shown(tensor.name)) begins at byte \(tensor.offset), within the one before")
            }
            guard tensor.offset == end else {
                throw TensorFileError(
                    .gap, path, "\(tensor.offset - end) bytes before tensor \(shown(tensor.name)) belong to no tensor")
            }
            end = tensor.offset + tensor.byteCount
        }
        guard end == fileBytes else {
            throw TensorFileError(
                .trailingBytes, path, "\(fileBytes - end) bytes behind the last tensor belong to none",
                mend: "the file was cut or patched; get it anew")
        }
        return ordered
    }
}

private func failure(_ error: JSONError, _ path: String) -> TensorFileError {
    switch error.reason {
    case .syntax:
        TensorFileError(.headerSyntax, path, "the header is not JSON: it breaks at byte \(error.offset)")
    case .tooDeep: TensorFileError(.headerSyntax, path, "the header nests too deep, at byte \(error.offset)")
    case .duplicateName:
        TensorFileError(.duplicateName, path, "the header has a name twice, at byte \(error.offset)")
    case .notUTF8: TensorFileError(.headerNotUTF8, path, "the header is not UTF-8, before byte \(error.offset)")
    }
}

private func readMetadata(_ json: inout JSONScanner, _ path: String) throws(TensorFileError) -> [String: String] {
    let bad = TensorFileError(.badMetadata, path, "__metadata__ is no object of strings")
    var metadata: [String: String] = [:]
    do throws(JSONError) {
        guard try json.kind() == .object else { throw json.failure() }
    } catch { throw bad }
    try json.object(
        { failure($0, path) },
        { (name, json) throws(TensorFileError) in
            do throws(JSONError) {
                guard try json.kind() == .string else { throw json.failure() }
            } catch { throw bad }
            do throws(JSONError) { metadata[name] = try json.string() } catch { throw failure(error, path) }
        })
    return metadata
}

private func readTensor(
    _ name: String, _ json: inout JSONScanner, _ path: String, dataStart: Int, fileBytes: Int
) throws(TensorFileError) -> TensorInfo {
    func bad(_ code: TensorFileError.Code, _ problem: String) -> TensorFileError {
        TensorFileError(code, path, "tensor \(shown(name)) \(problem)")
    }
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    func counts(_ json: inout JSONScanner) throws(TensorFileError) -> [Int] {
        var counts: [Int] = []
        do throws(JSONError) {
            guard try json.kind() == .array else { throw json.failure() }
        } catch { throw bad(.badTensor, "has a shape or offsets that are no list") }
        try json.array(
            { failure($0, path) },
            { (json) throws(TensorFileError) in
                let count: Int?
                do throws(JSONError) {
                    guard try json.kind() == .number else { throw json.failure() }
                    count = try json.count()
                } catch { throw bad(.badTensor, "has a shape or offsets that are no numbers") }
                guard let count else { throw bad(.badTensor, "has a size or offset that is no count") }
                counts.append(count)
            })
        return counts
    }
    do throws(JSONError) {
        guard try json.kind() == .object else { throw json.failure() }
    } catch { throw bad(.badTensor, "is described by something else than an object") }
    try json.object(
        { failure($0, path) },
        { (key, json) throws(TensorFileError) in
            switch key {
            case "shape": shape = try counts(&json)
            case "data_offsets": offsets = try counts(&json)
            case "dtype":
                do throws(JSONError) {
                    guard try json.kind() == .string else { throw json.failure() }
                } catch { throw bad(.badTensor, "has a type that is no string") }
                do throws(JSONError) { typeName = try json.string() } catch { throw failure(error, path) }
            default: do throws(JSONError) { try json.skip() } catch { throw failure(error, path) }
            }
        })
    guard let typeName, let shape, let offsets, offsets.count == 2 else {
        throw bad(.badTensor, "lacks a type, a shape, or two offsets")
    }
    guard let type = TensorType(rawValue: typeName) else {
        throw bad(.unknownType, "has the unknown type \(shown(typeName))")
    }
    let (begin, end) = (offsets[0], offsets[1])
    guard begin <= end else { throw bad(.reversedOffsets, "ends before it begins") }
    guard let bits = product(shape, times: type.bits) else { throw bad(.overflow, "is larger than can be counted") }
    guard bits % 8 == 0 else { throw bad(.partialByte, "does not fill whole bytes") }
    guard bits / 8 == end - begin else {
        throw bad(.sizeMismatch, "has \(end - begin) bytes, and \(bits / 8) by its shape and type")
    }
    guard end <= fileBytes - dataStart else { throw bad(.beyondFile, "ends behind the end of the file") }
    return TensorInfo(name: name, type: type, shape: shape, offset: dataStart + begin, byteCount: end - begin)
}

/// The product of all sizes and one factor; `nil` where it, or a product of some of the sizes, is more than an integer
/// holds. A size of 0 behind sizes that overflow does not save them: what multiplies them later must not fail.
func product(_ sizes: [Int], times factor: Int) -> Int? {
    var result = factor
    for size in sizes {
        let (next, isOver) = result.multipliedReportingOverflow(by: size)
        if isOver { return nil }
        result = next
    }
    return result
}

/// A name out of a file or of a path, safe to show.
func shown(_ name: String) -> String { visible(name, limit: 200) }
