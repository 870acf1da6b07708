import Foundation
import Testing
import UndertoneReporting
import UndertoneText

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct LineagePageTests {
    @Test("the page's policy allows exactly its own style and script, and no network")
    func policy() throws {
        let page = try XMLPage(richLineage().html)
        let policy = try #require(page.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" })
        let content = try #require(policy.attributes["content"])
        let style = try #require(page.elements.first { $0.name == "style" }).text
        let scripts = page.elements.filter { $0.name == "script" }
        let script = try #require(scripts.first { $0.attributes["type"] == nil }).text
        #expect(
            content == "default-src 'none'; style-src 'sha256-\(base64(sha256(style)))'; script-src 'sha256-"
                + "\(base64(sha256(script)))'; base-uri 'none'; form-action 'none'")
        #expect(scripts.count == 2)
        // What means something else as HTML than as XML.
        #expect(!style.contains { "<&".contains($0) } && !script.contains { "<&".contains($0) })
        #expect(base64(sha256("abc")) == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", "FIPS 180-4, example B.1")
    }

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

/// A page as an XML parser reads it. Text of an element includes that of those within.
struct XMLPage {
    struct Element {
        var name: String
        var attributes: [String: String]
        var text = ""
    }

    var elements: [Element] = []

    init(_ text: String) throws {
        let reader = Reader()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = reader
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
        elements = reader.elements
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [Element] = []
        private var open: [Int] = []

        func parser(
            _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            open.append(elements.count)
            elements.append(Element(name: element, attributes: attributes))
        }

        func parser(
            _ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?
        ) {
            let last = open.removeLast()
            if let parent = open.last { elements[parent].text += elements[last].text }
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if let last = open.last { elements[last].text += text }
        }
    }
}

// SHA-256 as FIPS 180-4 writes it, so that this target needs no library for one test.
private func sha256(_ text: String) -> [UInt8] {
    // The first 32 bits of the fractional parts of roots of the first primes.
    func fraction(_ root: Double) -> UInt32 { UInt32((root - root.rounded(.down)) * 4_294_967_296) }
    let primes = (2...311).filter { number in !(2..<number).contains { $0 * $0 <= number && number % $0 == 0 } }
    let constants = primes.prefix(64).map { fraction(cbrt(Double($0))) }
    var state = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
    var bytes = Array(text.utf8)
    let bits = UInt64(bytes.count) * 8
    bytes.append(0x80)
    while bytes.count % 64 != 56 { bytes.append(0) }
    for shift in stride(from: UInt64(56), through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    func turned(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
    for start in stride(from: 0, to: bytes.count, by: 64) {
        var words = (0..<16).map { word in
            (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[start + word * 4 + $1]) }
        }
        for index in 16..<64 {
            let (near, far) = (words[index - 2], words[index - 15])
            let small = turned(far, 7) ^ turned(far, 18) ^ far >> 3
            let large = turned(near, 17) ^ turned(near, 19) ^ near >> 10
            words.append(words[index - 16] &+ small &+ words[index - 7] &+ large)
        }
        var v = state
        for index in 0..<64 {
            let choice = v[4] & v[5] ^ ~v[4] & v[6]
            let high = turned(v[4], 6) ^ turned(v[4], 11) ^ turned(v[4], 25)
            let first = v[7] &+ high &+ choice &+ constants[index] &+ words[index]
            let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
            let second = (turned(v[0], 2) ^ turned(v[0], 13) ^ turned(v[0], 22)) &+ majority
            v = [first &+ second, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
        }
        state = zip(state, v).map { $0 &+ $1 }
    }
    return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
}

private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
