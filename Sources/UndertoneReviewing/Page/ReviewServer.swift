// A review as a page of a server on loopback, until it is finished.

import FlyingFox
import FlyingSocks
import Foundation
import Glibc

/// Shows a review as a page on 127.0.0.1, at an address that nobody else knows.
public final class ReviewServer: Sendable {
    /// Why the page is no longer shown.
    public enum Ending: Sendable, Hashable {
        /// The reviewer finished the review.
        case finished
        /// ``ReviewServer/stop()`` was called.
        case stopped
        /// The program was asked to end by this signal; what was decided is kept.
        case signal(Int32)
    }

    private let requests: PageRequests
    private let events: Events

    private let pool: PatientPool

    /// - Parameter version: the program's, for the foot of the page.
    public convenience init(_ session: ReviewSession, version: String = "") throws(ReviewError) {
        try self.init(session, version: version, pool: PatientPool())
    }

    init(_ session: ReviewSession, version: String, pool: PatientPool) throws(ReviewError) {
        self.pool = pool
        requests = PageRequests(session: session, door: PageDoor(), version: version)
        events = try Events()
    }

    /// Ends ``run(port:onReady:)``; from any thread.
    public func stop() { events.send(.stop) }

    /// Shows the page until the review is finished, ``stop()`` is called, or a signal to end comes (SIGINT, SIGTERM,
    /// SIGHUP). Blocks its thread, which must be none of Swift's concurrency. Once for a server.
    ///
    /// - Parameters:
    ///   - port: where to listen; 0 for a free port.
    ///   - onReady: gets the address, with the token in it, as soon as the page can be opened.
    public func run(port: UInt16 = 0, onReady: (String) -> Void) throws(ReviewError) -> Ending {
        try run(port: port, until: [SIGINT, SIGTERM, SIGHUP], onReady: onReady)
    }

    func run(port: UInt16, until ends: [Int32], onReady: (String) -> Void) throws(ReviewError) -> Ending {
        let signals = ends.isEmpty ? nil : try SignalPipe(ends)
        defer { signals?.close() }
        let server = try start(port)
        var ending: Ending?
        var isRunning = true
        while isRunning {
            var files = [
                pollfd(fd: signals?.reading ?? -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: events.reading, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&files, 2, -1)
            while let number = signals?.next() {
                if ending == nil { end(server) }
                ending = ending ?? .signal(number)
            }
            while let event = events.next() {
                switch event {
                case .ready: onReady("http://127.0.0.1:\(events.port)/\(requests.door.token)/")
                case .stop, .finished:
                    if ending == nil { end(server) }
                    ending = ending ?? (event == .finished ? .finished : .stopped)
                case .ended: isRunning = false
                }
            }
        }
        if let ending { return ending }
        throw ReviewError(
            .noServer,
            "The page can't be shown on port \(port): \(events.problem ?? "the server ended"). Name another port, or 0 for any."
        )
    }

    private func start(_ port: UInt16) throws(ReviewError) -> HTTPServer {
        let (requests, events) = (requests, events)
        let address: sockaddr_in
        do { address = try .inet(ip4: "127.0.0.1", port: port) } catch {
            throw ReviewError(.noServer, "There is no loopback address.")
        }
        let configuration = HTTPServer.Configuration(
            address: address, timeout: 15, sharedRequestReplaySize: PageDoor.bodyLimit, pool: pool,
            logger: .disabled)
        let handler = ClosureHTTPHandler { request in
            let response = try await requests.answer(request, port: events.port)
            if requests.session.isFinished { events.send(.finished) }
            return response
        }
        let server = HTTPServer(config: configuration, handler: handler)
        Task.detached {
            do { try await server.run() } catch { events.fail("\(error.localizedDescription)") }
            events.send(.ended)
        }
        Task.detached {
            try await server.waitUntilListening()
            guard case .ip4(_, let port)? = await server.listeningAddress else { return events.send(.stop) }
            events.listen(on: Int(port))
        }
        return server
    }

    // Answers that are under way are still sent.
    private func end(_ server: HTTPServer) { Task.detached { await server.stop(timeout: 1) } }
}

// What happens in the server, for the thread that waits.
private final class Events: @unchecked Sendable {
    enum Event: UInt8 { case ready, stop, finished, ended }

    let reading: Int32
    private let writing: Int32
    private let monitor = Monitor()
    private var listening = 0
    private var failure: String?

    init() throws(ReviewError) { (reading, writing) = try openPipe() }

    deinit {
        close(reading)
        close(writing)
    }

    // 0 until it is known.
    var port: Int { monitor.locked { listening } }
    var problem: String? { monitor.locked { failure } }

    func listen(on port: Int) {
        monitor.locked { listening = port }
        send(.ready)
    }

    func fail(_ problem: String) { monitor.locked { failure = failure ?? problem } }

    func send(_ event: Event) {
        var byte = event.rawValue
        _ = write(writing, &byte, 1)
    }

    func next() -> Event? { nextByte(reading).flatMap(Event.init(rawValue:)) }
}
