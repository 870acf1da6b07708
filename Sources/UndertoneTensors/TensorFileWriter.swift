// Writes a safetensors file that appears whole or not at all: weights, checkpoints.

import Synchronization
import UndertoneText

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A tensor that is to be written.
public struct TensorPlan: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// The type of its elements in the file.
    public var type: TensorType
    /// Its sizes, the slowest one first.
    public var shape: [Int]

    /// A tensor.
    public init(_ name: String, _ type: TensorType, _ shape: [Int]) {
        self.name = name
        self.type = type
        self.shape = shape
    }
}

/// Writes one safetensors file.
///
/// Guarantees:
/// - The file is written under a hidden name beside its target, synced, and renamed in ``commit()``. Until then, and after
///   any failure, what was at the path is untouched; the hidden file goes away with the object.
/// - Tensors are in the order that was given, without gaps, and begin at a multiple of 8 bytes from the start of the file.
/// - The same calls give the same bytes.
///
/// One thread at a time may use an object.
public final class TensorFileWriter {
    /// Where the file will be.
    public let path: String

    private let plans: [(plan: TensorPlan, bytes: Int)]
    private let temporary: String
    private var descriptor: Int32
    private var current = 0
    private var writtenOfCurrent = 0
    private let staging: UnsafeMutableRawBufferPointer

    /// Starts a file with these tensors; data must follow in the same order.
    ///
    /// - Throws: `duplicateName`, `overflow`, `partialByte`, `headerTooLarge` for what no reader would take; `unwritable`.
    public init(path: String, tensors: [TensorPlan], metadata: [String: String] = [:]) throws(TensorFileError) {
        let (header, plans) = try headerBytes(tensors, metadata, path)
        let temporary = temporaryName(beside: path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw systemError(.unwritable, path, "can't be written") }
        self.path = path
        self.plans = plans
        self.temporary = temporary
        self.descriptor = descriptor
        staging = .allocate(byteCount: 64 << 10, alignment: 16)
        var failure: TensorFileError?
        header.withUnsafeBytes { bytes in
            do throws(TensorFileError) { try store(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        skipFinished()
    }

    deinit {
        abort()
        staging.deallocate()
    }

    /// Adds bytes of the data, as they are to stand in the file; they may end in the middle of a tensor, and go on into the
    /// next ones.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(TensorFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard current < plans.count else {
                throw TensorFileError(.usage, path, "more data was given than the tensors have")
            }
            let count = min(rest.count, plans[current].bytes - writtenOfCurrent)
            try store(UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
            rest = rest.dropFirst(count)
            writtenOfCurrent += count
            skipFinished()
        }
    }

    /// Adds numbers, in the type of the tensor whose turn it is; they must not go beyond its end.
    public func write(floats: UnsafeBufferPointer<Float>) throws(TensorFileError) {
        guard !floats.isEmpty else { return }
        guard current < plans.count, plans[current].plan.type.isReadableAsFloat else {
            throw TensorFileError(.usage, path, "numbers were given where the file has none")
        }
        let (type, bytes) = (plans[current].plan.type, plans[current].bytes)
        let size = type.bits / 8
        guard writtenOfCurrent % size == 0, floats.count <= (bytes - writtenOfCurrent) / size else {
            throw TensorFileError(.usage, path, "more numbers were given than the tensor has")
        }
        var done = 0
        while done < floats.count {
            let count = min(floats.count - done, staging.count / size)
            let piece = UnsafeMutableRawBufferPointer(rebasing: staging[..<(count * size)])
            type.encode(UnsafeBufferPointer(rebasing: floats[done..<(done + count)]), into: piece)
            try write(UnsafeRawBufferPointer(piece))
            done += count
        }
    }

    /// Finishes the file: it is whole, on the device and in its place, or an error is thrown.
    public func commit() throws(TensorFileError) {
        guard descriptor >= 0 else { throw TensorFileError(.usage, path, "is finished already") }
        guard current == plans.count else {
            throw TensorFileError(.usage, path, "data of tensor \(shown(plans[current].plan.name)) is missing")
        }
        guard fsync(descriptor) == 0 else { throw giveUp("can't be synced") }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0 || errno == EINTR, rename(temporary, path) == 0 else {
            let failure = systemError(.unwritable, path, "can't be put in its place")
            unlink(temporary)
            throw failure
        }
        // The new name is durable when the folder is; some file systems can't sync folders, and that is no failure.
        let folder = open(
            path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// Gives the file up; does nothing after ``commit()``.
    public func abort() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(temporary)
    }

    private func skipFinished() {
        while current < plans.count, writtenOfCurrent == plans[current].bytes {
            current += 1
            writtenOfCurrent = 0
        }
    }

    private func store(_ bytes: UnsafeRawBufferPointer) throws(TensorFileError) {
        guard descriptor >= 0 else { throw TensorFileError(.usage, path, "is finished already") }
        guard let start = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            #if canImport(Glibc)
                let count = Glibc.write(descriptor, start + done, bytes.count - done)
            #elseif canImport(Musl)
                let count = Musl.write(descriptor, start + done, bytes.count - done)
            #else
                let count = Darwin.write(descriptor, start + done, bytes.count - done)
            #endif
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw giveUp("can't be written") }
            done += count
        }
    }

    private func giveUp(_ what: String) -> TensorFileError {
        let failure = systemError(.unwritable, path, what)
        abort()
        return failure
    }
}

private let temporaries = Atomic<Int>(0)

private func temporaryName(beside path: String) -> String {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let number = temporaries.add(1, ordering: .relaxed).newValue
    return "\(path[..<slash]).\(path[slash...]).partial-\(getpid())-\(number)"
}

// The length, and the header with spaces behind it up to a multiple of 8.
private func headerBytes(
    _ tensors: [TensorPlan], _ metadata: [String: String], _ path: String
) throws(TensorFileError) -> ([UInt8], [(plan: TensorPlan, bytes: Int)]) {
    var names: Set<String> = ["__metadata__"]
    var plans: [(plan: TensorPlan, bytes: Int)] = []
    var ends: [Int] = []
    var end = 0
    for tensor in tensors {
        func bad(_ code: TensorFileError.Code, _ problem: String) -> TensorFileError {
            TensorFileError(code, path, "tensor \(shown(tensor.name)) \(problem)")
        }
        guard names.insert(tensor.name).inserted else { throw bad(.duplicateName, "is there twice, or is reserved") }
        guard tensor.shape.allSatisfy({ $0 >= 0 }), let bits = product(tensor.shape, times: tensor.type.bits) else {
            throw bad(.overflow, "has a size below zero, or larger than can be counted")
        }
        guard bits % 8 == 0 else { throw bad(.partialByte, "does not fill whole bytes") }
        let (sum, isOver) = end.addingReportingOverflow(bits / 8)
        guard !isOver else { throw bad(.overflow, "makes the file larger than can be counted") }
        end = sum
        plans.append((tensor, bits / 8))
        ends.append(end)
    }
    var json = JSONWriter(.compact)
    json.object { json in
        if !metadata.isEmpty {
            json.object("__metadata__") { json in
                for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { json.member(name, value) }
            }
        }
        for (tensor, end) in zip(plans, ends) {
            json.object(tensor.plan.name) { json in
                json.member("dtype", tensor.plan.type.rawValue)
                json.array("shape") { json in
                    for size in tensor.plan.shape { json.value(size) }
                }
                json.member("data_offsets", (end - tensor.bytes)..<end)
            }
        }
    }
    var header = json.bytes
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    guard header.count <= TensorHeader.byteLimit else {
        throw TensorFileError(.headerTooLarge, path, "the header would have \(header.count) bytes")
    }
    var prefix: [UInt8] = []
    for shift in 0..<8 { prefix.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
    return (prefix + header, plans)
}
