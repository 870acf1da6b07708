// A lineage for Graphviz.

import UndertoneText

extension LineagePicture {
    /// Writes the picture in the DOT language. Every name is a quoted string in which quotes, backslashes (Graphviz would
    /// read `\N` or `\l` in a label) and ampersands (it knows HTML entities) are escaped; no record or HTML-like labels.
    package func writeDOT(to output: inout some TextOutputStream) {
        let graph = PictureGraph(self)
        output.write("digraph lineage {\n")
        output.write(
            "  graph [rankdir=\"TB\", label=\(quoted([visible(title)])), labelloc=\"t\", fontname=\"Helvetica\"];\n")
        output.write("  node [shape=\"box\", style=\"filled\", fillcolor=\"#ffffff\", color=\"#5a606b\", ")
        output.write("fontname=\"Helvetica\", fontsize=\"11\", margin=\"0.15,0.08\"];\n")
        output.write("  edge [color=\"#5a606b\", fontcolor=\"#5a606b\", fontname=\"Helvetica\", fontsize=\"9\"];\n")
        for index in graph.nodes {
            let node = nodes[index]
            let state = node.taintState
            var lines = [visible(node.kind, limit: 40), clipped(shownTitle(node.title, id: node.id), to: 60)]
            if !node.subtitle.isEmpty { lines.append(clipped(visible(node.subtitle), to: 60)) }
            if state != .none { lines.append("\(state.sign) \(state.word)") }
            output.write("  \"n\(node.id)\" [label=\(quoted(lines))")
            if let taint = node.taints.first { output.write(", tooltip=\(quoted([taint.headline]))") }
            switch state {
            case .none: break
            case .itself:
                output.write(", color=\"#b3261e\", fillcolor=\"#fdecea\", penwidth=\"2.5\"")
            case .inherited:
                output.write(", color=\"#8a4b00\", fillcolor=\"#fff4e0\", style=\"filled,dashed\", penwidth=\"1.5\"")
            }
            if node.id == focus { output.write(", peripheries=\"2\"") }
            output.write("];\n")
        }
        for link in graph.links {
            let (source, target) = (nodes[graph.nodes[link.source]], nodes[graph.nodes[link.target]])
            output.write("  \"n\(source.id)\" -> \"n\(target.id)\"")
            output.write(" [label=\(quoted([visible(edges[link.edge].label, limit: 40)]))")
            if source.taintState != .none, target.taintState != .none {
                output.write(", color=\"#b3261e\", penwidth=\"1.5\"")
            }
            output.write("];\n")
        }
        output.write("}\n")
    }

    /// The DOT text as a whole.
    package var dot: String {
        var text = ""
        writeDOT(to: &text)
        return text
    }
}

// Lines that are visible already, as one quoted string.
private func quoted(_ lines: [String]) -> String {
    let texts = lines.map { line in
        var text = ""
        for scalar in line.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "&": text += "&amp;"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
    return "\"" + texts.joined(separator: "\\n") + "\""
}
