// A finished scan, as the catalogue keeps it.

import Foundation
import GRDB
import UndertoneText

/// A finished scan.
package struct ScanRecord: Sendable {
    /// A file that was read or written.
    package struct File: Sendable {
        /// As the user named it; `nil` for standard input and output.
        package var path: String?
        /// SHA-256 of the bytes as stored.
        package var digest: String
        /// What is known of it.
        package var facts: DropFacts

        package init(path: String?, digest: String, facts: DropFacts) {
            self.path = path
            self.digest = digest
            self.facts = facts
        }
    }

    /// A rule pack that took part.
    package struct Pack: Sendable {
        package var name: String
        package var version: String?
        /// SHA-256 of the pack's text and of all that it includes.
        package var digest: String
        /// Its own text first, then those of the packs that it includes.
        package var texts: [(name: String, text: String)]

        package init(name: String, version: String?, digest: String, texts: [(name: String, text: String)]) {
            self.name = name
            self.version = version
            self.digest = digest
            self.texts = texts
        }
    }

    /// A rule and how often it met a record; all reasons that it can give, in its order.
    package struct Rule: Sendable {
        package var name: String
        package var digest: String
        package var action: String
        package var hits: Int
        package var reasons: [(name: String, count: Int)]

        package init(
            name: String, digest: String, action: String, hits: Int, reasons: [(name: String, count: Int)]
        ) {
            self.name = name
            self.digest = digest
            self.action = action
            self.hits = hits
            self.reasons = reasons
        }
    }

    /// What the scan found.
    package var facts: ScanFacts
    /// In the order in which they were read.
    package var inputs: [File] = []
    /// Files that were written, with their role.
    package var outputs: [(role: Relation, file: File)] = []
    package var packs: [Pack] = []
    /// In the order that numbers of reasons count by.
    package var rules: [Rule] = []

    package init(facts: ScanFacts) { self.facts = facts }
}

/// What became of the recording of a scan.
package struct RecordedScan: Sendable {
    /// The scan's node.
    package var scan: NodeID
    /// Things that the user should know: a file that held another drop before.
    package var notes: [String] = []
}

extension Catalogue {
    /// Records a scan, the drops that it read and wrote, and its verdicts. O(verdicts).
    package func record(
        _ record: ScanRecord, _ verdicts: VerdictRecorder, by author: Author
    ) throws(LineageError) -> RecordedScan {
        if let failure = verdicts.failure { throw failure }
        let subject = subject(of: record.inputs)
        return try change("record scan", subject, by: author) { change in
            var recorded = RecordedScan(scan: NodeID(rawValue: 0))
            var sources: [(NodeID, Relation)] = []
            for input in record.inputs {
                sources.append((try note(input, named: "standard input", change, &recorded), .scanned))
            }
            for pack in record.packs { sources.append((try change.add(pack), .rules)) }
            let scan = try change.add(
                .scan(record.facts), name: "scan of \(subject)",
                digest: try change.activityDigest(.scan(record.facts), from: sources, to: []))
            recorded.scan = scan
            for (source, relation) in sources { try change.link(source, relation, scan) }
            for (position, input) in record.inputs.enumerated() {
                try change.insert(
                    "scan_input",
                    [
                        ("scan", scan), ("position", position), ("data_drop", sources[position].0),
                        ("path", input.path.map(storedPath) ?? "-"), ("records", input.facts.records ?? 0),
                    ])
            }
            // Nobody trains on a file without records, and all such files of a kind have the same content.
            for (role, output) in record.outputs where output.facts.bytes != 0 && output.facts.records != 0 {
                let drop = try note(output, named: "standard output", change, &recorded)
                if try change.canLink(scan, drop) {
                    try change.link(scan, role, drop)
                } else if role == .kept {
                    recorded.notes.append(
                        "the kept data has the same content as a drop that the scan comes from; it is the same entry")
                }
            }
            try change.add(record.rules, of: scan)
            for chunk in verdicts.verdicts {
                try change.insert(
                    "verdicts",
                    [
                        ("scan", scan), ("input", chunk.input), ("first_line", chunk.first), ("lines", chunk.count),
                        ("data", Data(try verdicts.spool.bytes(chunk.range))),
                    ])
            }
            for (position, input) in record.inputs.enumerated() {
                try change.add(verdicts, of: position, sources[position].0, input.facts)
            }
            return recorded
        }
    }

    // A folder may have a hundred thousand files; each has its row.
    private func subject(of inputs: [ScanRecord.File]) -> String {
        let names = inputs.prefix(3).map { Change.brief($0.path.map(storedPath) ?? "standard input") }
        return names.joined(separator: ", ") + (inputs.count > 3 ? " and \(inputs.count - 3) more" : "")
    }

    private func note(
        _ file: ScanRecord.File, named stream: String, _ change: Change, _ recorded: inout RecordedScan
    ) throws -> NodeID {
        let path = file.path.map(storedPath)
        let drop = try change.addContent(
            .drop(file.facts), name: path ?? stream, digest: file.digest, wasRead: true)
        if let path, let before = try change.see(path, drop), let node = try Node.read(change.database, before) {
            recorded.notes.append(
                "\(visible(path, limit: 200)) held another drop before (\((node.digest ?? "").prefix(12)))")
        }
        return drop
    }
}

extension Change {
    /// Checksums of the records of a drop, unless they are there already or count other records than the entry does.
    func add(_ recorder: VerdictRecorder, of input: Int, _ drop: NodeID, _ facts: DropFacts) throws {
        let known = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM record_checksums WHERE data_drop = ?)", arguments: [drop])
        guard known != true, case .drop(let entry) = try Facts.read(database, .drop, drop.rawValue),
            entry.format == facts.format, entry.records == facts.records
        else { return }
        for chunk in recorder.checksums where chunk.input == input {
            try insert(
                "record_checksums",
                [
                    ("data_drop", drop), ("first_record", chunk.first),
                    ("data", Data(try recorder.spool.bytes(chunk.range))),
                ])
        }
    }

    fileprivate func add(_ pack: ScanRecord.Pack) throws -> NodeID {
        let facts = PackFacts(version: pack.version, text: pack.texts.first?.text ?? "")
        let id = try addContent(.pack(facts), name: pack.name, digest: pack.digest)
        // A pack may have been known without its text, from a document of another tool.
        let hasText = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM pack_text WHERE pack = ?)", arguments: [id])
        if hasText == true { return id }
        for (position, text) in pack.texts.enumerated() {
            try insert(
                "pack_text", [("pack", id), ("position", position), ("name", text.name), ("text", text.text)])
        }
        return id
    }

    fileprivate func add(_ rules: [ScanRecord.Rule], of scan: NodeID) throws {
        for (position, rule) in rules.enumerated() {
            let reasons = rule.reasons.map(\.name).joined(separator: " ")
            let known = try Int64.fetchOne(
                database.cachedStatement(sql: "SELECT id FROM rule WHERE name = ? AND digest = ?"),
                arguments: [rule.name, rule.digest])
            let id =
                try known
                ?? insert("rule", [("name", rule.name), ("digest", rule.digest), ("reasons", reasons)])
            try insert(
                "scan_rule",
                [
                    ("scan", scan), ("position", position), ("rule", id), ("action", rule.action), ("hits", rule.hits),
                    ("counts", rule.reasons.map { String($0.count) }.joined(separator: " ")),
                ])
        }
    }
}
