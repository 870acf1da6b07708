// The skeleton of every HTML page: it needs nothing else, loads nothing, and lets nothing of the data become markup, style
// or script.

import UndertoneText

/// An HTML page that is well-formed XML too. Its policy allows no network, and no style or script but its own, by their
/// SHA-256.
package struct Page {
    /// A style sheet or a script.
    package struct Part: Sendable {
        /// Base64 of the text's SHA-256; a test computes it anew.
        var sha256: String
        var text: String

        package init(sha256: String, text: String) {
            self.sha256 = sha256
            self.text = text
        }
    }

    /// For the browser's title bar; any text.
    var title: String
    /// The program's version; any text.
    var version: String
    /// The style of this kind of page, behind the shared one.
    var style: Part
    var script: Part?
    /// Whether the script may ask the server that the page came from; else it may ask nobody.
    var asksItsServer: Bool

    package init(title: String, version: String, style: Part, script: Part? = nil, asksItsServer: Bool = false) {
        self.title = title
        self.version = version
        self.style = style
        self.script = script
        self.asksItsServer = asksItsServer
    }

    /// Writes the page around what `body` writes.
    ///
    /// - Parameter origins: what the foot says of where the page comes from; names are ours, values any text.
    package func write<Output: TextOutputStream>(
        to output: inout Output, origins: [(name: String, value: String)] = [], _ body: (inout Output) -> Void
    ) {
        output.write("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n")
        output.write(
            "<meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\"/>\n")
        output.write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        output.write("<meta name=\"color-scheme\" content=\"light dark\"/>\n")
        output.write("<meta name=\"referrer\" content=\"no-referrer\"/>\n")
        output.write("<title>\(xmlText(title, limit: 200)) · Undertone</title>\n")
        output.write("<style>\(Page.style.text)</style>\n<style>\(style.text)</style>\n</head>\n<body>\n")
        body(&output)
        output.write("<footer>\n")
        if !origins.isEmpty {
            output.write("<dl>\n")
            for (name, value) in origins {
                output.write("<div><dt>\(name)</dt><dd>\(xmlText(value, limit: 1_000))</dd></div>\n")
            }
            output.write("</dl>\n")
        }
        output.write("<p>Made by Undertone\(version.isEmpty ? "" : " " + xmlText(version)). ")
        let reach = asksItsServer ? "speaks with nobody but the program that shows it" : "loads nothing from anywhere"
        output.write("This page \(reach).</p>\n</footer>\n")
        if let script { output.write("<script>\(script.text)</script>\n") }
        output.write("</body>\n</html>\n")
    }

    /// The policy, for a server that sends it as a header too.
    package var policy: String {
        var policy = "default-src 'none'; style-src 'sha256-\(Page.style.sha256)' 'sha256-\(style.sha256)'"
        if let script { policy += "; script-src 'sha256-\(script.sha256)'" }
        if asksItsServer { policy += "; connect-src 'self'" }
        return policy + "; base-uri 'none'; form-action 'none'"
    }
}
