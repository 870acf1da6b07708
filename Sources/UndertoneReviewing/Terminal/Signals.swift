// Signals as bytes of a pipe, so that a thread can wait for them beside other things.

import Glibc

/// Takes signals until it is closed; one at a time in a process.
final class SignalPipe {
    /// Readable when a signal came.
    let reading: Int32
    private let writing: Int32
    private var before: [(number: Int32, action: sigaction)] = []

    /// Takes `signals` from now on, but for those that whoever started the program wants ignored.
    init(_ signals: [Int32]) throws(ReviewError) {
        (reading, writing) = try openPipe()
        signalTarget = writing
        for number in signals {
            var old = sigaction()
            sigaction(number, nil, &old)
            let isIgnored = withUnsafeBytes(of: old.__sigaction_handler) { $0.load(as: Int.self) } == 1  // SIG_IGN
            if isIgnored { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = passOn
            sigaction(number, &action, nil)
            before.append((number, old))
        }
    }

    /// Signals do what they did before.
    func close() {
        for (number, action) in before {
            var action = action
            sigaction(number, &action, nil)
        }
        before = []
        guard signalTarget == writing else { return }
        signalTarget = -1
        Glibc.close(reading)
        Glibc.close(writing)
    }

    /// The next signal that came; nil where there is none. Never waits.
    func next() -> Int32? { nextByte(reading).map(Int32.init) }
}

/// A pipe whose both ends never wait and are not passed on to other programs.
func openPipe() throws(ReviewError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
        throw ReviewError(.noTerminal, "No pipe can be had: \(String(cString: strerror(errno)))")
    }
    for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    return (ends[0], ends[1])
}

/// The next byte of a pipe of ``openPipe()``; nil where there is none.
func nextByte(_ file: Int32) -> UInt8? {
    var byte: UInt8 = 0
    return read(file, &byte, 1) == 1 ? byte : nil
}

// Where signals go; a plain number, since a handler may touch little.
nonisolated(unsafe) private var signalTarget: Int32 = -1

private func passOn(_ number: Int32) {
    let before = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(signalTarget, &byte, 1)
    errno = before
}
