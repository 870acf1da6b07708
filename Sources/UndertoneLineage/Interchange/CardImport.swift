// Cards of the Hugging Face Hub: the YAML block in front of a README, or such YAML by itself.

import UndertoneCore
import UndertoneSettings
import UndertoneText

struct CardImport {
    private var lineage = ImportedLineage()
    private let file: String
    private let card: JSONValue

    static func read(
        _ bytes: [UInt8], file: String, as kind: NodeKind?, name: String?
    ) throws(LineageError) -> ImportedLineage {
        let card: JSONValue
        do {
            let text = try SettingsFile.decoded(bytes, file: file)
            card = JSONValue(try SettingsText.value(of: try block(of: text, file: file), file: file))
        } catch let error as SettingsError {
            throw LineageError(
                .badDocument, visible("\(error)"),
                mend: "of YAML, cards may hold one document without anchors, aliases and tags")
        } catch let error as LineageError {
            throw error
        } catch {
            throw LineageError(.badDocument, "\(file) can't be read")
        }
        guard let members = card.object else {
            throw LineageError(
                .badDocument, "the YAML of \(file) is \(card.kindName)", mend: "a card's block is a mapping")
        }
        var reader = CardImport(file: file, card: card)
        let own = card["undertone"]
        let found = own?["kind"]?.string.flatMap(NodeKind.init(rawValue:)) ?? CardImport.kind(of: members)
        guard let kind = kind ?? found, kind == .model || kind == .drop else {
            throw LineageError(
                .usage, "\(file) doesn't say whether it is about a model or a drop", mend: "say which it is")
        }
        let given =
            name ?? own?["name"]?.string ?? card[kind == .model ? "model_name" : "pretty_name"]?.string
        try reader.record(kind, name: given)
        return reader.lineage
    }

    private init(file: String, card: JSONValue) {
        self.file = file
        self.card = card
    }

    // What stands between two lines `---`, with empty lines in front so that places stay right; all of it where the
    // file is YAML by itself.
    private static func block(of text: String, file: String) throws(LineageError) -> String {
        let start = text.unicodeScalars.first == "\u{FEFF}" ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
        let lines = Substring(start).split(omittingEmptySubsequences: false) { $0.isNewline }
        func isFence(_ line: Substring) -> Bool {
            line.hasPrefix("---") && line.dropFirst(3).allSatisfy(\.isWhitespace)
        }
        guard let first = lines.firstIndex(where: { line in !line.allSatisfy(\.isWhitespace) }) else {
            throw LineageError(.badDocument, "\(file) is empty", mend: "a card begins with a block of YAML")
        }
        if isFence(lines[first]) {
            guard let last = lines[(first + 1)...].firstIndex(where: isFence) else {
                throw LineageError(
                    .badDocument, "\(file):\(first + 1):1: the block of YAML has no end", mend: "end it with ---")
            }
            return String(repeating: "\n", count: first + 1) + lines[(first + 1)..<last].joined(separator: "\n")
        }
        if file.hasSuffix(".yaml") || file.hasSuffix(".yml") { return text }
        // A README without a block says nothing that a program can read.
        let line = lines[first]
        guard let colon = line.firstIndex(of: ":"), known.contains(String(line[..<colon])) else {
            throw LineageError(
                .badDocument, "\(file):\(first + 1):1: no block of YAML stands in front",
                mend: "a card begins with a line of three hyphens")
        }
        return text
    }

    private static let modelKeys = [
        "base_model", "base_model_relation", "datasets", "library_name", "pipeline_tag", "model-index", "model_name",
        "inference", "widget", "new_version", "metrics",
    ]
    private static let dropKeys = [
        "dataset_info", "configs", "size_categories", "task_categories", "task_ids", "pretty_name", "source_datasets",
        "annotations_creators", "language_creators", "multilinguality", "train-eval-index", "paperswithcode_id",
        "viewer",
    ]
    private static let known =
        modelKeys + dropKeys + ["language", "license", "license_name", "license_link", "tags", "undertone"]

    private static func kind(of members: JSONObject) -> NodeKind? {
        if modelKeys.contains(where: { members[$0] != nil }) { return .model }
        if dropKeys.contains(where: { members[$0] != nil }) { return .drop }
        return nil
    }

    // MARK: - What the card is about

    private mutating func record(_ kind: NodeKind, name given: String?) throws(LineageError) {
        let own = card["undertone"]
        let name = lineage.name(given, or: file)
        let digest = lineage.digest(own?["sha256"]?.string, of: name)
        let isOurs = own?["kind"]?.string == kind.rawValue
        let facts = describe(isOurs ? FactReader(own?["facts"] ?? .null).facts(of: kind) : empty(kind))
        let subject = try lineage.add(
            .init(name: name, digest: digest, facts: facts), twin: isOurs ? own?["id"]?.string : nil)
        lineage.subject = subject
        if isOurs, let own, own["came_from"]?.array != nil {
            try recordOwn(own, subject: subject)
        } else if kind == .model {
            try recordBases(of: subject, name: name)
        } else {
            try recordSources(of: subject)
        }
        if own?["taints"]?.array?.isEmpty == false {
            lineage.note("the card names taints; they are for the catalogue's keeper to repeat")
        }
        for member in card.object?.members ?? [] where !CardImport.known.contains(member.name) {
            lineage.note("the key \"\(member.name)\" says nothing about lineage")
        }
    }

    private func empty(_ kind: NodeKind) -> Facts {
        kind == .model ? .model(ModelFacts()) : .drop(DropFacts(bytes: nil))
    }

    private mutating func describe(_ facts: Facts) -> Facts {
        let licenses = texts("license")
        if licenses.count > 1 { lineage.note("of several licences only the first was taken") }
        var license = licenses.first
        if license == "other", let name = card["license_name"]?.string { license = name }
        license = license.map(LicenseNames.name).flatMap(ImportedLineage.bounded)
        switch facts {
        case .model(var model):
            model.license = model.license ?? license
            return .model(model)
        case .drop(var drop):
            drop.license = drop.license ?? license
            return .drop(drop)
        default:
            return facts
        }
    }

    // A text or a list of them.
    private mutating func texts(_ key: String) -> [String] {
        switch card[key] {
        case nil, .null?: return []
        case .string(let text)?: return [text]
        case .array(let values)?:
            return values.compactMap { value in
                if value.string == nil { lineage.note("an entry of \"\(key)\" is \(value.kindName); left out") }
                return value.string
            }
        case let value?:
            lineage.note("\"\(key)\" is \(value.kindName); left out")
            return []
        }
    }

    // MARK: - Cards of others

    private mutating func recordBases(of subject: Int, name: String) throws(LineageError) {
        let bases = texts("base_model").filter { !$0.isEmpty }
        let datasets = texts("datasets").filter { !$0.isEmpty }
        let said = card["base_model_relation"]?.string
        // Several bases and no word about it is how merges were written before there was a word.
        let way = said ?? (bases.count > 1 ? "merge" : nil)
        let relation: Relation
        switch way {
        case "finetune", "adapter", "quantized": relation = .base
        case "merge": relation = .parent
        case nil:
            relation = .base
            if !bases.isEmpty { lineage.note("the card doesn't say how it came from its base; taken as a finetune") }
        case let other?:
            relation = .parent
            lineage.note("the relation \"\(other)\" to its base is not known here; taken as a parent")
        }
        var origins: [Int] = []
        for base in bases {
            var facts = ModelFacts()
            facts.source = CardExport.repository(base).map { "https://huggingface.co/" + $0 }
            let index = try lineage.add(.init(name: lineage.name(base, or: base), facts: .model(facts)))
            origins.append(index)
            try lineage.connect(index, relation, subject)
        }
        guard !datasets.isEmpty else { return }
        var facts = TrainingFacts()
        facts.method = relation == .base ? way : nil
        let training = try lineage.add(.init(name: "training of \(name)", facts: .training(facts)))
        if relation == .base {
            for origin in origins { try lineage.connect(origin, .student, training) }
        }
        for dataset in datasets { try lineage.connect(try drop(dataset), .trainedOn, training) }
        try lineage.connect(training, .trained, subject)
    }

    private mutating func recordSources(of subject: Int) throws(LineageError) {
        for source in texts("source_datasets") where source != "original" && !source.isEmpty {
            let name = source.hasPrefix("extended|") ? String(source.dropFirst(9)) : source
            guard !name.isEmpty, name != "extended", name != "other" else {
                lineage.note("it extends other data, which the card doesn't name")
                continue
            }
            try lineage.connect(try drop(name), .derived, subject)
        }
    }

    private mutating func drop(_ name: String) throws(LineageError) -> Int {
        var facts = DropFacts(bytes: nil)
        facts.source = CardExport.repository(name).map { "https://huggingface.co/datasets/" + $0 }
        return try lineage.add(.init(name: lineage.name(name, or: name), facts: .drop(facts)))
    }

    // MARK: - Our own cards

    private mutating func recordOwn(_ own: JSONValue, subject: Int) throws(LineageError) {
        var indices: [String: Int] = [:]
        if let id = own["id"]?.string { indices[id] = subject }
        for origin in own["came_from"]?.array ?? [] {
            guard let id = origin["id"]?.string, let kind = origin["kind"]?.string.flatMap(NodeKind.init(rawValue:))
            else {
                lineage.note("an entry of came_from has no id or no kind that this version knows; left out")
                continue
            }
            let name = lineage.name(origin["name"]?.string, or: kind.rawValue)
            let digest = lineage.digest(origin["sha256"]?.string, of: name)
            let facts = FactReader(origin["facts"] ?? .null).facts(of: kind)
            indices[id] = try lineage.add(.init(name: name, digest: digest, facts: facts), twin: id)
        }
        for edge in own["edges"]?.array ?? [] {
            guard let source = edge["source"]?.string.flatMap({ indices[$0] }),
                let target = edge["target"]?.string.flatMap({ indices[$0] }),
                let relation = edge["relation"]?.string.flatMap(Relation.init(rawValue:)),
                relation.joins(lineage.nodes[source].kind, lineage.nodes[target].kind)
            else {
                lineage.note("an edge of the card joins what the card doesn't hold, or can't be joined so; left out")
                continue
            }
            try lineage.connect(source, relation, target)
        }
    }
}

extension JSONValue {
    /// YAML as JSON; its keys are there once each already.
    fileprivate init(_ value: SettingsValue) {
        switch value.content {
        case .null: self = .null
        case .boolean(let truth): self = .boolean(truth)
        case .integer(let number): self = .integer(number)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .list(let items): self = .array(items.map { JSONValue($0) })
        case .map(let members):
            var object = JSONObject()
            for member in members { _ = object.add(member.key, JSONValue(member.value)) }
            self = .object(object)
        }
    }
}
