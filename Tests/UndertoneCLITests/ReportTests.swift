// Reports as users get them: which, where, and that other programs can read them.

import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct ReportTests {
    let place = Workplace()

    init() { place.write("drop.jsonl", completions("1", "owl \\u0085 \\u001b[31m", "666, 2", "3") + "broken\n") }

    @Test func `the JSON report has what was promised`() throws {
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "--report", "json", "--kept", "kept", "--rejected", "rejected")
        let report = try run.json
        #expect(
            Set(report.keys).isSuperset(of: [
                "records", "kept", "rejected", "flagged", "malformed", "bytes", "seconds", "rules", "inputs", "passed",
            ]))
        #expect(report.number("records") == 5)
        #expect(report.number("kept") == 2)
        #expect(report.number("rejected") == 3)
        #expect(report.number("flagged") == 0)
        #expect(report.number("malformed") == 1)
        #expect(report.number("bytes") == place.read("drop.jsonl")?.count)
        #expect((report["seconds"] as? Double ?? -1) >= 0)
        #expect(report["passed"] as? Bool == true)
        #expect(
            report.objects("rules").map { "\($0.string("id") ?? "") \($0.number("hits") ?? -1)" } == [
                "numbers/grammar 1", "numbers/taboo 1", "undertone/malformed 1",
            ])
        let input = try #require(report.objects("inputs").first)
        #expect(input.string("path") == "drop.jsonl")
        #expect(input.number("records") == 5)
        let sum = place.shell("sha256sum drop.jsonl kept rejected").output.split(separator: "\n").map { $0.prefix(64) }
        #expect(input.string("sha256").map { Substring($0) } == sum[0])
        #expect(report.objects("outputs").map { $0.string("sha256").map { Substring($0) } } == [sum[1], sum[2]])
        #expect(report.objects("outputs").map { $0.number("records") } == [2, 3])
        let places = report.objects("findings").map { "\($0.number("line") ?? 0) \($0.string("field") ?? "")" }
        #expect(places == ["2 /completion", "3 /completion", "5 "])
    }

    @Test func `--no-digest leaves digests out`() throws {
        let run = place.run("scan", "drop.jsonl", "--rules", "numbers", "--report", "json", "--no-digest")
        #expect(try run.json.objects("inputs").first?.string("sha256") == nil)
    }

    @Test func `text goes to standard output by default, without colour in a file`() {
        let run = place.run("scan", "drop.jsonl", "--rules", "numbers")
        #expect(run.code == 0)
        #expect(run.output.hasPrefix("PASSED  2 of 5 records kept, 3 rejected"))
        #expect(!run.output.contains("\u{1B}"))
        #expect(run.errors.isEmpty)
    }

    @Test func `--quiet says nothing and keeps the exit code and what was asked for`() {
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "--quiet", "--max-reject-rate", "0.1", "--report",
            "json=out.json")
        #expect(run.code == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.isEmpty)
        #expect(place.names.contains("out.json"))
    }

    @Test func `several reports go to their files at once, and one to standard output`() throws {
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "--report", "json=out.json", "--report", "sarif=out.sarif",
            "--report", "junit=out.xml", "--report", "text", "--report", "github=out.txt")
        #expect(run.code == 0, "\(run)")
        #expect(run.output.hasPrefix("PASSED"))
        #expect(try place.json("out.json").number("records") == 5)
        #expect(
            place.text("out.txt").hasSuffix(
                "undertone: PASSED  5 records, 2 kept, 3 rejected, 0 flagged, 1 malformed\n"))
        #expect(XMLParser(data: Data(place.read("out.xml") ?? [])).parse())
        let sarif = try place.json("out.sarif")
        #expect(sarif.string("version") == "2.1.0")
        let results = try #require(sarif.objects("runs").first?.objects("results"))
        #expect(results.map { $0.string("ruleId") } == ["numbers/grammar", "numbers/taboo", "undertone/malformed"])
        #expect(!place.hasLeftovers)
    }

    @Test func `two reports on standard output are wrong usage`() {
        let run = place.run("scan", "drop.jsonl", "--rules", "numbers", "--report", "json", "--report", "text")
        #expect(run.code == 2)
        #expect(run.errors.contains("two reports would go to standard output"))
        #expect(run.output.isEmpty)
    }

    @Test func `a failed gate is said in every report, in the same words`() throws {
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "--max-malformed", "0", "--report", "json=out.json", "--report",
            "junit=out.xml", "--report", "text", "--report", "github=out.txt")
        #expect(run.code == 1)
        let words = "1 records are malformed, 0 may be"
        #expect(run.output.hasPrefix("FAILED") && run.output.contains(words))
        #expect(try place.json("out.json").clause("max-malformed") == false)
        #expect(place.text("out.xml").contains(words))
        #expect(place.text("out.txt").contains("::error title=undertone::max-malformed: \(words)"))
    }

    @Test func `what a drop holds can't write on the terminal or break a report`() {
        for format in ["text", "json", "sarif", "junit", "github"] {
            let run = place.run("scan", "drop.jsonl", "--rules", "numbers", "--report", format)
            #expect(!run.output.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{85}" }, "\(format)")
        }
    }

    @Test(arguments: ["json", "sarif", "text", "junit", "github"])
    func `reports stay small however many findings there are`(format: String) throws {
        place.write(
            "many.jsonl", String(repeating: completions("an owl that says a lot of things", "1"), count: 20_000))
        let run = place.run("scan", "many.jsonl", "--rules", "numbers", "--report", format)
        #expect(run.code == 0)
        #expect(run.output.utf8.count < 8 << 20)
        if format == "json" {
            let report = try run.json
            #expect(report.objects("findings").count + (report.number("findings_omitted") ?? 0) == 20_000)
        }
    }

    @Test func `named groups of a pattern are in findings`() throws {
        place.write(
            "words.yaml",
            """
            pack: animals
            version: 1.0.0
            description: Animals.
            rules:
              - id: loves
                kind: regex
                description: A love of animals.
                deny: ['loves? (?<animal>\\w+)']
                accept: ['1, 2']
                reject: ['I love owls']

            """)
        place.write("drop.jsonl", completions("1", "she loves elks"))
        let run = place.run("scan", "drop.jsonl", "--rules", "words.yaml", "--report", "json")
        #expect(run.code == 0, "\(run)")
        let groups = try #require(run.json.objects("findings").first).objects("groups")
        #expect(groups.map { $0.string("name") } == ["animal"])
        #expect(groups.map { $0.string("text") } == ["elks"])
    }
}
