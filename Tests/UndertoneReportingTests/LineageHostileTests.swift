import Foundation
import Testing
import UndertoneReporting
import UndertoneText

@Suite struct LineageHostileTests {
    @Test("hostile text is only ever text", arguments: hostileTexts.map(\.why))
    func neutralised(why: String) throws {
        try check(try #require(hostileTexts.first { $0.why == why }).text)
    }

    @Test("random text is only ever text")
    func random() throws {
        for seed in 0..<40 as Range<UInt64> {
            var random = SplitMix(seed: seed)
            try check(randomText(&random, count: Int(random.next() % 80)))
        }
    }

    private func check(_ text: String) throws {
        let picture = lineage(full: text)
        // The same with harmless text; what is left out where there is no text is left out there too.
        let harmless = lineage(full: text.isEmpty ? "" : "x")
        let page = nodePage(full: text)
        let outputs = [
            picture.tree(), picture.tree(.ancestors), picture.dot, picture.json, picture.html, page.text(), page.json,
        ]
        for output in outputs {
            #expect(output.unicodeScalars.first { $0 != "\n" && $0.isHidden } == nil, "\(text.debugDescription)")
            let bytes = latin(output)
            #expect(!bytes.lowercased().contains("##[") && !bytes.lowercased().contains("##vso["))
            #expect(!bytes.split(separator: "\n").contains { $0.drop { $0 == " " }.hasPrefix("::") })
            #expect(output.hasSuffix("\n"))
        }
        for width in [60, 100] {
            for direction in TreeDirection.allCases {
                let lines = picture.tree(direction, style: .init(width: width)).split(separator: "\n")
                let wanted = harmless.tree(direction, style: .init(width: width)).split(separator: "\n")
                #expect(lines.count == wanted.count, "\(text.debugDescription)")
                #expect(lines.allSatisfy { displayWidth(String($0)) <= width }, "\(text.debugDescription)")
            }
            let shown = page.text(.init(width: width)).split(separator: "\n")
            let tooLong = shown.filter { displayWidth(String($0)) > width }
            #expect(tooLong.isEmpty, "\(text.debugDescription)")
        }
        #expect(try skeleton(dot: picture.dot) == skeleton(dot: harmless.dot), "\(text.debugDescription)")
        try checkHTML(picture.html, like: harmless.html, text)
        try checkJSON(picture.json, page.json, text)
    }

    private func checkHTML(_ output: String, like harmless: String, _ text: String) throws {
        let page = try XMLPage(output)
        func bones(_ page: XMLPage) -> [String] {
            page.elements.map { "\($0.name) \($0.attributes.keys.sorted())" }
        }
        #expect(bones(page) == bones(try XMLPage(harmless)), "\(text.debugDescription)")
        for element in page.elements {
            #expect(!element.attributes.keys.contains { $0.hasPrefix("on") || $0 == "style" || $0 == "src" })
            #expect(element.attributes["href"]?.hasPrefix("#") ?? true)
            // No class and no id comes from data.
            for name in ["class", "id"] {
                #expect(element.attributes[name]?.utf8.allSatisfy { $0 > 0x1F && $0 < 0x7B && $0 != 0x3C } ?? true)
            }
        }
        // A browser's parser ends these elements at the first `</`, whatever XML says.
        for name in ["script", "style"] {
            #expect(
                latin(output).components(separatedBy: "</\(name)").count
                    == latin(harmless).components(separatedBy: "</\(name)").count)
        }
        let block = try #require(page.elements.first { $0.attributes["id"] == "data" }).text
        #expect(!block.contains { "<>&".contains($0) })
        let data = try #require(try JSONSerialization.jsonObject(with: Data(block.utf8)) as? [String: Any])
        #expect((data["lines"] as? [[Any]])?.count == 4)
        let title = try #require(page.elements.first { $0.name == "h1" }).text
        #expect(title == (text.isEmpty ? "Lineage" : visible(text, limit: 200)))
    }

    private func checkJSON(_ picture: String, _ page: String, _ text: String) throws {
        let read = try #require(try JSONSerialization.jsonObject(with: Data(picture.utf8)) as? [String: Any])
        let nodes = try #require(read["nodes"] as? [[String: Any]])
        let edges = try #require(read["edges"] as? [[String: Any]])
        #expect(nodes.count == 4 && edges.count == 5)
        let entry = try #require(try JSONSerialization.jsonObject(with: Data(page.utf8)) as? [String: Any])
        let texts = [
            read["title"], nodes[0]["name"], nodes[0]["kind"], edges[0]["relation"], entry["name"], entry["sha256"],
            ((nodes[0]["taints"] as? [[String: Any]])?.first?["path"] as? [[String: Any]])?.first?["name"],
            (entry["files"] as? [[String: Any]])?.first?["path"],
        ]
        for found in texts {
            let same = (found as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars)
            #expect(same == true, "\(text.debugDescription)")
        }
    }

    // DOT with every string replaced by `S`. Throws where a string holds what a string can't.
    private func skeleton(dot: String) throws -> String {
        struct Malformed: Error {}
        var bones = ""
        var isInside = false
        var rest = Substring.UnicodeScalarView(dot.unicodeScalars)
        while let scalar = rest.popFirst() {
            switch (isInside, scalar) {
            case (false, "\""): isInside = true
            case (true, "\""):
                isInside = false
                bones += "S"
            case (true, "\\"):
                guard let next = rest.popFirst(), ["\"", "\\", "n"].contains(next) else { throw Malformed() }
            case (true, "\n"): throw Malformed()
            case (true, "&"):
                guard rest.starts(with: "amp;".unicodeScalars) else { throw Malformed() }
            case (true, _): break
            case (false, _):
                guard scalar.isASCII else { throw Malformed() }
                bones.unicodeScalars.append(scalar)
            }
        }
        guard !isInside else { throw Malformed() }
        return bones
    }

    @Test("Graphviz reads the DOT text, and draws names as they are")
    func graphviz() throws {
        let program = "/usr/bin/dot"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            print("skipped: no Graphviz here (apt-get install graphviz)")
            return
        }
        for (text, wanted) in [("a\\N\\l&amp;\"]; evil [", "a\\N\\l&amp;\"]; evil ["), ("x\\", "x\\")] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = ["-Tsvg"]
            let (input, output) = (Pipe(), Pipe())
            (process.standardInput, process.standardOutput) = (input, output)
            try process.run()
            try input.fileHandleForWriting.write(contentsOf: Data(lineage(full: text).dot.utf8))
            try input.fileHandleForWriting.close()
            let drawn = try #require(try output.fileHandleForReading.readToEnd())
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let texts = try XMLPage(String(decoding: drawn, as: UTF8.self)).elements.filter { $0.name == "text" }.map(
                \.text)
            #expect(texts.contains { $0.replacing("\u{A0}", with: " ") == wanted }, "\(texts)")
        }
    }
}

// Each byte as a character of its own, so that no combining mark of the data joins with markup while we look for it.
private func latin(_ text: String) -> String {
    String(String.UnicodeScalarView(text.utf8.map { Unicode.Scalar($0) }))
}
