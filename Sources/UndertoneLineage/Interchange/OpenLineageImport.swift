// OpenLineage events, from Undertone or from others: jobs become activities, datasets become what they say they are.

import UndertoneText

struct OpenLineageImport {
    private var lineage = ImportedLineage()
    private let file: String
    // Every dataset by namespace and name, with all versions seen: an event without a version means the only one.
    private var versions: [[String]: Set<String>] = [:]
    private var runs: [Run] = []
    private var lone: [JSONValue] = []
    private var runPlaces: [String: Int] = [:]

    // The events of one run, or one job without a run.
    private struct Run {
        var name: String
        var node: JSONValue?
        var inputs: [JSONValue] = []
        var outputs: [JSONValue] = []
        var isComplete = false
        var hasFailed = false
    }

    /// Reads JSON Lines, an array of events, or one event.
    static func read(_ bytes: [UInt8], file: String) throws(LineageError) -> ImportedLineage {
        var reader = OpenLineageImport(file: file)
        let events = try reader.events(bytes)
        for event in events { try reader.collect(event) }
        for run in reader.runs { try reader.record(run) }
        for dataset in reader.lone { _ = try reader.add(dataset) }
        guard !reader.lineage.nodes.isEmpty else {
            throw LineageError(
                .badDocument, "\(file) holds no OpenLineage event with a job or a dataset",
                mend: "check that it is an OpenLineage document")
        }
        return reader.lineage
    }

    private init(file: String) { self.file = file }

    private func events(_ bytes: [UInt8]) throws(LineageError) -> [JSONValue] {
        // One value, over one line or many; where another follows, it must be JSON Lines.
        if let whole = try? JSONValue(parsing: bytes) { return whole.array ?? [whole] }
        var events: [JSONValue] = []
        var left = JSONValue.Limits().values
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
            do {
                let limits = JSONValue.Limits(values: max(left, 0))
                let event = try JSONValue(parsing: line, limits: limits)
                left -= 1 + line.count { $0 == UInt8(ascii: ",") }
                events.append(event)
            } catch {
                throw LineageError(
                    .badDocument, "\(file):\(index + 1):\(error.column): \(error.problem)",
                    mend: "write one event a line, or an array of them")
            }
        }
        return events
    }

    // MARK: - Events

    private mutating func collect(_ event: JSONValue) throws(LineageError) {
        guard event.object != nil else { return lineage.note("an event is \(event.kindName); left out") }
        if let dataset = event["dataset"] {
            remember([dataset])
            lone.append(dataset)
            return
        }
        guard let job = event["job"], job.object != nil else { return lineage.note("an event has no job; left out") }
        let inputs = event["inputs"]?.array ?? []
        let outputs = event["outputs"]?.array ?? []
        remember(inputs)
        remember(outputs)
        let name = lineage.name(job["name"]?.string, or: "unnamed job")
        // Of one run there are several events; each may tell a part.
        let key = event["run"]?["runId"]?.string.map { "run " + $0 } ?? "job \(runs.count)"
        let place = runPlaces[key] ?? runs.count
        if place == runs.count {
            runPlaces[key] = place
            runs.append(Run(name: name))
        }
        runs[place].inputs += inputs
        runs[place].outputs += outputs
        if let node = event["run"]?["facets"]?["undertone_node"] { runs[place].node = node }
        switch event["eventType"]?.string {
        case "FAIL", "ABORT": runs[place].hasFailed = true
        case "COMPLETE", nil: runs[place].isComplete = true
        default: break
        }
    }

    private mutating func remember(_ datasets: [JSONValue]) {
        for dataset in datasets {
            guard let digest = OpenLineageImport.version(of: dataset) else { continue }
            versions[OpenLineageImport.key(of: dataset), default: []].insert(digest)
        }
    }

    private static func key(of dataset: JSONValue) -> [String] {
        [dataset["namespace"]?.string ?? "", dataset["name"]?.string ?? ""]
    }

    private static func version(of dataset: JSONValue) -> String? {
        let facets = dataset["facets"]
        if let own = facets?["undertone_node"]?["sha256"]?.string { return own }
        guard let version = facets?["version"]?["datasetVersion"]?.string?.lowercased() else { return nil }
        let digest = version.hasPrefix("sha256:") ? String(version.dropFirst(7)) : version
        return ExchangeIdentity.isDigest(digest) ? digest : nil
    }

    // MARK: - Nodes

    private mutating func add(_ dataset: JSONValue) throws(LineageError) -> Int? {
        guard dataset.object != nil else {
            lineage.note("a dataset is \(dataset.kindName); left out")
            return nil
        }
        if let own = dataset["facets"]?["undertone_node"], let index = try add(own: own) { return index }
        let key = OpenLineageImport.key(of: dataset)
        guard !key[1].isEmpty else {
            lineage.note("a dataset has no name; left out")
            return nil
        }
        let full = key[0] == "file" || key[0].isEmpty ? key[1] : "\(key[0])/\(key[1])"
        let name = lineage.name(full, or: full)
        var digest = OpenLineageImport.version(of: dataset)
        if digest == nil, let only = versions[key], only.count == 1 { digest = only.first }
        if digest == nil, let version = dataset["facets"]?["version"]?["datasetVersion"]?.string {
            lineage.note("version \"\(version)\" of \"\(name)\" is no SHA-256; left out")
        }
        if dataset["facets"]?["datasetType"]?["datasetType"]?.string?.uppercased() == "MODEL" {
            return try lineage.add(.init(name: name, digest: digest, facts: .model(ModelFacts())))
        }
        return try lineage.add(.init(name: name, digest: digest, facts: .drop(drop(dataset))))
    }

    private func drop(_ dataset: JSONValue) -> DropFacts {
        let statistics = dataset["outputFacets"]?["outputStatistics"] ?? dataset["inputFacets"]?["inputStatistics"]
        func count(_ name: String) -> Int? { statistics?[name]?.integer.flatMap { $0 >= 0 ? $0 : nil } }
        var facts = DropFacts(bytes: count("size"))
        facts.records = count("rowCount")
        let fields = dataset["facets"]?["schema"]?["fields"]?.array ?? []
        facts.schema = fields.prefix(ImportedLineage.settingsLimit).compactMap { field in
            guard let name = field["name"]?.string.flatMap(ImportedLineage.bounded) else { return nil }
            return Setting(name, field["type"]?.string.flatMap(ImportedLineage.bounded) ?? "")
        }.sorted { $0.name < $1.name }
        facts.source = dataset["facets"]?["dataSource"]?["uri"]?.string.flatMap(ImportedLineage.bounded)
        return facts
    }

    private mutating func add(own: JSONValue) throws(LineageError) -> Int? {
        guard let kind = own["kind"]?.string.flatMap(NodeKind.init(rawValue:)) else {
            lineage.note("a facet undertone_node has no kind that this version knows")
            return nil
        }
        let name = lineage.name(own["name"]?.string, or: kind.rawValue)
        let digest = lineage.digest(own["sha256"]?.string, of: name)
        let facts = FactReader(own["facts"] ?? .null).facts(of: kind)
        return try lineage.add(.init(name: name, digest: digest, facts: facts), twin: own["id"]?.string)
    }

    // MARK: - Runs

    private mutating func record(_ run: Run) throws(LineageError) {
        guard run.isComplete || !run.hasFailed else {
            return lineage.note("the job \"\(run.name)\" failed; what it was to write was left out")
        }
        if !run.isComplete { lineage.note("the job \"\(run.name)\" has no COMPLETE event; taken as it stands") }
        var inputs: [(index: Int, relation: Relation?)] = []
        var outputs: [(index: Int, relation: Relation?)] = []
        for dataset in run.inputs {
            if let index = try add(dataset) { inputs.append((index, relation(dataset["inputFacets"]))) }
        }
        for dataset in run.outputs {
            if let index = try add(dataset) { outputs.append((index, relation(dataset["outputFacets"]))) }
        }
        if let own = run.node, let activity = try add(own: own), lineage.nodes[activity].kind.isActivity {
            for input in inputs { try connect(input.index, input.relation, activity) }
            for output in outputs { try connect(activity, output.relation, output.index) }
        } else if inputs.contains(where: { $0.relation != nil }) {
            for output in outputs {
                for input in inputs { try connect(input.index, input.relation, output.index) }
            }
        } else {
            try recordForeign(run, Array(Set(inputs.map(\.index))).sorted(), Array(Set(outputs.map(\.index))).sorted())
        }
    }

    private func relation(_ facets: JSONValue?) -> Relation? {
        facets?["undertone_relation"]?["relation"]?.string.flatMap(Relation.init(rawValue:))
    }

    private mutating func connect(_ source: Int, _ relation: Relation?, _ target: Int) throws(LineageError) {
        guard let relation, relation.joins(lineage.nodes[source].kind, lineage.nodes[target].kind) else {
            return lineage.note(
                "\"\(lineage.nodes[source].name)\" leads to \"\(lineage.nodes[target].name)\" in a way that the "
                    + "catalogue does not know; left out")
        }
        try lineage.connect(source, relation, target)
    }

    // A job of another program: a model among the outputs means training, a model that data came of means generation,
    // and data from data means that the one was derived from the other.
    private mutating func recordForeign(_ run: Run, _ inputs: [Int], _ outputs: [Int]) throws(LineageError) {
        func isModel(_ index: Int) -> Bool { lineage.nodes[index].kind == .model }
        func isDrop(_ index: Int) -> Bool { lineage.nodes[index].kind == .drop }
        let written = outputs.filter(isDrop)
        if outputs.contains(where: isModel) {
            let training = try lineage.add(
                .init(name: run.name, facts: .training(TrainingFacts())),
                twin: "\(inputs) \(outputs)")
            for input in inputs {
                if isModel(input) { try lineage.connect(input, .student, training) }
                if isDrop(input) { try lineage.connect(input, .trainedOn, training) }
            }
            for output in outputs where isModel(output) { try lineage.connect(training, .trained, output) }
        }
        if inputs.contains(where: isModel), !written.isEmpty, !outputs.contains(where: isModel) {
            let generation = try lineage.add(
                .init(name: run.name, facts: .generation(GenerationFacts())),
                twin: "\(inputs) \(outputs)")
            for input in inputs where isModel(input) { try lineage.connect(input, .teacher, generation) }
            for output in written { try lineage.connect(generation, .generated, output) }
        }
        guard inputs.contains(where: isDrop), !written.isEmpty else { return }
        for input in inputs where isDrop(input) {
            for output in written { try lineage.connect(input, .derived, output) }
        }
        lineage.note("the job \"\(run.name)\" is kept only as \"derived\" between what it read and wrote")
    }
}
