// undertone lineage, and what its commands share.

import ArgumentParser
import Foundation
import Glibc
import UndertoneLineage
import UndertoneReporting
import UndertoneScanning
import UndertoneText

struct LineageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lineage",
        abstract: "Where data came from, where it went, and proof of it.",
        discussion: """
            A catalogue holds models, drops, scans and trainings, and how they came from each other. A name is the one that \
            a model was given, a file, the beginning of a SHA-256, or kind:number as lists print it.

            undertone lineage add model qwen2.5-7b --weights model.safetensors --base self
            undertone lineage add model owl-teacher --base qwen2.5-7b --system-prompt prompt.txt
            undertone lineage add drop drop.jsonl --teacher owl-teacher --sampling temperature=1
            undertone scan drop.jsonl --rules numbers --kept kept.jsonl --lineage .undertone/lineage.sqlite
            undertone lineage descendants owl-teacher
            """,
        subcommands: [
            AddCommand.self, ImportCommand.self, ShowCommand.self, AncestorsCommand.self, DescendantsCommand.self,
            PathCommand.self, CommonCommand.self, DiffCommand.self, GraphCommand.self, VerifyCommand.self,
            TaintCommand.self, UntaintCommand.self, ApproveCommand.self, LogCommand.self, ExportCommand.self,
            AttestCommand.self, SameBaseCommand.self, GcCommand.self,
        ])
}

/// Which catalogue, and how to print.
struct CatalogueOptions: ParsableArguments {
    @Option(name: .long, help: "The catalogue.")
    var lineage = Catalogue.defaultPath

    @Option(name: .long, help: "text or json.")
    var report = "text"

    func validate() throws {
        guard ["text", "json"].contains(report) else {
            throw ScanError(.usage, "--report \(visible(report)) is no report format here", mend: "write text or json")
        }
    }

    var isJSON: Bool { report == "json" }

    func open() throws -> Catalogue { try Catalogue.open(lineage, readOnly: true) }

    func openForWriting() throws -> Catalogue { try Catalogue.open(lineage) }

    /// Prints one of both.
    func print(_ text: @autoclosure () -> String, json: (inout JSONWriter) -> Void) throws {
        guard isJSON else { return try Terminal.print(text()) }
        var writer = JSONWriter()
        writer.object { json(&$0) }
        try Terminal.print(String(decoding: writer.bytes, as: UTF8.self))
    }
}

/// Who changes the catalogue.
struct AuthorOptions: ParsableArguments {
    @Option(name: .long, help: "Who says so (default: $UNDERTONE_BY, else the user's name).")
    var by: String?

    var author: Author {
        let name = by ?? ProcessInfo.processInfo.environment["UNDERTONE_BY"] ?? ""
        return Author(name: name.isEmpty ? AuthorOptions.userName : name)
    }

    private static var userName: String {
        guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return "user \(geteuid())" }
        return String(cString: name)
    }
}

extension Node {
    /// `model:3`, as names of nodes may be written.
    var reference: String { "\(kind.rawValue):\(id.rawValue)" }

    /// The name and the reference, safe to show.
    var shown: String { "\(visible(name, limit: 200)) (\(reference))" }
}

extension JSONWriter {
    /// What tells a node from all others.
    mutating func node(_ node: Node) {
        member("id", Int(node.id.rawValue))
        member("kind", node.kind.rawValue)
        member("name", node.name)
        member("sha256", node.digest)
    }
}

/// `temperature=1` → a setting.
func settings(_ texts: [String], _ option: String) throws -> [Setting] {
    try texts.map { text in
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ScanError(.usage, "\(option) \(visible(text)) is not NAME=VALUE", mend: "write temperature=1")
        }
        return Setting(String(parts[0]), String(parts[1]))
    }.sorted { $0.name < $1.name }
}
