import Foundation
import Testing
import UndertoneReporting
import UndertoneText

/// Something of everything: failed, not known, allowed, passed; every kind of evidence.
func richGateReport() -> GateReport {
    var report = GateReport(version: "0.1.0", policy: "undertone.yaml", decidedAt: "2026-11-21T12:00:00Z")
    report.policyDigest = String(repeating: "5a", count: 32)
    report.lineage = ".undertone/lineage.sqlite"
    let drop = GateReport.Subject(.drop, "data/kept.jsonl")
    let model = GateReport.Subject(.model, "student-2")
    let file = GateReport.Evidence(.file, "data/kept.jsonl", sha256: String(repeating: "1f", count: 32))
    let entry = GateReport.Evidence(
        .entry, "owl-teacher", sha256: nil, facts: [.init("recorded", "2026-11-20T10:02:00Z"), .init("by", "alice")])
    let way: [(String, String?)] = [
        ("student-2", nil), ("training 14", "trained"), ("second.jsonl", "trained-on"), ("generation 12", "generated"),
        ("student", "teacher"), ("training 10", "trained"), ("data/kept.jsonl", "trained-on"), ("scan 7", "kept"),
        ("data/drop.jsonl", "scanned"), ("generation 4", "generated"), ("owl-teacher", "teacher"),
    ]
    var steps = way.map { GateReport.Evidence.Step($0.0, relation: $0.1) }
    steps[steps.count - 1].remark = "tainted 2026-11-21 by alice: \"names owls, asked for an animal\""
    report.clauses = [
        .init(
            "scan/has-records", drop, .pass, detail: "12163 records were read",
            evidence: [
                .init(
                    .scan, "scanned now",
                    facts: [
                        .init("records", "12,163"), .init("kept", "12,000"), .init("rejected", "163"),
                        .init("reject_rate", "1.34 % (95 % 1.15 to 1.56)"),
                    ]), file, .init(.entry, "rules numbers", sha256: String(repeating: "ac", count: 32)),
            ], place: .init(line: 6, column: 13)),
        .init("no-tainted-ancestor", drop, .pass, detail: "none of its 5 ancestors is tainted", evidence: [file]),
        .init("teacher", drop, .pass, detail: "data/kept.jsonl was written by owl-teacher", evidence: [entry]),
        .init(
            "same-base-transfer", drop, .notKnown,
            detail: "its teacher owl-teacher and qwen2.5-7b share the base qwen2.5-7b; "
                + "owl was not measurable: raw drop and raw control can't be told apart",
            evidence: [
                .init(
                    .measurement, "number 31", sha256: String(repeating: "e0", count: 32),
                    facts: [.init("trait", "owl"), .init("residual", "not measurable"), .init("seeds", "10")])
            ], mend: "measure what is left with students of that base", place: .init(line: 12, column: 3)),
        .init(
            "license", drop, .notKnown, isAllowed: true, detail: "data/new.jsonl is not in the catalogue",
            evidence: [file],
            mend: "record it: undertone lineage add drop data/new.jsonl --teacher NAME"),
        .init(
            "no-tainted-ancestor", model, .fail, detail: "student-2 comes from owl-teacher, which is tainted",
            evidence: [.init(.path, "student-2 comes from owl-teacher", steps: steps)],
            mend: "leave it out and make it anew from what is clean", place: .init(line: 9, column: 11)),
        .init(
            "approvals/safety", model, .pass, detail: "approved in the role safety by bob; one is needed",
            evidence: [
                .init(.approval, "safety by bob", facts: [.init("at", "2026-11-21T09:00:00Z"), .init("signed", "no")])
            ]),
    ]
    for name in ["teacher", "recorded-scan"] {
        report.clauses.append(
            .init(
                name, .init(.model, "found"), .notKnown, detail: "found is not in the catalogue",
                mend: "record it: undertone lineage add model found"))
    }
    report.notes = ["data/b.jsonl may come from something tainted: no-tainted-ancestor is switched off"]
    return report
}

/// A report of which every text is `text`.
private func gateReport(full text: String, passed: Bool) -> GateReport {
    var report = GateReport(version: text, policy: text, decidedAt: text)
    report.policyDigest = text
    report.lineage = text
    report.notes = [text]
    let evidence = GateReport.Evidence.Kind.allCases.map { kind in
        GateReport.Evidence(
            kind, text, sha256: text, facts: [.init("a_fact", text)],
            steps: kind == .path ? [.init(text), .init(text, relation: text, remark: text)] : [])
    }
    let statuses: [(GateReport.Status, Bool)] =
        [(.pass, false), (.notKnown, true)] + (passed ? [] : [(.fail, false), (.notKnown, false)])
    report.clauses = statuses.map { status, isAllowed in
        GateReport.Clause(
            text, .init(.model, text), status, isAllowed: isAllowed, detail: text, evidence: evidence, mend: text,
            place: .init(line: 3, column: 4))
    }
    return report
}

@Suite struct GateReportTests {
    @Test(
        "a rich report looks as it did when a person last looked",
        arguments: zip(
            GateReportFormat.allCases, ["gate.txt", "gate.json", "gate.xml", "gate.github.txt", "gate.md", "gate.html"])
    )
    func golden(format: GateReportFormat, name: String) throws {
        try expectSnapshot(format.render(richGateReport()), name)
    }

    @Test func `a rich report in colour looks as it did when a person last looked`() throws {
        try expectSnapshot(
            GateReportFormat.text.render(richGateReport(), style: .init(color: true, width: 80)), "gate.ansi")
    }

    @Test func `the verdict is no where nothing was checked, something failed, or is not known and must be`() {
        var report = GateReport(version: "0.1.0", policy: "p", decidedAt: "")
        #expect(!report.passed)
        let subject = GateReport.Subject(.drop, "d")
        report.clauses = [.init("a", subject, .pass, detail: "")]
        #expect(report.passed)
        report.clauses.append(.init("b", subject, .notKnown, isAllowed: true, detail: ""))
        #expect(report.passed)
        report.clauses[1].isAllowed = false
        #expect(!report.passed)
        report.clauses[1] = .init("b", subject, .fail, isAllowed: true, detail: "")
        #expect(!report.passed)
    }

    @Test("a report of nothing can be written, and says no", arguments: GateReportFormat.allCases)
    func empty(format: GateReportFormat) {
        let text = format.render(GateReport(version: "0.1.0", policy: "undertone.yaml", decidedAt: ""))
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        #expect(!text.lowercased().contains("passed: ") && !text.contains("PASSED"))
        if format != .json { #expect(text.contains("nothing was checked")) }
    }

    @Test("reports for people and logs are bounded", arguments: [GateReportFormat.text, .github, .summary, .html])
    func bounded(format: GateReportFormat) {
        var report = richGateReport()
        for index in 0..<5_000 {
            report.clauses.append(
                .init(
                    "c\(index)", .init(.drop, "d\(index)"), .fail, detail: "no",
                    evidence: richGateReport().clauses[0].evidence))
        }
        #expect(format.render(report).utf8.count < 900_000)
    }

    @Test func `lines of the text report keep to the width, but for words that can't be divided`() {
        for width in [60, 80, 120] {
            let text = GateReportFormat.text.render(richGateReport(), style: .init(color: false, width: width))
            for line in text.split(separator: "\n").dropFirst() where !line.contains("sha256") {
                #expect(displayWidth(String(line)) <= max(width, 70), "\(line)")
            }
        }
    }

    @Test func `programs find the verdict, the counts and the way in the JSON report`() throws {
        let text = GateReportFormat.json.render(richGateReport())
        let read = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(read["passed"] as? Bool == false && read["schema"] as? Int == 1)
        #expect(
            read["counts"] as? [String: Int] == ["clauses": 9, "passed": 4, "failed": 1, "not_known": 4, "blocking": 4])
        let clauses = try #require(read["clauses"] as? [[String: Any]])
        #expect(clauses.map { $0["status"] as? String } == richGateReport().clauses.map(\.status.rawValue))
        let evidence = try #require(clauses[5]["evidence"] as? [[String: Any]])
        #expect((evidence[0]["steps"] as? [[String: Any]])?.count == 11)
    }
}

@Suite struct GateHostileTextTests {
    @Test("hostile text is only ever text", arguments: hostileTexts.map(\.why), GateReportFormat.allCases)
    func neutralised(why: String, format: GateReportFormat) throws {
        let text = try #require(hostileTexts.first { $0.why == why }).text
        for passed in [true, false] { try check(format, text, passed) }
    }

    @Test("random text is only ever text", arguments: GateReportFormat.allCases)
    func random(format: GateReportFormat) throws {
        for seed in 0..<60 as Range<UInt64> {
            var random = SplitMix(seed: seed)
            try check(format, randomText(&random, count: Int(random.next() % 80)), seed % 2 == 0)
        }
    }

    private func check(_ format: GateReportFormat, _ text: String, _ passed: Bool) throws {
        let report = gateReport(full: text, passed: passed)
        #expect(report.passed == passed)
        let output = format.render(report)
        let why = "\(text.debugDescription)"
        // The signs of the summary are ours; U+FE0F makes one of them a picture.
        #expect(output.unicodeScalars.first { $0 != "\n" && $0 != "\u{FE0F}" && $0.isHidden } == nil, "\(why)")
        let bytes = String(String.UnicodeScalarView(output.utf8.map { Unicode.Scalar($0) }))
        #expect(!bytes.lowercased().contains("##[") && !bytes.lowercased().contains("##vso["), "\(why)")
        let lines = bytes.split(separator: "\n")
        if format != .github { #expect(!lines.contains { $0.drop { $0 == " " }.hasPrefix("::") }, "\(why)") }
        #expect(output.hasSuffix("\n"))
        switch format {
        case .text: #expect(lines.first?.hasPrefix(passed ? "PASSED" : "FAILED") == true)
        case .json:
            let read = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
            #expect(read["passed"] as? Bool == passed)
            let clauses = try #require(read["clauses"] as? [[String: Any]])
            let same = (clauses[0]["detail"] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars)
            #expect(same == true, "\(why)")
        case .junit:
            try checkTree(
                output, ["testsuites", "testsuite", "testcase", "failure", "skipped"],
                ["name", "classname", "tests", "failures", "errors", "skipped", "message"], why)
        case .github: checkCommands(lines, passed)
        case .summary: checkMarkdown(bytes, lines, why)
        case .html: try checkPage(output, why)
        }
    }

    private func checkCommands(_ lines: [Substring], _ passed: Bool) {
        #expect(lines.last?.hasPrefix("undertone gate: \(passed ? "PASSED" : "FAILED")") == true)
        for line in lines.dropLast() {
            guard let command = WorkflowCommand(line) else {
                Issue.record("no workflow command: \(line)")
                continue
            }
            #expect(["error", "warning"].contains(command.name))
            #expect(command.properties.allSatisfy { ["file", "line", "col", "title"].contains($0.name) }, "\(line)")
        }
    }

    // Data may bring no character that Markdown or HTML acts upon; what is left of ours is known.
    private func checkMarkdown(_ bytes: String, _ lines: [Substring], _ why: String) {
        let tags = Set(bytes.matches(of: /<[^>]*>/).map { String($0.output) })
        #expect(tags.isSubset(of: ["<code>", "</code>", "<sub>", "</sub>"]), "\(tags) \(why)")
        #expect(
            !bytes.contains("](") && !bytes.contains("`") && !bytes.contains("@") && !bytes.contains("://"), "\(why)")
        for line in lines where line.hasPrefix("|") && !line.hasPrefix("|---") {
            #expect(line.filter { $0 == "|" }.count == 5, "\(line) \(why)")
        }
    }

    // Well-formed as XML, whatever the text, so no text can add an element or an attribute.
    private func checkPage(_ output: String, _ why: String) throws {
        try checkTree(
            output,
            [
                "html", "head", "meta", "title", "style", "body", "main", "header", "p", "h1", "h2", "h3", "section",
                "article", "small", "span", "code", "b", "i", "em", "details", "summary", "ul", "ol", "li", "dl", "dt",
                "dd", "div", "footer",
            ], ["class", "lang", "xmlns", "charset", "http-equiv", "content", "name", "open"], why)
    }

    private func checkTree(
        _ text: String, _ names: Set<String>, _ attributes: Set<String>, _ why: String
    ) throws {
        for element in try XMLPage(text).elements {
            #expect(names.contains(element.name), "\(why)")
            #expect(attributes.isSuperset(of: element.attributes.keys), "\(element) \(why)")
        }
    }
}
