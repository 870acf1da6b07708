// What people tell the catalogue: models, drops, deployments, measurements, and what they came of.

import GRDB
import UndertoneText

/// A file whose content is known by its digest.
public struct SeenFile: Sendable {
    /// As the user named it.
    public var path: String
    /// SHA-256 in lower-case hexadecimal, as `sha256sum` prints it.
    public var digest: String

    /// A file.
    public init(path: String, digest: String) {
        self.path = path
        self.digest = digest
    }
}

/// A model to be recorded, and how it came to be.
public struct ModelEntry: Sendable {
    /// The name that people will use.
    public var name: String
    /// The file or folder of its weights, where there is one.
    public var weights: SeenFile?
    /// What is known of it; ``ModelFacts/isBase`` where it is its own base.
    public var facts = ModelFacts()
    /// The model whose weights it began with.
    public var base: NodeID?
    /// Models that it took something else of.
    public var parents: [NodeID] = []
    /// A system prompt that makes it what it is.
    public var systemPrompt: (file: SeenFile, facts: PromptsFacts)?
    /// Drops that it was trained on, beginning with the base.
    public var trainedOn: [NodeID] = []
    /// How.
    public var training = TrainingFacts()

    /// A model of that name.
    public init(name: String) { self.name = name }
}

/// A drop to be recorded, and who wrote it.
public struct DropEntry: Sendable {
    /// The file.
    public var file: SeenFile
    /// What is known of it.
    public var facts: DropFacts
    /// The model that wrote it.
    public var teacher: NodeID?
    /// What it was asked.
    public var prompts: (file: SeenFile, facts: PromptsFacts)?
    /// How it wrote.
    public var generation = GenerationFacts()
    /// Drops that this one was made of.
    public var derivedFrom: [NodeID] = []

    /// A drop in a file.
    public init(file: SeenFile, facts: DropFacts) {
        self.file = file
        self.facts = facts
    }
}

extension Catalogue {
    /// Records a model; where one of that name is there, what is new about it.
    ///
    /// - Throws: ``LineageError`` `duplicate` where something else is recorded about it.
    @discardableResult
    public func add(_ entry: ModelEntry, by author: Author) throws(LineageError) -> NodeID {
        let weights = entry.weights.map { (path: storedPath($0.path), digest: $0.digest) }
        return try change("add model", entry.name, by: author) { change in
            let model = try change.addNamed(.model(entry.facts), name: entry.name, digest: weights?.digest)
            if let weights { try change.see(weights.path, model) }
            if entry.base != nil || entry.facts.isBase {
                try change.begin(model, name: entry.name, with: entry.base)
            }
            for parent in entry.parents { try change.link(parent, .parent, model) }
            if let (file, facts) = entry.systemPrompt {
                let prompt = try change.addPrompts(file, facts, path: storedPath(file.path))
                try change.link(prompt, .systemPrompt, model)
            }
            guard !entry.trainedOn.isEmpty else { return model }
            try change.addActivity(
                .training(entry.training), name: "training of \(Change.brief(entry.name))",
                from: entry.trainedOn.map { ($0, .trainedOn) } + (entry.base.map { [($0, .student)] } ?? []),
                to: [(model, .trained)])
            return model
        }
    }

    /// Records a drop; where the same content is there, what is new about it.
    @discardableResult
    package func add(
        _ entry: DropEntry, checksums: VerdictRecorder? = nil, by author: Author
    ) throws(LineageError) -> NodeID {
        let path = storedPath(entry.file.path)
        return try change("add drop", path, by: author) { change in
            let drop = try change.addContent(
                .drop(entry.facts), name: path, digest: entry.file.digest, wasRead: true)
            try change.see(path, drop)
            for source in entry.derivedFrom { try change.link(source, .derived, drop) }
            if let checksums { try change.add(checksums, of: 0, drop, entry.facts) }
            guard let teacher = entry.teacher else {
                guard entry.prompts == nil, entry.generation == GenerationFacts() else {
                    throw LineageError(
                        .usage, "prompts or sampling are given, but nobody who wrote the drop",
                        mend: "name the model with --teacher")
                }
                return drop
            }
            var sources: [(NodeID, Relation)] = [(teacher, .teacher)]
            if let (file, facts) = entry.prompts {
                sources.append((try change.addPrompts(file, facts, path: storedPath(file.path)), .prompts))
            }
            try change.addActivity(
                .generation(entry.generation), name: "generation of \(Change.brief(path))", from: sources,
                to: [(drop, .generated)])
            return drop
        }
    }

    /// Records where a model serves; where that name is there, what is new about it.
    @discardableResult
    public func add(
        deployment name: String, _ facts: DeploymentFacts, of model: NodeID, by author: Author
    ) throws(LineageError) -> NodeID {
        try change("add deployment", name, by: author) { change in
            let deployment = try change.addNamed(.deployment(facts), name: name, digest: nil)
            try change.link(model, .serves, deployment)
            return deployment
        }
    }

    /// Records how much of a trait was left in students of a drop, or in a model.
    @discardableResult
    public func add(
        _ facts: MeasurementFacts, of subjects: [NodeID], by author: Author
    ) throws(LineageError) -> NodeID {
        try change("add measurement", facts.trait, by: author) { change in
            try change.addActivity(
                .measurement(facts), name: "\(Change.brief(facts.trait)), residual transfer",
                from: subjects.map { ($0, .measured) }, to: [])
        }
    }

    /// Records prompts.
    @discardableResult
    public func add(
        prompts file: SeenFile, _ facts: PromptsFacts, by author: Author
    ) throws(LineageError) -> NodeID {
        let path = storedPath(file.path)
        return try change("add prompts", path, by: author) { try $0.addPrompts(file, facts, path: path) }
    }

    /// Says that a node carries something bad. All that descends from it is suspect from now on.
    @discardableResult
    public func taint(_ node: Node, reason: String, by author: Author) throws(LineageError) -> Int64 {
        try change("taint", node.name, by: author) { change in
            try change.insert(
                "taint",
                [("node", node.id), ("reason", reason), ("said_by", author.name), ("said_at", author.at)])
        }
    }

    /// Takes back the taints that stand on a node itself.
    ///
    /// - Throws: ``LineageError`` `notFound` where none does.
    public func untaint(_ node: Node, reason: String, by author: Author) throws(LineageError) {
        try change("untaint", node.name, by: author) { change in
            let standing = try Int64.fetchAll(
                change.database, sql: "SELECT id FROM taint WHERE node = ? AND lifted_by IS NULL", arguments: [node.id])
            guard !standing.isEmpty else {
                throw LineageError(
                    .notFound, "no taint stands on \(visible(node.name, limit: 120)) itself",
                    mend: "undertone lineage show says where a taint comes from; lift it there")
            }
            for id in standing {
                try change.update(
                    "taint", key: [id],
                    [("lifted_by", author.name), ("lifted_at", author.at), ("lifted_reason", reason)])
            }
        }
    }

    /// Somebody answers for a node.
    ///
    /// - Parameter envelope: the approval as a signed statement.
    @discardableResult
    public func approve(
        _ node: Node, role: String, reason: String, envelope: String? = nil, by author: Author
    ) throws(LineageError) -> Int64 {
        try change("approve", node.name, by: author) { change in
            try change.insert(
                "approval",
                [
                    ("node", node.id), ("role", role), ("said_by", author.name), ("said_at", author.at),
                    ("reason", reason), ("envelope", envelope),
                ])
        }
    }
}

extension Change {
    func addPrompts(_ file: SeenFile, _ facts: PromptsFacts, path: String) throws -> NodeID {
        let prompts = try addContent(.prompts(facts), name: path, digest: file.digest, wasRead: true)
        try see(path, prompts)
        return prompts
    }

    /// Adds something that happened. The same facts between the same nodes are there once.
    @discardableResult
    func addActivity(
        _ facts: Facts, name: String, from sources: [(NodeID, Relation)], to targets: [(NodeID, Relation)]
    ) throws -> NodeID {
        let digest = try activityDigest(facts, from: sources, to: targets)
        let known = try NodeID.fetchOne(
            database, sql: "SELECT id FROM node WHERE kind = ? AND digest = ?",
            arguments: [facts.kind.rawValue, digest])
        if let known { return known }
        let activity = try add(facts, name: name, digest: digest)
        for (source, relation) in sources { try link(source, relation, activity) }
        for (target, relation) in targets { try link(activity, relation, target) }
        return activity
    }

    /// Tells activities apart: what is known of them, and the content or names of what they connect. The moment is no
    /// part of it, so that the same thing told twice is one.
    func activityDigest(
        _ facts: Facts, from sources: [(NodeID, Relation)], to targets: [(NodeID, Relation)]
    ) throws -> String {
        var columns: [(name: String, value: RowValue)] = []
        for column in facts.row.columns {
            switch (column.value?.databaseValue ?? .null).storage {
            case .null, .blob: continue
            case .int64(let number): columns.append((column.name, .integer(number)))
            case .double(let number): columns.append((column.name, .real(number)))
            case .string(let text): columns.append((column.name, .text(text)))
            }
        }
        for (side, nodes) in [("from", sources), ("to", targets)] {
            for (position, (id, relation)) in nodes.enumerated() {
                guard let node = try Node.read(database, id) else { continue }
                let content = "\(node.kind.rawValue) \(node.digest ?? node.name)"
                columns.append(("\(side) \(position) \(relation.rawValue)", .text(content)))
            }
        }
        return RowDigest.of(table: facts.kind.rawValue, columns: columns).hexadecimal
    }
}
