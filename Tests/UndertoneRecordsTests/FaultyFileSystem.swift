// A file system in which one call goes wrong.

import Glibc
import Synchronization
import UndertoneRecords

/// How a call goes wrong.
enum Fault: Sendable, Hashable, CustomStringConvertible {
    /// It does nothing and fails.
    case error(Int32)
    /// It reads or writes one byte only; other calls work.
    case short
    /// It does what it should and says that it failed.
    case lostAnswer(Int32)

    var description: String {
        switch self {
        case .error(let number): "error \(number)"
        case .short: "short count"
        case .lostAnswer(let number): "done, but error \(number)"
        }
    }
}

/// Passes calls on to the system; the call of a certain number goes wrong.
final class FaultyFileSystem: FileSystem {
    private let calls = Atomic<Int>(0)
    private let faultyCall: Int
    private let fault: Fault
    private let isEveryCallShort: Bool
    private let descriptors: [Int32: Int32]
    private let system = LinuxFileSystem()

    /// - Parameters:
    ///   - call: which call goes wrong, from 0; none if negative.
    ///   - descriptors: descriptors to use in place of others, for standard input and output.
    init(call: Int = -1, fault: Fault = .short, isEveryCallShort: Bool = false, descriptors: [Int32: Int32] = [:]) {
        faultyCall = call
        self.fault = fault
        self.isEveryCallShort = isEveryCallShort
        self.descriptors = descriptors
    }

    /// Calls made so far.
    var callCount: Int { calls.load(ordering: .relaxed) }

    private func perform<Value>(
        _ call: (_ isShort: Bool) throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        let number = calls.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number == faultyCall else { return try call(isEveryCallShort) }
        switch fault {
        case .error(let error): throw SystemError(error)
        case .short: return try call(true)
        case .lostAnswer(let error):
            _ = try call(false)
            throw SystemError(error)
        }
    }

    private func real(_ file: Int32) -> Int32 { descriptors[file] ?? file }

    func open(_ path: String, flags: Int32, permissions: UInt32) throws(SystemError) -> Int32 {
        // An open that fails has opened nothing.
        if case .lostAnswer = fault, callCount == faultyCall {
            calls.wrappingAdd(1, ordering: .relaxed)
            throw SystemError(EIO)
        }
        return try perform { _ throws(SystemError) in try system.open(path, flags: flags, permissions: permissions) }
    }

    func close(_ file: Int32) throws(SystemError) {
        // Linux frees the descriptor even if closing fails.
        try perform { _ throws(SystemError) in try system.close(real(file)) }
    }

    func read(_ file: Int32, into bytes: UnsafeMutableRawPointer, count: Int) throws(SystemError) -> Int {
        try perform { isShort throws(SystemError) in
            try system.read(real(file), into: bytes, count: isShort ? min(count, 1) : count)
        }
    }

    func write(_ file: Int32, _ bytes: UnsafeRawPointer, count: Int) throws(SystemError) -> Int {
        try perform { isShort throws(SystemError) in
            try system.write(real(file), bytes, count: isShort ? min(count, 1) : count)
        }
    }

    func synchronise(_ file: Int32) throws(SystemError) {
        try perform { _ throws(SystemError) in try system.synchronise(file) }
    }

    func status(of file: Int32) throws(SystemError) -> FileStatus {
        try perform { _ throws(SystemError) in try system.status(of: real(file)) }
    }

    func status(at path: String, followingLinks: Bool) throws(SystemError) -> FileStatus {
        try perform { _ throws(SystemError) in try system.status(at: path, followingLinks: followingLinks) }
    }

    func destination(ofLink path: String) throws(SystemError) -> String {
        try perform { _ throws(SystemError) in try system.destination(ofLink: path) }
    }

    func mayWrite(_ path: String) throws(SystemError) -> Bool {
        try perform { _ throws(SystemError) in try system.mayWrite(path) }
    }

    func setPermissions(_ permissions: UInt32, of file: Int32) throws(SystemError) {
        try perform { _ throws(SystemError) in try system.setPermissions(permissions, of: file) }
    }

    func setOwner(_ owner: UInt32, group: UInt32, of file: Int32) throws(SystemError) {
        try perform { _ throws(SystemError) in try system.setOwner(owner, group: group, of: file) }
    }

    func rename(_ source: String, to target: String) throws(SystemError) {
        try perform { _ throws(SystemError) in try system.rename(source, to: target) }
    }

    func remove(_ path: String) throws(SystemError) {
        try perform { _ throws(SystemError) in try system.remove(path) }
    }

    func wait(for file: Int32, toWrite: Bool) throws(SystemError) {
        try perform { _ throws(SystemError) in try system.wait(for: real(file), toWrite: toWrite) }
    }

    func adviseSequential(_ file: Int32) { system.adviseSequential(real(file)) }
}
