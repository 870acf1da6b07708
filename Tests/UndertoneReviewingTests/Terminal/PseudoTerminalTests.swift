import Glibc
import Testing

@testable import UndertoneReviewing

@Suite(.serialized) struct PseudoTerminalTests {
    @Test func `a real terminal is taken, asked and given back`() throws {
        let record = MemoryRecord()
        let (screen, ending) = try converse(record, ["f", "j", "r", "q"])
        #expect(ending == .success(.left))
        #expect(record.answers == [0: .init(.fine), 1: .init(.reject)])
        #expect(screen.contains("\u{1B}[?1049h") && screen.hasSuffix("\u{1B}[?1049l"))
        #expect(screen.contains("1 of 21 decided"))
    }

    @Test func `a program that is asked to end gives the terminal back`() throws {
        let (screen, ending) = try converse(MemoryRecord(), ["f"], then: SIGTERM)
        #expect(ending == .success(.signal(SIGTERM)))
        #expect(screen.hasSuffix("\u{1B}[?1049l"))
    }

    @Test func `where there is no terminal, the page is named`() throws {
        let null = open("/dev/null", O_RDWR)
        defer { close(null) }
        let review = TerminalReview(
            ReviewSession(madeUpSheet(), record: MemoryRecord()), input: null, output: null
        ) { _ in "xterm" }
        let error = #expect(throws: ReviewError.self) { try review.run() }
        #expect(error?.code == .noTerminal && error?.description.contains("--page") == true)
    }

    @Test(
        "the first variable of the locale that is set decides",
        arguments: [
            (["LANG": "C.UTF-8"], true), (["LANG": "de_DE.utf8"], true), (["LANG": "C"], false), ([:], false),
            (["LC_ALL": "C", "LANG": "C.UTF-8"], false), (["LC_CTYPE": "en_GB.UTF-8", "LANG": "C"], true),
        ])
    func locale(variables: [String: String], isUTF8: Bool) {
        #expect(TerminalReview.takesUTF8 { variables[$0] ?? "" } == isUTF8)
    }

    /// Types on a pseudo terminal, each key once its answer is on the screen, and gives all that was written to it.
    private func converse(
        _ record: MemoryRecord, _ keys: [String], then number: Int32? = nil
    ) throws -> (screen: String, ending: Result<TerminalReview.Ending, ReviewError>?) {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        defer { close(master) }
        // TIOCSPTLCK and TIOCGPTN of ioctl_tty(2); what the C library makes of them isn't seen from here.
        var lock: Int32 = 0
        var place: Int32 = 0
        try #require(ioctl(master, 0x4004_5431, &lock) == 0)
        try #require(ioctl(master, 0x8004_5430, &place) == 0)
        let slave = open("/dev/pts/\(place)", O_RDWR | O_NOCTTY)
        try #require(slave >= 0)
        defer { close(slave) }
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
        var before = termios()
        tcgetattr(slave, &before)
        let review = TerminalReview(ReviewSession(madeUpSheet(), record: record), input: slave, output: slave) {
            ["TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1"][$0] ?? ""
        }
        let box = Box()
        let end = startTestThread { box.ending = Result { () throws(ReviewError) in try review.run() } }
        var screen = ""
        func read(until part: String) {
            repeat {
                var bytes = [UInt8](repeating: 0, count: 4_096)
                var file = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
                guard poll(&file, 1, 20_000) > 0 else { return }
                let count = Glibc.read(master, &bytes, bytes.count)
                guard count > 0 else { return }
                screen += String(decoding: bytes[..<count], as: UTF8.self)
            } while !screen.hasSuffix(part)
        }
        read(until: "q quit")
        for key in keys {
            _ = key.withCString { write(master, $0, strlen($0)) }
            if key != "q" { read(until: "q quit") }
        }
        if let number { kill(getpid(), number) }
        read(until: "\u{1B}[?1049l")
        // Where it did not end, two Ctrl-C end it, and the test fails.
        _ = "\u{3}\u{3}".withCString { write(master, $0, 2) }
        end()
        var after = termios()
        tcgetattr(slave, &after)
        #expect(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag && after.c_oflag == before.c_oflag)
        return (screen, box.ending)
    }

    private final class Box: @unchecked Sendable { var ending: Result<TerminalReview.Ending, ReviewError>? }
}
