// Who may come in: whether a request was made by the page that the reviewer opened, and by nothing else.

import FlyingFox

/// Lets requests in that know the token and name the right host, and changes only from the page itself.
///
/// A page of another site can make a browser send requests to loopback. It doesn't know the token; it can't pass off its
/// own name as this host (DNS rebinding), and a browser says where a request that changes something comes from.
struct PageDoor: Sendable {
    /// Bytes that the body of a request may have.
    static let bodyLimit = 65_536

    /// What the address holds behind the port; nobody else knows it.
    let token: String

    /// A door with a token of its own, of 192 random bits.
    init() {
        // The system's source: getrandom on Linux.
        var random = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef")
        token = String((0..<48).map { _ in digits[Int(random.next(upperBound: UInt(16)))] })
    }

    /// What the request wants: what stands behind the token. Nil where it is to be told nothing.
    func place(_ request: HTTPRequest, port: Int) -> String? {
        guard isHost(request.headers[.host], port) else { return nil }
        // As it was sent: nothing is decoded and no dots are resolved.
        var path = Substring(request.target.rawValue)
        guard path.popFirst() == "/", let slash = path.firstIndex(of: "/") else { return nil }
        guard isToken(path[..<slash]) else { return nil }
        return String(path[path.index(after: slash)...])
    }

    /// Why a request that is to change something may not; nil where it may.
    func refusal(_ request: HTTPRequest, port: Int) -> (status: HTTPStatusCode, reason: String)? {
        if let origin = request.headers[HTTPHeader("Origin")] {
            guard origin.hasPrefix("http://"), isHost(String(origin.dropFirst(7)), port) else {
                return (.forbidden, "The request comes from another page.")
            }
        } else if request.headers[HTTPHeader("Sec-Fetch-Site")] != "same-origin" {
            return (.forbidden, "The request does not say which page it comes from.")
        }
        let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.filter { $0 != " " } }
        guard type?.lowercased() == "application/json" else {
            return (.unsupportedMediaType, "The body must be application/json.")
        }
        guard let length = request.bodySequence.count else {
            return (HTTPStatusCode(411, phrase: "Length Required"), "The request does not say how long its body is.")
        }
        guard length <= PageDoor.bodyLimit else {
            return (.payloadTooLarge, "The body is longer than 64 KiB; nothing was kept.")
        }
        return nil
    }

    private func isHost(_ host: String?, _ port: Int) -> Bool {
        guard let host, port > 0 else { return false }
        return host == "127.0.0.1:\(port)" || host == "localhost:\(port)"
    }

    // In the same time whatever the first wrong character.
    private func isToken(_ text: Substring) -> Bool {
        let (tried, right) = (Array(text.utf8), Array(token.utf8))
        guard tried.count == right.count else { return false }
        return zip(tried, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
