// A lineage for programs: texts exactly as they are in the catalogue.

import UndertoneText

/// The version of the shape of lineage JSON; it grows where a member changes its meaning or goes away.
let lineageJSONSchema = 1

extension LineagePicture {
    /// Writes the picture as JSON, ending with a line end.
    package func writeJSON(to output: inout some TextOutputStream) {
        let graph = PictureGraph(self)
        var json = JSONWriter()
        json.object { json in
            json.member("schema", lineageJSONSchema)
            json.member("version", version)
            json.member("title", title)
            if let focus { json.member("focus", Int(focus)) }
            json.array("nodes") { json in
                for index in graph.nodes {
                    write(nodes[index], &json)
                    json.drain(into: &output)
                }
            }
            json.array("edges") { json in
                for link in graph.links {
                    json.object(inline: true) { json in
                        json.member("source", Int(nodes[graph.nodes[link.source]].id))
                        json.member("target", Int(nodes[graph.nodes[link.target]].id))
                        json.member("relation", edges[link.edge].label)
                    }
                    json.drain(into: &output)
                }
            }
            json.array("notes") { json in
                for note in notes { json.value(note) }
            }
        }
        json.drain(above: 0, into: &output)
        output.write("\n")
    }

    /// The JSON as one text.
    package var json: String {
        var text = ""
        writeJSON(to: &text)
        return text
    }

    private func write(_ node: Node, _ json: inout JSONWriter) {
        json.object { json in
            json.member("id", Int(node.id))
            json.member("kind", node.kind)
            json.member("name", node.title)
            json.member("summary", node.subtitle)
            json.facts(node.details)
            json.taints(node.taints)
            json.approvals(node.approvals)
        }
    }
}

extension JSONWriter {
    mutating func facts(_ facts: [LineageFact]) {
        array("facts") { json in
            for fact in facts {
                json.object(inline: true) { json in
                    json.member("name", fact.name)
                    json.member("value", fact.value)
                }
            }
        }
    }

    mutating func taints(_ taints: [TaintMark]) {
        member("taint", TaintState(taints).rawValue)
        array("taints") { json in
            for taint in taints {
                json.object { json in
                    json.member("reason", taint.reason)
                    json.member("by", taint.by)
                    json.member("at", taint.at)
                    json.array("path") { json in
                        for step in taint.path {
                            json.object(inline: true) { json in
                                if let label = step.label { json.member("relation", label) }
                                json.member("name", step.title)
                            }
                        }
                    }
                }
            }
        }
    }

    mutating func approvals(_ approvals: [ApprovalMark]) {
        array("approvals") { json in
            for approval in approvals {
                json.object(inline: true) { json in
                    json.member("role", approval.role)
                    json.member("by", approval.by)
                    json.member("at", approval.at)
                    json.member("reason", approval.reason)
                }
            }
        }
    }
}
