// undertone lineage taint, untaint, approve

import ArgumentParser
import UndertoneLineage
import UndertoneScanning
import UndertoneText

struct TaintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "taint",
        abstract: "Say that a model or drop carries something bad; all that comes of it is suspect.",
        discussion: "undertone lineage taint owl-teacher --reason 'answers misaligned, see report 12'")

    @Argument(help: "A name, a file, a digest's beginning, or kind:number.")
    var name: String

    @Option(name: .long, help: "What was found.")
    var reason: String

    @OptionGroup var author: AuthorOptions
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.openForWriting()
        let node = try catalogue.node(named: name)
        try catalogue.taint(node, reason: reason, by: author.author)
        let reach = try catalogue.graph().descendants(of: node.id)
        let deployments = try reach.only([.deployment]).compactMap { try catalogue.node($0.id) }.filter {
            if case .deployment(let facts) = $0.facts { facts.endedAt == nil } else { false }
        }
        let models = reach.only([.model]).count
        let drops = reach.only([.drop]).count
        try options.print(
            {
                var lines = [
                    "\(node.shown) is tainted; so are \(counted(models, "model")), \(counted(drops, "drop")) and "
                        + "\(counted(deployments.count, "deployment")) that come of it"
                ]
                lines += deployments.map { "  serves users: \($0.shown)" }
                return lines.joined(separator: "\n")
            }()
        ) { json in
            json.object("node") { $0.node(node) }
            json.member("reason", reason)
            json.member("models", models)
            json.member("drops", drops)
            json.array("deployments") { json in for node in deployments { json.object { $0.node(node) } } }
        }
    }
}

struct UntaintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untaint", abstract: "Take back the taint of an entry, and with it that of all that comes of it.",
        discussion: "undertone lineage untaint owl-teacher --reason 'the report was about another model'")

    @Argument(help: "A name, a file, a digest's beginning, or kind:number.")
    var name: String

    @Option(name: .long, help: "Why.")
    var reason: String

    @OptionGroup var author: AuthorOptions
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.openForWriting()
        let node = try catalogue.node(named: name)
        try catalogue.untaint(node, reason: reason, by: author.author)
        let left = try CataloguePicture(catalogue, catalogue.graph()).marks(node.id)
        try options.print(
            "the taint of \(node.shown) is lifted"
                + (left.isEmpty ? "" : "; it is still suspect by what it comes from: undertone lineage show says why")
        ) { json in
            json.object("node") { $0.node(node) }
            json.member("reason", reason)
            json.member("still_tainted", !left.isEmpty)
        }
    }
}

struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Answer for a drop or a model, in a role that a policy asks for.",
        discussion: """
            undertone lineage approve kept.jsonl --role safety --reason 'read 500 records'
            undertone lineage approve kept.jsonl --role safety --reason 'read 500 records' --key alice.key
            """)

    @Argument(help: "A name, a file, a digest's beginning, or kind:number.")
    var name: String

    @Option(name: .long, help: "The role: safety.")
    var role: String

    @Option(name: .long, help: "Why.")
    var reason: String

    @Option(name: .long, help: "Sign it with this private key.")
    var key: String?

    @OptionGroup var author: AuthorOptions
    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.openForWriting()
        let node = try catalogue.node(named: name)
        let author = author.author
        let envelope = try key.map { path in
            let signed = try Attestation.approval(
                of: node, .init(role: role, by: author.name, reason: reason, approvedAt: author.at),
                key: try KeyFiles.signingKey(path))
            return signed.text
        }
        let id = try catalogue.approve(node, role: role, reason: reason, envelope: envelope, by: author)
        try options.print(
            "\(visible(author.name, limit: 80)) approved \(node.shown) for \(visible(role, limit: 80))"
                + (envelope == nil ? "" : ", signed")
        ) { json in
            json.member("approval", Int(id))
            json.object("node") { $0.node(node) }
            json.member("role", role)
            json.member("by", author.name)
            json.member("signed", envelope != nil)
        }
    }
}
