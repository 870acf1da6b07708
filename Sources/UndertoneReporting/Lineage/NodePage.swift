// One entry of the catalogue with all that is known of it: what `lineage show` prints.

import UndertoneText

/// One entry of the catalogue. All its texts are untrusted.
public struct NodePage: Sendable {
    /// An edge, seen from the entry.
    public struct Link: Sendable {
        /// How: `teacher`, `trained-on`, …
        public var label: String
        /// The other end.
        public var id: Int64
        /// What the other end is.
        public var kind: String
        /// Its name.
        public var title: String

        /// An edge to or from that entry.
        public init(label: String, id: Int64, kind: String, title: String) {
            self.label = label
            self.id = id
            self.kind = kind
            self.title = title
        }
    }

    /// A file in which the entry was seen.
    public struct File: Sendable {
        /// Its path, as recorded.
        public var path: String
        /// When it was seen there last, RFC 3339.
        public var seenAt: String

        /// A file.
        public init(path: String, seenAt: String) {
            self.path = path
            self.seenAt = seenAt
        }
    }

    /// Its number in the catalogue.
    public var id: Int64
    /// `model`, `drop`, `scan`, …
    public var kind: String
    /// Its name.
    public var name: String
    /// SHA-256 of its content, if known.
    public var digest: String?
    /// When it was recorded, RFC 3339.
    public var recordedAt: String
    /// Who recorded it.
    public var recordedBy: String
    /// What is known of it.
    public var facts: [LineageFact] = []
    /// What it came from.
    public var sources: [Link] = []
    /// What came of it.
    public var targets: [Link] = []
    /// Where it was seen.
    public var files: [File] = []
    /// Why it is tainted, nearest first.
    public var taints: [TaintMark] = []
    /// Who answers for it.
    public var approvals: [ApprovalMark] = []

    /// An entry, with nothing known beyond this.
    public init(id: Int64, kind: String, name: String, digest: String?, recordedAt: String, recordedBy: String) {
        self.id = id
        self.kind = kind
        self.name = name
        self.digest = digest
        self.recordedAt = recordedAt
        self.recordedBy = recordedBy
    }
}

extension NodePage {
    /// The entry for a terminal. Long lists are cut, and a line says by how much.
    package func text(_ style: TextStyle = TextStyle()) -> String {
        let (ink, width) = (style.ink, style.columns)
        let state = TaintState(taints)
        let shownKind = clipped(visible(kind, limit: 40), to: 16)
        let title = clipped(shownTitle(name, id: id), to: width - displayWidth(shownKind) - 2)
        var lines = [ink.bold(title) + "  " + shownKind]
        for taint in taints.prefix(mostTaints) {
            let state = TaintState([taint])
            lines += wrapped(words("\(state.sign) \(taint.headline)"), within: width).map { ink.taint(state, $0) }
            if !taint.isOwn { lines += wrapped(taint.pathPieces, within: width - 2).map { "  " + $0 } }
        }
        lines += more(taints.count - mostTaints, "taint", ink)
        if state == .none { lines.append("no taint stands on it") }

        var facts: [LineageFact] = [LineageFact("number", "\(id)")]
        if let digest { facts.append(LineageFact("sha256", digest)) }
        facts.append(LineageFact("recorded", recordedBy.isEmpty ? recordedAt : "\(recordedAt) by \(recordedBy)"))
        facts += self.facts
        lines.append("")
        let nameWidth = min(facts.map { displayWidth(visible($0.name, limit: 40)) }.max() ?? 0, 24)
        for fact in facts.prefix(mostRows) {
            let name = padded(clipped(visible(fact.name, limit: 40), to: 24), nameWidth)
            let value = wrapped(words(visible(fact.value, limit: 2_000)), within: width - nameWidth - 4)
            let further = String(repeating: " ", count: nameWidth + 4)
            for (index, line) in value.enumerated() {
                lines.append(trimmed((index == 0 ? "  \(ink.dim(name))  " : further) + line))
            }
        }
        lines += more(facts.count - mostRows, "fact", ink)
        lines += section("Comes from", sources, width, ink)
        lines += section("What came of it", targets, width, ink)
        if !files.isEmpty { lines += ["", ink.bold("Files")] }
        for file in files.prefix(mostRows) {
            let seen = clipped(visible(file.seenAt, limit: 40), to: 24)
            let path = clippedInFront(visible(file.path, limit: 1_000), to: max(width - displayWidth(seen) - 4, 30))
            lines.append("  \(path)  " + ink.dim(seen))
        }
        lines += more(files.count - mostRows, "file", ink)
        if !approvals.isEmpty { lines += ["", ink.bold("Approvals")] }
        for approval in approvals.prefix(mostRows) {
            lines.append(ink.green("  ✓ ") + clipped(approval.text, to: width - 4))
        }
        lines += more(approvals.count - mostRows, "approval", ink)
        return lines.joined(separator: "\n") + "\n"
    }

    /// The entry as JSON: texts exactly as recorded, lists whole.
    package var json: String {
        var json = JSONWriter()
        json.object { json in
            json.member("schema", lineageJSONSchema)
            json.member("id", Int(id))
            json.member("kind", kind)
            json.member("name", name)
            json.member("sha256", digest)
            json.member("recorded_at", recordedAt)
            json.member("recorded_by", recordedBy)
            json.facts(facts)
            json.links("sources", sources)
            json.links("targets", targets)
            json.array("files") { json in
                for file in files {
                    json.object(inline: true) { json in
                        json.member("path", file.path)
                        json.member("seen_at", file.seenAt)
                    }
                }
            }
            json.taints(taints)
            json.approvals(approvals)
        }
        return json.text
    }

    private func section(_ title: String, _ links: [Link], _ width: Int, _ ink: Ink) -> [String] {
        guard !links.isEmpty else { return [] }
        let shown = links.prefix(mostRows)
        let labels = shown.map { clipped(visible($0.label, limit: 40), to: 16) }
        let kinds = shown.map { clipped(visible($0.kind, limit: 40), to: 16) }
        let labelWidth = labels.map(displayWidth).max() ?? 0
        let kindWidth = kinds.map(displayWidth).max() ?? 0
        var lines = ["", ink.bold(title)]
        for (index, link) in shown.enumerated() {
            let room = max(width - labelWidth - kindWidth - 6, 20)
            let title = clipped(shownTitle(link.title, id: link.id), to: room)
            lines.append(
                "  \(ink.cyan(padded(labels[index], labelWidth)))  \(ink.dim(padded(kinds[index], kindWidth)))  \(title)"
            )
        }
        return lines + more(links.count - mostRows, nil, ink)
    }
}

private let mostTaints = 20
private let mostRows = 100

private func more(_ count: Int, _ noun: String?, _ ink: Ink) -> [String] {
    count > 0 ? [ink.more(count, noun)] : []
}

extension JSONWriter {
    fileprivate mutating func links(_ name: String, _ links: [NodePage.Link]) {
        array(name) { json in
            for link in links {
                json.object(inline: true) { json in
                    json.member("relation", link.label)
                    json.member("id", Int(link.id))
                    json.member("kind", link.kind)
                    json.member("name", link.title)
                }
            }
        }
    }
}
