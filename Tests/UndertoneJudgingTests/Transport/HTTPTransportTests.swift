// Questions over HTTP to a server that answers, fails or lies.

import Foundation
import Testing
import UndertoneJudging

private let key = "sk-0123-very-secret"
private let prompt = "what stands in the record"

private func request(_ text: String = prompt) -> JudgeRequest {
    JudgeRequest(model: "judge", messages: [.init(.system, "You judge."), .init(.user, text)])
}

// Everything that can be asked for.
private func fullRequest() -> JudgeRequest {
    var request = request("an owl")
    request.seed = 1
    request.schema = #"{"type": "object"}"#
    request.topLogProbabilities = 5
    return request
}

private func error(_ transport: HTTPTransport, _ request: JudgeRequest = request(), timeout: Double = 20) throws
    -> TransportError
{
    try #require(throws: TransportError.self) { try transport.send(request, timeout: timeout) }
}

// Whatever shows values must not show these.
private func expectNoSecret(_ value: Any) {
    var dumped = ""
    dump(value, to: &dumped)
    for text in ["\(value)", String(reflecting: value), dumped] {
        #expect(!text.contains(key))
        #expect(!text.contains(prompt))
    }
}

@Suite(.enabled(if: Machine.hasPython, "there is no python3 for the server")) struct HTTPTransportTests {
    let server: FaultyJudge

    init() throws { server = try FaultyJudge.shared.get() }

    func transport(_ script: String) throws -> HTTPTransport {
        try HTTPTransport(base: server.address(script), key: Secret(key))
    }

    @Test func `an answer comes with all that the server says of it`() throws {
        let reply = try transport("key=\(key)").send(request(), timeout: 20)
        #expect(reply.content == prompt)
        #expect(reply.finishReason == "stop")
        #expect(reply.model == "judge-2026-11-01")
        #expect(reply.fingerprint == "fp_faulty")
        #expect(reply.promptTokens == 7)
        #expect(reply.completionTokens == 5)
        #expect(reply.requestID == "req-0")
        #expect(reply.alternatives.isEmpty)
    }

    @Test func `log-probabilities of the first token come where they are asked for`() throws {
        var request = request("an owl")
        request.topLogProbabilities = 5
        let reply = try transport("good").send(request, timeout: 20)
        #expect(reply.content == "A")
        #expect(reply.alternatives == [.init("A", log(0.9)), .init("B", log(0.1))])
    }

    @Test func `an answer in a schema is one`() throws {
        var request = request("an owl")
        request.schema = #"{"type": "object"}"#
        #expect(try transport("good").send(request, timeout: 20).content == #"{"reason": "owl: yes", "score": 90}"#)
    }

    @Test(
        "what passes is passing, and nothing of key or prompt is in the error",
        arguments: [
            "broken", "nothing", "deep", "half", "close", "noise", "500", "502", "503", "504", "408", "409", "425",
            "529", "429=nonsense",
        ])
    func passing(script: String) throws {
        let error = try error(transport(script))
        #expect(error.kind == (script.hasPrefix("429") ? .tooMany(after: nil) : .passing(after: nil)), "\(error)")
        expectNoSecret(error)
    }

    @Test(
        "what lasts is lasting, and nothing of key or prompt is in the error",
        arguments: ["400", "401", "402", "403", "404", "413", "422", "501", "quota", "redirect", "huge", "headers"])
    func lasting(script: String) throws {
        let error = try error(transport(script))
        #expect(error.kind == .lasting, "\(error)")
        #expect(error.mend != nil)
        expectNoSecret(error)
    }

    @Test func `a redirect is not followed`() throws {
        let error = try error(transport("redirect"))
        #expect(error.message.contains("redirect"))
        #expect(try server.requests(String(server.address.dropLast(3)) + "/s/good/redirected/v1") == 0)
    }

    @Test(
        "a server's wish to be left alone is honoured up to two minutes",
        arguments: [("429=2", 2), ("429=ms:250", 0.25), ("429=86400", 120), ("429=date:100000", 120)])
    func retryAfter(script: String, seconds: Double) throws {
        #expect(try error(transport(script)).kind == .tooMany(after: seconds))
    }

    @Test func `an error of the server may carry a wish too`() throws {
        #expect(try error(transport("503=3")).kind == .passing(after: 3))
    }

    @Test("no answer in time is a time-out", arguments: ["slow=60", "drip=0.2"])
    func timeout(script: String) throws {
        let error = try error(transport(script), timeout: 0.4)
        #expect(error.kind == .timeout)
        expectNoSecret(error)
    }

    @Test func `a connection is as good as new after a failure`() throws {
        let transport = try transport("half,close,huge,slow=60,500,noise,good")
        for _ in 0..<6 { _ = try error(transport, timeout: 1) }
        #expect(try transport.send(request(), timeout: 20).content == prompt)
    }

    @Test func `a server that is not there may be there another time`() throws {
        let transport = try HTTPTransport(base: "http://127.0.0.1:\(freePort())/v1")
        #expect(try error(transport).kind == .passing(after: nil))
    }

    @Test func `a wrong key is refused and not shown`() throws {
        let error = try error(transport("key=another"))
        #expect(error.kind == .lasting)
        #expect(error.message.contains("401"))
        expectNoSecret(error)
    }

    @Test func `neither a key nor a transport shows a key`() throws {
        expectNoSecret(Secret(key))
        expectNoSecret([Secret(key)])
        let transport = try transport("good")
        _ = try transport.send(request(), timeout: 20)
        expectNoSecret(transport)
        #expect(!transport.address.contains(key))
    }

    @Test func `64 threads each get the answer to their own question, over connections that stay open`() throws {
        let server = try FaultyJudge("--latency", "0.02")
        let transport = try HTTPTransport(base: server.address)
        let answers = gather(64) { thread in
            (0..<5).map { round in
                let text = "thread \(thread) round \(round)"
                return Result { try transport.send(request(text), timeout: 60).content == text }
            }
        }
        #expect(answers.flatMap(\.self).allSatisfy { (try? $0.get()) == true }, "\(answers)")
        let stats = try server.stats()
        #expect(stats["requests"] as? [String: Int] == ["/v1": 320])
        // One more asks for the statistics.
        #expect(try #require(stats["connections"] as? Int) <= 65)
    }
}

@Suite(.enabled(if: Machine.hasPython, "there is no python3 for the server")) struct FieldFallbackTests {
    let server: FaultyJudge

    init() throws { server = try FaultyJudge.shared.get() }

    @Test(
        "what a server refuses is given up once and for all",
        arguments: [
            ("json_schema", 1, ["response_format: json_object in place of json_schema"]),
            ("response_format", 2, ["response_format: not sent"]),
            ("max_tokens", 1, ["max_tokens: sent as max_completion_tokens"]),
            ("logprobs", 1, ["logprobs: not sent"]),
            ("seed+top_p+temperature", 3, ["seed: not sent", "temperature: not sent", "top_p: not sent"]),
            (
                "json_schema+max_tokens+logprobs", 3,
                [
                    "response_format: json_object in place of json_schema",
                    "max_tokens: sent as max_completion_tokens", "logprobs: not sent",
                ]
            ),
        ])
    func refused(fields: String, refusals: Int, limits: [String]) throws {
        let address = server.address("refuses=\(fields)")
        let transport = try HTTPTransport(base: address)
        #expect(transport.limits == [])
        let reply = try transport.send(fullRequest(), timeout: 20)
        #expect(!reply.content.isEmpty)
        #expect(reply.alternatives.isEmpty == fields.contains("logprobs"))
        #expect(transport.limits == limits)
        #expect(try server.requests(address) == refusals + 1)
        _ = try transport.send(fullRequest(), timeout: 20)
        #expect(try server.requests(address) == refusals + 2)
    }

    @Test func `what does not cure the refusal is not given up`() throws {
        // The refusal echoes the prompt, and nothing helps.
        let transport = try HTTPTransport(base: server.address("400"))
        var request = fullRequest()
        request.messages = [.init(.user, "seed, logprobs, max_tokens, json_schema")]
        #expect(try error(transport, request).kind == .lasting)
        #expect(transport.limits == [])
    }

    @Test func `a field that was not sent is not given up`() throws {
        let address = server.address("400")
        let transport = try HTTPTransport(base: address)
        #expect(try error(transport, request("seed, logprobs, response_format")).kind == .lasting)
        #expect(try server.requests(address) == 1)
    }

    @Test func `a schema that is no JSON is not sent`() throws {
        var request = request()
        request.schema = "{"
        #expect(try error(HTTPTransport(base: server.address("good")), request).kind == .lasting)
    }
}

@Suite(.enabled(if: Machine.hasPython && Machine.hasOpenSSL, "there is no python3 or openssl for the server"))
struct CertificateTests {
    @Test func `a certificate counts where its authority is named, and only there`() throws {
        let folder = try TestFolder()
        let server = try FaultyJudge("--tls", folder.path, scheme: "https")
        let error = try error(HTTPTransport(base: server.address, key: Secret(key)))
        #expect(error.kind == .lasting)
        #expect(error.message.contains("certificate"))
        expectNoSecret(error)
        let certificates = folder.path + "/certificate.pem"
        let transport = try HTTPTransport(base: server.address, key: Secret(key), certificates: certificates)
        #expect(try transport.send(request(), timeout: 20).content == prompt)
    }

    @Test func `a certificate for another name never counts`() throws {
        let folder = try TestFolder()
        let server = try FaultyJudge("--tls", folder.path, "--tls-name", "judge.example", scheme: "https")
        let certificates = folder.path + "/certificate.pem"
        #expect(try error(HTTPTransport(base: server.address, certificates: certificates)).kind == .lasting)
    }

    @Test func `a file of certificates that is not there is said to be missing`() throws {
        let folder = try TestFolder()
        let server = try FaultyJudge("--tls", folder.path, scheme: "https")
        let error = try error(HTTPTransport(base: server.address, certificates: folder.path + "/none.pem"))
        #expect(error.kind == .lasting)
        #expect(error.message.contains("file of certificates"))
    }
}
