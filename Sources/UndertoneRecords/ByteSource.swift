// The bytes of one input, unpacked: a file, a pipe or standard input, read once from front to back.

import Glibc

/// Reads one input and unpacks it by its content, whatever its name.
///
/// Guarantees:
/// - All bytes that can be had are delivered before an error about them is thrown; after an error every further
///   ``read(into:capacity:)`` throws it again.
/// - Memory is bounded: 256 KiB for packed input, and the unpacker's (44 KiB for gzip, up to 128 MiB for zstd with the
///   window that a frame asks for). Unpacked input is read straight into the caller's memory.
/// - The tap sees every stored byte that was read, once and in order.
/// - A regular file that changes while it is read is an error at its end.
public struct ByteSource: ~Copyable, @unchecked Sendable {
    /// The name that errors give.
    public let path: String
    /// How the input is packed, by its first bytes.
    public private(set) var compression = Compression.none
    /// Bytes read so far, as stored.
    public private(set) var storedBytes = 0
    /// Bytes delivered so far.
    public private(set) var decodedBytes = 0
    /// Bytes as stored when the input was opened, for a regular file: the measure of progress.
    public let storedSize: Int?

    private let file: Int32
    private let fileSystem: any FileSystem
    private let tap: (any StoredByteTap)?
    private let maxDecodedBytes: Int
    // What the file was when it was opened; nil for pipes and devices.
    private let opened: FileStatus?
    private var decoder: (any StreamDecoder)?
    // Stored bytes that nobody has consumed yet: the first few of a plain file, or a block of packed data.
    private let buffer: UnsafeMutableRawBufferPointer
    private var pending = 0..<0
    private var isAtEnd = false
    // Thrown where the input ends.
    private var endError: InputError?
    private var failure: InputError?

    private static let bufferBytes = 256 << 10
    private static let prefixBytes = 10

    /// Opens an input and looks at its first bytes, for which it waits if the input is a pipe.
    ///
    /// - Parameter maxDecodedBytes: more unpacked bytes than this are the error `tooLarge`, after that many were
    ///   delivered.
    public static func open(
        _ input: Input, maxDecodedBytes: Int = .max, tap: (any StoredByteTap)? = nil
    ) throws(InputError) -> ByteSource {
        try open(input, maxDecodedBytes: maxDecodedBytes, tap: tap, fileSystem: LinuxFileSystem())
    }

    package static func open(
        _ input: Input, maxDecodedBytes: Int, tap: (any StoredByteTap)?, fileSystem: any FileSystem
    ) throws(InputError) -> ByteSource {
        let (file, status) = try openFile(input, fileSystem)
        var source = ByteSource(input.path, file, status, maxDecodedBytes, tap, fileSystem)
        if source.opened != nil { fileSystem.adviseSequential(file) }
        try source.sniff()
        return source
    }

    // Swift 6.3 can't clean up half a noncopyable value, so nothing in here can throw.
    private init(
        _ path: String, _ file: Int32, _ status: FileStatus, _ maxDecodedBytes: Int, _ tap: (any StoredByteTap)?,
        _ fileSystem: any FileSystem
    ) {
        self.path = path
        self.file = file
        self.fileSystem = fileSystem
        self.tap = tap
        self.maxDecodedBytes = maxDecodedBytes
        opened = status.kind == .regular ? status : nil
        storedSize = status.kind == .regular ? status.size : nil
        buffer = .allocate(byteCount: ByteSource.bufferBytes, alignment: 16)
    }

    deinit {
        buffer.deallocate()
        if file != STDIN_FILENO { try? fileSystem.close(file) }
    }

    /// Delivers up to `capacity` unpacked bytes, at least one; 0 at the end. Fewer than `capacity` don't mean the end.
    ///
    /// - Precondition: `capacity` is above 0.
    public mutating func read(
        into bytes: UnsafeMutableRawPointer, capacity: Int
    ) throws(InputError) -> Int {
        precondition(capacity > 0)
        if let failure { throw failure }
        do throws(InputError) {
            // One byte more than allowed shows that there is more.
            let allowed = maxDecodedBytes - decodedBytes
            if allowed == 0 { return try readBeyondLimit() }
            let room = UnsafeMutableRawBufferPointer(start: bytes, count: min(capacity, allowed))
            let count = decoder == nil ? try readPlain(into: room) : try readPacked(into: room)
            decodedBytes += count
            return count
        } catch {
            failure = error
            throw error
        }
    }

    /// Reads what is left of the stored bytes, for the tap alone: so a damaged file still has its digest.
    public mutating func drain() throws(InputError) {
        pending = 0..<0
        while !isAtEnd { _ = try readStored(into: buffer) }
    }
}

extension ByteSource {
    private mutating func readPlain(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        if !pending.isEmpty {
            let count = min(pending.count, room.count)
            room.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[pending.prefix(count)]))
            pending = pending.dropFirst(count)
            return count
        }
        let count = isAtEnd ? 0 : try readStored(into: room)
        if count == 0, let endError { throw endError }
        return count
    }

    private mutating func readPacked(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        guard let decoder else { return 0 }
        while true {
            if pending.isEmpty, !isAtEnd { pending = 0..<(try readStored(into: buffer)) }
            let step = decoder.step(UnsafeRawBufferPointer(rebasing: buffer[pending]), into: room)
            pending = pending.dropFirst(step.consumed)
            if let problem = step.failure {
                // A writer at work explains damage better than the data does.
                failure =
                    changeSinceOpening() ?? InputError(problem.code, path, problem.problem, mend: problem.mend)
            }
            if step.produced > 0 { return step.produced }
            if let failure { throw failure }
            if isAtEnd, pending.isEmpty || step.consumed == 0 {
                if let endError { throw endError }
                if decoder.isAtBoundary { return 0 }
                throw InputError(
                    .truncated, path, "the \(compression.rawValue) data ends too early, after \(storedBytes) bytes",
                    mend: "get the file again")
            }
        }
    }

    private mutating func readBeyondLimit() throws(InputError) -> Int {
        let limit = maxDecodedBytes
        return try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { room throws(InputError) in
            let count = decoder == nil ? try readPlain(into: room) : try readPacked(into: room)
            guard count == 0 else {
                throw InputError(
                    .tooLarge, path, "holds more than \(limit) bytes\(decoder == nil ? "" : " when unpacked")",
                    mend: "raise the limit if that much is expected")
            }
            return 0
        }
    }

    /// One call's worth of stored bytes; 0 at the end.
    private mutating func readStored(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        guard let start = room.baseAddress else { return 0 }
        let count: Int
        do throws(SystemError) {
            let (file, fileSystem) = (file, fileSystem)
            count = try retrying { () throws(SystemError) in
                do throws(SystemError) {
                    return try fileSystem.read(file, into: start, count: room.count)
                } catch {
                    guard error.number == EAGAIN else { throw error }
                    try fileSystem.wait(for: file, toWrite: false)
                    throw SystemError(EINTR)
                }
            }
        } catch {
            throw InputError(
                .unreadable, path, "can't be read any further after \(storedBytes) bytes: \(error.text)")
        }
        if count == 0 {
            isAtEnd = true
            endError = changeSinceOpening()
        } else {
            storedBytes += count
            tap?.stored(UnsafeRawBufferPointer(start: start, count: count))
        }
        return count
    }

    private mutating func sniff() throws(InputError) {
        var count = 0
        while count < ByteSource.prefixBytes, !isAtEnd {
            count += try readStored(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[count..<ByteSource.prefixBytes]))
        }
        pending = 0..<count
        let prefix = Array(buffer[pending])
        if prefix.starts(with: [0x1F, 0x8B]) {
            compression = .gzip
            decoder = GzipDecoder()
        } else if prefix.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
            // A skippable frame: magic numbers 0x184D2A50 to 0x184D2A5F (RFC 8878, 3.1.2).
            || (prefix.count >= 4 && prefix[0] & 0xF0 == 0x50 && prefix[1...3].elementsEqual([0x2A, 0x4D, 0x18]))
        {
            compression = .zstd
            decoder = ZstdDecoder()
        } else if let format = foreignFormat(prefix) {
            throw InputError(
                .unsupported, path, "is \(format.name), which is not read here", mend: format.mend)
        }
    }

    private func changeSinceOpening() -> InputError? {
        guard let opened else { return nil }
        let isStandardInput = file == STDIN_FILENO
        let mend = "scan a copy, or scan again when nobody writes to it"
        guard let now = try? retrying({ () throws(SystemError) in try fileSystem.status(of: file) }) else {
            return InputError(.changed, path, "can't be checked for changes", mend: mend)
        }
        // Standard input may have been read in part before; files of /proc and /sys say that they are empty.
        let isWhole = isStandardInput || !isAtEnd || storedBytes == opened.size || (opened.size == 0 && now.size == 0)
        if now.size != opened.size || now.modified != opened.modified || !isWhole {
            return InputError(.changed, path, "was changed while it was read", mend: mend)
        }
        if isStandardInput { return nil }
        do throws(SystemError) {
            let named = try retrying { () throws(SystemError) in
                try fileSystem.status(at: path, followingLinks: true)
            }
            if named.identity == opened.identity { return nil }
            return InputError(.changed, path, "was replaced by another file while it was read", mend: mend)
        } catch {
            return InputError(.changed, path, "vanished while it was read", mend: mend)
        }
    }

    private static func openFile(
        _ input: Input, _ fileSystem: any FileSystem
    ) throws(InputError) -> (file: Int32, status: FileStatus) {
        var file = STDIN_FILENO
        do throws(SystemError) {
            if !input.isStandardInput {
                file = try retrying { () throws(SystemError) in
                    try fileSystem.open(input.path, flags: O_RDONLY, permissions: 0)
                }
            }
            let status = try retrying { () throws(SystemError) in try fileSystem.status(of: file) }
            switch status.kind {
            case .regular, .pipe, .characterDevice: return (file, status)
            case .socket where input.isStandardInput: return (file, status)
            case .folder: throw SystemError(EISDIR)
            case .blockDevice, .socket, .link: throw SystemError(ENXIO)
            }
        } catch {
            if file > STDIN_FILENO { try? fileSystem.close(file) }
            switch error.number {
            case ENOENT, ENOTDIR:
                throw InputError(
                    .noSuchFile, input.path, "no such file or folder", mend: nearestName(to: input.path))
            case EISDIR, ENXIO:
                throw InputError(
                    .notAFile, input.path, error.number == EISDIR ? "is a folder" : "is not a file",
                    mend: "name a file")
            case EBADF where input.isStandardInput:
                throw InputError(.unreadable, "-", "is closed", mend: "pipe or redirect data into it")
            default:
                throw InputError(.unreadable, input.path, "can't be opened: \(error.text)")
            }
        }
    }
}

// Formats that people have drops in and that are surely no text.
private func foreignFormat(_ prefix: [UInt8]) -> (name: String, mend: String)? {
    let repack = "unpack it, or pack it with zstd or gzip"
    if prefix.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) { return ("xz", repack) }
    if prefix.starts(with: [0x42, 0x5A, 0x68]), prefix.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) {
        return ("bzip2", repack)
    }
    if prefix.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return ("a zip archive", repack) }
    if prefix.starts(with: [0x04, 0x22, 0x4D, 0x18]) { return ("lz4", repack) }
    let convert = "convert it to JSON Lines"
    if prefix.starts(with: [0x50, 0x41, 0x52, 0x31, 0x15]) { return ("Parquet", convert) }
    if prefix.starts(with: [0x41, 0x52, 0x52, 0x4F, 0x57, 0x31, 0x00, 0x00]) { return ("an Arrow file", convert) }
    return nil
}
