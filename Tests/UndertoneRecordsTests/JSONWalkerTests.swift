// What is one JSON value by RFC 8259 and what is not, alone and among neighbours.

import Testing
import UndertoneCore

@testable import UndertoneRecords

/// Texts of JSON values, each with why it is none.
private enum Cases {
    typealias Case = (text: String, fault: Malformation?)

    static let numbers: [Case] =
        [
            "0", "-0", "1", "-1", "10", "1234567890123456789012345678901234567890", "0.0", "-0.5", "1.50", "1e5", "1E5",
            "0e0",
        ]
        .map { ($0, nil) }
        + ["1e+5", "1e-5", "1.5E+10", "1e00", "-1.0e-999", "1e999999", "0E0", "0.1e1"].map { ($0, nil) }
        + ["-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1e-", "1ee5", "1e5.5"].bad
        + ["0x10", "1_000", "1,000e", "1.2.3", "--1", "1-", "1+1", "NaN", "-NaN", "Infinity", "-Infinity", "1a"].bad
        + ["１", "1\u{0}", "0b1", "1f", "1 2", "1\u{C}", "2.\u{660}", "1e5\u{A0}"].bad

    static let literals: [Case] =
        ["true", "false", "null"].map { ($0, nil) }
        + ["True", "TRUE", "nul", "nulll", "tru", "truee", "tru e", "fals", "false0", "true false", "t", "n"].bad
        + ["undefined", "none", "'a'", "`a`", "a", "#", "/**/1", "1//", "\u{FEFF}1", "\u{A0}1", "1\u{2028}"].bad

    static let strings: [Case] =
        [#""""#, #""a""#, #""é 語 🦉""#, #""\"""#, #""\\""#, #""\\\"""#, #""\/""#, #""\b\f\n\r\t""#, #""'""#].good
        + [#""\u0041""#, #""\u00e9\u00E9""#, #""\u0000""#, #""\uD83E\uDD89""#, #""\ud83e\udd89""#, #""\uFFFF""#].good
        + [#""\uD7FF\uE000""#, #""\uDBFF\uDFFF""#, #""\\u12""#, #""\\\\uD800""#, "\"\u{7F}\u{80}\u{2028}\"", #"" ""#]
        .good
        + [#"""#, #""""""#, #""a"#, #"a""#, #""\"#, #""\""#, #""\x41""#, #""\'""#, #""\a""#, #""\v""#, #""\0""#].bad
        + [#""\U0041""#, #""\u""#, #""\u004""#, #""\u00g1""#, #""\u 041""#, #""\u+041""#, #""\ ""#, #""\é""#].bad
        + [#""\u{41}""#, "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", "\"a\u{1}b\"", "\"a\rb\"", #""\u00é1""#, #"“a”"#].bad
        + [#""\uD800""#, #""\uDFFF""#, #""\uD800x""#, #""\uD800\n""#, #""\uD800\u0041""#, #""\uD800\uD800""#].lone
        + [#""\uDC00\uD800""#, #""x\uD83E""#, #""\uD83E\uDD89\uDD89""#, #""\uD83E \uDD89""#, #""\uD83E\\uDD89""#].lone
        + [#""\uD83E\uDD8""#, #""\uD83E\u""#].map { ($0, .loneSurrogate) }

    static let structures: [Case] =
        ["[]", "{}", "[[]]", "[{}]", "[1,2]", "[ 1 , 2 ]", "\t[\r1\t]\r", #"{"a":1}"#, #"{ "a" : { "b" : [ ] } }"#].good
        + [#"{"":0}"#, #"{"a":{"a":{"a":1}}}"#, "[[1],[2,[3]],{}]", "[null,true,false,0,\"\"]", "  {}  "].good
        + ["[", "]", "{", "}", "[1", "[1,", "[,", "[,1]", "[1,]", "[1,,2]", "[1 2]", "[1;2]", "[1]]", "[[1]"].bad
        + ["{]", "[}", "[1}", #"{"a"]"#, #"{"a":1]"#, #"{"a" 1]"#, #"["a":1]"#, "{1:2}", "{a:1}", "{null:1}"].bad
        + [#"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1,,"b":2}"#, #"{"a":1 "b":2}"#, #"{"a"::1}"#].bad
        + [#"{"a":1;"b":2}"#, #"{"a":1,"b"}"#, #"{"a":1,2}"#, #"{"a":1}}"#, #"{"a","b"}"#, #"{:1}"#, "[:]", "{,}"].bad
        + [",", ":", "[1],", ",[1]", "[][]", "{}{}", "[] []", "1,2", "[,]", "[\u{0}]", "[\u{C}]", "[1]\u{0}"].bad
        + [#"{["a"]:1}"#, #"{{}:1}"#, #"{"a":1:2}"#, #"[1:2]"#, "[[[", "]]]", "{{{", "...", "[...]", "[\u{1A}]"].bad

    static let glued: [Case] =
        [#""a"x"#, #""a"1"#, #"1"a""#, #""a""b""#, #"true"a""#, #""a"true"#, #"["a"x]"#, #"["a""b"]"#, #"[1"a"]"#].bad
        + [#"{"a"x:1}"#, #"{"a":"b"x}"#, #"{"a":1"b":2}"#, #"{"a":1x}"#, #"{x"a":1}"#, #"{"a"1:1}"#, "1[]", "[]1"].bad
        + ["true[]", "nulltrue", "[1]x", "x[1]", #"{}""#, #""{}"#, #"\"a""#, #"[\"a"]"#, #"[1,\]"#, #"\"#, #"[1\n]"#]
        .bad
        + [#"["a\\"x"]"#, #"["a\\\\""]"#, #"["a","b]"#, #"[a","b"]"#, #"{"a:1}"#, #"{a":1}"#, #"["a" "b"]"#].bad

    static let all = numbers + literals + strings + structures + glued
}

extension [String] {
    fileprivate var good: [Cases.Case] { map { ($0, nil) } }
    fileprivate var bad: [Cases.Case] { map { ($0, .invalidJSON) } }
    fileprivate var lone: [Cases.Case] { map { ($0, .loneSurrogate) } }
}

@Suite struct JSONWalkerTests {
    private static let good = #"{"completion": "1, \"2\", 3", "n": [1, {"a": null}]}"#

    // Where a value can stand: under a name that nobody looks for, and where every string is a field.
    private static let places = [
        ("{\"completion\":\"1\",\"v\":", "}"), ("{\"v\" : [ ", " ],\"completion\":\"1\"}"),
        ("{\"completion\":\"1\",\"v\":{\"x\":", "}}"),
        ("{\"messages\":[{\"role\":\"assistant\",\"content\":\"1\",\"tool_calls\":", "}]}"),
        ("{\"completion\":{\"content\":\"1\",\"name\":", "}}"), ("{\"completion\":\"1\",\"prompt\":[\"1\",", "]}"),
        ("[{\"content\":\"1\",\"name\":", "}]"),
    ]

    @Test func `there are cases of every kind`() {
        #expect(Cases.all.count > 200)
        #expect(Cases.all.count { $0.fault == nil } > 50)
    }

    @Test(arguments: places) func `a value is judged by RFC 8259 wherever it stands`(_ head: String, _ tail: String) {
        for (text, fault) in Cases.all {
            // Some faults are none between brackets: two values, a bracket that closes one more.
            let line = head + text + tail
            let expected = plainFault(line)
            let found = onlyRecord(line)
            #expect(isSame(found.malformed, expected), "\(line.debugDescription)")
            if !text.contains(where: { ",:]}".contains($0) }) {
                #expect(expected.isEmpty == (fault == nil), "\(line.debugDescription)")
            }
        }
    }

    @Test func `a record that is no object is judged all the same`() {
        for (text, fault) in Cases.all where !text.allSatisfy({ " \t\r".contains($0) }) {
            let found = onlyRecord(text)
            if let fault {
                // In a list something that is no text may be met before the fault.
                let isList = text.drop(while: { " \t\r".contains($0) }).first == "["
                #expect(
                    found.malformed == fault || isList && found.malformed == .wrongType,
                    "\(text.debugDescription)")
            } else {
                let allowed: [Malformation?] = [nil, .missingField, .wrongType]
                #expect(allowed.contains(found.malformed), "\(text.debugDescription)")
            }
        }
    }

    @Test func `a broken line changes no verdict but its own`() {
        let parser = RecordParser(plan: FieldPlan())
        let good = onlyRecord(Self.good)
        #expect(good.malformed == nil)
        #expect(good.texts == [#"1, "2", 3"#])
        for (text, _) in Cases.all {
            for line in [text, "{\"completion\":\"1\",\"v\":\(text)}", "{\"completion\":\(text)}"] {
                let alone = parser.reading(Array(line.utf8))
                let among = parser.reading(Array("\(Self.good)\n\(line)\n\(Self.good)\n".utf8), firstLine: 7)
                let last = parser.reading(Array("\(Self.good)\n\(line)".utf8))
                let note: Comment = "\(line.debugDescription)"
                #expect(alone.lines == 1 && among.lines == 3 && last.lines == 2, note)
                #expect(alone.records.count == 1 && among.records.count == 3 && last.records.count == 2, note)
                guard among.records.count == 3, last.records.count == 2, let expected = alone.records.first else {
                    continue
                }
                for (record, line) in [(among.records[0], 7), (among.records[2], 9), (last.records[0], 1)] {
                    #expect(record.fields == good.fields && record.malformed == nil && record.line == line, note)
                }
                for record in [among.records[1], last.records[1]] {
                    #expect(record.malformed == expected.malformed, note)
                    #expect(record.fields == expected.fields, note)
                    #expect(record.count == line.utf8.count, note)
                }
                #expect(among.breaks[1] == alone.breaks[0] || expected.malformed != nil, note)
                for at in alone.breaks + among.breaks + last.breaks { #expect(at >= 0 && at <= line.utf8.count, note) }
            }
        }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xE2, 0x82],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
            [0xF0, 0x9F, 0xA6],
        ] as [[UInt8]])
    func `bytes that are no UTF-8 spoil their own line`(_ bytes: [UInt8]) {
        let parser = RecordParser(plan: FieldPlan())
        let broken = Array("{\"completion\":\"1".utf8) + bytes + Array("\"}".utf8)
        let good = Array(Self.good.utf8)
        for line in [broken, bytes, bytes + Array("1".utf8), good + bytes] {
            let reading = parser.reading(good + [0x0A] + line + [0x0A] + good)
            #expect(reading.records.map(\.malformed) == [nil, .invalidUTF8, nil])
            #expect(reading.records.map(\.line) == [1, 2, 3])
            let alone = parser.reading(line)
            #expect(alone.records.map(\.malformed) == [.invalidUTF8])
            #expect(alone.breaks == [line.firstIndex(of: bytes[0])])
        }
    }

    @Test func `a byte-order mark is white space nowhere`() {
        for line in [
            "\u{FEFF}{\"completion\":\"1\"}", "{\u{FEFF}\"completion\":\"1\"}", "{\"completion\":\"1\"}\u{FEFF}",
        ] {
            #expect(onlyRecord(line).malformed == .invalidJSON)
        }
        #expect(onlyRecord("{\"completion\":\"\u{FEFF}1\"}").texts == ["\u{FEFF}1"])
    }

    @Test(arguments: [1, 2, 3, 8, 64, 512]) func `nesting is sound up to the limit and too deep beyond`(_ limit: Int) {
        let limits = RecordLimits(depth: limit)
        let shapes: [(String, (Int) -> String)] = [
            ("arrays", { Self.nested($0, "[", "]", around: "1") }),
            ("empty arrays", { Self.nested($0, "[", "]", around: "") }),
            ("objects", { Self.nested($0, "{\"a\":", "}", around: "1") }),
            ("empty objects", { Self.nested($0 - 1, "{\"a\":", "}", around: "{}") }),
            ("strings", { Self.nested($0, "[", "]", around: "\"s\"") }),
        ]
        let heads = [
            (1, "{\"completion\":\"1\",\"v\":", "}"), (1, "{\"completion\":", "}"),
            (3, "{\"messages\":[{\"content\":", "}]}"), (2, "{\"completion\":{\"tool_calls\":", "}}"), (0, "", ""),
        ]
        for (name, shape) in shapes {
            for (outer, head, tail) in heads where outer < limit {
                let at = head + shape(limit - outer) + tail
                let over = head + shape(limit - outer + 1) + tail
                let note: Comment = "\(name) under \(head), limit \(limit)"
                let found = onlyRecord(at, limits: limits).malformed
                #expect(found != .tooDeep && found != .invalidJSON, note)
                #expect(onlyRecord(over, limits: limits).malformed == .tooDeep, note)
            }
        }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":", "[[[[\"x\",", "{\"completion\":[", "{\"messages\":[{\"content\":["])
    func `a hundred thousand brackets are too deep and cost no stack`(_ bracket: String) {
        let parser = RecordParser(plan: FieldPlan())
        let line = String(repeating: bracket, count: 100_000)
        let reading = parser.reading(Array("\(Self.good)\n\(line)\n\(Self.good)".utf8))
        #expect(reading.records.map(\.malformed) == [nil, .tooDeep, nil])
        let closed = Self.nested(100_000, "[", "]", around: "1")
        #expect(onlyRecord("{\"completion\":\"1\",\"v\":\(closed)}").malformed == .tooDeep)
    }

    @Test(arguments: [2, 31, 32, 33, 34, 40, 64, 1000])
    func `a member that comes twice is found in objects of any size`(
        _ count: Int
    ) {
        let names = (0..<count - 1).map { "\"member \($0)\":\($0)" }
        let objects: [(String, String)] = [
            ("{\"completion\":\"1\",", "}"), ("{\"messages\":[{\"role\":\"assistant\",\"content\":\"1\",", "}]}"),
            ("{\"completion\":{\"content\":[\"1\",{", "}]}}"),
        ]
        for (head, tail) in objects {
            let sound = head + names.joined(separator: ",") + tail
            #expect(onlyRecord(sound).malformed == nil, "\(count) members")
            for twin in Set([0, names.count / 2, names.count - 1]) {
                for name in ["member \(twin)", "\\u006dember \(twin)", "m\\u0065mb\\u0065r\\u0020\(twin)"] {
                    for place in Set([0, names.count / 2, names.count]) {
                        var members = names
                        members.insert("\"\(name)\":[]", at: place)
                        let line = head + members.joined(separator: ",") + tail
                        #expect(onlyRecord(line).malformed == .duplicateKey, "\(count) members, \(name) at \(place)")
                    }
                }
            }
        }
    }

    @Test(arguments: ["completion", "messages", "prompt", "text", "system", "zzz", ""])
    func `a known name that comes twice is found, however it is written`(_ name: String) {
        let escaped = name.unicodeScalars.map { scalar in
            "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        }.joined()
        let value = name == "messages" ? "[{\"content\":\"1\"}]" : "\"1\""
        let extra = "\"response\":\"2\","
        for (first, second) in [(name, name), (name, escaped), (escaped, name), (escaped, escaped)] {
            #expect(
                onlyRecord("{\(extra)\"\(first)\":\(value),\"\(second)\":\(value)}").malformed == .duplicateKey)
            let many = (0..<50).map { "\"k\($0)\":0" }.joined(separator: ",")
            #expect(
                onlyRecord("{\(extra)\"\(first)\":\(value),\(many),\"\(second)\":\(value)}").malformed == .duplicateKey)
        }
        #expect(onlyRecord("{\(extra)\"\(escaped)\":\(value)}").malformed == nil)
    }

    @Test func `names that differ in normal form, case or length are different members`() {
        let line = "{\"completion\":\"1\",\"é\":1,\"e\u{301}\":2,\"É\":3,\"a\":4,\"a \":5,\"a\\u0000\":6,\"\":7}"
        #expect(onlyRecord(line).malformed == nil)
    }

    private static func nested(_ count: Int, _ open: String, _ close: String, around text: String) -> String {
        String(repeating: open, count: count) + text + String(repeating: close, count: count)
    }
}
