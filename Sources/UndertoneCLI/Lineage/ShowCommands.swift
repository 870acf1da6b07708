// undertone lineage show, ancestors, descendants, path, common, diff

import ArgumentParser
import UndertoneLineage
import UndertoneReporting
import UndertoneScanning
import UndertoneText

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an entry, or what the catalogue holds; or why a record was rejected.",
        discussion: """
            undertone lineage show
            undertone lineage show owl-teacher
            undertone lineage show drop.jsonl --line 4711
            """)

    @Argument(help: "A name, a file, a digest's beginning, or kind:number.")
    var name: String?

    @Option(name: .long, help: "What every scan of this drop decided about this line.")
    var line: Int?

    @Flag(name: .long, help: "With --line: also the SHA-256 of the record, for which the file is read.")
    var digest = false

    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.open()
        guard let name else {
            guard line == nil else { throw ScanError(.usage, "--line needs a drop", mend: "name the file") }
            return try showAll(catalogue)
        }
        if let line { return try show(line: line, of: try catalogue.node(named: name, kind: .drop), catalogue) }
        let node = try catalogue.node(named: name)
        let page = try CataloguePicture(catalogue, catalogue.graph()).page(node, catalogue)
        let style = TextStyle(color: Terminal.hasColor, width: Terminal.width)
        try Terminal.print(options.isJSON ? page.json : page.text(style))
    }

    private func showAll(_ catalogue: Catalogue) throws {
        let counts = try catalogue.counts()
        let head = try catalogue.logHead()
        let latest = try [NodeKind.model, .drop, .deployment].flatMap { try catalogue.nodes($0, latest: 20) }
        try options.print(
            {
                var lines = counts.map { $0.kind.counted($0.count) }
                if lines.isEmpty { lines = ["nothing is recorded yet; undertone lineage add begins"] }
                lines += ["", "log: \(counted(head.size, "entry", "entries")), root \(head.root.hexadecimal)", ""]
                lines += latest.map { "  \($0.shown)  \(visible($0.facts.summary, limit: 100))" }
                return lines.joined(separator: "\n")
            }()
        ) { json in
            json.object("counts") { json in
                for count in counts { json.member(count.kind.rawValue, count.count) }
            }
            json.object("log") { json in
                json.member("size", head.size)
                json.member("root", head.root.hexadecimal)
            }
            json.array("latest") { json in for node in latest { json.object { $0.node(node) } } }
        }
    }

    private func show(line: Int, of drop: Node, _ catalogue: Catalogue) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let decisions = try catalogue.decisions(of: drop.id, line: line)
        let seconds = start.duration(to: clock.now) / .seconds(1)
        let digest = try self.digest ? digestOfRecord(line, drop, catalogue) : nil
        try options.print(
            {
                var lines = ["\(drop.shown), line \(grouped(line))"]
                if let digest { lines.append("sha256 of the record: \(digest)") }
                if decisions.isEmpty { lines.append("no scan of this drop has kept its verdicts") }
                for decision in decisions {
                    lines += [
                        "", "\(decision.outcome.rawValue) by \(decision.scan.reference), \(decision.scan.recordedAt)",
                    ]
                    for reason in decision.reasons {
                        let version = reason.digest.isEmpty ? "" : ", version \(reason.digest.prefix(12))"
                        lines.append(
                            "  \(visible(reason.rule, limit: 120)): \(visible(reason.reason, limit: 80)) "
                                + "(\(reason.action)\(version))")
                    }
                    lines += decision.packs.map {
                        "  rule pack \(visible($0.name, limit: 120)) (\($0.reference), \(($0.digest ?? "").prefix(12)))"
                    }
                }
                return lines.joined(separator: "\n")
            }()
        ) { json in
            json.object("drop") { $0.node(drop) }
            json.member("line", line)
            json.member("record_sha256", digest)
            json.member("seconds", seconds)
            json.array("decisions") { json in
                for decision in decisions {
                    json.object { json in
                        json.object("scan") { $0.node(decision.scan) }
                        json.member("outcome", decision.outcome.rawValue)
                        json.array("reasons") { json in
                            for reason in decision.reasons {
                                json.object(inline: true) { json in
                                    json.member("rule", reason.rule)
                                    json.member("rule_sha256", reason.digest)
                                    json.member("action", reason.action)
                                    json.member("reason", reason.reason)
                                }
                            }
                        }
                        json.array("packs") { json in for pack in decision.packs { json.object { $0.node(pack) } } }
                    }
                }
            }
        }
    }

    // Of a file that still holds what the catalogue says.
    private func digestOfRecord(_ line: Int, _ drop: Node, _ catalogue: Catalogue) throws -> String {
        guard case .drop(let facts) = drop.facts else { throw ScanError(.usage, "\(drop.shown) is no drop") }
        for location in try catalogue.locations(of: [drop.id]) {
            let path = catalogue.filePath(location.path)
            guard let found = try? contentDigest(of: path, isRecorded: true), found.digest == drop.digest else {
                continue
            }
            if let digest = try recordDigest(in: path, as: facts, line: line) { return digest }
            throw ScanError(.usage, "\(drop.shown) has no record on line \(line)")
        }
        throw ScanError(
            .input, "no file that was recorded still holds \(drop.shown)", mend: "undertone lineage verify says why")
    }
}

/// What `ancestors` and `descendants` share.
struct ReachOptions: ParsableArguments {
    @Argument(help: "A name, a file, a digest's beginning, or kind:number.")
    var name: String

    @Option(name: .long, help: "Only entries of this kind: model, drop, … Repeatable.")
    var kind: [String] = []

    @Flag(name: .long, help: "Only how many there are of each kind.")
    var count = false

    @OptionGroup var options: CatalogueOptions

    private static let treeLimit = 2000

    func run(_ direction: TreeDirection) throws {
        let kinds = try self.kind.map { text in
            guard let kind = NodeKind(rawValue: text) else {
                throw ScanError(
                    .usage, "--kind \(visible(text)) is no kind of entry",
                    mend: "known are " + NodeKind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return kind
        }
        let catalogue = try options.open()
        let node = try catalogue.node(named: name)
        let clock = ContinuousClock()
        let start = clock.now
        let graph = try catalogue.graph()
        let loaded = clock.now
        var reach = direction == .ancestors ? graph.ancestors(of: node.id) : graph.descendants(of: node.id)
        if !kinds.isEmpty { reach = reach.only(Set(kinds)) }
        let walked = clock.now
        var counts: [NodeKind: Int] = [:]
        for element in reach { counts[element.kind, default: 0] += 1 }
        if options.isJSON {
            return try options.print("") { json in
                json.object("of") { $0.node(node) }
                json.member("direction", direction.rawValue)
                json.member("count", reach.count)
                json.object("counts") { json in
                    for kind in NodeKind.allCases { if let count = counts[kind] { json.member(kind.rawValue, count) } }
                }
                json.object("seconds") { json in
                    json.member("load", start.duration(to: loaded) / .seconds(1))
                    json.member("walk", loaded.duration(to: walked) / .seconds(1))
                }
                guard !count else { return }
                json.array("nodes") { json in
                    for element in reach {
                        guard let other = try? catalogue.node(element.id) else { continue }
                        json.object(inline: true) { json in
                            json.node(other)
                            json.member("distance", element.distance)
                        }
                    }
                }
            }
        }
        let summary = NodeKind.allCases.compactMap { kind in counts[kind].map(kind.counted) }
        let headline =
            "\(counted(reach.count, String(direction.rawValue.dropLast()))) of \(node.shown)"
            + (summary.isEmpty ? "" : ": " + summary.joined(separator: ", "))
        guard !count, reach.count > 0 else { return try Terminal.print(headline) }
        guard reach.count <= ReachOptions.treeLimit else {
            return try Terminal.print(
                headline + "\nmore than a page can hold: --kind and --count make it less, --report json lists all")
        }
        let shown = try catalogue.snapshot(of: reach.map(\.id) + [node.id])
        let style = TextStyle(color: Terminal.hasColor, width: Terminal.width)
        let pictures = try CataloguePicture(catalogue, graph)
        if !kinds.isEmpty {
            // The way between them may lead over others, so they are a list and no tree.
            let lines = shown.nodes.filter { $0.id != node.id }.map { other in
                let taint = pictures.marks(other.id).isEmpty ? "" : "  tainted"
                return "  \(other.shown)  \(visible(other.facts.summary, limit: 100))\(taint)"
            }
            return try Terminal.print(([headline] + lines).joined(separator: "\n"))
        }
        let picture = pictures.picture("", shown, focus: node.id)
        try Terminal.print(headline + "\n\n" + picture.tree(direction, style: style))
    }
}

struct AncestorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ancestors", abstract: "All that an entry came from.",
        discussion: "undertone lineage ancestors student\nundertone lineage ancestors student --kind model")

    @OptionGroup var reach: ReachOptions

    func run() throws { try reach.run(.ancestors) }
}

struct DescendantsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descendants", abstract: "All that came of an entry.",
        discussion: "undertone lineage descendants owl-teacher --kind drop --kind model")

    @OptionGroup var reach: ReachOptions

    func run() throws { try reach.run(.descendants) }
}

struct PathCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path", abstract: "How one entry came of another: a shortest way between them.",
        discussion: "undertone lineage path owl-teacher student")

    @Argument(help: "One entry.")
    var first: String

    @Argument(help: "The other one.")
    var second: String

    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.open()
        let first = try catalogue.node(named: first)
        let second = try catalogue.node(named: second)
        let graph = try catalogue.graph()
        let path = graph.path(from: first.id, to: second.id) ?? graph.path(from: second.id, to: first.id)
        let nodes = try (path?.nodes ?? []).compactMap { try catalogue.node($0) }
        try options.print(
            {
                guard let path else {
                    return "neither of \(first.shown) and \(second.shown) came of the other; "
                        + "undertone lineage common says what they share"
                }
                return nodes.enumerated().map { index, node in
                    (index == 0 ? "" : "  ─ \(path.relations[index - 1].rawValue) → ") + node.shown
                }.joined(separator: "\n")
            }()
        ) { json in
            json.member("found", path != nil)
            json.array("nodes") { json in for node in nodes { json.object { $0.node(node) } } }
            json.member("relations", (path?.relations ?? []).map(\.rawValue))
        }
        if path == nil { throw ExitCode(1) }
    }
}

struct CommonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "common", abstract: "The bases that two models share, and the nearest models they both come from.",
        discussion: "undertone lineage common student other-student")

    @Argument(help: "One model.")
    var first: String

    @Argument(help: "The other one.")
    var second: String

    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.open()
        let first = try catalogue.node(named: first, kind: .model)
        let second = try catalogue.node(named: second, kind: .model)
        let kinship = try catalogue.graph().commonBases(of: first.id, and: second.id) { id in
            if case .model(let facts)? = (try? catalogue.node(id))?.facts { facts.isBase } else { false }
        }
        let bases = try kinship.bases.compactMap { try catalogue.node($0) }
        let nearest = try kinship.nearest.compactMap { try catalogue.node($0) }
        try options.print(
            {
                guard !bases.isEmpty else {
                    return "\(first.shown) and \(second.shown) share no base that was recorded; "
                        + "undertone lineage same-base looks at their weights"
                }
                return "common base: " + bases.map(\.shown).joined(separator: ", ")
                    + "\nnearest common model: " + nearest.map(\.shown).joined(separator: ", ")
            }()
        ) { json in
            json.array("bases") { json in for node in bases { json.object { $0.node(node) } } }
            json.array("nearest") { json in for node in nearest { json.object { $0.node(node) } } }
        }
    }
}

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "In what two entries differ, and what only one of them comes from.",
        discussion: "undertone lineage diff drop.jsonl control.jsonl")

    @Argument(help: "One entry.")
    var first: String

    @Argument(help: "The other one.")
    var second: String

    @OptionGroup var options: CatalogueOptions

    func run() throws {
        let catalogue = try options.open()
        let first = try catalogue.node(named: first)
        let second = try catalogue.node(named: second)
        let graph = try catalogue.graph()
        let pictures = try CataloguePicture(catalogue, graph)
        let left = try pictures.page(first, catalogue)
        let right = try pictures.page(second, catalogue)
        var names: [String] = []
        for fact in left.facts + right.facts where !names.contains(fact.name) { names.append(fact.name) }
        func value(_ page: NodePage, _ name: String) -> String? { page.facts.first { $0.name == name }?.value }
        let facts = [("sha256", left.digest, right.digest)] + names.map { ($0, value(left, $0), value(right, $0)) }
        let differing = facts.filter { $0.1 != $0.2 }
        let above = (Set(graph.ancestors(of: first.id).map(\.id)), Set(graph.ancestors(of: second.id).map(\.id)))
        let onlyLeft = try above.0.subtracting(above.1).sorted().compactMap { try catalogue.node($0) }
        let onlyRight = try above.1.subtracting(above.0).sorted().compactMap { try catalogue.node($0) }
        try options.print(
            {
                var lines = ["− \(first.shown)", "+ \(second.shown)", ""]
                if differing.isEmpty { lines.append("what is known of both is the same") }
                for (name, left, right) in differing {
                    lines.append(visible(name, limit: 80))
                    lines.append("  − " + (left.map { visible($0, limit: 200) } ?? "not known"))
                    lines.append("  + " + (right.map { visible($0, limit: 200) } ?? "not known"))
                }
                for (sign, nodes) in [("−", onlyLeft), ("+", onlyRight)] where !nodes.isEmpty {
                    lines += ["", "only \(sign) comes from"] + nodes.map { "  \(sign) \($0.shown)" }
                }
                return lines.joined(separator: "\n")
            }()
        ) { json in
            json.object("first") { $0.node(first) }
            json.object("second") { $0.node(second) }
            json.array("facts") { json in
                for (name, left, right) in differing {
                    json.object(inline: true) { json in
                        json.member("name", name)
                        json.member("first", left)
                        json.member("second", right)
                    }
                }
            }
            json.array("only_first_comes_from") { json in for node in onlyLeft { json.object { $0.node(node) } } }
            json.array("only_second_comes_from") { json in for node in onlyRight { json.object { $0.node(node) } } }
        }
    }
}

extension NodeKind {
    /// `1 drop`, `2 drops`.
    fileprivate func counted(_ number: Int) -> String {
        self == .prompts
            ? UndertoneText.counted(number, "set of prompts", "sets of prompts")
            : UndertoneText.counted(number, rawValue)
    }
}
