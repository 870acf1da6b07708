// Bounds of what clients may cost: how long a connection may stay silent, and how many may wait.

import FlyingFox
import FlyingSocks
import Glibc

/// Waits for sockets as another pool does, yet not for ever: a client that neither sends nor takes anything for a while
/// is cut off, and so is one too many.
///
/// The server itself bounds the time of a handler, and neither the time nor the size of a request's head; whoever can
/// connect runs on this machine.
struct PatientPool: AsyncSocketPool {
    /// Seconds that a connection may stay silent.
    let patience: Double
    /// Connections that may wait at once.
    let limit: Int

    private let base: any AsyncSocketPool = HTTPServer.defaultPool()
    private let waiting = Count()

    init(patience: Double = 30, limit: Int = 64) {
        self.patience = patience
        self.limit = limit
    }

    func prepare() async throws { try await base.prepare() }

    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        guard !isListening(socket) else { return try await base.suspendSocket(socket, untilReadyFor: events) }
        guard waiting.enter(limit) else { throw SocketError.disconnected }
        defer { waiting.leave() }
        let (base, patience) = (base, patience)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await base.suspendSocket(socket, untilReadyFor: events) }
            group.addTask {
                try await Task.sleep(for: .seconds(patience))
                throw SocketError.disconnected
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func isListening(_ socket: Socket) -> Bool {
        var answer: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(socket.file.rawValue, SOL_SOCKET, SO_ACCEPTCONN, &answer, &size) == 0 && answer != 0
    }
}

private final class Count: @unchecked Sendable {
    private let monitor = Monitor()
    private var number = 0

    func enter(_ limit: Int) -> Bool {
        monitor.locked {
            guard number < limit else { return false }
            number += 1
            return true
        }
    }

    func leave() { monitor.locked { number -= 1 } }
}
