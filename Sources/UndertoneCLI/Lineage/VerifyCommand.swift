// undertone lineage verify

import ArgumentParser
import Foundation
import UndertoneLineage
import UndertoneScanning
import UndertoneText

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check files, the catalogue's log, or a signed statement.",
        discussion: """
            Exit code 1 where something is not as it was recorded. Without names all files are checked that the catalogue \
            knows.

            undertone lineage verify
            undertone lineage verify drop.jsonl
            undertone lineage verify --log --earlier 120:5f3a…
            undertone lineage verify --attestation drop.intoto.json --key alice.pub --file drop.jsonl
            """)

    @Argument(help: "Entries whose files are checked.")
    var names: [String] = []

    @Flag(name: .long, help: "Check every row of the catalogue against its log.")
    var log = false

    @Option(
        name: .long,
        help: "A head that the log once had: SIZE:ROOT as undertone lineage log --head prints it, or a signed file.")
    var earlier: String?

    @Option(name: .long, help: "A signed statement to check; needs --key.")
    var attestation: String?

    @Option(name: .long, help: "A public key that is trusted. Repeatable.")
    var key: [String] = []

    @Option(name: .long, help: "The file that the statement should be about.")
    var file: String?

    @OptionGroup var options: CatalogueOptions

    func run() throws {
        guard log || earlier == nil, attestation != nil || file == nil,
            attestation != nil || earlier != nil || key.isEmpty
        else {
            throw ScanError(
                .usage, "an option is given that this check doesn't look at",
                mend: "--earlier goes with --log, --file with --attestation, --key with both")
        }
        let isGood: Bool
        if let attestation {
            guard names.isEmpty, !log else {
                throw ScanError(.usage, "--attestation stands alone", mend: "check files or the log in another call")
            }
            isGood = try verify(attestation: attestation)
        } else if log {
            guard names.isEmpty else {
                throw ScanError(.usage, "--log checks the whole catalogue", mend: "leave the names out")
            }
            isGood = try verifyLog()
        } else {
            isGood = try verifyFiles()
        }
        if !isGood { throw ExitCode(1) }
    }

    private func verifyFiles() throws -> Bool {
        let catalogue = try options.open()
        let nodes = try names.map { try catalogue.node(named: $0) }
        let results = try UndertoneScanning.verifyFiles(of: catalogue, only: nodes)
        let problems = results.filter { $0.status != .intact }
        try options.print(
            {
                if results.isEmpty { return "no file is recorded for this" }
                let intact = results.count - problems.count
                let lines = problems.map { result in
                    "\(result.status.rawValue): \(visible(result.path, limit: 300)) (\(result.node.reference)): \(result.detail)"
                }
                return (lines + ["\(grouped(intact)) of \(counted(results.count, "file")) as recorded"])
                    .joined(separator: "\n")
            }()
        ) { json in
            json.member("intact", problems.isEmpty)
            json.array("files") { json in
                for result in results {
                    json.object { json in
                        json.member("path", result.path)
                        json.object("node") { $0.node(result.node) }
                        json.member("status", result.status.rawValue)
                        json.member("detail", result.detail)
                        guard let change = result.firstChange else { return }
                        json.object("first_change", inline: true) { json in
                            json.member("record", change.record)
                            if let line = change.line { json.member("line", line) }
                            json.member("records_now", change.counts.now)
                            json.member("records_then", change.counts.then)
                        }
                    }
                }
            }
        }
        return problems.isEmpty
    }

    private func verifyLog() throws -> Bool {
        let catalogue = try options.open()
        let verification = try catalogue.verifyLog(against: try earlier.map(earlierHead))
        let head = verification.head
        try options.print(
            {
                var lines = verification.problems
                if verification.omitted > 0 { lines.append("and \(counted(verification.omitted, "more problem"))") }
                let verdict =
                    verification.isIntact
                    ? "as the log says: " : "not as the log says: \(counted(lines.count, "problem")); compared were "
                lines.append(
                    verdict + "\(counted(verification.rows, "row")), \(counted(head.size, "log entry", "log entries"))")
                lines.append("head \(head.size):\(head.root.hexadecimal)")
                return lines.joined(separator: "\n")
            }()
        ) { json in
            json.member("intact", verification.isIntact)
            json.member("rows", verification.rows)
            json.member("size", head.size)
            json.member("root", head.root.hexadecimal)
            json.member("problems", verification.problems)
            json.member("omitted", verification.omitted)
        }
        return verification.isIntact
    }

    // `SIZE:ROOT`, or a signed head in a file.
    private func earlierHead(_ text: String) throws -> LogHead {
        let parts = text.split(separator: ":")
        if parts.count == 2, let size = Int(parts[0]), let root = Digest256(hexadecimal: String(parts[1])) {
            return LogHead(size: size, root: root)
        }
        guard FileManager.default.fileExists(atPath: text) else {
            throw ScanError(
                .usage, "--earlier \(visible(text, limit: 100)) is neither SIZE:ROOT nor a file with a signed head",
                mend: "write what undertone lineage log --head printed")
        }
        guard let key = key.first else {
            throw ScanError(.usage, "a signed head needs the public key of who signed it", mend: "name it with --key")
        }
        let checkpoint = try Checkpoint(
            note: try BoundedFile.read(text, limit: Checkpoint.maxBytes), signedBy: try KeyFiles.verifyingKey(key))
        return LogHead(size: checkpoint.size, root: checkpoint.root)
    }

    private func verify(attestation path: String) throws -> Bool {
        guard !key.isEmpty else {
            throw ScanError(
                .usage, "a statement is checked by the public key of who signed it", mend: "name the key with --key")
        }
        let keys = try key.map { try KeyFiles.verifyingKey($0) }
        let digest = try file.map { try contentDigest(of: $0).digest }
        let check = Attestation.check(
            try BoundedFile.read(path, limit: Envelope.maxBytes), signedBy: keys, fileDigest: digest)
        try options.print(
            check.clauses.map { clause in
                "\(clause.passed.map { $0 ? "pass" : "fail" } ?? "  – ")  \(clause.name): \(clause.reason)"
            }.joined(separator: "\n")
        ) { json in
            json.member("valid", check.isValid)
            json.member("signers", check.signers.map(\.id))
            json.array("clauses") { json in
                for clause in check.clauses {
                    json.object(inline: true) { json in
                        json.member("name", clause.name)
                        if let passed = clause.passed { json.member("passed", passed) }
                        json.member("reason", clause.reason)
                    }
                }
            }
        }
        return check.isValid
    }
}
