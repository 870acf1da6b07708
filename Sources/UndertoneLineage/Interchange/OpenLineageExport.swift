// OpenLineage 2-0-2 as JSON Lines: a COMPLETE event for each activity, a job without a run for relations that somebody
// declared, and a dataset event for things that stand alone. openlineage.io/spec/2-0-2/OpenLineage.json

import UndertoneText

struct OpenLineageExport {
    let graph: ExchangeGraph
    let version: String

    private static let spec = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/"
    private static let facets = "https://openlineage.io/spec/facets/"
    private var producer: String { "urn:undertone:program:\(version)" }

    func text() -> String {
        var output = ""
        for node in graph.nodes {
            if node.kind.isActivity {
                writeRun(node, to: &output)
                continue
            }
            let declared = graph.into(node.id).filter { isThing($0.source) }
            if !declared.isEmpty { writeDeclared(declared, of: node, to: &output) }
            if graph.into(node.id).isEmpty && graph.outOf(node.id).isEmpty { writeLone(node, to: &output) }
        }
        return output
    }

    private func isThing(_ id: NodeID) -> Bool { graph[id].map { !$0.kind.isActivity } ?? false }

    private func line(to output: inout String, _ body: (inout JSONWriter) -> Void) {
        var json = JSONWriter(.compact)
        json.object(body)
        output += json.text
    }

    private func writeHead(_ kind: String, of node: Node, _ json: inout JSONWriter) {
        json.member("eventTime", node.recordedAt)
        json.member("producer", producer)
        json.member("schemaURL", OpenLineageExport.spec + kind)
    }

    private func writeRun(_ node: Node, to output: inout String) {
        line(to: &output) { json in
            writeHead("RunEvent", of: node, &json)
            json.member("eventType", "COMPLETE")
            json.object("run") { json in
                let moment = graph.moment(of: node.id)
                let digest = ExchangeIdentity.digest(["run", graph.uuid(of: node.id)])
                json.member("runId", moment.map { ExchangeIdentity.uuid(digest, at: $0) })
                json.object("facets") { json in
                    writeNode(node, &json)
                    writeTool(node, &json)
                }
            }
            writeJob(node, name: "\(node.kind.rawValue)/\(node.name)", &json)
            writeDatasets("inputs", graph.into(node.id), \.source, &json)
            writeDatasets("outputs", graph.outOf(node.id), \.target, &json)
        }
    }

    private func writeDeclared(_ edges: [Edge], of node: Node, to output: inout String) {
        line(to: &output) { json in
            writeHead("JobEvent", of: node, &json)
            writeJob(node, name: "declared/\(node.kind.rawValue)/\(node.name)", &json)
            writeDatasets("inputs", edges, \.source, &json)
            json.array("outputs") { json in writeDataset(node, side: nil, relation: nil, &json) }
        }
    }

    private func writeLone(_ node: Node, to output: inout String) {
        line(to: &output) { json in
            writeHead("DatasetEvent", of: node, &json)
            json.key("dataset")
            writeDataset(node, side: nil, relation: nil, &json)
        }
    }

    private func writeJob(_ node: Node, name: String, _ json: inout JSONWriter) {
        json.object("job") { json in
            json.member("namespace", "undertone")
            json.member("name", name)
            json.object("facets") { json in
                facet("jobType", "2-0-4/JobTypeJobFacet", &json) { json in
                    json.member("processingType", "BATCH")
                    json.member("integration", "UNDERTONE")
                    json.member("jobType", node.kind.rawValue.uppercased())
                }
            }
        }
    }

    // The run's facets: what ran it, and with which settings.
    private func writeTool(_ node: Node, _ json: inout JSONWriter) {
        let tool: (name: String, version: String?)?
        switch node.facts {
        case .generation(let facts): tool = facts.tool.map { ($0, facts.toolVersion) }
        case .training(let facts): tool = facts.tool.map { ($0, facts.toolVersion) }
        case .scan(let facts): tool = ("undertone", facts.programVersion)
        default: tool = nil
        }
        if let tool {
            facet("processing_engine", "1-1-1/ProcessingEngineRunFacet", &json) { json in
                json.member("name", tool.name)
                json.member("version", tool.version ?? "unknown")
            }
        }
        let settings = FactList(node.facts).settings
        guard !settings.isEmpty else { return }
        facet("executionParameters", "1-0-0/ExecutionParametersRunFacet", &json) { json in
            json.array("parameters") { json in
                for setting in settings {
                    json.object { json in
                        json.member("key", setting.name)
                        json.member("value", setting.value)
                    }
                }
            }
        }
    }

    private func writeDatasets(
        _ side: String, _ edges: [Edge], _ end: KeyPath<Edge, NodeID>, _ json: inout JSONWriter
    ) {
        json.array(side) { json in
            for edge in edges {
                guard let node = graph[edge[keyPath: end]] else { continue }
                writeDataset(node, side: side, relation: edge.relation, &json)
            }
        }
    }

    private func writeDataset(_ node: Node, side: String?, relation: Relation?, _ json: inout JSONWriter) {
        json.object { json in
            let place = place(of: node)
            json.member("namespace", place.namespace)
            json.member("name", place.name)
            json.object("facets") { json in writeDatasetFacets(node, &json) }
            guard let side, let relation else { return }
            json.object(side == "inputs" ? "inputFacets" : "outputFacets") { json in
                own("undertone_relation", "relation", &json) { $0.member("relation", relation.rawValue) }
                writeStatistics(node, side: side, &json)
            }
        }
    }

    // Naming.md of OpenLineage: files of a machine have the namespace `file` and their path as name.
    private func place(of node: Node) -> (namespace: String, name: String) {
        if node.kind == .drop {
            let path = graph.locations[node.id]?.max { ($0.seenAt, $0.path) < ($1.seenAt, $1.path) }?.path
            return ("file", path ?? node.name)
        }
        return ("undertone", "\(node.kind.rawValue)/\(node.name)")
    }

    private func writeDatasetFacets(_ node: Node, _ json: inout JSONWriter) {
        writeNode(node, &json)
        facet("datasetType", "1-0-1/DatasetTypeDatasetFacet", &json) { json in
            json.member("datasetType", node.kind == .model ? "MODEL" : node.kind == .deployment ? "SERVICE" : "FILE")
            json.member("subType", node.kind.rawValue.uppercased())
        }
        if let digest = node.digest {
            facet("version", "1-0-1/DatasetVersionDatasetFacet", &json) { json in
                json.member("datasetVersion", "sha256:" + digest)
            }
        }
        if case .drop(let drop) = node.facts, !drop.schema.isEmpty {
            facet("schema", "1-2-0/SchemaDatasetFacet", &json) { json in
                json.array("fields") { json in
                    for field in drop.schema {
                        json.object { json in
                            json.member("name", field.name)
                            json.member("type", field.value)
                        }
                    }
                }
            }
        }
        let files = (graph.locations[node.id] ?? []).map(\.path)
        if node.kind != .drop, !files.isEmpty {
            facet("symlinks", "1-0-1/SymlinksDatasetFacet", &json) { json in
                json.array("identifiers") { json in
                    for file in files {
                        json.object { json in
                            json.member("namespace", "file")
                            json.member("name", file)
                            json.member("type", "FILE")
                        }
                    }
                }
            }
        }
        let taints = graph.standingTaints(of: node.id)
        guard !taints.isEmpty else { return }
        facet("tags", "1-0-0/TagsDatasetFacet", &json) { json in
            json.array("tags") { json in
                for taint in taints {
                    json.object { json in
                        json.member("key", "taint")
                        json.member("value", taint.reason)
                        json.member("source", "UNDERTONE")
                    }
                }
            }
        }
    }

    private func writeStatistics(_ node: Node, side: String, _ json: inout JSONWriter) {
        guard case .drop(let drop) = node.facts else { return }
        let isInput = side == "inputs"
        facet(
            isInput ? "inputStatistics" : "outputStatistics",
            isInput ? "1-0-0/InputStatisticsInputDatasetFacet" : "1-0-2/OutputStatisticsOutputDatasetFacet", &json
        ) { json in
            if let records = drop.records { json.member("rowCount", records) }
            if let bytes = drop.bytes { json.member("size", bytes) }
            json.member("fileCount", 1)
        }
    }

    // All that the catalogue knows of a node, so that an import gets it back.
    private func writeNode(_ node: Node, _ json: inout JSONWriter) {
        own("undertone_node", "node", &json) { json in
            json.member("id", graph.uri(of: node.id))
            json.member("kind", node.kind.rawValue)
            json.member("name", node.name)
            if let digest = node.digest { json.member("sha256", digest) }
            json.member("recorded_at", node.recordedAt)
            json.member("recorded_by", node.recordedBy)
            json.object("facts") { FactList(node.facts).write(to: &$0) }
        }
    }

    private func own(_ name: String, _ schema: String, _ json: inout JSONWriter, _ body: (inout JSONWriter) -> Void) {
        facet(name, url: "urn:undertone:openlineage:\(schema):v1", &json, body)
    }

    private func facet(
        _ name: String, _ schema: String, _ json: inout JSONWriter, _ body: (inout JSONWriter) -> Void
    ) {
        let type = schema.split(separator: "/").last ?? ""
        facet(name, url: "\(OpenLineageExport.facets)\(schema).json#/$defs/\(type)", &json, body)
    }

    private func facet(_ name: String, url: String, _ json: inout JSONWriter, _ body: (inout JSONWriter) -> Void) {
        json.object(name) { json in
            json.member("_producer", producer)
            json.member("_schemaURL", url)
            body(&json)
        }
    }
}
