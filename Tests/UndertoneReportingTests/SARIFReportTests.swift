import Foundation
import Testing
import UndertoneReporting
import UndertoneText

@Suite struct SARIFReportTests {
    @Test(
        "reports are valid by the schema of SARIF 2.1.0",
        .enabled(
            if: FileManager.default.fileExists(atPath: schema.path),
            "no schema here; python3 fixtures/reports/validate_sarif.py --setup fetches it"))
    func schemaValid() throws {
        let reports = [richReport(), ScanReport(version: "0.1.0"), largeReport(rules: 40, inputs: 90, samples: 200)]
        let hostile = hostileTexts.flatMap { hostile in
            [true, false].map { report(full: hostile.text, passed: $0) }
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sarif-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try (reports + hostile).enumerated().map { index, report in
            let file = folder.appendingPathComponent("\(index).sarif")
            try Data(ReportFormat.sarif.render(report).utf8).write(to: file)
            return file.path
        }
        let process = Process()
        process.executableURL = schema.deletingLastPathComponent().appendingPathComponent("bin/python")
        process.arguments = [fixtures.appendingPathComponent("reports/validate_sarif.py").path] + files
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
    }

    @Test("however much was found, the file stays within GitHub's limits, and what was left out is counted")
    func bounds() throws {
        let report = largeReport()
        let text = ReportFormat.sarif.render(report)
        #expect(text.utf8.count < SARIFLimits.bytes)
        let run = try firstRun(text)
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count <= SARIFLimits.results && results.count > 100)
        let leftOut = try #require((run["properties"] as? [String: Any])?["leftOut"] as? [String: Int])
        #expect(leftOut["results"] == 1_000_000 - results.count)
        let rules = try rules(run)
        #expect(leftOut["rules"] == report.rules.count - rules.count)
        #expect(rules.allSatisfy { (($0["properties"] as? [String: Any])?["tags"] as? [String] ?? []).count <= 10 })
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        let notifications = try #require(invocation["toolExecutionNotifications"] as? [[String: Any]])
        #expect(notifications.contains { "\($0)".contains("left out") })
    }

    @Test("five thousand ordinary findings all fit")
    func ordinary() throws {
        var report = richReport()
        let few = report.samples
        report.samples = (0..<6_000).map { index in
            var sample = few[index % few.count]
            sample.line = index + 1
            return sample
        }
        report.omittedSamples = 994_000
        let text = ReportFormat.sarif.render(report)
        #expect(text.utf8.count < SARIFLimits.bytes)
        let run = try firstRun(text)
        #expect((run["results"] as? [Any])?.count == SARIFLimits.results)
        #expect(((run["properties"] as? [String: Any])?["leftOut"] as? [String: Int])?["results"] == 995_000)
    }

    @Test("every result points at its rule, and the gravest come first")
    func rulesAndLevels() throws {
        let run = try firstRun(ReportFormat.sarif.render(richReport()))
        let rules = try rules(run)
        #expect(rules.map { $0["id"] as? String } == richReport().rules.map(\.id))
        #expect(Set(rules.compactMap { $0["id"] as? String }).count == rules.count)
        let results = try #require(run["results"] as? [[String: Any]])
        for result in results {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
            let level = (rules[index]["defaultConfiguration"] as? [String: Any])?["level"] as? String
            #expect(level == result["level"] as? String)
        }
        let levels = results.compactMap { $0["level"] as? String }
        #expect(levels == ["error", "warning", "warning", "warning", "warning", "note"])
    }

    @Test("columns are there only where characters were counted")
    func columns() throws {
        let run = try firstRun(ReportFormat.sarif.render(richReport()))
        #expect(run["columnKind"] as? String == "unicodeCodePoints")
        let regions = try #require(run["results"] as? [[String: Any]]).compactMap { result -> [String: Int]? in
            let location = (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
            return location?["region"] as? [String: Int]
        }
        #expect(regions.filter { $0["startColumn"] != nil } == [["startLine": 17, "startColumn": 38, "endColumn": 41]])
        #expect(regions.count == 6)
    }

    @Test("a fingerprint follows the content when lines move, and equal findings are told apart")
    func fingerprints() throws {
        func prints(_ report: ScanReport) throws -> [String] {
            let results = try firstRun(ReportFormat.sarif.render(report))["results"] as? [[String: Any]]
            return try #require(results).compactMap {
                ($0["partialFingerprints"] as? [String: String])?["primaryLocationLineHash"]
            }
        }
        var moved = richReport()
        for index in moved.samples.indices { moved.samples[index].line += 100 }
        #expect(try prints(moved) == prints(richReport()))
        var twice = richReport()
        twice.samples += twice.samples
        let all = try prints(twice)
        #expect(Set(all).count == all.count)
        var other = richReport()
        other.samples[0].excerpt = "12, 45, 666, 79"
        #expect(try prints(other) != prints(richReport()))
    }

    @Test("a failed gate is exit code 1, and only an unreadable input makes the execution a failure")
    func invocation() throws {
        func invocation(_ report: ScanReport) throws -> [String: Any] {
            let run = try firstRun(ReportFormat.sarif.render(report))
            return try #require((run["invocations"] as? [[String: Any]])?.first)
        }
        var report = richReport()
        #expect(try invocation(report)["executionSuccessful"] as? Bool == false)
        report.inputs[1].problem = nil
        #expect(try invocation(report)["executionSuccessful"] as? Bool == true)
        #expect(try invocation(report)["exitCode"] as? Int == 1)
        report.passed = true
        #expect(try invocation(report)["exitCode"] as? Int == 0)
    }

    @Test(
        "paths become URI references",
        arguments: [
            ("data/a b.jsonl", "data/a%20b.jsonl"), ("./x.jsonl", "x.jsonl"), (".//x", "x"),
            ("/tmp/x", "file:///tmp/x"),
            ("//host/x", "file:///host/x"), ("c:x?y#z%20", "c%3Ax%3Fy%23z%2520"), ("löwe", "l%C3%B6we"),
            ("../x", "../x"), ("a\u{1}", "a%01"), ("/\u{301}x", "file:///%CC%81x"), ("", ""),
        ])
    func uris(path: String, wanted: String) {
        #expect(uriReference(path) == wanted)
    }

    private func firstRun(_ text: String) throws -> [String: Any] {
        let log = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require((log?["runs"] as? [[String: Any]])?.first)
    }

    private func rules(_ run: [String: Any]) throws -> [[String: Any]] {
        let driver = (run["tool"] as? [String: Any])?["driver"] as? [String: Any]
        return try #require(driver?["rules"] as? [[String: Any]])
    }
}

private let schema = fixtures.deletingLastPathComponent().appendingPathComponent(".venv/sarif/sarif-2.1.0.json")
