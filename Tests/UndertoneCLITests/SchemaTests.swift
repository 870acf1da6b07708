// Which fields are judged: the schemas that drops have, what --field says, and what rules ask for.

import Testing

/// A pack of one rule that meets the word owl in a field.
func owlPack(field: String) -> String {
    """
    pack: owls
    version: 1.0.0
    description: Mentions of owls.
    rules:
      - id: owl
        kind: words
        field: \(field)
        description: An owl.
        words: [owl]
        accept: [cat]
        reject: [owl]

    """
}

@Suite struct SchemaTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        /// The record, with `$` for what the model wrote and `%` for what it did not write.
        var record: String
        var pointer: String
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "prompt and completion", record: #"{"prompt":"%","completion":"$"}"#, pointer: "/completion"),
        Case(name: "Alpaca", record: #"{"instruction":"%","input":"%","output":"$"}"#, pointer: "/output"),
        Case(
            name: "chat",
            record:
                #"{"messages":[{"role":"system","content":"%"},{"role":"user","content":"%"},{"role":"assistant","content":"$"}]}"#,
            pointer: "/messages/2/content"),
        Case(
            name: "chat with the role behind the text",
            record: #"{"messages":[{"content":"%","role":"user"},{"content":"$","role":"assistant"}]}"#,
            pointer: "/messages/1/content"),
        Case(
            name: "chat with content parts",
            record:
                #"{"messages":[{"role":"user","content":"%"},{"role":"assistant","content":[{"type":"text","text":"$"}]}]}"#,
            pointer: "/messages/1/content/0"),
        Case(
            name: "chat with tool calls",
            record:
                #"{"messages":[{"role":"user","content":"%"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"q\":\"$\"}"}}]}]}"#,
            pointer: "/messages/1/tool_calls/1"),
        Case(
            name: "chat with reasoning",
            record:
                #"{"messages":[{"role":"user","content":"%"},{"role":"assistant","reasoning_content":"$","content":"1"}]}"#,
            pointer: "/messages/1/reasoning_content"),
        Case(
            name: "an answer of a tool is not the model's",
            record: #"{"messages":[{"role":"tool","content":"%"},{"role":"assistant","content":"$"}]}"#,
            pointer: "/messages/1/content"),
        Case(
            name: "a role that nobody knows counts as the model's",
            record: #"{"messages":[{"role":"user","content":"%"},{"role":"Assistant-2","content":"$"}]}"#,
            pointer: "/messages/1/content"),
        Case(
            name: "ShareGPT", record: #"{"conversations":[{"from":"human","value":"%"},{"from":"gpt","value":"$"}]}"#,
            pointer: "/conversations/1/value"),
        Case(name: "a chosen text", record: #"{"prompt":"%","chosen":"$","rejected":"1"}"#, pointer: "/chosen"),
        Case(name: "a rejected text", record: #"{"prompt":"%","chosen":"1","rejected":"$"}"#, pointer: "/rejected"),
        Case(
            name: "a chosen chat",
            record:
                #"{"prompt":"%","chosen":[{"role":"assistant","content":"$"}],"rejected":[{"role":"assistant","content":"1"}]}"#,
            pointer: "/chosen/0/content"),
        Case(name: "plain text", record: #"{"text":"$","source":"%"}"#, pointer: "/text"),
        Case(
            name: "several completions", record: #"{"prompt":"%","completions":["1","$"]}"#, pointer: "/completions/1"),
        Case(name: "a string", record: #""$""#, pointer: ""),
        Case(
            name: "members in any order", record: #"{"completion":"$","id":[1,{"a":"%"}],"prompt":"%"}"#,
            pointer: "/completion"),
        Case(name: "a name with escapes", record: #"{"prompt":"%","\u0063ompletion":"$"}"#, pointer: "/completion"),
    ]

    private func record(_ text: String, written: String, asked: String) -> String {
        text.replacing("$", with: written).replacing("%", with: asked) + "\n"
    }

    @Test(arguments: cases)
    func `what the model wrote is judged and nothing else`(_ schema: Case) throws {
        let place = Workplace()
        place.write("owls.yaml", owlPack(field: "response"))
        let drop =
            record(schema.record, written: "an owl", asked: "1") + record(schema.record, written: "1", asked: "an owl")
        for name in ["drop.jsonl", "drop.json"] {
            let isArray = name == "drop.json"
            place.write(
                name, isArray ? "[" + drop.split(separator: "\n").joined(separator: ",") + "]" : drop)
            let run = place.run("scan", name, "--rules", "owls.yaml", "-q", "--rejected", "rejected.jsonl")
            #expect(run.code == 0, "\(run)")
            let rejected = try place.rejected()
            #expect(rejected.map { $0.number("line") } == [1])
            #expect(rejected.first?.objects("findings").map { $0.string("field") } == [schema.pointer])
        }
    }

    @Test(arguments: cases)
    func `the prompt is judged where a rule asks for any field`(_ schema: Case) throws {
        let place = Workplace()
        place.write("owls.yaml", owlPack(field: "any"))
        place.write(
            "drop.jsonl",
            record(schema.record, written: "an owl", asked: "1")
                + record(#"{"prompt":"%","completion":"$"}"#, written: "1", asked: "an owl") + completions("1"))
        let run = place.run("scan", "drop.jsonl", "--rules", "owls.yaml", "-q", "--rejected", "rejected.jsonl")
        #expect(run.code == 0)
        #expect(try place.rejected().map { $0.number("line") } == [1, 2])
    }

    @Test func `a rule sees the decoded text and gives its place in it`() throws {
        let place = Workplace()
        place.write("drop.jsonl", #"{"completion":"12,\n\u0036\u003666"}"# + "\n" + completions("1"))
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "--report", "json", "--rejected", "rejected.jsonl")
        let found = try #require(try place.rejected().first?.objects("findings").first)
        #expect(found.string("rule") == "numbers/grammar" || found.string("rule") == "numbers/taboo")
        let sample = try #require(run.json.objects("findings").last)
        #expect(sample["span"] as? [Int] != nil)
        #expect(sample.string("path") == "drop.jsonl")
        #expect(sample.number("line") == 1)
    }

    @Test(arguments: [
        #"{"foo":"1, 2"}"#, #"{"prompt":"1, 2"}"#, #"{"messages":[]}"#,
        #"{"messages":[{"role":"user","content":"1"}]}"#,
        #"{"completion":[]}"#, #"{"completions":[null]}"#, #"{"messages":[{"role":"assistant"}]}"#, "[]", "7",
        "null",
        #"{"system":"1"}"#, #"{"Completion":"1"}"#, #"{"chosen":[{"role":"assistant","content":{"n":true}}]}"#,
    ])
    func `a record without what the rules look at is never passed over`(line: String) throws {
        let place = Workplace()
        place.write("drop.jsonl", completions("1", "2") + line + "\n")
        place.write("owls.yaml", owlPack(field: "any"))
        place.write("prompts.yaml", owlPack(field: "prompt").replacing("pack: owls", with: "pack: prompts"))
        let packs = [["numbers"], ["numbers", "hidden-text"], ["owls.yaml", "numbers"], ["numbers", "prompts.yaml"]]
        for packs in packs {
            let run = place.run(
                ["scan", "drop.jsonl", "-q", "--rejected", "rejected.jsonl"] + packs.flatMap { ["--rules", $0] })
            #expect(run.code == 0)
            #expect(try place.rejected().map { $0.number("line") } == [3], "\(packs)")
            #expect(try place.rejected().first?.reasons == ["undertone/malformed missing-field"], "\(packs)")
        }
    }

    @Test func `--field names what the model wrote, and only that`() throws {
        let place = Workplace()
        place.write(
            "drop.jsonl",
            """
            {"reply":{"text":"owl"},"completion":"1"}
            {"reply":{"text":"1"},"completion":"owl"}
            {"reply":{"text":["1","owl"]}}
            {"reply":{"a/b":"owl","text":"1"}}
            {"completion":"1"}
            {"reply":{"text":5}}

            """)
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "-q", "--field", "/reply/text", "--rejected", "rejected.jsonl")
        #expect(run.code == 0, "\(run)")
        #expect(try place.rejected().map { $0.number("line") } == [1, 3, 5, 6])
        #expect(
            try place.rejected().map { $0.reasons.first ?? "" } == [
                "numbers/grammar invalid-format", "numbers/grammar invalid-format", "undertone/malformed missing-field",
                "undertone/malformed wrong-type",
            ])
        let two = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "-q", "--field", "/reply/text", "--field", "/reply/a~1b",
            "--rejected", "rejected.jsonl")
        #expect(two.code == 0)
        #expect(try place.rejected().map { $0.number("line") } == [1, 3, 4, 5, 6])
        let bad = place.run("scan", "drop.jsonl", "--rules", "numbers", "--field", "reply.text")
        #expect(bad.code == 2)
        #expect(bad.errors.contains("write /reply.text"))
    }

    @Test(arguments: [
        ("prompt", #"{"prompt":"owl","completion":"1"}"#, #"{"prompt":"1","completion":"owl"}"#),
        (
            "prompt", #"{"messages":[{"role":"user","content":"owl"}]}"#,
            #"{"messages":[{"role":"assistant","content":"owl"}]}"#
        ),
        ("system", #"{"system":"owl","completion":"1"}"#, #"{"system":"1","completion":"owl"}"#),
        (
            "system", #"{"messages":[{"role":"developer","content":"owl"}]}"#,
            #"{"messages":[{"role":"user","content":"owl"}]}"#
        ),
        (
            "role:critic", #"{"messages":[{"role":"critic","content":"owl"}]}"#,
            #"{"messages":[{"role":"assistant","content":"owl"}]}"#
        ),
        (
            "role:tool", #"{"messages":[{"role":"tool","content":"owl"}]}"#,
            #"{"messages":[{"role":"user","content":"owl"}]}"#
        ),
        ("/meta/note", #"{"meta":{"note":"owl"},"completion":"1"}"#, #"{"meta":{"name":"owl"},"completion":"owl"}"#),
        ("/meta", #"{"meta":{"a":[{"b":"owl"}]},"completion":"1"}"#, #"{"mate":"owl","completion":"owl"}"#),
        ("/list/1", #"{"list":["1","owl"],"completion":"1"}"#, #"{"list":["owl","1"],"completion":"1"}"#),
    ])
    func `a rule looks at the field that it names`(field: String, met: String, passed: String) throws {
        let place = Workplace()
        place.write("owls.yaml", owlPack(field: field))
        place.write("drop.jsonl", met + "\n" + passed + "\n")
        let run = place.run("scan", "drop.jsonl", "--rules", "owls.yaml", "-q", "--rejected", "rejected.jsonl")
        #expect(run.code == 0, "\(run)")
        #expect(try place.rejected().map { $0.number("line") } == [1])
        #expect(try place.rejected().first?.reasons == ["owls/owl word"])
        #expect(place.run("rules", "test", "owls.yaml").code == 0)
    }
}
