// A person looked at items of a drop: what was seen and what was said about it.

/// A review of a drop by one person, finished or not.
public struct Review: Sendable, Equatable {
    /// What a reviewer is shown, told apart from every other sheet by its digest.
    public struct Sheet: Sendable, Hashable {
        /// Seed of its random sample.
        public var seed: UInt64
        /// Items of each list at most.
        public var size: Int
        /// Items on it.
        public var items: Int
        /// SHA-256 of the drop that it compares with; `nil` without one.
        public var reference: String?
        /// SHA-256 of all that is on it.
        public var digest: String

        /// A sheet.
        public init(seed: UInt64, size: Int, items: Int, reference: String? = nil, digest: String) {
            self.seed = seed
            self.size = size
            self.items = items
            self.reference = reference
            self.digest = digest
        }
    }

    /// What the reviewer said about one item.
    public struct Item: Sendable, Equatable {
        /// What became of it.
        public enum Decision: String, Sendable, CaseIterable {
            /// It may stay.
            case fine
            /// It is to go.
            case reject
            /// What a rule of the reviewer meets is to go.
            case rule
        }

        /// Its index in the sheet, from 0.
        public var position: Int
        /// The list that it stood in: `frequent`.
        public var list: String
        /// An output, or a term; the beginning of it where ``isCut``.
        public var text: String
        /// Whether the output goes on behind ``text``.
        public var isCut = false
        /// Whether it is a term and not a whole output.
        public var isTerm = false
        /// Other outputs of its group, as they were shown.
        public var variants: [String] = []
        /// Records of the drop that hold it.
        public var count: Int
        /// Their share of all records.
        public var share: Double
        /// What was decided.
        public var decision: Decision
        /// What the rule looks for.
        public var phrase: String?
        /// What else was said.
        public var note = ""
        /// When, RFC 3339.
        public var at: String

        /// A decision about an item.
        public init(
            position: Int, list: String, text: String, count: Int, share: Double, decision: Decision,
            phrase: String? = nil, note: String = "", at: String = ""
        ) {
            self.position = position
            self.list = list
            self.text = text
            self.count = count
            self.share = share
            self.decision = decision
            self.phrase = phrase
            self.note = note
            self.at = at
        }
    }

    /// Its number in this catalogue.
    public var id: Int64
    /// The drop.
    public var node: NodeID
    /// The reviewer, as they say.
    public var by: String
    /// When it was begun, RFC 3339.
    public var startedAt: String
    /// When it was finished; `nil` while it is open.
    public var finishedAt: String?
    /// What was said about the drop as a whole.
    public var note: String
    /// What the reviewer was shown.
    public var sheet: Sheet
    /// What was decided, in the order of the sheet; items that nobody decided about are not here.
    public var items: [Item]

    /// A review.
    public init(
        id: Int64, node: NodeID, by: String, startedAt: String, finishedAt: String? = nil, note: String = "",
        sheet: Sheet, items: [Item] = []
    ) {
        self.id = id
        self.node = node
        self.by = by
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.note = note
        self.sheet = sheet
        self.items = items
    }

    /// Items that nobody decided about.
    public var undecided: Int { max(0, sheet.items - items.count) }

    /// Items that are not to stay: rejected, or a rule is to be made of them.
    public var objections: Int { items.count { $0.decision != .fine } }
}
