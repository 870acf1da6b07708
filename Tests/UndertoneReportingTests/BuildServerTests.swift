import Foundation
import Testing
import UndertoneReporting
import UndertoneText

@Suite struct GitHubReportTests {
    @Test("a message and a property come back as they were")
    func roundTrip() {
        for seed in 0..<300 as Range<UInt64> {
            var random = SplitMix(seed: seed)
            let text = randomText(&random, count: Int(random.next() % 40))
            let message = commandData(text)
            let property = commandProperty(text)
            #expect(!message.utf8.contains(0x0A) && !message.utf8.contains(0x0D), "seed \(seed)")
            #expect(!property.utf8.contains { [0x0A, 0x0D, 0x2C, 0x3A].contains($0) }, "seed \(seed)")
            // Bytes, so that marks of the data join with nothing.
            #expect(undone(Array(message.utf8)) == Array(text.utf8), "seed \(seed)")
            #expect(undone(Array(property.utf8)) == Array(text.utf8), "seed \(seed)")
        }
    }

    @Test("at most ten annotations of a level, causes first, totals last")
    func limits() {
        let lines = ReportFormat.github.render(largeReport(rules: 300, inputs: 40)).split(separator: "\n")
        for level in ["error", "warning", "notice"] {
            #expect(lines.filter { $0.hasPrefix("::\(level) ") }.count == 10)
        }
        #expect(lines.first?.hasPrefix("::error title=undertone::max-reject-rate") == true)
        #expect(lines.count == 31)
        #expect(lines.last?.hasSuffix("of 1,000,000 findings shown, 999,980 left out") == true)
    }

    private func undone(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}

@Suite struct JUnitReportTests {
    @Test("a rule that rejects records passes; one that fails the gate, or that a failed clause names, does not")
    func failures() {
        #expect(failed(richReport()) == ["max-reject-rate", "house/owls", "data/shard-2.jsonl.zst"])
        var report = richReport()
        report.clauses[1].passed = false
        #expect(failed(report).contains("numbers/taboo"))
        report.rules[2].hits = 0
        #expect(!failed(report).contains("house/owls"))
    }

    @Test("a gate that says no without a cause fails a case all the same")
    func noCause() {
        var report = ScanReport(version: "0.1.0")
        report.passed = false
        #expect(failed(report) == ["verdict"])
        report.passed = true
        #expect(failed(report) == [])
    }

    @Test("XML's own characters are escaped")
    func escapes() {
        #expect(xmlEscaped("<a b=\"c\" d='e'>&]]>") == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;]]&gt;")
    }

    // Names of the cases that have a failure or an error.
    private func failed(_ report: ScanReport) -> [String] {
        let lines = ReportFormat.junit.render(report).split(separator: "\n").map(String.init)
        return zip(lines, lines.dropFirst()).compactMap { line, next in
            guard next.contains("<failure") || next.contains("<error") else { return nil }
            return line.firstMatch(of: #/ name="([^"]*)"/#).map { String($0.1) }
        }
    }
}

@Suite struct JSONReportTests {
    @Test("the members that programs count on are there, every rule among them")
    func members() throws {
        let text = ReportFormat.json.render(richReport())
        let read = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(
            read["records"] as? Int == 12_163 && read["kept"] as? Int == 10_097 && read["rejected"] as? Int == 2_066)
        #expect(read["flagged"] as? Int == 12 && read["malformed"] as? Int == 3 && read["bytes"] as? Int == 3_162_380)
        #expect(read["seconds"] as? Double == 0.0421 && read["passed"] as? Bool == false)
        let rules = try #require(read["rules"] as? [[String: Any]])
        #expect(rules.compactMap { $0["id"] as? String } == richReport().rules.map(\.id))
        #expect(rules.compactMap { $0["hits"] as? Int } == [0, 2_061, 2, 12, 3])
        #expect((rules[1]["reasons"] as? [String: Int])?["666"] == 812)
        let inputs = try #require(read["inputs"] as? [[String: Any]])
        #expect(inputs[0]["sha256"] as? String == richReport().inputs[0].sha256)
        #expect(inputs[2]["sha256"] is NSNull && inputs[0]["records"] as? Int == 12_000)
        let rate = try #require(read["reject_rate"] as? [String: Any])
        #expect(rate["n"] as? Int == 12_163 && (rate["interval"] as? [Double])?.count == 2)
    }

    @Test("a time that is no number is null, not a broken file")
    func oddTime() throws {
        var report = richReport()
        report.seconds = .nan
        for format in ReportFormat.allCases { #expect(!format.render(report).lowercased().contains("nan ")) }
        let text = ReportFormat.json.render(report)
        let read = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(read?["seconds"] is NSNull)
    }
}
