// What the gate decided about data and models, and on what evidence, as one value; every format is a function of it.

/// The answer to "may we train on it?": clauses, each with its evidence. All texts in it are untrusted.
public struct GateReport: Sendable, Equatable {
    /// What is known about a clause.
    public enum Status: String, Sendable, CaseIterable {
        /// It holds.
        case pass
        /// It does not hold.
        case fail
        /// Nobody can say; the gate says no unless the policy allows that.
        case notKnown = "not-known"
    }

    /// What a clause is about.
    public struct Subject: Sendable, Hashable {
        /// `policy`, `drop` or `model`.
        public enum Kind: String, Sendable { case policy, drop, model }

        /// What it is.
        public var kind: Kind
        /// As the policy names it.
        public var name: String

        /// A subject.
        public init(_ kind: Kind, _ name: String) {
            self.kind = kind
            self.name = name
        }
    }

    /// A fact that a clause rests on.
    public struct Evidence: Sendable, Hashable {
        /// What sort of fact it is.
        public enum Kind: String, Sendable, CaseIterable {
            /// A file that was read.
            case file
            /// An entry of the catalogue.
            case entry
            /// A scan: one that the gate ran, or one of the catalogue.
            case scan
            /// A way through the graph, from what is judged back to where it comes from.
            case path
            /// Somebody answers for it.
            case approval
            /// Residual transfer that was measured.
            case measurement
            /// Somebody looked at it, or at an item of it.
            case review
            /// A comparison with a reference that the gate made.
            case comparison
        }

        /// One entry on a path.
        public struct Step: Sendable, Hashable {
            /// The entry's name.
            public var name: String
            /// How the entry before this one came from it; `nil` for the first one.
            public var relation: String?
            /// What is wrong with it: `tainted 2026-11-21 by alice: "…"`.
            public var remark: String?

            /// A step.
            public init(_ name: String, relation: String? = nil, remark: String? = nil) {
                self.name = name
                self.relation = relation
                self.remark = remark
            }
        }

        /// A figure or a word with a name.
        public struct Fact: Sendable, Hashable {
            /// Small letters, digits and underscores; it becomes a member of the JSON report.
            public var name: String
            /// The value as text.
            public var value: String

            /// A fact.
            public init(_ name: String, _ value: String) {
                self.name = name
                self.value = value
            }
        }

        /// What sort of fact it is.
        public var kind: Kind
        /// What it is, in a few words: a path, a name, `scan 12`.
        public var text: String
        /// SHA-256 of the file or entry.
        public var sha256: String?
        /// Figures, in the order in which people should read them.
        public var facts: [Fact]
        /// The way, for ``Kind/path``.
        public var steps: [Step]

        /// A fact.
        public init(
            _ kind: Kind, _ text: String, sha256: String? = nil, facts: [Fact] = [], steps: [Step] = []
        ) {
            self.kind = kind
            self.text = text
            self.sha256 = sha256
            self.facts = facts
            self.steps = steps
        }
    }

    /// A place in the policy's file.
    public struct Place: Sendable, Hashable {
        /// From 1.
        public var line: Int
        /// In Unicode code points, from 1.
        public var column: Int

        /// A place.
        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// One condition and its answer.
    public struct Clause: Sendable, Hashable {
        /// `teacher`, `no-tainted-ancestor`, `scan/max-reject-rate`, …
        public var name: String
        /// What it is about.
        public var subject: Subject
        /// Whether it holds.
        public var status: Status
        /// Whether the policy lets it be not known.
        public var isAllowed: Bool
        /// A sentence with the figures.
        public var detail: String
        /// What it rests on.
        public var evidence: [Evidence]
        /// What to do where it does not hold.
        public var mend: String?
        /// Where the policy asks for it.
        public var place: Place?

        /// A condition and its answer.
        public init(
            _ name: String, _ subject: Subject, _ status: Status, isAllowed: Bool = false, detail: String,
            evidence: [Evidence] = [], mend: String? = nil, place: Place? = nil
        ) {
            self.name = name
            self.subject = subject
            self.status = status
            self.isAllowed = isAllowed
            self.detail = detail
            self.evidence = evidence
            self.mend = mend
            self.place = place
        }

        /// Whether the gate says no because of it.
        public var blocks: Bool { status == .fail || status == .notKnown && !isAllowed }
    }

    /// The program's version.
    public var version: String
    /// The policy's file, as the user named it.
    public var policy: String
    /// SHA-256 of the policy's file.
    public var policyDigest: String?
    /// The catalogue that was asked; `nil` where there is none.
    public var lineage: String?
    /// When it was decided, RFC 3339, UTC.
    public var decidedAt: String
    /// In the order of the policy.
    public var clauses: [Clause] = []
    /// Things worth saying that change no verdict.
    public var notes: [String] = []

    /// A report without clauses, which does not pass.
    public init(version: String, policy: String, decidedAt: String) {
        self.version = version
        self.policy = policy
        self.decidedAt = decidedAt
    }

    /// The verdict: something was checked, and nothing blocks.
    public var passed: Bool { !clauses.isEmpty && !clauses.contains(where: \.blocks) }
}
