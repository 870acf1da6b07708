// The address of a server, read by the same code that connects to it, so that both see the same host.

import CCurl
import UndertoneText

/// The base address of an OpenAI-compatible server.
struct ServerAddress: Sendable, Hashable {
    /// `http://127.0.0.1:4000/v1`: scheme and host in lower case, no port that goes without saying, no slash at the end.
    let text: String
    /// Whether what is sent can be read on the way.
    let isPlain: Bool
    /// Whether the host is this machine.
    let isLoopback: Bool

    /// Where chat completions are asked for.
    var completions: String { text + "/chat/completions" }

    /// Reads an address.
    ///
    /// - Throws: ``TransportError``, lasting, where it is no address of HTTP or HTTPS, or has a user, a password, a query or
    ///   a fragment in it. Nothing of the address is in the error, since all that could be a secret.
    init(_ text: String) throws(TransportError) {
        let mend = "write it like http://127.0.0.1:4000/v1"
        guard let url = curl_url() else { throw TransportError(.passing(after: nil), "there is no memory") }
        defer { curl_url_cleanup(url) }
        let isClean = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        let flags = UInt32(CURLU_DISALLOW_USER) | UInt32(CURLU_NON_SUPPORT_SCHEME)
        let code = isClean ? curl_url_set(url, CURLUPART_URL, text, flags) : CURLUE_MALFORMED_INPUT
        if code == CURLUE_USER_NOT_ALLOWED {
            throw TransportError(
                .lasting, "the judge's address has a user or a password in it",
                mend: "take it out and name the variable that holds the key")
        }
        guard code == CURLUE_OK, let scheme = ServerAddress.part(url, CURLUPART_SCHEME)?.lowercased(),
            let host = ServerAddress.part(url, CURLUPART_HOST)?.lowercased()
        else { throw TransportError(.lasting, "the judge's address is no address", mend: mend) }
        guard scheme == "http" || scheme == "https" else {
            throw TransportError(.lasting, "the judge's address begins with neither http:// nor https://", mend: mend)
        }
        guard ServerAddress.part(url, CURLUPART_QUERY) == nil, ServerAddress.part(url, CURLUPART_FRAGMENT) == nil,
            !text.contains("?"), !text.contains("#")
        else {
            throw TransportError(.lasting, "the judge's address has something behind a ? or #", mend: "take it away")
        }
        _ = curl_url_set(url, CURLUPART_HOST, host, 0)
        guard var whole = ServerAddress.part(url, CURLUPART_URL, UInt32(CURLU_NO_DEFAULT_PORT)) else {
            throw TransportError(.lasting, "the judge's address is no address", mend: mend)
        }
        while whole.hasSuffix("/") { whole.removeLast() }
        self.text = whole
        isPlain = scheme == "http"
        isLoopback = ServerAddress.isLoopback(host)
    }

    // Names that lead to this machine whatever resolves them: libcurl knows localhost by itself, and addresses of IPv4
    // have been brought into their usual form by it.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func part(_ url: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(validatingCString: text)
    }
}
