// JSON Pointers lead to fields: those that users give in place of known names, and those of rules.

import Testing
import UndertoneCore

@testable import UndertoneRecords

@Suite struct FieldPointerTests {
    private static let nested = #"""
        {"a/b":"1","m~n":"2","~1":"3","":"4"," ":"5","list":["x",{"k":"y"},["z"],7],"deep":{"er":{"est":"d"},"s":"t"},"n":7,
        "é":"6","nothing":null,"empty":{},"none":[],"completion":"c"}
        """#.filter { $0 != "\n" }

    @Test(arguments: [
        ("/a~1b", ["1"]), ("/m~0n", ["2"]), ("/~01", ["3"]), ("/", ["4"]), ("/ ", ["5"]), ("/é", ["6"]),
        ("/list/0", ["x"]),
        ("/list/1/k", ["y"]), ("/list/2/0", ["z"]), ("/list", ["x", "y", "z", "7"]), ("/deep", ["d", "t"]),
        ("/deep/er/est", ["d"]),
        ("/deep/er", ["d"]), ("/completion", ["c"]),
    ])
    func `a pointer leads to its strings`(_ pointer: String, _ expected: [String]) {
        let record = onlyRecord(Self.nested, plan: FieldPlan([.response, .any], overrides: [pointer]))
        #expect(record.malformed == nil)
        let found = record.fields.filter { $0.tags.contains(.response) }
        #expect(found.map(\.text) == expected)
        #expect(found.allSatisfy { $0.pointer == pointer && $0.tags == [.response, .any] })
        // The known field is still there for rules that look at anything.
        #expect(record.fields.first?.tags == .any && record.fields.first?.text == "c")
    }

    @Test(arguments: [
        "/x", "/a", "/list/4", "/list/-", "/list/-1", "/list/01", "/list/+1", "/list/1e0", "/list/ 1", "/list/",
        "/list/k",
        "/list/99999999999999999999", "/list/0/x", "/deep/x", "/deep/er/est/x", "/completion/0", "/n/0", "/nothing/a",
        "/a~1b/", "//",
    ])
    func `a pointer that leads nowhere leaves the field missing`(_ pointer: String) {
        let plan = FieldPlan([.response], overrides: [pointer])
        #expect(fields(Self.nested, plan) == ["malformed: missing-field"])
        // With a second one that leads somewhere, the record has what it needs.
        #expect(
            onlyRecord(Self.nested, plan: FieldPlan([.response], overrides: [pointer, "/deep/s"])).malformed == nil)
    }

    @Test(arguments: ["/n", "/nothing", "/list/3", "/empty", "/none"])
    func `a pointer to something without text is the wrong type`(_ pointer: String) {
        #expect(fields(Self.nested, FieldPlan([.response], overrides: [pointer])) == ["malformed: wrong-type"])
    }

    @Test func `a pointer finds names that are written in escapes`() {
        let plan = FieldPlan([.response], overrides: ["/gr\u{FC}n/k"])
        #expect(fields(#"{"gr\u00fcn":{"\u006b":"x"}}"#, plan) == ["/gr\u{FC}n/k=x"])
    }

    @Test func `a pointer into an object with twins is a guess, and refused`() {
        let plan = FieldPlan([.response], overrides: ["/o/k"])
        for text in [#"{"o":{"k":"1","k":"2"}}"#, #"{"o":{"k":"1","\u006b":"2"}}"#, #"{"o":{"a":1,"k":"2","a":3}}"#] {
            #expect(fields(text, plan) == ["malformed: duplicate-key"])
        }
        let many = (0..<100).map { "\"a\($0)\":0" }.joined(separator: ",")
        #expect(fields("{\"o\":{\(many),\"k\":\"x\"}}", plan) == ["/o/k=x"])
        #expect(fields("{\"o\":{\(many),\"k\":\"x\",\"a50\":1}}", plan) == ["malformed: duplicate-key"])
    }

    @Test func `rules with pointers have bits of their own`() {
        let plan = FieldPlan([.response, .pointer("/meta/note"), .pointer("/completion")])
        let bits = plan.pointers.map(\.tag)
        let record = onlyRecord(#"{"completion":"c","meta":{"note":"n"}}"#, plan: plan)
        #expect(record.fields.map(\.text) == ["c", "n", "c"])
        #expect(record.fields.map(\.tags) == [[.response, .any], [bits[0], .any], [bits[1], .any]])
        #expect(record.fields.map(\.pointer) == ["/completion", "/meta/note", "/completion"])
        // What a rule's pointer does not find is no fault of the record.
        #expect(onlyRecord(#"{"completion":"c","meta":{"note":7}}"#, plan: plan).malformed == nil)
        #expect(onlyRecord(#"{"meta":{"note":"n"}}"#, plan: plan).malformed == .missingField)
    }

    @Test func `pointers of many records in one block keep apart`() {
        let parser = RecordParser(plan: FieldPlan([.response], overrides: ["/a", "/b/1"]))
        let lines = [
            #"{"a":"1","b":["x","2"]}"#, #"{"a":"3"}"#, #"{"b":[0,"4"]}"#, #"{"b":["5"]}"#, #"{"a":[}"#,
            #"{"a":{"k":"6"}}"#,
        ]
        let reading = parser.reading(Array(lines.joined(separator: "\n").utf8))
        #expect(reading.records.map(\.texts) == [["1", "2"], ["3"], ["4"], [], [], ["6"]])
        #expect(reading.records.map(\.malformed) == [nil, nil, nil, .missingField, .invalidJSON, nil])
    }
}
