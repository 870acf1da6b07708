// What every format of the gate's report says in the same words.

import UndertoneText

extension GateReport {
    /// Clauses that block, then those that are not known and may be, then those that hold; each in the policy's order.
    var clausesByWeight: [Clause] {
        clauses.filter { $0.status == .fail } + clauses.filter { $0.status == .notKnown && !$0.isAllowed }
            + clauses.filter { $0.status == .notKnown && $0.isAllowed } + clauses.filter { $0.status == .pass }
    }

    /// The clauses as people should read them: those of one subject that have the same answer for the same reason are one.
    var groups: [Group] {
        var groups: [Group] = []
        var places: [Clause: Int] = [:]
        for clause in clausesByWeight {
            var key = clause
            key.name = ""
            key.place = nil
            if let place = places[key] {
                groups[place].names.append(clause.name)
            } else {
                places[key] = groups.count
                groups.append(Group(names: [clause.name], clause: clause))
            }
        }
        return groups
    }

    /// Clauses with one answer.
    struct Group {
        var names: [String]
        /// The first of them.
        var clause: Clause

        /// `teacher, license`. Safe to show.
        var title: String { names.prefix(20).map { visible($0, limit: 120) }.joined(separator: ", ") }
    }

    /// The figures behind the verdict in one line, with the first thing that blocks. Safe to show.
    var summary: String {
        guard let first = clausesByWeight.first else { return "nothing was checked" }
        if passed {
            return allowed == 0
                ? "\(counted(held, "clause")) \(held == 1 ? "holds" : "hold")"
                : "\(grouped(held)) of \(counted(clauses.count, "clause")) hold, \(notKnownText), which the policy allows"
        }
        return "\(counts): \(first.title)"
    }

    /// How many clauses fail, are not known, and hold.
    var counts: String {
        let failed = clauses.filter { $0.status == .fail }.count
        var parts: [String] = []
        if failed > 0 {
            parts.append("\(grouped(failed)) of \(counted(clauses.count, "clause")) \(failed == 1 ? "fails" : "fail")")
        }
        if clauses.contains(where: { $0.status == .notKnown }) {
            parts.append(parts.isEmpty ? "\(notKnownText) of \(counted(clauses.count, "clause"))" : notKnownText)
        }
        if parts.isEmpty { parts.append("\(counted(held, "clause")) \(held == 1 ? "holds" : "hold")") }
        return parts.joined(separator: ", ")
    }

    private var held: Int { clauses.filter { $0.status == .pass }.count }
    private var allowed: Int { clauses.filter { $0.status == .notKnown && $0.isAllowed }.count }
    private var notKnownText: String {
        let count = clauses.filter { $0.status == .notKnown }.count
        return "\(grouped(count)) \(count == 1 ? "is" : "are") not known"
    }
}

extension GateReport.Clause {
    /// `no-tainted-ancestor, model student-2`. Safe to show.
    var title: String { "\(visible(name, limit: 120)), \(subject.title)" }

    /// `failed`, `not known`, `not known, allowed`, `passed`.
    var outcome: String {
        switch status {
        case .fail: "failed"
        case .notKnown: isAllowed ? "not known, allowed" : "not known"
        case .pass: "passed"
        }
    }
}

extension GateReport.Subject {
    /// `model student-2`. Safe to show.
    var title: String { "\(kind.rawValue) \(visible(name, limit: 200))" }
}

extension GateReport {
    /// Where the verdict comes from, by name.
    var origins: [(name: String, value: String)] {
        var rows = [(name: "policy", value: policy)]
        if let policyDigest { rows.append(("sha256", policyDigest)) }
        rows.append(("lineage", lineage ?? "none"))
        rows.append(("decided", decidedAt))
        rows.append(("version", version))
        return rows
    }
}

extension GateReport.Evidence {
    /// All but the digest in one line. Safe to show.
    var line: String { pieces.joined(separator: " ") }

    /// ``line`` in pieces that should stay whole: words, or the stops of a way and a remark's words.
    var pieces: [String] {
        guard steps.isEmpty else {
            return steps.flatMap { step in
                wayPieces(step.name, step.relation, arrow: "←")
                    + (step.remark.map { words("(\(visible($0, limit: 300)))") } ?? [])
            }
        }
        let figures = facts.map { "\($0.name.replacing("_", with: " ")) \(visible($0.value, limit: 300))" }
        let text = visible(text, limit: 300)
        return words(figures.isEmpty ? text : "\(text): \(figures.joined(separator: ", "))")
    }
}
