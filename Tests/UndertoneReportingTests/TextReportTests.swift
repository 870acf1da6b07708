import Testing
import UndertoneReporting
import UndertoneText

@Suite struct TextReportTests {
    @Test("the first line has the verdict and why")
    func verdict() {
        let cause = "max-reject-rate: 16.99 % of 12,163 records were rejected, at most 10 % may be"
        #expect(firstLine(richReport()) == "FAILED  \(cause); and 2 more reasons")
        var report = richReport()
        report.passed = true
        #expect(firstLine(report) == "PASSED  10,097 of 12,163 records kept, 2,066 rejected")
        report.passed = false
        report.clauses = []
        report.rules[2].hits = 0
        #expect(firstLine(report) == "FAILED  data/shard-2.jsonl.zst: the zstd frame breaks off at byte 9,120")
        report.inputs = []
        #expect(firstLine(report) == "FAILED  the gate says no; 10,097 of 12,163 records kept, 2,066 rejected")
    }

    @Test("without colour there is no escape sequence, and colour changes nothing but colour")
    func colour() {
        let plain = ReportFormat.text.render(richReport(), style: .init(width: 80))
        #expect(!plain.contains("\u{1B}"))
        let colored = ReportFormat.text.render(richReport(), style: .init(color: true, width: 80))
        let bare = colored.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        // Marks around a span take the place of its colour.
        let unmarked = plain.replacing("»", with: "").replacing("«", with: "")
        #expect(bare == unmarked)
        let opened = colored.matches(of: /\u{1B}\[[1-9][0-9;]*m/).count
        #expect(opened == colored.matches(of: /\u{1B}\[0m/).count)
    }

    @Test("table and excerpts keep to the width", arguments: [60, 80, 100, 200])
    func width(width: Int) {
        var report = richReport()
        for index in report.samples.indices {
            report.samples[index].excerpt = String(repeating: "猫と🦉 ", count: 40)
            report.samples[index].excerptSpan = 100..<107
        }
        for index in report.rules.indices {
            report.rules[index].description = String(repeating: "words and 猫 ", count: 30)
        }
        let lines = ReportFormat.text.render(report, style: .init(width: width)).split(separator: "\n")
        let table = lines.drop { $0 != "Rules" }.prefix { $0 != "Findings" }
        #expect(table.allSatisfy { displayWidth(String($0)) <= max(width, 80) })
        let excerpts = lines.filter { $0.contains("│") }
        #expect(excerpts.count >= 5)
        #expect(excerpts.allSatisfy { displayWidth(String($0)) <= width && $0.contains("»") && $0.contains("«") })
    }

    @Test("no line ends in white space")
    func trailing() {
        for line in ReportFormat.text.render(richReport()).split(separator: "\n") { #expect(!line.hasSuffix(" ")) }
    }

    @Test("many inputs make a short list, those with a problem first")
    func manyInputs() {
        var report = richReport()
        let digest = String(repeating: "9", count: 64)
        report.inputs += (0..<500).map { .init(path: "shard-\($0)", sha256: digest, records: 7) }
        report.inputs.append(.init(path: "last", problem: "it vanished"))
        let text = ReportFormat.text.render(report)
        #expect(text.contains("it vanished"))
        #expect(text.contains("… 494 more inputs, 3,458 records"))
        #expect(text.contains("sha256 999999999999…"))
        #expect(text.split(separator: "\n").count < 70)
    }

    @Test("hits without findings and findings of hundreds of rules are summed up")
    func manyRules() {
        let text = ReportFormat.text.render(largeReport(rules: 1_000, inputs: 10, samples: 2_000))
        #expect(text.contains("… 103 more rules with findings"))
        #expect(text.contains("857 other rules met nothing"))
        #expect(text.contains("of 1,000,000 findings shown"))
    }

    private func firstLine(_ report: ScanReport) -> String {
        String(ReportFormat.text.render(report).prefix { $0 != "\n" })
    }
}

@Suite struct FiguresTests {
    @Test(
        "shares are never rounded to none or to all",
        arguments: [
            (0, 10, "0.00 %"), (1, 1_000_000, "<0.01 %"), (1, 3, "33.33 %"), (999_999, 1_000_000, ">99.99 %"),
            (10, 10, "100.00 %"), (0, 0, "–"),
        ])
    func percents(part: Int, whole: Int, wanted: String) { #expect(percent(part, of: whole) == wanted) }

    @Test(
        "whole numbers have separators",
        arguments: [
            (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (.min, "-9,223,372,036,854,775,808"),
        ]
    )
    func groups(number: Int, wanted: String) { #expect(grouped(number) == wanted) }

    @Test(
        "decimals are fixed",
        arguments: [
            (0.0, 2, "0.00"), (0.005, 2, "0.01"), (1234.5678, 2, "1,234.57"), (-0.001, 2, "0.00"), (-1.5, 0, "-2"),
            (.nan, 1, "–"), (.infinity, 1, "–"), (99.996, 2, "100.00"),
        ])
    func decimals(number: Double, count: Int, wanted: String) { #expect(fixed(number, decimals: count) == wanted) }

    @Test(
        "sizes have three or four digits",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
            (.max, "9,223.4 PB"),
        ])
    func sizes(bytes: Int, wanted: String) { #expect(byteCount(bytes) == wanted) }

    @Test(
        "times read as people say them",
        arguments: [
            (0, "0.00 s"), (9.994, "9.99 s"), (12.34, "12.3 s"), (59.97, "1 min 00 s"), (185, "3 min 05 s"),
            (.nan, "–"),
        ])
    func times(seconds: Double, wanted: String) { #expect(duration(seconds) == wanted) }
}

@Suite struct VisibleTextTests {
    @Test(
        "what can't be seen is spelled out",
        arguments: [
            ("plain text, 猫 é 🦉", "plain text, 猫 é 🦉"), ("a\nb\tc\rd", #"a\nb\tc\rd"#), ("\u{1B}[1m", #"\u{1B}[1m"#),
            ("x\u{202E}y", #"x\u{202E}y"#), ("e\u{301}", "e\u{301}"), ("\u{301}e", #"\u{301}e"#),
            ("::error::x", #"\u{3A}:error::x"#), ("  ::x", #"  \u{3A}:x"#), ("a ::x", "a ::x"),
            ("##[x", #"\u{23}#[x"#), ("##[\u{301}x", #"\u{23}#["# + "\u{301}x"), ("##VSO[x", #"\u{23}#VSO[x"#),
            ("## x", "## x"),
        ])
    func shown(text: String, wanted: String) {
        #expect(visible(text).unicodeScalars.elementsEqual(wanted.unicodeScalars), "\(visible(text))")
    }

    @Test("long text is cut behind the limit")
    func limit() {
        #expect(visible("abcdef", limit: 6) == "abcdef")
        #expect(visible("abcdefg", limit: 6) == "abcdef…")
        #expect(clipped("abcdef", to: 4) == "abc…")
        #expect(clippedInFront("abcdef", to: 4) == "…def")
        #expect(clipped("猫猫猫", to: 5) == "猫猫…")
        #expect(displayWidth("猫e\u{301}🦉") == 5)
    }
}
