import Foundation
import Testing
import UndertoneReporting
import UndertoneText

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct HostileTextTests {
    @Test("hostile text is only ever text", arguments: hostileTexts.map(\.why), ReportFormat.allCases)
    func neutralised(why: String, format: ReportFormat) throws {
        let text = try #require(hostileTexts.first { $0.why == why }).text
        for passed in [true, false] {
            try check(format.render(report(full: text, passed: passed)), format, passed, of: text)
        }
    }

    @Test("random text is only ever text", arguments: ReportFormat.allCases)
    func random(format: ReportFormat) throws {
        for seed in 0..<60 as Range<UInt64> {
            var random = SplitMix(seed: seed)
            let text = randomText(&random, count: Int(random.next() % 80))
            try check(format.render(report(full: text, passed: seed % 2 == 0)), format, seed % 2 == 0, of: text)
        }
    }

    private func check(_ output: String, _ format: ReportFormat, _ passed: Bool, of text: String) throws {
        // Nothing hidden, in any format; line ends are the format's own.
        #expect(output.unicodeScalars.first { $0 != "\n" && $0.isHidden } == nil, "\(text.debugDescription)")
        let bytes = latin(output)
        let folded = bytes.lowercased()
        #expect(!folded.contains("##[") && !folded.contains("##vso["), "\(text.debugDescription)")
        let lines = bytes.split(separator: "\n")
        if format != .github {
            #expect(!lines.contains { $0.drop { $0 == " " }.hasPrefix("::") }, "\(text.debugDescription)")
        }
        #expect(output.hasSuffix("\n"))
        switch format {
        case .text: #expect(lines.first?.hasPrefix(passed ? "PASSED" : "FAILED") == true)
        case .json: try checkJSON(output, passed, text)
        case .sarif: try checkSARIF(output, text)
        case .junit: checkJUnit(output, passed)
        case .github: checkCommands(lines, passed)
        }
    }

    private func checkJSON(_ output: String, _ passed: Bool, _ text: String) throws {
        let read = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        #expect(read["passed"] as? Bool == passed)
        let findings = try #require(read["findings"] as? [[String: Any]])
        for name in ["rule", "reason", "path", "field", "excerpt"] {
            let same = (findings[0][name] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars)
            #expect(same == true, "\(name) of \(text.debugDescription)")
        }
    }

    private func checkSARIF(_ output: String, _ text: String) throws {
        let log = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count == 3)
        for result in results {
            let message = try #require((result["message"] as? [String: Any])?["text"] as? String)
            #expect(!latin(message).contains("]("), "a link: \(message)")
            // What is left without doubled braces holds none.
            let single = latin(message).replacing("{{", with: "").replacing("}}", with: "")
            #expect(!single.contains("{") && !single.contains("}"), "a placeholder: \(message)")
            let location = try #require((result["locations"] as? [[String: Any]])?.first)
            let place = try #require(location["physicalLocation"] as? [String: Any])
            let uri = try #require((place["artifactLocation"] as? [String: Any])?["uri"] as? String)
            #expect(uri.utf8.allSatisfy { uriBytes.contains($0) }, "\(uri)")
            #expect(!uri.hasPrefix("//") && !uri.hasPrefix("javascript:"), "\(uri)")
        }
    }

    private func checkJUnit(_ output: String, _ passed: Bool) {
        let cases = CaseCounter()
        let parser = XMLParser(data: Data(output.utf8))
        parser.delegate = cases
        #expect(parser.parse(), "\(parser.parserError.debugDescription): \(output.prefix(2_000))")
        #expect(cases.cases == (passed ? 4 : 5))
        #expect(passed ? cases.failed == 0 : cases.failed > 0)
        #expect(cases.cases == cases.promised)
        #expect(cases.failed == cases.promisedFailed)
    }

    private func checkCommands(_ lines: [Substring], _ passed: Bool) {
        let commands = lines.filter { $0.drop { $0 == " " }.hasPrefix("::") }
        #expect(lines.count == commands.count + 1)
        #expect(lines.last?.hasPrefix("undertone: \(passed ? "PASSED" : "FAILED")") == true)
        for line in commands {
            guard let command = WorkflowCommand(line) else {
                Issue.record("no workflow command: \(line)")
                continue
            }
            #expect(["error", "warning", "notice"].contains(command.name))
            #expect(command.properties.allSatisfy { ["file", "line", "col", "title"].contains($0.name) }, "\(line)")
        }
    }
}

private let uriBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%:".utf8)

// Each byte as a character of its own, so that no combining mark of the data joins with markup while we look for it.
private func latin(_ text: String) -> String {
    String(String.UnicodeScalarView(text.utf8.map { Unicode.Scalar($0) }))
}

/// A workflow command as the runner reads it.
struct WorkflowCommand {
    var name: String
    var properties: [(name: String, value: String)]
    var message: String

    init?(_ line: some StringProtocol) {
        guard line.hasPrefix("::"), let end = line.dropFirst(2).firstRange(of: "::") else { return nil }
        let header = line.dropFirst(2)[..<end.lowerBound]
        let parts = header.split(separator: " ", maxSplits: 1)
        guard let first = parts.first else { return nil }
        name = String(first)
        properties = (parts.count > 1 ? parts[1] : "").split(separator: ",").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1)
            return (String(sides[0]), sides.count > 1 ? unescaped(String(sides[1])) : "")
        }
        message = unescaped(String(line[end.upperBound...]))
    }
}

private func unescaped(_ text: String) -> String {
    [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")].reduce(text) {
        $0.replacing($1.0, with: $1.1)
    }
}

private final class CaseCounter: NSObject, XMLParserDelegate {
    var cases = 0
    var failed = 0
    var promised = 0
    var promisedFailed = 0

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        switch element {
        case "testcase": cases += 1
        case "failure", "error": failed += 1
        case "testsuites":
            promised = attributes["tests"].flatMap(Int.init) ?? -1
            promisedFailed = ["failures", "errors"].compactMap { attributes[$0].flatMap(Int.init) }.reduce(0, +)
        default: break
        }
    }
}
