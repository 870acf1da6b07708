import Crypto
import Foundation
import Testing

@testable import UndertoneReviewing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct ReviewPageTests {
    @Test func `the page's policy allows its own styles and script, and its own server`() throws {
        let page = reviewPage(version: "0.1")
        func parts(_ tag: String) -> [String] {
            page.components(separatedBy: "<\(tag)>").dropFirst().compactMap {
                $0.components(separatedBy: "</\(tag)>").first
            }
        }
        func sources(_ texts: [String]) -> String {
            texts.map { " 'sha256-\(Data(SHA256.hash(data: Data($0.utf8))).base64EncodedString())'" }.joined()
        }
        #expect(parts("style").count == 2 && parts("script").count == 1)
        #expect(
            reviewPagePolicy
                == "default-src 'none'; style-src\(sources(parts("style"))); script-src\(sources(parts("script")))"
                + "; connect-src 'self'; base-uri 'none'; form-action 'none'")
        #expect(page.contains("content=\"\(reviewPagePolicy)\""))
        // What means something else as HTML than as XML.
        for text in parts("style") + parts("script") { #expect(!text.contains { "<&".contains($0) }) }
    }

    @Test func `the page is well-formed, loads nothing, and every control has a name`() throws {
        let page = reviewPage(version: "0.1")
        for word in ["http:", "https:", "src=", "url(", "@import", "innerHTML", "eval("] {
            #expect(!page.replacing("http://www.w3.org/1999/xhtml", with: "").contains(word), "\(word)")
        }
        let parser = XMLParser(data: Data(page.replacing("<!DOCTYPE html>\n", with: "").utf8))
        #expect(parser.parse(), "\(parser.lineNumber)")
        for id in ["note", "phrase", "closing"] { #expect(page.contains("for=\"\(id)\"")) }
    }
}
