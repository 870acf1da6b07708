// license: the catalogue has a licence, and it is one of those that the policy names.

import UndertoneCore
import UndertoneLineage
import UndertoneReporting

struct LicenseClause: ItemClause {
    var name: String { ClauseKind.license.rawValue }
    var terms: Requirements.License
    var location: SourceLocation?

    func answer(_ node: Node, _ item: GateItem, _ context: GateContext) -> Answer {
        let license: String?
        switch node.facts {
        case .drop(let facts): license = facts.license
        case .model(let facts): license = facts.license
        default: license = nil
        }
        let kind = item.kind == .model ? "model" : "drop"
        guard let license, !license.isEmpty else {
            return Answer(
                status: .fail, detail: "no licence is recorded for \(context.label(node))",
                evidence: [context.entry(node)],
                mend: "record it: undertone lineage add \(kind) \(shellWord(node.name)) --license SPDX-ID")
        }
        var entry = context.entry(node)
        entry.facts.append(.init("license", license))
        switch terms {
        case .any:
            return Answer(status: .pass, detail: "the licence is \(license)", evidence: [entry])
        case .oneOf(let known):
            // SPDX identifiers are compared without regard to case (SPDX specification 2.3, annex D).
            let holds = known.contains { $0.lowercased() == license.lowercased() }
            return Answer(
                status: holds ? .pass : .fail,
                detail: "the licence is \(license)"
                    + (holds ? "" : "; the policy allows \(known.joined(separator: ", "))"),
                evidence: [entry], mend: holds ? nil : "leave it out, or allow this licence in the policy")
        }
    }
}
