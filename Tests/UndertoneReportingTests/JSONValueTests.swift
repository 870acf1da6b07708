import Foundation
import Testing
import UndertoneText

@Suite struct JSONValueTests {
    @Test(
        "values are read as what they are",
        arguments: [
            ("null", JSONValue.null), (" true\n", .boolean(true)), ("false", .boolean(false)), ("0", .integer(0)),
            ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("-0", .number(-0.0)), ("1.5", .number(1.5)),
            ("1e3", .number(1_000)), ("2E-1", .number(0.2)), ("\"\"", .string("")),
            (
                #""a\"\\\/\b\f\n\r\t""#,
                .string("a\"\\/\u{8}\u{C}\n\r\t")
            ), (#""\u00e4\ud83e\udd89""#, .string("ä🦉")), ("[]", .array([])),
            ("[1, [ ]]", .array([.integer(1), .array([])])), ("{}", .object(JSONObject())),
        ])
    func values(text: String, wanted: JSONValue) throws {
        #expect(try JSONValue(parsing: text.utf8) == wanted)
    }

    @Test(
        "what readers disagree about is refused, with its place",
        arguments: [
            ("", 1, 1), (" ", 1, 2), ("nul", 1, 1), ("True", 1, 1), ("01", 1, 2), ("-", 1, 2), ("+1", 1, 1),
            ("1.", 1, 3), (".5", 1, 1), ("1e", 1, 3), ("0x10", 1, 2), ("1e999", 1, 1), ("NaN", 1, 1),
            ("Infinity", 1, 1),
            ("'a'", 1, 1), ("\"a", 1, 3), ("\"a\nb\"", 1, 3), (#""\x""#, 1, 3), (#""\u12g4""#, 1, 6),
            (#""\ud800""#, 1, 2), (#""\ud800\u0041""#, 1, 2), (#""\udc00""#, 1, 2), ("[1,]", 1, 4), ("[1 2]", 1, 4),
            ("[", 1, 2), ("{\"a\"}", 1, 5), ("{\"a\":1,}", 1, 8), ("{a:1}", 1, 2), ("{\"a\":1 \"b\":2}", 1, 8),
            ("{\"a\":1,\n  \"a\":2}", 2, 3), ("{\"\\u0061\":1,\"a\":2}", 1, 13), ("1 2", 1, 3), ("// x\n1", 1, 1),
            ("\u{FEFF}1", 1, 1), ("[1]\u{0}", 1, 4),
        ])
    func refused(text: String, line: Int, column: Int) {
        #expect {
            try JSONValue(parsing: text.utf8)
        } throws: { error in
            (error as? JSONError).map { $0.line == line && $0.column == column } == true
        }
    }

    @Test(
        "bytes that are no UTF-8 are refused", arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]])
    func notUTF8(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E] + bytes + [0x22]) }
    }

    @Test("bytes, depth and values have limits")
    func limits() throws {
        let limits = JSONValue.Limits(bytes: 1_000, depth: 3, values: 10)
        #expect(throws: Never.self) { try JSONValue(parsing: "[[[1]]]".utf8, limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[[[[1]]]]".utf8, limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[1,2,3,4,5,6,7,8,9,10]".utf8, limits: limits) }
        #expect(throws: JSONError.self) {
            try JSONValue(parsing: String(repeating: " ", count: 1_001).utf8, limits: limits)
        }
        // Not a stack overflow, whatever the depth of what is sent.
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 4 << 20)
        #expect(throws: JSONError.self) { try JSONValue(parsing: deep) }
    }

    @Test("members are found by name, few or many, and each name is there once")
    func members() throws {
        for count in [1, 7, 8, 9, 500] {
            let text = "{" + (0..<count).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}"
            let object = try #require(try JSONValue(parsing: text.utf8).object)
            #expect(object.members.map(\.name) == (0..<count).map { "m\($0)" })
            for index in 0..<count { #expect(object["m\(index)"] == .integer(index)) }
            #expect(object["m\(count)"] == nil)
            let twice = text.dropLast() + ",\"m\(count / 2)\":0}"
            #expect(throws: JSONError.self) { try JSONValue(parsing: twice.utf8) }
        }
    }

    @Test("what the writer writes, the reader reads", arguments: 0..<200 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let value = randomValue(&random, depth: 4)
        var json = JSONWriter(seed % 2 == 0 ? .pretty : .compact)
        value.write(to: &json)
        #expect(try JSONValue(parsing: json.bytes) == value, "seed \(seed)")
    }

    @Test(
        "a damaged text is read or refused, and what is read Foundation reads too", arguments: 0..<300 as Range<UInt64>)
    func damaged(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var json = JSONWriter(seed % 2 == 0 ? .pretty : .compact)
        randomValue(&random, depth: 4).write(to: &json)
        var bytes = json.bytes
        for _ in 0...(random.next() % 3) where !bytes.isEmpty {
            let place = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 3 {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: place)
            default: bytes.insert(Array("{}[],:\"\\u01e-.".utf8)[Int(random.next() % 14)], at: place)
            }
        }
        guard (try? JSONValue(parsing: bytes)) != nil else { return }
        #expect(throws: Never.self, "seed \(seed)") {
            try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        }
    }
}

private func randomValue(_ random: inout SplitMix, depth: Int) -> JSONValue {
    switch random.next() % (depth > 0 ? 8 : 6) {
    case 0: return .null
    case 1: return .boolean(random.next() % 2 == 0)
    case 2: return .integer(Int(truncatingIfNeeded: random.next()))
    case 3: return .number(Double(random.next() % 10_000) + 0.25)
    case 4, 5: return .string(randomText(&random, count: Int(random.next() % 12)))
    case 6: return .array((0..<random.next() % 5).map { _ in randomValue(&random, depth: depth - 1) })
    default:
        var object = JSONObject()
        for _ in 0..<random.next() % 12 {
            _ = object.add(
                randomText(&random, count: Int(random.next() % 6)), randomValue(&random, depth: depth - 1))
        }
        return .object(object)
    }
}
