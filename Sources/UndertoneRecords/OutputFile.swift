// A file that appears whole or not at all, packed if asked.

import Glibc
import Synchronization

/// Writes one output.
///
/// Guarantees:
/// - A file is written under a hidden name beside its target (`.NAME.partial-PID-NUMBER`) and takes the target's place
///   in ``commit()``, after it has reached the device. Until then, and after any failure, the old file is untouched;
///   the hidden file is removed by ``abort()``, by any failure, and when the object goes away.
/// - The new file has the permissions (and for root the owner) of the file that it replaces, or those of any new file.
///   Links are followed: what they lead to is replaced, the link stays.
/// - Standard output (`-`), pipes and devices are written directly: ``isAtomic`` is false.
/// - The same bytes give the same file, however they are cut into writes.
///
/// One thread at a time may use an object; it may be handed over. The process should ignore `SIGPIPE`, so that a reader
/// that went away is an error of the code `brokenPipe`.
public final class OutputFile: @unchecked Sendable {
    /// The name that the user gave.
    public let path: String
    /// How the bytes are packed.
    public let compression: Compression
    /// Bytes given to ``write(_:)`` so far.
    public private(set) var writtenBytes = 0
    /// Bytes that reached the system so far, as stored.
    public private(set) var storedBytes = 0
    /// Whether the target appears whole at ``commit()``; otherwise bytes are there as soon as they are written.
    public let isAtomic: Bool

    private enum State { case open, finished, failed(OutputError) }

    private let place: OutputPlace
    private let fileSystem: any FileSystem
    private let tap: (any StoredByteTap)?
    private let encoder: (any StreamEncoder)?
    private var state = State.open
    private var isPrepared = false
    // What was written and waits to be stored or packed, and what was packed.
    private let staging: UnsafeMutableRawBufferPointer
    private var staged = 0
    private let packed: UnsafeMutableRawBufferPointer

    private static let bufferBytes = 256 << 10

    /// Opens an output; nothing is seen at `path` yet, if ``isAtomic``.
    public convenience init(
        path: String, compression: Compression = .none, tap: (any StoredByteTap)? = nil
    ) throws(OutputError) {
        try self.init(path: path, compression: compression, tap: tap, fileSystem: LinuxFileSystem())
    }

    package init(
        path: String, compression: Compression, tap: (any StoredByteTap)?, fileSystem: any FileSystem
    ) throws(OutputError) {
        self.path = path
        self.compression = compression
        self.tap = tap
        self.fileSystem = fileSystem
        place = try OutputPlace.open(path, fileSystem)
        isAtomic = place.replacement != nil
        // Level 1 of both: a gate should not cost more than the data is worth, and zstd's is better than gzip's best.
        switch compression {
        case .none: encoder = nil
        case .gzip: encoder = GzipEncoder(level: 1)
        case .zstd: encoder = ZstdEncoder(level: 1)
        }
        staging = .allocate(byteCount: OutputFile.bufferBytes, alignment: 16)
        packed = .allocate(byteCount: compression == .none ? 0 : OutputFile.bufferBytes, alignment: 16)
    }

    deinit {
        abort()
        staging.deallocate()
        packed.deallocate()
    }

    /// Adds bytes. After an error the output is given up, and every further call throws the same error.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        try checkOpen()
        writtenBytes += bytes.count
        var rest = bytes[...]
        while !rest.isEmpty {
            // Packers get equal pieces whatever the writes, so that they give equal bytes.
            if encoder == nil, staged == 0, rest.count >= staging.count {
                try store(UnsafeRawBufferPointer(rebasing: rest))
                return
            }
            let count = min(rest.count, staging.count - staged)
            UnsafeMutableRawBufferPointer(rebasing: staging[staged..<(staged + count)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
            staged += count
            rest = rest.dropFirst(count)
            if staged == staging.count { try flush(isLast: false) }
        }
    }

    /// Passes on what waits in memory. Packed data is finished only by ``commit()``.
    public func flush() throws(OutputError) {
        try checkOpen()
        if encoder == nil { try flush(isLast: false) }
    }

    /// Brings everything to the device, so that ``commit()`` has only the name left to give. Who writes several files that
    /// belong together prepares them all before the first is committed. Nothing may be written afterwards.
    public func prepare() throws(OutputError) {
        try checkOpen()
        guard !isPrepared else { return }
        try flush(isLast: true)
        isPrepared = true
        guard isAtomic else { return }
        let (file, fileSystem) = (place.file, fileSystem)
        do throws(SystemError) {
            // 0.2 s for 528 MB on ext4 here. To have the system start writing while bytes still come (posix_fadvise
            // every 8 MiB) makes this call free but each write dearer: 0.8 s in all, against 0.5 s.
            try retrying { () throws(SystemError) in try fileSystem.synchronise(file) }
        } catch {
            throw giveUp(OutputError(path, error, while: "synced", progress: outcome))
        }
    }

    /// Finishes the output: the file is whole, on the device and in its place, or an error is thrown.
    ///
    /// The only error that leaves the new file in its place is that of syncing the folder, at the very end.
    public func commit() throws(OutputError) {
        try prepare()
        guard let replacement = place.replacement else {
            state = .finished
            do throws(SystemError) {
                if place.file != STDOUT_FILENO { try close(place.file) }
            } catch {
                let failure = OutputError(path, error, while: "closed", progress: outcome)
                state = .failed(failure)
                throw failure
            }
            return
        }
        let (file, fileSystem) = (place.file, fileSystem)
        do throws(SystemError) {
            try close(file)
            try retrying { () throws(SystemError) in
                try fileSystem.rename(replacement.temporary, to: replacement.target)
            }
        } catch {
            replacement.discard(fileSystem)
            let failure = OutputError(path, error, while: "put in its place", progress: outcome)
            state = .failed(failure)
            throw failure
        }
        replacement.release()
        state = .finished
        try synchroniseFolder(replacement.folder)
    }

    /// Gives the output up and removes the hidden file; does nothing after ``commit()`` or an error.
    public func abort() {
        guard case .open = state else { return }
        state = .finished
        place.discard(fileSystem)
    }
}

extension OutputFile {
    /// To be called once before a signal handler is installed that calls ``removeTemporariesFromSignalHandler()``:
    /// makes the table of hidden files, so that the handler only has to look at it.
    public static func prepareForSignals() { TemporaryTable.shared.prepare() }

    /// Removes the hidden files of all outputs that are not finished. Async-signal-safe after ``prepareForSignals()``.
    public static func removeTemporariesFromSignalHandler() { TemporaryTable.shared.unlinkAll() }

    /// The input that writing to `path` would overwrite: the same file by device and inode, whatever its names.
    public static func wouldOverwrite(_ path: String, _ inputs: [Input]) -> Input? {
        let fileSystem = LinuxFileSystem()
        let status =
            path == "-"
            ? try? fileSystem.status(of: STDOUT_FILENO) : try? fileSystem.status(at: path, followingLinks: true)
        guard let status, status.kind == .regular else { return nil }
        return inputs.first { input in
            if input.isStandardInput {
                return (try? fileSystem.status(of: STDIN_FILENO))?.identity == status.identity
            }
            let identity = input.identity ?? (try? fileSystem.status(at: input.path, followingLinks: true))?.identity
            return identity == status.identity
        }
    }
}

extension OutputFile {
    private func checkOpen() throws(OutputError) {
        switch state {
        case .open: return
        case .finished: throw OutputError(.other, path, "is finished already")
        case .failed(let error): throw error
        }
    }

    private func giveUp(_ error: OutputError) -> OutputError {
        place.discard(fileSystem)
        state = .failed(error)
        return error
    }

    // Linux frees the descriptor whatever it answers, so it must not be closed again, and a signal is no failure.
    private func close(_ file: Int32) throws(SystemError) {
        do throws(SystemError) {
            try fileSystem.close(file)
        } catch {
            if error.number != EINTR { throw error }
        }
    }

    // What the user finds there after a failure.
    private var outcome: String {
        " after \(storedBytes) bytes; " + (isAtomic ? "nothing was written there" : "what is there is not whole")
    }

    private func flush(isLast: Bool) throws(OutputError) {
        let waiting = UnsafeRawBufferPointer(rebasing: staging[..<staged])
        staged = 0
        guard let encoder else { return try store(waiting) }
        var rest = waiting
        while true {
            guard let step = encoder.step(rest, isLast: isLast, into: packed) else {
                throw giveUp(OutputError(.encoder, path, "packing failed" + outcome, mend: "is there memory left?"))
            }
            if step.produced > 0 { try store(UnsafeRawBufferPointer(rebasing: packed[..<step.produced])) }
            rest = UnsafeRawBufferPointer(rebasing: rest[step.consumed...])
            if isLast ? step.isDone : rest.isEmpty && step.produced < packed.count { return }
        }
    }

    private func store(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        guard let start = bytes.baseAddress else { return }
        var done = 0
        var fruitless = 0
        while done < bytes.count {
            do throws(SystemError) {
                let count = try fileSystem.write(place.file, start + done, count: bytes.count - done)
                done += count
                storedBytes += count
                fruitless = count == 0 ? fruitless + 1 : 0
                // No error and no progress, again and again: better an error than an endless loop.
                if fruitless == 3 { throw SystemError(EIO) }
            } catch {
                do throws(SystemError) {
                    switch error.number {
                    case EINTR: break
                    case EAGAIN: try fileSystem.wait(for: place.file, toWrite: true)
                    default: throw error
                    }
                } catch {
                    if error.number == EINTR { continue }
                    throw giveUp(OutputError(path, error, while: "written", progress: outcome))
                }
            }
        }
        tap?.stored(bytes)
    }

    // The new name is only durable when the folder is, too.
    private func synchroniseFolder(_ folder: String) throws(OutputError) {
        let fileSystem = fileSystem
        do throws(SystemError) {
            let file = try retrying { () throws(SystemError) in
                try fileSystem.open(folder, flags: O_RDONLY | O_DIRECTORY, permissions: 0)
            }
            defer { try? fileSystem.close(file) }
            try retrying { () throws(SystemError) in try fileSystem.synchronise(file) }
        } catch {
            // Some file systems can't sync folders, and a folder may be writable but not readable.
            if [EINVAL, ENOTSUP, EACCES].contains(error.number) { return }
            throw OutputError(
                .device, path, "is written and in its place, but its folder can't be synced: \(error.text)",
                mend: "check the device")
        }
    }
}
