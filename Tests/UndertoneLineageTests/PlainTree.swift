// Trees for tests: one that keeps its nodes, and the definitions of RFC 6962.

@testable import UndertoneLineage

/// A tree whose nodes are kept, as a catalogue keeps them.
struct StoredTree {
    private struct Key: Hashable {
        var level: Int
        var number: Int
    }

    private var nodes: [Key: Digest256] = [:]
    private(set) var frontier = MerkleFrontier()

    init(_ leaves: some Sequence<[UInt8]>) {
        for leaf in leaves {
            for node in frontier.append(leafHash: MerkleTree.leafHash(leaf)) {
                nodes[Key(level: node.level, number: node.number)] = node.hash
            }
        }
    }

    /// A stored node; a zero where a proof asks for one that is not complete, which then fits nothing.
    func node(_ level: Int, _ number: Int) -> Digest256 { nodes[Key(level: level, number: number)] ?? .zero }

    func inclusion(_ index: Int, _ size: Int) -> [Digest256]? {
        MerkleTree.inclusionProof(of: index, size: size) { node($0, $1) }
    }

    func consistency(_ old: Int, _ new: Int) -> [Digest256]? {
        MerkleTree.consistencyProof(from: old, to: new) { node($0, $1) }
    }
}

/// The definitions of RFC 6962 section 2.1, word by word; roots are remembered, or the tests would take minutes.
final class PlainTree {
    private let leaves: [[UInt8]]
    private var roots: [Range<Int>: Digest256] = [:]

    init(_ leaves: [[UInt8]]) { self.leaves = leaves }

    func root(_ part: Range<Int>) -> Digest256 {
        if let root = roots[part] { return root }
        let root: Digest256
        if part.isEmpty {
            root = Digest256.of([])
        } else if part.count == 1 {
            root = Digest256.of([0] + leaves[part.lowerBound])
        } else {
            let (left, right) = halves(part)
            root = Digest256.of([1] + self.root(left).bytes + self.root(right).bytes)
        }
        roots[part] = root
        return root
    }

    func path(_ index: Int, _ part: Range<Int>) -> [Digest256] {
        if part.count <= 1 { return [] }
        let (left, right) = halves(part)
        return index < left.count
            ? path(index, left) + [root(right)] : path(index - left.count, right) + [root(left)]
    }

    func growth(_ old: Int, _ part: Range<Int>, _ isOldRoot: Bool) -> [Digest256] {
        if old == part.count { return isOldRoot ? [] : [root(part)] }
        let (left, right) = halves(part)
        return old <= left.count
            ? growth(old, left, isOldRoot) + [root(right)] : growth(old - left.count, right, false) + [root(left)]
    }

    private func halves(_ part: Range<Int>) -> (Range<Int>, Range<Int>) {
        var power = 1
        while power * 2 < part.count { power *= 2 }
        let middle = part.lowerBound + power
        return (part.lowerBound..<middle, middle..<part.upperBound)
    }
}
