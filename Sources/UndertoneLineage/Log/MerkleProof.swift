// Proofs about a Merkle tree (RFC 9162 sections 2.1.3 and 2.1.4): made from stored nodes of complete subtrees, checked
// with nothing but two roots.

extension MerkleTree {
    /// Shows that leaf `index` is in the tree of the first `size` leaves (RFC 9162 section 2.1.3.1): siblings from the
    /// leaf upwards; `nil` where there is no such leaf. Reads at most 2 log₂ `size` nodes.
    ///
    /// - Parameter node: the hash of the node of a level and number.
    static func inclusionProof<Failure: Error>(
        of index: Int, size: Int, node: (_ level: Int, _ number: Int) throws(Failure) -> Digest256
    ) throws(Failure) -> [Digest256]? {
        guard index >= 0, index < size else { return nil }
        var leaves = 0..<size
        var proof: [Digest256] = []
        while leaves.count > 1 {
            let (left, right) = split(leaves)
            proof.append(try root(of: index < right.lowerBound ? right : left, node))
            leaves = index < right.lowerBound ? left : right
        }
        return proof.reversed()
    }

    /// Shows that the tree of the first `size1` leaves is the beginning of that of the first `size2`
    /// (RFC 9162 section 2.1.4.1); `nil` where `size1` is larger or negative. Empty where it is 0 or both are the same.
    /// Reads at most 2 log₂ `size2` nodes.
    ///
    /// - Parameter node: the hash of the node of a level and number.
    static func consistencyProof<Failure: Error>(
        from size1: Int, to size2: Int, node: (_ level: Int, _ number: Int) throws(Failure) -> Digest256
    ) throws(Failure) -> [Digest256]? {
        guard size1 >= 0, size1 <= size2 else { return nil }
        guard size1 > 0, size1 < size2 else { return [] }
        var leaves = 0..<size2
        var proof: [Digest256] = []
        // Whether the old tree's root itself lies on the way: the checker has it then.
        var beginsWithOldRoot = true
        while leaves.upperBound != size1 {
            let (left, right) = split(leaves)
            if size1 <= right.lowerBound {
                proof.append(try root(of: right, node))
                leaves = left
            } else {
                proof.append(try root(of: left, node))
                leaves = right
                beginsWithOldRoot = false
            }
        }
        if !beginsWithOldRoot { proof.append(try root(of: leaves, node)) }
        return proof.reversed()
    }

    /// Whether `proof` shows that a leaf of that hash stands at `index` in the tree of that size and root
    /// (RFC 9162 section 2.1.3.2). All arguments may come from an adversary.
    static func verifyInclusion(
        leafHash: Digest256, index: Int, size: Int, proof: [Digest256], root: Digest256
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var path = index
        var last = size - 1
        var hash = leafHash
        for sibling in proof {
            guard last > 0 else { return false }
            if path & 1 == 1 || path == last {
                hash = nodeHash(sibling, hash)
                skipLevels(&path, &last)
            } else {
                hash = nodeHash(hash, sibling)
            }
            path >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether `proof` shows that the tree of `size1` and `root1` is the beginning of that of `size2` and `root2`
    /// (RFC 9162 section 2.1.4.2; trees without leaves begin every tree). All arguments may come from an adversary.
    static func verifyConsistency(
        size1: Int, root1: Digest256, size2: Int, root2: Digest256, proof: [Digest256]
    ) -> Bool {
        guard size1 >= 0, size1 <= size2 else { return false }
        if size1 == size2 { return proof.isEmpty && root1 == root2 && (size1 > 0 || root1 == emptyRoot) }
        if size1 == 0 { return proof.isEmpty && root1 == emptyRoot }
        // A complete old tree is a node of the new one, and left out of the proof.
        let hashes = size1.nonzeroBitCount == 1 ? [root1] + proof : proof
        guard !proof.isEmpty, var old = hashes.first else { return false }
        var path = size1 - 1
        var last = size2 - 1
        while path & 1 == 1 {
            path >>= 1
            last >>= 1
        }
        var new = old
        for hash in hashes.dropFirst() {
            guard last > 0 else { return false }
            if path & 1 == 1 || path == last {
                old = nodeHash(hash, old)
                new = nodeHash(hash, new)
                skipLevels(&path, &last)
            } else {
                new = nodeHash(new, hash)
            }
            path >>= 1
            last >>= 1
        }
        return last == 0 && old == root1 && new == root2
    }
}

extension MerkleTree {
    // At the right edge a node without a sibling moves up unchanged.
    private static func skipLevels(_ path: inout Int, _ last: inout Int) {
        while path & 1 == 0, path > 0 {
            path >>= 1
            last >>= 1
        }
    }

    // Left of the split stands the largest power of two of leaves that is smaller than all of them.
    private static func split(_ leaves: Range<Int>) -> (left: Range<Int>, right: Range<Int>) {
        let half = 1 << (Int.bitWidth - 1 - (leaves.count - 1).leadingZeroBitCount)
        let middle = leaves.lowerBound + half
        return (leaves.lowerBound..<middle, middle..<leaves.upperBound)
    }

    // `leaves` begin at a multiple of the power of two that is not smaller than their count, as all parts that `split`
    // makes of a tree do.
    private static func root<Failure: Error>(
        of leaves: Range<Int>, _ node: (_ level: Int, _ number: Int) throws(Failure) -> Digest256
    ) throws(Failure) -> Digest256 {
        var subtrees: [Digest256] = []
        var start = leaves.lowerBound
        while start < leaves.upperBound {
            let level = Int.bitWidth - 1 - (leaves.upperBound - start).leadingZeroBitCount
            subtrees.append(try node(level, start >> level))
            start += 1 << level
        }
        guard var hash = subtrees.last else { return emptyRoot }
        for left in subtrees.dropLast().reversed() { hash = nodeHash(left, hash) }
        return hash
    }
}
