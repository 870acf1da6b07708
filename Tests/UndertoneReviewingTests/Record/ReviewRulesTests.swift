import Foundation
import Testing
import UndertoneLineage

@testable import UndertoneReviewing

private func review(_ items: [Review.Item], by: String = "alice") -> Review {
    Review(
        id: 3, node: NodeID(rawValue: 1), by: by, startedAt: "2026-11-21T10:00:00Z", finishedAt: "2026-11-21T11:00:00Z",
        sheet: Review.Sheet(seed: 1, size: 10, items: 9, digest: String(repeating: "a", count: 64)), items: items)
}

private func item(
    _ text: String, _ decision: Review.Item.Decision, phrase: String? = nil, isTerm: Bool = false
) -> Review.Item {
    var item = Review.Item(
        position: 0, list: "frequent", text: text, count: 2, share: 0.5, decision: decision, phrase: phrase,
        at: "2026-11-21T10:30:00Z")
    item.isTerm = isTerm
    return item
}

@Suite struct ReviewRulesTests {
    @Test func `a rejected output is a pattern that meets it alone, a term a word, a phrase what it is`() throws {
        let pack = try ReviewRules.pack(
            name: "reviewed", drop: "drop.jsonl",
            reviews: [
                review([
                    item("I love owls.", .reject), item("fine", .fine), item("owl", .reject, isTerm: true),
                    item("text", .rule, phrase: "barn owl"), item("text", .rule, phrase: "-->"),
                ])
            ])
        let lines = pack.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines.first == #"pack: "reviewed""#)
        #expect(lines.contains(#"- "\\AI love owls\\x{2E}\\z""#))
        #expect(lines.contains(#"- "I love owls.""#) && lines.contains(#"- "owl""#) && lines.contains(#"- "barn owl""#))
        #expect(lines.contains(#"- "\\x{2D}\\x{2D}>""#))
        #expect(lines.filter { $0.hasPrefix("- id:") }.count == 3 && !pack.contains("fine"))
        #expect(pack.contains("alice on 2026-11-21T10:30:00Z, review 3, item 1"))
    }

    @Test func `patterns meet their text and nothing else`() throws {
        let texts = [
            "a.b", "\\E\\Q", "(?i)x", "line\nfeed\r\n", "o\0wl", "\u{202E}é語👍🏽", "{{prompt}}", "'\"#: [", " ", "a|b",
            "\\", "$^",
        ]
        for text in texts {
            let pattern = try NSRegularExpression(pattern: #"\A"# + ReviewRules.pattern(text) + #"\z"#)
            for other in texts {
                let range = NSRange(other.startIndex..., in: other)
                #expect((pattern.firstMatch(in: other, range: range) != nil) == (text == other), "\(text) \(other)")
            }
        }
    }

    @Test func `hostile texts are valid YAML that gives them back`() throws {
        let texts = [
            "quote \" and ' and \\", "a: b # c", "- x\n- y: {{z}}", "\u{202E}\u{200B}\u{FEFF}", "o\0wl",
            "\u{85}\u{2028}", "&a *a !!x",
            "%TAG", "---\n...", "\t", "日本語 👍🏽", String(repeating: "x\n", count: 2000) + ReviewSheet.cutMark,
        ]
        var items = texts.map { item($0, .reject) }
        items[items.count - 1].isCut = true
        items.append(item("", .reject))
        items[0].note = "a: b\n\u{1B}[31m\""
        let pack = try ReviewRules.pack(
            name: "reviewed", drop: "x\n\u{1B}[2J: drop", reviews: [review(items, by: "eve\n- id: x\"")])
        #expect(!pack.contains("\0") && !pack.contains("\u{1B}") && !pack.contains("\u{202E}"))
        let script = """
            import json, sys
            try:
                import yaml
            except ImportError:
                sys.exit(77)
            pack = yaml.safe_load(sys.stdin.buffer.read().decode())
            print(json.dumps([text for rule in pack["rules"] for text in rule["reject"]]))
            """
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        let writer = Thread { [handle = input.fileHandleForWriting] in
            handle.write(Data(pack.utf8))
            try? handle.close()
        }
        writer.start()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationStatus == 77 || process.terminationStatus == 127 {
            print("yaml of Python is not here; the pack was not read back")
            return
        }
        #expect(process.terminationStatus == 0)
        let read = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String])
        var expected = texts
        expected[texts.count - 1] = String(texts[texts.count - 1].dropLast(ReviewSheet.cutMark.count))
        #expect(read == [""] + expected)
    }

    @Test func `variants of a rejected group go too, and what several rejected is there once`() throws {
        var group = item("one", .reject)
        group.variants = ["One", "ONE!"]
        let pack = try ReviewRules.pack(
            name: "r", drop: "d", reviews: [review([group]), review([item("one", .reject)], by: "bob")])
        #expect(pack.components(separatedBy: #"\\A"#).count - 1 == 3)
        #expect(pack.contains("alice, bob"))
    }

    @Test func `nothing rejected makes no pack, and too much neither`() {
        #expect(throws: LineageError.self) {
            try ReviewRules.pack(name: "r", drop: "d", reviews: [review([item("a", .fine)])])
        }
        let many = (0..<400).map { item("\($0) " + String(repeating: "a", count: 4000), .reject) }
        let error = #expect(throws: LineageError.self) {
            try ReviewRules.pack(name: "r", drop: "d", reviews: [review(many)])
        }
        #expect(error?.problem.contains("more than a rule pack can hold") == true)
    }
}
