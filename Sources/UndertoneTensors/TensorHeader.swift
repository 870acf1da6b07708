// The header of a safetensors file: read, and checked so that nothing in it can be believed that is not so.

import UndertoneText

/// What stands in front of the data: which tensors there are, and where. What the format's own library refuses is refused
/// here too, and two members of one name besides, which it lets pass.
///
/// Source of the format: huggingface.co/docs/safetensors, and the cases of `SafeTensorError` in its library, 0.7.
struct TensorHeader: Sendable, Equatable {
    /// Longest header that is read, in bytes; the library's bound.
    static let byteLimit = 100_000_000
    /// Bytes in front of the header, which give its length.
    static let prefixBytes = 8
    /// Values are read one by one, so their number costs nothing.
    static let limits = JSONValue.Limits(bytes: byteLimit, depth: 128, values: .max)

    /// The tensors, in the order of their data.
    var tensors: [TensorInfo]
    /// `__metadata__`, untrusted.
    var metadata: [String: String]

    /// Reads the bytes of a header (without its length) of a file of `fileBytes` bytes.
    ///
    /// O(length), and O(n log n) for n tensors.
    init(_ bytes: UnsafeRawBufferPointer, path: String, fileBytes: Int) throws(TensorFileError) {
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
    private(set) var tensors: [TensorInfo] = []
    private(set) var metadata: [String: String] = [:]
    // What can't be, although it is JSON; nothing behind it is read.
    private var fault: TensorFileError?

    init(path: String, dataStart: Int, fileBytes: Int) {
        self.path = path
        self.dataStart = dataStart
        self.fileBytes = fileBytes
    }

    mutating func read(_ bytes: UnsafeRawBufferPointer) throws(TensorFileError) {
        do throws(JSONError) {
            var json = try JSONScanner(bytes.bindMemory(to: UInt8.self), limits: TensorHeader.limits)
            try json.beginObject()
            while fault == nil, let name = try json.nextName() {
                if name == "__metadata__" { try readMetadata(&json) } else { try readTensor(name, &json) }
            }
            if fault == nil { try json.end() }
        } catch {
            throw failure(error)
        }
        if let fault { throw fault }
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

extension HeaderReader {
    private func failure(_ error: JSONError) -> TensorFileError {
        switch error.reason {
        case .syntax, .limit:
            TensorFileError(.headerSyntax, path, "the header is not JSON: \(error.problem), at byte \(error.offset)")
        case .duplicateName:
            TensorFileError(.duplicateName, path, "the header has a name twice, at byte \(error.offset)")
        case .notUTF8: TensorFileError(.headerNotUTF8, path, "the header is not UTF-8, behind byte \(error.offset)")
        }
    }

    private mutating func readMetadata(_ json: inout JSONScanner) throws(JSONError) {
        let bad = TensorFileError(.badMetadata, path, "__metadata__ is no object of strings")
        guard try json.kind() == .object else { return fault = bad }
        try json.beginObject()
        while let name = try json.nextName() {
            guard try json.kind() == .string else { return fault = bad }
            metadata[name] = try json.string()
        }
    }

    private mutating func readTensor(_ name: String, _ json: inout JSONScanner) throws(JSONError) {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        guard try json.kind() == .object else {
            return fault = bad(.badTensor, name, "is described by something else than an object")
        }
        try json.beginObject()
        while fault == nil, let key = try json.nextName() {
            switch key {
            case "shape": shape = try readCounts(of: name, &json)
            case "data_offsets": offsets = try readCounts(of: name, &json)
            case "dtype":
                guard try json.kind() == .string else {
                    return fault = bad(.badTensor, name, "has a type that is no string")
                }
                type = try json.string()
            default: try json.skip()
            }
        }
        guard fault == nil else { return }
        do throws(TensorFileError) {
            tensors.append(try tensor(name, type, shape, offsets))
        } catch {
            fault = error
        }
    }

    private mutating func readCounts(of name: String, _ json: inout JSONScanner) throws(JSONError) -> [Int] {
        var counts: [Int] = []
        guard try json.kind() == .array else {
            fault = bad(.badTensor, name, "has a shape or offsets that are no list")
            return []
        }
        try json.beginArray()
        while try json.hasNext() {
            guard try json.kind() == .number, let count = try json.count() else {
                fault = bad(.badTensor, name, "has a size or offset that is no count")
                return []
            }
            counts.append(count)
        }
        return counts
    }

    private func tensor(
        _ name: String, _ typeName: String?, _ shape: [Int]?, _ offsets: [Int]?
    ) throws(TensorFileError) -> TensorInfo {
        guard let typeName, let shape, let offsets, offsets.count == 2 else {
            throw bad(.badTensor, name, "lacks a type, a shape, or two offsets")
        }
        guard let type = TensorType(rawValue: typeName) else {
            throw bad(.unknownType, name, "has the unknown type \(shown(typeName))")
        }
        let (begin, end) = (offsets[0], offsets[1])
        guard begin <= end else { throw bad(.reversedOffsets, name, "ends before it begins") }
        guard let bits = product(shape, times: type.bits) else {
            throw bad(.overflow, name, "is larger than can be counted")
        }
        guard bits % 8 == 0 else { throw bad(.partialByte, name, "does not fill whole bytes") }
        guard bits / 8 == end - begin else {
            throw bad(.sizeMismatch, name, "has \(end - begin) bytes, and \(bits / 8) by its shape and type")
        }
        guard end <= fileBytes - dataStart else { throw bad(.beyondFile, name, "ends behind the end of the file") }
        return TensorInfo(name: name, type: type, shape: shape, offset: dataStart + begin, byteCount: end - begin)
    }

    private func bad(_ code: TensorFileError.Code, _ name: String, _ problem: String) -> TensorFileError {
        TensorFileError(code, path, "tensor \(shown(name)) \(problem)")
    }
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
