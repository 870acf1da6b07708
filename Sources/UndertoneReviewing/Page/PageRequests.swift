// Requests of the page, answered.

import FlyingFox
import Foundation

/// Answers what comes in by a ``PageDoor``: the page, its sheet, and what is decided.
struct PageRequests: Sendable {
    let session: ReviewSession
    let door: PageDoor
    let version: String

    /// - Parameter port: where the server listens; 0 while it isn't known, and then nothing is answered.
    func answer(_ request: HTTPRequest, port: Int) async throws -> HTTPResponse {
        guard let place = door.place(request, port: port) else { return nothing }
        switch (request.method, place) {
        case (.GET, ""):
            return respond(.ok, Array(reviewPage(version: version).utf8), "text/html; charset=utf-8")
        case (.GET, "sheet"): return respond(.ok, SheetJSON.sheet(session))
        case (.GET, "state"): return respond(.ok, SheetJSON.state(session))
        case (.POST, "decide"), (.POST, "note"), (.POST, "withdraw"), (.POST, "finish"):
            if let (status, reason) = door.refusal(request, port: port) {
                try await passOver(request)
                return refuse(status, reason)
            }
            if let refusal = said(place, Array(try await request.bodyData), in: session) {
                return refuse(HTTPStatusCode(refusal.status, phrase: "Refused"), refusal.reason)
            }
            return respond(.ok, SheetJSON.state(session))
        default: return nothing
        }
    }

    // Whoever doesn't know the token learns nothing.
    private var nothing: HTTPResponse { HTTPResponse(statusCode: .notFound) }

    // A refused body is read, so that the answer arrives; one that goes on for ever is not.
    private func passOver(_ request: HTTPRequest) async throws {
        guard let length = request.bodySequence.count, length <= 1 << 20 else { return }
        for try await _ in request.bodySequence {}
    }

    private func refuse(_ status: HTTPStatusCode, _ reason: String) -> HTTPResponse {
        respond(status, SheetJSON.error(reason))
    }

    private func respond(
        _ status: HTTPStatusCode, _ body: [UInt8], _ type: String = "application/json"
    ) -> HTTPResponse {
        HTTPResponse(
            statusCode: status,
            headers: [
                .contentType: type,
                .cacheControl: "no-store",
                HTTPHeader("Content-Security-Policy"): reviewPagePolicy + "; frame-ancestors 'none'",
                HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
                HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
                HTTPHeader("Referrer-Policy"): "no-referrer",
                HTTPHeader("X-Content-Type-Options"): "nosniff",
            ], body: Data(body))
    }
}
