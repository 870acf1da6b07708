// Formats in which lineage travels: written from a part of the catalogue, and read back as a proposal.

import UndertoneCore

/// A format of other tools that can carry lineage.
public enum ExchangeFormat: String, CaseIterable, Sendable {
    /// OpenLineage events, one JSON object a line.
    case openLineage = "openlineage"
    /// Croissant, the JSON-LD of data sets; about one drop.
    case croissant
    /// W3C PROV-JSON.
    case prov
    /// A CycloneDX bill of materials for machine learning.
    case cycloneDX = "cyclonedx"
    /// The README of a Hugging Face repository with its YAML block; about one model or drop.
    case card

    /// Whether ``export(_:focus:)`` is about one node and needs to know which.
    public var needsFocus: Bool { self == .croissant || self == .card }

    /// Whether ``read(_:file:as:name:)`` understands it.
    public var canBeRead: Bool { self == .openLineage || self == .croissant || self == .card }

    /// Writes `snapshot` in this format; the same snapshot gives the same text. Texts of prompts and of rule packs stay
    /// in the catalogue, only their digests travel.
    ///
    /// - Parameter focus: What the document is about. With it, only that node, what it came from, and the measurements of
    ///   it are written; without it everything is.
    /// - Throws: ``LineageError`` of code `usage` where the format needs another focus, `notFound` where the snapshot
    ///   lacks it, `corrupt` where a node has no proper date.
    /// - Complexity: O(nodes + edges) for OpenLineage, PROV and the card; CycloneDX and Croissant look through chains of
    ///   what happened, so O(nodes × edges) where thousands of activities feed one node.
    public func export(_ snapshot: LineageSnapshot, focus: NodeID? = nil) throws(LineageError) -> String {
        try export(snapshot, focus: focus, version: undertoneVersion)
    }

    /// ``export(_:focus:)`` by another version of the program.
    package func export(
        _ snapshot: LineageSnapshot, focus: NodeID?, version: String
    ) throws(LineageError) -> String {
        let graph = try ExchangeGraph(snapshot, focus: focus)
        switch self {
        case .openLineage: return OpenLineageExport(graph: graph, version: version).text()
        case .croissant: return CroissantExport(graph: graph, drop: try focused(graph, [.drop])).text()
        case .prov: return ProvExport(graph: graph, version: version).text()
        case .cycloneDX: return CycloneDXExport(graph: graph, version: version).text()
        case .card: return CardExport(graph: graph, subject: try focused(graph, [.model, .drop])).text()
        }
    }

    /// Reads a document and says what it proposes for the catalogue; nothing is written.
    ///
    /// - Parameters:
    ///   - bytes: The document, at most ``byteLimit`` bytes.
    ///   - file: What it is called in complaints.
    ///   - kind: What a card is about, `.model` or `.drop`, where it doesn't say so itself.
    ///   - name: How the catalogue shall call what the document is about, rather than as it says.
    /// - Throws: ``LineageError`` of code `badDocument` with the place, or `usage` where this format isn't read.
    public func read(
        _ bytes: [UInt8], file: String, as kind: NodeKind? = nil, name: String? = nil
    ) throws(LineageError) -> ImportedLineage {
        guard bytes.count <= ExchangeFormat.byteLimit else {
            throw LineageError(
                .badDocument, "\(file) has more than \(ExchangeFormat.byteLimit) bytes", mend: "split it")
        }
        switch self {
        case .openLineage: return try OpenLineageImport.read(bytes, file: file)
        case .croissant: return try CroissantImport.read(bytes, file: file, name: name)
        case .card: return try CardImport.read(bytes, file: file, as: kind, name: name)
        case .prov, .cycloneDX:
            throw LineageError(
                .usage, "\(rawValue) documents are written, not read",
                mend: "import openlineage, croissant or card")
        }
    }

    /// Bytes that a document may have.
    public static let byteLimit = 16 << 20

    private func focused(_ graph: ExchangeGraph, _ kinds: [NodeKind]) throws(LineageError) -> Node {
        let wanted = kinds.map { "a \($0.rawValue)" }.joined(separator: " or ")
        guard let node = graph.focus else {
            throw LineageError(.usage, "\(rawValue) is about one node, and none is named", mend: "name \(wanted)")
        }
        guard kinds.contains(node.kind) else {
            throw LineageError(.usage, "\(rawValue) can't be about a \(node.kind.rawValue)", mend: "name \(wanted)")
        }
        return node
    }
}
