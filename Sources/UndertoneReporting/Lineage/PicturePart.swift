// The part of a picture that a page can show: all of it, or the neighbourhood of what was asked about.

import UndertoneText

/// Nodes and merged edges of a page, and where they are drawn.
struct PicturePart {
    /// Edges between the same two nodes, drawn as one line.
    struct Line {
        var source: Int
        var target: Int
        var labels: [String]
    }

    let picture: LineagePicture
    let graph: PictureGraph
    let lines: [Line]
    let layout: LayeredLayout
    /// What was left out, for people.
    let notes: [String]

    init(_ picture: LineagePicture, mostNodes: Int, mostLines: Int) {
        self.picture = picture
        var notes: [String] = []
        let whole = PictureGraph(picture)
        if whole.nodes.count > mostNodes {
            let start = PicturePart.start(picture, whole)
            let near = whole.neighbourhood(of: start, limit: mostNodes)
            let ids = Set(near.map { picture.nodes[whole.nodes[$0]].id })
            graph = PictureGraph(picture) { ids.contains($0) }
            let middle = picture.nodes[whole.nodes[start]]
            notes.append(
                "\(grouped(graph.nodes.count)) of \(counted(whole.nodes.count, "entry", "entries")) shown, those nearest to "
                    + "\(shownTitle(middle.title, id: middle.id, limit: 120)); ask about another entry to see others, or "
                    + "for JSON to have them all.")
        } else {
            graph = whole
        }
        let merged = PicturePart.merged(picture, graph)
        if merged.count > mostLines {
            notes.append("\(grouped(mostLines)) of \(counted(merged.count, "line")) drawn.")
        }
        lines = Array(merged.prefix(mostLines))
        self.notes = notes + picture.notes.map { visible($0) }
        layout = LayeredLayout(nodes: graph.nodes.count, edges: lines.map { ($0.source, $0.target) })
    }

    /// The node at that place.
    func node(_ place: Int) -> LineagePicture.Node { picture.nodes[graph.nodes[place]] }

    // What was asked about, else something tainted, else what was recorded last.
    private static func start(_ picture: LineagePicture, _ graph: PictureGraph) -> Int {
        if let focus = picture.focus.flatMap(graph.place(of:)) { return focus }
        let tainted = graph.nodes.indices.first { picture.nodes[graph.nodes[$0]].taintState == .itself }
        return tainted ?? graph.nodes.indices.max {
            picture.nodes[graph.nodes[$0]].id < picture.nodes[graph.nodes[$1]].id
        } ?? 0
    }

    private static func merged(_ picture: LineagePicture, _ graph: PictureGraph) -> [Line] {
        var lines: [Line] = []
        for place in graph.nodes.indices {
            var lineTo: [Int: Int] = [:]
            for link in graph.links(from: place) {
                let target = graph.links[link].target
                let label = picture.edges[graph.links[link].edge].label
                if let line = lineTo[target] {
                    if !lines[line].labels.contains(label), lines[line].labels.count < 8 {
                        lines[line].labels.append(label)
                    }
                } else {
                    lineTo[target] = lines.count
                    lines.append(Line(source: place, target: target, labels: [label]))
                }
            }
        }
        return lines
    }
}
