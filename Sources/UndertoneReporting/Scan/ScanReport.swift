// What a scan found, as one value; every report format is a function of it.

public import UndertoneStatistics

/// What a scan found: counts, rules, inputs, outputs, the gate's clauses, and a bounded number of findings.
public struct ScanReport: Sendable {
    /// A rule and how often it met a record.
    public struct RuleTally: Sendable {
        /// `pack/name`; `undertone/malformed` for records that no rule could look at.
        public var id: String
        /// The rule kind's name in rule packs.
        public var kind: String
        /// What the rule finds, in one line.
        public var description: String
        /// Why it matters.
        public var why: String?
        /// Where the rule comes from.
        public var source: String?
        /// `flag`, `reject` or `fail`.
        public var action: String
        /// Words to group rules by.
        public var tags: [String]
        /// SHA-256 of the rule's canonical form.
        public var digest: String
        /// Records with at least one finding of this rule.
        public var hits: Int
        /// Findings by reason, reasons in the order of the rule.
        public var reasons: [(name: String, count: Int)]
        /// Records that a baseline let pass.
        public var suppressed: Int

        /// A tally, without hits unless said.
        public init(
            id: String, kind: String, description: String, why: String? = nil, source: String? = nil,
            action: String, tags: [String] = [], digest: String = "", hits: Int = 0,
            reasons: [(name: String, count: Int)] = [], suppressed: Int = 0
        ) {
            self.id = id
            self.kind = kind
            self.description = description
            self.why = why
            self.source = source
            self.action = action
            self.tags = tags
            self.digest = digest
            self.hits = hits
            self.reasons = reasons
            self.suppressed = suppressed
        }
    }

    /// One input and what was read of it.
    public struct Input: Sendable {
        /// As the user named it, or as it was found in a folder; `-` for standard input.
        public var path: String
        /// Of the bytes as they were stored, as `sha256sum` prints it; `nil` where digests were switched off.
        public var sha256: String?
        /// Bytes as stored.
        public var bytes: Int
        /// Records read, malformed ones included.
        public var records: Int
        /// `json-lines`, `json-array` or `text`.
        public var format: String
        /// `none`, `gzip` or `zstd`.
        public var compression: String
        /// What went wrong, if anything: such an input makes the gate fail.
        public var problem: String?

        /// An input, empty unless said.
        public init(
            path: String, sha256: String? = nil, bytes: Int = 0, records: Int = 0, format: String = "json-lines",
            compression: String = "none", problem: String? = nil
        ) {
            self.path = path
            self.sha256 = sha256
            self.bytes = bytes
            self.records = records
            self.format = format
            self.compression = compression
            self.problem = problem
        }
    }

    /// A file that the scan wrote.
    public struct Output: Sendable {
        /// `kept` or `rejected`.
        public var role: String
        /// As the user named it.
        public var path: String
        /// Of the bytes as stored.
        public var sha256: String?
        /// Bytes as stored.
        public var bytes: Int
        /// Records written.
        public var records: Int
        /// `none`, `gzip` or `zstd`.
        public var compression: String

        /// A file that was written.
        public init(
            role: String, path: String, sha256: String? = nil, bytes: Int, records: Int, compression: String
        ) {
            self.role = role
            self.path = path
            self.sha256 = sha256
            self.bytes = bytes
            self.records = records
            self.compression = compression
        }
    }

    /// A rule pack that took part.
    public struct Pack: Sendable {
        /// The pack's id.
        public var name: String
        /// The pack's own version.
        public var version: String?
        /// SHA-256 of the pack's text and of all that it includes.
        public var digest: String

        /// A pack that took part.
        public init(name: String, version: String? = nil, digest: String) {
            self.name = name
            self.version = version
            self.digest = digest
        }
    }

    /// Loss masks that rules gave to kept records.
    public struct Masks: Sendable {
        /// Kept records that got a mask, or another one than they had.
        public var records = 0
        /// Those of them that had a mask already; tokens that did not count before don't count now.
        public var combined = 0
        /// Tokens of the completions that were looked at and are kept, the end of each counted.
        public var tokens = 0
        /// Those of them that no longer count in the loss.
        public var tokensMasked = 0
        /// Those of them that count with another weight than before.
        public var tokensWeighed = 0

        /// No masks.
        public init() {}
    }

    /// One condition of the gate.
    public struct Clause: Sendable {
        /// `max-reject-rate`, `max-findings numbers/taboo`, `has-records`, …
        public var name: String
        /// Whether the condition held.
        public var passed: Bool
        /// A sentence with the figures: what was found and what the bound was.
        public var detail: String

        /// A condition and its answer.
        public init(name: String, passed: Bool, detail: String) {
            self.name = name
            self.passed = passed
            self.detail = detail
        }
    }

    /// A finding made ready for people. All its text is untrusted.
    public struct Sample: Sendable {
        /// Index in ``rules``.
        public var rule: Int
        /// One of the rule's reasons.
        public var reason: String
        /// Index in ``inputs``.
        public var input: Int
        /// From 1.
        public var line: Int
        /// Bytes in the raw line, from 1; `nil` where no single place can be shown.
        public var columns: Range<Int>?
        /// The same place in Unicode code points, from 1; `nil` where nobody counted them. SARIF needs these.
        public var characterColumns: Range<Int>?
        /// JSON Pointer of the field, "" for a text line.
        public var field: String
        /// Byte offsets in the decoded field.
        public var span: Range<Int>
        /// The field's text around the span, cut to at most 160 bytes; empty where excerpts are withheld.
        public var excerpt: String
        /// Where the span lies in ``excerpt``, in bytes of UTF-8.
        public var excerptSpan: Range<Int>
        /// Named groups of a regular expression.
        public var groups: [(name: String, text: String)]

        /// A finding made ready for people.
        public init(
            rule: Int, reason: String, input: Int, line: Int, columns: Range<Int>?,
            characterColumns: Range<Int>? = nil, field: String, span: Range<Int>, excerpt: String,
            excerptSpan: Range<Int>, groups: [(name: String, text: String)] = []
        ) {
            self.rule = rule
            self.reason = reason
            self.input = input
            self.line = line
            self.columns = columns
            self.characterColumns = characterColumns
            self.field = field
            self.span = span
            self.excerpt = excerpt
            self.excerptSpan = excerptSpan
            self.groups = groups
        }
    }

    /// The program's version.
    public var version: String
    /// SHA-256 of the program's own file; `nil` where digests were switched off.
    public var programDigest: String?
    /// Rule packs that took part.
    public var packs: [Pack] = []
    /// Records read; ``kept`` and ``rejected`` add up to it.
    public var records = 0
    /// Records that went to the kept data, flagged ones included.
    public var kept = 0
    /// Records that went to the rejected data, malformed ones included.
    public var rejected = 0
    /// Records that are kept and have a finding all the same.
    public var flagged = 0
    /// Records that could not be looked at; part of ``rejected``.
    public var malformed = 0
    /// Lines without anything but white space; they are no records.
    public var blankLines = 0
    /// Bytes of all inputs, decompressed.
    public var bytes = 0
    /// Wall time.
    public var seconds = 0.0
    /// Every rule that was active, also those that met nothing.
    public var rules: [RuleTally] = []
    /// In the order in which they were read.
    public var inputs: [Input] = []
    /// Files that were written.
    public var outputs: [Output] = []
    /// The gate's conditions.
    public var clauses: [Clause] = []
    /// The first findings, in the order of the input, at least some of every rule.
    public var samples: [Sample] = []
    /// Findings that are counted and not in ``samples``.
    public var omittedSamples = 0
    /// Records that a baseline let pass.
    public var suppressed = 0
    /// What rules masked; `nil` where no rule masks tokens.
    public var masks: Masks?
    /// What judges said, rule by rule; empty where no rule asks one.
    public var judging: [Judging] = []
    /// Things worth saying that change no verdict: an unused suppression, a folder's skipped files.
    public var notes: [String] = []
    /// The gate's answer: every clause passed and every input was read to its end.
    public var passed = true

    /// A report of nothing, to be filled in.
    public init(version: String) { self.version = version }

    /// The share of records that were rejected, with its 95 % Wilson interval.
    public var rejectRate: (share: Double, interval: Interval) {
        let share = records == 0 ? 0 : Double(rejected) / Double(records)
        return (share, wilsonInterval(successes: rejected, trials: records))
    }
}
