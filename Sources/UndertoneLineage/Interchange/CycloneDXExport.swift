// A CycloneDX 1.6 bill of materials: models are machine-learning-model components, prompts, drops and packs are data,
// deployments are services. What happened is on the component that came of it. cyclonedx.org/docs/1.6/json

import UndertoneText

struct CycloneDXExport {
    let graph: ExchangeGraph
    let version: String

    func text() -> String {
        // The serial number is made of the rest, so that equal documents have equal numbers.
        var content = JSONWriter(.compact)
        write(serial: nil, &content)
        let digest = ExchangeIdentity.digest([String(decoding: content.bytes, as: UTF8.self)])
        var json = JSONWriter()
        write(serial: "urn:uuid:" + ExchangeIdentity.uuid(digest), &json)
        return json.text
    }

    private func write(serial: String?, _ json: inout JSONWriter) {
        json.object { json in
            json.member("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
            json.member("bomFormat", "CycloneDX")
            json.member("specVersion", "1.6")
            if let serial { json.member("serialNumber", serial) }
            json.member("version", 1)
            json.object("metadata") { json in
                // Not now: the same catalogue gives the same document.
                if let latest = graph.nodes.compactMap({ graph.moment(of: $0.id) }).max() {
                    json.member("timestamp", latest.text)
                }
                json.object("tools") { json in
                    json.array("components") { json in
                        json.object { json in
                            json.member("type", "application")
                            json.member("name", "undertone")
                            json.member("version", version)
                        }
                    }
                }
                if let focus = graph.focus, isComponent(focus) {
                    json.key("component")
                    write(focus, &json)
                }
            }
            json.array("components") { json in
                for node in graph.nodes where isComponent(node) && node.id != graph.focus?.id { write(node, &json) }
            }
            let services = graph.nodes.filter { $0.kind == .deployment }
            if !services.isEmpty {
                json.array("services") { json in
                    for node in services { write(service: node, &json) }
                }
            }
            json.array("dependencies") { json in
                for node in graph.nodes where !node.kind.isActivity {
                    let behind = graph.thingsBehind(node.id).things
                    json.object { json in
                        json.member("ref", graph.uri(of: node.id))
                        if !behind.isEmpty { json.member("dependsOn", behind.map { graph.uri(of: $0.id) }) }
                    }
                }
            }
        }
    }

    private func isComponent(_ node: Node) -> Bool { !node.kind.isActivity && node.kind != .deployment }

    private func write(_ node: Node, _ json: inout JSONWriter) {
        json.object { json in
            json.member("type", node.kind == .model ? "machine-learning-model" : "data")
            json.member("bom-ref", graph.uri(of: node.id))
            json.member("name", node.name)
            if let digest = node.digest, ExchangeIdentity.isDigest(digest) {
                json.array("hashes") { json in
                    json.object(inline: true) { json in
                        json.member("alg", "SHA-256")
                        json.member("content", digest)
                    }
                }
            }
            if let license = license(of: node) {
                json.array("licenses") { json in
                    json.object { json in
                        json.object("license") { json in
                            if let identifier = LicenseNames.spdx(license) {
                                json.member("id", identifier)
                            } else {
                                json.member("name", license)
                            }
                        }
                    }
                }
            }
            if node.kind == .model { writeCard(node, &json) } else { writeData(node, &json) }
            writeProperties(node, &json)
        }
    }

    private func license(of node: Node) -> String? {
        switch node.facts {
        case .model(let model): model.license
        case .drop(let drop): drop.license
        default: nil
        }
    }

    private func writeCard(_ node: Node, _ json: inout JSONWriter) {
        guard case .model(let model) = node.facts else { return }
        let drops = graph.sources(of: node.id, by: .trained).flatMap { graph.sources(of: $0.id, by: .trainedOn) }
        json.object("modelCard") { json in
            json.object("modelParameters") { json in
                if let architecture = model.architecture { json.member("modelArchitecture", architecture) }
                if !drops.isEmpty {
                    json.array("datasets") { json in
                        for drop in drops { json.object(inline: true) { $0.member("ref", graph.uri(of: drop.id)) } }
                    }
                }
            }
            let measurements = measurements(of: node)
            guard !measurements.isEmpty else { return }
            json.object("quantitativeAnalysis") { json in
                json.array("performanceMetrics") { json in
                    for measurement in measurements { write(measurement, &json) }
                }
            }
        }
    }

    private func measurements(of node: Node) -> [MeasurementFacts] {
        graph.outOf(node.id).compactMap { edge in
            guard edge.relation == .measured, case .measurement(let facts)? = graph[edge.target]?.facts else {
                return nil
            }
            return facts
        }
    }

    private func write(_ measurement: MeasurementFacts, _ json: inout JSONWriter) {
        json.object { json in
            json.member("type", "residual transfer")
            json.member("value", measurement.residual.map { "\($0)" } ?? "not measurable")
            json.member("slice", measurement.trait)
            guard let low = measurement.low, let high = measurement.high else { return }
            json.object("confidenceInterval", inline: true) { json in
                json.member("lowerBound", "\(low)")
                json.member("upperBound", "\(high)")
            }
        }
    }

    private func writeData(_ node: Node, _ json: inout JSONWriter) {
        json.array("data") { json in
            json.object { json in
                json.member("type", node.kind == .drop ? "dataset" : node.kind == .pack ? "configuration" : "other")
                json.member("name", node.name)
                let paths = (graph.locations[node.id] ?? []).map(\.path)
                guard !paths.isEmpty else { return }
                json.object("contents") { json in
                    json.array("properties") { json in
                        for path in paths { property("undertone:path", path, &json) }
                    }
                }
            }
        }
    }

    private func write(service node: Node, _ json: inout JSONWriter) {
        json.object { json in
            json.member("bom-ref", graph.uri(of: node.id))
            json.member("name", node.name)
            writeProperties(node, &json)
        }
    }

    // Facts of the thing, then those of what happened on the way to it.
    private func writeProperties(_ node: Node, _ json: inout JSONWriter) {
        json.array("properties") { json in
            property("undertone:kind", node.kind.rawValue, &json)
            property("undertone:recorded_at", node.recordedAt, &json)
            property("undertone:recorded_by", node.recordedBy, &json)
            facts(of: node, "undertone:", &json)
            for edge in graph.into(node.id) {
                guard let source = graph[edge.source] else { continue }
                if source.kind.isActivity {
                    let start = "undertone:\(source.kind.rawValue):"
                    property(start + "name", source.name, &json)
                    property(start + "relation", edge.relation.rawValue, &json)
                    facts(of: source, start, &json)
                } else {
                    property("undertone:\(edge.relation.rawValue)", graph.uri(of: source.id), &json)
                }
            }
            for taint in graph.standingTaints(of: node.id) { property("undertone:taint", taint.reason, &json) }
            for approval in graph.approvals(of: node.id) {
                property("undertone:approval:\(approval.role)", "\(approval.by): \(approval.reason)", &json)
            }
        }
    }

    private func facts(of node: Node, _ start: String, _ json: inout JSONWriter) {
        let list = FactList(node.facts)
        for fact in list.facts { property(start + fact.name, fact.value.text, &json) }
        guard let settingsName = list.settingsName else { return }
        for setting in list.settings { property("\(start)\(settingsName):\(setting.name)", setting.value, &json) }
    }

    private func property(_ name: String, _ value: String, _ json: inout JSONWriter) {
        json.object(inline: true) { json in
            json.member("name", name)
            json.member("value", value)
        }
    }
}
