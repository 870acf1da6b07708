// Croissant 1.1 about one drop: its file with digest, its fields, and where it came from in the words of PROV-O, as the
// section on provenance recommends. docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html

import UndertoneText

struct CroissantExport {
    let graph: ExchangeGraph
    let drop: Node

    func text() -> String {
        guard case .drop(let facts) = drop.facts else { return "" }
        var json = JSONWriter()
        json.object { json in
            writeContext(&json)
            json.member("@type", "sc:Dataset")
            json.member("@id", graph.uri(of: drop.id))
            json.member("name", drop.name)
            json.member("description", description(facts))
            json.member("conformsTo", "http://mlcommons.org/croissant/1.1")
            json.member("dateModified", drop.recordedAt)
            if let license = facts.license { json.member("license", LicenseNames.page(license) ?? license) }
            if let source = facts.source, isWebAddress(source) { json.member("url", source) }
            if isSynthetic { json.member("keywords", ["synthetic"]) }
            writeProvenance(&json)
            writeResponsibility(&json)
            json.array("distribution") { json in writeFile(facts, &json) }
            writeRecordSet(facts, &json)
        }
        return json.text
    }

    // MARK: - Head

    // The context of the specification, and the two vocabularies that Croissant recommends beside its own.
    private func writeContext(_ json: inout JSONWriter) {
        json.object("@context") { json in
            json.member("@language", "en")
            json.member("@vocab", "https://schema.org/")
            for name in ["arrayShape", "citeAs", "column"] { json.member(name, "cr:" + name) }
            json.member("conformsTo", "dct:conformsTo")
            json.member("containedIn", "cr:containedIn")
            json.member("cr", "http://mlcommons.org/croissant/")
            json.object("data", inline: true) { json in
                json.member("@id", "cr:data")
                json.member("@type", "@json")
            }
            json.object("dataType", inline: true) { json in
                json.member("@id", "cr:dataType")
                json.member("@type", "@vocab")
            }
            json.member("dct", "http://purl.org/dc/terms/")
            json.object("description", inline: true) { $0.member("@container", "@language") }
            json.member("equivalentProperty", "cr:equivalentProperty")
            json.object("examples", inline: true) { json in
                json.member("@id", "cr:examples")
                json.member("@type", "@json")
            }
            for name in [
                "extract", "field", "fileProperty", "fileObject", "fileSet", "format", "includes", "isArray",
                "isLiveDataset", "jsonPath", "key", "md5",
            ] { json.member(name, "cr:" + name) }
            json.object("name", inline: true) { $0.member("@container", "@language") }
            for name in ["parentField", "path"] { json.member(name, "cr:" + name) }
            json.member("prov", "http://www.w3.org/ns/prov#")
            json.member("rai", "http://mlcommons.org/croissant/RAI/")
            for name in ["recordSet", "references", "regex", "repeated", "replace", "samplingRate"] {
                json.member(name, "cr:" + name)
            }
            json.member("sc", "https://schema.org/")
            for name in ["separator", "source", "subField", "transform"] { json.member(name, "cr:" + name) }
            json.member("undertone", "urn:undertone:vocabulary:v1:")
        }
    }

    private var ancestors: [Node] { graph.ancestors(of: drop.id) }

    private var isSynthetic: Bool { ancestors.contains { $0.kind == .generation } }

    private func description(_ facts: DropFacts) -> String {
        var parts = ["A drop of the lineage catalogue of Undertone"]
        if let records = facts.records { parts.append("\(grouped(records)) records") }
        if let bytes = facts.bytes { parts.append(byteCount(bytes)) }
        return parts.joined(separator: ", ") + "."
    }

    private func isWebAddress(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://"))
            && text.utf8.allSatisfy { 0x21...0x7E ~= $0 && !"\"<>\\^`{|}".utf8.contains($0) }
    }

    // MARK: - Where it came from

    private func writeProvenance(_ json: inout JSONWriter) {
        let behind = graph.thingsBehind(drop.id)
        if !behind.things.isEmpty {
            json.array("prov:wasDerivedFrom") { json in
                for thing in behind.things { write(thing, as: "prov:Entity", &json) }
            }
        }
        if !behind.activities.isEmpty {
            json.array("prov:wasGeneratedBy") { json in
                for activity in behind.activities { write(activity, as: "prov:Activity", &json) }
            }
        }
        json.object("prov:wasAttributedTo") { json in
            json.member("@type", "prov:Agent")
            json.member("prov:label", drop.recordedBy)
        }
    }

    private func write(_ node: Node, as type: String, _ json: inout JSONWriter) {
        json.object { json in
            json.member("@id", graph.uri(of: node.id))
            json.member("@type", type)
            json.member("prov:label", node.name)
            json.member("undertone:kind", node.kind.rawValue)
            json.member("undertone:recordedAt", node.recordedAt)
            if let digest = node.digest { json.member("undertone:sha256", digest) }
        }
    }

    private func writeResponsibility(_ json: inout JSONWriter) {
        if isSynthetic {
            let teachers = ancestors.filter { node in
                node.kind == .model && graph.outOf(node.id).contains { $0.relation == .teacher }
            }
            json.member(
                "rai:dataCollection",
                "Synthetic: written by " + teachers.map { "the model \($0.name)" }.joined(separator: ", ") + ".")
            json.member("rai:dataCollectionType", "Others")
        }
        let scans = graph.into(drop.id).compactMap { edge -> String? in
            guard edge.relation == .kept || edge.relation == .rejected, let scan = graph[edge.source],
                case .scan(let facts) = scan.facts
            else { return nil }
            let packs = graph.sources(of: scan.id, by: .rules).map(\.name).joined(separator: ", ")
            let what = edge.relation == .kept ? "kept" : "rejected"
            let count = edge.relation == .kept ? facts.kept : facts.rejected
            return "Filtered by undertone scan \(facts.programVersion) with the rules \(packs): these are the "
                + "\(grouped(count)) records that were \(what), of \(grouped(facts.records))."
        }
        if !scans.isEmpty { json.member("rai:dataPreprocessingProtocol", scans) }
        let taints = ([drop] + ancestors).flatMap { node in
            graph.standingTaints(of: node.id).map { "\(node.kind.rawValue) \(node.name) is tainted: \($0.reason)" }
        }
        if !taints.isEmpty { json.member("rai:dataLimitations", taints) }
    }

    // MARK: - Files and fields

    private func writeFile(_ facts: DropFacts, _ json: inout JSONWriter) {
        let path = graph.locations[drop.id]?.max { ($0.seenAt, $0.path) < ($1.seenAt, $1.path) }?.path ?? drop.name
        json.object { json in
            json.member("@type", "cr:FileObject")
            json.member("@id", "file")
            json.member("name", path.split(separator: "/").last.map(String.init) ?? drop.name)
            json.member("contentUrl", uriReference(path))
            if let bytes = facts.bytes { json.member("contentSize", "\(bytes) B") }
            json.member("encodingFormat", encodings(facts))
            if let digest = drop.digest { json.member("sha256", digest) }
        }
    }

    private func encodings(_ facts: DropFacts) -> [String] {
        let content =
            switch facts.format {
            case "json-array": "application/json"
            case "text": "text/plain"
            case "json-lines": "application/jsonlines"
            default: "application/octet-stream"
            }
        switch facts.compression {
        case "gzip": return ["application/gzip", content]
        case "zstd": return ["application/zstd", content]
        default: return [content]
        }
    }

    private func writeRecordSet(_ facts: DropFacts, _ json: inout JSONWriter) {
        let fields = facts.schema.filter { CroissantExport.types[$0.value] != nil }
        guard !fields.isEmpty, facts.format == "json-lines" || facts.format == "json-array" else { return }
        json.array("recordSet") { json in
            json.object { json in
                json.member("@type", "cr:RecordSet")
                json.member("@id", "records")
                json.member("name", "records")
                json.array("field") { json in
                    for (index, field) in fields.enumerated() {
                        json.object { json in
                            json.member("@type", "cr:Field")
                            json.member("@id", "records/\(index)")
                            json.member("name", field.name)
                            json.member("dataType", CroissantExport.types[field.value])
                            json.object("source") { json in
                                json.object("fileObject", inline: true) { $0.member("@id", "file") }
                                json.object("extract", inline: true) { $0.member("column", field.name) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// JSON types as Croissant has them; lists, objects and mixtures have no counterpart.
    static let types = [
        "string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean",
    ]
}
