// A log as it grows or is read again: entry by entry, each tied to the one before and to the tree.

/// Where a log stands after some entries: what the next one must say, and the tree's root.
struct LogChain: Sendable, Equatable {
    /// SHA-256 of the last entry's bytes; ``Digest256/zero`` before the first.
    private(set) var last: Digest256
    /// The tree of all entries.
    private(set) var frontier: MerkleFrontier

    /// A log without entries.
    init() {
        last = .zero
        frontier = MerkleFrontier()
    }

    /// A log of which the last entry's digest and the tree's frontier are stored.
    init(last: Digest256, frontier: MerkleFrontier) {
        self.last = last
        self.frontier = frontier
    }

    /// Entries.
    var size: Int { frontier.size }

    /// The root of the tree.
    var root: Digest256 { frontier.root }

    /// Writes the next entry. O(its bytes + log n).
    ///
    /// - Returns: its canonical bytes, and the tree's nodes that it completes, for storing.
    mutating func append(
        at: String, actor: String, action: String, subject: String, changes: [LogEntry.Change]
    ) -> (entry: LogEntry, bytes: [UInt8], nodes: [MerkleNode]) {
        let entry = LogEntry(
            seq: size + 1, previous: last, at: at, actor: actor, action: action, subject: subject, changes: changes)
        let bytes = entry.bytes
        last = Digest256.of(bytes)
        return (entry, bytes, frontier.append(leafHash: MerkleTree.leafHash(bytes)))
    }

    /// Reads the next entry and checks that it belongs here.
    ///
    /// - Returns: the entry, and the tree's nodes that it completes, for comparing with the stored ones.
    /// - Throws: ``LineageError`` with the code `corrupt` where the bytes are no entry, its number is not the next one,
    ///   or it does not follow the entry before; the chain is then as it was.
    mutating func read(_ bytes: [UInt8]) throws(LineageError) -> (entry: LogEntry, nodes: [MerkleNode]) {
        let entry = try LogEntry(parsing: bytes)
        guard entry.seq == size + 1 else {
            throw LineageError(
                .corrupt, "log entry \(entry.seq) stands where \(size + 1) must be: entries were removed or reordered")
        }
        guard entry.previous == last else {
            throw LineageError(
                .corrupt,
                size == 0
                    ? "log entry 1 names an entry before it"
                    : "log entry \(entry.seq) does not follow entry \(size) as it stands: one of both was changed")
        }
        last = Digest256.of(bytes)
        return (entry, frontier.append(leafHash: MerkleTree.leafHash(bytes)))
    }
}

/// What rows a database must have after the entries of a log: compared with those it has.
struct LoggedRows: Sendable {
    /// A row by its table and key.
    struct Place: Sendable, Hashable, Comparable {
        /// The table.
        var table: String
        /// The primary key as text.
        var key: String

        /// A row's place.
        init(table: String, key: String) {
            self.table = table
            self.key = key
        }

        // By bytes: to `String`, é is one letter however it is composed, and to a database it is two keys.
        private var names: [UInt8] { Array(table.utf8) + [0] + Array(key.utf8) }

        /// Whether both are the same bytes.
        static func == (left: Place, right: Place) -> Bool {
            left.table.utf8.elementsEqual(right.table.utf8) && left.key.utf8.elementsEqual(right.key.utf8)
        }

        /// Feeds the bytes into a hasher.
        func hash(into hasher: inout Hasher) { hasher.combine(names) }

        /// Ordered by table, then key, by bytes.
        static func < (left: Place, right: Place) -> Bool {
            left.names.lexicographicallyPrecedes(right.names)
        }
    }

    /// What a row is and which entry said so.
    struct Row: Sendable, Hashable {
        /// Its digest.
        var digest: Digest256
        /// The number of the last entry that changed it.
        var seq: Int
    }

    /// A row that is not as the log says.
    enum Difference: Sendable, Hashable {
        /// The row's content is another one since entry `seq`.
        case changed(Place, seq: Int)
        /// The row is there, and no entry of the log added it (or the last one removed it).
        case added(Place)
        /// Entry `seq` wrote the row, and it is not there.
        case removed(Place, seq: Int)
    }

    private var rows: [Place: Row] = [:]

    /// No rows.
    init() {}

    /// Rows that must be there.
    var count: Int { rows.count }

    /// Takes in what an entry changed.
    mutating func apply(_ entry: LogEntry) {
        for change in entry.changes {
            let place = Place(table: change.table, key: change.key)
            rows[place] = change.row.map { Row(digest: $0, seq: entry.seq) }
        }
    }

    /// Compares a row that is there; `nil` where it is as it must be. Call it once for each row, then
    /// ``missing()`` for those that never came. O(1).
    mutating func check(_ place: Place, _ digest: Digest256) -> Difference? {
        guard let row = rows.removeValue(forKey: place) else { return .added(place) }
        return row.digest == digest ? nil : .changed(place, seq: row.seq)
    }

    /// Rows that must be there and were not checked, in the order of their places. O(n log n).
    func missing() -> [Difference] {
        rows.sorted { $0.key < $1.key }.map { .removed($0.key, seq: $0.value.seq) }
    }
}
