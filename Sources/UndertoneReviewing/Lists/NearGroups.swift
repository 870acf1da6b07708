// Groups of texts that are nearly the same.

/// Finds groups among signatures by locality-sensitive hashing: 16 bands of 8 places; texts that agree in all places of a
/// band are compared, and joined where their similarity is estimated at 0.8 or more (Leskovec, Rajaraman & Ullman, Mining
/// of Massive Datasets, chapter 3.4).
///
/// Two texts of Jaccard similarity s meet in a band with probability 1 − (1 − s⁸)¹⁶: 0.06 at 0.5, 0.61 at 0.7, 0.95 at
/// 0.8, 0.9999 at 0.9. Groups grow by chains: each member is near another one, not near all of them.
enum NearGroups {
    static let bands = 16
    static let rows = 8
    /// The least similarity of two texts that are joined.
    static let least = 0.8
    // Of texts that share a band, those that others are compared with: in a crowded one not all pairs can be looked at.
    private static let mostRepresentatives = 8

    private struct Entry: BitwiseCopyable {
        var hash: UInt64
        var index: UInt32
    }

    /// Groups of at least two, as numbers of signatures, ascending. O(n log n) for each band.
    static func find(in signatures: borrowing Signatures) -> [[Int]] {
        let count = signatures.keys.count
        guard count > 1 else { return [] }
        var parents = (0..<count).map { UInt32($0) }
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for band in 0..<bands {
            entries.removeAll(keepingCapacity: true)
            for index in 0..<count {
                let places = UnsafeRawPointer(signatures.signature(index) + band * rows)
                let first = places.loadUnaligned(as: UInt64.self)
                let second = places.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                entries.append(Entry(hash: scrambled(first ^ scrambled(second)), index: UInt32(index)))
            }
            entries.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.index < $1.index }
            var start = 0
            while start < count {
                var end = start + 1
                while end < count, entries[end].hash == entries[start].hash { end += 1 }
                if end - start > 1 { join(entries[start..<end], signatures, &parents) }
                start = end
            }
        }
        var groups: [UInt32: [Int]] = [:]
        for index in 0..<count { groups[root(UInt32(index), &parents), default: []].append(index) }
        return groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    }

    private static func join(
        _ entries: ArraySlice<Entry>, _ signatures: borrowing Signatures, _ parents: inout [UInt32]
    ) {
        var representatives: [UInt32] = []
        for entry in entries {
            let own = root(entry.index, &parents)
            var isJoined = false
            for other in representatives {
                let others = root(other, &parents)
                if others == own {
                    isJoined = true
                } else if MinHash.similarity(signatures.signature(Int(entry.index)), signatures.signature(Int(other)))
                    >= least
                {
                    // The smaller number is the root, so that the order of joining does not matter.
                    parents[Int(max(own, others))] = min(own, others)
                    isJoined = true
                }
                if isJoined { break }
            }
            if !isJoined, representatives.count < mostRepresentatives { representatives.append(entry.index) }
        }
    }

    private static func root(_ index: UInt32, _ parents: inout [UInt32]) -> UInt32 {
        var index = index
        while parents[Int(index)] != index {
            parents[Int(index)] = parents[Int(parents[Int(index)])]
            index = parents[Int(index)]
        }
        return index
    }
}
