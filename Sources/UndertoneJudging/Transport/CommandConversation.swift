// One run of a judging program, from its start to its end, and the questions under way in it.

import Glibc

/// A program that runs or ran. Many threads ask; one reads; each answer wakes the thread that waits for it.
final class CommandConversation: @unchecked Sendable {
    /// Lines that are no answer to anything, before the program is taken for broken.
    static let noiseLimit = 1000
    /// Seconds that a program has to end by itself once its standard input is closed.
    static let grace = 0.5

    private final class Waiter: @unchecked Sendable {
        let monitor = Monitor()
        var answer: Result<JudgeReply, TransportError>?

        func take(_ answer: Result<JudgeReply, TransportError>) {
            monitor.locked {
                self.answer = answer
                monitor.signalAll()
            }
        }
    }

    private struct State {
        var greeting: CommandGreeting?
        var ending: TransportError?
        var isWriting = false
        var asked = 0
        var noise = 0
        var waiters: [Int: Waiter] = [:]
        var log: CommandLog
    }

    private let process: CommandProcess
    private let startDeadline: Double
    // Reading from it, and writing to it: a byte asks the reading thread to stop.
    private let stop: (read: Int32, write: Int32)
    private let monitor = Monitor()
    private var state: State
    // Kept by the reading thread alone.
    private var line: [UInt8] = []
    private var join: (@Sendable () -> Void)?

    /// Starts the program.
    ///
    /// - Parameter startSeconds: until it must have greeted.
    init(
        _ arguments: [String], environment: [(name: String, value: String)], hiding secrets: [String],
        startSeconds: Double
    ) throws(CommandProcess.Failure) {
        stop = try CommandProcess.pipe(blocks: false)
        do throws(CommandProcess.Failure) {
            process = try CommandProcess(arguments, environment: environment.map { "\($0.name)=\($0.value)" })
        } catch {
            close(stop.read)
            close(stop.write)
            throw error
        }
        state = State(log: CommandLog(hiding: secrets))
        startDeadline = deadline(after: startSeconds)
        join = startThread { [self] in read() }
        if join == nil { finish(TransportError(.passing(after: nil), "there is no thread to listen to the program")) }
    }

    deinit {
        close(stop.read)
        close(stop.write)
    }

    /// Why it is over; nil while it goes on.
    var ending: TransportError? { monitor.locked { state.ending } }

    /// What the program said of itself.
    var greeting: CommandGreeting? { monitor.locked { state.greeting } }

    /// The end of its standard error.
    var log: String { monitor.locked { state.log }.text }

    /// Ends the program and waits for that. Called once, by whoever made this.
    func end() {
        _ = Glibc.write(stop.write, [0], 1)
        join?()
        join = nil
    }

    /// Asks, and waits for the answer until `end`.
    func ask(_ request: JudgeRequest, before end: Double) throws(TransportError) -> JudgeReply {
        let waiter = Waiter()
        let id = try monitor.locked { () throws(TransportError) in
            let isThere = monitor.wait(before: end) { state.ending != nil || state.greeting != nil && !state.isWriting }
            if let ending = state.ending { throw ending }
            guard isThere else { throw late }
            state.asked += 1
            state.isWriting = true
            state.waiters[state.asked] = waiter
            return state.asked
        }
        defer { monitor.locked { _ = state.waiters.removeValue(forKey: id) } }
        try write(request, id: id, before: end)
        let answer = waiter.monitor.locked {
            _ = waiter.monitor.wait(before: end) { waiter.answer != nil }
            return waiter.answer
        }
        guard let answer else { throw late }
        var reply = try answer.get()
        reply.fingerprint = greeting.map { "\($0.name) \($0.version)" }
        reply.requestID = "\(id)"
        return reply
    }
}

extension CommandConversation {
    private var late: TransportError { TransportError(.timeout, "the program did not answer in time") }

    // Writes while `isWriting` is this thread's.
    private func write(_ request: JudgeRequest, id: Int, before end: Double) throws(TransportError) {
        defer {
            monitor.locked {
                state.isWriting = false
                monitor.signalAll()
            }
        }
        var rest = try request.line(id: id)[...]
        while !rest.isEmpty {
            // The reading thread closes the pipe only once nobody writes.
            if let ending { throw ending }
            let count = rest.withUnsafeBytes { bytes in
                withoutBrokenPipeSignal { Glibc.write(process.input, bytes.baseAddress, bytes.count) }
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                let seconds = end - monotonicSeconds()
                guard seconds > 0 else {
                    // Half a line can't be taken back.
                    if rest.startIndex > 0 { _ = Glibc.write(stop.write, [0], 1) }
                    throw late
                }
                var wanted = pollfd(fd: process.input, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, Int32(min(seconds * 1000 + 1, 100)))
            } else if errno != EINTR {
                throw ended
            }
        }
    }

    private var ended: TransportError { TransportError(.passing(after: nil), "the program ended") }

    // The reading thread, from start to end.
    private func read() {
        var descriptors = [process.output, process.errors, stop.read].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        var ending: TransportError?
        while ending == nil {
            // Now and then a look whether it is still there: what it started may hold its standard output open.
            var wait: Int32 = 500
            if greeting == nil {
                let seconds = startDeadline - monotonicSeconds()
                guard seconds > 0 else {
                    ending = TransportError(.passing(after: nil), "the program did not greet in time")
                    break
                }
                wait = min(wait, Int32(min(seconds * 1000 + 1, 1e9)))
            }
            let count = poll(&descriptors, nfds_t(descriptors.count), wait)
            if count < 0 && errno != EINTR || count == 0 && process.hasEnded { ending = ended }
            guard count > 0 else { continue }
            if descriptors[2].revents != 0 {
                ending = TransportError(.passing(after: nil), "the program was ended")
            } else if descriptors[1].revents != 0 {
                let isOpen = take(process.errors) { bytes in
                    monitor.locked { state.log.append(bytes) }
                    return nil
                }
                // A descriptor below 0 is left out.
                if isOpen != .open { descriptors[1].fd = -1 }
            }
            if ending == nil, descriptors[0].revents != 0 {
                switch take(process.output, takeOutput) {
                case .open: break
                case .over: ending = ended
                case .broken(let error): ending = error
                }
            }
        }
        finish(ending ?? ended)
    }

    private enum Stream: Equatable { case open, over, broken(TransportError) }

    // Reads what there is, once.
    private func take(
        _ descriptor: Int32, _ body: (UnsafeMutableRawBufferPointer) -> TransportError?
    ) -> Stream {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) ? .open : .over }
            return body(.init(rebasing: buffer[..<count])).map { .broken($0) } ?? .open
        }
    }

    private func takeOutput(_ bytes: UnsafeMutableRawBufferPointer) -> TransportError? {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            line.append(contentsOf: rest[..<end])
            if let problem = takeLine() { return problem }
            line.removeAll(keepingCapacity: true)
            rest = rest[(end + 1)...]
        }
        line.append(contentsOf: rest)
        return line.count > ProgramLine.limit ? tooLong : nil
    }

    private var tooLong: TransportError {
        TransportError(.passing(after: nil), "the program wrote a line of more than a mebibyte")
    }

    private func takeLine() -> TransportError? {
        guard line.count <= ProgramLine.limit else { return tooLong }
        switch ProgramLine(line) {
        case .answer(let id, let answer):
            let waiter = monitor.locked {
                let waiter = state.waiters.removeValue(forKey: id)
                // An answer that comes too late is nobody's fault; one that nobody asked for is.
                if waiter == nil, id < 1 || id > state.asked { state.noise += 1 }
                return waiter
            }
            waiter?.take(answer)
        case .greeting(nil):
            return TransportError(
                .lasting, "the program speaks another protocol", mend: "it must be protocol \(ProgramLine.version)")
        case .greeting(let greeting):
            monitor.locked {
                state.greeting = state.greeting ?? greeting
                monitor.signalAll()
            }
        case .noise: monitor.locked { state.noise += 1 }
        }
        let isBroken = monitor.locked { state.noise > CommandConversation.noiseLimit }
        return isBroken ? TransportError(.passing(after: nil), "the program writes what is no answer") : nil
    }

    // All that wait are told, then the program is ended.
    private func finish(_ ending: TransportError) {
        let waiters = monitor.locked {
            state.ending = ending
            let waiters = state.waiters
            state.waiters = [:]
            monitor.signalAll()
            // Whoever writes sees the ending within a tenth of a second.
            _ = monitor.wait(before: .greatestFiniteMagnitude) { !state.isWriting }
            return waiters
        }
        for waiter in waiters.values { waiter.take(.failure(ending)) }
        process.end(grace: CommandConversation.grace)
    }
}
