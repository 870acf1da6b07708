import Foundation
import Testing
import UndertoneReporting
import UndertoneText

@Suite struct ReportFormatTests {
    @Test(
        "a rich report looks as it did when a person last looked",
        arguments: zip(ReportFormat.allCases, ["rich.txt", "rich.json", "rich.sarif", "rich.xml", "rich.github.txt"]))
    func golden(format: ReportFormat, name: String) throws {
        try expectSnapshot(format.render(richReport()), name)
    }

    @Test("a rich report in colour looks as it did when a person last looked")
    func goldenColour() throws {
        try expectSnapshot(ReportFormat.text.render(richReport(), style: .init(color: true, width: 80)), "rich.ansi")
    }

    @Test("a report of nothing can be written", arguments: ReportFormat.allCases)
    func empty(format: ReportFormat) {
        let text = format.render(ScanReport(version: "0.1.0"))
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
    }

    @Test("the same report gives the same text, in one piece or in many", arguments: ReportFormat.allCases)
    func repeatable(format: ReportFormat) {
        var pieces = Pieces()
        format.write(richReport(), to: &pieces)
        #expect(pieces.all.joined() == format.render(richReport()))
    }

    @Test("samples whose rule or input isn't there do no harm", arguments: ReportFormat.allCases)
    func strayIndices(format: ReportFormat) {
        var report = richReport()
        for index in report.samples.indices {
            report.samples[index].rule = index % 2 == 0 ? 99 : 1
            report.samples[index].input = -1
            report.samples[index].excerptSpan = 3..<4_000
        }
        #expect(!format.render(report).isEmpty)
    }

    @Test("every format but JSON is bounded, whatever was found", arguments: [ReportFormat.text, .github])
    func bounded(format: ReportFormat) {
        #expect(format.render(largeReport(rules: 3_000, inputs: 2_000)).utf8.count < 500_000)
    }
}

private struct Pieces: TextOutputStream {
    var all: [String] = []
    mutating func write(_ string: String) { all.append(string) }
}
