// Nodes as rows: what is known of each kind has a table of its own.

import GRDB
import UndertoneText

extension Facts {
    /// The table of the kind, and the row's columns without its key.
    var row: (table: String, columns: [Change.Column]) {
        switch self {
        case .model(let facts):
            (
                "model",
                [
                    ("is_base", facts.isBase), ("architecture", facts.architecture), ("parameters", facts.parameters),
                    ("fingerprint", facts.fingerprint), ("license", facts.license), ("source", facts.source),
                ]
            )
        case .prompts(let facts):
            ("prompts", [("bytes", facts.bytes), ("records", facts.records), ("text", facts.text)])
        case .generation(let facts):
            (
                "generation",
                [
                    ("sampling", Setting.json(facts.sampling)), ("seed", facts.seed), ("tool", facts.tool),
                    ("tool_version", facts.toolVersion),
                ]
            )
        case .drop(let facts):
            (
                "data_drop",
                [
                    ("bytes", facts.bytes), ("records", facts.records), ("format", facts.format),
                    ("compression", facts.compression), ("schema", Setting.json(facts.schema)),
                    ("license", facts.license), ("source", facts.source),
                ]
            )
        case .pack(let facts):
            ("pack", [("version", facts.version)])
        case .scan(let facts):
            (
                "scan",
                [
                    ("program_version", facts.programVersion), ("program_digest", facts.programDigest),
                    ("records", facts.records), ("kept", facts.kept), ("rejected", facts.rejected),
                    ("flagged", facts.flagged), ("malformed", facts.malformed), ("passed", facts.passed),
                ]
            )
        case .training(let facts):
            (
                "training",
                [
                    ("method", facts.method), ("recipe", Setting.json(facts.recipe)), ("seed", facts.seed),
                    ("tool", facts.tool), ("tool_version", facts.toolVersion),
                ]
            )
        case .measurement(let facts):
            (
                "measurement",
                [
                    ("trait", facts.trait), ("residual", facts.residual), ("low", facts.low), ("high", facts.high),
                    ("seeds", facts.seeds), ("report", facts.report),
                ]
            )
        case .deployment(let facts):
            ("deployment", [("address", facts.address), ("ended_at", facts.endedAt)])
        }
    }

    /// What the tables know of a node.
    ///
    /// - Throws: ``LineageError`` where its row is missing: somebody changed the tables.
    static func read(_ database: Database, _ kind: NodeKind, _ id: Int64) throws -> Facts {
        let table = kind == .drop ? "data_drop" : kind.rawValue
        let statement = try database.cachedStatement(sql: "SELECT * FROM \(table) WHERE node = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else {
            throw LineageError(
                .corrupt, "the catalogue has no facts about \(kind.rawValue) \(id)",
                mend: "undertone lineage verify --log says what was changed")
        }
        return switch kind {
        case .model: .model(try ModelFacts(row))
        case .prompts:
            .prompts(
                PromptsFacts(bytes: try row.get("bytes"), records: try row.get("records"), text: try row.get("text")))
        case .generation: .generation(try GenerationFacts(row))
        case .drop: .drop(try DropFacts(row))
        case .pack:
            .pack(
                PackFacts(
                    version: try row.get("version"),
                    text: try String.fetchOne(
                        database.cachedStatement(
                            sql: "SELECT text FROM pack_text WHERE pack = ? ORDER BY position LIMIT 1"),
                        arguments: [id]) ?? ""))
        case .scan: .scan(try ScanFacts(row))
        case .training: .training(try TrainingFacts(row))
        case .measurement: .measurement(try MeasurementFacts(row))
        case .deployment: .deployment(try DeploymentFacts(row))
        }
    }
}

extension ModelFacts {
    fileprivate init(_ row: Row) throws(LineageError) {
        self.init()
        isBase = try row.get("is_base")
        architecture = try row.get("architecture")
        parameters = try row.get("parameters")
        fingerprint = try row.get("fingerprint")
        license = try row.get("license")
        source = try row.get("source")
    }
}

extension GenerationFacts {
    fileprivate init(_ row: Row) throws(LineageError) {
        self.init()
        sampling = try Setting.read(row.get("sampling"))
        seed = try row.get("seed")
        tool = try row.get("tool")
        toolVersion = try row.get("tool_version")
    }
}

extension DropFacts {
    fileprivate init(_ row: Row) throws(LineageError) {
        self.init(bytes: try row.get("bytes"))
        records = try row.get("records")
        format = try row.get("format")
        compression = try row.get("compression")
        schema = try Setting.read(row.get("schema"))
        license = try row.get("license")
        source = try row.get("source")
    }
}

extension ScanFacts {
    fileprivate init(_ row: Row) throws(LineageError) {
        self.init(programVersion: try row.get("program_version"))
        programDigest = try row.get("program_digest")
        records = try row.get("records")
        kept = try row.get("kept")
        rejected = try row.get("rejected")
        flagged = try row.get("flagged")
        malformed = try row.get("malformed")
        passed = try row.get("passed")
    }
}

extension TrainingFacts {
    fileprivate init(_ row: Row) throws(LineageError) {
        self.init()
        method = try row.get("method")
        recipe = try Setting.read(row.get("recipe"))
        seed = try row.get("seed")
        tool = try row.get("tool")
        toolVersion = try row.get("tool_version")
    }
}

extension MeasurementFacts {
    fileprivate init(_ row: Row) throws(LineageError) {
        self.init(trait: try row.get("trait"))
        residual = try row.get("residual")
        low = try row.get("low")
        high = try row.get("high")
        seeds = try row.get("seeds")
        report = try row.get("report")
    }
}

extension DeploymentFacts {
    fileprivate init(_ row: Row) throws(LineageError) {
        self.init(address: try row.get("address"))
        endedAt = try row.get("ended_at")
    }
}

extension Setting {
    /// Settings as the text of a JSON object, ordered by name.
    static func json(_ settings: [Setting]) -> String {
        var json = JSONWriter(.compact)
        json.object { json in
            for setting in settings.sorted(by: { $0.name < $1.name }) { json.member(setting.name, setting.value) }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    static func read(_ text: String) throws(LineageError) -> [Setting] {
        guard let members = try? JSONValue(parsing: Array(text.utf8)).object?.members else {
            throw LineageError(
                .corrupt, "settings in the catalogue are no JSON object",
                mend: "undertone lineage verify --log says what was changed")
        }
        return members.map { Setting($0.name, $0.value.string ?? "") }
    }
}
