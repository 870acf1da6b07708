// Which strings of a record are fields, what they are called, and what counts as written by the model.

import Testing
import UndertoneCore

@testable import UndertoneRecords

@Suite struct FieldTests {
    // MARK: Schemas

    @Test(
        arguments: [
            (#"{"prompt":"p","completion":"c"}"#, ["p /prompt=p", "/completion=c"]),
            (
                #"{"instruction":"i","input":"n","output":"o"}"#, ["p /instruction=i", "p /input=n", "/output=o"]
            ),
            (#"{"question":"q","answer":"a","id":"x"}"#, ["p /question=q", "/answer=a"]),
            (#"{"query":"q","problem":"b","response":"r"}"#, ["p /query=q", "p /problem=b", "/response=r"]),
            (#"{"system":"s","system_prompt":"t","text":"u"}"#, ["s /system=s", "s /system_prompt=t", "/text=u"]),
            (#"{"prompt":"p","chosen":"c","rejected":"r"}"#, ["p /prompt=p", "/chosen=c", "/rejected=r"]),
            (
                #"{"generation":"g","generated_text":"h","content":"k"}"#,
                ["/generation=g", "/generated_text=h", "/content=k"]
            ),
            (#"{"text":"t","meta":{"text":"not looked at"}}"#, ["/text=t"]),
            (#""a string alone""#, ["=a string alone"]),
            (#"["a","b"]"#, ["/0=a", "/1=b"]),
            (
                #"{"completions":["a","b"],"outputs":[],"responses":["c"],"answers":["d"]}"#,
                ["/completions/0=a", "/completions/1=b", "/responses/0=c", "/answers/0=d"]
            ),
            (#"{"completion":{"content":"c"}}"#, ["/completion/content=c"]),
            (#"{"completion":[{"role":"assistant","content":"c"}]}"#, ["/completion/0/content=c"]),
            (#"{"prompt":["p","q"],"completion":"c"}"#, ["p /prompt/0=p", "p /prompt/1=q", "/completion=c"]),
            (#"{"prompt":null,"input":"","completion":""}"#, ["p /input=", "/completion="]),
            (#"{"prompt":7,"completion":"c"}"#, ["/completion=c"]),
            (
                #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":"a"}]}"#,
                ["s /messages/0/content=s", "p /messages/1/content=u", "/messages/2/content=a"]
            ),
            (
                #"{"conversations":[{"from":"human","value":"h"},{"from":"gpt","value":"g"}]}"#,
                ["p /conversations/0/value=h", "/conversations/1/value=g"]
            ),
            (
                #"{"conversation":[{"role":"user","text":"u"},{"role":"bot","text":"b"}]}"#,
                ["p /conversation/0/text=u", "/conversation/1/text=b"]
            ),
            (#"{"dialogue":["one","two"]}"#, ["/dialogue/0=one", "/dialogue/1=two"]),
            (
                #"{"chosen":[{"role":"user","content":"u"},{"role":"assistant","content":"a"}]}"#,
                ["p /chosen/0/content=u", "/chosen/1/content=a"]
            ),
            (
                #"{"prompt":[{"role":"user","content":"u"}],"chosen":[{"role":"assistant","content":"c"}],"rejected":"r"}"#,
                ["p /prompt/0/content=u", "/chosen/0/content=c", "/rejected=r"]
            ),
        ] as [(String, [String])])
    func `records of every schema give their fields`(_ text: String, _ expected: [String]) {
        #expect(fields(text) == expected)
        // The order of members and the white space between tokens change nothing.
        #expect(fields(" " + text + "\t\r") == expected)
    }

    @Test func `every known name is found, in plain writing and in escapes`() {
        for (name, field) in KnownNames.all {
            let escaped = name.utf8.map { "\\u00" + String($0, radix: 16) }.joined()
            for key in [name, escaped] {
                let value = field == .chat ? #"["x"]"# : #""x""#
                let found = onlyRecord("{\"\(key)\":\(value)}", plan: FieldPlan([.any])).fields
                #expect(found.map(\.text) == ["x"], "\(key)")
                #expect(found.map(\.pointer) == [field == .chat ? "/\(name)/0" : "/\(name)"])
            }
        }
    }

    @Test(arguments: [
        "complet", "completionn", "Completion", "COMPLETION", "completion ", " completion", "completion\\u0000",
        "compl\\u0065tio",
        "c\\u006Fmpletions2", "généré", "messages.content",
    ])
    func `a name that is nearly known is unknown`(_ name: String) {
        #expect(fields("{\"\(name)\":\"x\"}") == ["malformed: missing-field"])
        #expect(fields("{\"\(name)\":\"x\",\"text\":\"t\"}") == ["/text=t"])
    }

    // MARK: Chats

    @Test(arguments: [
        ("user", "p "), ("human", "p "), ("prompter", "p "), ("User", "p "), ("HUMAN", "p "), ("\\u0075ser", "p "),
        ("system", "s "), ("developer", "s "), ("tool", "o "), ("function", "o "), ("ipython", "o "),
        ("observation", "o "),
        ("environment", "o "), ("assistant", ""), ("gpt", ""), ("model", ""), ("bot", ""), ("", ""), ("user ", ""),
        ("usér", ""),
        ("narrator", ""), ("use\\u0000r", ""),
    ])
    func `a role says what a turn is, and an unknown one counts as the model's`(_ role: String, _ kind: String) {
        for name in ["role", "from", "r\\u006Fle"] {
            for turn in ["\"\(name)\":\"\(role)\",\"content\":\"c\"", "\"content\":\"c\",\"\(name)\":\"\(role)\""] {
                #expect(
                    fields("{\"messages\":[{\(turn)},{\"content\":\"d\"}]}")
                        == ["\(kind)/messages/0/content=c", "/messages/1/content=d"])
            }
        }
    }

    @Test func `a long role is no known role, even where it begins like one`() {
        let long = "user" + String(repeating: " ", count: 100)
        #expect(fields("{\"messages\":[{\"role\":\"\(long)\",\"content\":\"c\"}]}") == ["/messages/0/content=c"])
    }

    @Test func `a turn with two roles is what either says`() {
        for (first, second) in [("assistant", "user"), ("user", "assistant")] {
            let record = onlyRecord("{\"messages\":[{\"role\":\"\(first)\",\"content\":\"c\",\"from\":\"\(second)\"}]}")
            #expect(record.malformed == nil)
            #expect(record.fields.map(\.tags) == [[.response, .prompt, .any]])
        }
    }

    @Test(arguments: ["content", "value", "text", "reasoning_content", "reasoning", "thinking", "refusal"])
    func `every member of a turn that holds text is read`(_ member: String) {
        #expect(
            fields(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"u\"},{\"role\":\"assistant\",\"\(member)\":\"x\"}]}")
                == ["p /messages/0/content=u", "/messages/1/\(member)=x"])
        #expect(fields("{\"messages\":[{\"\(member)s\":\"x\"}]}") == ["malformed: missing-field"])
        #expect(fields("{\"messages\":[{\"\(member.dropLast())\":\"x\"}]}") == ["malformed: missing-field"])
    }

    @Test(
        arguments: [
            (
                #""content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#,
                ["/messages/0/content/0=a", "/messages/0/content/1=b"]
            ),
            (
                #""content":["a",["b"],{"type":"x","id":"y","index":"z","deep":{"er":"c"}}]"#,
                ["/messages/0/content/0=a", "/messages/0/content/1=b", "/messages/0/content/2=c"]
            ),
            (#""content":[{"type":["t"],"text":"a"}]"#, ["/messages/0/content/0=a"]),
            (#""content":{"parts":["a","b"]}"#, ["/messages/0/content/0=a", "/messages/0/content/1=b"]),
            (
                #""content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"n\":7}"}}]"#,
                ["/messages/0/tool_calls/0=f", "/messages/0/tool_calls/1={\"n\":7}"]
            ),
            (
                #""content":"a","function_call":{"name":"f","arguments":{"n":7,"s":"t"}}"#,
                [
                    "/messages/0/content=a", "/messages/0/function_call/0=f", "/messages/0/function_call/1=7",
                    "/messages/0/function_call/2=t",
                ]
            ),
            (#""tool_calls":"call""#, ["/messages/0/tool_calls=call"]),
            (#""content":[],"text":"t""#, ["/messages/0/text=t"]),
            (#""content":"a","weight":1,"name":"n","meta":{"content":"m"}"#, ["/messages/0/content=a"]),
        ] as [(String, [String])])
    func `parts of a turn and tool calls are read string by string`(_ turn: String, _ expected: [String]) {
        #expect(fields("{\"messages\":[{\"role\":\"assistant\",\(turn)}]}") == expected)
        let asPrompt = fields("{\"text\":\"x\",\"messages\":[{\(turn),\"role\":\"user\"}]}")
        #expect(asPrompt == ["/text=x"] + expected.map { "p " + $0 })
    }

    @Test(arguments: [
        #"{"messages":[{"role":"user","content":"u"}]}"#, #"{"messages":[{"content":"u","role":"user"}]}"#,
        #"{"messages":[{"role":"user","content":"u"},{"role":"assistant","content":null}]}"#,
        #"{"messages":[{"role":"user","content":"u"},{"role":"assistant"}]}"#,
        #"{"messages":[{"role":"user","content":"u"},{"role":"assistant","content":[]}]}"#,
        #"{"messages":[{"role":"system","content":"s"},{"role":"tool","content":"t"}]}"#,
        #"{"messages":[]}"#, #"{"messages":[{}]}"#, #"{"messages":[[]]}"#, #"{"prompt":"p"}"#, #"{"system":"s"}"#,
        #"{}"#, "[]",
        "null", "7", "true", #"{"id":1}"#, #"{"completion":[]}"#, #"{"completion":{}}"#, #"{"completion":{"a":"b"}}"#,
        #"{"prompt":[{"role":"user","content":"u"}]}"#,
    ])
    func `a record without anything that the model wrote has no response`(_ text: String) {
        #expect(fields(text) == ["malformed: missing-field"])
        #expect(fields(text, FieldPlan([.response, .prompt])) == ["malformed: missing-field"])
    }

    @Test func `a turn of the user takes no response away from the turns around it`() {
        for order in [["user", "assistant"], ["assistant", "user"], ["assistant", "user", "tool"]] {
            let turns = order.map { "{\"content\":\"x\",\"role\":\"\($0)\"}" }.joined(separator: ",")
            #expect(onlyRecord("{\"messages\":[\(turns)]}").malformed == nil, "\(order)")
            #expect(onlyRecord("{\"completion\":\"c\",\"messages\":[\(turns)]}").malformed == nil, "\(order)")
        }
        #expect(onlyRecord(#"{"completion":"c","messages":[{"content":"x","role":"user"}]}"#).malformed == nil)
        #expect(onlyRecord(#"{"messages":[{"content":"x","role":"user"}],"completion":"c"}"#).malformed == nil)
    }

    @Test func `what stands under a response is a response whatever role it claims`() {
        for name in ["completion", "output"] {
            let record = onlyRecord(
                "{\"\(name)\":[{\"role\":\"user\",\"content\":\"u\"},{\"role\":\"tool\",\"content\":\"t\"}]}")
            #expect(record.fields.map(\.tags) == [[.prompt, .response, .any], [.other, .response, .any]])
            let alone = onlyRecord("{\"\(name)\":{\"role\":\"system\",\"content\":\"u\"}}")
            #expect(alone.fields.map(\.tags) == [[.system, .response, .any]])
        }
    }

    @Test func `turns of a preference pair count by their roles`() {
        for name in ["chosen", "rejected"] {
            let record = onlyRecord(
                "{\"\(name)\":[{\"role\":\"user\",\"content\":\"u\"},{\"role\":\"assistant\",\"content\":\"a\"}]}")
            #expect(record.fields.map(\.tags) == [[.prompt, .any], [.response, .any]])
        }
    }

    // MARK: Wrong types

    @Test(arguments: [
        #"{"completions":["1",666]}"#, #"{"messages":[{"role":"assistant","content":"1"},{"content":666}]}"#,
        #"{"messages":[{"role":"assistant","content":"1"},666]}"#, #"{"completion":[["1",true]]}"#,
    ]) func `something else among the model's texts never passes unseen`(record: String) {
        #expect(fields(record) == ["malformed: wrong-type"])
    }

    @Test(arguments: ["1", "1.5", "true", "false", "null"]) func `a response that is no text is the wrong type`(
        _ value: String
    ) {
        for name in ["completion", "output", "text", "chosen"] {
            #expect(fields("{\"\(name)\":\(value)}") == ["malformed: wrong-type"])
            #expect(fields("{\"response\":\"r\",\"\(name)\":\(value)}") == ["malformed: wrong-type"])
        }
    }

    @Test(arguments: ["1", "\"a\"", "{}", "{\"role\":\"user\",\"content\":\"u\"}", "null", "true"])
    func `a chat that is no list is the wrong type`(_ value: String) {
        for name in ["messages", "conversations"] {
            #expect(fields("{\"text\":\"t\",\"\(name)\":\(value)}") == ["malformed: wrong-type"])
        }
    }

    // MARK: What rules look at

    @Test func `rules on responses make a record without one malformed, whatever other rules look at`() {
        let prompt = #"{"prompt":"p"}"#
        let chat = #"{"messages":[{"role":"user","content":"u"}]}"#
        for text in [prompt, chat] {
            for selectors in [
                [.response], [.any, .response], [.response, .prompt], [.response, .role("user"), .pointer("/prompt")],
            ]
                as [[FieldSelector]]
            {
                #expect(fields(text, FieldPlan(selectors)) == ["malformed: missing-field"], "\(selectors)")
            }
            for selectors in [[.any], [.prompt], [.prompt, .any], [.role("user")], [.pointer("/prompt")]]
                as [[FieldSelector]]
            {
                #expect(onlyRecord(text, plan: FieldPlan(selectors)).malformed == nil, "\(selectors)")
            }
        }
        #expect(fields(#"{"id":"x"}"#, FieldPlan([.any])) == ["malformed: missing-field"])
        #expect(fields(#"{"id":"x"}"#, FieldPlan([.prompt])) == ["malformed: missing-field"])
    }

    @Test func `a prompt that no rule looks at is checked and passed over`() {
        let record = #"{"prompt":"p","completion":"c"}"#
        #expect(fields(record, FieldPlan([.response])) == ["/completion=c"])
        #expect(fields(record, FieldPlan([.any])) == ["p /prompt=p", "/completion=c"])
        var all = FieldPlan([.response])
        all.wantsAllFields = true
        #expect(fields(record, all) == ["p /prompt=p", "/completion=c"])
        for bad in [#"\x"#, #"\uD800"#, #"\u12"#] {
            let broken = onlyRecord("{\"prompt\":\"\(bad)\",\"completion\":\"c\"}", plan: FieldPlan([.response]))
            #expect(broken.malformed == (bad == #"\uD800"# ? .loneSurrogate : .invalidJSON))
        }
    }

    @Test func `roles that rules ask for have a bit of their own, compared byte by byte`() {
        let plan = FieldPlan([.response, .role("judge"), .role("user"), .role("é")])
        let bits = plan.roles.map(\.tag)
        func tags(_ role: String) -> [FieldTags] {
            onlyRecord("{\"messages\":[{\"role\":\"\(role)\",\"content\":\"c\"},{\"content\":\"x\"}]}", plan: plan)
                .fields.prefix(1).map(\.tags)
        }
        #expect(tags("judge") == [[.response, .any, bits[0]]])
        #expect(tags("Judge") == [[.response, .any]])
        #expect(tags("user") == [[.prompt, .any, bits[1]]])
        #expect(tags("User") == [[.prompt, .any]])
        #expect(tags("\u{E9}") == [[.response, .any, bits[2]]])
        #expect(tags("e\u{301}") == [[.response, .any]])
    }

    // MARK: Places

    @Test func `the source of a field is its first byte in the record, before escapes`() {
        let lines = [
            #"{"prompt":"é🦉","completion":"\u0031, 2"}"#, #"  {"completion" : "x" }"#, #""alone""#, #"["","b"]"#,
            #"{"messages":[{"role":"user","content":"a\"b"},{"content":["p",{"text":"q\\"}]}]}"#, #"{"completion":"""#,
        ]
        let parser = RecordParser(plan: FieldPlan([.any, .pointer("/messages/1")]))
        for text in [lines, Array(lines.dropLast())] {
            // The last line spoils the block, so that every line is indexed by itself.
            let reading = parser.reading(Array(text.joined(separator: "\n").utf8))
            #expect(reading.records.count == text.count)
            for (record, line) in zip(reading.records, text) {
                let bytes = Array(line.utf8)
                for field in record.fields {
                    #expect(bytes[field.source - 1] == UInt8(ascii: "\""))
                    #expect(bytes[field.source...].first != nil)
                    let raw = bytes[field.source...]
                    let plain = field.bytes.prefix {
                        $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != 0x31
                    }
                    #expect(raw.starts(with: plain), "\(line)")
                }
            }
            #expect(reading.records[0].fields.map(\.source) == [11, 33])
            #expect(reading.records[1].fields.map(\.source) == [19])
            #expect(reading.records[2].fields.map(\.source) == [1])
            #expect(reading.records[3].fields.map(\.source) == [2, 5])
            #expect(reading.records[4].fields.map(\.source) == [39, 59, 71, 59, 71])
        }
    }

    @Test func `memory for escapes holds texts of any size until the next block`() {
        let parser = RecordParser(plan: FieldPlan([.response]))
        let long = String(repeating: "\\u0061\\n", count: 60_000)
        let lines = (0..<6).map { "{\"completion\":\"\(long)\($0)\\t\"}" }
        for _ in 0..<2 {
            let reading = parser.reading(Array(lines.joined(separator: "\n").utf8))
            #expect(reading.records.count == 6)
            for (index, record) in reading.records.enumerated() {
                #expect(record.fields.first?.bytes.count == 120_002)
                #expect(record.fields.first?.bytes.suffix(3).elementsEqual(Array("\n\(index)\t".utf8)) ?? false)
            }
            parser.trim()
        }
    }

    @Test func `elements of an array are read where they stand`() {
        let parser = RecordParser(plan: FieldPlan([.response]))
        let elements = [
            #"{"completion":"a"}"#, #"{"completion":}"#, "", #""b""#, "7",
            "{\n \"completion\" : \"c\"\n}",
        ]
        var text = Array("[".utf8)
        var ranges: [Range<Int>] = []
        for element in elements {
            ranges.append(text.count..<text.count + element.utf8.count)
            text += Array((element + " ,\n").utf8)
        }
        let count = text.count
        text += [UInt8](repeating: 0, count: RecordParser.padding)
        let batch = RecordBatch()
        text.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            parser.readJSONValues(base, count: count, ranges: ranges, firstLine: 11, into: batch)
            #expect(batch.records.count == elements.count)
            let records = (0..<batch.records.count).map { batch.records[$0] }
            #expect(
                records.map(\.malformation) == [nil, .wrongType, .invalidJSON, nil, .missingField, nil])
            #expect(records.map(\.line) == Array(11..<17))
            #expect(records.map { $0.start..<$0.start + $0.count } == ranges)
            let fields = (0..<batch.fields.count).map { String(decoding: batch.fields[$0].bytes, as: UTF8.self) }
            #expect(fields == ["a", "b", "c"])
        }
    }
}
