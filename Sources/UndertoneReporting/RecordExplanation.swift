// What every rule saw in one record.

/// What every rule saw in one record, for `--explain`. All its text is untrusted.
public struct RecordExplanation: Sendable {
    /// What one rule saw in one field.
    public struct View: Sendable {
        public var rule: String
        public var action: String
        /// JSON Pointer of the field; `nil` where no field of the record is the rule's.
        public var field: String?
        /// What the rule saw, in a sentence.
        public var saw: String
        /// Reasons and byte spans of its findings.
        public var findings: [(reason: String, span: Range<Int>)]

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

    public var path: String
    public var line: Int
    /// `keep`, `flag` or `reject`.
    public var verdict: String
    /// Why nothing could be looked at, if so.
    public var malformed: String?
    /// The fields: JSON Pointer, what they are, and their text cut to 400 bytes.
    public var fields: [(pointer: String, kind: String, text: String)]
    public var views: [View]

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
