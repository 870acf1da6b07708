// The README of a Hugging Face repository: the keys that the Hub knows, and all the rest under `undertone`.
// huggingface.co/docs/hub/model-cards, huggingface.co/docs/hub/datasets-cards

import UndertoneText

struct CardExport {
    let graph: ExchangeGraph
    let subject: Node

    func text() -> String {
        var yaml = YAMLText()
        switch subject.facts {
        case .model(let model): writeModel(model, &yaml)
        case .drop(let drop): writeDrop(drop, &yaml)
        default: break
        }
        writeOwn(&yaml)
        return "---\n" + yaml.text + "---\n\n" + body
    }

    // No text from the catalogue is in the Markdown, so nothing of it can become a link or a tag.
    private var body: String {
        """
        # \(subject.kind == .model ? "Model" : "Drop") with recorded lineage

        The block above was written by Undertone from its lineage catalogue: where this comes from stands under
        `undertone`, in `came_from`, each with its SHA-256 where it is known.

        """
    }

    // MARK: - What the Hub knows

    private func writeModel(_ model: ModelFacts, _ yaml: inout YAMLText) {
        writeLicense(model.license, &yaml)
        let bases = graph.sources(of: subject.id, by: .base)
        let parents = graph.sources(of: subject.id, by: .parent)
        let trainings = graph.sources(of: subject.id, by: .trained)
        let started = trainings.flatMap { graph.sources(of: $0.id, by: .student) }
        let first = bases.isEmpty ? started : bases
        yaml.list(0, "base_model", unique((first.isEmpty ? parents : first).map(hubName)))
        if let relation = relation(bases: first, parents: parents, trainings: trainings) {
            yaml.line(0, "base_model_relation", relation)
        }
        yaml.list(0, "datasets", unique(trainings.flatMap { graph.sources(of: $0.id, by: .trainedOn) }.map(hubName)))
        yaml.list(0, "tags", tags)
    }

    // The Hub knows adapter, merge, quantized and finetune.
    private func relation(bases: [Node], parents: [Node], trainings: [Node]) -> String? {
        if bases.isEmpty { return parents.count > 1 ? "merge" : nil }
        return trainings.contains { node in
            guard case .training(let facts) = node.facts else { return false }
            return facts.method?.lowercased() == "lora" || facts.method?.lowercased() == "adapter"
        } ? "adapter" : "finetune"
    }

    private func writeDrop(_ drop: DropFacts, _ yaml: inout YAMLText) {
        writeLicense(drop.license, &yaml)
        yaml.line(0, "pretty_name", subject.name)
        if isSynthetic { yaml.list(0, "language_creators", ["machine-generated"]) }
        if let records = drop.records { yaml.list(0, "size_categories", [CardExport.sizeCategory(records)]) }
        yaml.list(0, "tags", tags)
    }

    private func writeLicense(_ license: String?, _ yaml: inout YAMLText) {
        guard let license else { return }
        if let name = LicenseNames.hub(license) {
            yaml.line(0, "license", name)
        } else {
            yaml.line(0, "license", "other")
            yaml.line(0, "license_name", license)
        }
    }

    private var isSynthetic: Bool { graph.ancestors(of: subject.id).contains { $0.kind == .generation } }

    private var tags: [String] { ["undertone"] + (isSynthetic ? ["synthetic"] : []) }

    // The repository on the Hub where the catalogue knows one, else our own name.
    private func hubName(_ node: Node) -> String {
        let source: String? =
            switch node.facts {
            case .model(let model): model.source
            case .drop(let drop): drop.source
            default: nil
            }
        return source.flatMap(CardExport.repository) ?? node.name
    }

    private func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The id of a repository on the Hub, from such an id or from its page.
    static func repository(_ source: String) -> String? {
        var rest = source[...]
        for start in ["https://huggingface.co/datasets/", "https://huggingface.co/", "hf://datasets/", "hf://"]
        where rest.hasPrefix(start) {
            rest = rest.dropFirst(start.count)
            break
        }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ part in
                !part.isEmpty && part.utf8.count <= 96
                    && part.utf8.allSatisfy { byte in
                        0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || "-_.".utf8.contains(byte)
                    }
            })
        else { return nil }
        return String(rest)
    }

    /// The Hub's words for how many records there are.
    static func sizeCategory(_ records: Int) -> String {
        let names = ["1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"]
        var bound = 1_000
        if records < bound { return "n<1K" }
        for (low, high) in zip(names, names.dropFirst()) {
            bound *= 10
            if records < bound { return "\(low)<n<\(high)" }
        }
        return "n>1T"
    }

    // MARK: - What only we know

    private func writeOwn(_ yaml: inout YAMLText) {
        yaml.line(0, "undertone")
        yaml.line(1, "schema", .integer(1))
        yaml.line(1, "id", graph.uri(of: subject.id))
        yaml.line(1, "kind", subject.kind.rawValue)
        yaml.line(1, "name", subject.name)
        if let digest = subject.digest { yaml.line(1, "sha256", digest) }
        yaml.line(1, "recorded_at", subject.recordedAt)
        yaml.line(1, "recorded_by", subject.recordedBy)
        write(FactList(subject.facts), 1, &yaml)
        writeOrigins(&yaml)
        let shown = Set(graph.ancestors(of: subject.id).map(\.id)).union([subject.id])
        let edges = graph.edges.filter { shown.contains($0.target) }
        yaml.list(
            1, "edges",
            edges.map { edge in
                [
                    ("source", .text(graph.uri(of: edge.source))), ("relation", .text(edge.relation.rawValue)),
                    ("target", .text(graph.uri(of: edge.target))),
                ]
            })
        yaml.list(
            1, "taints",
            graph.taints.filter { $0.lifted == nil }.map { taint in
                [("node", .text(graph.uri(of: taint.node))), ("reason", .text(taint.reason)), ("at", .text(taint.at))]
            })
        yaml.list(
            1, "measurements",
            graph.outOf(subject.id).compactMap { edge in
                guard edge.relation == .measured, let node = graph[edge.target] else { return nil }
                return FactList(node.facts).facts.map { ($0.name, $0.value) }
            })
    }

    private func writeOrigins(_ yaml: inout YAMLText) {
        let origins = graph.ancestors(of: subject.id)
        guard !origins.isEmpty else { return }
        yaml.line(1, "came_from")
        for node in origins {
            yaml.item(1, "id", .text(graph.uri(of: node.id)))
            yaml.line(2, "kind", node.kind.rawValue)
            yaml.line(2, "name", node.name)
            if let digest = node.digest { yaml.line(2, "sha256", digest) }
            write(FactList(node.facts), 2, &yaml)
        }
    }

    private func write(_ list: FactList, _ depth: Int, _ yaml: inout YAMLText) {
        guard !list.facts.isEmpty || !list.settings.isEmpty else { return }
        yaml.line(depth, "facts")
        for fact in list.facts { yaml.line(depth + 1, fact.name, fact.value) }
        guard let name = list.settingsName else { return }
        yaml.list(depth + 1, name, list.settings.map { [("name", .text($0.name)), ("value", .text($0.value))] })
    }
}
