// What a document from outside proposes for the catalogue. Nothing of it is trusted, and nothing of it is written yet.

import UndertoneText

/// Nodes and edges that a document proposes, and what of it was not understood.
public struct ImportedLineage: Sendable, Equatable {
    /// A proposed entry.
    public struct Node: Sendable, Equatable {
        /// The name that the document gives it: at most 4,096 bytes, never empty.
        public var name: String
        /// SHA-256 of its content, lower-case hexadecimal; `nil` where the document says none.
        public var digest: String?
        /// What the document knows of it. Bytes of a drop or of prompts are 0 where it doesn't say.
        public var facts: Facts

        /// What it is.
        public var kind: NodeKind { facts.kind }

        /// An entry.
        public init(name: String, digest: String? = nil, facts: Facts) {
            self.name = name
            self.digest = digest
            self.facts = facts
        }
    }

    /// A proposed edge; ends are indices of ``ImportedLineage/nodes``.
    public struct Edge: Sendable, Hashable {
        /// What was there before.
        public var source: Int
        /// How.
        public var relation: Relation
        /// What came of it.
        public var target: Int

        /// An edge.
        public init(_ source: Int, _ relation: Relation, _ target: Int) {
            self.source = source
            self.relation = relation
            self.target = target
        }
    }

    /// Entries, each once.
    public private(set) var nodes: [Node] = []
    /// Edges, each once.
    public private(set) var edges: [Edge] = []
    /// What the document is about, where it is about one thing.
    public internal(set) var subject: Int?
    /// What was not understood, for people; safe to print.
    public private(set) var notes: [String] = []

    private var indices: [Key: Int] = [:]
    private var known: Set<Edge> = []
    private var lastNote = ""

    private struct Key: Hashable {
        var kind: NodeKind
        var name: String
        var digest: String?
        var twin: String?
    }

    init() {}

    /// Whether both propose the same.
    public static func == (left: ImportedLineage, right: ImportedLineage) -> Bool {
        left.nodes == right.nodes && left.edges == right.edges && left.subject == right.subject
            && left.notes == right.notes
    }
}

extension ImportedLineage {
    static let textLimit = 4_096
    static let settingsLimit = 10_000
    static let nodesLimit = 200_000
    static let edgesLimit = 1_000_000
    private static let notesLimit = 100

    /// The text, unless it is longer than any name or fact should be.
    static func bounded(_ text: String) -> String? { text.utf8.count <= textLimit ? text : nil }

    /// Adds a node, or finds the one of that kind, name and digest.
    ///
    /// - Parameter twin: Tells nodes of one name and digest apart.
    mutating func add(_ node: Node, twin: String? = nil) throws(LineageError) -> Int {
        let key = Key(kind: node.kind, name: node.name, digest: node.digest, twin: twin)
        if let index = indices[key] { return index }
        guard nodes.count < ImportedLineage.nodesLimit else {
            throw LineageError(
                .badDocument, "the document has more than \(grouped(ImportedLineage.nodesLimit)) nodes",
                mend: "split it")
        }
        indices[key] = nodes.count
        nodes.append(node)
        return nodes.count - 1
    }

    /// Adds an edge unless it is there, or leads from a node to itself.
    mutating func connect(_ source: Int, _ relation: Relation, _ target: Int) throws(LineageError) {
        guard source != target else { return note("an edge leads from a node to itself; left out") }
        guard known.count < ImportedLineage.edgesLimit else {
            throw LineageError(
                .badDocument, "the document has more than \(grouped(ImportedLineage.edgesLimit)) edges",
                mend: "split it")
        }
        let edge = Edge(source, relation, target)
        if known.insert(edge).inserted { edges.append(edge) }
    }

    mutating func replace(_ index: Int, facts: Facts) { nodes[index].facts = facts }

    /// Says what was left out; `text` may hold texts of the document.
    mutating func note(_ text: String) {
        // A million events with one fault are one note, and cost no more.
        guard text != lastNote else { return }
        lastNote = text
        let shown = visible(text, limit: 300)
        guard !notes.contains(shown) else { return }
        if notes.count < ImportedLineage.notesLimit {
            notes.append(shown)
        } else if notes.count == ImportedLineage.notesLimit {
            notes.append("there is more that was not understood")
        }
    }

    /// A digest as the catalogue has it, with a note where there is something else.
    mutating func digest(_ text: String?, of name: String) -> String? {
        guard let text else { return nil }
        var digest = text.lowercased()
        if digest.hasPrefix("sha256:") { digest.removeFirst(7) }
        if ExchangeIdentity.isDigest(digest) { return digest }
        note("the digest of \"\(name)\" is no SHA-256; left out")
        return nil
    }

    /// A name as the catalogue can have it.
    mutating func name(_ text: String?, or other: String) -> String {
        guard let text, !text.isEmpty else { return other }
        if let name = ImportedLineage.bounded(text) { return name }
        note("a name is longer than \(ImportedLineage.textLimit) bytes and was cut: \(text.prefix(40))…")
        return ImportedLineage.cut(text)
    }

    /// At most as many bytes as a name may have, in whole characters.
    static func cut(_ text: String) -> String {
        var end = text.unicodeScalars.startIndex
        var bytes = 0
        for index in text.unicodeScalars.indices {
            bytes += UTF8.width(text.unicodeScalars[index])
            if bytes > textLimit { break }
            end = text.unicodeScalars.index(after: index)
        }
        return String(text.unicodeScalars[..<end])
    }
}
