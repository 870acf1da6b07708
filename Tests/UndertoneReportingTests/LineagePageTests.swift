import Foundation
import Testing
import UndertoneReporting
import UndertoneText

@Suite struct LineagePageTests {
    @Test("the drawing has a box for each entry and a line for each pair; the tables say the same")
    func structure() throws {
        let picture = richLineage()
        let page = try XMLPage(picture.html)
        let boxes = page.elements.filter { $0.attributes["class"]?.hasPrefix("node") == true }
        #expect(boxes.count == picture.nodes.count)
        for (place, box) in boxes.enumerated() {
            let node = picture.nodes[place]
            #expect(box.name == "a" && box.attributes["href"] == "#e\(place)" && box.attributes["id"] == "n\(place)")
            let spoken = try #require(box.attributes["aria-label"])
            #expect(spoken.contains(node.title) && spoken.contains(node.kind))
            #expect(spoken.contains("taint") == !node.taints.isEmpty, "a word, not only a colour")
        }
        #expect(page.elements.filter { $0.attributes["class"]?.hasPrefix("line") == true }.count == picture.edges.count)
        let rows = page.elements.filter { $0.name == "tr" && $0.attributes["id"] != nil }
        #expect(rows.map { $0.attributes["id"] } == picture.nodes.indices.map { "e\($0)" })
        for (row, node) in zip(rows, picture.nodes) {
            for text in [node.title, node.subtitle] + node.details.map(\.value) + node.approvals.map(\.by) {
                #expect(row.text.contains(text), "\(text)")
            }
            for step in node.taints.flatMap(\.path) { #expect(row.text.contains(step.title)) }
        }
        let cells = page.elements.filter { $0.name == "td" }.map(\.text)
        #expect(picture.edges.allSatisfy { cells.contains($0.label) })
        // Every link leads to a place on the page, every label to what it names.
        let ids = Set(page.elements.compactMap { $0.attributes["id"] })
        #expect(ids.count == page.elements.compactMap { $0.attributes["id"] }.count)
        for element in page.elements {
            if let link = element.attributes["href"] {
                #expect(link.first == "#" && ids.contains(String(link.dropFirst())))
            }
            for name in ["aria-labelledby", "for"] { #expect(element.attributes[name].map(ids.contains) ?? true) }
        }
    }

    @Test("the script's data are the edges of the drawing")
    func data() throws {
        let page = try XMLPage(richLineage().html)
        let text = try #require(page.elements.first { $0.attributes["id"] == "data" }).text
        let read = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(read["nodes"] as? Int == 21 && read["focus"] as? Int == 17)
        let lines = try #require(read["lines"] as? [[Any]])
        #expect(lines.count == 24 && lines.allSatisfy { $0.count == 3 && $0[0] is Int && $0[2] is String })
    }

    @Test("a large lineage shows the neighbourhood of what was asked about, and says so")
    func large() throws {
        var picture = LineagePicture(
            title: "large", nodes: (0..<5_000).map { .init(id: $0, kind: "model", title: "m\($0)x") },
            edges: (1..<5_000).map { .init(source: ($0 - 1) / 2, target: $0, label: "base") }, focus: 4_711)
        let page = picture.html
        #expect(page.contains("2,000 of 5,000 entries shown, those nearest to m4711x"))
        #expect(page.contains(">m4711x<") && page.contains(">m0x<") && !page.contains(">m3000x<"))
        #expect(try XMLPage(page).elements.filter { $0.attributes["class"]?.hasPrefix("node") == true }.count == 2_000)
        picture.focus = nil
        picture.nodes[8].taints = [TaintMark(reason: "r", by: "b", at: "", path: [.init("m8x")])]
        #expect(picture.html.contains("those nearest to m8x"))
    }
}
