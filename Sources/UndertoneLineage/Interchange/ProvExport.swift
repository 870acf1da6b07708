// W3C PROV-JSON: things are entities, what happened are activities, who recorded, tainted and approved are agents.
// www.w3.org/submissions/prov-json, www.w3.org/TR/prov-dm

import UndertoneText

struct ProvExport {
    let graph: ExchangeGraph
    let version: String

    // A relation of PROV with its attributes, all of them qualified names or checked times.
    private typealias Statement = [(name: String, value: String)]

    func text() -> String {
        var json = JSONWriter()
        json.object { json in
            json.object("prefix") { json in
                json.member("node", "urn:uuid:")
                json.member("undertone", "urn:undertone:vocabulary:v1:")
            }
            json.object("entity") { json in
                for node in graph.nodes where !node.kind.isActivity { write(node, &json) }
            }
            json.object("activity") { json in
                for node in graph.nodes where node.kind.isActivity { write(node, &json) }
                for taint in graph.taints { write(taint, &json) }
                for approval in graph.approvals { write(approval, &json) }
            }
            writeAgents(&json)
            writeEdges(&json)
            writePeople(&json)
        }
        return json.text
    }

    // MARK: - Names

    // Local parts are UUIDs, so that no name from outside is ever part of a qualified name.
    private func name(_ id: NodeID) -> String { "node:" + graph.uuid(of: id) }

    private func name(ofAgent agent: String) -> String {
        "node:" + ExchangeIdentity.uuid(ExchangeIdentity.digest(["agent", agent]))
    }

    private func name(_ taint: Taint) -> String {
        "node:"
            + ExchangeIdentity.uuid(
                ExchangeIdentity.digest([
                    "taint", String(taint.id), graph.uuid(of: taint.node), taint.at, taint.by, taint.reason,
                ]))
    }

    private func name(_ approval: Approval) -> String {
        "node:"
            + ExchangeIdentity.uuid(
                ExchangeIdentity.digest([
                    "approval", String(approval.id), graph.uuid(of: approval.node), approval.at, approval.by,
                    approval.role,
                ]))
    }

    // MARK: - Entities, activities, agents

    private func write(_ node: Node, _ json: inout JSONWriter) {
        json.object(name(node.id)) { json in
            type(node.kind.rawValue, &json)
            json.member("prov:label", node.name)
            if let digest = node.digest { json.member("undertone:sha256", digest) }
            moment("undertone:recordedAt", node.recordedAt, &json)
            let list = FactList(node.facts)
            for fact in list.facts {
                json.key("undertone:" + fact.name)
                switch fact.value {
                case .text(let text): json.value(text)
                case .integer(let number): json.value(number)
                case .truth(let truth): json.value(truth)
                case .number(let number): literal("\(number)", "xsd:double", &json)
                }
            }
            if let settingsName = list.settingsName, !list.settings.isEmpty {
                json.array("undertone:" + settingsName) { json in
                    for setting in list.settings { json.value("\(setting.name)=\(setting.value)") }
                }
            }
            let paths = (graph.locations[node.id] ?? []).map(\.path)
            if !paths.isEmpty { json.member("prov:location", paths) }
        }
    }

    private func write(_ taint: Taint, _ json: inout JSONWriter) {
        json.object(name(taint)) { json in
            type("taint", &json)
            json.member("prov:label", "taint")
            time("prov:startTime", taint.at, &json)
            if let lifted = taint.lifted {
                time("prov:endTime", lifted.at, &json)
                json.member("undertone:liftedBecause", lifted.reason)
            }
            json.member("undertone:reason", taint.reason)
        }
    }

    private func write(_ approval: Approval, _ json: inout JSONWriter) {
        json.object(name(approval)) { json in
            type("approval", &json)
            json.member("prov:label", "approval")
            time("prov:startTime", approval.at, &json)
            time("prov:endTime", approval.at, &json)
            json.member("undertone:role", approval.role)
            json.member("undertone:reason", approval.reason)
            json.member("undertone:isSigned", approval.envelope != nil)
        }
    }

    private func writeAgents(_ json: inout JSONWriter) {
        let people =
            graph.nodes.map(\.recordedBy) + graph.approvals.map(\.by)
            + graph.taints.flatMap { [$0.by] + [$0.lifted?.by].compactMap(\.self) }
        // By name, since texts that differ in nothing but normalisation are two agents.
        let agents = Dictionary(people.map { (name(ofAgent: $0), $0) }) { first, _ in first }
        json.object("agent") { json in
            for (name, person) in agents.sorted(by: { $0.key < $1.key }) {
                json.object(name) { $0.member("prov:label", person) }
            }
            json.object(programName) { json in
                json.object("prov:type", inline: true) { json in
                    json.member("$", "prov:SoftwareAgent")
                    json.member("type", "prov:QUALIFIED_NAME")
                }
                json.member("prov:label", "undertone \(version)")
            }
        }
    }

    private var programName: String { "undertone:program" }

    // MARK: - Relations

    private func writeEdges(_ json: inout JSONWriter) {
        var used: [Statement] = []
        var generated: [Statement] = []
        var derived: [Statement] = []
        for edge in graph.edges {
            let source = name(edge.source)
            let target = name(edge.target)
            if graph[edge.target]?.kind.isActivity == true {
                used.append([("prov:activity", target), ("prov:entity", source), ("role", edge.relation.rawValue)])
            } else if graph[edge.source]?.kind.isActivity == true {
                generated.append([("prov:entity", target), ("prov:activity", source), ("role", edge.relation.rawValue)])
            } else {
                derived.append([
                    ("prov:generatedEntity", target), ("prov:usedEntity", source), ("kind", edge.relation.rawValue),
                ])
            }
        }
        var informed: [Statement] = []
        func note(_ said: String, of node: NodeID, _ role: String) {
            if graph[node]?.kind.isActivity == true {
                informed.append([("prov:informed", said), ("prov:informant", name(node)), ("kind", role)])
            } else {
                used.append([("prov:activity", said), ("prov:entity", name(node)), ("role", role)])
            }
        }
        for taint in graph.taints { note(name(taint), of: taint.node, "tainted") }
        for approval in graph.approvals { note(name(approval), of: approval.node, "approved") }
        write("used", used, &json)
        write("wasGeneratedBy", generated, &json)
        write("wasDerivedFrom", derived, &json)
        write("wasInformedBy", informed, &json)
    }

    private func writePeople(_ json: inout JSONWriter) {
        var associated: [Statement] = []
        var attributed: [Statement] = []
        for node in graph.nodes {
            let agent = ("prov:agent", name(ofAgent: node.recordedBy))
            if node.kind.isActivity {
                associated.append([("prov:activity", name(node.id)), agent, ("role", "recorded-by")])
                if node.kind == .scan {
                    associated.append([("prov:activity", name(node.id)), ("prov:agent", programName), ("role", "ran")])
                }
            } else {
                attributed.append([("prov:entity", name(node.id)), agent, ("kind", "recorded-by")])
            }
        }
        for taint in graph.taints {
            associated.append([
                ("prov:activity", name(taint)), ("prov:agent", name(ofAgent: taint.by)), ("role", "tainted-by"),
            ])
            if let lifted = taint.lifted {
                associated.append([
                    ("prov:activity", name(taint)), ("prov:agent", name(ofAgent: lifted.by)), ("role", "lifted-by"),
                ])
            }
        }
        for approval in graph.approvals {
            associated.append([
                ("prov:activity", name(approval)), ("prov:agent", name(ofAgent: approval.by)), ("role", "approved-by"),
            ])
        }
        write("wasAssociatedWith", associated, &json)
        write("wasAttributedTo", attributed, &json)
    }

    private func write(_ relation: String, _ statements: [Statement], _ json: inout JSONWriter) {
        guard !statements.isEmpty else { return }
        json.object(relation) { json in
            for (index, statement) in statements.enumerated() {
                json.object("_:\(relation)\(index + 1)") { json in
                    for attribute in statement {
                        switch attribute.name {
                        case "role": json.member("prov:role", attribute.value)
                        case "kind": type(attribute.value, &json)
                        default: json.member(attribute.name, attribute.value)
                        }
                    }
                }
            }
        }
    }

    // MARK: - Values

    // `name` is one of ours.
    private func type(_ name: String, _ json: inout JSONWriter) {
        json.object("prov:type", inline: true) { json in
            json.member("$", "undertone:" + name)
            json.member("type", "prov:QUALIFIED_NAME")
        }
    }

    private func literal(_ text: String, _ type: String, _ json: inout JSONWriter) {
        json.object(inline: true) { json in
            json.member("$", text)
            json.member("type", type)
        }
    }

    private func moment(_ name: String, _ text: String, _ json: inout JSONWriter) {
        json.key(name)
        literal(text, "xsd:dateTime", &json)
    }

    private func time(_ name: String, _ text: String, _ json: inout JSONWriter) {
        if Moment(text) != nil { json.member(name, text) }
    }
}
