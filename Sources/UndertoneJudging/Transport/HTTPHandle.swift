// One connection to a server through libcurl, used by one thread at a time.

import CCurl

/// What a server sent back, whole.
struct HTTPReply {
    /// The status, 100 to 599 with servers that keep to the protocol.
    var status = 0
    /// Headers that somebody here reads, by their names in lower case.
    var headers: [String: String] = [:]
    /// At most ``HTTPHandle/bodyLimit`` bytes.
    var body: [UInt8] = []
}

/// Why there is no reply.
enum HTTPFailure: Error {
    /// libcurl gave up.
    case curl(CURLcode)
    /// More than ``HTTPHandle/bodyLimit`` bytes of body, or too many of headers.
    case tooLong

    /// There was no time left to ask.
    static let late = HTTPFailure.curl(CURLE_OPERATION_TIMEDOUT)
}

/// A handle of libcurl with its connection, which stays open between requests.
///
/// Nothing is verified less than libcurl can: certificates and their names are always checked, redirects are not followed,
/// only HTTP and HTTPS are spoken, no cookies and no netrc are used. Proxies are those of libcurl's environment variables
/// (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`), but none stands before this machine itself.
final class HTTPHandle: @unchecked Sendable {
    /// Bytes of a reply's body at most.
    static let bodyLimit = 1 << 20
    /// Bytes of a reply's headers at most.
    static let headerLimit = 1 << 16
    /// Seconds until there is a connection, at most.
    static let connectSeconds = 10

    private let curl: UnsafeMutableRawPointer
    private let headers: UnsafeMutablePointer<curl_slist>?

    // Once in a process, before the first handle.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// A handle for `POST`s of JSON to one address; `nil` where libcurl has no memory or lacks a part that is needed.
    init?(address: ServerAddress, key: Secret?, certificates: String?) {
        guard HTTPHandle.isReady, let curl = undertone_curl_make() else { return nil }
        var lines = ["Content-Type: application/json", "Accept: application/json", "Expect:"]
        if let key { lines.append(key.reveal { "Authorization: Bearer \($0)" }) }
        var list: UnsafeMutablePointer<curl_slist>?
        var isSet = true
        for line in lines {
            let longer = curl_slist_append(list, line)
            isSet = isSet && longer != nil
            list = longer ?? list
        }
        self.curl = curl
        headers = list
        var texts = [
            (CURLOPT_URL, address.completions), (CURLOPT_PROTOCOLS_STR, "http,https"),
            (CURLOPT_USERAGENT, "undertone"),
        ]
        if address.isLoopback { texts.append((CURLOPT_NOPROXY, "*")) }
        if let certificates { texts.append((CURLOPT_CAINFO, certificates)) }
        let numbers = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_POST, 1), (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_CONNECTTIMEOUT, HTTPHandle.connectSeconds),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)), (CURLOPT_MAXCONNECTS, 1),
        ]
        isSet = isSet && undertone_curl_set_headers(curl, list) == CURLE_OK
        for (option, text) in texts { isSet = isSet && undertone_curl_set_text(curl, option, text) == CURLE_OK }
        for (option, number) in numbers {
            isSet = isSet && undertone_curl_set_number(curl, option, number) == CURLE_OK
        }
        // In place of the system's certificates, not beside them.
        if certificates != nil { isSet = isSet && undertone_curl_set_text(curl, CURLOPT_CAPATH, nil) == CURLE_OK }
        guard isSet else { return nil }
    }

    deinit {
        undertone_curl_free(curl)
        curl_slist_free_all(headers)
    }

    /// Sends `body` and waits for the whole reply.
    ///
    /// - Parameter seconds: all that it may take, connecting included.
    func post(_ body: [UInt8], seconds: Double) throws(HTTPFailure) -> HTTPReply {
        let receiver = Receiver()
        let code = body.withUnsafeBytes { bytes in
            withoutBrokenPipeSignal {
                let code = [
                    undertone_curl_set_number(curl, CURLOPT_TIMEOUT_MS, Int((seconds * 1000).rounded(.up))),
                    undertone_curl_set_body(curl, bytes.baseAddress, bytes.count),
                    undertone_curl_set_readers(
                        curl, { Receiver.of($3).takeBody($0, $1 * $2) }, { Receiver.of($3).takeHeader($0, $1 * $2) },
                        Unmanaged.passUnretained(receiver).toOpaque()),
                ].first { $0 != CURLE_OK }
                return withExtendedLifetime(receiver) { code ?? undertone_curl_perform(curl) }
            }
        }
        if receiver.isTooLong { throw .tooLong }
        guard code == CURLE_OK else { throw .curl(code) }
        receiver.reply.status = undertone_curl_status(curl)
        return receiver.reply
    }
}

// Takes what libcurl hands over, up to the limits. To take fewer bytes than there are ends the transfer.
private final class Receiver {
    static let wanted: Set = ["retry-after", "retry-after-ms", "x-request-id"]

    var reply = HTTPReply()
    var isTooLong = false
    private var headerBytes = 0

    static func of(_ user: UnsafeMutableRawPointer?) -> Receiver? {
        user.map { Unmanaged<Receiver>.fromOpaque($0).takeUnretainedValue() }
    }

    func takeBody(_ bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
        guard reply.body.count + count <= HTTPHandle.bodyLimit else {
            isTooLong = true
            return 0
        }
        reply.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    // One whole line.
    func takeHeader(_ bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
        headerBytes += count
        guard headerBytes <= HTTPHandle.headerLimit else {
            isTooLong = true
            return 0
        }
        let line = UnsafeRawBufferPointer(start: bytes, count: count)
        // Headers of an answer such as 100, or of a proxy, are followed by those of the real one.
        if line.starts(with: "HTTP/".utf8) { reply.headers = [:] }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return count }
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        if Receiver.wanted.contains(name), reply.headers[name] == nil {
            let isSpace = { (byte: UInt8) in byte <= 0x20 }
            let value = line[(colon + 1)...].drop(while: isSpace).reversed().drop(while: isSpace).reversed()
            reply.headers[name] = String(decoding: Array(value), as: UTF8.self)
        }
        return count
    }
}

extension Receiver? {
    fileprivate func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let self, let bytes else { return 0 }
        return self.takeBody(bytes, count)
    }

    fileprivate func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let self, let bytes else { return 0 }
        return self.takeHeader(bytes, count)
    }
}
