// What a reviewer is shown: some items of a drop, each with how often it stands there.

/// Something of a drop that a person looks at and decides about.
public struct ReviewItem: Sendable, Hashable {
    /// Why it is shown.
    public enum List: String, Sendable, CaseIterable {
        /// Among the most frequent outputs, byte for byte.
        case frequent
        /// Among the largest groups of outputs that are nearly the same.
        case near
        /// Among the terms that are more frequent than in the reference.
        case overrepresented = "over-represented"
        /// Among the records that are least likely under the reference.
        case strange
        /// Drawn at random.
        case sample
    }

    /// A record that the item stands for.
    public struct Example: Sendable, Hashable {
        /// The line of its input, from 1; the number of the element in a JSON array.
        public var line: Int
        /// What the model was asked; empty where nothing is known of it.
        public var prompt: String
        /// What it answered.
        public var output: String

        /// A record.
        public init(line: Int, prompt: String, output: String) {
            self.line = line
            self.prompt = prompt
            self.output = output
        }
    }

    /// Why it is shown.
    public var list: List
    /// Its place in the list, from 1.
    public var rank: Int
    /// An output, the commonest output of a group, or a term.
    public var text: String
    /// Whether ``text`` is a word or number that outputs hold, in small letters, and not an output.
    public var isTerm = false
    /// Records of the drop that hold it.
    public var count: Int
    /// Their share of all records of the drop.
    public var share: Double
    /// Records of the reference that hold it; nil without a reference, and where it was not counted.
    public var referenceCount: Int?
    /// What the list is ordered by, where that is not the count: z of the log-odds for terms, bits a character under the
    /// reference for strange records.
    public var score: Double?
    /// Other outputs of a group, the commonest first.
    public var variants: [String] = []
    /// Some records that hold it.
    public var examples: [Example] = []

    /// An item.
    public init(_ list: List, rank: Int, text: String, count: Int, share: Double) {
        self.list = list
        self.rank = rank
        self.text = text
        self.count = count
        self.share = share
    }
}

/// All that a reviewer is shown of a drop. The same drop, reference and settings give the same sheet.
public struct ReviewSheet: Sendable, Hashable {
    /// A file of records.
    public struct Source: Sendable, Hashable {
        /// As the user named it.
        public var path: String
        /// SHA-256 of its bytes as stored, in lower-case hexadecimal.
        public var digest: String
        /// Records that could be read.
        public var records: Int
        /// Records that could not.
        public var malformed: Int
        /// Bytes as stored; 0 where nobody counted.
        public var bytes = 0
        /// `json-lines`, `json-array` or `text`; empty where nobody looked.
        public var format = ""
        /// `none`, `gzip` or `zstd`; empty where nobody looked.
        public var compression = ""

        /// A file.
        public init(path: String, digest: String, records: Int, malformed: Int) {
            self.path = path
            self.digest = digest
            self.records = records
            self.malformed = malformed
        }
    }

    /// The drop.
    public var drop: Source
    /// What it is compared with.
    public var reference: Source?
    /// Seed of the random sample.
    public var seed: UInt64
    /// Items of each list at most.
    public var size: Int
    /// The items, list after list.
    public var items: [ReviewItem]

    /// A sheet.
    public init(drop: Source, reference: Source? = nil, seed: UInt64, size: Int, items: [ReviewItem]) {
        self.drop = drop
        self.reference = reference
        self.seed = seed
        self.size = size
        self.items = items
    }
}
