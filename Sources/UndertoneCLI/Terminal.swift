// Where text for people goes.

import Glibc
import UndertoneScanning

/// Standard output and standard error.
enum Terminal {
    /// Whether standard output is a terminal that may have colour (no-color.org).
    static var hasColor: Bool { isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil && !isDumb }

    /// Whether standard error is a terminal on which lines can be rewritten.
    static var canShowProgress: Bool { isatty(STDERR_FILENO) == 1 && !isDumb }

    private static var isDumb: Bool { getenv("TERM").map { String(cString: $0) == "dumb" } ?? false }

    /// Columns of the terminal, 100 where there is none.
    static var width: Int { columns(STDOUT_FILENO) }

    /// Columns of the terminal on which progress is shown.
    static var progressWidth: Int { columns(STDERR_FILENO) }

    private static func columns(_ file: Int32) -> Int {
        var size = winsize()
        guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
        return min(Int(size.ws_col), 160)
    }

    /// Writes to standard output, whole; a reader that went away is no error.
    static func print(_ text: String) throws(ScanError) {
        let problem = write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
        guard problem == 0 || problem == EPIPE else {
            throw ScanError(.output, "standard output can't be written: \(String(cString: strerror(problem)))")
        }
    }

    /// Writes to standard error.
    static func printError(_ text: String) { _ = write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO) }

    /// Writes without a line end, for a progress bar.
    static func showProgress(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    // 0, or the number of what went wrong.
    private static func write(_ text: String, to file: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count, let base = bytes.baseAddress {
                let count = Glibc.write(file, base + done, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return count < 0 ? errno : EIO }
                done += count
            }
            return 0
        }
    }
}
