// The page's tables: all that the drawing says, and all details, for people who can't use a drawing.

import UndertoneText

extension PicturePart {
    private static let mostFacts = 60
    private static let mostTaints = 10

    /// Writes the table of entries. Roles are said outright, because on narrow screens the table is shown as blocks, which
    /// makes browsers forget them.
    func writeEntries(to output: inout some TextOutputStream) {
        output.write("<section aria-labelledby=\"entries\">\n<h2 id=\"entries\" tabindex=\"-1\">Entries</h2>\n")
        output.write("<table role=\"table\" class=\"entries\" aria-labelledby=\"entries\">\n")
        head(["Name", "Kind", "State", "Facts"], to: &output)
        output.write("<tbody role=\"rowgroup\">\n")
        for place in graph.nodes.indices {
            let node = node(place)
            let state = node.taintState
            output.write(
                "<tr role=\"row\" id=\"e\(place)\" tabindex=\"-1\"\(state == .none ? "" : " class=\"\(state.rawValue)\"")>"
            )
            output.write("<th role=\"rowheader\" scope=\"row\"><a class=\"name\" href=\"#n\(place)\">")
            output.write("\(xmlEscaped(shownTitle(node.title, id: node.id)))</a>")
            if !node.subtitle.isEmpty {
                output.write("<span class=\"sub\">\(xmlText(node.subtitle))</span>")
            }
            output.write("</th><td role=\"cell\"><span class=\"kind \(kindClass(node.kind))\">")
            output.write("\(xmlText(node.kind, limit: 40))</span></td><td role=\"cell\" class=\"state\">")
            writeState(node, to: &output)
            output.write("</td><td role=\"cell\" class=\"facts\">")
            writeFacts(node.details, to: &output)
            output.write("</td></tr>\n")
        }
        output.write("</tbody>\n</table>\n</section>\n")
    }

    /// Writes the table of edges.
    func writeEdges(to output: inout some TextOutputStream) {
        output.write("<section aria-labelledby=\"edges\">\n<h2 id=\"edges\">Edges</h2>\n")
        output.write("<table role=\"table\" class=\"edges\" aria-labelledby=\"edges\">\n")
        head(["From", "How", "To"], to: &output)
        output.write("<tbody role=\"rowgroup\">\n")
        for line in lines {
            let how = line.labels.map { visible($0, limit: 40) }.joined(separator: ", ")
            output.write("<tr role=\"row\"><td role=\"cell\">\(link(line.source))</td><td role=\"cell\">")
            output.write("\(xmlEscaped(how))</td><td role=\"cell\">\(link(line.target))</td></tr>\n")
        }
        output.write("</tbody>\n</table>\n</section>\n")
    }

    private func head(_ columns: [String], to output: inout some TextOutputStream) {
        output.write("<thead role=\"rowgroup\"><tr role=\"row\">")
        for column in columns { output.write("<th role=\"columnheader\" scope=\"col\">\(column)</th>") }
        output.write("</tr></thead>\n")
    }

    private func link(_ place: Int) -> String {
        let node = node(place)
        return "<a href=\"#e\(place)\">\(xmlEscaped(shownTitle(node.title, id: node.id)))</a>"
    }

    private func writeState(_ node: LineagePicture.Node, to output: inout some TextOutputStream) {
        for taint in node.taints.prefix(PicturePart.mostTaints) {
            let state = TaintState([taint])
            output.write(
                "<p class=\"taint \(state.rawValue)\"><span class=\"glyph\" aria-hidden=\"true\">\(state.sign)</span> ")
            output.write("\(xmlEscaped(taint.headline))</p>")
            if !taint.isOwn {
                output.write("<p class=\"path\">\(xmlEscaped(taint.pathPieces.joined(separator: " ")))</p>")
            }
        }
        let cut = node.taints.count - PicturePart.mostTaints
        if cut > 0 { output.write("<p>… \(counted(cut, "more taint"))</p>") }
        for approval in node.approvals.prefix(PicturePart.mostTaints) {
            output.write("<p class=\"approval\"><span class=\"glyph\" aria-hidden=\"true\">✓</span> approved: ")
            output.write("\(xmlEscaped(approval.text))</p>")
        }
        let rest = node.approvals.count - PicturePart.mostTaints
        if rest > 0 { output.write("<p>… \(counted(rest, "more approval"))</p>") }
        if node.taints.isEmpty && node.approvals.isEmpty { output.write("<span class=\"none\">no taint</span>") }
    }

    private func writeFacts(_ facts: [LineageFact], to output: inout some TextOutputStream) {
        guard !facts.isEmpty else {
            output.write("<span class=\"none\">none recorded</span>")
            return
        }
        output.write("<dl>")
        for fact in facts.prefix(PicturePart.mostFacts) {
            output.write("<div><dt>\(xmlText(fact.name, limit: 60))</dt>")
            output.write("<dd>\(xmlText(fact.value, limit: 1_000))</dd></div>")
        }
        output.write("</dl>")
        let cut = facts.count - PicturePart.mostFacts
        if cut > 0 { output.write("<p>… \(counted(cut, "more fact"))</p>") }
    }
}
