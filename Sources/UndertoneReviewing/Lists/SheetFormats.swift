// A sheet as text for people, as JSON for programs, and as a digest that tells it apart from all others.

import Crypto
import UndertoneText

extension ReviewSheet {
    /// SHA-256 of what is on the sheet: settings, digests of the files, items. Paths are left out, so the same drop under
    /// another name gives the same sheet.
    public var digest: String {
        var json = JSONWriter(.compact)
        json.object { write(into: &$0, withPaths: false) }
        return SHA256.hash(data: json.bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The sheet as JSON, with a line end.
    public var json: String {
        var json = JSONWriter(.pretty)
        json.object { json in
            json.member("format", "undertone-review/1")
            json.member("digest", digest)
            write(into: &json, withPaths: true)
        }
        return json.text
    }

    /// The sheet for people, with a line end. What a reader can't see, or a terminal would act upon, is escaped.
    ///
    /// - Parameter width: columns at most, where lines can be cut.
    public func text(width: Int = 100) -> String {
        var lines = [
            "\(visible(drop.path)): \(counted(drop.records, "record"))"
                + (drop.malformed > 0 ? ", \(grouped(drop.malformed)) malformed" : "")
        ]
        if let reference {
            lines.append("compared with \(visible(reference.path)): \(counted(reference.records, "record"))")
        }
        if items.isEmpty { lines.append("There is nothing to show.") }
        for list in ReviewItem.List.allCases {
            let items = items.filter { $0.list == list }
            guard !items.isEmpty else { continue }
            lines += ["", list.meaning]
            for item in items { lines += item.lines(of: drop.records, width: width) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func write(into json: inout JSONWriter, withPaths: Bool) {
        func source(_ source: Source, _ json: inout JSONWriter) {
            if withPaths { json.member("path", source.path) }
            json.member("sha256", source.digest)
            json.member("records", source.records)
            json.member("malformed", source.malformed)
        }
        json.object("drop") { source(drop, &$0) }
        if let reference { json.object("reference") { source(reference, &$0) } }
        // Seeds are larger than what all readers of JSON take for a number.
        json.member("seed", String(seed))
        json.member("size", size)
        json.array("items") { json in
            for item in items { json.object { item.write(into: &$0) } }
        }
    }
}

extension ReviewItem {
    fileprivate func lines(of records: Int, width: Int) -> [String] {
        var figures = "\(grouped(count))  \(percent(count, of: records))"
        if let referenceCount { figures += "  reference \(grouped(referenceCount))" }
        if let score {
            let shown = fixed(score, decimals: 2)
            figures += list == .overrepresented ? "  z \(shown)" : "  \(shown) bits a character"
        }
        let head = padded("\(rank).", 5) + figures
        func shown(_ text: String, _ indent: String) -> String {
            indent + clipped(visible(text, limit: width), to: max(20, width - indent.utf8.count))
        }
        var lines = [head, shown(text, "     ")]
        for variant in variants.prefix(3) { lines.append(shown(variant, "     ~ ")) }
        if list == .overrepresented || list == .strange || list == .sample, let example = examples.first {
            lines.append(shown("line \(example.line)" + (isTerm ? ": \(example.output)" : ""), "     "))
        }
        return lines
    }

    fileprivate func write(into json: inout JSONWriter) {
        json.member("list", list.rawValue)
        json.member("rank", rank)
        json.member("text", text)
        json.member("is_cut", ReviewSheet.isCut(text))
        json.member("is_term", isTerm)
        json.member("count", count)
        json.member("share", share)
        if let referenceCount { json.member("reference_count", referenceCount) }
        if let score { json.member("score", score) }
        if !variants.isEmpty { json.member("variants", variants) }
        json.array("examples") { json in
            for example in examples {
                json.object { json in
                    json.member("line", example.line)
                    json.member("prompt", example.prompt)
                    json.member("output", example.output)
                }
            }
        }
    }
}
