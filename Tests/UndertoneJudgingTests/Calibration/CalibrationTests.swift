// What a calibration says of judges of known worth.

import Testing
import UndertoneCore
import UndertoneReporting
import UndertoneStatistics
import UndertoneText

@testable import UndertoneJudging

@Suite struct CalibrationTests {
    private func report(
        _ items: [Labelled], threshold: Double = 50, _ judge: (Labelled) -> Judgement
    ) -> CalibrationReport {
        Calibration.report(items, judgements: [items.map(judge)], threshold: threshold, source: Sample.source())
    }

    @Test(arguments: [100.0, 0.0])
    func `a judge who always says the same fails, whatever the classes`(score: Double) {
        for (positives, negatives) in [(100, 100), (190, 10), (10, 190), (200, 0), (0, 200)] {
            let found = report(Sample.labelled(positives, negatives)) { _ in .score(score) }
            #expect(!found.passes() && !found.passes(0.01))
            #expect(found.warnings.contains { $0.code == "constant" })
            #expect(found.confusion.kappa.map { $0.interval == Interval(low: 0, high: 0) } ?? true)
            #expect(found.choice == nil)
            #expect(found.headline(0.6).word == "FAILS")
        }
    }

    @Test func `a judge who is always right passes with enough items only`() {
        let found = report(Sample.labelled(100, 100)) { .score($0.label ? 90 : 10) }
        #expect(found.passes(0.9) && found.warnings.isEmpty)
        #expect(found.confusion.truePositives == 100 && found.confusion.trueNegatives == 100)
        #expect(found.auroc?.value == 1 && found.choice?.threshold == 50 && found.choice?.confusion.n == 100)
        #expect(abs((found.brier ?? 1) - 0.01) < 1e-12)
        let few = report(Sample.labelled(2, 2)) { .score($0.label ? 90 : 10) }
        #expect(few.confusion.kappa?.value == 1 && !few.passes())
        #expect(few.warnings.map(\.code) == ["few-items", "few-of-class", "few-of-class"])
    }

    @Test func `figures are those of the table`() throws {
        // By hand: 80 of 100 and 150 of 200 are right.
        var (hits, alarms) = (0, 0)
        let found = report(Sample.labelled(100, 200)) { item in
            if item.label { hits += 1 } else { alarms += 1 }
            return .score((item.label ? hits <= 80 : alarms <= 50) ? 50 : 49.9)
        }
        #expect(found.confusion.table == [[150, 50], [20, 80]])
        #expect(abs(found.confusion.accuracy.value - 230.0 / 300) < 1e-12)
        #expect(found.confusion.sensitivity.value == 0.8 && found.confusion.specificity.value == 0.75)
        #expect(found.confusion.sensitivity.interval == wilsonInterval(successes: 80, trials: 100))
        #expect(found.confusion.kappa == cohenKappa([[150, 50], [20, 80]]))
        // Met by 140 of 400: (0.35 + 0.75 − 1) / 0.55.
        let share = try #require(found.confusion.correctedShare(met: 140, of: 400))
        #expect(abs(share.value - 0.1 / 0.55) < 1e-12 && share.interval.low < 0.18 && share.interval.high > 0.19)
    }

    @Test func `unjudged items and escapes are counted by class, and only decisions count`() {
        var place = -1
        let items = Sample.labelled(100, 100)
        let judgements: [Judgement] = items.map { item in
            place += 1
            switch place % 10 {
            case 0: return .unjudged(.refused)
            case 1: return .escape("CODE")
            default: return .score(item.label ? 80 : 20)
            }
        }
        for meets in [true, false] {
            let found = Calibration.report(
                items, judgements: [judgements], threshold: 50, meetsEscaped: meets, source: Sample.source())
            #expect(found.unjudged.positives == 20 && found.unjudged.negatives == 0)
            #expect(found.escaped.negatives == 20 && found.escaped.positives == 0)
            #expect(found.confusion.n == 180 && found.confusion.falsePositives == (meets ? 20 : 0))
            #expect(found.warnings.map(\.code) == ["unjudged"])
        }
        let nothing = Calibration.report(items, judgements: [], threshold: 50, source: Sample.source())
        #expect(nothing.unjudged.all == 200 && nothing.confusion.n == 0 && !nothing.passes())
        #expect(nothing.auroc == nil && nothing.brier == nil && nothing.curve.isEmpty)
        #expect(nothing.warnings.first?.code == "nothing-decided")
    }

    @Test func `a decision that changes when asked again is a flip`() {
        let items = Sample.labelled(50, 50)
        let first = items.map { Judgement.score($0.label ? 80 : 20) }
        var second = first
        second[0] = .score(20)
        second[1] = .unjudged(.failed)
        second[2] = .score(51)
        var third = first
        third[0] = .score(20)
        third[5] = .escape("CODE")
        let found = Calibration.report(
            items, judgements: [first, second, third], threshold: 50, source: Sample.source())
        #expect(found.flips == CountedShare(2, of: 100))
        #expect(Calibration.report(items, judgements: [first], threshold: 50, source: Sample.source()).flips.whole == 0)
        #expect(found.confusion.accuracy.value == 1)
    }

    @Test func `a threshold is chosen on one half and tried on the other`() throws {
        let items = Sample.labelled(200, 200)
        var place = 0
        let found = report(items, threshold: 90) { item in
            place += 1
            return .score(item.label ? 60 + Double(place % 20) : 40 - Double(place % 20))
        }
        let choice = try #require(found.choice)
        #expect(choice.threshold > 40 && choice.threshold < 60)
        #expect(choice.chosenOn == 200 && choice.confusion.n == 200 && choice.confusion.kappa?.value == 1)
        #expect(found.confusion.truePositives == 0)
        #expect(Sample.report().choice == Sample.report().choice)
        // Scores that mean nothing: what luck gives on one half is not found on the other.
        var held = 0
        for seed in 0..<40 as Range<UInt64> {
            var numbers = SplitMix64(seed: seed)
            let random = items.map { _ in Judgement.score(Double(Int.random(in: 0...100, using: &numbers))) }
            let noise = Calibration.report(
                items, judgements: [random], threshold: 50, source: Sample.source(), seed: seed)
            if let interval = noise.choice?.confusion.kappa?.interval, interval.low <= 0, interval.high >= 0 {
                held += 1
            }
        }
        #expect(held >= 33, "\(held)")
    }

    @Test func `people's agreement is that of their first two votes`() {
        var items = Sample.labelled(100, 100)
        for place in 0..<40 {
            items[place].votes = [
                .init(by: "Ada", label: items[place].label), .init(by: "Bo", label: items[place].label != (place < 10)),
            ]
        }
        items[50].votes = [.init(by: "Ada", label: true)]
        let found = report(items) { .score($0.label ? 90 : 10) }
        #expect(found.people.table == [[15, 5], [5, 15]])
        #expect(found.warnings.map(\.code) == ["above-people"])
    }

    @Test func `scores that are upside down are said to be`() {
        let found = report(Sample.labelled(100, 100)) { .score($0.label ? 10 : 90) }
        #expect(found.warnings.contains { $0.code == "upside-down" })
        #expect(found.confusion.kappa?.value == -1 && !found.passes())
    }

    @Test func `the text says it in the first line`() {
        var text = ""
        Sample.report().writeText(style: TextStyle(), to: &text)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasPrefix("PASSES  κ 0.") || lines[0].hasPrefix("FAILS  κ 0."))
        #expect(lines[1] == "300 items, 120 labelled 1 and 180 labelled 0; 0 unjudged; met from a score of 50")
        #expect(text.contains("fp<1>") && text.contains("m-2025, m-2026") && !text.contains("\u{1B}"))
        #expect(lines.allSatisfy { $0.count <= 120 })
        var hostile = Sample.source()
        hostile.judge = "\u{1B}[2J\u{202E}"
        text = ""
        CalibrationReport(source: hostile, items: [], threshold: 50, meetsEscaped: false, seed: 1)
            .writeText(style: TextStyle(), to: &text)
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
    }
}

@Suite struct CalibrationFormatTests {
    private func json(_ report: CalibrationReport) -> [UInt8] {
        var json = JSONWriter()
        report.write(to: &json)
        return json.bytes
    }

    @Test func `a report is read back as it was written`() throws {
        var items = Sample.labelled(60, 60)
        items[0].votes = [.init(by: "A", label: true), .init(by: "B", label: false)]
        var judgements = Sample.judgements(items)
        judgements[0][3] = .escape("CODE")
        judgements[0][4] = .unjudged(.cutOff)
        let report = Calibration.report(
            items, judgements: judgements, threshold: 47.5, meetsEscaped: true, source: Sample.source(), seed: .max)
        #expect(try CalibrationReport(json: json(report)) == report)
        let empty = CalibrationReport(source: Sample.source(), items: [], threshold: 5, meetsEscaped: false, seed: 1)
        #expect(try CalibrationReport(json: json(empty)) == empty)
        var record = JSONWriter(.compact)
        report.record.write(to: &record)
        #expect(try CalibrationRecord(json: record.bytes) == report.record)
    }

    @Test func `a figure that does not follow is not believed`() throws {
        let text = String(decoding: json(Sample.report()), as: UTF8.self)
        for (part, other, place) in [
            ("\"kappa\": {\"value\": 0", "\"kappa\": {\"value\": 1", "/calibration"),
            ("\"n\": 300", "\"n\": 301", "/calibration"),
            ("\"true_positives\": ", "\"true_positives\": 1", "/confusion"), ("\"brier\": 0", "\"brier\": 1", "/brier"),
            ("\"schema\": 1", "\"schema\": 2", "/schema"), ("\"seed\": \"1\"", "\"seed\": 1", "/seed"),
            ("\"m-2025\", \"m-2026\"", "\"m-2026\", \"m-2025\"", "/calibration"),
            ("2026-11-01T10:00:00Z", "2026-13-01T10:00:00Z", "/calibration/date"),
            ("{\"label\": 1, \"answers\": [", "{\"label\": 2, \"answers\": [", "/items/0"),
            ("{\"label\": 1, \"answers\": [", "{\"label\": 1, \"answers\": [101, ", "/items/0"),
            ("\"warnings\": []", "\"warnings\": [1]", "/warnings"),
            ("\"warnings\": []", "\"warnings\": [], \"more\": 1", ""),
        ] {
            let range = try #require(text.firstRange(of: part), "\(part)")
            let changed = text.replacingCharacters(range, other)
            let error = #expect(throws: CalibrationError.self) { try CalibrationReport(json: changed.utf8) }
            #expect(error?.place == place, "\(part)")
        }
        for wrong in ["", "{}", "[]", String(repeating: "[", count: 100_000), "{\"calibration\": 1, \"items\": 2}"] {
            #expect(throws: CalibrationError.self) { try CalibrationReport(json: wrong.utf8) }
            #expect(throws: CalibrationError.self) { try CalibrationRecord(json: wrong.utf8) }
        }
    }

    @Test func `the page shows every figure and lets nothing become markup`() {
        var page = ""
        var source = Sample.source()
        source.model = "<script>alert(1)</script>"
        let items = Sample.labelled(120, 180)
        Calibration.report(items, judgements: Sample.judgements(items), threshold: 50, source: source)
            .writeHTML(version: "1", to: &page)
        #expect(!page.contains("<script") && page.contains("&lt;script&gt;"))
        for word in ["Reliability", "Receiver operating", "AUROC", "κ", "Met", "sensitivity", "<polyline"] {
            #expect(page.contains(word), "\(word)")
        }
        #expect(!page.contains("nan") && !page.contains("inf"))
        var empty = ""
        CalibrationReport(source: source, items: [], threshold: 5, meetsEscaped: false, seed: 1)
            .writeHTML(version: "", to: &empty)
        #expect(empty.contains("nothing-decided") && !empty.contains("<polyline"))
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<String.Index>, _ other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
