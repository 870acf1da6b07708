// Questions to OpenAI-compatible servers over HTTP: vLLM, llama.cpp, Ollama, LiteLLM, hosted ones.

import Glibc
import UndertoneText

/// Asks a server with `POST {base}/chat/completions`, each thread over a connection of its own that stays open.
///
/// The server is not trusted: its certificate and name are checked, redirects are refused, an answer has at most a mebibyte
/// and the seconds that it is given, and nothing that it says reaches an error. What a server does not know of a request
/// (400 or 422 that names `response_format`, `max_tokens`, `logprobs`, `seed`, `top_p` or `temperature`) is given up at
/// once, in the same ``send(_:timeout:)``, and for all later requests once one has gone well without it; see ``limits``.
public final class HTTPTransport: JudgeTransport {
    private struct State {
        var idle: [HTTPHandle] = []
        var form = CompletionForm()
    }

    private let server: ServerAddress
    private let key: Secret?
    private let certificates: String?
    private let monitor = Monitor()
    // Behind the monitor.
    nonisolated(unsafe) private var state = State()

    /// A door to a server. Nothing is sent yet.
    ///
    /// - Parameters:
    ///   - base: the address in front of `/chat/completions`, as in `http://127.0.0.1:4000/v1`.
    ///   - key: what the server wants as `Authorization: Bearer`; nil: nothing is sent.
    ///   - certificates: a PEM file of certificates to trust in place of the system's.
    /// - Throws: ``TransportError``, lasting: an address that is none or has credentials or a query, a key that no header
    ///   can hold, or a key that would go over plain HTTP to another machine.
    public init(base: String, key: Secret? = nil, certificates: String? = nil) throws(TransportError) {
        server = try ServerAddress(base)
        if let key {
            // Anything else could end the header and begin another one.
            guard key.reveal({ !$0.isEmpty && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }) else {
                throw TransportError(
                    .lasting, "the key is empty or has spaces, line ends or letters beyond ASCII in it",
                    mend: "set the variable that key-variable names to the key alone")
            }
            guard !server.isPlain || server.isLoopback else {
                throw TransportError(
                    .lasting, "the key would go to \(visible(server.text)) in clear", mend: "use https, or no key")
            }
        }
        self.key = key
        self.certificates = certificates
    }

    /// The server's base address.
    public var address: String { server.text }

    /// What of a request the server does not know, as `seed: not sent`.
    public var limits: [String] { monitor.locked { state.form }.limits }

    /// Asks, and waits for the answer.
    ///
    /// - Parameter timeout: seconds for all of it, connecting and asking again with fewer fields included.
    public func send(_ request: JudgeRequest, timeout: Double) throws(TransportError) -> JudgeReply {
        let end = deadline(after: timeout)
        let known = monitor.locked { state.form }
        var form = known
        while true {
            let reply = try post(try request.body(form), before: end)
            switch reply.status {
            case 200..<300:
                let answer = try JudgeReply(completion: reply.body, requestID: reply.headers["x-request-id"])
                // Only now: a refusal may name a field because the prompt does, and then doing without is no cure.
                if form != known { monitor.locked { state.form = state.form.merged(form) } }
                return answer
            case 400, 422:
                guard let less = form.less(reply.body, request) else { fallthrough }
                form = less
            default: throw TransportError(reply, address: visible(server.text), now: time(nil))
            }
        }
    }
}

extension HTTPTransport {
    private func post(_ body: [UInt8], before end: Double) throws(TransportError) -> HTTPReply {
        let seconds = end - monotonicSeconds()
        let handle =
            monitor.locked { state.idle.popLast() }
            ?? HTTPHandle(address: server, key: key, certificates: certificates)
        guard let handle else { throw TransportError(.lasting, "libcurl can't be used", mend: "see that it knows TLS") }
        defer { monitor.locked { state.idle.append(handle) } }
        do throws(HTTPFailure) {
            guard seconds > 0 else { throw .late }
            return try handle.post(body, seconds: seconds)
        } catch {
            throw TransportError(error, address: visible(server.text))
        }
    }
}
