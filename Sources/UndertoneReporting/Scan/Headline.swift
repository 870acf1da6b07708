// What every format says in the same words: the verdict, its causes, and the totals.

import UndertoneCore
import UndertoneText

extension ScanReport {
    /// The figures behind the verdict, or what made the gate say no, in one line. Safe to show.
    var summary: String {
        let counts = "\(grouped(kept)) of \(counted(records, "record")) kept, \(grouped(rejected)) rejected"
        if passed { return counts }
        let causes = self.causes
        guard let first = causes.first else { return "the gate says no; \(counts)" }
        return first.text + (causes.count > 1 ? "; and \(counted(causes.count - 1, "more reason"))" : "")
    }

    /// All counts in one clause.
    var totals: String {
        "\(counted(records, "record")), \(grouped(kept)) kept, \(grouped(rejected)) rejected, "
            + "\(grouped(flagged)) flagged, \(grouped(malformed)) malformed"
    }

    /// Why the gate said no: failed clauses, rules that fail the gate where no clause speaks of them, inputs that were not
    /// read to their end. Safe to show. Empty where the gate passed.
    var causes: [Cause] {
        if passed { return [] }
        var causes = clauses.filter { !$0.passed }.map { Cause(clause: $0) }
        for rule in rules where failsGate(rule) && !clauses.contains(where: { $0.speaks(of: rule.id) }) {
            let detail = "\(counted(rule.hits, "record")) met, and this rule fails the gate"
            causes.append(Cause(subject: visible(rule.id, limit: 120), detail: detail))
        }
        for input in inputs {
            guard let problem = input.problem else { continue }
            let subject = input.path == "-" ? "standard input" : visible(input.path, limit: 200)
            causes.append(Cause(subject: subject, detail: visible(problem)))
        }
        return causes
    }

    /// Something that the gate said no to, or yes, and the figures of it.
    struct Cause {
        var subject: String
        var detail: String
        var text: String { "\(subject): \(detail)" }

        init(subject: String, detail: String) {
            self.subject = subject
            self.detail = detail
        }

        init(clause: Clause) {
            self.init(subject: visible(clause.name, limit: 120), detail: visible(clause.detail))
        }
    }

    /// Whether the rule's action is `fail` and it met something.
    func failsGate(_ rule: RuleTally) -> Bool { rule.action == Action.fail.name && rule.hits > 0 }

    /// How many findings are not among the `shown` ones, as a sentence; `nil` where none is left out.
    func leftOut(shown: Int) -> String? {
        let total = samples.count + omittedSamples
        guard shown < total else { return nil }
        return "\(grouped(shown)) of \(counted(total, "finding")) shown, \(grouped(total - shown)) left out"
    }
}

extension ScanReport.Clause {
    /// Whether the clause's name holds the rule's id as a word: `max-findings numbers/taboo`.
    func speaks(of id: String) -> Bool { name.split(separator: " ").contains { $0 == id } }
}

extension ScanReport.Masks {
    /// How many tokens are masked, in a clause.
    var share: String {
        let masked =
            "\(grouped(tokensMasked)) of \(counted(tokens, "token")) no longer count in the loss, "
            + percent(tokensMasked, of: tokens)
        return tokensWeighed == 0 ? masked : masked + "; \(grouped(tokensWeighed)) count with another weight"
    }

    /// What a reader of the kept data must know.
    package var notes: [String] {
        guard records > 0 else { return [] }
        var notes = [
            "\(counted(records, "kept record")) got a loss mask; undertone restore --strip-masks takes added ones off"
        ]
        if combined > 0 {
            notes.append(
                "\(counted(combined, "mask")) of them stood in the drop already, and what they were before is not kept")
        }
        return notes
    }
}

extension ScanReport.RuleTally {
    /// The tally of the records that no rule could look at, ready for ``ScanReport/rules``.
    ///
    /// - Parameter reasons: records by ``Malformation/reason``.
    public static func malformed(
        hits: Int, reasons: [(name: String, count: Int)], suppressed: Int = 0
    ) -> ScanReport.RuleTally {
        ScanReport.RuleTally(
            id: "undertone/malformed", kind: "malformed", description: "A record that could not be read.",
            why: "A rule can't vouch for what it could not look at, so such a record is rejected, never kept.",
            action: Action.reject.name, hits: hits, reasons: reasons, suppressed: suppressed)
    }
}

extension ScanReport.Sample {
    /// What the reason means, where it is one of a malformed record.
    var explanation: String? { Malformation.allCases.first { $0.reason == reason }?.explanation }
}

extension ScanReport {
    /// The sample's rule, if its index is one.
    func rule(of sample: Sample) -> RuleTally? {
        rules.indices.contains(sample.rule) ? rules[sample.rule] : nil
    }

    /// The sample's input, if its index is one.
    func input(of sample: Sample) -> Input? {
        inputs.indices.contains(sample.input) ? inputs[sample.input] : nil
    }
}
