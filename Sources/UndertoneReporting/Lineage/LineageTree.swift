// A lineage as a tree of text: every entry once in full, later as a reference, since lines of descent meet again.

import UndertoneText

/// Which way a tree of text grows.
package enum TreeDirection: String, Sendable, CaseIterable {
    /// From what came first, or from the focus, to what came of it.
    case descendants
    /// From the focus to what it came from.
    case ancestors
}

extension LineagePicture {
    /// The picture as a tree.
    ///
    /// Descendants begin at the focus, or without one at every node that came from nothing; ancestors begin at the
    /// focus, or at every node from which nothing came. Branches deeper than the page is wide go on further below.
    ///
    /// - Complexity: O(nodes + edges), whatever the depth; never recursive.
    package func writeTree(
        _ direction: TreeDirection = .descendants, style: TextStyle = TextStyle(),
        to output: inout some TextOutputStream
    ) {
        var page = TreePage(self, direction, style)
        page.write(to: &output)
    }

    /// The tree as one text.
    package func tree(_ direction: TreeDirection = .descendants, style: TextStyle = TextStyle()) -> String {
        var text = ""
        writeTree(direction, style: style, to: &text)
        return text
    }
}

private struct TreePage {
    /// A node whose branches are being written.
    private struct Branch {
        var links: ArraySlice<Int>
        /// Whether another branch of its parent follows, so that the line beside it goes on.
        var hasSibling: Bool
    }

    private let picture: LineagePicture
    private let graph: PictureGraph
    private let direction: TreeDirection
    private let ink: Ink
    private let width: Int
    /// Levels that leave room for text beside the lines.
    private let deepest: Int
    private var isWritten: [Bool]
    /// Nodes whose branches are written later, at the left edge, and whether they were.
    private var postponed: [Int] = []

    init(_ picture: LineagePicture, _ direction: TreeDirection, _ style: TextStyle) {
        self.picture = picture
        self.direction = direction
        graph = PictureGraph(picture)
        ink = style.ink
        width = style.columns
        deepest = min(max((width - 44) / 3, 5), 24)
        isWritten = [Bool](repeating: false, count: graph.nodes.count)
    }

    mutating func write(to output: inout some TextOutputStream) {
        guard !graph.nodes.isEmpty else {
            output.write("nothing is recorded\n")
            return
        }
        if let focus = picture.focus.flatMap(graph.place(of:)) {
            writeTree(focus, to: &output)
        } else {
            for place in graph.nodes.indices where before(place).isEmpty { writeTree(place, to: &output) }
            // Cycles, which no root leads to.
            for place in graph.nodes.indices where !isWritten[place] { writeTree(place, to: &output) }
        }
        for note in picture.notes { output.write(ink.dim(clipped(visible(note), to: width)) + "\n") }
    }
}

extension TreePage {
    private func after(_ place: Int) -> ArraySlice<Int> {
        direction == .descendants ? graph.links(from: place) : graph.links(into: place)
    }

    private func before(_ place: Int) -> ArraySlice<Int> {
        direction == .descendants ? graph.links(into: place) : graph.links(from: place)
    }

    // A tree, then the parts of it that were too deep, and theirs.
    private mutating func writeTree(_ root: Int, to output: inout some TextOutputStream) {
        guard !isWritten[root] else { return }
        writeBranches(root, isContinued: false, to: &output)
        var next = 0
        while next < postponed.count {
            writeBranches(postponed[next], isContinued: true, to: &output)
            next += 1
        }
        postponed.removeAll()
    }

    private mutating func writeBranches(_ root: Int, isContinued: Bool, to output: inout some TextOutputStream) {
        isWritten[root] = true
        output.write((isContinued ? reference(root, "continued", width: width) : entry(root, width: width)) + "\n")
        if !isContinued { writeTaint(root, lines: "", hasBranches: !after(root).isEmpty, to: &output) }
        var branches = [Branch(links: after(root), hasSibling: false)]
        while let last = branches.indices.last {
            guard let link = branches[last].links.popFirst() else {
                branches.removeLast()
                continue
            }
            let place = direction == .descendants ? graph.links[link].target : graph.links[link].source
            let hasSibling = !branches[last].links.isEmpty
            let lines = branches.dropFirst().map { $0.hasSibling ? "│  " : "   " }.joined()
            let label = clipped(visible(picture.edges[graph.links[link].edge].label, limit: 40), to: 20)
            let start = lines + (hasSibling ? "├─ " : "└─ ") + label + (label.isEmpty ? "" : " ")
            let room = max(width - displayWidth(start), 20)
            let shown = ink.dim(lines + (hasSibling ? "├─ " : "└─ ")) + (label.isEmpty ? "" : ink.cyan(label) + " ")
            if isWritten[place] {
                output.write(shown + reference(place, after(place).isEmpty ? "see above" : "above", width: room) + "\n")
                continue
            }
            isWritten[place] = true
            output.write(shown + entry(place, width: room) + "\n")
            let below = after(place)
            let inner = lines + (hasSibling ? "│  " : "   ")
            let isTooDeep = branches.count >= deepest && !below.isEmpty
            writeTaint(place, lines: inner, hasBranches: !below.isEmpty && !isTooDeep, to: &output)
            if isTooDeep {
                output.write(ink.dim(inner + "└─ … continued below") + "\n")
                postponed.append(place)
            } else {
                branches.append(Branch(links: below, hasSibling: hasSibling))
            }
        }
    }

    // Name, kind and what matters most, cut to the page; the name is what stays.
    private func entry(_ place: Int, width: Int) -> String {
        let node = picture.nodes[graph.nodes[place]]
        let state = node.taintState
        let mark = state == .none ? "" : width < 44 ? "\(state.sign) " : "\(state.sign) \(state.word)  "
        let title = clipped(shownTitle(node.title, id: node.id), to: max(width - displayWidth(mark), 12))
        var left = width - displayWidth(mark) - displayWidth(title)
        var text = ink.taint(state, mark) + (node.id == picture.focus ? ink.bold(title) : title)
        for part in [visible(node.kind, limit: 24), visible(node.subtitle)] where !part.isEmpty && left > 8 {
            let shown = clipped(part, to: left - 2)
            text += "  " + ink.dim(shown)
            left -= displayWidth(shown) + 2
        }
        return text
    }

    private func reference(_ place: Int, _ word: String, width: Int) -> String {
        let node = picture.nodes[graph.nodes[place]]
        let title = clipped(shownTitle(node.title, id: node.id), to: max(width - word.utf8.count - 4, 12))
        return title + ink.dim("  (\(word))")
    }

    // What was found, below the entry that was found bad. The others only carry the mark.
    private func writeTaint(
        _ place: Int, lines: String, hasBranches: Bool, to output: inout some TextOutputStream
    ) {
        let node = picture.nodes[graph.nodes[place]]
        for taint in node.taints.filter(\.isOwn).prefix(3) {
            let start = lines + (hasBranches ? "│  " : "   ")
            output.write(
                ink.dim(start) + ink.red(clipped(taint.reasonText, to: max(width - displayWidth(start), 20))) + "\n")
        }
    }
}
