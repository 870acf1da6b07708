// What went wrong with a server, as an error that says nothing that the server said.

import CCurl
import UndertoneText

extension TransportError {
    /// An answer that is none.
    ///
    /// - Parameters:
    ///   - address: where it came from, fit to be shown.
    ///   - now: seconds since 1970.
    init(_ reply: HTTPReply, address: String, now: Int) {
        let words = HTTPProblem.words(reply.body)
        let after = RetryAfter.seconds(
            milliseconds: reply.headers["retry-after-ms"], value: reply.headers["retry-after"], now: now)
        let known = words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
        let what = "the server at \(address) answered \(reply.status)\(known)"
        switch reply.status {
        case 429 where words.contains("insufficient_quota"):
            self.init(.lasting, what, mend: "the account has nothing left; see to its plan and billing")
        case 429: self.init(.tooMany(after: after), what)
        case 501, 505: self.init(.lasting, what, mend: "the server can't do this; is the address right?")
        case 408, 409, 425, 500...599: self.init(.passing(after: after), what)
        case 300..<400:
            self.init(
                .lasting, "\(what), a redirect, which is not followed: the key must not go elsewhere",
                mend: "give the address that it leads to")
        case 401:
            self.init(.lasting, what, mend: "set the variable that key-variable names to a key that the server knows")
        case 402: self.init(.lasting, what, mend: "the account has nothing left; see to its plan and billing")
        case 403: self.init(.lasting, what, mend: "the key has no right to this model; take another key or model")
        case 404:
            self.init(
                .lasting, what, mend: "see that the address ends before /chat/completions and the model's name is right"
            )
        case 413: self.init(.lasting, what, mend: "the question is too long for the server")
        case 400, 422:
            self.init(.lasting, what, mend: "see that the model's name is right and the question fits its context")
        default: self.init(.lasting, what, mend: "is it the address of an OpenAI-compatible server?")
        }
    }

    /// No answer.
    init(_ failure: HTTPFailure, address: String) {
        let server = "the server at \(address)"
        switch failure {
        case .tooLong:
            // Not passing: no answer to a judge's question has a mebibyte, and to ask again would fetch another one.
            self.init(
                .lasting, "\(server) answered with more than \(grouped(HTTPHandle.bodyLimit)) bytes",
                mend: "is it the address of an OpenAI-compatible server?")
        case .curl(CURLE_OPERATION_TIMEDOUT): self.init(.timeout, "\(server) did not answer in time")
        case .curl(CURLE_PEER_FAILED_VERIFICATION):
            self.init(
                .lasting, "the certificate of \(server) is not to be trusted",
                mend: "name the file with the certificate of its authority under certificates")
        case .curl(CURLE_SSL_CACERT_BADFILE):
            self.init(.lasting, "the file of certificates can't be read", mend: "see that it is there, in PEM format")
        case .curl(let code) where HTTPProblem.lasting.contains(code.rawValue):
            self.init(.lasting, "\(server) can't be asked: \(HTTPProblem.text(code))")
        case .curl(CURLE_COULDNT_CONNECT):
            self.init(.passing(after: nil), "\(server) can't be reached", mend: "is it running?")
        case .curl(CURLE_COULDNT_RESOLVE_HOST):
            self.init(.passing(after: nil), "the name in \(address) can't be resolved", mend: "is the name right?")
        case .curl(CURLE_PARTIAL_FILE): self.init(.passing(after: nil), "\(server) broke off in its answer")
        case .curl(let code): self.init(.passing(after: nil), "\(server) did not answer: \(HTTPProblem.text(code))")
        }
    }
}

/// What is known of problems of HTTP.
enum HTTPProblem {
    // What won't mend itself: a wrong address, wrong TLS settings, a libcurl without TLS.
    static let lasting: Set = [
        CURLE_URL_MALFORMAT.rawValue, CURLE_SSL_CERTPROBLEM.rawValue, CURLE_SSL_ISSUER_ERROR.rawValue,
        CURLE_SSL_ENGINE_INITFAILED.rawValue, CURLE_NOT_BUILT_IN.rawValue,
    ]

    // Words of servers that help and can't be anything else. A server may echo key and prompt, so nothing else is shown.
    private static let known: Set = [
        "authentication_error", "billing_hard_limit_reached", "context_length_exceeded", "engine_overloaded",
        "exceed_context_size_error", "insufficient_quota", "invalid_api_key", "invalid_request_error",
        "model_not_found", "no_db_connection", "not_found_error", "overloaded_error", "permission_error",
        "rate_limit_error",
        "rate_limit_exceeded", "server_error", "tokens", "unsupported_parameter", "unsupported_value",
    ]

    /// Which of the words that are known the body has as the type or code of its error.
    static func words(_ body: [UInt8]) -> [String] {
        guard let json = try? JSONValue(parsing: body, limits: JudgeReply.limits) else { return [] }
        let error = json["error"] ?? json
        let words = [error["type"]?.string, error["code"]?.string].compactMap(\.self).filter(known.contains)
        return words.count == 2 && words[0] == words[1] ? [words[0]] : words
    }

    /// libcurl's own text for a code, which holds nothing of the request.
    static func text(_ code: CURLcode) -> String { String(cString: curl_easy_strerror(code)) }
}
