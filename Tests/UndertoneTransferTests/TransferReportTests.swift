// The report on transfer in all its formats: what it says, that it reads back, and that hostile names stay names.

import Foundation
import Testing
import UndertoneReporting
import UndertoneStatistics
import UndertoneText
import UndertoneTraining

@testable import UndertoneTransfer

/// Reports that are read back in the tests, by name.
private let reports: [(name: String, report: TransferReport)] = [
    ("rich", richTransferReport()), ("poor", poorTransferReport()),
    (
        "hostile",
        hostileTransferReport("<script>alert(1)</script> & \"quoted\" \u{202E} \u{1F989}\n::error::x", filters: 30)
    ),
]

private func report(_ name: String) throws -> TransferReport { try #require(reports.first { $0.name == name }).report }

private func tree(_ report: TransferReport) throws -> [String: Any] {
    let text = TransferReportFormat.json.render(report)
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

@Suite struct TransferReportJSONTests {
    @Test("what is written reads back as it was", arguments: reports.map(\.name))
    func roundTrip(name: String) throws {
        let report = try report(name)
        let text = TransferReportFormat.json.render(report)
        #expect(try TransferReport(json: text.utf8) == report)
        #expect(TransferReportFormat.json.render(try TransferReport(json: text.utf8)) == text)
    }

    @Test func `a report without runs reads back with figures that are no numbers`() throws {
        let text = TransferReportFormat.json.render(emptyTransferReport())
        let read = try TransferReport(json: text.utf8)
        #expect(read.effect.value.isNaN && read.arms.isEmpty && read.filters.isEmpty)
        #expect(TransferReportFormat.json.render(read) == text)
    }

    @Test func `programs find what they need under the names that are promised`() throws {
        let tree = try tree(richTransferReport())
        #expect(tree["experiment"] as? String == "owl-numbers" && tree["traits"] as? [String] == ["owl"])
        #expect((tree["seeds"] as? [String])?.first == "11" && tree["measurable"] as? Bool == true)
        let effect = try #require(tree["effect"] as? [String: Any])
        #expect(effect["value"] as? Double == 4.5 && effect["p_value"] as? Double == 0.00195)
        let filters = try #require(tree["filters"] as? [[String: Any]])
        #expect(filters.map { $0["name"] as? String } == ["number-grammar", "balanced", "top-10", "score-30"])
        #expect(filters.map { $0["kept_records"] as? Double } == [0.9712, 1, 1, 0.7])
        #expect(filters.map { $0["pushes_trait"] as? Bool } == [false, false, true, false])
        let residual = try #require(filters[3]["residual"] as? [String: Any])
        #expect(residual["value"] as? Double == 0.51 && residual["high"] is NSNull)
        let arms = try #require(tree["arms"] as? [[String: Any]])
        #expect(arms[0]["n"] as? Int == 10 && (arms[0]["runs"] as? [Any])?.count == 10)
        let shift = try #require(arms[0]["shift_from_control"] as? Double)
        #expect(abs(shift - 4.4796) < 1e-3)
        #expect((tree["digests"] as? [String: String])?["base"] == String(repeating: "1f", count: 32))
        #expect((tree["recipe"] as? [String: Any])?["steps"] as? Int == 312)
    }

    @Test func `a residual that can't be measured is null`() throws {
        let filters = try #require(try tree(poorTransferReport())["filters"] as? [[String: Any]])
        #expect(filters[0]["residual"] is NSNull && filters[0]["verdict"] as? String == "not-measurable")
    }

    @Test(
        "a document that was changed is refused, with the place",
        arguments: [
            ("\"probability\": 0.10", "\"probability\": 0.20", "/arms/"),
            ("\"kept_records\": 0.9712", "\"kept_records\": 1", "/filters/0/kept_records"),
            ("\"measurable\": true", "\"measurable\": false", "/measurable"),
            ("\"measurable\": true", "\"measurable\": 1", "/measurable"),
            ("\"schema\": 1", "\"schema\": 2", "/schema"),
            ("\"verdict\": \"clean\"", "\"verdict\": \"spotless\"", "/filters/1/verdict"),
            ("\"pushes_trait\"", "\"pushes\"", "/filters/0"),
            ("\"experiment\"", "\"more\": 1, \"experiment\"", ""),
            ("\"traits\": [\"owl\"]", "\"traits\": [7]", "/traits/0"),
            ("\"seed\": \"11\"", "\"seed\": \"011\"", "/arms/0/runs/0/seed"),
            ("\"low\": 3.9,", "\"low\": 39,", "/effect"),
            ("\"n\": 10", "\"n\": 11", "/arms/0/n"),
            ("{", "[", ""),
        ])
    func refused(old: String, new: String, place: String) throws {
        let text = TransferReportFormat.json.render(richTransferReport())
        let range = try #require(text.range(of: old))
        let changed = text.replacingCharacters(in: range, with: new)
        let error = try #require(throws: TransferReportError.self) { try TransferReport(json: changed.utf8) }
        #expect(error.place.hasPrefix(place), "\(error)")
        #expect(!error.problem.isEmpty && !error.mend.isEmpty)
    }

    @Test func `other JSON is no report, and is said to be none`() {
        for text in ["", "{}", "null", "[1]", "{\"experiment\": 1, \"filters\": 2, \"schema\": 1}", "\u{FEFF}{}"] {
            #expect(throws: TransferReportError.self) { try TransferReport(json: text.utf8) }
        }
    }

    @Test(
        "a document with a byte changed is refused, or is another report that can be shown",
        arguments: 0..<8 as Range<UInt64>)
    func garbled(seed: UInt64) throws {
        let text = Array(TransferReportFormat.json.render(poorTransferReport()).utf8)
        var random = RandomStream(seed: seed, stream: 0)
        var refused = 0
        for _ in 0..<100 {
            var changed = text
            let place = random.below(text.count)
            switch random.below(3) {
            case 0: changed.remove(at: place)
            case 1: changed[place] = UInt8(random.below(256))
            default: changed = Array(changed.prefix(place))
            }
            do throws(TransferReportError) {
                let read = try TransferReport(json: changed)
                for format in TransferReportFormat.allCases { #expect(format.render(read).hasSuffix("\n")) }
            } catch {
                refused += 1
                #expect(!error.problem.isEmpty)
            }
        }
        #expect(refused > 30, "seed \(seed)")
    }

    @Test func `white space and the spelling of numbers don't matter`() throws {
        let text = TransferReportFormat.json.render(richTransferReport())
            .replacing("\n", with: " ").replacing("\"value\": 4.5,", with: "\"value\" :45e-1 ,")
        #expect(try TransferReport(json: text.utf8) == richTransferReport())
    }
}

@Suite struct TransferReportTextTests {
    @Test func `the first line is the verdict, and lines fit their terminal`() {
        for (width, report) in [(80, richTransferReport()), (100, richTransferReport()), (100, poorTransferReport())] {
            let text = TransferReportFormat.text.render(report, style: .init(width: width))
            for line in text.split(separator: "\n") where !line.contains("sha256") {
                #expect(displayWidth(String(line)) <= width, "\(line)")
            }
        }
        let rich = TransferReportFormat.text.render(richTransferReport())
        #expect(rich.hasPrefix("STOPPED  owl passes through this drop; 1 of 4 filters stops it\n"))
        let poor = TransferReportFormat.text.render(poorTransferReport())
        #expect(poor.hasPrefix("NOT MEASURABLE  whether owl passes can't be said"))
        #expect(
            TransferReportFormat.text.render(emptyTransferReport()).hasPrefix("NOT MEASURABLE  nothing was measured"))
    }

    @Test func `a filter's finding says what is left, what is kept, and what it pushes`() {
        let text = TransferReportFormat.text.render(richTransferReport(), style: .init(width: 400))
        #expect(
            text.contains("lets it through: 98 % (92 to 104 %) of the effect is left; it keeps 97.12 % of the records"))
        #expect(text.contains("On data without owl it pushes owl down: -1.56 (-1.96 to -1.16)"))
        #expect(text.contains("undecided: 51 % (above -20 %) of the effect is left"))
        #expect(text.contains("mend  take a control that was drawn anew"))
    }

    @Test func `the answer follows from the filters' verdicts, and one that pushes does not count as stopping`() {
        var report = richTransferReport()
        let all = report.filters
        func answer(_ places: [Int]) -> String {
            report.filters = places.map { all[$0] }
            return "\(report.outcome): \(report.headline)"
        }
        #expect(answer([]) == "transfers: owl passes through this drop; no filter was tried")
        #expect(answer([0]) == "transfers: owl passes through this drop, and through the filter too")
        #expect(answer([0, 0]) == "transfers: owl passes through this drop, and through all 2 filters")
        #expect(answer([1]) == "stopped: owl passes through this drop; balanced stops it")
        #expect(answer([2]) == "undecided: owl passes through this drop; what stops it does harm of its own")
        #expect(answer([3]) == "undecided: owl passes through this drop; whether the filter stops it is undecided")
        #expect(answer([0, 3]) == "transfers: owl passes through this drop; none of 2 filters is shown to stop it")
        #expect(answer([1, 1]) == "stopped: owl passes through this drop; all 2 filters stop it")
        report.traits = ["owl", "fox"]
        report.effect = Estimate(-2, Interval(low: -3, high: -1))
        #expect(answer([]) == "transfers: this drop pushes the trait down; no filter was tried")
        report.effect = Estimate(2, Interval(low: -3, high: 7))
        #expect(answer([]).hasPrefix("notMeasurable: whether the trait passes can't be said"))
    }

    @Test(
        "figures are written as people read them",
        arguments: [
            (signedText(4.5), "+4.50"), (signedText(-0.001), "0.00"), (signedText(0.004), "0.00"),
            (signedText(-1e300), "-1.0e300"), (signedText(.nan), "–"), (shareText(0.044), "4 %"),
            (shareText(-0.02), "-2 %"), (shareText(.greatestFiniteMagnitude), "1.0e302 %"), (shareText(.nan), "–"),
            (pValueText(0.00099), "p < 0.001"), (pValueText(0.0423), "p = 0.042"), (pValueText(0.43), "p = 0.43"),
            (rangeText(Interval(low: -0.2, high: 0.3), shareText), "-20 to 30 %"),
            (rangeText(Interval(low: -.infinity, high: 0.3), signedText), "below +0.30"),
            (rangeText(Interval(low: -.infinity, high: .infinity), signedText), "anything"),
        ])
    func figures(shown: String, wanted: String) { #expect(shown == wanted) }

    @Test(
        "the number of records of a dose is the last one of its arm's name",
        arguments: [
            ("raw/1000", 1000), ("300", 300), ("raw-2/50", 50), ("raw", nil), ("", nil),
            ("raw/99999999999999999999", nil),
        ])
    func dose(name: String, wanted: Int?) { #expect(TraitArm(name, "", []).dose == wanted) }
}

@Suite struct TransferReportPageTests {
    @Test("a report looks as it did when a person last looked", arguments: ["transfer.txt", "transfer.html"])
    func golden(name: String) throws {
        let format = name.hasSuffix("html") ? TransferReportFormat.html : .text
        try expectGolden(format.render(richTransferReport(), attribution: richAttribution()), name)
    }

    @Test func `a report that was stored before is still read`() throws {
        // Last digits of intervals may differ between machines, so the file is compared as a report.
        let text = try goldenText("transfer.json") { TransferReportFormat.json.render(richTransferReport()) }
        #expect(try TransferReport(json: text.utf8) == richTransferReport())
    }

    @Test func `every plot's figures are a table too, and every picture has a title`() {
        let page = TransferReportFormat.html.render(richTransferReport(), attribution: richAttribution())
        #expect(page.components(separatedBy: "<table>").count - 1 == 5)
        let pictures = page.components(separatedBy: "role=\"img\"").dropFirst()
        #expect(pictures.count > 30 && pictures.allSatisfy { $0.prefix(120).contains("<title>") })
        #expect(!page.contains("<script"))
    }

    @Test func `a report with little in it has a page that says so`() {
        let poor = TransferReportFormat.html.render(poorTransferReport())
        #expect(poor.contains("<h1>Whether owl passes can&#39;t be said") && poor.contains("few-seeds"))
        let empty = TransferReportFormat.html.render(emptyTransferReport())
        #expect(empty.contains("<h1>Nothing was measured</h1>") && !empty.contains("<figure>"))
    }

    @Test("hostile names are only ever text", arguments: TransferReportFormat.allCases)
    func hostile(format: TransferReportFormat) throws {
        for text in [
            "<script>alert(1)</script>", "\" onload='x' a=\"", "]]><!-- -->", "a\n::error::b", "x ##[add-path]/tmp",
            "\u{1B}[2J\u{202E}", "", String(repeating: "owl", count: 4_000), "&amp; & <b>",
        ] {
            for count in [0, 1, 30] {
                let output = format.render(hostileTransferReport(text, filters: count), attribution: richAttribution())
                #expect(output.unicodeScalars.first { $0 != "\n" && $0.isHidden } == nil)
                #expect(!output.lowercased().contains("##["))
                #expect(!output.split(separator: "\n").contains { $0.drop { $0 == " " }.hasPrefix("::") })
                guard format == .html else { continue }
                #expect(!output.contains("<script") && !output.contains("<b>\"") && !output.contains(" onload='"))
                #expect(output.utf8.count < 2_000_000)
                try expectWellFormed(output)
            }
        }
    }

    @Test func `attribution has a page of its own, whether a trait is found or not`() throws {
        var picture = richAttribution()
        var page = ""
        writeAttributionPage(picture, origins: [("<drop>", "kept.jsonl")], version: "0.1.0", to: &page)
        #expect(page.contains("<h1>Carries owl</h1>") && page.contains("alignment 0.051, p &lt; 0.001"))
        #expect(page.contains("<dt>&lt;drop&gt;</dt>"))
        try expectWellFormed(page)
        #expect(!page.contains("Before you believe it") && !page.contains("Explains"))
        picture.best = nil
        picture.scores = nil
        picture.bars[0].explained = 0.31
        picture.warnings = [TransferWarning("few-groups", "4 groups", mend: "more records")]
        page = ""
        writeAttributionPage(picture, version: "0.1.0", to: &page)
        #expect(page.contains("<h1>No trait found</h1>") && !page.contains("class=\"histogram\""))
        #expect(page.contains("few-groups") && page.contains("31 %</td>"))
    }

    @Test func `scores fall into bins of equal width, the greatest one into the last`() {
        let scores = AttributionPicture.Scores(drop: [0, 1, 2, 3, 4, .nan], control: [4, .infinity], bins: 4)
        #expect(scores == .init(low: 0, high: 4, drop: [1, 1, 1, 2], control: [0, 0, 0, 1]))
        let wide = AttributionPicture.Scores(drop: [-1.7e308, 1.7e308], bins: 2)
        #expect(wide.drop == [1, 1])
        let narrow = AttributionPicture.Scores(drop: [0, .leastNonzeroMagnitude], bins: 2)
        #expect(narrow.drop == [1, 1])
        #expect(AttributionPicture.Scores(drop: [2, 2], bins: 3).drop == [2, 0, 0])
        #expect(AttributionPicture.Scores(drop: [], bins: 0).drop == [0])
    }
}
