// The gate's report for programs; docs/gate-report.md describes every member.

import UndertoneText

/// The version of this shape; it grows where a member changes its meaning or goes away.
let gateReportSchema = 1

/// Writes the JSON report: every clause, with all of its evidence.
func writeGateJSON(_ report: GateReport, to output: inout some TextOutputStream) {
    var json = JSONWriter()
    json.object { json in
        json.member("schema", gateReportSchema)
        json.member("version", report.version)
        json.member("passed", report.passed)
        json.member("decided_at", report.decidedAt)
        json.object("policy", inline: true) { json in
            json.member("path", report.policy)
            json.member("sha256", report.policyDigest)
        }
        json.member("lineage", report.lineage)
        json.object("counts", inline: true) { json in
            json.member("clauses", report.clauses.count)
            for status in GateReport.Status.allCases {
                json.member(status.memberName, report.clauses.filter { $0.status == status }.count)
            }
            json.member("blocking", report.clauses.filter(\.blocks).count)
        }
        json.array("clauses") { json in
            for clause in report.clauses {
                write(clause, &json)
                json.drain(into: &output)
            }
        }
        json.array("notes") { json in
            for note in report.notes { json.value(note) }
        }
    }
    json.drain(above: 0, into: &output)
    output.write("\n")
}

extension GateReport.Status {
    fileprivate var memberName: String {
        switch self {
        case .pass: "passed"
        case .fail: "failed"
        case .notKnown: "not_known"
        }
    }
}

private func write(_ clause: GateReport.Clause, _ json: inout JSONWriter) {
    json.object { json in
        json.member("clause", clause.name)
        json.object("subject", inline: true) { json in
            json.member("kind", clause.subject.kind.rawValue)
            json.member("name", clause.subject.name)
        }
        json.member("status", clause.status.rawValue)
        json.member("allowed", clause.isAllowed)
        json.member("blocks", clause.blocks)
        json.member("detail", clause.detail)
        json.member("mend", clause.mend)
        if let place = clause.place {
            json.member("line", place.line)
            json.member("column", place.column)
        }
        json.array("evidence") { json in
            for evidence in clause.evidence { write(evidence, &json) }
        }
    }
}

private func write(_ evidence: GateReport.Evidence, _ json: inout JSONWriter) {
    json.object(inline: true) { json in
        json.member("kind", evidence.kind.rawValue)
        json.member("text", evidence.text)
        json.member("sha256", evidence.sha256)
        if !evidence.facts.isEmpty {
            json.object("facts") { json in
                for fact in evidence.facts { json.member(fact.name, fact.value) }
            }
        }
        if !evidence.steps.isEmpty {
            json.array("steps") { json in
                for step in evidence.steps {
                    json.object { json in
                        json.member("name", step.name)
                        json.member("relation", step.relation)
                        json.member("remark", step.remark)
                    }
                }
            }
        }
    }
}
