// What a policy is held against: files and their scans, a part of the catalogue, the time.

public import UndertoneLineage
public import UndertoneReporting

/// All that the gate may look at. Deciding reads no file and asks no clock.
public struct GateEvidence: Sendable {
    /// A file of a drop.
    public struct File: Sendable, Equatable {
        /// As it was opened.
        public var path: String
        /// As the catalogue writes it (``Location/path``); `nil`: the same.
        public var recordedPath: String?
        /// SHA-256 of its bytes as stored; `nil` where it could not be read to its end.
        public var sha256: String?

        /// A file.
        public init(path: String, recordedPath: String? = nil, sha256: String?) {
            self.path = path
            self.recordedPath = recordedPath
            self.sha256 = sha256
        }
    }

    /// What was found at the path of a drop.
    public struct Drop: Sendable {
        /// Files, in the order in which they were read.
        public var files: [File]
        /// The scan over them; `nil` where the policy names no rules.
        public var scan: ScanReport?
        /// How far it is from its reference; `nil` where the policy names none.
        public var distance: Distance?
        /// Why there is no file, or why one of them could not be read.
        public var problem: String?

        /// What was found.
        public init(
            files: [File] = [], scan: ScanReport? = nil, distance: Distance? = nil, problem: String? = nil
        ) {
            self.files = files
            self.scan = scan
            self.distance = distance
            self.problem = problem
        }
    }

    /// How far a classifier tells single records of a drop from those of its reference.
    public struct Distance: Sendable, Equatable {
        /// The reference's files.
        public var reference: [File]
        /// The area under the ROC curve with its 95 % interval; `nil` where none could be found.
        public var auroc: Area?
        /// The chance of such an area where both come from one distribution.
        public var pValue: Double?
        /// What tells most, in words.
        public var told: [String]
        /// Why there is no area.
        public var problem: String?

        /// An area and its interval.
        public struct Area: Sendable, Equatable {
            /// 0.5 is chance.
            public var value: Double
            /// The lower end of its 95 % interval.
            public var low: Double
            /// The upper end.
            public var high: Double

            /// An area.
            public init(_ value: Double, low: Double, high: Double) {
                self.value = value
                self.low = low
                self.high = high
            }
        }

        /// A distance.
        public init(
            reference: [File] = [], auroc: Area? = nil, pValue: Double? = nil, told: [String] = [],
            problem: String? = nil
        ) {
            self.reference = reference
            self.auroc = auroc
            self.pValue = pValue
            self.told = told
            self.problem = problem
        }
    }

    /// What the catalogue says.
    public enum Lineage: Sendable {
        /// The ancestors of everything that the policy names, and what stands directly below: measurements and scans.
        case snapshot(LineageSnapshot, path: String)
        /// There is no catalogue; the text says why, as a clause.
        case absent(String)
    }

    /// In the order of ``Policy/drops``.
    public var drops: [Drop]
    /// The catalogue.
    public var lineage: Lineage
    /// Seconds since 1970-01-01T00:00:00Z.
    public var now: Int

    /// Evidence.
    public init(drops: [Drop] = [], lineage: Lineage, now: Int) {
        self.drops = drops
        self.lineage = lineage
        self.now = now
    }
}

/// Whether an approval's envelope says the same as the approval, of that node, and is signed with the key in that file.
public typealias ApprovalCheck = (_ approval: Approval, _ keyPath: String, _ node: Node) -> Bool
