import Foundation
import Testing
import UndertoneReporting
import UndertoneText

@Suite struct LineagePictureTests {
    @Test("a rich lineage looks as it did when a person last looked")
    func golden() throws {
        var picture = richLineage()
        try expectSnapshot(picture.dot, "lineage.dot")
        try expectSnapshot(picture.json, "lineage.json")
        try expectSnapshot(picture.html, "lineage.html")
        try expectSnapshot(picture.tree(.ancestors), "lineage.ancestors.txt")
        picture.focus = nil
        try expectSnapshot(picture.tree(), "lineage.txt")
        picture.focus = 3
        try expectSnapshot(picture.tree(style: .init(color: true, width: 80)), "lineage.ansi")
    }

    @Test("an entry looks as it did when a person last looked")
    func goldenEntry() throws {
        try expectSnapshot(richNodePage().text(), "lineage.entry.txt")
        try expectSnapshot(richNodePage().text(.init(color: true, width: 72)), "lineage.entry.ansi")
        try expectSnapshot(richNodePage().json, "lineage.entry.json")
    }

    @Test("where lines of descent meet again, the entry is referred to")
    func diamond() {
        let picture = LineagePicture(
            title: "",
            nodes: [(1, "a"), (2, "b"), (3, "c"), (4, "d")].map { .init(id: $0.0, kind: "model", title: $0.1) },
            edges: [(1, 2), (1, 3), (2, 4), (3, 4)].map { .init(source: $0.0, target: $0.1, label: "base") })
        #expect(
            picture.tree() == """
                a  model
                ├─ base b  model
                │  └─ base d  model
                └─ base c  model
                   └─ base d  (see above)

                """)
        #expect(
            picture.tree(.ancestors) == """
                d  model
                ├─ base b  model
                │  └─ base a  model
                └─ base c  model
                   └─ base a  (see above)

                """)
    }

    @Test("every entry is in the tree once in full, whatever the edges", arguments: TreeDirection.allCases)
    func everyEntry(direction: TreeDirection) {
        for seed in 0..<120 as Range<UInt64> {
            let picture = randomPicture(seed: seed, nodes: 30, edges: Int(seed % 50))
            let lines = picture.tree(direction, style: .init(width: 70)).split(separator: "\n")
            for node in picture.nodes {
                let full = lines.filter { $0.hasSuffix("\(node.title)  model") }
                #expect(full.count == 1, "seed \(seed), \(node.title)")
            }
            #expect(lines.allSatisfy { displayWidth(String($0)) <= 70 }, "seed \(seed)")
        }
    }

    @Test("a chain of twenty thousand goes on below, and the page stays as wide as it is")
    func deep() {
        let count = 20_000
        let picture = LineagePicture(
            title: "", nodes: (1...count).map { .init(id: Int64($0), kind: "model", title: "m\($0)") },
            edges: (1..<count).map { .init(source: Int64($0), target: Int64($0 + 1), label: "base") })
        let lines = picture.tree(style: .init(width: 80)).split(separator: "\n")
        #expect(lines.filter { $0.hasSuffix("  model") }.count == count)
        #expect(lines.contains { $0.hasSuffix("(continued)") })
        #expect(lines.allSatisfy { displayWidth(String($0)) <= 80 })
        #expect(picture.html.contains("2,000 of 20,000 entries shown"))
    }

    @Test("nothing, a node twice, edges into nowhere and an edge to itself do no harm")
    func stray() throws {
        let empty = LineagePicture(title: "")
        #expect(empty.tree() == "nothing is recorded\n")
        for picture in [
            empty,
            LineagePicture(
                title: "x", nodes: [(1, "a"), (1, "b"), (-5, "c")].map { .init(id: $0.0, kind: "k", title: $0.1) },
                edges: [(1, 1), (1, 9), (9, 1), (-5, 1), (1, -5), (.min, .max)].map {
                    .init(source: $0.0, target: $0.1, label: "l")
                }, focus: 99),
        ] {
            _ = try XMLPage(picture.html)
            let read = try JSONSerialization.jsonObject(with: Data(picture.json.utf8)) as? [String: Any]
            #expect((read?["nodes"] as? [Any])?.count == (picture.nodes.isEmpty ? 0 : 2))
            #expect((read?["edges"] as? [Any])?.count == (picture.nodes.isEmpty ? 0 : 3))
            #expect(picture.dot.hasSuffix("}\n"))
            for direction in TreeDirection.allCases { #expect(picture.tree(direction).hasSuffix("\n")) }
        }
    }

    @Test("an entry with many of everything is cut, and says so; JSON is whole")
    func longLists() throws {
        var page = richNodePage()
        page.sources = (0..<500).map { .init(label: "base", id: $0, kind: "model", title: "m\($0)") }
        page.files = (0..<500).map { .init(path: "f\($0)", seenAt: "") }
        page.facts = (0..<500).map { LineageFact("n\($0)", "v") }
        let text = page.text()
        #expect(text.contains("… 400 more\n") && text.contains("… 400 more files") && text.contains("more facts"))
        let read = try JSONSerialization.jsonObject(with: Data(page.json.utf8)) as? [String: Any]
        #expect((read?["sources"] as? [Any])?.count == 500)
    }
}

/// Models `m0` … and edges between them, cycles and all.
func randomPicture(seed: UInt64, nodes: Int, edges: Int) -> LineagePicture {
    var random = SplitMix(seed: seed)
    func any() -> Int64 { Int64(random.next() % UInt64(max(nodes, 1))) }
    return LineagePicture(
        title: "random", nodes: (0..<nodes).map { .init(id: Int64($0), kind: "model", title: "m\($0)x") },
        edges: (0..<edges).map { _ in .init(source: any(), target: any(), label: "base") })
}
