// Reads tensors out of one safetensors file, piece by piece, into the caller's memory.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open safetensors file.
///
/// Guarantees:
/// - Only the header is held in memory; data goes straight to where the caller wants it, or through 64 KiB.
/// - Every tensor of ``tensors`` lies within the file as it was when it was opened.
/// - Any number of threads may read at the same time.
public final class TensorFile: Sendable {
    /// The path that was opened.
    public let path: String
    /// The tensors, in the order of their data.
    public let tensors: [TensorInfo]
    /// `__metadata__`, untrusted.
    public let metadata: [String: String]
    /// Size of the file in bytes.
    public let byteCount: Int

    private let descriptor: Int32
    private let readBytes = Atomic<Int>(0)

    /// Opens a file and reads its header.
    ///
    /// - Throws: ``TensorFileError``, a code for each way in which a file can be wrong.
    public init(path: String) throws(TensorFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemError(.unreadable, path, "can't be opened") }
        let header: TensorHeader
        let size: Int
        do throws(TensorFileError) {
            size = try regularSize(descriptor, path)
            header = try readHeader(descriptor, path, size)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        tensors = header.tensors
        metadata = header.metadata
        byteCount = size
    }

    deinit { close(descriptor) }

    /// Bytes of data that were read from the file since it was opened.
    public var dataBytesRead: Int { readBytes.load(ordering: .relaxed) }

    /// Reads `bytes` of a tensor of this file, counted from its first one; `target` has exactly as many.
    public func read(
        _ tensor: TensorInfo, bytes: Range<Int>, into target: UnsafeMutableRawBufferPointer
    ) throws(TensorFileError) {
        guard bytes.lowerBound >= 0, bytes.upperBound <= tensor.byteCount, target.count == bytes.count else {
            throw TensorFileError(.usage, path, "bytes outside of tensor \(shown(tensor.name)) were asked for")
        }
        try readExactly(descriptor, path, at: tensor.offset + bytes.lowerBound, into: target)
        readBytes.add(bytes.count, ordering: .relaxed)
    }

    /// Reads `elements` of a tensor of this file, in the order in which they are stored, as 32-bit floating-point
    /// numbers; `target` has exactly as many.
    ///
    /// - Throws: `notFloats` unless the type ``TensorType/isReadableAsFloat``.
    public func readFloats(
        _ tensor: TensorInfo, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Float>
    ) throws(TensorFileError) {
        guard tensor.type.isReadableAsFloat else {
            throw TensorFileError(
                .notFloats, path, "tensor \(shown(tensor.name)) has type \(tensor.type.rawValue)",
                mend: "only F16, BF16, F32 and F64 are read as numbers")
        }
        guard elements.lowerBound >= 0, elements.upperBound <= tensor.elementCount, target.count == elements.count
        else {
            throw TensorFileError(.usage, path, "elements outside of tensor \(shown(tensor.name)) were asked for")
        }
        let size = tensor.type.bits / 8
        let staging = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(64 << 10, max(8, elements.count * size)), alignment: 16)
        defer { staging.deallocate() }
        var done = 0
        while done < elements.count {
            let count = min(elements.count - done, staging.count / size)
            let start = (elements.lowerBound + done) * size
            let piece = UnsafeMutableRawBufferPointer(rebasing: staging[..<(count * size)])
            try read(tensor, bytes: start..<(start + count * size), into: piece)
            tensor.type.decode(
                UnsafeRawBufferPointer(piece), into: UnsafeMutableBufferPointer(rebasing: target[done..<(done + count)])
            )
            done += count
        }
    }
}

private func regularSize(_ descriptor: Int32, _ path: String) throws(TensorFileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemError(.unreadable, path, "can't be looked at") }
    guard status.st_mode & S_IFMT == S_IFREG else {
        throw TensorFileError(.unreadable, path, "is no regular file", mend: "name a .safetensors file")
    }
    return Int(status.st_size)
}

private func readHeader(_ descriptor: Int32, _ path: String, _ size: Int) throws(TensorFileError) -> TensorHeader {
    guard size >= TensorHeader.prefixBytes else {
        throw TensorFileError(.headerTooSmall, path, "has \(size) bytes, too few for a safetensors file")
    }
    let first = UnsafeMutableRawBufferPointer.allocate(byteCount: TensorHeader.prefixBytes, alignment: 8)
    defer { first.deallocate() }
    try readExactly(descriptor, path, at: 0, into: first)
    let prefix = UInt64(littleEndian: first.load(as: UInt64.self))
    guard prefix <= UInt64(TensorHeader.byteLimit) else {
        throw TensorFileError(
            .headerTooLarge, path,
            "the header would have \(prefix) bytes, and at most \(TensorHeader.byteLimit) are read",
            mend: "is this a safetensors file?")
    }
    let length = Int(prefix)
    guard length <= size - TensorHeader.prefixBytes else {
        throw TensorFileError(
            .headerTruncated, path, "the header would have \(length) bytes, more than the file",
            mend: "the file was cut; get it anew")
    }
    let header = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, length), alignment: 16)
    defer { header.deallocate() }
    let text = UnsafeMutableRawBufferPointer(rebasing: header[..<length])
    try readExactly(descriptor, path, at: TensorHeader.prefixBytes, into: text)
    return try TensorHeader(UnsafeRawBufferPointer(text), path: path, fileBytes: size)
}

private func readExactly(
    _ descriptor: Int32, _ path: String, at offset: Int, into target: UnsafeMutableRawBufferPointer
) throws(TensorFileError) {
    guard let start = target.baseAddress else { return }
    var done = 0
    while done < target.count {
        let count = pread(descriptor, start + done, target.count - done, off_t(offset + done))
        if count < 0 {
            if errno == EINTR { continue }
            throw systemError(.unreadable, path, "can't be read")
        }
        guard count > 0 else {
            throw TensorFileError(
                .changed, path, "ends at byte \(offset + done), earlier than when it was opened",
                mend: "let nobody write to it meanwhile")
        }
        done += count
    }
}

func systemError(_ code: TensorFileError.Code, _ path: String, _ what: String) -> TensorFileError {
    TensorFileError(code, path, "\(what): \(String(cString: strerror(errno)))", mend: "check the path and its rights")
}
