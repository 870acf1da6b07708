// undertone lineage graph, export, attest, log, gc, import

import ArgumentParser
import Foundation
import UndertoneLineage
import UndertoneReporting
import UndertoneScanning
import UndertoneText

/// Where a document goes.
struct DocumentOptions: ParsableArguments {
    @Option(name: .long, help: "Write to this file instead of standard output.")
    var output: String?

    func write(_ text: String) throws {
        guard let output, output != "-" else { return try Terminal.print(text) }
        try writeFile(output, Data(text.utf8))
    }
}

struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw the lineage: a tree of text, a DOT graph, JSON, or a page for the browser.",
        discussion: """
            undertone lineage graph
            undertone lineage graph student --format html --output student.html
            undertone lineage graph --format dot | dot -Tsvg > lineage.svg
            """)

    @Argument(help: "Only this entry, what it came from and what came of it.")
    var name: String?

    @Option(name: .long, help: "text, dot, html or json.")
    var format: String?

    @OptionGroup var document: DocumentOptions
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.open()
        let graph = try catalogue.graph()
        let focus = try name.map { try catalogue.node(named: $0) }
        let snapshot: LineageSnapshot
        if let focus {
            let around = graph.ancestors(of: focus.id).map(\.id) + graph.descendants(of: focus.id).map(\.id)
            snapshot = try catalogue.snapshot(of: around + [focus.id])
        } else {
            snapshot = try catalogue.snapshot()
        }
        let title = focus.map { "Lineage of \($0.name)" } ?? "Lineage in \(catalogue.path)"
        let picture = try CataloguePicture(catalogue, graph).picture(title, snapshot, focus: focus?.id)
        var text = ""
        switch format ?? (options.isJSON ? "json" : "text") {
        case "text":
            let isShown = document.output == nil
            picture.writeTree(
                style: TextStyle(color: isShown && Terminal.hasColor, width: isShown ? Terminal.width : 100), to: &text)
        case "dot": picture.writeDOT(to: &text)
        case "html": picture.writeHTML(to: &text)
        case "json": picture.writeJSON(to: &text)
        default:
            throw ScanError(
                .usage, "--format \(visible(format ?? "")) is no way to draw a lineage",
                mend: "write text, dot, html or json")
        }
        try document.write(text)
    }
}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write lineage in a format that other tools read.",
        discussion: """
            undertone lineage export --format prov --output lineage.json
            undertone lineage export kept.jsonl --format croissant
            undertone lineage export student --format card
            """)

    @Argument(help: "The entry that it is about, with all that it came from (default: everything).")
    var name: String?

    @Option(name: .long, help: "openlineage, croissant, prov, cyclonedx or card.")
    var format: String

    @OptionGroup var document: DocumentOptions
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        guard let format = ExchangeFormat(rawValue: format) else {
            throw ScanError(
                .usage, "--format \(visible(format)) is no format for exchange",
                mend: "known are " + ExchangeFormat.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let catalogue = try options.open()
        let focus = try name.map { try catalogue.node(named: $0) }
        if focus == nil, format.needsFocus {
            throw ScanError(.usage, "\(format.rawValue) is about one entry", mend: "name a drop or a model")
        }
        let snapshot = try focus.map { try catalogue.snapshot(above: $0.id) } ?? catalogue.snapshot()
        try document.write(try format.export(snapshot, focus: focus?.id))
    }
}

struct AttestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Sign what is known of a drop or a model: an in-toto statement in a DSSE envelope.",
        discussion: """
            undertone keys new alice
            undertone lineage attest kept.jsonl --key alice.key --output kept.intoto.json
            undertone lineage verify --attestation kept.intoto.json --key alice.pub --file kept.jsonl
            """)

    @Argument(help: "A drop, or a model with weights.")
    var name: String

    @Option(name: .long, help: "The private key.")
    var key: String

    @OptionGroup var document: DocumentOptions
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.open()
        let node = try catalogue.node(named: name)
        let snapshot = try catalogue.snapshot(above: node.id, withScans: true)
        let envelope = try Attestation.lineage(
            of: node.id, in: snapshot, at: Author(name: "").at, key: try KeyFiles.signingKey(key))
        try document.write(envelope.text)
    }
}

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Every change of the catalogue; its head, signed if wanted; proofs.",
        discussion: """
            undertone lineage log
            undertone lineage log --head --key alice.key --output head.txt
            undertone lineage log --prove 12
            undertone lineage log --prove-since 100
            """)

    @Option(name: .long, help: "Show this many of the latest entries.")
    var last = 50

    @Flag(name: .long, help: "Print the head as SIZE:ROOT, or signed where a key is named.")
    var head = false

    @Option(name: .long, help: "The private key that signs the head.")
    var key: String?

    @Option(name: .long, help: "Print a proof that this entry is in the log (RFC 9162, section 2.1.3).")
    var prove: Int?

    @Option(
        name: .long, help: "Print a proof that an earlier head SIZE is the log's beginning (RFC 9162, section 2.1.4).")
    var proveSince: Int?

    @OptionGroup var document: DocumentOptions
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.open()
        let logHead = try catalogue.logHead()
        if head { return try printHead(catalogue, logHead) }
        if let prove { return try printInclusion(prove, catalogue, logHead) }
        if let proveSince { return try printConsistency(proveSince, catalogue, logHead) }
        guard last > 0 else { throw ScanError(.usage, "--last must be above 0") }
        let entries = try catalogue.logEntries(from: -min(last, 1_000_000), limit: last)
        try options.print(
            entries.map { entry in
                "\(entry.seq)  \(visible(entry.at, limit: 40))  \(visible(entry.actor, limit: 60))  "
                    + "\(visible(entry.action, limit: 60)) \(visible(entry.subject, limit: 120))  "
                    + counted(entry.changes.count, "row")
            }.joined(separator: "\n")
        ) { json in
            json.member("size", logHead.size)
            json.member("root", logHead.root.hexadecimal)
            json.array("entries") { json in
                for entry in entries {
                    json.object { json in
                        json.member("seq", entry.seq)
                        json.member("at", entry.at)
                        json.member("actor", entry.actor)
                        json.member("action", entry.action)
                        json.member("subject", entry.subject)
                        json.member("rows", entry.changes.count)
                        json.member("leaf_hash", MerkleTree.leafHash(entry.bytes).hexadecimal)
                    }
                }
            }
        }
    }

    private func printHead(_ catalogue: Catalogue, _ head: LogHead) throws {
        guard let key else {
            return try options.print("\(head.size):\(head.root.hexadecimal)") { json in
                json.member("size", head.size)
                json.member("root", head.root.hexadecimal)
            }
        }
        guard let first = try catalogue.logEntries(limit: 1).first else {
            throw ScanError(.usage, "nothing is recorded yet, so there is no head to sign")
        }
        let origin = Checkpoint.origin(firstEntry: Digest256.of(first.bytes))
        let checkpoint = try Checkpoint(origin: origin, size: head.size, root: head.root)
        try document.write(try checkpoint.signed(by: try KeyFiles.signingKey(key)))
    }

    private func printInclusion(_ seq: Int, _ catalogue: Catalogue, _ head: LogHead) throws {
        guard let entry = try catalogue.logEntries(from: max(seq, 1), limit: 1).first, entry.seq == seq,
            let proof = try catalogue.inclusionProof(of: seq, size: head.size)
        else {
            throw ScanError(.usage, "the log has no entry \(seq)", mend: "it has 1 to \(head.size)")
        }
        let leaf = MerkleTree.leafHash(entry.bytes)
        try printProof(head, proof) { json in
            json.member("seq", seq)
            json.member("leaf_index", seq - 1)
            json.member("leaf_hash", leaf.hexadecimal)
        }
    }

    private func printConsistency(_ size: Int, _ catalogue: Catalogue, _ head: LogHead) throws {
        guard let proof = try catalogue.consistencyProof(from: size, to: head.size) else {
            throw ScanError(.usage, "the log was never that long", mend: "it has \(head.size) entries")
        }
        try printProof(head, proof) { $0.member("earlier_size", size) }
    }

    private func printProof(_ head: LogHead, _ proof: [Digest256], _ what: (inout JSONWriter) -> Void) throws {
        var json = JSONWriter()
        json.object { json in
            what(&json)
            json.member("size", head.size)
            json.member("root", head.root.hexadecimal)
            json.member("proof", proof.map(\.hexadecimal))
        }
        try document.write(String(decoding: json.bytes, as: UTF8.self))
    }
}

struct GcCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Give space back: verdicts of scans that newer ones have replaced.",
        discussion: """
            Entries, edges, tallies and the log always stay; so do the verdicts of the latest scans of each drop.

            undertone lineage gc --keep-scans 1 --dry-run
            """)

    @Option(name: .long, help: "Keep the verdicts of this many latest scans of each drop.")
    var keepScans = 3

    @Flag(name: .long, help: "Only say what would be given back.")
    var dryRun = false

    @OptionGroup var author: AuthorOptions
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        guard keepScans >= 0 else { throw ScanError(.usage, "--keep-scans must be 0 or more") }
        let catalogue = try dryRun ? options.open() : options.openForWriting()
        let result = try catalogue.collectGarbage(
            keepingScans: keepScans, isDryRun: dryRun, by: author.author)
        try options.print(
            (dryRun ? "would clear " : "cleared ") + "the verdicts of \(counted(result.scans, "scan")), "
                + byteCount(result.bytes)
                + (result.obstacle.map { "; the file is as large as before: \($0)" } ?? "")
        ) { json in
            json.member("scans", result.scans)
            json.member("bytes", result.bytes)
            json.member("dry_run", dryRun)
            json.member("obstacle", result.obstacle?.description)
        }
    }
}

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Record what a document of another tool says of where things came from.",
        discussion: """
            undertone lineage import --format card README.md
            undertone lineage import --format openlineage events.jsonl
            """)

    @Argument(help: "The document.")
    var path: String

    @Option(name: .long, help: "card, croissant or openlineage.")
    var format: String

    @Option(name: .customLong("as"), help: "What a card is about, where it doesn't say so itself: model or drop.")
    var kind: String?

    @Option(name: .long, help: "The name that what the document is about will have.")
    var name: String?

    @OptionGroup var options: NewCatalogueOptions

    func run() throws {
        guard let format = ExchangeFormat(rawValue: format), format.canBeRead else {
            throw ScanError(
                .usage, "--format \(visible(format)) can't be imported",
                mend: "known are "
                    + ExchangeFormat.allCases.filter(\.canBeRead).map(\.rawValue).joined(separator: ", "))
        }
        let kind = try kind.map { text in
            guard let kind = NodeKind(rawValue: text), kind == .model || kind == .drop else {
                throw ScanError(
                    .usage, "--as \(visible(text)) is nothing that a card is about", mend: "write model or drop")
            }
            return kind
        }
        let bytes = try BoundedFile.read(path, limit: ExchangeFormat.byteLimit)
        let document = try format.read(bytes, file: path, as: kind, name: name)
        let catalogue = try options.openOrCreate()
        let result = try catalogue.add(document, by: options.author.author)
        let shown = try result.nodes.compactMap { try catalogue.node($0)?.shown }
        try options.catalogue.print(
            {
                var lines = ["recorded \(counted(shown.count, "entry", "entries")) from \(visible(path, limit: 200))"]
                lines += shown.map { "  " + $0 }
                lines += result.notes.map { "note: " + visible($0) }
                return lines.joined(separator: "\n")
            }()
        ) { json in
            json.array("entries", inline: true) { json in
                for id in result.nodes { json.value(Int(id.rawValue)) }
            }
            json.member("notes", result.notes)
        }
    }
}
