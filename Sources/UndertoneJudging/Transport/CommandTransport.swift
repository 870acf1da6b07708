// Questions to a program that speaks JSON Lines on standard input and output.

import Crypto
import UndertoneText

/// Asks a program, which may answer in any order; many questions may be under way in it at once.
///
/// The program is started at the first question, without a shell and with few environment variables, and again when it
/// ends, three times at most. It is not trusted: a line has at most a mebibyte, silence is a time-out, and nothing that it
/// says reaches an error. The protocol: `docs/judge-protocol.md`.
public final class CommandTransport: JudgeTransport {
    /// Times that a program that ended is started again.
    public static let restarts = 3

    private struct State {
        var conversation: CommandConversation?
        var starts = 0
        var isClosed = false
        var lasting: TransportError?
    }

    private let arguments: [String]
    private let names: [String]
    private let startSeconds: Double
    private let monitor = Monitor()
    // Behind the monitor.
    nonisolated(unsafe) private var state = State()

    /// Where the answers come from: `command:judge.py#` and a digest of all arguments, which may hold what is nobody's
    /// business.
    public let address: String

    /// A program that is not started yet.
    ///
    /// - Parameters:
    ///   - arguments: the program, by its path or as PATH has it, and its arguments.
    ///   - environment: names of variables that it sees beside PATH, HOME and LANG. Their values are never shown.
    ///   - startSeconds: until it must have greeted; a model that it loads takes its time.
    /// - Throws: ``TransportError``, lasting, where there is no program in `arguments`.
    public init(_ arguments: [String], environment: [String] = [], startSeconds: Double = 60) throws(TransportError) {
        guard let program = arguments.first, !program.isEmpty, !arguments.contains(where: { $0.contains("\0") }) else {
            throw TransportError(.lasting, "the judge's command is empty", mend: "write the program and its arguments")
        }
        self.arguments = arguments
        self.startSeconds = startSeconds
        names = environment
        var digest = SHA256()
        for argument in arguments { digest.update(data: Array(argument.utf8) + [0]) }
        let hex = digest.finalize().prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        address = "command:\(program.split(separator: "/").last.map(String.init) ?? program)#\(hex)"
    }

    deinit { close() }

    /// The name and version that the program gives itself; nil before it has.
    public var program: String? {
        monitor.locked { state.conversation }?.greeting.map { "\($0.name) \($0.version)" }
    }

    /// The last 4 KiB of what the program that runs, or ran last, wrote to standard error. Nothing of it is trusted: it
    /// must be made visible before it is shown, and it may hold what was in a record.
    public var log: String { monitor.locked { state.conversation }?.log ?? "" }

    /// Ends the program, and all questions under way. No more can be asked.
    public func close() {
        let conversation = monitor.locked {
            let conversation = state.isClosed ? nil : state.conversation
            state.isClosed = true
            return conversation
        }
        conversation?.end()
    }

    /// Asks, and waits for the answer.
    ///
    /// - Parameter timeout: seconds for all of it, the program's start included; a start that takes longer goes on.
    public func send(_ request: JudgeRequest, timeout: Double) throws(TransportError) -> JudgeReply {
        let end = deadline(after: timeout)
        return try monitor.locked { () throws(TransportError) in try current() }.ask(request, before: end)
    }
}

extension CommandTransport {
    // The conversation that goes on, behind the monitor.
    private func current() throws(TransportError) -> CommandConversation {
        if state.isClosed { throw TransportError(.lasting, "the program was ended") }
        if let lasting = state.lasting { throw lasting }
        if let conversation = state.conversation {
            guard let ending = conversation.ending else { return conversation }
            if ending.kind == .lasting { throw ending }
            guard state.starts <= CommandTransport.restarts else {
                throw TransportError(
                    .lasting, "the judge's program ended \(state.starts) times; the last time: \(ending.message)",
                    mend: "run it by hand and see what it says")
            }
            conversation.end()
        }
        state.starts += 1
        let environment = CommandProcess.environment(names)
        let secrets = environment.filter { names.contains($0.name) }.map(\.value)
        do throws(CommandProcess.Failure) {
            let conversation = try CommandConversation(
                arguments, environment: environment, hiding: secrets, startSeconds: startSeconds)
            state.conversation = conversation
            return conversation
        } catch {
            let problem = TransportError(
                .lasting, "the judge's program can't be started: \(error.text)",
                mend: "see that it is there and may be run")
            state.lasting = problem
            throw problem
        }
    }
}
