// The Merkle tree against published values, against a plain second implementation, and against forged proofs.

import Testing

@testable import UndertoneLineage

@Suite struct MerkleTests {
    /// Leaves and roots that implementations of Certificate Transparency share
    /// (github.com/google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc;
    /// github.com/transparency-dev/merkle, testonly/constants.go).
    static let sharedLeaves: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        Array(0x50...0x57), Array(0x60...0x6F),
    ]
    static let sharedRoots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test(arguments: sharedRoots.indices)
    func `roots are those that other implementations give`(size: Int) {
        #expect(StoredTree(Self.sharedLeaves.prefix(size)).frontier.root.hexadecimal == Self.sharedRoots[size])
    }

    // The same sources.
    @Test func `proofs are those that other implementations give`() throws {
        let tree = StoredTree(Self.sharedLeaves)
        let first = try #require(tree.inclusion(0, 8))
        #expect(
            first.map(\.hexadecimal) == [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ])
        let sixth = try #require(tree.inclusion(5, 8))
        #expect(
            sixth.map(\.hexadecimal) == [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ])
        let growth = try #require(tree.consistency(6, 8))
        #expect(
            growth.map(\.hexadecimal) == [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ])
        let early = try #require(tree.consistency(2, 5))
        #expect(
            early.map(\.hexadecimal) == [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ])
    }

    static let leaves = (0..<130).map { Array("leaf \($0)".utf8) }
    static let tree = StoredTree(leaves)
    static let roots = (0...leaves.count).map { PlainTree(leaves).root(0..<$0) }

    @Test func `a tree that grows leaf by leaf has the root of the definition at every size`() {
        var frontier = MerkleFrontier()
        #expect(frontier.root == Self.roots[0])
        for (index, leaf) in Self.leaves.enumerated() {
            let made = frontier.append(leafHash: MerkleTree.leafHash(leaf))
            #expect(frontier.root == Self.roots[index + 1])
            #expect(made.count == (index + 1).trailingZeroBitCount + 1)
            #expect(frontier.subtrees.count == frontier.size.nonzeroBitCount)
            #expect(MerkleFrontier(size: frontier.size, subtrees: frontier.subtrees) == frontier)
            let stored = MerkleFrontier(size: index + 1) { Self.tree.node($0, $1) }
            #expect(stored == frontier)
        }
        #expect(MerkleFrontier(size: 3, subtrees: []) == nil)
        #expect(MerkleFrontier(size: -1, subtrees: []) == nil)
    }

    @Test func `every leaf of every size has the proof of the definition, and it is accepted`() throws {
        let plain = PlainTree(Self.leaves)
        for size in 1...Self.leaves.count {
            for index in 0..<size {
                let proof = try #require(Self.tree.inclusion(index, size))
                guard proof == plain.path(index, 0..<size) else {
                    Issue.record("\(index) of \(size)")
                    return
                }
                let isAccepted = MerkleTree.verifyInclusion(
                    leafHash: MerkleTree.leafHash(Self.leaves[index]), index: index, size: size, proof: proof,
                    root: Self.roots[size])
                guard isAccepted else {
                    Issue.record("\(index) of \(size)")
                    return
                }
            }
        }
    }

    @Test func `every pair of sizes has the proof of the definition, and it is accepted`() throws {
        let tree = PlainTree(Self.leaves)
        for new in 0...Self.leaves.count {
            for old in 0...new {
                let proof = try #require(Self.tree.consistency(old, new))
                let plain = old == 0 || old == new ? [] : tree.growth(old, 0..<new, true)
                let isAccepted = MerkleTree.verifyConsistency(
                    size1: old, root1: Self.roots[old], size2: new, root2: Self.roots[new], proof: proof)
                guard proof == plain, isAccepted else {
                    Issue.record("\(old) to \(new)")
                    return
                }
            }
        }
    }

    @Test func `a proof reads as many nodes as the tree is high, twice at most`() {
        for (index, size) in [(0, 130), (64, 129), (127, 128), (128, 130), (99, 127)] {
            var reads = 0
            _ = MerkleTree.inclusionProof(of: index, size: size) { level, number in
                reads += 1
                return Self.tree.node(level, number)
            }
            #expect(reads <= 16)
            reads = 0
            _ = MerkleTree.consistencyProof(from: index, to: size) { level, number in
                reads += 1
                return Self.tree.node(level, number)
            }
            #expect(reads <= 16)
        }
    }

    @Test func `an inclusion proof that is changed in any part is refused`() throws {
        for (index, size) in [(0, 1), (0, 2), (4, 7), (6, 7), (5, 8), (64, 130), (129, 130)] {
            let leafHash = MerkleTree.leafHash(Self.leaves[index])
            let proof = try #require(Self.tree.inclusion(index, size))
            func isAccepted(
                _ proof: [Digest256], leaf: Digest256? = nil, at: Int? = nil, of: Int? = nil, root: Digest256? = nil
            ) -> Bool {
                MerkleTree.verifyInclusion(
                    leafHash: leaf ?? leafHash, index: at ?? index, size: of ?? size, proof: proof,
                    root: root ?? Self.roots[size])
            }
            #expect(isAccepted(proof))
            #expect(!isAccepted(proof, leaf: MerkleTree.leafHash([7])))
            #expect(!isAccepted(proof, root: Self.roots[0]))
            for other in -1...(size + 1) where other != index { #expect(!isAccepted(proof, at: other)) }
            for other in [-1, 0, Int.min] { #expect(!isAccepted(proof, of: other)) }
            for forged in mutations(of: proof) { #expect(!isAccepted(forged)) }
            #expect(!isAccepted(proof, at: Int.max, of: Int.max))
        }
    }

    @Test func `a consistency proof that is changed in any part is refused`() throws {
        for (old, new) in [(1, 2), (2, 3), (3, 7), (4, 7), (6, 8), (7, 8), (64, 130), (129, 130), (5, 5), (0, 9)] {
            let proof = try #require(Self.tree.consistency(old, new))
            func isAccepted(_ proof: [Digest256], _ root1: Digest256? = nil, _ root2: Digest256? = nil) -> Bool {
                MerkleTree.verifyConsistency(
                    size1: old, root1: root1 ?? Self.roots[old], size2: new, root2: root2 ?? Self.roots[new],
                    proof: proof)
            }
            #expect(isAccepted(proof))
            #expect(!isAccepted(proof, Self.roots[130]) || old == 130)
            if old > 0 { #expect(!isAccepted(proof, nil, Self.roots[1]) || new == 1) }
            for forged in mutations(of: proof) { #expect(!isAccepted(forged), "\(old) to \(new)") }
            for other in 0...new where other != old {
                let isFooled = MerkleTree.verifyConsistency(
                    size1: other, root1: Self.roots[old], size2: new, root2: Self.roots[new], proof: proof)
                #expect(!isFooled, "\(old) as \(other) to \(new)")
            }
        }
        let same = Self.roots[3]
        #expect(!MerkleTree.verifyConsistency(size1: 3, root1: same, size2: 2, root2: same, proof: []))
        #expect(!MerkleTree.verifyConsistency(size1: -1, root1: same, size2: 2, root2: same, proof: []))
        #expect(!MerkleTree.verifyConsistency(size1: 0, root1: same, size2: 0, root2: same, proof: []))
        #expect(!MerkleTree.verifyConsistency(size1: 1, root1: same, size2: .max, root2: same, proof: [same]))
    }

    @Test func `a leaf never passes for a node`() {
        let left = MerkleTree.leafHash([1])
        let right = MerkleTree.leafHash([2])
        #expect(MerkleTree.leafHash(left.bytes + right.bytes) != MerkleTree.nodeHash(left, right))
        #expect(MerkleTree.emptyRoot != MerkleTree.leafHash([]))
    }

    @Test func `there is no proof of what is not there`() {
        #expect(Self.tree.inclusion(5, 5) == nil)
        #expect(Self.tree.inclusion(-1, 5) == nil)
        #expect(Self.tree.inclusion(0, 0) == nil)
        #expect(Self.tree.consistency(6, 5) == nil)
        #expect(Self.tree.consistency(-1, 5) == nil)
    }

    // Each hash with a bit flipped, each one left out or doubled, neighbours exchanged, one more in front and behind.
    private func mutations(of proof: [Digest256]) -> [[Digest256]] {
        var all = [proof + [.zero], [.zero] + proof, proof + [MerkleTree.emptyRoot]]
        for index in proof.indices {
            for bit in [0, 100, 255] {
                var bytes = proof[index].bytes
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                var forged = proof
                forged[index] = Digest256(bytes: bytes) ?? .zero
                all.append(forged)
            }
            var short = proof
            short.remove(at: index)
            all.append(short)
            all.append(Array(proof[...index]) + proof[index...])
            if index > 0 {
                var swapped = proof
                swapped.swapAt(index - 1, index)
                if swapped != proof { all.append(swapped) }
            }
        }
        return all
    }
}

@Suite struct Digest256Tests {
    @Test func `a digest is read as it is written, and only so`() throws {
        let digest = Digest256.of(Array("hello world".utf8))
        let text = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"  // sha256sum
        #expect(digest.hexadecimal == text)
        #expect(Digest256(hexadecimal: text) == digest)
        #expect(Digest256(bytes: digest.bytes) == digest)
        #expect(Digest256(bytes: Array(digest.bytes[...])[...]) == digest)
        for bad in [
            text.uppercased(), String(text.dropLast()), text + "0", " " + text.dropLast(), "", "é" + text.dropLast(2),
        ] {
            #expect(Digest256(hexadecimal: bad) == nil)
        }
        #expect(Digest256(bytes: digest.bytes.dropLast()) == nil)
        #expect(Digest256.zero.bytes == [UInt8](repeating: 0, count: 32))
    }
}
