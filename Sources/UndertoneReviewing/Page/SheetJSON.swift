// What the page is told: the sheet once, and what was said so far as often as it asks.

import UndertoneText

/// A review as JSON for its page.
struct SheetJSON {
    /// Characters of an item's text that are sent; the page says how many more there are.
    static let textLimit = 100_000
    /// Characters of a variant, a prompt or an answer that are sent.
    static let exampleLimit = 20_000

    /// All that is shown.
    static func sheet(_ session: ReviewSession) -> [UInt8] {
        let sheet = session.sheet
        var json = JSONWriter(.compact)
        json.object { json in
            source("drop", sheet.drop, &json)
            if let reference = sheet.reference { source("reference", reference, &json) }
            json.member("seed", String(sheet.seed))
            json.member("textLimit", ReviewSession.textLimit)
            json.array("lists") { json in
                for list in ReviewItem.List.allCases where sheet.items.contains(where: { $0.list == list }) {
                    json.object { json in
                        json.member("name", list.rawValue)
                        json.member("title", list.title)
                        json.member("meaning", list.meaning)
                    }
                }
            }
            json.array("items") { json in
                for item in sheet.items { write(item, of: sheet, &json) }
            }
            json.key("state")
            json.value(raw: state(session))
        }
        return json.bytes
    }

    /// What was said so far.
    static func state(_ session: ReviewSession) -> [UInt8] {
        // The revision first: what is said meanwhile comes with a higher one.
        let revision = session.revision
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("revision", revision)
            json.member("finished", session.isFinished)
            json.array("answers") { json in
                for (item, answer) in session.answers.sorted(by: { $0.key < $1.key }) {
                    json.object { json in
                        json.member("item", item)
                        json.member("decision", answer.decision.rawValue)
                        json.member("phrase", answer.phrase)
                        json.member("note", answer.note)
                    }
                }
            }
        }
        return json.bytes
    }

    /// Why something was not done.
    static func error(_ text: String) -> [UInt8] {
        var json = JSONWriter(.compact)
        json.object { $0.member("error", text) }
        return json.bytes
    }

    private static func source(_ name: String, _ source: ReviewSheet.Source, _ json: inout JSONWriter) {
        json.object(name) { json in
            json.member("path", source.path)
            json.member("digest", source.digest)
            json.member("records", source.records)
            json.member("malformed", source.malformed)
        }
    }

    private static func write(_ item: ReviewItem, of sheet: ReviewSheet, _ json: inout JSONWriter) {
        let words = ItemWords(item, of: sheet)
        json.object { json in
            json.member("list", item.list.rawValue)
            json.member("rank", item.rank)
            text("text", item.text, textLimit, &json)
            json.member("share", item.share)
            if let share = words.referenceShare { json.member("referenceShare", share) }
            json.member("count", words.count)
            json.member("reference", words.reference)
            json.member("ratio", words.ratio)
            json.member("score", words.score)
            json.array("variants") { json in
                for variant in item.variants { json.object { text("text", variant, exampleLimit, &$0) } }
            }
            json.array("examples") { json in
                for example in item.examples {
                    json.object { json in
                        json.member("line", example.line)
                        json.object("prompt") { text("text", example.prompt, exampleLimit, &$0) }
                        json.object("output") { text("text", example.output, exampleLimit, &$0) }
                    }
                }
            }
        }
    }

    // The start of a text, and how many characters of it are left out.
    private static func text(_ name: String, _ text: String, _ limit: Int, _ json: inout JSONWriter) {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return json.member(name, text) }
        json.member(name, String(scalars[..<end]))
        json.member("left", scalars.distance(from: end, to: scalars.endIndex))
    }
}
