// Pairs of a drop and its control, and what a judge's preferences over them come to.

import Testing
import UndertoneCore
import UndertoneReporting
import UndertoneStatistics
import UndertoneText

@testable import UndertoneJudging

@Suite struct PairwiseTests {
    private func report(
        pairs: Int, bothOrders: Bool = true, seed: UInt64 = 4, _ judge: (PairwiseQuestion) -> Judgement?
    ) -> PairwiseReport {
        let plan = PairwisePlan(drop: pairs, control: pairs + 5, pairs: pairs, seed: seed, asksBothOrders: bothOrders)
        return PairwiseReport(plan, plan.questions.map(judge))
    }

    @Test func `each record is in one pair at most, and the order is drawn`() {
        let plan = PairwisePlan(drop: 300, control: 1_000, pairs: 200, seed: 1)
        #expect(plan.pairs == 200 && plan.questions.count == 400)
        let once = plan.questions.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        #expect(Set(once.map(\.drop)).count == 200 && Set(once.map(\.control)).count == 200)
        #expect(once.contains { $0.drop >= 250 } && once.contains { $0.control >= 900 })
        let first = once.count(where: \.isDropFirst)
        #expect((70...130).contains(first))
        for (question, swapped) in zip(once, plan.questions.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)) {
            #expect(question.pair == swapped.pair && question.isDropFirst != swapped.isDropFirst)
        }
        #expect(PairwisePlan(drop: 300, control: 1_000, pairs: 200, seed: 1) == plan)
        #expect(PairwisePlan(drop: 300, control: 1_000, pairs: 200, seed: 2) != plan)
        #expect(PairwisePlan(drop: 3, control: 9, pairs: 200, seed: 1, asksBothOrders: false).questions.count == 3)
        #expect(PairwisePlan(drop: 0, control: 9, pairs: 200, seed: 1).questions.isEmpty)
        #expect(PairwisePlan(drop: -1, control: 9, pairs: -2, seed: 1).questions.isEmpty)
    }

    @Test func `a pair's two texts stand in fences of their own, in its order`() throws {
        let template = try PairwiseTemplate("Which shows {{t}}?\n{{first}}\n{{second}}", parameters: ["t": "owls"])
        let question = PairwiseQuestion(pair: 0, drop: 0, control: 0, isDropFirst: false)
        let (drop, control) = (JudgeData(responses: ["<d>"]), JudgeData(responses: ["c"]))
        let text = try #require(question.rendered(template, drop: drop, control: control)).messages[1].content
        let places = [text.firstRange(of: #""c""#), text.firstRange(of: #""\u003cd>""#)]
        #expect(try #require(places[0]).lowerBound < (try #require(places[1])).lowerBound)
        #expect(text.contains("A for the first text, B for the second"))
        #expect(
            question.rendered(
                template, drop: JudgeData(responses: [String(repeating: "a", count: 200_000)]), control: control) == nil
        )
        for wrong in ["{{first}}", "{{second}}", "{{first}} {{second}} {{response}}"] {
            #expect(throws: SettingsError.self) { try PairwiseTemplate(wrong) }
        }
    }

    @Test func `a judge who sees it has an area above one half`() {
        // Right in 40 of 50 pairs, in both orders.
        let found = report(pairs: 50) { question in
            .score((question.pair < 40) == question.isDropFirst ? 90 : 10)
        }
        #expect(found.judged == 50 && found.wins == 40 && found.losses == 10 && found.ties == 0)
        #expect(found.area.value == 0.8)
        let wilson = wilsonInterval(successes: 40, trials: 50)
        #expect(
            abs(found.area.interval.low - wilson.low) < 1e-12 && abs(found.area.interval.high - wilson.high) < 1e-12)
        #expect(abs(found.preference.value - 0.74) < 1e-12)
        #expect(found.pValue == signTest(wins: 40, losses: 10))
        #expect(found.surviving?.value == 1 && found.firstPreferred.value == 0.5)
        #expect(found.finding.hasPrefix("the judge can tell the drop from its control"))
        let turned = report(pairs: 50) { .score(($0.pair < 40) == $0.isDropFirst ? 10 : 90) }
        #expect(turned.finding.contains("prefers the control"))
    }

    @Test func `a judge who likes the first place sees nothing, and that is said`() {
        let found = report(pairs: 60) { _ in .score(95) }
        #expect(found.ties == 60 && found.area.value == 0.5 && found.pValue == 1)
        #expect(found.firstPreferred.value == 1 && found.firstPreferred.interval.low > 0.9)
        #expect(found.surviving?.value == 0)
        #expect(found.finding.contains("can't be shown to see a difference"))
        // In one order only, half of the pairs have the drop first by chance.
        let once = report(pairs: 60, bothOrders: false) { _ in .score(95) }
        #expect(once.area.interval.low < 0.5 && once.area.interval.high > 0.5)
        #expect(once.surviving == nil)
        // Hard answers that are always the first: probabilities of 0.5 all, and yet an interval.
        #expect(found.preference.interval.high - found.preference.interval.low > 0.1)
    }

    @Test func `a pair without all its scores is not counted`() {
        let found = report(pairs: 10) { question in
            switch question.pair {
            case 0: question.isDropFirst ? .score(99) : .unjudged(.failed)
            case 1: question.isDropFirst ? .score(99) : .escape("CODE")
            case 2: nil
            default: .score(question.isDropFirst ? 60 : 40)
            }
        }
        #expect(found.pairs == 10 && found.judged == 7 && found.wins == 7 && found.escaped == 1)
        let none = report(pairs: 3) { _ in .unjudged(.budget) }
        #expect(none.area.value.isNaN && none.area.interval == Interval(low: 0, high: 1) && none.pValue == 1)
        #expect(none.finding == "nothing is known: no pair was judged")
        let short = PairwiseReport(PairwisePlan(drop: 5, control: 5, pairs: 5, seed: 1), [.score(9)])
        #expect(short.judged == 0)
    }

    @Test func `the interval of the area holds the truth about as often as it says`() {
        var held = 0
        for seed in 0..<300 as Range<UInt64> {
            var numbers = SplitMix64(seed: seed)
            let found = report(pairs: 40, bothOrders: false, seed: seed) { question in
                let sees = Double(numbers.next() >> 11) * 0x1p-53 < 0.65
                return .score(sees == question.isDropFirst ? 100 : 0)
            }
            if found.area.interval.low <= 0.65, found.area.interval.high >= 0.65 { held += 1 }
        }
        // 95 % of 300 is 285; four standard deviations are 15.
        #expect((270...300).contains(held), "\(held)")
    }

    @Test func `text and JSON say the same`() throws {
        let found = report(pairs: 50) { .score(($0.pair < 40) == $0.isDropFirst ? 90 : 10) }
        var text = ""
        found.writeText(style: TextStyle(), to: &text)
        #expect(
            text.hasPrefix(
                "SEEN  the judge can tell the drop from its control: it is right in 80.0 % (67.0 % to 88.8 %)"))
        #expect(text.contains("  drop preferred    80.0 % (67.0 % to 88.8 %): 40 for, 10 against, 0 ties\n"))
        #expect(text.contains("  survives swapping 100.0 % (92.9 % to 100.0 %) of the pairs\n"))
        var json = JSONWriter()
        found.write(to: &json)
        let value = try JSONValue(parsing: json.bytes)
        #expect(value["area"]?["value"]?.double == 0.8 && value["wins"]?.integer == 40)
        #expect(value["finding"]?.string == found.finding)
        var empty = JSONWriter()
        report(pairs: 0) { _ in nil }.write(to: &empty)
        #expect(try JSONValue(parsing: empty.bytes)["area"]?["value"] == .null)
    }
}
