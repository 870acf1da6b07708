// A name that means another model than before.

import Testing
import UndertoneCore

@testable import UndertoneJudging

@Suite struct AliasTests {
    @Test(arguments: [
        ("gpt-4o", "gpt-4o-2024-08-06", "fp_1", true), ("gpt-4o", "gpt-4o-2024-05-13", "fp_2", true),
        ("gpt-4o", "gpt-4o-2024-05-13", "fp_1", false), ("gpt-4o-2024-05-13", "other", "fp_2", false),
    ])
    func `a name without a version that answers as somebody else is told`(
        _ asked: String, _ model: String, _ fingerprint: String, _ isTold: Bool
    ) throws {
        try withCache { cache in
            func outcome(_ model: String, _ fingerprint: String, _ text: String) throws -> JudgeOutcome {
                let transport = FakeTransport { _, _ in
                    var reply = JudgeReply(content: "5")
                    (reply.model, reply.fingerprint) = (model, fingerprint)
                    return .success(reply)
                }
                return try judge(settings { $0.model = asked }, transport, cache).ask([question(text)])
            }
            #expect(try outcome("gpt-4o-2024-05-13", "fp_1", "a").warnings.isEmpty)
            let second = try outcome(model, fingerprint, "b")
            #expect(second.warnings.isEmpty != isTold)
            #expect(second.counts.models == [model] && second.counts.fingerprints == [fingerprint])
            if isTold { #expect(second.warnings[0].contains(model) && second.warnings[0].contains("fp_1")) }
        }
    }

    @Test(arguments: [
        ("gpt-4o", false), ("gpt-4o-2024-08-06", true), ("gpt-4-0613", true), ("claude-3-5-sonnet-20241022", true),
        ("llama3.1:8b", false), ("qwen@sha256:abc", true), ("", false),
    ])
    func `a version in a name is a date, a long number or a digest`(_ name: String, _ has: Bool) {
        #expect(AliasWarning.hasVersion(name) == has)
    }
}
