// The tensors of one model, in one file or in many.

import UndertoneText

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A tensor and the file that it is in.
public struct StoredTensor: Sendable {
    /// What it is.
    public let info: TensorInfo
    /// Where it is.
    public let file: TensorFile

    /// See ``TensorFile/read(_:bytes:into:)``.
    public func read(bytes: Range<Int>, into target: UnsafeMutableRawBufferPointer) throws(TensorFileError) {
        try file.read(info, bytes: bytes, into: target)
    }

    /// See ``TensorFile/readFloats(_:elements:into:)``.
    public func readFloats(
        elements: Range<Int>, into target: UnsafeMutableBufferPointer<Float>
    ) throws(TensorFileError) {
        try file.readFloats(info, elements: elements, into: target)
    }
}

/// All tensors of a model: of one file, of the shards that an index lists, or of a folder.
public struct TensorSet: Sendable {
    /// Shards that are opened at most.
    static let fileLimit = 512

    /// The files, in the order of their names.
    public let files: [TensorFile]
    /// The tensors, in the order of the bytes of their names, each name once.
    public let tensors: [StoredTensor]
    /// The folder in which the files are.
    public let folder: String
    private let places: [String: Int]

    /// Opens what is at `path`: a `.safetensors` file, an index (`….index.json`), or a folder. Of a folder, this is taken,
    /// in this order: `model.safetensors.index.json`, `model.safetensors`, `adapter_model.safetensors`, else all files
    /// that end in `.safetensors`.
    ///
    /// - Throws: ``TensorFileError``; two files with a tensor of one name are a `duplicateName`.
    public init(path: String) throws(TensorFileError) {
        var paths = [path]
        var index: [String: String]?
        if isFolder(path) {
            folder = path
            let names = try namesOfFolder(path)
            if names.contains("model.safetensors.index.json") {
                index = try weightMap("\(path)/model.safetensors.index.json")
            } else if let single = ["model.safetensors", "adapter_model.safetensors"].first(where: names.contains) {
                paths = ["\(path)/\(single)"]
            } else {
                paths = names.filter { $0.hasSuffix(".safetensors") }.map { "\(path)/\($0)" }
                guard !paths.isEmpty else {
                    throw TensorFileError(
                        .noTensors, path, "no file in this folder ends in .safetensors",
                        mend: "convert the weights to safetensors")
                }
            }
        } else {
            folder = folderOf(path)
            if path.hasSuffix(".json") { index = try weightMap(path) }
        }
        if let index { paths = Set(index.values).sorted().map { [folder] in "\(folder)/\($0)" } }
        guard paths.count <= TensorSet.fileLimit else {
            throw TensorFileError(.badIndex, path, "has \(paths.count) shards, more than \(TensorSet.fileLimit)")
        }
        var files: [TensorFile] = []
        for path in paths { files.append(try TensorFile(path: path)) }
        self.files = files
        (tensors, places) = try united(files, index, path)
    }

    /// The tensor of that name. O(1).
    public subscript(name: String) -> StoredTensor? { places[name].map { tensors[$0] } }

    /// Bytes of data that were read so far, of all files.
    public var dataBytesRead: Int { files.reduce(0) { $0 + $1.dataBytesRead } }

    /// Elements of all tensors together.
    public var elementCount: Int {
        tensors.reduce(0) { count, tensor in
            let (sum, isOver) = count.addingReportingOverflow(tensor.info.elementCount)
            return isOver ? Int.max : sum
        }
    }

    /// Bytes of all tensors together.
    public var byteCount: Int { tensors.reduce(0) { $0 + $1.info.byteCount } }
}

private func united(
    _ files: [TensorFile], _ index: [String: String]?, _ path: String
) throws(TensorFileError) -> ([StoredTensor], [String: Int]) {
    var tensors: [StoredTensor] = []
    for file in files { tensors += file.tensors.map { StoredTensor(info: $0, file: file) } }
    tensors.sort { $0.info.name.utf8.lexicographicallyPrecedes($1.info.name.utf8) }
    var places: [String: Int] = [:]
    for (place, tensor) in tensors.enumerated() {
        guard places.updateValue(place, forKey: tensor.info.name) == nil else {
            throw TensorFileError(
                .duplicateName, path, "tensor \(shown(tensor.info.name)) is in two files",
                mend: "name one file, or add an index")
        }
    }
    guard let index else { return (tensors, places) }
    // A loader believes the index: a tensor that is elsewhere, or not listed, would be another model than the one seen.
    for (name, fileName) in index {
        guard let place = places[name] else {
            throw TensorFileError(.badIndex, path, "lists tensor \(shown(name)), which is in no shard")
        }
        guard tensors[place].file.path.hasSuffix("/\(fileName)") else {
            throw TensorFileError(.badIndex, path, "tensor \(shown(name)) is not in the shard that the index says")
        }
    }
    guard index.count == tensors.count else {
        throw TensorFileError(.badIndex, path, "the shards hold tensors that the index does not list")
    }
    return (tensors, places)
}

// The members of `weight_map`: tensor to file. Files are names beside the index, so that nothing else can be reached.
private func weightMap(_ path: String) throws(TensorFileError) -> [String: String] {
    let bytes = try smallFile(path, byteLimit: TensorHeader.byteLimit)
    func bad(_ problem: String) -> TensorFileError {
        TensorFileError(.badIndex, path, problem, mend: "get the index anew, or name the shards' folder without it")
    }
    var map: [String: String] = [:]
    var stray: String?
    do throws(JSONError) {
        try JSONScanner.read(bytes, limits: TensorHeader.limits) { (json) throws(JSONError) in
            try json.beginObject()
            while let name = try json.nextName() {
                guard name == "weight_map" else {
                    try json.skip()
                    continue
                }
                try json.beginObject()
                while let tensor = try json.nextName() {
                    let file = try json.string()
                    let isPlain = !file.utf8.contains(UInt8(ascii: "/")) && !file.utf8.contains(0)
                    if !isPlain || !file.hasSuffix(".safetensors") { stray = stray ?? file }
                    map[tensor] = file
                }
            }
        }
    } catch {
        throw bad("the index breaks at byte \(error.offset)")
    }
    if let stray { throw bad("\(shown(stray)) is no name of a safetensors file in the same folder") }
    guard !map.isEmpty else { throw bad("the index lists no tensor") }
    return map
}

/// The bytes of a file of at most `byteLimit`.
package func smallFile(_ path: String, byteLimit: Int) throws(TensorFileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw systemError(.unreadable, path, "can't be opened") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { piece.deallocate() }
    while true {
        let count = read(descriptor, piece.baseAddress, piece.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw systemError(.unreadable, path, "can't be read") }
        if count == 0 { return bytes }
        guard bytes.count + count <= byteLimit else {
            throw TensorFileError(.unreadable, path, "has more than \(byteLimit) bytes")
        }
        bytes.append(contentsOf: piece[..<count])
    }
}

private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

private func folderOf(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

private func namesOfFolder(_ path: String) throws(TensorFileError) -> [String] {
    guard let folder = opendir(path) else { throw systemError(.unreadable, path, "can't be listed") }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
            String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name.hasSuffix(".safetensors") || name.hasSuffix(".safetensors.index.json") { names.append(name) }
    }
    return names.sorted()
}
