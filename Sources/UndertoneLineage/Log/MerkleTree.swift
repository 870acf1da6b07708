// A Merkle tree over a list that only grows (RFC 9162 section 2.1, the same as RFC 6962 section 2.1): hashes and how
// the root is kept up to date by what is stored of it.

/// The two hashes of the tree. Their first byte differs, so that no leaf can pass for an inner node.
public enum MerkleTree {
    /// The root of a tree without leaves: SHA-256 of nothing.
    static let emptyRoot = Digest256.of([])

    /// The hash of a leaf: SHA-256 of the byte 0 and the leaf's bytes.
    public static func leafHash(_ bytes: some Collection<UInt8>) -> Digest256 { Digest256.of(prefix: [0], bytes) }

    /// The hash of a node: SHA-256 of the byte 1 and both children's hashes.
    static func nodeHash(_ left: Digest256, _ right: Digest256) -> Digest256 {
        var bytes: [UInt8] = [1]
        bytes.reserveCapacity(1 + 2 * Digest256.byteCount)
        left.append(to: &bytes)
        right.append(to: &bytes)
        return Digest256.of(bytes)
    }
}

/// The root of a complete subtree: of the 2^`level` leaves from `number` · 2^`level` on. It never changes again.
struct MerkleNode: Sendable, Hashable {
    /// 0 for a leaf.
    var level: Int
    /// Counted from 0 within its level.
    var number: Int
    /// Its hash.
    var hash: Digest256

    /// A node.
    init(level: Int, number: Int, hash: Digest256) {
        self.level = level
        self.number = number
        self.hash = hash
    }
}

/// All that must be known of a tree to append to it: its size and the roots of the complete subtrees it consists of,
/// one for each 1 in the binary form of the size.
struct MerkleFrontier: Sendable, Hashable {
    /// Leaves.
    private(set) var size: Int
    /// Roots of the complete subtrees, the largest (leftmost) one first.
    private(set) var subtrees: [Digest256]

    /// A tree without leaves.
    init() {
        size = 0
        subtrees = []
    }

    /// A tree of which that is stored; `nil` where size and count of subtrees don't fit together.
    init?(size: Int, subtrees: [Digest256]) {
        guard size >= 0, subtrees.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.subtrees = subtrees
    }

    /// The tree of the first `size` leaves, out of stored nodes. Reads at most log₂ `size` + 1 of them.
    ///
    /// - Parameter node: the hash of the node of a level and number.
    init<Failure: Error>(
        size: Int, node: (_ level: Int, _ number: Int) throws(Failure) -> Digest256
    ) throws(Failure) {
        var subtrees: [Digest256] = []
        var start = 0
        for level in stride(from: Int.bitWidth - 2, through: 0, by: -1) where size > 0 && size >> level & 1 == 1 {
            subtrees.append(try node(level, start >> level))
            start += 1 << level
        }
        self.size = max(size, 0)
        self.subtrees = subtrees
    }

    /// Adds a leaf. O(log n), O(1) on average.
    ///
    /// - Returns: the nodes that came to be, for storing: the leaf itself and every subtree that it completes.
    mutating func append(leafHash: Digest256) -> [MerkleNode] {
        var node = MerkleNode(level: 0, number: size, hash: leafHash)
        var made = [node]
        while size >> node.level & 1 == 1, let left = subtrees.popLast() {
            node = MerkleNode(
                level: node.level + 1, number: node.number >> 1, hash: MerkleTree.nodeHash(left, node.hash))
            made.append(node)
        }
        subtrees.append(node.hash)
        size += 1
        return made
    }

    /// The root of the whole tree. O(log n).
    var root: Digest256 {
        guard var hash = subtrees.last else { return MerkleTree.emptyRoot }
        for left in subtrees.dropLast().reversed() { hash = MerkleTree.nodeHash(left, hash) }
        return hash
    }
}
