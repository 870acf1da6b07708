// The drawing on the page: boxes that are links to their row in the table, and lines between them.

import UndertoneText

extension PicturePart {
    /// Writes the drawing. Colours come from the page's style sheet; what they say, shapes and words say too.
    func writeSVG(to output: inout some TextOutputStream) {
        let (width, height) = (pixels(layout.width), pixels(layout.height))
        output.write("<svg id=\"drawing\" role=\"group\" aria-label=\"Lineage, oldest at the top\" ")
        output.write("width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\">\n")
        output.write("<defs>")
        for name in ["tip", "tip-tainted", "tip-lit"] {
            output.write("<marker id=\"\(name)\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" ")
            output.write("markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">")
            output.write("<path d=\"M0 0.5 8 4 0 7.5z\"/></marker>")
        }
        output.write("</defs>\n")
        for index in lines.indices { writeLine(index, to: &output) }
        for place in graph.nodes.indices { writeBox(place, to: &output) }
        output.write("</svg>\n")
    }

    private func writeLine(_ index: Int, to output: inout some TextOutputStream) {
        let line = lines[index]
        let isTainted = node(line.source).taintState != .none && node(line.target).taintState != .none
        output.write("<g class=\"line\(isTainted ? " tainted" : "")\" id=\"l\(index)\" aria-hidden=\"true\">")
        let (path, label) = line.source == line.target ? loop(line.source) : curve(index)
        output.write("<path d=\"\(path)\"/>")
        let text = clipped(line.labels.map { visible($0, limit: 40) }.joined(separator: ", "), to: 24)
        output.write("<text x=\"\(pixels(label.x))\" y=\"\(pixels(label.y))\">\(xmlEscaped(text))</text></g>\n")
    }

    // Down through the gaps between layers in S-curves, straight past the boxes of a layer.
    private func curve(_ index: Int) -> (path: String, label: LayeredLayout.Point) {
        let line = lines[index]
        let metrics = layout.metrics
        let half = metrics.boxHeight / 2
        let points = [layout.places[line.source]] + layout.bends[index] + [layout.places[line.target]]
        let goesDown = points[points.count - 1].y >= points[0].y
        let side = goesDown ? half : -half
        var path = ""
        var label = points[0]
        for step in points.indices.dropLast() {
            var (start, end) = (points[step], points[step + 1])
            start.y += side
            end.y -= side
            if step == points.count - 2 { end.y -= goesDown ? 2 : -2 }
            let middle = (start.y + end.y) / 2
            if step == 0 {
                path += "M\(pixels(start.x)) \(pixels(start.y))"
            } else {
                path += "L\(pixels(start.x)) \(pixels(start.y))"
            }
            path += "C\(pixels(start.x)) \(pixels(middle)) \(pixels(end.x)) \(pixels(middle)) "
            path += "\(pixels(end.x)) \(pixels(end.y))"
            // Beside the end, where lines from one box have already parted.
            if step == 0 {
                label = .init(x: start.x + (end.x - start.x) * 0.72, y: start.y + (end.y - start.y) * 0.62 + 3)
            }
        }
        return (path, label)
    }

    private func loop(_ place: Int) -> (path: String, label: LayeredLayout.Point) {
        let (x, y) = (layout.places[place].x + layout.metrics.boxWidth / 2, layout.places[place].y)
        let path = "M\(pixels(x)) \(pixels(y - 14))c22 0 22 28 2 28"
        return (path, .init(x: x + 14, y: y - 20))
    }

    private func writeBox(_ place: Int, to output: inout some TextOutputStream) {
        let node = node(place)
        let metrics = layout.metrics
        let state = node.taintState
        let left = layout.places[place].x - metrics.boxWidth / 2
        let top = layout.places[place].y - metrics.boxHeight / 2
        let right = left + metrics.boxWidth
        let title = shownTitle(node.title, id: node.id)
        let kind = visible(node.kind, limit: 24)
        let spoken = [kind, title, state.word, node.approvals.isEmpty ? "" : "approved"].filter { !$0.isEmpty }
        output.write("<a class=\"node\(state == .none ? "" : " \(state.rawValue)")")
        output.write("\(node.id == picture.focus ? " focus" : "")\" id=\"n\(place)\" href=\"#e\(place)\"")
        output.write(" aria-label=\"\(xmlEscaped(spoken.joined(separator: ", ")))\">")
        output.write("<title>\(xmlEscaped(title))</title>")
        output.write(
            "<rect class=\"frame\" x=\"\(pixels(left))\" y=\"\(pixels(top))\" width=\"\(pixels(metrics.boxWidth))\"")
        output.write(" height=\"\(pixels(metrics.boxHeight))\" rx=\"8\"/>")
        output.write("<path class=\"band \(kindClass(node.kind))\" d=\"M\(pixels(left + 7)) \(pixels(top + 10))v46\"/>")
        let inner = left + 18
        let room = metrics.boxWidth - 30
        // The state, in bold, stands at the other end of the line.
        let beside = state == .none ? 0 : textWidth(state.word, size: 11 * 1.1) + 20
        writeText("kind", fitted(kind, to: room - beside, size: 11), x: inner, y: top + 18, to: &output)
        writeText("name", fitted(title, to: room, size: 14.5 * 1.1), x: inner, y: top + 37, to: &output)
        let approved = node.approvals.isEmpty ? "" : "✓ approved"
        let taken = approved.isEmpty ? 0 : textWidth(approved, size: 11.5) + 8
        let subtitle = fitted(visible(node.subtitle), to: room - taken, size: 11.5)
        writeText("sub", subtitle, x: inner, y: top + 55, to: &output)
        if !approved.isEmpty { writeText("approved", approved, x: right - 12, y: top + 55, to: &output) }
        if state != .none {
            // An octagon for what was found bad, a triangle for what descends from it.
            let (x, y) = (right - 18, top + 14)
            let shape =
                state == .itself
                ? "M\(pixels(x - 3)) \(pixels(y - 7))h6l4 4v6l-4 4h-6l-4 -4v-6z"
                : "M\(pixels(x)) \(pixels(y - 7))l8 14h-16z"
            output.write("<path class=\"sign\" d=\"\(shape)\"/>")
            writeText("state", state.word, x: right - 31, y: top + 18, to: &output)
        }
        output.write("</a>\n")
    }

    private func writeText(
        _ name: String, _ text: String, x: Double, y: Double, to output: inout some TextOutputStream
    ) {
        guard !text.isEmpty else { return }
        output.write("<text class=\"\(name)\" x=\"\(pixels(x))\" y=\"\(pixels(y))\">\(xmlEscaped(text))</text>")
    }
}

/// The style class of a kind; one for all kinds that the page has no colour for, so that no class comes from data.
func kindClass(_ kind: String) -> String {
    let known = ["model", "prompts", "generation", "drop", "pack", "scan", "training", "measurement", "deployment"]
    return "k-" + (known.contains(kind) ? kind : "other")
}

/// A length with one decimal at most.
private func pixels(_ length: Double) -> String {
    let tenths = Int((length * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : (tenths < 0 ? "-" : "") + "\(abs(tenths) / 10).\(abs(tenths) % 10)"
}

/// How wide a text is about, in a sans-serif font; rather too wide than too narrow. In pixels, for a size in pixels.
func textWidth(_ text: String, size: Double) -> Double {
    var width = 0.0
    for scalar in text.unicodeScalars {
        switch scalar {
        case "i", "j", "l", "I", "!", "'", ".", ",", ":", ";", "|": width += 0.33
        case "f", "r", "t", "(", ")", "[", "]", "-", "/", " ", "\\": width += 0.42
        case "m", "w", "M", "W", "@", "%", "…", "—": width += 0.98
        case "A"..."Z", "_", "#", "$", "+", "=", "<", ">", "~", "&": width += 0.74
        case "\u{21}"..."\u{7E}": width += 0.61
        default: width += displayWidth(String(scalar)) > 1 ? 1.1 : 0.75
        }
    }
    return width * size
}

/// The beginning of `text` that fits, with an ellipsis where something was cut off.
func fitted(_ text: String, to width: Double, size: Double) -> String {
    guard textWidth(text, size: size) > width else { return text }
    var shown = ""
    var used = textWidth("…", size: size)
    for scalar in text.unicodeScalars {
        used += textWidth(String(scalar), size: size)
        if used > width { break }
        shown.unicodeScalars.append(scalar)
    }
    return trimmed(shown) + "…"
}
