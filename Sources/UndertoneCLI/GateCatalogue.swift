// What the gate asks of a catalogue.

import UndertoneLineage

/// A catalogue, as the gate sees it.
protocol GateCatalogue: Sendable {
    /// The part of the catalogue in `file` that clauses look at:
    ///
    /// - the drops of these contents, the drops that were seen at these paths, the models of these names or beginnings of
    ///   digests;
    /// - all their ancestors;
    /// - for every drop among all these: the scans that read it and the measurements of it, with their ancestors;
    /// - edges, locations, taints (lifted ones too), approvals and rules of all these nodes.
    ///
    /// More does no harm. What nobody recorded is just not there.
    ///
    /// - Throws: ``LineageError`` where the file is no catalogue, or can't be read.
    func snapshot(
        of file: String, contents: [String], paths: [String], models: [String]
    ) throws(LineageError) -> LineageSnapshot

    /// Whether `envelope` is an approval of the node in that role, signed with the public key in the file `key`.
    func isApproval(_ envelope: String, of node: Node, role: String, key: String) -> Bool
}
