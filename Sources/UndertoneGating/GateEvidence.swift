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
        /// Why there is no file, or why one of them could not be read.
        public var problem: String?

        /// What was found.
        public init(files: [File] = [], scan: ScanReport? = nil, problem: String? = nil) {
            self.files = files
            self.scan = scan
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
