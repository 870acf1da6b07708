// What is known of a node as a flat list of names and values, which every format can carry, and back again.

import UndertoneText

/// A value of a fact.
enum FactValue: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case truth(Bool)

    /// As a text, for formats that have nothing else.
    var text: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .number(let number): "\(number)"
        case .truth(let truth): truth ? "true" : "false"
        }
    }
}

/// What is known of a node. Texts of prompts and packs are left out.
struct FactList: Sendable, Equatable {
    /// Names are those of the catalogue's documents: `program_version`.
    private(set) var facts: [(name: String, value: FactValue)] = []
    /// `sampling`, `recipe` or `schema`; `nil` where the kind of node has no settings.
    private(set) var settingsName: String?
    private(set) var settings: [Setting] = []

    init(_ facts: Facts) {
        switch facts {
        case .model(let model):
            add("is_base", model.isBase)
            add("architecture", model.architecture)
            add("parameters", model.parameters)
            add("fingerprint", model.fingerprint)
            add("license", model.license)
            add("source", model.source)
        case .prompts(let prompts):
            add("bytes", prompts.bytes)
            add("records", prompts.records)
        case .generation(let generation):
            add("seed", generation.seed)
            add("tool", generation.tool)
            add("tool_version", generation.toolVersion)
            settingsName = "sampling"
            settings = generation.sampling
        case .drop(let drop):
            add("bytes", drop.bytes)
            add("records", drop.records)
            add("format", drop.format)
            add("compression", drop.compression)
            add("license", drop.license)
            add("source", drop.source)
            settingsName = "schema"
            settings = drop.schema
        case .pack(let pack):
            add("version", pack.version)
        case .scan(let scan):
            add("program_version", scan.programVersion)
            add("program_digest", scan.programDigest)
            add("records", scan.records)
            add("kept", scan.kept)
            add("rejected", scan.rejected)
            add("flagged", scan.flagged)
            add("malformed", scan.malformed)
            add("passed", scan.passed)
        case .training(let training):
            add("method", training.method)
            add("seed", training.seed)
            add("tool", training.tool)
            add("tool_version", training.toolVersion)
            settingsName = "recipe"
            settings = training.recipe
        case .measurement(let measurement):
            add("trait", measurement.trait)
            add("residual", measurement.residual)
            add("low", measurement.low)
            add("high", measurement.high)
            add("seeds", measurement.seeds)
            add("report", measurement.report)
        case .deployment(let deployment):
            add("address", deployment.address)
            add("ended_at", deployment.endedAt)
        }
    }

    static func == (left: FactList, right: FactList) -> Bool {
        left.settings == right.settings && left.settingsName == right.settingsName
            && left.facts.elementsEqual(right.facts) { $0.name == $1.name && $0.value == $1.value }
    }

    private mutating func add(_ name: String, _ text: String?) {
        if let text { facts.append((name, .text(text))) }
    }

    private mutating func add(_ name: String, _ number: Int?) {
        if let number { facts.append((name, .integer(number))) }
    }

    private mutating func add(_ name: String, _ number: Double?) {
        if let number, number.isFinite { facts.append((name, .number(number))) }
    }

    private mutating func add(_ name: String, _ truth: Bool) { facts.append((name, .truth(truth))) }

    /// Writes the facts as members, and the settings as a list of names and values, since names may be there twice.
    func write(to json: inout JSONWriter) {
        for fact in facts {
            switch fact.value {
            case .text(let text): json.member(fact.name, text)
            case .integer(let number): json.member(fact.name, number)
            case .number(let number): json.member(fact.name, number)
            case .truth(let truth): json.member(fact.name, truth)
            }
        }
        guard let settingsName, !settings.isEmpty else { return }
        json.array(settingsName) { json in
            for setting in settings {
                json.object(inline: true) { json in
                    json.member("name", setting.name)
                    json.member("value", setting.value)
                }
            }
        }
    }
}

/// Facts as a document from outside gives them.
struct FactReader {
    private let text: (String) -> String?
    private let integer: (String) -> Int?
    private let seed: () -> Int?
    private let number: (String) -> Double?
    private let truth: (String) -> Bool?
    private let settings: (String) -> [Setting]

    /// Reads the members that ``FactList/write(to:)`` writes. Whatever is too long or of another type counts as not there.
    init(_ json: JSONValue) {
        text = { json[$0]?.string.flatMap(ImportedLineage.bounded) }
        integer = { json[$0]?.integer.flatMap { $0 >= 0 ? $0 : nil } }
        // The only whole number that may be negative.
        seed = { json["seed"]?.integer }
        number = { json[$0]?.double }
        truth = { json[$0]?.boolean }
        settings = { name in
            (json[name]?.array ?? []).prefix(ImportedLineage.settingsLimit).compactMap { entry in
                guard let name = entry["name"]?.string.flatMap(ImportedLineage.bounded),
                    let value = entry["value"]?.string.flatMap(ImportedLineage.bounded)
                else { return nil }
                return Setting(name, value)
            }
        }
    }

    /// A digest under that name; `nil` for what is no SHA-256.
    private func digest(_ name: String) -> String? { text(name).flatMap { ExchangeIdentity.isDigest($0) ? $0 : nil } }

    /// What a node of that kind would be.
    func facts(of kind: NodeKind) -> Facts {
        switch kind {
        case .model:
            var model = ModelFacts()
            model.isBase = truth("is_base") ?? false
            model.architecture = text("architecture")
            model.parameters = integer("parameters")
            model.fingerprint = digest("fingerprint")
            model.license = text("license")
            model.source = text("source")
            return .model(model)
        case .prompts:
            return .prompts(PromptsFacts(bytes: integer("bytes"), records: integer("records")))
        case .generation:
            var generation = GenerationFacts()
            generation.sampling = settings("sampling")
            generation.seed = seed()
            generation.tool = text("tool")
            generation.toolVersion = text("tool_version")
            return .generation(generation)
        case .drop:
            var drop = DropFacts(bytes: integer("bytes"))
            drop.records = integer("records")
            drop.format = text("format")
            drop.compression = text("compression")
            drop.schema = settings("schema")
            drop.license = text("license")
            drop.source = text("source")
            return .drop(drop)
        case .pack:
            return .pack(PackFacts(version: text("version"), text: ""))
        case .scan:
            var scan = ScanFacts(programVersion: text("program_version") ?? "")
            scan.programDigest = digest("program_digest")
            scan.records = integer("records") ?? 0
            scan.kept = integer("kept") ?? 0
            scan.rejected = integer("rejected") ?? 0
            scan.flagged = integer("flagged") ?? 0
            scan.malformed = integer("malformed") ?? 0
            scan.passed = truth("passed") ?? false
            return .scan(scan)
        case .training:
            var training = TrainingFacts()
            training.method = text("method")
            training.recipe = settings("recipe")
            training.seed = seed()
            training.tool = text("tool")
            training.toolVersion = text("tool_version")
            return .training(training)
        case .measurement:
            var measurement = MeasurementFacts(trait: text("trait") ?? "")
            measurement.residual = number("residual")
            measurement.low = number("low")
            measurement.high = number("high")
            measurement.seeds = integer("seeds")
            measurement.report = digest("report")
            return .measurement(measurement)
        case .deployment:
            var deployment = DeploymentFacts(address: text("address") ?? "")
            deployment.endedAt = text("ended_at").flatMap { Moment($0)?.text }
            return .deployment(deployment)
        }
    }
}
