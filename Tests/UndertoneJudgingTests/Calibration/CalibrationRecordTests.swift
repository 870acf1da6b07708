// Whether a calibration satisfies a rule, and why not.

import Testing
import UndertoneCore
import UndertoneStatistics
import UndertoneText

@testable import UndertoneJudging

@Suite struct CalibrationRecordTests {
    private let now = Moment("2026-11-21T10:00:00Z") ?? Moment(seconds: 0)
    private var settings = JudgeSettings(name: "default", door: .command(["judge"]), model: "m")
    private var rule: JudgeRule = {
        var rule = JudgeRule("Owls? {{response}}", above: 50, unjudged: .pass)
        rule.calibration = .init(kappa: 0.6, maxAgeDays: 30)
        return rule
    }()

    private func record(_ low: Double = 0.65) -> CalibrationRecord {
        CalibrationRecord(
            Sample.source(question: rule.questionDigest), threshold: 50, n: 300,
            kappa: Agreement(value: 0.7, standardError: 0.02, interval: Interval(low: low, high: 0.8)))
    }

    @Test func `a calibration that satisfies has no objection`() {
        #expect(record().objection(to: rule, settings: settings, now: now) == nil)
        #expect(record(0.6).objection(to: rule, settings: settings, returned: ["m-2026"], now: now) == nil)
        var lax = rule
        lax.calibration = nil
        #expect(record(-1).objection(to: lax, settings: settings, now: now) == nil)
    }

    @Test func `each fault is named`() throws {
        func objection(
            _ change: (inout CalibrationRecord, inout JudgeRule, inout JudgeSettings) -> Void, returned: [String] = [],
            now: Moment? = nil
        ) -> String {
            var (record, rule, settings) = (record(), rule, settings)
            change(&record, &rule, &settings)
            return record.objection(to: rule, settings: settings, returned: returned, now: now ?? self.now) ?? "none"
        }
        let low = objection { record, _, _ in record.kappa?.interval.low = 0.599 }
        #expect(low.contains("lower end of 0.599, and 0.60"))
        #expect(objection { record, _, _ in record.kappa = nil }.contains("not defined"))
        #expect(objection { _, rule, _ in rule.question += "!" }.contains("another question"))
        #expect(objection { _, _, settings in settings.model = "n" }.contains("the model \"m\", not with \"n\""))
        #expect(objection({ _, _, _ in }, returned: ["m-2026", "m-2027"]).contains("\"m-2027\""))
        #expect(objection { _, rule, _ in rule.above = 60 }.contains("from 50.00"))
        #expect(objection { _, _, settings in settings.released = "2026-11-02" }.contains("release on \"2026-11-02\""))
        #expect(objection { _, _, settings in settings.released = "2026-11-01" } == "none")
        #expect(objection { _, _, settings in settings.released = "soon" }.contains("no date"))
        #expect(objection { record, _, _ in record.source.date = "2026-10-20T10:00:00Z" }.contains("32 days old"))
        #expect(objection { record, _, _ in record.source.date = "2026-12-20T10:00:00Z" }.contains("after now"))
        #expect(objection { record, _, _ in record.source.date = "yesterday" }.contains("date is none"))
    }

    @Test func `a question's digest changes with all that is asked and with nothing else`() {
        let digest = rule.questionDigest
        var changed: [JudgeRule] = Array(repeating: rule, count: 4)
        changed[0].question += " "
        changed[1].parameters = ["a": "b"]
        changed[2].answer = .letter
        changed[3].escapes = ["CODE"]
        #expect(Set(changed.map(\.questionDigest) + [digest]).count == 5)
        var same = rule
        same.above = 7
        same.judge = "other"
        same.unjudged = .act(.fail)
        same.escaped = .act(.flag)
        same.sample = .init(share: 0.5)
        same.calibration = nil
        #expect(same.questionDigest == digest)
        #expect(digest.utf8.count == 64)
        // Neither may be taken for the other.
        var (first, second) = (rule, rule)
        first.parameters = ["a": "1\",\"b\":\"2"]
        second.parameters = ["a": "1", "b": "2"]
        #expect(first.questionDigest != second.questionDigest)
    }
}
