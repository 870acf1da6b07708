// A lineage as one HTML page that needs nothing else: a drawing, tables that say the same, a search, and nothing of the
// data that could become markup, style or script.

import UndertoneText

extension LineagePicture {
    /// Entries that a page shows; of a larger lineage those nearest to the focus.
    private static let mostDrawn = 2_000
    private static let mostLines = 6_000

    /// Writes the page. Everything but search and highlights works without script.
    package func writeHTML(to output: inout some TextOutputStream) {
        let part = PicturePart(self, mostNodes: LineagePicture.mostDrawn, mostLines: LineagePicture.mostLines)
        let name = title.isEmpty ? "Lineage" : visible(title, limit: 200)
        let page = Page(title: name, version: version, style: lineageStyle, script: lineageScript)
        page.write(to: &output) { output in
            output.write("<a class=\"skip\" href=\"#entries\">Skip the drawing</a>\n")
            part.writeHeader(name, to: &output)
            output.write("<main>\n")
            part.writeStage(to: &output)
            part.writeEntries(to: &output)
            part.writeEdges(to: &output)
            output.write("</main>\n")
            part.writeData(to: &output)
        }
    }

    /// The page as one text.
    package var html: String {
        var text = ""
        writeHTML(to: &text)
        return text
    }
}

extension PicturePart {
    fileprivate func writeHeader(_ name: String, to output: inout some TextOutputStream) {
        let nodes = graph.nodes.indices.map { node($0) }
        let own = nodes.filter { $0.taintState == .itself }.count
        let inherited = nodes.filter { $0.taintState == .inherited }.count
        let approved = nodes.filter { !$0.approvals.isEmpty }.count
        output.write("<header>\n<h1>\(xmlEscaped(name))</h1>\n<p class=\"summary\">")
        output.write("\(counted(nodes.count, "entry", "entries")), \(counted(graph.links.count, "edge"))")
        if approved > 0 { output.write(", \(grouped(approved)) approved") }
        output.write(own + inherited == 0 ? ", no taint" : "")
        output.write("</p>\n")
        if own + inherited > 0 {
            output.write(
                "<section class=\"box bad\" aria-labelledby=\"h-taints\">\n<h2 id=\"h-taints\">")
            output.write("<span class=\"glyph\" aria-hidden=\"true\">✗</span> \(grouped(own)) tainted, ")
            output.write("\(grouped(inherited)) \(inherited == 1 ? "inherits" : "inherit") a taint</h2>\n<ul>\n")
            for origin in origins.prefix(20) {
                output.write("<li><strong>\(xmlEscaped(origin.title))</strong>: \(xmlEscaped(origin.text)). ")
                output.write(
                    "\(counted(origin.reached, "entry", "entries")) here \(origin.reached == 1 ? "descends" : "descend")"
                )
                output.write(" from it.</li>\n")
            }
            if origins.count > 20 { output.write("<li>… \(counted(origins.count - 20, "more taint"))</li>\n") }
            output.write("</ul>\n</section>\n")
        }
        for note in notes { output.write("<p class=\"note\">\(xmlEscaped(note))</p>\n") }
        output.write("</header>\n")
    }

    /// Every taint that reaches something on the page, and how many entries it reaches.
    private var origins: [(title: String, text: String, reached: Int)] {
        var places: [String: Int] = [:]
        var origins: [(title: String, text: String, reached: Int)] = []
        for place in graph.nodes.indices {
            let node = node(place)
            for taint in node.taints {
                let title = visible(taint.path.first?.title ?? node.title, limit: 120)
                let key = "\(title)\u{0}\(taint.reasonText)"
                let index = places[key] ?? origins.count
                if index == origins.count {
                    places[key] = index
                    origins.append((title, taint.reasonText, 0))
                }
                if !taint.isOwn { origins[index].reached += 1 }
            }
        }
        return origins
    }

    fileprivate func writeStage(to output: inout some TextOutputStream) {
        output.write("<section aria-labelledby=\"h-drawing\">\n<h2 id=\"h-drawing\">Drawing</h2>\n")
        output.write("<div class=\"bar\" id=\"bar\" hidden=\"hidden\"><label for=\"search\">Search</label>")
        output.write("<input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" ")
        output.write("placeholder=\"name, kind, digest …\"/>")
        output.write("<button type=\"button\" id=\"next\">Next match</button>")
        output.write("<span class=\"zoom\"><button type=\"button\" id=\"out\" aria-label=\"Smaller\">−</button>")
        output.write("<button type=\"button\" id=\"fit\">Fit</button>")
        output.write("<button type=\"button\" id=\"in\" aria-label=\"Larger\">+</button></span>")
        output.write("<button type=\"button\" id=\"clear\">Clear</button>")
        output.write("<span id=\"status\" role=\"status\"></span></div>\n")
        output.write("<div class=\"stage\">\n<div class=\"view\" id=\"view\" role=\"region\" tabindex=\"0\" ")
        output.write("aria-label=\"Drawing, scrolls\">\n")
        if graph.nodes.isEmpty {
            output.write("<p>Nothing is recorded.</p>\n")
        } else {
            writeSVG(to: &output)
        }
        output.write(
            "</div>\n<aside class=\"panel\" id=\"panel\" aria-label=\"Details\" hidden=\"hidden\"></aside>\n</div>\n")
        output.write("<ul class=\"legend\" aria-label=\"How to read the drawing\">")
        output.write("<li>Older above, newer below: ancestors of an entry are above it, descendants below.</li>")
        output.write("<li><svg width=\"18\" height=\"16\" aria-hidden=\"true\"><path class=\"sign itself\" ")
        output.write("d=\"M6 1h6l4 4v6l-4 4h-6l-4 -4v-6z\"/></svg> tainted: found bad itself</li>")
        output.write("<li><svg width=\"18\" height=\"16\" aria-hidden=\"true\"><path class=\"sign inherited\" ")
        output.write("d=\"M9 1l8 14h-16z\"/></svg> inherits a taint: descends from something that was found bad</li>")
        output.write(
            "<li class=\"js\">Choose an entry to light up its ancestors and descendants; arrow keys follow the ")
        output.write("lines, <kbd>/</kbd> searches, <kbd>Esc</kbd> clears.</li></ul>\n</section>\n")
    }

    fileprivate func writeData(to output: inout some TextOutputStream) {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("nodes", graph.nodes.count)
            json.member("focus", picture.focus.flatMap(graph.place(of:)) ?? -1)
            json.array("lines") { json in
                for line in lines {
                    json.array { json in
                        json.value(line.source)
                        json.value(line.target)
                        json.value(line.labels.map { visible($0, limit: 40) }.joined(separator: ", "))
                    }
                }
            }
        }
        output.write("<script type=\"application/json\" id=\"data\">")
        var safe: [UInt8] = []
        for byte in json.bytes {
            // These stand only inside strings, where an escape means the same.
            switch byte {
            case UInt8(ascii: "<"): safe += "\\u003c".utf8
            case UInt8(ascii: ">"): safe += "\\u003e".utf8
            case UInt8(ascii: "&"): safe += "\\u0026".utf8
            default: safe.append(byte)
            }
        }
        output.write(String(decoding: safe, as: UTF8.self))
        output.write("</script>\n")
    }
}
