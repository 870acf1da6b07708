// A review in a terminal: reads keys, shows rows, and leaves the terminal as it was, whatever happens.

import Glibc

/// Shows a review in the terminal that is standard input and output.
public struct TerminalReview: Sendable {
    /// Why the terminal is given back.
    public enum Ending: Sendable, Hashable {
        /// The reviewer finished the review.
        case finished
        /// The reviewer left; what was decided is kept, and the review can be gone on with.
        case left
        /// The program was asked to end by this signal, or lost its terminal (SIGHUP); what was decided is kept.
        case signal(Int32)
    }

    private let session: ReviewSession
    private let terminal: RawTerminal
    private let variable: @Sendable (String) -> String

    /// A review to show in the terminal of standard input and output.
    public init(_ session: ReviewSession) {
        self.init(session, input: STDIN_FILENO, output: STDOUT_FILENO) { name in
            getenv(name).map { String(cString: $0) } ?? ""
        }
    }

    /// - Parameter variable: a variable of the environment; empty where it isn't set.
    init(_ session: ReviewSession, input: Int32, output: Int32, variable: @escaping @Sendable (String) -> String) {
        self.session = session
        terminal = RawTerminal(input: input, output: output)
        self.variable = variable
    }

    /// Takes the terminal until the reviewer is done, leaves, or a signal to end comes. Blocks its thread.
    ///
    /// - Throws: ``ReviewError`` where there is no terminal; it names `--page`.
    public func run() throws(ReviewError) -> Ending {
        try TerminalReview.check(terminal, kind: variable("TERM"))
        let signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT])
        defer { signals.close() }
        guard terminal.enter() else {
            throw ReviewError(.noTerminal, "The terminal can't be asked for single keys; --page shows the review.")
        }
        defer { terminal.leave() }
        return converse(signals)
    }

    /// Looks whether a review can be shown on standard input and output, before one is begun.
    ///
    /// - Throws: ``ReviewError`` where it can't; it names `--page`.
    public static func checkTerminal() throws(ReviewError) {
        let terminal = RawTerminal(input: STDIN_FILENO, output: STDOUT_FILENO)
        try check(terminal, kind: getenv("TERM").map { String(cString: $0) } ?? "")
    }

    private static func check(_ terminal: RawTerminal, kind: String) throws(ReviewError) {
        guard isatty(terminal.input) == 1, isatty(terminal.output) == 1, kind != "dumb", kind != "" else {
            throw ReviewError(
                .noTerminal,
                "A review needs a terminal for its input and output, and there is none; --page shows it in a browser.")
        }
    }

    private func converse(_ signals: SignalPipe) -> Ending {
        let style = TerminalStyle(color: variable("NO_COLOR") == "", unicode: TerminalReview.takesUTF8(variable))
        var state = TerminalState(session)
        var bytes: ArraySlice<UInt8> = []
        while true {
            let (width, height) = terminal.size
            if case .full = state.mode {
                state.bound(to: TerminalScreen.lastRow(state, width: width, height: height, style: style))
            }
            let lines = TerminalScreen.lines(state, width: width, height: height, style: style)
            guard terminal.show(lines) else { return .signal(SIGHUP) }
            var files = [
                pollfd(fd: signals.reading, events: Int16(POLLIN), revents: 0),
                pollfd(fd: terminal.input, events: Int16(POLLIN), revents: 0),
            ]
            // An ESC with nothing behind it for a moment is the key.
            let ready = poll(&files, 2, bytes.isEmpty ? -1 : 50)
            while let number = signals.next() {
                switch number {
                case SIGWINCH: break
                case SIGCONT: _ = terminal.enter()
                default: return .signal(number)
                }
            }
            if ready > 0, files[1].revents != 0 {
                guard let read = terminal.read() else { return .signal(SIGHUP) }
                bytes += read
            }
            while let key = TerminalInput.key(&bytes, isAll: ready == 0) {
                switch state.take(key) {
                case .goOn: continue
                case .leave: return .left
                case .finished: return .finished
                }
            }
            bytes = ArraySlice(Array(bytes))
        }
    }

    /// Whether the locale says that the terminal takes UTF-8 (POSIX: the first of three variables that is set).
    static func takesUTF8(_ variable: (String) -> String) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.map(variable).first { !$0.isEmpty } ?? ""
        let name = locale.uppercased()
        return name.contains("UTF-8") || name.contains("UTF8")
    }
}
