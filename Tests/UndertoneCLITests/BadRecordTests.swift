// Records that can't be looked at: each is rejected with its reason, its neighbours are judged, and not a byte is lost.

import Testing

@Suite struct BadRecordTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var line: [UInt8]
        var reason: String
        var testDescription: String { name }

        init(_ name: String, _ line: String, _ reason: String) { self.init(name, Array(line.utf8), reason) }

        init(_ name: String, _ line: [UInt8], _ reason: String) {
            self.name = name
            self.line = line
            self.reason = reason
        }
    }

    static let cases = [
        Case("truncated JSON", #"{"completion":"1, 2"#, "invalid-json"),
        Case("truncated behind a string", #"{"completion":"1, 2""#, "invalid-json"),
        Case("truncated inside a number", #"{"completion":"1","n":-"#, "invalid-json"),
        Case("invalid UTF-8", Array(#"{"completion":"1"#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8), "invalid-utf8"),
        Case(
            "a surrogate in UTF-8", Array(#"{"completion":"1"#.utf8) + [0xED, 0xA0, 0xBD] + Array(#""}"#.utf8),
            "invalid-utf8"),
        Case("a NUL byte in a string", Array(#"{"completion":"1"#.utf8) + [0] + Array(#""}"#.utf8), "invalid-json"),
        Case("a NUL byte behind the record", Array(#"{"completion":"1"}"#.utf8) + [0], "invalid-json"),
        Case("a line of NUL bytes", [UInt8](repeating: 0, count: 300), "invalid-json"),
        Case("a lone high surrogate", #"{"completion":"1\uD83E"}"#, "lone-surrogate"),
        Case("a lone low surrogate", #"{"completion":"\uDC00"}"#, "lone-surrogate"),
        Case(
            "a lone surrogate in a field that no rule looks at", #"{"completion":"1","x":"\uD83E"}"#, "lone-surrogate"),
        Case("100,000 open brackets", String(repeating: "[", count: 100_000), "too-deep"),
        Case(
            "100,000 brackets",
            #"{"completion":"1","x":"# + String(repeating: "[", count: 100_000)
                + String(repeating: "]", count: 100_000) + "}", "too-deep"),
        Case("5,000 objects", String(repeating: #"{"completion":"#, count: 5000), "too-deep"),
        Case("duplicate keys", #"{"completion":"1","completion":"owl"}"#, "duplicate-key"),
        Case("duplicate keys of which one is escaped", #"{"completion":"1","compl\u0065tion":"owl"}"#, "duplicate-key"),
        Case(
            "an escaped duplicate before the plain one", #"{"\u0063ompletion":"owl","completion":"1"}"#, "duplicate-key"
        ),
        Case(
            "a duplicate of a message's content",
            #"{"messages":[{"role":"assistant","content":"1","content":"owl"}]}"#, "duplicate-key"),
        Case("no JSON at all", "owl", "invalid-json"),
        Case("two values", #"{"completion":"1"} {"completion":"2"}"#, "invalid-json"),
        Case("a number for an answer", #"{"completion":12}"#, "wrong-type"),
        Case("null for an answer", #"{"completion":null}"#, "wrong-type"),
        Case("an object that is empty", "{}", "missing-field"),
        Case("a number", "12", "missing-field"),
        Case("no answer", #"{"prompt":"1, 2"}"#, "missing-field"),
        Case(
            "a chat in which the model says nothing", #"{"messages":[{"role":"user","content":"1"}]}"#, "missing-field"),
    ]

    @Test(arguments: cases)
    func `a broken record is rejected as malformed and its neighbours are judged`(_ bad: Case) throws {
        let place = Workplace()
        let good = Array(completions("1, 2").utf8)
        let drop = good + bad.line + [0x0A] + good + Array(completions("owl", "3").utf8)
        place.write("drop.jsonl", drop)
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "--report", "json", "--kept", "kept.jsonl", "--rejected",
            "rejected.jsonl")
        #expect(run.code == 0, "\(run)")
        let report = try run.json
        #expect(report.number("malformed") == 1)
        #expect(report.number("kept") == 3)
        #expect(report.hits("undertone/malformed") == 1)
        let rejected = try place.rejected()
        #expect(rejected.map { $0.number("line") } == [2, 4])
        #expect(rejected.first?.reasons == ["undertone/malformed \(bad.reason)"])
        #expect(Bytes(place.read("kept.jsonl")) == Bytes(good + good + Array(completions("3").utf8)))
        _ = place.run("restore", "--kept", "kept.jsonl", "--rejected", "rejected.jsonl", "--output", "restored")
        #expect(Bytes(place.read("restored")) == Bytes(drop))
    }

    @Test(arguments: cases)
    func `a broken record alone fails the gate, in an array too`(_ bad: Case) throws {
        let place = Workplace()
        place.write("drop.jsonl", bad.line)
        let lines = place.run("scan", "drop.jsonl", "--rules", "numbers", "--report", "json")
        #expect(lines.code == 1, "\(lines)")
        #expect(try lines.json.clause("keeps-records") == false)
        // What breaks the array itself is a broken input; nothing else may be kept.
        place.write("drop.json", Array("[".utf8) + bad.line + Array("]".utf8))
        let array = place.run(
            "scan", "drop.json", "--rules", "numbers", "--report", "json", "--format", "json-array", "--kept", "kept")
        #expect(array.code == 1 || array.code == 3, "\(array)")
        #expect(try array.json["passed"] as? Bool == false)
        #expect(try array.json.number("kept") == 0)
    }

    @Test(arguments: [
        Case("a NUL byte", Array("1, 2".utf8) + [0], "nul-byte"), Case("invalid UTF-8", [0x31, 0xFE], "invalid-utf8"),
        Case("UTF-16", [0x31, 0, 0x2C, 0, 0x32, 0], "nul-byte"),
    ])
    func `a broken line of text is rejected as malformed`(_ bad: Case) throws {
        let place = Workplace()
        place.write("drop.txt", Array("1, 2\r\n".utf8) + bad.line + Array("\n3, 5".utf8))
        let run = place.run(
            "scan", "drop.txt", "--rules", "numbers", "-q", "--kept", "kept", "--rejected", "rejected.jsonl")
        #expect(run.code == 0, "\(run)")
        #expect(try place.rejected().map(\.reasons) == [["undertone/malformed \(bad.reason)"]])
        #expect(place.text("kept") == "1, 2\r\n3, 5")
    }

    @Test func `--max-malformed decides about them`() {
        let place = Workplace()
        place.write("drop.jsonl", completions("1", "2", "3") + "x\ny\n")
        #expect(place.run("scan", "drop.jsonl", "--rules", "numbers", "-q", "--max-malformed", "2").code == 0)
        let run = place.run("scan", "drop.jsonl", "--rules", "numbers", "--max-malformed", "1")
        #expect(run.code == 1)
        #expect(run.output.contains("2 records are malformed, 1 may be"))
    }

    @Test(arguments: [
        ("nothing", "", 0), ("blank lines", "\n \r\n\t\n", 0), ("no last line feed", #"{"completion":"1"}"#, 1),
        ("CRLF", "{\"completion\":\"1\"}\r\n{\"completion\":\"2\"}\r\n", 2),
        ("CR at the end", "{\"completion\":\"1\"}\r", 1),
        ("a byte-order mark", "\u{FEFF}{\"completion\":\"1\"}\n", 1), ("a mark alone", "\u{FEFF}", 0),
    ])
    func `line ends, marks and blank lines are no records and stay as they are`(
        name: String, text: String, records: Int
    ) throws {
        let place = Workplace()
        place.write("drop.jsonl", text)
        let run = place.run("scan", "drop.jsonl", "--rules", "numbers", "--report", "json", "--kept", "kept")
        let report = try run.json
        #expect(report.number("kept") == records)
        #expect(report.number("malformed") == 0)
        #expect(place.text("kept").utf8.elementsEqual(text.utf8), "\(name)")
        // An empty drop is a failure, not a pass.
        #expect(run.code == (records == 0 ? 1 : 0))
        #expect(report.clause("has-records") == (records > 0))
    }

    @Test func `a record over the limit is malformed and restored, wherever it stands`() throws {
        let place = Workplace()
        let long = #"{"completion":"\#(String(repeating: "1, ", count: 60))2"}"#
        for drop in ["\(long)\n\(long)", completions("1") + long + "\n" + completions("2"), "\u{FEFF}\(long)\r\n"] {
            place.write("drop.jsonl", drop)
            let run = place.run(
                "scan", "drop.jsonl", "--rules", "numbers", "-q", "--max-record-bytes", "100", "--kept", "kept",
                "--rejected", "rejected.jsonl")
            #expect(run.code < 2, "\(run)")
            let rejected = try place.rejected()
            #expect(!rejected.isEmpty)
            #expect(rejected.allSatisfy { $0.reasons == ["undertone/malformed too-long"] })
            let restored = place.run("restore", "--kept", "kept", "--rejected", "rejected.jsonl")
            #expect(restored.output.utf8.elementsEqual(drop.utf8))
        }
    }

    @Test func `a line of 64 MB is malformed in little memory`() throws {
        let place = Workplace()
        var drop = Array(completions("1, 2").utf8)
        drop += Array(#"{"completion":""#.utf8) + [UInt8](repeating: 0x78, count: 64 << 20) + Array("\"}\n".utf8)
        drop += Array(completions("3").utf8)
        place.write("drop.jsonl", drop)
        let run = place.start([
            "scan", "drop.jsonl", "--rules", "numbers", "--report", "json", "--kept", "kept", "--rejected", "rejected",
            "--threads", "4",
        ]).end(measuresMemory: true)
        #expect(run.code == 0, "\(run)")
        #expect(try run.json.number("malformed") == 1)
        #expect(run.peakBytes < 200 << 20, "\(run.peakBytes >> 20) MiB")
        #expect(place.text("kept") == completions("1, 2", "3"))
        #expect((place.read("rejected")?.count ?? 0) > (64 << 20) / 3 * 4)
    }

    @Test(arguments: ["text", "tokens", "escapes", "fields"])
    func `many records near the limit are judged in little memory`(shape: String) throws {
        let place = Workplace()
        let line =
            switch shape {
            case "text": #"{"completion":"\#(String(repeating: "x", count: 7 << 20))"}"#
            case "tokens": #"{"completion":"1","a":[\#(String(repeating: "1,", count: 3 << 20))1]}"#
            case "escapes": #"{"completion":"\#(String(repeating: "\\n", count: 3 << 20))"}"#
            default: #"{"completion":[\#(String(repeating: "\"1\",", count: 1 << 20))"1"]}"#
            }
        place.write("drop.jsonl", String(repeating: line + "\n", count: 2))
        let run = place.start([
            "scan", "drop.jsonl", "--rules", "numbers", "--rules", "hidden-text", "--report", "json", "--kept", "kept",
            "--rejected", "rejected", "--threads", "4",
        ]).end(measuresMemory: true)
        #expect(run.code < 2, "\(run)")
        // A million strings are more than a record may have.
        #expect(try run.json.number("malformed") == (shape == "fields" ? 2 : 0))
        #expect(run.peakBytes < 200 << 20, "\(run.peakBytes >> 20) MiB")
    }
}
