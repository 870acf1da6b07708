// LiteLLM's proxy with mocked models, as other people run it in front of theirs.

import Foundation
import Testing
import UndertoneJudging

/// The proxy of `python/judges/litellm.yaml` on a free port. It takes some 15 seconds to start.
final class LiteLLMProxy {
    private struct NotThere: Error {}

    /// The path of the `litellm` executable, where the tests are told one.
    static let executable = ProcessInfo.processInfo.environment["UNDERTONE_LITELLM"]

    /// The key that it wants.
    let key = "sk-" + UUID().uuidString.lowercased()
    /// Its base address.
    let address: String
    private let program: ServingProgram

    /// Starts it and waits until it answers, two minutes at most.
    init() throws {
        let port = try freePort()
        let executable = try #require(LiteLLMProxy.executable)
        address = "http://127.0.0.1:\(port)/v1"
        program = try ServingProgram(
            executable,
            ["--config", Machine.judges + "/litellm.yaml", "--host", "127.0.0.1", "--port", String(port)],
            environment: ["LITELLM_MASTER_KEY": key, "LITELLM_LOCAL_MODEL_COST_MAP": "True"], endsWithInput: false)
        let transport = try HTTPTransport(base: address, key: Secret(key))
        let request = JudgeRequest(model: "judge-low", messages: [.init(.user, "Are you there?")])
        for _ in 0..<240 where program.isRunning {
            if (try? transport.send(request, timeout: 5)) != nil { return }
            usleep(500_000)
        }
        throw NotThere()
    }
}

@Suite(.enabled(if: LiteLLMProxy.executable != nil, "UNDERTONE_LITELLM does not name LiteLLM's executable"))
struct LiteLLMTests {
    @Test func `a mocked answer comes through LiteLLM, and a wrong key gets none`() throws {
        let proxy = try LiteLLMProxy()
        func request(_ model: String) -> JudgeRequest {
            var request = JudgeRequest(model: model, messages: [.init(.system, "You judge."), .init(.user, "an owl")])
            request.seed = 1
            request.schema = #"{"type": "object"}"#
            return request
        }
        let transport = try HTTPTransport(base: proxy.address, key: Secret(proxy.key))
        let high = try transport.send(request("judge-high"), timeout: 60)
        #expect(high.content == #"{"reason": "the trait is plain to see", "score": 90}"#)
        #expect(high.finishReason == "stop")
        #expect(high.promptTokens != nil)
        #expect(try transport.send(request("judge-low"), timeout: 60).content.contains("10"))
        #expect(transport.limits == [])

        let busy = try #require(throws: TransportError.self) {
            try transport.send(request("judge-busy"), timeout: 60)
        }
        #expect(busy.kind == .tooMany(after: nil))
        let unknown = try #require(throws: TransportError.self) {
            try transport.send(request("judge-of-nobody"), timeout: 60)
        }
        #expect(unknown.kind == .lasting)

        for key in ["sk-wrong-secret", "wrong-secret"] {
            let wrong = try HTTPTransport(base: proxy.address, key: Secret(key))
            let error = try #require(throws: TransportError.self) {
                try wrong.send(request("judge-high"), timeout: 60)
            }
            #expect(error.kind == .lasting, "\(error)")
            #expect(!"\(error)".contains("secret"))
        }
    }
}
