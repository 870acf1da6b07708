// Addresses of servers, and which of them may have a key.

import Testing

@testable import UndertoneJudging

@Suite struct ServerAddressTests {
    private func problem(_ base: String, _ key: String? = nil) throws -> TransportError {
        try #require(throws: TransportError.self) { try HTTPTransport(base: base, key: key.map { Secret($0) }) }
    }

    @Test(
        "one server has one address",
        arguments: [
            ("http://127.0.0.1:4000/v1", "http://127.0.0.1:4000/v1"),
            ("HTTP://LocalHost:80/V1/", "http://localhost/V1"),
            ("https://api.example.com:443//", "https://api.example.com"),
            ("https://api.example.com", "https://api.example.com"), ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ])
    func canonical(base: String, address: String) throws {
        #expect(try HTTPTransport(base: base).address == address)
    }

    @Test(
        "what is no address of a server is refused, and not shown",
        arguments: [
            "", " ", "api.secret.example/v1", "ftp://secret.example", "file:///etc/secret", "http://",
            "https://:80/secret",
            "https://secret.example:99999/", "https://user:secret@api.example.com/v1", "https://secret@api.example.com",
            "https://api.example.com/v1?key=secret", "https://api.example.com/v1#secret", "https://api.example.com/v1?",
            "https://api.example.com/\r\nX-Secret: secret", "https://api.example.com/ secret",
            "gopher://secret.example",
        ])
    func refused(base: String) throws {
        let problem = try problem(base)
        #expect(problem.kind == .lasting)
        #expect(problem.mend != nil)
        #expect(!problem.description.contains("secret"))
    }

    @Test(
        "a key does not go to another machine in clear",
        arguments: [
            "http://api.example.com/v1", "http://127.0.0.1.example.com/v1", "http://localhost.example.com",
            "http://10.0.0.1",
            "http://127.evil.0.1", "http://[::2]/v1",
        ])
    func inClear(base: String) throws {
        let problem = try problem(base, "secret-key")
        #expect(problem.kind == .lasting)
        #expect(problem.message.contains("in clear"))
        #expect(!problem.description.contains("secret-key"))
        // Without a key there is nothing to lose.
        _ = try HTTPTransport(base: base)
    }

    @Test(
        "a key goes to this machine and over TLS",
        arguments: [
            "http://localhost:4000/v1", "http://127.0.0.1", "http://127.3.2.1", "http://[::1]:1", "https://a.example",
        ])
    func safe(base: String) throws {
        _ = try HTTPTransport(base: base, key: Secret("secret-key"))
    }

    @Test(
        "a key that no header can hold is refused", arguments: ["", "se cret", "secret\r\nX: y", "secrét", "secret\0"])
    func badKey(key: String) throws {
        let problem = try problem("https://api.example.com", key)
        #expect(problem.kind == .lasting)
        #expect(!problem.description.contains("secr"))
    }
}

@Suite struct RetryAfterTests {
    // Sun, 06 Nov 1994 08:49:37 GMT
    let now = 784_111_777

    @Test(
        "seconds and dates are understood",
        arguments: [
            ("0", 0.0), ("7", 7), ("1.5", 1.5), ("121", 120), ("99999999999999999999", 120),
            ("Sun, 06 Nov 1994 08:50:07 GMT", 30), ("Sun, 06 Nov 1994 08:49:07 GMT", 0),
            ("Mon, 06 Nov 2094 08:49:07 GMT", 120),
        ])
    func understood(value: String, seconds: Double) {
        #expect(RetryAfter.seconds(milliseconds: nil, value: value, now: now) == seconds)
    }

    @Test(
        "nonsense is not",
        arguments: [
            "", "-1", "soon", "1e400", "nan", "inf", "0x10", "1.2.3", "Sun, 31 Feb 1994 08:50:07 GMT", "1994-11-06",
            "Sun, 06 Nov 1994 08:50:07 CET", "Sun, 06 Nox 1994 08:50:07 GMT", String(repeating: "9", count: 10_000),
        ])
    func nonsense(value: String) {
        #expect(RetryAfter.seconds(milliseconds: nil, value: value, now: now) == nil)
        #expect(RetryAfter.seconds(milliseconds: value, value: "4", now: now) == 4)
    }

    @Test func `milliseconds win`() {
        #expect(RetryAfter.seconds(milliseconds: "250", value: "4", now: now) == 0.25)
        #expect(RetryAfter.seconds(milliseconds: nil, value: nil, now: now) == nil)
    }
}
