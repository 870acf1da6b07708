// What every rule saw in one record.

import UndertoneText

/// What every rule saw in one record, for `--explain`. All its text is untrusted.
public struct RecordExplanation: Sendable {
    /// What one rule saw in one field.
    public struct View: Sendable {
        /// The rule's full name, `pack/name`.
        public var rule: String
        /// What the rule does to a record that it meets: `flag`, `reject` or `fail`.
        public var action: String
        /// JSON Pointer of the field; `nil` where no field of the record is the rule's.
        public var field: String?
        /// What the rule saw, in a sentence.
        public var saw: String
        /// Reasons and byte spans of its findings.
        public var findings: [(reason: String, span: Range<Int>)]
        /// Whether the rule can't answer here, since one record alone says too little.
        public var isUndecided = false

        /// A rule that can't answer here.
        public static func undecided(rule: String, action: String, saw: String) -> View {
            var view = View(rule: rule, action: action, field: nil, saw: saw, findings: [])
            view.isUndecided = true
            return view
        }

        /// What one rule saw in one field.
        public init(
            rule: String, action: String, field: String?, saw: String, findings: [(reason: String, span: Range<Int>)]
        ) {
            self.rule = rule
            self.action = action
            self.field = field
            self.saw = saw
            self.findings = findings
        }
    }

    /// The input as the user named it; `-` for standard input.
    public var path: String
    /// The record's line, from 1; in a JSON array its element, from 1.
    public var line: Int
    /// `keep`, `flag` or `reject`.
    public var verdict: String
    /// Why nothing could be looked at, if so.
    public var malformed: String?
    /// The fields: JSON Pointer, what they are, and their text cut to 400 bytes.
    public var fields: [(pointer: String, kind: String, text: String)]
    /// What the rules saw, in the order of the rule set; one entry for every field that a rule looks at.
    public var views: [View]

    /// What every rule saw in one record.
    public init(
        path: String, line: Int, verdict: String, malformed: String?,
        fields: [(pointer: String, kind: String, text: String)], views: [View]
    ) {
        self.path = path
        self.line = line
        self.verdict = verdict
        self.malformed = malformed
        self.fields = fields
        self.views = views
    }
}

extension RecordExplanation {
    /// The explanation for a terminal.
    package func text(_ style: TextStyle) -> String {
        var lines = ["\(visible(path)):\(line)  \(verdict)"]
        if let malformed { lines.append("  malformed: \(malformed)") }
        for field in fields {
            lines += ["", "  \(field.pointer.isEmpty ? "the line" : visible(field.pointer))  (\(field.kind))"]
            lines.append("    " + clipped(visible(field.text), to: max(20, style.width - 4)))
        }
        let width = views.map(\.rule.count).max() ?? 0
        if !views.isEmpty { lines.append("") }
        for view in views {
            let name = view.rule + String(repeating: " ", count: width - view.rule.count)
            let verdict = view.isUndecided ? "open" : view.findings.isEmpty ? "passes" : view.action
            let place = view.field.map { $0.isEmpty ? "" : visible($0) + ": " } ?? ""
            lines.append("  \(name)  \(verdict)  \(place)\(visible(view.saw))")
            for finding in view.findings {
                lines.append(
                    "  \(String(repeating: " ", count: width))    \(finding.reason), bytes \(finding.span.lowerBound) to "
                        + "\(finding.span.upperBound)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
