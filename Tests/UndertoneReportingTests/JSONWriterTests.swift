import Foundation
import Testing
import UndertoneReporting
import UndertoneText

@Suite struct JSONWriterTests {
    @Test("any text comes back as it was", arguments: 0..<200 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let text = randomText(&random, count: Int(random.next() % 60))
        var json = JSONWriter(seed % 2 == 0 ? .pretty : .compact)
        json.array { json in
            json.value(text)
            json.object { $0.member(text, 1) }
            var copy = text
            copy.withUTF8 { bytes in json.value(utf8: bytes) }
        }
        let read = try #require(try parsed(json) as? [Any], "seed \(seed)")
        #expect(read[0] as? String == text, "seed \(seed)")
        #expect((read[1] as? [String: Int])?.keys.first?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
        #expect(read[2] as? String == text, "seed \(seed)")
    }

    @Test("every character that shows nothing is escaped and comes back")
    func hidden() throws {
        for value in (0 as UInt32)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.isHidden else { continue }
            // Unassigned planes are alike; look at some.
            if value > 0x2FFFF, value % 997 != 0, value < 0xE0000 || value > 0xE01FF { continue }
            var json = JSONWriter()
            json.array { $0.value("a\(scalar)b") }
            #expect(json.bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A }, "U+\(String(value, radix: 16))")
            #expect((try parsed(json) as? [String])?.first?.unicodeScalars.dropFirst().first == scalar)
        }
    }

    @Test(
        "strings are escaped as they should be",
        arguments: [
            ("a\"b\\c/d", #""a\"b\\c/d""#), ("\u{0}\u{1B}[31m\n\r\t\u{7F}", #""\u0000\u001b[31m\n\r\t\u007f""#),
            ("\u{2028}\u{2029}\u{85}", #""\u2028\u2029\u0085""#),
            ("\u{202E}\u{200B}\u{FEFF}", #""\u202e\u200b\ufeff""#),
            ("\u{E0041}", #""\udb40\udc41""#), ("näh 猫 🦉", #""näh 猫 🦉""#),
            ("##[stop-commands]x", #""\u0023#[stop-commands]x""#),
            ("a ##VSO[x] # ## b", #""a \u0023#VSO[x] # ## b""#), ("##", "\"##\""),
        ])
    func escapes(text: String, wanted: String) {
        var json = JSONWriter()
        json.value(text)
        #expect(String(decoding: json.bytes, as: UTF8.self) == wanted)
    }

    @Test("what is no UTF-8 becomes U+FFFD and never breaks the text")
    func brokenBytes() throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<500 {
            let bytes = (0..<Int(random.next() % 12)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            var json = JSONWriter()
            json.array { json in bytes.withUnsafeBufferPointer { json.value(utf8: $0) } }
            #expect((try parsed(json) as? [String])?.count == 1, "\(bytes)")
        }
    }

    @Test(
        "numbers are JSON numbers, and what is none is null",
        arguments: [
            (0.0, "0.0"), (-0.5, "-0.5"), (1e21, "1e+21"), (1e-7, "1e-07"), (.infinity, "null"), (.nan, "null"),
            (0.1, "0.1"),
        ])
    func numbers(number: Double, wanted: String) throws {
        var json = JSONWriter()
        json.array { $0.value(number) }
        #expect(String(decoding: json.bytes, as: UTF8.self) == "[\n  \(wanted)\n]")
        _ = try parsed(json)
    }

    @Test("containers are laid out by level, inline ones on one line")
    func layout() {
        let write: (inout JSONWriter) -> Void = { json in
            json.object { json in
                json.array("empty") { _ in }
                json.member("range", 1..<3)
                json.array("list") { json in
                    json.object(inline: true) { json in
                        json.member("a", true)
                        json.object("b") { $0.member("c", nil as String?) }
                    }
                    json.value(raw: "{ }".utf8)
                }
            }
        }
        var pretty = JSONWriter()
        write(&pretty)
        let wanted = """
            {
              "empty": [],
              "range": [1, 3],
              "list": [
                {"a": true, "b": {"c": null}},
                { }
              ]
            }
            """
        #expect(String(decoding: pretty.bytes, as: UTF8.self) == wanted)
        var compact = JSONWriter(.compact)
        write(&compact)
        #expect(
            String(decoding: compact.bytes, as: UTF8.self)
                == #"{"empty":[],"range":[1,3],"list":[{"a":true,"b":{"c":null}},{ }]}"#)
    }

    @Test("draining in the middle changes nothing, and the total counts on")
    func draining() {
        var text = ""
        var json = JSONWriter(.compact)
        json.array { json in
            for number in 0..<100 {
                json.value(number)
                json.drain(above: 7, into: &text)
            }
        }
        json.drain(above: 0, into: &text)
        #expect(text == "[" + (0..<100).map(String.init).joined(separator: ",") + "]")
        #expect(json.total == text.utf8.count)
        #expect(json.bytes.isEmpty)
    }
}

private func parsed(_ json: JSONWriter) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(json.bytes), options: .fragmentsAllowed)
}
