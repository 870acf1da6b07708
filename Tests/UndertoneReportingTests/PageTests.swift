import Foundation
import Testing
import UndertoneReporting

@Suite struct PageTests {
    @Test(
        "a page's policy allows exactly its own styles and script, and no network",
        arguments: ["lineage", "gate", "figures"])
    func policy(name: String) throws {
        var text = ""
        switch name {
        case "gate": text = GateReportFormat.html.render(richGateReport())
        case "lineage": text = richLineage().html
        default: Page(title: name, version: "", style: Page.figures).write(to: &text) { $0.write("<p>1</p>") }
        }
        let page = try XMLPage(text)
        let policy = try #require(page.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" })
        let styles = page.elements.filter { $0.name == "style" }.map(\.text)
        // Blocks of data are not run.
        let scripts = page.elements.filter { $0.name == "script" && $0.attributes["type"] == nil }.map(\.text)
        func sources(_ texts: [String]) -> String { texts.map { " 'sha256-\(base64(sha256($0)))'" }.joined() }
        let wanted =
            "default-src 'none'; style-src\(sources(styles))"
            + (scripts.isEmpty ? "" : "; script-src\(sources(scripts))") + "; base-uri 'none'; form-action 'none'"
        #expect(policy.attributes["content"] == wanted)
        #expect(styles.count == 2 && scripts.count <= 1)
        // What means something else as HTML than as XML.
        for text in styles + scripts { #expect(!text.contains { "<&".contains($0) }) }
    }

    @Test func `a page that asks its server may ask nobody else`() {
        var text = ""
        let page = Page(title: "t", version: "", style: Page.figures, asksItsServer: true)
        page.write(to: &text) { $0.write("<p>1</p>") }
        #expect(page.policy.hasSuffix("'; connect-src 'self'; base-uri 'none'; form-action 'none'"))
        #expect(text.contains("content=\"\(page.policy)\""))
        #expect(!text.contains("loads nothing from anywhere"))
    }

    @Test func `SHA-256 of these tests is that of FIPS 180-4, example B.1`() {
        #expect(base64(sha256("abc")) == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
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
