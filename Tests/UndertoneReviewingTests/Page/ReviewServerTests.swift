import Glibc
import Testing
import UndertoneText

@testable import UndertoneReviewing

@Suite struct ReviewServerTests {
    @Test func `the page is served at an address of its own, with a strict policy`() async throws {
        try await onThread {
            let review = try ServedReview()
            defer { review.stop() }
            #expect(review.address == "http://127.0.0.1:\(review.port)/\(review.token)/")
            #expect(review.token.count == 48)
            let page = try #require(review.ask("GET", ""))
            #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["content-security-policy"] == reviewPagePolicy + "; frame-ancestors 'none'")
            #expect(page.headers["referrer-policy"] == "no-referrer")
            #expect(page.headers["x-content-type-options"] == "nosniff")
            #expect(page.headers["cache-control"] == "no-store")
            #expect(page.headers["cross-origin-opener-policy"] == "same-origin")
            #expect(page.headers["cross-origin-resource-policy"] == "same-origin")
            // Nothing of a drop is in the page itself.
            #expect(page.body == reviewPage(version: "0.1"))
            let other = try ServedReview()
            defer { other.stop() }
            #expect(other.token != review.token)
        }
    }

    @Test func `whoever does not know the token learns nothing`() async throws {
        try await onThread {
            let review = try ServedReview()
            defer { review.stop() }
            let wrong = String(review.token.reversed())
            for path in [
                "/", "/\(wrong)/", "/\(wrong)/sheet", "/\(review.token)", "/\(review.token.dropLast())/",
                "/favicon.ico",
                "/\(review.token.uppercased())x/", "//\(review.token)/", "/x/../\(review.token)/",
                "/\(review.token)/nothing",
                "/\(review.token)/sheet?x=1", "http://127.0.0.1:\(review.port)/\(review.token)/",
            ] {
                let answer = try #require(review.ask("GET", path: path), "\(path)")
                #expect(answer.status == 404 && answer.body.isEmpty, "\(path)")
            }
            #expect(review.ask("POST", path: "/\(wrong)/finish", #"{"evenUndecided":true}"#)?.status == 404)
            #expect(review.ask("GET", "decide")?.status == 404)
            #expect(review.ask("PUT", "decide", #"{"item":0,"decision":"fine"}"#)?.status == 404)
            #expect(review.record.answers.isEmpty && !review.session.isFinished)
        }
    }

    @Test func `a name that was rebound to loopback is no host of the page`() async throws {
        try await onThread {
            let review = try ServedReview()
            defer { review.stop() }
            for host in ["evil.example:\(review.port)", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:\(review.port)", "", nil] {
                let answer = try #require(review.ask("GET", "sheet", nil, ["Host": host]))
                #expect(answer.status == 404 && answer.body.isEmpty, "\(host ?? "none")")
            }
            #expect(review.ask("GET", "sheet", nil, ["Host": "localhost:\(review.port)"])?.status == 200)
        }
    }

    @Test func `only the page itself may decide`() async throws {
        try await onThread {
            let review = try ServedReview()
            defer { review.stop() }
            let body = #"{"item":0,"decision":"reject"}"#
            let port = review.port
            let refused: [([String: String?], Int)] = [
                (["Origin": "http://evil.example"], 403), (["Origin": "null"], 403),
                (["Origin": "https://127.0.0.1:\(port)"], 403),
                (["Origin": "http://127.0.0.1:1"], 403), (["Origin": nil], 403),
                (["Origin": nil, "Sec-Fetch-Site": "cross-site"], 403), (["Content-Type": "text/plain"], 415),
                (["Content-Type": nil], 415), (["Content-Length": nil, "Transfer-Encoding": "chunked"], 411),
            ]
            for (headers, status) in refused {
                var sent = body
                if headers["Transfer-Encoding"] != nil { sent = "1e\r\n\(body)\r\n0\r\n\r\n" }
                let answer = try #require(review.ask("POST", "decide", sent, headers), "\(headers)")
                #expect(answer.status == status && answer.body.hasPrefix(#"{"error":"#), "\(headers)")
            }
            #expect(review.record.answers.isEmpty)
            let told = review.ask("POST", "decide", body, ["Origin": nil, "Sec-Fetch-Site": "same-origin"])
            #expect(told?.status == 200)
            #expect(
                review.ask("POST", "decide", body, ["Content-Type": "application/json; charset=utf-8"])?.status == 200)
            #expect(review.record.answers == [0: .init(.reject)])
        }
    }

    @Test func `what is decided is kept before it is told`() async throws {
        try await onThread {
            let review = try ServedReview()
            defer { review.stop() }
            let first = review.ask("POST", "decide", #"{"item":1,"decision":"rule","phrase":"öwl \u0000","note":"n"}"#)
            #expect(first?.status == 200)
            #expect(review.record.answers == [1: .init(.rule, phrase: "öwl \0", note: "n")])
            #expect(review.ask("POST", "note", #"{"item":1,"note":"other"}"#)?.status == 200)
            #expect(review.record.answers[1]?.note == "other")
            let state = try JSONValue(parsing: Array(review.ask("GET", "state")?.body.utf8 ?? "".utf8))
            #expect(state["revision"]?.integer == 2 && state["finished"]?.boolean == false)
            #expect(state["answers"]?.array?.first?["phrase"]?.string == "öwl \0")
            #expect(review.ask("POST", "withdraw", #"{"item":1}"#)?.status == 200)
            #expect(review.record.answers.isEmpty)
            review.record.isBroken = true
            let failed = review.ask("POST", "decide", #"{"item":1,"decision":"fine"}"#)
            #expect(failed?.status == 500)
            #expect(failed?.body == #"{"error":"Not kept: the catalogue is locked \\u{1B}[31m"}"#)
            #expect(review.session.answers.isEmpty)
        }
    }

    @Test(
        "a body that means nothing changes nothing",
        arguments: [
            ("", 400), ("{", 400), ("[]", 400), ("{}", 400), (#"{"item":0}"#, 400),
            (#"{"item":"0","decision":"fine"}"#, 400),
            (#"{"item":0.5,"decision":"fine"}"#, 400), (#"{"item":0,"decision":"keep"}"#, 400),
            (#"{"item":0,"decision":"fine","item":1}"#, 400), (#"{"item":0,"decision":"fine","extra":1}"#, 400),
            (#"{"item":21,"decision":"fine"}"#, 409), (#"{"item":-1,"decision":"fine"}"#, 409),
            (#"{"item":0,"decision":"rule"}"#, 409), (#"{"item":0,"decision":"rule","phrase":7}"#, 400),
            (#"{"item":0,"decision":"fine","note":"\ud800"}"#, 400),
            (String(repeating: "[", count: 60_000), 400), (String(repeating: " ", count: 65_537), 413),
            (String(repeating: " ", count: 300_000), 413),
        ])
    func body(text: String, status: Int) async throws {
        try await onThread {
            let review = try ServedReview()
            defer { review.stop() }
            let answer = try #require(review.ask("POST", "decide", text))
            #expect(answer.status == status && answer.body.hasPrefix(#"{"error":"#))
            #expect(review.record.answers.isEmpty)
            #expect(review.ask("GET", "state")?.status == 200, "and the server goes on")
        }
    }

    @Test func `bytes that are no request end nothing but their connection`() async throws {
        try await onThread {
            let review = try ServedReview()
            defer { review.stop() }
            for text in [
                "\r\n\r\n", "GET\r\n\r\n", "\u{0}\u{1}\u{2}\n\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            ] {
                _ = exchange(port: review.port, Array(text.utf8))
            }
            #expect(review.ask("GET", "state")?.status == 200)
        }
    }

    @Test func `a client that stays silent is cut off`() async throws {
        try await onThread {
            let review = try ServedReview(pool: PatientPool(patience: 0.05))
            defer { review.stop() }
            for start in ["", "GET / HT", "POST /\(review.token)/decide HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"] {
                let file = try #require(connected(to: review.port))
                defer { close(file) }
                _ = start.withCString { send(file, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
                #expect(isClosed(file), "\(start)")
            }
            #expect(review.ask("GET", "state")?.status == 200)
        }
    }

    @Test func `more connections than may wait are cut off`() async throws {
        try await onThread {
            let review = try ServedReview(pool: PatientPool(limit: 2))
            defer { review.stop() }
            let files = (0..<3).compactMap { _ in connected(to: review.port) }
            defer { for file in files { close(file) } }
            // One of the three is one too many, whichever comes last.
            var polled = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            #expect(poll(&polled, 3, 20_000) == 1)
            let closed = try #require(polled.first { $0.revents != 0 })
            #expect(isClosed(closed.fd))
        }
    }

    @Test func `the page ends with the review, and not while items are undecided`() async throws {
        try await onThread {
            let review = try ServedReview()
            let early = review.ask("POST", "finish", #"{"note":"early"}"#)
            #expect(early?.status == 409 && early?.body.contains("21 items are undecided") == true)
            let done = review.ask("POST", "finish", #"{"note":"done","evenUndecided":true}"#)
            #expect(done?.status == 200 && done?.body.contains(#""finished":true"#) == true)
            #expect(review.join() == .success(.finished))
            #expect(review.record.closingNote == "done")
            #expect(review.ask("GET", "") == nil, "nobody listens any more")
        }
    }

    @Test func `the sheet comes whole, whatever is in it`() async throws {
        try await onThread {
            let review = try ServedReview(madeUpSheet(long: true))
            defer { review.stop() }
            let answer = try #require(review.ask("GET", "sheet"))
            #expect(answer.headers["content-type"] == "application/json")
            #expect(!answer.body.unicodeScalars.contains { $0.isHidden })
            let sheet = try JSONValue(parsing: Array(answer.body.utf8))
            let items = try #require(sheet["items"]?.array)
            #expect(items.compactMap { $0["text"]?.string }.prefix(21) == review.session.sheet.items.map(\.text)[..<21])
            #expect(items[21]["text"]?.string?.unicodeScalars.count == 100_000)
            #expect(items[21]["left"]?.integer == review.session.sheet.items[21].text.unicodeScalars.count - 100_000)
            #expect(items[0]["ratio"]?.string == "118 times its share of the reference")
            #expect(sheet["lists"]?.array?.count == 5)
        }
    }

    @Test func `a port that is taken is an error that says so, and a server can be stopped`() async throws {
        try await onThread {
            let review = try ServedReview()
            let second = try ServedReview(port: UInt16(review.port))
            guard case .failure(let error)? = second.join() else { return #expect(Bool(false), "two on one port") }
            #expect(error.code == .noServer && error.description.contains("port \(review.port)"))
            review.server.stop()
            #expect(review.join() == .success(.stopped))
        }
    }

    @Test func `two reviewers at once don't see each other's decisions`() async throws {
        try await onThread {
            let (first, second) = (try ServedReview(), try ServedReview())
            defer { first.stop() }
            defer { second.stop() }
            #expect(first.ask("POST", "decide", #"{"item":0,"decision":"fine"}"#)?.status == 200)
            #expect(second.ask("POST", "decide", #"{"item":0,"decision":"reject"}"#)?.status == 200)
            #expect(first.record.answers == [0: .init(.fine)] && second.record.answers == [0: .init(.reject)])
            #expect(second.ask("GET", path: "/\(first.token)/sheet")?.status == 404)
        }
    }
}
