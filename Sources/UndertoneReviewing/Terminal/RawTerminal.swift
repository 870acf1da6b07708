// The terminal itself: single keys, another screen, and back. It is given back by crashes too.

import Glibc

/// A terminal, of which a program takes one at a time.
struct RawTerminal: Sendable {
    let input: Int32
    let output: Int32

    // Another screen, no cursor, no wrapping, pastes marked; and back (xterm's control sequences).
    private static let begin = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[?2004h\u{1B}[2J"

    /// Takes the terminal; false where it can't be asked for single keys. Again after a stop.
    func enter() -> Bool {
        if !isTaken {
            guard tcgetattr(input, &before) == 0 else { return false }
            (takenInput, takenOutput) = (input, output)
            isTaken = true
            watchCrashes()
        }
        var raw = before
        cfmakeraw(&raw)
        guard tcsetattr(input, TCSAFLUSH, &raw) == 0 else {
            isTaken = false
            return false
        }
        return write(RawTerminal.begin)
    }

    /// Gives the terminal back as it was.
    func leave() {
        giveBack()
        for (number, handler) in handlers { signal(number, handler) }
        handlers = []
    }

    /// Columns and rows.
    var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (min(Int(size.ws_col), 500), min(Int(size.ws_row), 300))
    }

    /// Shows rows in place of what is there; false where the terminal is gone.
    func show(_ lines: [String]) -> Bool {
        // A row is emptied first: behind its last column there is no place to do so.
        write("\u{1B}[H" + lines.map { "\u{1B}[K" + $0 }.joined(separator: "\r\n"))
    }

    /// What was typed; nil where the terminal is gone.
    func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(input, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    private func write(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count, let base = bytes.baseAddress {
                let count = Glibc.write(output, base + done, bytes.count - done)
                if count > 0 {
                    done += count
                } else if errno == EAGAIN {
                    var file = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&file, 1, 1_000)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }

    private func watchCrashes() {
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE] {
            handlers.append((number, signal(number, giveBackAndDie)))
        }
    }
}

// For handlers of crashes, which may touch little: plain memory, set before they are.
nonisolated(unsafe) private var before = termios()
nonisolated(unsafe) private var takenInput: Int32 = -1
nonisolated(unsafe) private var takenOutput: Int32 = -1
nonisolated(unsafe) private var isTaken = false
nonisolated(unsafe) private var handlers: [(number: Int32, handler: __sighandler_t?)] = []
private let end: StaticString = "\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

private func giveBack() {
    guard isTaken else { return }
    isTaken = false
    _ = write(takenOutput, end.utf8Start, end.utf8CodeUnitCount)
    tcsetattr(takenInput, TCSANOW, &before)
}

private func giveBackAndDie(_ number: Int32) {
    giveBack()
    signal(number, SIG_DFL)
    raise(number)
}
