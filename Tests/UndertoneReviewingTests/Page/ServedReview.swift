// A review that is served for a test, and asked as its page would ask.

import Glibc
import Testing
import UndertoneText

@testable import UndertoneReviewing

final class ServedReview: @unchecked Sendable {
    let record: MemoryRecord
    let session: ReviewSession
    let server: ReviewServer
    private(set) var address = ""
    private(set) var ending: Result<ReviewServer.Ending, ReviewError>?
    private var end: () -> Void = {}

    init(
        _ sheet: ReviewSheet = madeUpSheet(), record: MemoryRecord = MemoryRecord(), port: UInt16 = 0,
        pool: PatientPool = PatientPool()
    )
        throws
    {
        self.record = record
        session = ReviewSession(sheet, record: record)
        server = try ReviewServer(session, version: "0.1", pool: pool)
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        end = startTestThread { [self] in
            ending = Result { () throws(ReviewError) in
                try server.run(port: port, until: []) { address in
                    self.address = address
                    close(writing)
                }
            }
            if address.isEmpty { close(writing) }
        }
        var byte: UInt8 = 0
        _ = read(reading, &byte, 1)
        close(reading)
    }

    var port: Int { Int(address.split(separator: "/").dropFirst().first?.split(separator: ":").last ?? "") ?? 0 }
    var token: String { String(address.split(separator: "/").last ?? "") }

    /// Waits for the end of the server.
    func join() -> Result<ReviewServer.Ending, ReviewError>? {
        end()
        end = {}
        return ending
    }

    /// Stops the server where a test is done with it.
    func stop() {
        server.stop()
        _ = join()
    }

    /// Asks for a place behind the token, as the page does but for `headers`; nil for a header leaves it out.
    func ask(_ method: String, _ place: String, _ body: String? = nil, _ headers: [String: String?] = [:])
        -> HTTPAnswer?
    {
        ask(method, path: "/\(token)/\(place)", body, headers)
    }

    func ask(_ method: String, path: String, _ body: String? = nil, _ headers: [String: String?] = [:]) -> HTTPAnswer? {
        var all: [String: String?] = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
        if let body {
            all["Origin"] = "http://127.0.0.1:\(port)"
            all["Content-Type"] = "application/json"
            all["Content-Length"] = String(body.utf8.count)
        }
        all.merge(headers) { $1 }
        var request = "\(method) \(path) HTTP/1.1\r\n"
        for (name, value) in all { if let value { request += "\(name): \(value)\r\n" } }
        return exchange(port: port, Array((request + "\r\n" + (body ?? "")).utf8))
    }
}
