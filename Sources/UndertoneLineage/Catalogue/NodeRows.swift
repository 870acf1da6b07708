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
        case .model: .model(ModelFacts(row))
        case .prompts: .prompts(PromptsFacts(bytes: row["bytes"], records: row["records"], text: row["text"]))
        case .generation: .generation(try GenerationFacts(row))
        case .drop: .drop(try DropFacts(row))
        case .pack:
            .pack(
                PackFacts(
                    version: row["version"],
                    text: try String.fetchOne(
                        database.cachedStatement(
                            sql: "SELECT text FROM pack_text WHERE pack = ? ORDER BY position LIMIT 1"),
                        arguments: [id]) ?? ""))
        case .scan: .scan(ScanFacts(row))
        case .training: .training(try TrainingFacts(row))
        case .measurement: .measurement(MeasurementFacts(row))
        case .deployment: .deployment(DeploymentFacts(row))
        }
    }
}

extension ModelFacts {
    fileprivate init(_ row: Row) {
        self.init()
        isBase = row["is_base"]
        architecture = row["architecture"]
        parameters = row["parameters"]
        fingerprint = row["fingerprint"]
        license = row["license"]
        source = row["source"]
    }
}

extension GenerationFacts {
    fileprivate init(_ row: Row) throws {
        self.init()
        sampling = try Setting.read(row["sampling"])
        seed = row["seed"]
        tool = row["tool"]
        toolVersion = row["tool_version"]
    }
}

extension DropFacts {
    fileprivate init(_ row: Row) throws {
        self.init(bytes: row["bytes"])
        records = row["records"]
        format = row["format"]
        compression = row["compression"]
        schema = try Setting.read(row["schema"])
        license = row["license"]
        source = row["source"]
    }
}

extension ScanFacts {
    fileprivate init(_ row: Row) {
        self.init(programVersion: row["program_version"])
        programDigest = row["program_digest"]
        records = row["records"]
        kept = row["kept"]
        rejected = row["rejected"]
        flagged = row["flagged"]
        malformed = row["malformed"]
        passed = row["passed"]
    }
}

extension TrainingFacts {
    fileprivate init(_ row: Row) throws {
        self.init()
        method = row["method"]
        recipe = try Setting.read(row["recipe"])
        seed = row["seed"]
        tool = row["tool"]
        toolVersion = row["tool_version"]
    }
}

extension MeasurementFacts {
    fileprivate init(_ row: Row) {
        self.init(trait: row["trait"])
        residual = row["residual"]
        low = row["low"]
        high = row["high"]
        seeds = row["seeds"]
        report = row["report"]
    }
}

extension DeploymentFacts {
    fileprivate init(_ row: Row) {
        self.init(address: row["address"])
        endedAt = row["ended_at"]
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
