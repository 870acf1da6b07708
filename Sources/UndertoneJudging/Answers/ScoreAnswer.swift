// An answer that is a JSON object with a reason and a score.

import UndertoneText

/// The object `{"reason": …, "score": …}`, with `"escape"` where there are any.
///
/// There is no member that says whether a record passes: the tool compares. Either the score or the escape is null; an
/// answer with both contradicts itself and is not the form, since an escape may let a record pass that its score would
/// not, and the other way round.
enum ScoreAnswer {
    /// Bytes of the object at most.
    static let bytes = 16 << 10
    /// Opening braces that are tried: a reason may hold some, and a hostile reply consists of them.
    static let tries = 64

    /// JSON Schema (2020-12) in the part of it that servers enforce strictly: every member is required, none besides.
    static func schema(escapes: [String]) -> String {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("type", "object")
            json.member("additionalProperties", false)
            json.member("required", ["reason", "score"] + (escapes.isEmpty ? [] : ["escape"]))
            json.object("properties") { json in
                json.object("reason") { json in
                    json.member("type", "string")
                    json.member("maxLength", 200)
                }
                json.object("score") { json in
                    if escapes.isEmpty {
                        json.member("type", "integer")
                    } else {
                        json.member("type", ["integer", "null"])
                    }
                    json.member("minimum", 0)
                    json.member("maximum", 100)
                }
                guard !escapes.isEmpty else { return }
                json.object("escape") { json in
                    json.member("type", ["string", "null"])
                    json.array("enum") { json in
                        for escape in escapes { json.value(escape) }
                        json.value(nil as String?)
                    }
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The last object of the text: what a model repeats of the data comes before its answer. Text around it does not
    /// matter, yet behind it there may be no further brace.
    ///
    /// - Complexity: O(bytes), whatever they are.
    static func read(_ text: Substring.UTF8View, escapes: [String]) -> (judgement: Judgement, reason: String?)? {
        let bytes = Array(text)
        guard let end = bytes.lastIndex(of: UInt8(ascii: "}")),
            !bytes[end...].contains(UInt8(ascii: "{"))
        else { return nil }
        var start = end
        for _ in 0..<tries {
            let earliest = max(0, end - ScoreAnswer.bytes)
            guard let open = bytes[earliest..<start].lastIndex(of: UInt8(ascii: "{")) else { return nil }
            start = open
            let limits = JSONValue.Limits(bytes: ScoreAnswer.bytes + 1, depth: 1, values: 16)
            guard let value = try? JSONValue(parsing: bytes[start...end], limits: limits) else { continue }
            return read(value, escapes: escapes)
        }
        return nil
    }

    private static func read(_ value: JSONValue, escapes: [String]) -> (judgement: Judgement, reason: String?)? {
        guard let members = value.object?.members,
            members.allSatisfy({ ["reason", "score", "escape"].contains($0.name) }),
            let reason = value["reason"]?.string
        else { return nil }
        let score = value["score"] ?? .null
        let word = value["escape"] ?? .null
        switch (score, word) {
        case (.null, .string(let word)):
            guard let known = escape(Substring(word).utf8, among: escapes) else { return nil }
            return (.escape(known), shortened(reason))
        case (_, .null):
            guard let number = score.double, (0...100).contains(number) else { return nil }
            return (.score(number), shortened(reason))
        default: return nil
        }
    }
}
