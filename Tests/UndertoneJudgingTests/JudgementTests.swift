// Judgements as values.

import Testing
import UndertoneJudging

@Suite struct JudgementTests {
    @Test func `only a score is a score`() {
        #expect(Judgement.score(7).score == 7)
        #expect(Judgement.escape("CODE").score == nil)
        #expect(Judgement.unjudged(.budget).score == nil)
    }
}
