// Reviews at the command line: lists, two people at once, nothing to look at, records that act on terminals and pages, and
// the rules that come of it.

import Foundation
import Glibc
import Testing

@Suite struct ReviewCommandTests {
    let place = Workplace()

    private let hostile = #"\u001b]0;taken\u0007\u001b[2J <script>alert(1)</script> \u202etxt.exe"#

    private func writeDrop() {
        place.writeDrop(
            "drop.jsonl",
            (0..<40).map { "plain words number \($0 % 25)" } + Array(repeating: "I love owls", count: 12)
                + Array(repeating: hostile, count: 3))
        place.writeDrop("control.jsonl", (0..<60).map { "plain words number \($0 % 25)" })
    }

    /// A review as a page, and its address.
    private func page(by reviewer: String, _ arguments: String...) throws -> (page: RunningProgram, address: String) {
        let output = place.path("\(reviewer).txt")
        let page = place.start(["review", "drop.jsonl", "--page", "--by", reviewer] + arguments, output: output)
        for _ in 0..<600 {
            usleep(100_000)
            let line = place.lines("\(reviewer).txt").first { $0.hasPrefix("review page: ") }
            if let line { return (page, String(line.dropFirst("review page: ".count))) }
        }
        kill(page.process, SIGKILL)
        Issue.record("no page: \(page.end().testDescription)")
        throw CancellationError()
    }

    /// Posts JSON as the page itself does; the answer's status and body.
    @discardableResult
    private func post(_ path: String, _ json: String, to address: String) throws -> (status: String, body: String) {
        let script = """
            import sys, urllib.request, urllib.error
            address, path, data = sys.argv[1:]
            request = urllib.request.Request(address + path, data.encode() if data else None)
            request.add_header("Content-Type", "application/json")
            request.add_header("Sec-Fetch-Site", "same-origin")
            try:
                answer = urllib.request.urlopen(request, timeout=30)
            except urllib.error.HTTPError as error:
                answer = error
            print(answer.status, answer.read().decode())
            """
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, address, path, json]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let parts = text.split(separator: " ", maxSplits: 1)
        return (parts.first.map(String.init) ?? "", parts.last.map(String.init) ?? "")
    }

    @Test func `the list shows counts, and nothing that a terminal would obey`() throws {
        writeDrop()
        let list = ["review", "drop.jsonl", "--reference", "control.jsonl", "--list", "--size", "3"]
        let text = place.run(list)
        #expect(text.code == 0 && text.output.contains("I love owls"), "\(text.testDescription)")
        #expect(text.output.contains("12  21.82 %  reference 0"))
        #expect(text.output.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x202E })
        let sheet = try place.run(list + ["--report", "json"]).json
        #expect(sheet.objects("items").first?.number("count") == 12)
        #expect(place.run(list + ["--report", "json"]).output == place.run(list + ["--report", "json"]).output)
        // To look is not to review.
        #expect(!place.names.contains(".undertone"))
    }

    @Test func `without a terminal it says so, and begins nothing`() {
        writeDrop()
        let run = place.run("review", "drop.jsonl")
        #expect(run.code == 2 && run.errors.contains("--page"), "\(run.testDescription)")
        #expect(!place.names.contains(".undertone"))
    }

    @Test func `an empty drop can be reviewed, and there is nothing to say of it`() throws {
        place.write("drop.jsonl", "")
        let list = place.run("review", "drop.jsonl", "--list")
        #expect(list.code == 0 && list.output.contains("nothing to show"), "\(list.testDescription)")
        guard JudgeMachine.hasPython else { return }
        let (running, address) = try page(by: "alice")
        #expect(try post("finish", #"{"note":"nothing there","evenUndecided":false}"#, to: address).status == "200")
        let ended = running.end()
        #expect(ended.code == 0 && ended.errors.contains("0 undecided"), "\(ended.testDescription)")
        let export = place.run("review", "drop.jsonl", "--export", "rules.yaml")
        #expect(export.code == 2 && export.errors.contains("nothing was rejected"), "\(export.testDescription)")
    }

    @Test(.enabled(if: JudgeMachine.hasPython, "there is no Python 3.11"))
    func `two people review at once, and neither sees or ends what the other does`() throws {
        writeDrop()
        let (alice, hers) = try page(by: "alice")
        let (bob, his) = try page(by: "bob")
        #expect(try post("decide", #"{"item":0,"decision":"reject","note":"owls"}"#, to: hers).status == "200")
        #expect(try post("decide", #"{"item":0,"decision":"fine"}"#, to: his).status == "200")
        #expect(try post("state", "", to: his).body.contains("fine"))
        #expect(try !post("state", "", to: his).body.contains("owls"))
        // Bob's terminal goes away; what he said is kept, and the same command goes on.
        kill(bob.process, SIGTERM)
        let left = bob.end()
        #expect(left.code == 128 + SIGTERM && left.errors.contains("1 fine"), "\(left.testDescription)")
        let (again, new) = try page(by: "bob")
        #expect(try post("state", "", to: new).body.contains("fine"))
        for (address, running) in [(hers, alice), (new, again)] {
            #expect(try post("finish", #"{"note":"","evenUndecided":true}"#, to: address).status == "200")
            #expect(running.end().code == 0)
        }
        let shown = place.run("lineage", "show", "drop.jsonl")
        #expect(shown.output.contains("by alice") && shown.output.contains("by bob"), "\(shown.output)")

        // What alice rejected is a rule, and the next scan needs no one to see it.
        #expect(place.run("review", "drop.jsonl", "--export", "rules.yaml").code == 0)
        let tested = place.run("rules", "test", "rules.yaml")
        #expect(tested.code == 0, "\(tested.testDescription)")
        let scan = place.run("scan", "drop.jsonl", "--rules", "rules.yaml", "--report", "json")
        #expect(try scan.json.number("rejected") == 12, "\(scan.testDescription)")
        #expect(place.run("review", "drop.jsonl", "--export", "drop.jsonl").code == 2)
    }

    @Test(.enabled(if: JudgeMachine.hasPython, "there is no Python 3.11"))
    func `records are data on the page, and the address is the only way in`() throws {
        writeDrop()
        let (running, address) = try page(by: "alice", "--reference", "control.jsonl")
        let sheet = try post("sheet", "", to: address).body
        #expect(sheet.contains("alert(1)"), "\(sheet.prefix(2000))")
        let html = try post("", "", to: address).body
        #expect(!html.contains("alert(1)") && html.contains("</html>"))
        let host = address.split(separator: "/")[1]
        let root = "http://\(host)/"
        #expect(try post("", "", to: root).status == "404")
        kill(running.process, SIGINT)
        #expect(running.end().code == 128 + SIGINT)
    }

    @Test(arguments: [
        (["--size", "0"], "--size"), (["--report", "json"], "--list"), (["--port", "80"], "--page"),
        (["--list", "--page"], "exclude"), (["--list", "--report", "xml"], "write text or json"),
        (["--reference", "none.jsonl", "--list"], "none.jsonl"),
    ])
    func `wrong usage says what to do`(_ arguments: [String], _ word: String) {
        writeDrop()
        let run = place.run(["review", "drop.jsonl"] + arguments)
        #expect(run.code == 2 || run.code == 3)
        #expect(run.errors.contains(word), "\(run.testDescription)")
    }
}
